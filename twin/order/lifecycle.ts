/**
 * The life of an order as data: what it can be, and what may happen to it then. Each parcel of an order walks by itself; an order stands
 * where the parcel stands that is least far (DECISIONS 72).
 *
 * A live feed loses messages, so a step forward over some states is allowed and told as a gap ("at hub" after "picked": the truck was not
 * reported). A step back is allowed only where it is listed.
 */

/** What a parcel can be, in the order of the walk where it walks; `rank` 0 is beside the walk. The numbers are written into logs: append only. */
export const ORDER_STATES = [
  { id: 'unknown', rank: 0, says: 'Events speak of it, but nobody has placed it yet.' },
  { id: 'quoted', rank: 1, says: 'A price and a promise were given.' },
  { id: 'placed', rank: 2, says: 'The customer has ordered.' },
  { id: 'awaiting-payment', rank: 3, says: 'The payment is on its way.' },
  { id: 'payment-failed', rank: 3, says: 'The payment was refused.' },
  { id: 'paid', rank: 4, says: 'The payment is there.' },
  { id: 'under-review', rank: 5, says: 'Somebody checks it for fraud.' },
  { id: 'held', rank: 5, says: 'It was stopped, for a stated reason.' },
  { id: 'backordered', rank: 5, says: 'It waits for goods.' },
  { id: 'routed', rank: 6, says: 'It has a warehouse and a service.' },
  { id: 'released', rank: 7, says: 'The warehouse may begin.' },
  { id: 'picking', rank: 8, says: 'Somebody walks for its goods.' },
  { id: 'short-picked', rank: 8, says: 'The shelf had less than the books said.' },
  { id: 'picked', rank: 9, says: 'Its goods are together.' },
  { id: 'quality-check', rank: 10, says: 'Its goods are looked at.' },
  { id: 'quality-failed', rank: 10, says: 'Its goods may not leave.' },
  { id: 'packing', rank: 11, says: 'It is being packed.' },
  { id: 'packed', rank: 12, says: 'The parcel is closed.' },
  { id: 'staged', rank: 13, says: 'It stands at the dock.' },
  { id: 'handed-over', rank: 14, says: 'The carrier has it.' },
  { id: 'at-hub', rank: 15, says: 'It is in a sorting hub.' },
  { id: 'in-transit', rank: 16, says: 'It has left the last hub.' },
  { id: 'at-station', rank: 17, says: 'It is at the station of its zone.' },
  { id: 'out-for-delivery', rank: 18, says: 'It is on the van.' },
  { id: 'delivery-failed', rank: 18, says: 'The van came in vain.' },
  { id: 'delivered', rank: 19, says: 'The customer has it.' },
  { id: 'return-requested', rank: 20, says: 'The customer wants to send it back.' },
  { id: 'return-in-transit', rank: 21, says: 'It is on its way back.' },
  { id: 'return-received', rank: 22, says: 'It is back.' },
  { id: 'return-inspected', rank: 23, says: 'What came back was looked at.' },
  { id: 'refunded', rank: 24, says: 'The money is back: the return is settled.', ends: true },
  { id: 'settled', rank: 24, says: 'Nothing more is owed.', ends: true },
  { id: 'cancelled', rank: 0, says: 'It will not be sent.', ends: true },
  { id: 'lost', rank: 0, says: 'Nobody knows where it is.', ends: true },
  { id: 'damaged', rank: 0, says: 'It arrived broken, or never.', ends: true },
] as const satisfies readonly { id: string; rank: number; says: string; ends?: true }[]
export type OrderStateId = (typeof ORDER_STATES)[number]['id']

/** Why something happened that nobody wished for. */
export const REASONS = [
  'out-of-stock',
  'payment-declined',
  'fraud-suspected',
  'customer-request',
  'address-changed',
  'wrong-address',
  'quality-failed',
  'damaged',
  'wrong-item',
  'capacity',
  'missed-cut-off',
  'carrier-refused',
  'not-at-home',
  'refused-by-customer',
  'weather',
  'accident',
  'customs',
  'search-failed',
  'patience-ended',
  'not-as-described',
  'no-longer-wanted',
  'other',
] as const
export type ReasonId = (typeof REASONS)[number]

export type Step = {
  /** `feed.type` of the event. */
  readonly on: string
  /** The state it leads to; null: the state stays and only fields change. */
  readonly to: OrderStateId | null
  /** From where: 'forward' is from any state of the walk that is less far, with the gap told; a list is from those alone. */
  readonly from: 'forward' | 'any-open' | readonly OrderStateId[]
  /** States it may also come from though they are as far or farther: a step back. */
  readonly also?: readonly OrderStateId[]
  /** The event must carry one of REASONS. */
  readonly needsReason?: true
}

/** What may happen to an order. An event that no step allows where the order then stands is kept, counted as refused, and asked again when an earlier one comes late. */
export const STEPS: readonly Step[] = [
  { on: 'orders.quoted', to: 'quoted', from: ['unknown'] },
  { on: 'orders.placed', to: 'placed', from: ['unknown', 'quoted'] },
  { on: 'payments.awaited', to: 'awaiting-payment', from: ['placed', 'payment-failed'] },
  { on: 'payments.failed', to: 'payment-failed', from: ['placed', 'awaiting-payment'], needsReason: true },
  { on: 'payments.captured', to: 'paid', from: 'forward', also: ['payment-failed'] },
  { on: 'orders.review-started', to: 'under-review', from: ['placed', 'paid', 'held'], needsReason: true },
  { on: 'orders.review-passed', to: 'paid', from: ['under-review'] },
  {
    on: 'orders.held',
    to: 'held',
    from: 'forward',
    also: ['routed', 'released', 'backordered', 'short-picked', 'quality-failed'],
    needsReason: true,
  },
  { on: 'orders.resumed', to: 'paid', from: ['held', 'backordered'] },
  {
    on: 'orders.backordered',
    to: 'backordered',
    from: 'forward',
    also: ['routed', 'released', 'short-picked', 'quality-failed', 'held'],
    needsReason: true,
  },
  { on: 'orders.address-changed', to: null, from: 'any-open', needsReason: true },
  { on: 'orders.promise-changed', to: null, from: 'any-open', needsReason: true },
  { on: 'orders.routed', to: 'routed', from: 'forward', also: ['held', 'backordered', 'short-picked', 'quality-failed'] },
  {
    on: 'orders.rerouted',
    to: 'routed',
    from: ['routed', 'released', 'held', 'backordered', 'short-picked', 'quality-failed'],
    needsReason: true,
  },
  { on: 'orders.released', to: 'released', from: 'forward' },
  { on: 'work.pick-started', to: 'picking', from: 'forward', also: ['short-picked', 'quality-failed'] },
  { on: 'work.pick-short', to: 'short-picked', from: 'forward', also: ['picking'], needsReason: true },
  { on: 'work.pick-finished', to: 'picked', from: 'forward', also: ['short-picked'] },
  { on: 'work.check-started', to: 'quality-check', from: 'forward', also: ['quality-failed'] },
  { on: 'work.check-failed', to: 'quality-failed', from: 'forward', also: ['quality-check'], needsReason: true },
  { on: 'work.check-passed', to: 'quality-check', from: 'forward', also: ['quality-failed'] },
  { on: 'work.pack-started', to: 'packing', from: 'forward' },
  { on: 'work.pack-finished', to: 'packed', from: 'forward' },
  { on: 'work.staged', to: 'staged', from: 'forward' },
  { on: 'departures.handed-over', to: 'handed-over', from: 'forward' },
  { on: 'scans.at-hub', to: 'at-hub', from: 'forward', also: ['at-hub', 'in-transit'] },
  { on: 'scans.left-hub', to: 'in-transit', from: 'forward' },
  { on: 'scans.at-station', to: 'at-station', from: 'forward' },
  { on: 'scans.out-for-delivery', to: 'out-for-delivery', from: 'forward', also: ['delivery-failed'] },
  {
    on: 'scans.delivery-failed',
    to: 'delivery-failed',
    from: 'forward',
    also: ['out-for-delivery', 'delivery-failed'],
    needsReason: true,
  },
  { on: 'scans.delivered', to: 'delivered', from: 'forward', also: ['delivery-failed'] },
  { on: 'scans.lost', to: 'lost', from: 'any-open', needsReason: true },
  { on: 'scans.damaged', to: 'damaged', from: 'any-open', needsReason: true },
  { on: 'orders.cancelled', to: 'cancelled', from: 'any-open', needsReason: true },
  { on: 'orders.return-requested', to: 'return-requested', from: ['delivered'], needsReason: true },
  { on: 'scans.return-collected', to: 'return-in-transit', from: ['return-requested', 'delivered', 'delivery-failed'] },
  { on: 'scans.return-received', to: 'return-received', from: ['return-requested', 'return-in-transit', 'delivered'] },
  { on: 'work.return-inspected', to: 'return-inspected', from: ['return-received', 'return-in-transit'] },
  {
    on: 'payments.refunded',
    to: 'refunded',
    from: ['return-requested', 'return-in-transit', 'return-received', 'return-inspected'],
  },
  { on: 'orders.settled', to: 'settled', from: ['delivered', 'return-inspected', 'return-received'] },
]

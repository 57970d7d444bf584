import type { CauseKind } from '../../sim/trace/cause.ts'
import type { OrderStateId } from './lifecycle.ts'

/**
 * What an order's time is spent on while it is in a state, and whether that is work, a calendar (the next truck, the next vans: long where one was
 * missed) or trouble. The same three kinds share out lateness in the simulator (sim/trace/blame).
 */
const SPENT = {
  payment: ['work', 'for the payment'],
  routing: ['work', 'for a warehouse and a service'],
  stock: ['trouble', 'for goods'],
  hold: ['trouble', 'stopped or checked'],
  release: ['work', 'for the warehouse to begin'],
  'pick queue': ['trouble', 'for a picker'],
  pick: ['work', 'picking'],
  check: ['trouble', 'quality check'],
  'pack queue': ['trouble', 'for a packer'],
  pack: ['work', 'packing'],
  truck: ['calendar', 'for a truck'],
  road: ['work', 'on the road'],
  hub: ['calendar', 'in a hub'],
  station: ['calendar', 'for the vans'],
  van: ['work', 'on the van'],
  'in vain': ['trouble', 'nobody took it'],
  gap: ['trouble', 'not reported'],
  return: ['work', 'on its way back'],
} as const satisfies Readonly<Record<string, readonly [CauseKind, string]>>
export type SpentId = keyof typeof SPENT
export const SPENT_IDS = Object.keys(SPENT) as readonly SpentId[]
export const spentKind = (id: SpentId): CauseKind => SPENT[id][0]
export const spentSays = (id: SpentId): string => SPENT[id][1]

/** What time in a state is spent on. */
export const SPENT_IN: Readonly<Record<OrderStateId, SpentId>> = {
  unknown: 'gap',
  quoted: 'payment',
  placed: 'payment',
  'awaiting-payment': 'payment',
  'payment-failed': 'payment',
  paid: 'routing',
  'under-review': 'hold',
  held: 'hold',
  backordered: 'stock',
  routed: 'release',
  released: 'pick queue',
  picking: 'pick',
  'short-picked': 'stock',
  picked: 'pack queue',
  'quality-check': 'check',
  'quality-failed': 'check',
  packing: 'pack',
  packed: 'truck',
  staged: 'truck',
  'handed-over': 'road',
  'at-hub': 'hub',
  'in-transit': 'road',
  'at-station': 'station',
  'out-for-delivery': 'van',
  'delivery-failed': 'in vain',
  delivered: 'return',
  'return-requested': 'return',
  'return-in-transit': 'return',
  'return-received': 'return',
  'return-inspected': 'return',
  refunded: 'return',
  settled: 'return',
  cancelled: 'return',
  lost: 'return',
  damaged: 'return',
}

/** Station of a warehouse that an order waits for or is worked on at, while in a state. */
export const STATION_OF: Partial<Readonly<Record<OrderStateId, string>>> = {
  released: 'pick',
  picking: 'pick',
  picked: 'pack',
  'quality-check': 'check',
  packing: 'pack',
  packed: 'dock',
  staged: 'dock',
}

/** The states that an order which goes well is told in. One of them that is passed over untold is a gap. */
export const USUAL_WALK: readonly OrderStateId[] = [
  'placed',
  'paid',
  'routed',
  'released',
  'picking',
  'picked',
  'packing',
  'packed',
  'handed-over',
  'at-hub',
  'at-station',
  'out-for-delivery',
  'delivered',
]

import { type TSchema, Type } from '../../scenarios/schema/type.ts'
import { REASONS } from '../order/lifecycle.ts'
import { type Measure, RANGES, UNITS } from './quantity.ts'

/**
 * What the twin is told: thirteen feeds, each with its types of events. One event is one flat JSON object, one line of NDJSON. The schemas
 * here are the contract; `twin/event/schemas/` holds them as files for others.
 *
 * Every event has the first four of its five elements: who, when (`at`, with its offset), why (rule, cause, reason, the numbers seen) and what
 * (its own fields). The fifth, what it moved, is computed where the world is whole.
 */

const name = (description: string, example: string): TSchema =>
  Type.String({ minLength: 1, maxLength: 128, description, examples: [example] })
const when = (description: string): TSchema =>
  Type.String({
    pattern: String.raw`^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$`,
    description: `${description} RFC 3339 with an offset.`,
    examples: ['2026-11-11T20:00:03.120-03:00'],
  })
const measured = (measure: Measure, description: string): TSchema =>
  Type.Object(
    {
      value: Type.Number({ ...RANGES[measure], description }),
      unit: Type.Union(Object.keys(UNITS[measure]).map((unit) => Type.Literal(unit))),
    },
    { additionalProperties: false, description },
  )
const latitude = Type.Number({ minimum: -90, maximum: 90, description: 'Degrees north of the equator; south is negative.' })
const longitude = Type.Number({ minimum: -180, maximum: 180, description: 'Degrees east of Greenwich; west is negative.' })
const optional = Type.Optional

const order = name('Id of the order.', 'A-1001')
const part = optional(
  Type.Integer({ minimum: 0, maximum: 63, description: 'Parcel of a split order, from 0; without it, all of them.' }),
)
const warehouse = name('Id of the warehouse.', 'recife')
const service = name('Id of the carrier service.', 'express')
const hub = name('Id of the hub.', 'recife')
const zone = name('Id of the zone of the customer.', 'PE')
const sku = name('Id of the article.', 'sku-17')
const reason = Type.Union(
  REASONS.map((id) => Type.Literal(id)),
  { description: 'Why, as a code.' },
)
const purchase = name('Id of the purchase order at the supplier.', 'PO-7')
const money = Type.Object(
  {
    value: Type.Number({ description: 'In units of the currency, not in cents.' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217.', examples: ['BRL'] }),
  },
  { additionalProperties: false },
)
const lines = Type.Array(
  Type.Object({ sku, units: Type.Integer({ minimum: 1, maximum: 1_000_000 }) }, { additionalProperties: false }),
  { minItems: 1, maxItems: 1000, description: 'What was ordered.' },
)
/** Never reaches the simulator, a log line or the console of a role that does not need it: it is sealed before it is stored. */
const person = Type.Object(
  {
    name: optional(Type.String({ maxLength: 200 })),
    phone: optional(Type.String({ maxLength: 60 })),
    email: optional(Type.String({ maxLength: 200 })),
    street: optional(Type.String({ maxLength: 400 })),
  },
  { additionalProperties: false, description: 'Personal data of the receiver.' },
)

/** What an outcome came from. */
export const CAUSES = ['node-queue', 'carrier-wave', 'station', 'weather', 'stock-error', 'customer'] as const

type Fields = Record<string, TSchema>
/** Types of events by feed, and what each says beside the fields that all have. */
export const FEEDS = {
  orders: {
    quoted: { order, zone, promisedAt: when('Promised to be delivered by.') },
    placed: {
      order,
      zone,
      lines,
      promisedAt: when('Promised to be delivered by.'),
      customer: optional(name('Pseudonym of the customer.', 'c-88')),
      person: optional(person),
      value: optional(money),
    },
    'review-started': { order },
    'review-passed': { order },
    held: { order },
    resumed: { order },
    backordered: { order, sku: optional(sku) },
    'address-changed': { order, zone: optional(zone), person: optional(person) },
    'promise-changed': { order, promisedAt: when('Promised to be delivered by.') },
    routed: {
      order,
      part,
      warehouse,
      service,
      hub: optional(hub),
      lines: optional(lines),
      expectedAt: optional(when('Expected to be delivered at.')),
    },
    rerouted: {
      order,
      part,
      warehouse,
      service,
      hub: optional(hub),
      lines: optional(lines),
      expectedAt: optional(when('Expected to be delivered at.')),
    },
    released: { order, part, warehouse },
    cancelled: { order },
    'return-requested': { order, part },
    settled: { order },
  },
  payments: {
    awaited: { order, method: optional(name('Means of payment.', 'card')) },
    failed: { order, method: optional(name('Means of payment.', 'card')) },
    captured: { order, method: optional(name('Means of payment.', 'card')), amount: optional(money) },
    refunded: { order, part, amount: optional(money) },
  },
  stock: {
    counted: { warehouse, sku, onHand: measured('units', 'Units on the shelf: the truth from here on.') },
    ordered: {
      warehouse,
      sku,
      purchase,
      quantity: measured('units', 'Units of it that are still to come; 0 where none will.'),
      expectedAt: optional(when('Expected to come in.')),
    },
    received: {
      warehouse,
      sku,
      quantity: measured('units', 'Units that came in.'),
      purchase: optional(
        name(
          'Id of the purchase order they are of: so much less of it is still to come. Without it, as of goods that come back, of none.',
          'PO-7',
        ),
      ),
    },
    adjusted: { warehouse, sku, quantity: measured('units', 'Units more than the books said; negative where fewer.') },
    picked: { warehouse, sku, quantity: measured('units', 'Units that left the shelf for an order.'), order: optional(order) },
  },
  work: {
    'pick-started': { order, part, warehouse },
    'pick-short': { order, part, warehouse, sku: optional(sku) },
    'pick-finished': { order, part, warehouse },
    'check-started': { order, part, warehouse },
    'check-failed': { order, part, warehouse },
    'check-passed': { order, part, warehouse },
    'pack-started': { order, part, warehouse },
    'pack-finished': { order, part, warehouse },
    staged: { order, part, warehouse },
    'return-inspected': { order, part, warehouse },
  },
  load: {
    station: {
      warehouse,
      station: Type.Union(['pick', 'check', 'pack', 'dock', 'receive'].map((id) => Type.Literal(id))),
      queue: measured('orders', 'Orders that wait there.'),
      hands: measured('people', 'People who work there.'),
      busy: optional(measured('part', 'Part of them that is busy.')),
    },
  },
  departures: {
    'handed-over': { order, part, warehouse, service },
    departed: {
      warehouse,
      service,
      parcels: optional(measured('parcels', 'Parcels that left.')),
      plannedAt: optional(when('Planned for.')),
    },
    delayed: { warehouse, service, plannedAt: when('Planned for.'), expectedAt: when('Expected now.') },
    cancelled: { warehouse, service, plannedAt: when('Planned for.') },
  },
  scans: {
    'at-hub': { order, part, hub },
    'left-hub': { order, part, hub },
    'at-station': { order, part, zone },
    'out-for-delivery': { order, part, zone },
    'delivery-failed': { order, part, zone: optional(zone) },
    delivered: { order, part, zone: optional(zone) },
    lost: { order, part },
    damaged: { order, part },
    'return-collected': { order, part },
    'return-received': { order, part, warehouse },
  },
  positions: {
    parcel: { order, part, latitude, longitude, accuracy: optional(measured('length', 'Radius that holds it with 95 %.')) },
    vehicle: {
      vehicle: name('Id of the vehicle.', 'truck-9'),
      service: optional(service),
      latitude,
      longitude,
      speed: optional(measured('speed', 'How fast it goes.')),
      accuracy: optional(measured('length', 'Radius that holds it with 95 %.')),
    },
  },
  capacity: {
    carrier: { service, warehouse, room: measured('parcels', 'Parcels it takes in a day.') },
    hub: { hub, room: measured('parcels', 'Parcels it sorts in a day.') },
  },
  weather: {
    observed: {
      zone,
      severity: measured('part', 'From 0, none, to 1, nothing moves.'),
      rain: optional(measured('rain', 'Rain or snow as water.')),
    },
    forecast: {
      zone,
      severity: measured('part', 'From 0, none, to 1, nothing moves.'),
      from: when('Begins.'),
      until: when('Ends.'),
    },
  },
  promotions: {
    announced: {
      promotion: name('Id of the sale.', 'black-friday'),
      demand: measured('part', 'Demand as a multiple of the usual: 1 is as usual.'),
      from: when('Begins.'),
      until: when('Ends.'),
    },
    withdrawn: { promotion: name('Id of the sale.', 'black-friday') },
    'social-index': { index: measured('part', 'Talk about us as a multiple of the usual: 1 is as usual.') },
  },
  temperature: {
    site: {
      device: name('Id of the sensor.', 'probe-3'),
      warehouse,
      temperature: measured('temperature', 'Air.'),
      humidity: optional(measured('humidity', 'Of the air.')),
    },
    parcel: {
      device: name('Id of the sensor.', 'probe-3'),
      order,
      part,
      temperature: measured('temperature', 'Inside the parcel.'),
    },
  },
  outcomes: {
    reported: {
      order,
      part,
      metric: Type.String({
        pattern: '^[a-z][a-z0-9-]{0,63}$',
        description: 'What was measured: `cost` in cents, `co2` in grams, `short-units`, `rejected`, or a name of one’s own.',
        examples: ['cost'],
      }),
      value: Type.Number({ description: 'How much, in the unit of the metric.' }),
      decision: optional(name('Id of the decision it is an outcome of.', 'd-1')),
      cause: optional(Type.Enum([...CAUSES], { description: 'What it came from, as a code.' })),
    },
  },
} as const satisfies Record<string, Record<string, Fields>>

export type FeedId = keyof typeof FEEDS
export const FEED_IDS = Object.keys(FEEDS) as FeedId[]

/** Every type of event as `feed.type`; its place is its number in memory, never in a log. */
export const EVENT_KINDS: readonly string[] = FEED_IDS.flatMap((feed) =>
  Object.keys(FEEDS[feed]).map((type) => `${feed}.${type}`),
)

/** An event that somebody sent, checked. What is said beside the fields that all have is in `rest` of the same object. */
export type LiveEvent = {
  /** Unique within its source: the same id again is the same event. */
  readonly id: string
  readonly source: string
  readonly feed: FeedId
  readonly type: string
  /** RFC 3339 with an offset. */
  readonly at: string
  readonly who?: string
  readonly reason?: string
  readonly why?: {
    readonly rule?: string
    /** Id of the event that led to it. */
    readonly cause?: string
    /** Numbers that whoever decided it saw. */
    readonly saw?: Readonly<Record<string, number | string | boolean>>
  }
  /** Id of an earlier event of the same source that this one takes the place of. */
  readonly corrects?: string
  readonly [field: string]: unknown
}

/** The schema of one type of event. */
export function eventSchema(feed: FeedId, type: string, needsReason: boolean): TSchema {
  const own = (FEEDS[feed] as Record<string, Fields>)[type]
  return Type.Object(
    {
      id: name('Unique within its source: the same id again is the same event.', 'wms-88120'),
      source: name('Who sends it.', 'wms:recife'),
      feed: Type.Literal(feed),
      type: Type.Literal(type),
      at: when('When it happened.'),
      who: optional(name('Who did it; the source where it is not said.', 'picker:17')),
      reason: needsReason ? reason : optional(reason),
      why: optional(
        Type.Object(
          {
            rule: optional(name('Rule that it was done by.', 'wave-3')),
            cause: optional(name('Id of the event that led to it.', 'wms-88117')),
            saw: optional(
              Type.Record(
                Type.String({ maxLength: 64 }),
                Type.Union([Type.Number(), Type.String({ maxLength: 200 }), Type.Boolean()]),
              ),
            ),
          },
          { additionalProperties: false },
        ),
      ),
      corrects: optional(name('Id of an earlier event of the same source that this one takes the place of.', 'wms-88119')),
      ...own,
    },
    { additionalProperties: false, $id: `orrery/events/${feed}.${type}`, title: `${feed}.${type}` },
  )
}

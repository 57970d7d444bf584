import fc from 'fast-check'
import { EVENT_KINDS, FEEDS, type FeedId, type LiveEvent } from '../event/feeds.ts'
import { UNITS } from '../event/quantity.ts'
import { REASONS } from '../order/lifecycle.ts'
import type { Place } from './live-state.ts'

/** Few names and few instants, so that events meet: the same order, the same shelf, the same ms. */
const FROM_MS = Date.UTC(2026, 10, 11, 20)
const of = (...words: string[]): fc.Arbitrary<string> => fc.constantFrom(...words)
const instant = fc.integer({ min: 0, max: 60 }).map((step) => new Date(FROM_MS + step * 60_000).toISOString())
const quantity = (...measures: (keyof typeof UNITS)[]): fc.Arbitrary<unknown> =>
  fc.record({
    value: fc.integer({ min: 0, max: 9 }),
    unit: of(...measures.flatMap((measure) => Object.keys(UNITS[measure]))),
  })
const lines = fc.array(fc.record({ sku: of('s1', 's2'), units: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 3 })

const FIELD: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  order: of('A-1', 'A-2', 'Ж-3'),
  part: fc.constantFrom(undefined, undefined, 0, 1, 2),
  warehouse: of('recife', 'belém'),
  service: of('express', 'road'),
  hub: of('h1', 'h2'),
  zone: of('PE', 'PA'),
  sku: of('s1', 's2'),
  lines,
  promisedAt: instant,
  expectedAt: instant,
  plannedAt: instant,
  from: instant,
  until: instant,
  onHand: quantity('units'),
  quantity: quantity('units'),
  queue: quantity('orders'),
  hands: quantity('people'),
  busy: quantity('part'),
  parcels: quantity('parcels'),
  room: quantity('parcels'),
  severity: quantity('part'),
  demand: quantity('part'),
  index: quantity('part'),
  temperature: quantity('temperature'),
  humidity: quantity('humidity'),
  speed: quantity('speed'),
  accuracy: quantity('length'),
  rain: quantity('rain'),
  latitude: fc.integer({ min: -90, max: 90 }),
  longitude: fc.integer({ min: -180, max: 180 }),
  station: of('pick', 'pack'),
  device: of('d1', 'd2'),
  vehicle: of('v1', 'v2'),
  promotion: of('p1', 'p2'),
  purchase: of('po-1', 'po-2'),
}
/** Fields that a fold never reads may be missing. */
const SOMETIMES = new Set(['hub', 'lines', 'expectedAt', 'busy', 'parcels', 'rain', 'accuracy', 'speed', 'humidity'])

/** An event of a kind, without an id of its own. */
function eventOf(kind: string): fc.Arbitrary<Omit<LiveEvent, 'id'>> {
  const [feed, type] = kind.split('.') as [FeedId, string]
  const fields: Record<string, fc.Arbitrary<unknown>> = {}
  for (const field of Object.keys((FEEDS[feed] as Record<string, object>)[type])) {
    const value = FIELD[field]
    if (value === undefined) continue
    const isNeeded = !SOMETIMES.has(field) || (field === 'hub' && feed === 'capacity')
    fields[field] = isNeeded ? value : fc.option(value, { nil: undefined })
  }
  return fc
    .record({ at: instant, reason: fc.constantFrom(undefined, ...REASONS), ...fields })
    .map((told) => ({ source: 'test', feed, type, ...told }) as Omit<LiveEvent, 'id'>)
}

/** A stream of events of all kinds, each with its own id; `corrections` of them take the place of earlier ones. */
export const stream = (kinds: readonly string[], most: number, corrections = 0, least = 1): fc.Arbitrary<LiveEvent[]> =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...kinds).chain(eventOf), { minLength: least, maxLength: most }),
      fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: corrections }),
    )
    .map(([events, pairs]) => {
      const told: LiveEvent[] = events.map((event, i) => ({ ...event, id: `e${i}` }) as LiveEvent)
      for (const [a, b] of pairs) {
        const [one, other] = [a % told.length, b % told.length]
        if (one !== other) told[one] = { ...told[one], corrects: `e${other}` }
      }
      return told
    })
export const ALL_KINDS = EVENT_KINDS
export const ORDER_KINDS = EVENT_KINDS.filter(
  (kind) => 'order' in (FEEDS as Record<string, Record<string, object>>)[kind.split('.')[0]][kind.split('.')[1]],
)

/** Where events would lie if each were an entry of one line. */
export const placesOf = (events: readonly LiveEvent[]): Place[] => events.map((_, i) => ({ entry: i + 1, line: 0 }))
export { FROM_MS }

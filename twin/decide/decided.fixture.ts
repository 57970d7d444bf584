import fc from 'fast-check'
import { ARMS } from '../rollout/assignment.ts'
import { DEGRADES, type DecidedShipment, type Decision, STATUSES } from './decision.ts'

/** Decisions of every kind there can be, for tests of how they are written. */
const cents = fc.oneof(fc.double({ min: -1e6, max: 1e7, noNaN: true }), fc.integer({ min: -1000, max: 100_000 }), fc.constant(-0))
const ms = fc.oneof(
  fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) }),
  fc.double({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1), noNaN: true }),
  fc.constantFrom(Number.POSITIVE_INFINITY, Number.NaN, 0, -1, -1.5, 8.64e15, 8.64e15 + 1, -62_198_755_200_000),
)
const instant = fc.integer({ min: -1e12, max: 4e12 })
const word = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.constantFrom('recife', 'toString', '__proto__', 'a"b', 'a\\b', '\n', '\u2028', 'é', '🚚', '\ud800', 'sku-17'),
)
const terms = fc.oneof(
  fc.dictionary(fc.constantFrom('cost', 'lateness', 'hands', 'truckRoom', 'goods', 'carbon'), cents),
  fc.dictionary(fc.constantFrom('distance', 'journey', 'sort km', 'rulesPassed', 'price'), cents),
)
const shipment: fc.Arbitrary<DecidedShipment> = fc.record({
  warehouse: word,
  service: word,
  lines: fc.array(fc.record({ lineId: word, sku: word, units: fc.integer({ min: 1, max: 255 }) }), { maxLength: 4 }),
  departMs: ms,
  eta: fc.record({ p10: ms, p50: ms, p90: ms, onTimeShare: fc.double({ min: 0, max: 1, noNaN: true }) }),
  terms,
  costCents: cents,
  priceCents: cents,
  co2Grams: fc.double({ min: 0, max: 1e7, noNaN: true }),
  congestion: fc.record({ work: cents, room: cents, stock: cents }),
  reservation: fc.option(fc.record({ id: word, expiresMs: instant })),
})
const choice = {
  status: fc.constantFrom(...STATUSES),
  reason: fc.option(fc.oneof(fc.constantFrom('no-stock', 'no-service', 'refused', 'misbehaved', 'pooled'), word)),
  shipments: fc.array(shipment, { maxLength: 3 }),
  unfulfillable: fc.array(fc.record({ lineId: word, units: fc.integer({ min: 1, max: 255 }), reason: word }), { maxLength: 3 }),
  priceCents: fc.option(cents),
  runnerUpCents: fc.option(cents),
  runnerUpWithout: fc.option(word),
}
export const anyDecision: fc.Arbitrary<Decision> = fc.record({
  ...choice,
  id: word,
  key: word,
  order: word,
  customer: fc.option(word),
  zone: word,
  placedMs: instant,
  promisedMs: instant,
  lines: fc.array(fc.record({ lineId: word, sku: word, units: fc.integer({ min: 1, max: 255 }) }), { maxLength: 4 }),
  atMs: instant,
  by: fc.record({
    version: fc.constantFrom('routing/bid-price@4f2a91c0d3e7', 'routing/nearest@000000000000', 'nameless'),
    digest: fc.constantFrom('4f2a91c0d3e7', ''),
    arm: fc.constantFrom(...ARMS),
    propensity: fc.double({ min: 0, max: 1, noNaN: true }),
    rollout: fc.option(word),
    generation: fc.nat(),
    servedInstead: fc.option(word),
  }),
  other: fc.option(fc.record({ version: word, choice: fc.record(choice), differs: fc.boolean() })),
  seen: fc.record({
    world: fc.nat(),
    asOfMs: instant,
    ageMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
    planAgeMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
    staleFeeds: fc.array(word, { maxLength: 2 }),
    stock: fc.array(fc.nat(), { maxLength: 3 }),
  }),
  degraded: fc.option(fc.constantFrom(...DEGRADES)),
  degradedBecause: fc.option(word),
  tookUs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  explanation: fc.constant(null),
})

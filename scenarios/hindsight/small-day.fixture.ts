import fc from 'fast-check'
import { smallWorld } from '../../bench/small-world.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Policies, RoutingOption, Seams } from '../../sim/policy.ts'
import type { ReplayOrders } from '../../sim/replay.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { setUp } from '../../sim/set-up.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { clockOf } from '../clock.ts'
import { libraryOf, parseContestant } from '../contestant.ts'
import { loadSolver } from '../highs.ts'
import { policiesOf } from '../worker.ts'
import { type Observed, observe } from './observe.ts'

/** @public */
export const solver = await loadSolver()

/** A day of few orders on which everything may run short. */
export type SmallDay = {
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly replay: ReplayOrders | null
  readonly seed: string
}

export type Routing = Seams['routing']

const nearest = await parseContestant('nearest')
const usual = policiesOf(await libraryOf([nearest]), nearest)

/** Runs the day with these prices. */
export function runDay(
  { spec, scenario, replay, seed }: SmallDay,
  routing: Routing = usual.routing,
  withChoices = false,
): Observed {
  const network = compileNetwork(spec)
  const clock = clockOf(network, scenario, replay)
  const policies: Policies = { ...usual, routing }
  return observe(setUp({ network, spec, scenario, clock, seed, replication: 0, policies, replay, solver }), withChoices)
}

const pricedBy = (price: Routing['price']): Routing => ({ about: 'for a test', params: {}, price })

/** Each order's prices by lot, dear enough to send goods anywhere; some lots refuse to ship by some lanes. */
export const byLot = (lot: number, spread: number): Routing =>
  pricedBy((option) => option.costCents + spread * scramble(lot, option))

/** Each order by the one lane that is written down for it where it can be had there, else by any. */
export const byTable = (lanes: readonly number[], services: number): Routing =>
  pricedBy((option) =>
    lanes[option.order % lanes.length] === option.warehouse * services + option.service ? 1 : 1e6 + option.costCents,
  )

function scramble(lot: number, { order, warehouse, service }: RoutingOption): number {
  let h = Math.imul(lot + 1, 2654435761) ^ Math.imul(order + 1, 40503) ^ Math.imul(warehouse * 8 + service + 1, 97531)
  h = Math.imul(h ^ (h >>> 15), 2246822519)
  h = Math.imul(h ^ (h >>> 13), 3266489917)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Everything that may run short or go wrong, in small: hands, trucks, goods, roads, patience. `most` orders, each as drawn. */
export const smallDays = (most: number): fc.Arbitrary<SmallDay> =>
  fc
    .record({
      placed: fc.array(
        fc.record({
          atHour: fc.double({ min: 0, max: 30, noNaN: true }),
          promiseHours: fc.integer({ min: 20, max: 80 }),
          zone: fc.integer({ min: 0, max: 5 }),
          payment: fc.integer({ min: 0, max: 1 }),
          skus: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
        }),
        { minLength: 1, maxLength: most },
      ),
      pieceHours: fc.constantFrom(0.05, 1, 3),
      sigma: fc.constantFrom(0, 0, 0.6),
      hands: fc.integer({ min: 1, max: 2 }),
      room: fc.constantFrom(1, 2, 50),
      prepareSigma: fc.constantFrom(0, 0.8),
      stock: fc.constantFrom(1, 2, 100),
      refill: fc.boolean(),
      impatient: fc.constantFrom(0, 0.5),
      lost: fc.constantFrom(0, 0.2),
      storm: fc.boolean(),
      outage: fc.constantFrom(1, 0.5, 0),
      slow: fc.constantFrom(1, 2),
      seed: fc.integer({ min: 0, max: 1e6 }),
    })
    .map((drawn): SmallDay => {
      const spec = smallWorld()
      return {
        seed: String(drawn.seed),
        spec: {
          ...spec,
          warehouses: spec.warehouses.map((one) => ({
            ...one,
            shifts: one.shifts.map((shift) => ({ ...shift, pickers: drawn.hands, packers: drawn.hands })),
            pickSeconds: { perParcel: 3000 * drawn.pieceHours, perLine: 600 * drawn.pieceHours, sigma: drawn.sigma },
            packSeconds: { perParcel: 600 * drawn.pieceHours, perLine: 60, sigma: drawn.sigma },
            prepareHours: { law: 'lognormal', median: 0.5, sigma: drawn.prepareSigma },
          })),
          services: spec.services.map((one, s) => ({
            ...one,
            departures: one.departures.flatMap((each) => [
              { ...each, capacity: drawn.room },
              { ...each, at: s === 0 ? '12:00' : '14:00', capacity: drawn.room },
            ]),
            lostShare: drawn.lost,
          })),
          openingStock: spec.warehouses.flatMap(({ id: warehouse }, w) =>
            spec.skus.flatMap(({ id: sku }, k) => ((w + k) % 3 === 2 ? [] : [{ warehouse, sku, units: drawn.stock }])),
          ),
          suppliers: spec.suppliers.map((one) => ({
            ...one,
            leadDays: { law: 'constant', value: drawn.refill ? 1 : 300 },
          })),
          customers: { ...spec.customers, impatientShare: drawn.impatient, returnShare: 0 },
          costs: { latePerOrder: 5, latePerHour: 0.3, returnPerParcel: 0 },
        },
        scenario: {
          name: 'trouble',
          about: 'Made up.',
          days: 2,
          ...(drawn.storm
            ? {
                weather: [
                  { from: 'day 0 06:00', to: 'day 1 20:00', path: [{ east: 0.5, north: 0.5 }], radiusKm: 300, severity: 2 },
                ],
              }
            : {}),
          warehouses: [{ from: 'day 0 10:00', to: 'day 1 09:00', which: 'busiest', capacity: drawn.outage }],
          carriers: [{ from: 'day 0 16:00', to: 'day 1 02:00', which: ['standard'], capacity: 1, transit: drawn.slow }],
        },
        replay: ordersOf(drawn.placed),
      }
    })

type Placed = { atHour: number; promiseHours: number; zone: number; payment: number; skus: readonly number[] }

function ordersOf(unsorted: readonly Placed[]): ReplayOrders {
  const placed = [...unsorted].sort((a, b) => a.atHour - b.atHour)
  const count = placed.length
  const unknown = (): Float64Array => new Float64Array(count).fill(Number.NaN)
  const lineStart = new Int32Array(count + 1)
  placed.forEach(({ skus }, i) => {
    lineStart[i + 1] = lineStart[i] + skus.length
  })
  const placedMs = Float64Array.from(placed, ({ atHour }) => Math.floor(atHour * HOUR_MS))
  return {
    count,
    placedMs,
    promisedMs: placedMs.map((ms, i) => ms + placed[i].promiseHours * HOUR_MS),
    zone: Int32Array.from(placed, ({ zone }) => zone),
    payment: Int32Array.from(placed, ({ payment }) => payment),
    origin: new Int32Array(count).fill(-1),
    lineStart,
    sku: Int32Array.from(placed.flatMap(({ skus }) => skus)),
    units: new Int32Array(lineStart[count]).fill(1),
    prepareFactor: new Float64Array(0),
    haulFactor: new Float64Array(0),
    recorded: { approvedMs: unknown(), handedOverMs: unknown(), deliveredMs: unknown() },
  }
}

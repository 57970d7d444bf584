import { openSmallRun } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { runToEnd } from '../../sim/engine.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { dice, draw } from '../../sim/random.ts'
import type { ReplayOrders } from '../../sim/replay.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { historyOf, type OrderHistory, type Town } from '../import/history.ts'

/** A past made by a network that is known: what is fitted on it can be held against the truth. Lent to tests. */

/** The first Monday of 2024, 00:00. */
export const PAST_FROM_MS = Date.UTC(2024, 0, 1)

/** One service, nobody impatient, plenty of stock: what is late is late for want of hands, trucks, hubs or luck. */
function knownNetwork(): NetworkSpec {
  const world = smallWorld()
  const [standard] = world.services
  return {
    ...world,
    customers: { ...world.customers, impatientShare: 0, returnShare: 0 },
    payments: [world.payments[0], { ...world.payments[1], days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] }],
    services: [{ ...standard, lostShare: 0, departures: standard.departures.map((truck) => ({ ...truck, capacity: 80 })) }],
    warehouses: world.warehouses.map((warehouse) => ({
      ...warehouse,
      shifts: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'], from: '07:00', to: '19:00', pickers: 3, packers: 6 }],
      prepareHours: { law: 'lognormal', median: 14, sigma: 0.7 },
      // Three hands for twelve hours on six days: 1.35 times the mean of 40 parcels a day.
      pickSeconds: { perParcel: (3 * 12 * 3600 * 6) / 7 / (1.35 * 40), perLine: 0, sigma: 0.3 },
      packSeconds: { perParcel: 60, perLine: 0, sigma: 0.3 },
    })),
    hubs: world.hubs.map((hub) => ({ ...hub, parcelsPerHour: (1.35 * 60) / 24 })),
    zones: world.zones.map((zone) => ({ ...zone, deliveriesPerDay: 60 })),
    delivery: { ...world.delivery, failedShare: 0 },
    replenishment: { ...world.replenishment, initialDaysOfStock: 2000 },
    weather: { ...world.weather, cellsPerDay: 0 },
  }
}

/** Orders a day of a past week, beside the usual 120: what a fit may learn of what the network can do. */
const WAVES = [1, 0.95, 1.1, 0.9, 1.05, 1.25, 1, 0.85]

/** Runs the network on orders it has not drawn itself, and writes down what a shop would have: when each was placed, paid, gone, delivered, and its promise. */
export async function recordedPast(about: {
  readonly weeks: number
  readonly scenario: ScenarioSpec
  /** Factor on the orders of a day, counted from 0. */
  readonly demand?: (day: number) => number
  readonly promiseDays: number
}): Promise<OrderHistory> {
  const spec = knownNetwork()
  const luck = dice('a past', 0)
  const placed: number[] = []
  for (let day = 0; day < about.weeks * 7; day++) {
    const mean = 120 * WAVES[Math.floor(day / 7) % WAVES.length] * (about.demand?.(day) ?? 1)
    let at = day * DAY_MS
    for (let k = 0; ; k++) {
      at -= (Math.log(draw(luck, day, 901, k)) * DAY_MS) / mean
      if (at >= (day + 1) * DAY_MS) break
      placed.push(Math.floor(at))
    }
  }
  const count = placed.length
  const pick = (shares: readonly number[], u: number): number => {
    let left = u * shares.reduce((sum, share) => sum + share, 0)
    return Math.min(
      shares.length - 1,
      shares.findIndex((share) => {
        left -= share
        return left < 0
      }),
    )
  }
  const each = (of: (i: number) => number): Int32Array => Int32Array.from({ length: count }, (_, i) => of(i))
  const none = (): Float64Array => new Float64Array(count).fill(Number.NaN)
  const zoneShares = spec.zones.map(({ share }) => share)
  const paymentShares = spec.payments.map(({ share }) => share)
  const replay: ReplayOrders = {
    count,
    placedMs: Float64Array.from(placed),
    promisedMs: Float64Array.from(placed, (ms) => Math.floor(ms / DAY_MS + about.promiseDays) * DAY_MS + 20 * HOUR_MS),
    zone: each((i) => pick(zoneShares, draw(luck, i, 902, 0))),
    payment: each((i) => pick(paymentShares, draw(luck, i, 903, 0))),
    origin: each((i) => Math.floor(draw(luck, i, 904, 0) * spec.warehouses.length)),
    lineStart: Int32Array.from({ length: count + 1 }, (_, i) => i),
    sku: new Int32Array(count),
    units: new Int32Array(count).fill(1),
    prepareFactor: new Float64Array(0),
    haulFactor: new Float64Array(0),
    recorded: { approvedMs: none(), handedOverMs: none(), deliveredMs: none() },
  }
  const sim = await openSmallRun({ spec, scenario: about.scenario, seed: 'the truth', replay, keepsOrigins: true })
  runToEnd(sim)
  const { outcome } = sim
  if (outcome === null) throw new Error('a replay keeps what became of its orders')
  const towns: Town[] = spec.zones.map(({ name, region, lat, lon }) => ({ name, region, lat, lon }))
  const origins: Town[] = spec.warehouses.map(({ name, lat, lon }) => ({ name, region: 'origin', lat, lon }))
  return historyOf(
    {
      name: 'A known past',
      currency: 'EUR',
      towns,
      origins,
      articles: [{ id: 'a', group: 'g', weightGrams: 500, volumeCm3: 1000 }],
    },
    placed.map((ms, i) => ({
      id: String(i).padStart(7, '0'),
      placedMs: PAST_FROM_MS + ms,
      approvedMs: PAST_FROM_MS + outcome.approvedMs[i],
      handedOverMs: PAST_FROM_MS + outcome.handedOverMs[i],
      deliveredMs: PAST_FROM_MS + outcome.deliveredMs[i],
      promisedMs: PAST_FROM_MS + replay.promisedMs[i],
      status: 'delivered',
      payment: spec.payments[replay.payment[i]].type,
      town: replay.zone[i],
      lines: [{ article: 0, units: 1, origin: replay.origin[i], price: 20, freight: 5 }],
    })),
  )
}

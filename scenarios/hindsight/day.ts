import { sample } from '../../sim/distribution.ts'
import { LANE, type Network } from '../../sim/network.ts'
import { type Dice, draw, PURPOSE } from '../../sim/random.ts'
import type { ReplayOrders } from '../../sim/replay.ts'
import type { RunClock } from '../../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { skuOfLine, unitsOfLine } from '../../sim/world.ts'
import { type Conditions, conditionsOf } from './conditions.ts'
import type { Observed } from './observe.ts'

/**
 * A day that is over, as far as routing had no part in it: the measured orders one after the other, when they could be worked on and what they
 * were promised, the hands, trucks and weather there were, and the dice. Times are ms on the run's clock.
 */
export type Day = {
  readonly network: Network
  readonly clock: RunClock
  readonly dice: Dice
  readonly replay: ReplayOrders | null
  readonly conditions: Conditions
  readonly count: number
  /** The number that each order has in its run; its luck is drawn by it. */
  readonly number: Int32Array
  readonly zone: Int32Array
  readonly placedMs: Float64Array
  /** NaN for an order that was never paid for: it cannot be shipped, whatever anybody does. */
  readonly paidMs: Float64Array
  readonly promisedMs: Float64Array
  /** When a customer's patience ends; Infinity for the patient. */
  readonly patientUntilMs: Float64Array
  /** Lines of order i: lineStart[i] … lineStart[i + 1]. */
  readonly lineStart: Int32Array
  readonly sku: Int32Array
  readonly units: Int32Array
  /**
   * The most units that could be taken from each shelf, from the first morning on: [sku · W + warehouse]. Those that came onto it in any of the runs;
   * of a shelf whose goods vanish, those that were not among the vanished, or that orders paid before then ask for, whichever is more.
   */
  readonly stock: Float64Array
  /** Whether a shelf was filled up in any run: then other policies may have sent for other goods. */
  readonly refilled: boolean
}

/** Days after the last order that conditions are known for. */
const AFTER_DAYS = 30

/** The day that these runs have in common: the same orders, promises and dice under each policy. Throws where they do not. */
export function dayOf(runs: readonly Observed[]): Day {
  const { sim, ledger } = runs[0]
  const { network, clock, dice, scene, replay } = sim
  const number: number[] = []
  for (let n = 0; n < ledger.orders; n++) if (ledger.counted[n] === 1) number.push(n)
  for (const run of runs) refuseOtherDay(runs[0], run, number)
  const lineStart = new Int32Array(number.length + 1)
  const sku: number[] = []
  const units: number[] = []
  number.forEach((n, i) => {
    for (let at = ledger.lineStart[n]; at < ledger.lineStart[n + 1]; at++) {
      sku.push(skuOfLine(ledger.lines[at]))
      units.push(unitsOfLine(ledger.lines[at]))
    }
    lineStart[i + 1] = sku.length
  })
  const came = Float64Array.from(sim.world.unitsIn)
  for (const run of runs)
    for (let shelf = 0; shelf < came.length; shelf++) came[shelf] = Math.max(came[shelf], run.sim.world.unitsIn[shelf])
  const of = (column: Float64Array): Float64Array => Float64Array.from(number, (n) => column[n])
  return {
    network,
    clock,
    dice,
    replay,
    conditions: conditionsOf(network, scene, 0, Math.min(clock.endMs, clock.lastOrderMs + AFTER_DAYS * DAY_MS)),
    count: number.length,
    number: Int32Array.from(number),
    zone: Int32Array.from(number, (n) => ledger.zone[n]),
    placedMs: of(ledger.placedMs),
    paidMs: of(ledger.paidMs),
    promisedMs: of(ledger.promisedMs),
    patientUntilMs: Float64Array.from(number, (n) =>
      draw(dice, n, PURPOSE.impatient, 0) < network.impatientShare
        ? ledger.placedMs[n] + Math.floor(sample(network.patience, draw(dice, n, PURPOSE.patience, 0)))
        : Number.POSITIVE_INFINITY,
    ),
    lineStart,
    sku: Int32Array.from(sku),
    units: Int32Array.from(units),
    stock: withoutVanished(runs, came, { number, lineStart, sku, units }),
    refilled: came.some((there, shelf) => there > network.initialStock[shelf]),
  }
}

/**
 * What could be taken from shelves whose goods vanish (`stockErrors`). Which do, and when, is luck that no routing changes. What is gone
 * can only have gone to orders that were paid for before; after that there is what still comes, which in each run is among what came and did not
 * vanish.
 */
function withoutVanished(
  runs: readonly Observed[],
  came: Float64Array,
  {
    number,
    lineStart,
    sku,
    units,
  }: { number: readonly number[]; lineStart: Int32Array; sku: readonly number[]; units: readonly number[] },
): Float64Array {
  const { sim, ledger } = runs[0]
  const { network, scene, dice } = sim
  const { W, K } = network
  const goneMs = new Float64Array(K * W).fill(Number.POSITIVE_INFINITY)
  scene.stockErrors.forEach(({ fromMs, warehouses, share }, part) => {
    for (const w of warehouses)
      for (let shelf = w; shelf < K * W; shelf += W)
        if (draw(dice, part, PURPOSE.stockError, shelf) < share) goneMs[shelf] = Math.min(goneMs[shelf], fromMs)
  })
  const asked = new Float64Array(K * W)
  number.forEach((n, i) => {
    for (let at = lineStart[i]; at < lineStart[i + 1]; at++)
      for (let shelf = sku[at] * W; shelf < (sku[at] + 1) * W; shelf++)
        if (ledger.paidMs[n] < goneMs[shelf]) asked[shelf] += units[at]
  })
  return came.map((all, shelf) => {
    if (goneMs[shelf] === Number.POSITIVE_INFINITY) return all
    let most = asked[shelf]
    for (const { sim: one } of runs) most = Math.max(most, one.world.unitsIn[shelf] - (one.world.vanished[shelf] ?? 0))
    return Math.min(all, most)
  })
}

/** Costs can only be held against one bound where everybody was asked for the same. */
function refuseOtherDay(one: Observed, other: Observed, number: readonly number[]): void {
  for (const n of number) {
    const same =
      one.ledger.promisedMs[n] === other.ledger.promisedMs[n] &&
      Object.is(one.ledger.paidMs[n], other.ledger.paidMs[n]) &&
      one.ledger.zone[n] === other.ledger.zone[n]
    if (!same)
      throw new Error(`order ${n} was placed, paid or promised otherwise in another run: compare policies that promise alike`)
  }
}

/** What the lateness of a delivery costs the business, in cents. */
export function lateCents({ latePerOrderCents, latePerHourCents }: Network, promisedMs: number, deliveredMs: number): number {
  const lateMs = deliveredMs - promisedMs
  return lateMs > 0 ? latePerOrderCents + (lateMs / HOUR_MS) * latePerHourCents : 0
}

/** Cents of line i of the day (counted over all orders) in a shipment by a lane: handling, and freight for its weight. */
function lineCents({ network, sku, units }: Day, at: number, w: number, lane: number): number {
  return network.handlingLineCents[w] + ((network.skuGrams[sku[at]] * units[at]) / 1000) * network.lanes[lane + LANE.kgCents]
}

/** What shipping order i costs at the least, wherever its goods are; 0 where no lane goes to it. */
const leastShippingCents = (day: Day, i: number): number => shippingBetween(day, i, Math.min, 1)
/** What it costs at the most: each line by itself, by the dearest lane. */
const mostShippingCents = (day: Day, i: number): number =>
  shippingBetween(day, i, Math.max, day.lineStart[i + 1] - day.lineStart[i])

function shippingBetween(day: Day, i: number, pick: (a: number, b: number) => number, parcels: number): number {
  const { W, S, lanes } = day.network
  const first = day.zone[i] * W * S
  const each: number[] = []
  for (let lane = 0; lane < W * S; lane++) {
    const at = (first + lane) * LANE.fields
    if (lanes[at + LANE.medianMs] === 0) continue
    each[0] = each.length === 0 ? lanes[at + LANE.parcelCents] : pick(each[0], lanes[at + LANE.parcelCents])
    for (let line = day.lineStart[i], k = 1; line < day.lineStart[i + 1]; line++, k++) {
      const cents = lineCents(day, line, Math.floor(lane / S), at)
      each[k] = each.length === k ? cents : pick(each[k], cents)
    }
  }
  return each.reduce((sum, cents, k) => sum + (k === 0 ? parcels : 1) * cents, 0)
}

/**
 * A paid order that took no shipment is charged the dearest way to ship it beside its lateness, so that to refuse orders never pays. Of an impatient
 * customer, who may be booked a shipment and leave before it takes anything, it is the cheapest. For one that was never paid for no
 * shipment was owed.
 */
export function unshippedCents(day: Day, i: number): number {
  const never = undeliveredCents(day.network, day.promisedMs[i], day.clock.endMs)
  if (Number.isNaN(day.paidMs[i])) return never
  return never + (day.patientUntilMs[i] < Number.POSITIVE_INFINITY ? leastShippingCents(day, i) : mostShippingCents(day, i))
}

/** An order that is not delivered (lost, cancelled, still open) is late until the run's end, and late in any case. */
export function undeliveredCents(network: Network, promisedMs: number, endMs: number): number {
  return lateCents(network, promisedMs, Math.max(endMs, promisedMs + 1))
}

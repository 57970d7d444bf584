import { dayMask, worksOn } from '../../sim/calendar.ts'
import type { NetworkSpec, ServiceSpec } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { parseClock } from '../../sim/when.ts'
import type { OrderHistory } from '../import/history.ts'
import { digits, evenly } from '../import/statistics.ts'
import { deliveryDay } from '../import/transit.ts'
import { weekdayOfMs } from '../import/week.ts'
import { calmWeights, levelDrift, RECENCY, recency } from './calm.ts'
import { chooseLuck } from './choose-law.ts'
import { beyondUsual, lnPromise, regress, type UsualPromise, usualPromise, weighted } from './promise.ts'
import { overAll, type StageFit } from './stage-fit.ts'

export type HaulFit = {
  readonly transit: ServiceSpec['transit']
  readonly delivery: Pick<NetworkSpec['delivery'], 'days' | 'at' | 'hours'>
  /** Line haul to a region beside what its distance says. */
  readonly regionFactor: Readonly<Record<string, number>>
  /** Its spread likewise. */
  readonly regionSpread: Readonly<Record<string, number>>
  readonly usualPromise: UsualPromise
  /** How much each order of the history counts; 0 where it was not used. */
  readonly weight: Float64Array
  readonly about: StageFit
}

const ORDERS_MIN = 50
/** The wait for the hub's hourly wave. */
const HUB_HOURS = 0.5
const HOURS_MIN = 8
const FAR_KM = 3000
const LN_NEAR = Math.log(10)
/** As in the network's own formula. */
const LN_MIDDLE = 5.5
const LN_FAR = Math.log(10 + FAR_KM)

/**
 * The line haul: what is left of handed-over-to-delivered when hub, vans and days without vans are taken off. Those are known only to a van: a
 * parcel delivered on Monday may have come on Friday night. So each haul is an interval, and a point spread evenly over it stands for it. Parcels
 * still under way count with what they have already taken.
 *
 * - `km`, `region`: of each order, NaN and "" where not known.
 */
export function fitHaul(history: OrderHistory, km: Float64Array, region: readonly string[], untilMs: number): HaulFit | null {
  const { handedOverMs, deliveredMs } = history
  const orders = sentOff(history, km, region)
  const arrived = orders.filter((i) => !Number.isNaN(deliveredMs[i]))
  if (arrived.length < ORDERS_MIN) return null
  const delivery = deliveryDay(arrived.map((i) => deliveredMs[i]))
  const vans = vanClock(delivery)

  const of = (value: (order: number, row: number) => number): Float64Array => Float64Array.from(orders, value)
  const sinceMs = of((i) => handedOverMs[i])
  const ended = Uint8Array.from(orders, (i) => (Number.isNaN(deliveredMs[i]) ? 0 : 1))
  const ln = of((i, row) => Math.log(hoursOfHaul(vans, handedOverMs[i], deliveredMs[i], untilMs, evenly(row))))
  const lnKm = of((i) => Math.log(10 + km[i]))
  const regions = orders.map((i) => region[i])
  const slow = recency(sinceMs, untilMs, RECENCY.shapeWeeks)

  const written = of((i) => lnPromise(history.placedMs[i], history.promisedMs[i]))
  const usual = usualOf(written, lnKm, regions, slow)
  const beyond = of((_, row) => beyondUsual(usual, written[row], lnKm[row], regions[row]))
  const bent = lnKm.map((at) => (at - LN_MIDDLE) ** 2)
  const fitted = regress({ lnKm, region: regions, more: [beyond, bent] }, ln, ended, slow)
  const { level, perLnKm, middle, residual } = fitted
  const [perPromise, bend] = fitted.more
  const weight = calmWeights(sinceMs, untilMs, residual)
  const spread = spreadByDistance(lnKm, residual, weight)
  const regionSpread = spreadByRegion(regions, residual, lnKm.map(spread), weight)
  const z = of((_, row) => (ln[row] - fitted.mean[row]) / spread(lnKm[row]) / regionSpread[regions[row]])
  const { luck, centre, scale, choice } = chooseLuck({ value: z, ended, weight })
  // What the law of luck is off its centre moves every lane; it is put into the lanes, so that the law stays one around 0.
  const atMiddle = spread(middle) * centre
  return {
    transit: {
      intercept: digits(level - perLnKm * middle + atMiddle, 5),
      slope: digits(perLnKm, 4),
      bend: digits(bend, 4),
      sigmaNear: digits(spread(LN_NEAR) * scale, 4),
      sigmaFar: digits(spread(LN_FAR) * scale, 4),
      ...(luck === null ? {} : { luck }),
    },
    delivery,
    regionFactor: Object.fromEntries(Object.entries(fitted.region).map(([name, at]) => [name, digits(Math.exp(at), 4)])),
    regionSpread,
    usualPromise: usual,
    weight: overAll(history.count, orders, weight),
    about: {
      orders: arrived.length,
      cutOff: orders.length - arrived.length,
      law: choice,
      perPromise,
      drift: digits(levelDrift(sinceMs, untilMs, residual), 3),
    },
  }
}

/** Handed over after it was approved, not known to be lost, and with both its ends known. */
function sentOff(history: OrderHistory, km: Float64Array, region: readonly string[]): number[] {
  const { approvedMs, handedOverMs, deliveredMs, status } = history
  const orders: number[] = []
  for (let i = 0; i < history.count; i++) {
    const inOrder = handedOverMs[i] >= approvedMs[i] && !(deliveredMs[i] <= handedOverMs[i])
    if (inOrder && !Number.isNaN(km[i]) && region[i] !== '' && status[i] !== 'shipped') orders.push(i)
  }
  return orders
}

/** The usual promise, of those who got one. */
function usualOf(written: Float64Array, lnKm: Float64Array, regions: readonly string[], weight: Float64Array): UsualPromise {
  const told = Array.from(written, (_, row) => row).filter((row) => !Number.isNaN(written[row]))
  if (told.length < ORDERS_MIN) return NO_PROMISE
  const pick = (column: Float64Array): Float64Array => Float64Array.from(told, (row) => column[row])
  return usualPromise({ lnKm: pick(lnKm), region: told.map((row) => regions[row]) }, pick(written), pick(weight))
}

const NO_PROMISE: UsualPromise = { level: 0, perLnKm: 0, middle: 0, region: {} }

/** Standard deviation of ln(haul) on a straight line in ln(10 + km), by a regression of what each parcel was off (normal: E|z| = 0.798). */
function spreadByDistance(lnKm: Float64Array, residual: Float64Array, weight: Float64Array): (lnKm: number) => number {
  const size = residual.map((off) => Math.abs(off) / 0.7979)
  const x = weighted(lnKm, weight)
  const y = weighted(size, weight)
  let xy = 0
  let xx = 0
  for (let i = 0; i < lnKm.length; i++) {
    xy += weight[i] * (lnKm[i] - x) * (size[i] - y)
    xx += weight[i] * (lnKm[i] - x) ** 2
  }
  const slope = xx > 0 ? xy / xx : 0
  return (at) => Math.max(0.1, y + slope * (at - x))
}

/** A region counts its own parcels beside so many of everybody's. */
const SPREAD_RIDGE = 40

function spreadByRegion(
  regions: readonly string[],
  residual: Float64Array,
  spread: Float64Array,
  weight: Float64Array,
): Record<string, number> {
  const sums = new Map<string, { off: number; weight: number }>()
  regions.forEach((region, row) => {
    const own = sums.get(region) ?? { off: 0, weight: 0 }
    own.off += (weight[row] * Math.abs(residual[row])) / 0.7979 / spread[row]
    own.weight += weight[row]
    sums.set(region, own)
  })
  return Object.fromEntries(
    [...sums].map(([region, own]) => [region, digits((own.off + SPREAD_RIDGE) / (own.weight + SPREAD_RIDGE), 3)]),
  )
}

type Vans = { readonly mask: number; readonly atMs: number }

function vanClock({ days, at }: HaulFit['delivery']): Vans {
  return { mask: dayMask(days), atMs: parseClock(at) }
}

/** Hours of haul that end with the vans which brought the parcel: a point between those before and those. Where it is still away: what it has taken. */
function hoursOfHaul(vans: Vans, fromMs: number, toMs: number, untilMs: number, u: number): number {
  if (Number.isNaN(toMs)) return Math.max(HOURS_MIN, (vansBefore(vans, untilMs) - fromMs) / HOUR_MS - HUB_HOURS)
  const these = vansBefore(vans, toMs)
  const before = vansBefore(vans, these - 1)
  const high = (these - fromMs) / HOUR_MS - HUB_HOURS
  const low = Math.max(HOURS_MIN, (before - fromMs) / HOUR_MS - HUB_HOURS)
  // Delivered on a day without vans, or before they had left: it went its own way.
  return high > low ? low + u * (high - low) : Math.max(HOURS_MIN, (0.5 + 0.5 * u) * ((toMs - fromMs) / HOUR_MS))
}

/** The last vans at or before a moment. */
function vansBefore({ mask, atMs }: Vans, timeMs: number): number {
  let vans = Math.floor(timeMs / DAY_MS) * DAY_MS + atMs
  if (vans > timeMs) vans -= DAY_MS
  for (let i = 0; i < 7 && !worksOn(mask, weekdayOfMs(vans)); i++) vans -= DAY_MS
  return vans
}

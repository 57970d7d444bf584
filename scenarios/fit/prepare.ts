import { dayMask, worksOn } from '../../sim/calendar.ts'
import type { LawSpec } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { parseClock } from '../../sim/when.ts'
import { type Handover, handoverCalendar } from '../import/handover.ts'
import type { OrderHistory } from '../import/history.ts'
import { digits, evenly } from '../import/statistics.ts'
import { weekdayOfMs } from '../import/week.ts'
import { calmWeights, levelDrift, RECENCY, recency } from './calm.ts'
import { fitCensored } from './censored.ts'
import { chooseLaw } from './choose-law.ts'
import { lnPromise, weighted } from './promise.ts'
import { overAll, type StageFit } from './stage-fit.ts'

export type PrepareFit = {
  readonly calendar: Omit<Handover, 'prepareHours' | 'orders'>
  readonly prepareHours: LawSpec
  /** ln of how much slower than usual each origin is, held towards none where little was seen; by index of the history's origins. */
  readonly originLn: ReadonlyMap<number, number>
  /** ln(days) of the mean promise. */
  readonly meanPromise: number
  /** How much each order of the history counts; 0 where it was not used. */
  readonly weight: Float64Array
  readonly about: StageFit
}

const ORDERS_MIN = 50
const HOURS_MIN = 0.25
/** Cut-off, picking and packing where nothing queues. */
const HANDS_ON_MS = 20 * MINUTE_MS
/** An origin's own orders beside so many of everybody's. */
const ORIGIN_RIDGE = 12
const ORIGIN_WEEKS = 26

/**
 * Preparation: the working hours between approval and the truck. It is known to a truck only, so it is a point spread evenly between that truck
 * and the one before. Orders not handed over yet count with what they have already waited.
 */
export function fitPrepare(history: OrderHistory, untilMs: number): PrepareFit | null {
  const { approvedMs, handedOverMs, placedMs, promisedMs, origin, status } = history
  const orders: number[] = []
  for (let i = 0; i < history.count; i++) {
    if (!Number.isNaN(approvedMs[i]) && !(handedOverMs[i] < approvedMs[i]) && status[i] !== 'cancelled') orders.push(i)
  }
  const gone = orders.filter((i) => !Number.isNaN(handedOverMs[i]))
  if (gone.length < ORDERS_MIN) return null
  const calendar = handoverCalendar(gone.map((i) => handedOverMs[i]))
  const trucks = truckClock(calendar)

  const of = (value: (order: number, row: number) => number): Float64Array => Float64Array.from(orders, value)
  const sinceMs = of((i) => approvedMs[i])
  const ended = Uint8Array.from(orders, (i) => (Number.isNaN(handedOverMs[i]) ? 0 : 1))
  const ln = of((i, row) => Math.log(hoursOfWork(trucks, approvedMs[i], handedOverMs[i], untilMs, evenly(row))))
  const slow = recency(sinceMs, untilMs, RECENCY.shapeWeeks)
  const written = of((i) => lnPromise(placedMs[i], promisedMs[i]))
  const meanPromise = weighted(
    written.filter((v) => !Number.isNaN(v)),
    slow.filter((_, row) => !Number.isNaN(written[row])),
  )
  const x = new Float64Array(orders.length * 2)
  orders.forEach((_, row) => {
    x[2 * row] = 1
    x[2 * row + 1] = Number.isNaN(written[row]) || Number.isNaN(meanPromise) ? 0 : written[row] - meanPromise
  })
  const { beta, residual } = fitCensored({ x, width: 2, ln, ended, weight: slow }, 2)

  const originLn = effectOf(
    orders.map((i) => origin[i]),
    residual,
    recency(sinceMs, untilMs, ORIGIN_WEEKS),
  )
  const value = of((i, row) => Math.exp(ln[row] - beta[1] * x[2 * row + 1] - (originLn.get(origin[i]) ?? 0)))
  const weight = calmWeights(sinceMs, untilMs, residual)
  const { law, choice } = chooseLaw({ value, ended, weight })
  return {
    calendar,
    prepareHours: law,
    originLn,
    meanPromise: Number.isNaN(meanPromise) ? 0 : meanPromise,
    weight: overAll(history.count, orders, weight),
    about: {
      orders: gone.length,
      cutOff: orders.length - gone.length,
      law: choice,
      perPromise: beta[1],
      drift: digits(levelDrift(sinceMs, untilMs, residual), 3),
    },
  }
}

function effectOf(group: readonly number[], residual: Float64Array, weight: Float64Array): Map<number, number> {
  const sums = new Map<number, { sum: number; weight: number }>()
  group.forEach((g, row) => {
    if (g < 0) return
    const own = sums.get(g) ?? { sum: 0, weight: 0 }
    own.sum += weight[row] * residual[row]
    own.weight += weight[row]
    sums.set(g, own)
  })
  return new Map([...sums].map(([g, own]) => [g, own.sum / (own.weight + ORIGIN_RIDGE)]))
}

type Trucks = {
  readonly workMask: number
  readonly main: readonly number[]
  readonly side: readonly number[]
  readonly sideMask: number
}

function truckClock({ prepareDays, departures }: PrepareFit['calendar']): Trucks {
  const workMask = dayMask(prepareDays)
  const isMain = (days: readonly string[]): boolean =>
    days.some((day) => prepareDays.includes(day as (typeof prepareDays)[number]))
  const at = (main: boolean): number[] =>
    departures
      .filter(({ days }) => isMain(days) === main)
      .map((truck) => parseClock(truck.at))
      .sort((a, b) => a - b)
  const sideMask = departures.filter(({ days }) => !isMain(days)).reduce((mask, { days }) => mask | dayMask(days), 0)
  return { workMask, main: at(true), side: at(false), sideMask }
}

function hoursOfWork(trucks: Trucks, fromMs: number, toMs: number, untilMs: number, u: number): number {
  if (Number.isNaN(toMs)) return Math.max(HOURS_MIN, workingHours(fromMs, untilMs, trucks.workMask))
  const these = truckBefore(trucks, toMs)
  const before = truckBefore(trucks, these - 1)
  const high = workingHours(fromMs, these - HANDS_ON_MS, trucks.workMask)
  const low = workingHours(fromMs, before - HANDS_ON_MS, trucks.workMask)
  if (high <= 0) return Math.max(HOURS_MIN, u * workingHours(fromMs, toMs, trucks.workMask))
  return Math.max(HOURS_MIN, low + u * (high - low))
}

/** The last truck at or before a moment. */
function truckBefore({ workMask, sideMask, main, side }: Trucks, timeMs: number): number {
  for (let back = 0; back < 15; back++) {
    const midnight = Math.floor(timeMs / DAY_MS) * DAY_MS - back * DAY_MS
    const day = weekdayOfMs(midnight)
    const list = worksOn(workMask, day) ? main : worksOn(sideMask, day) ? side : []
    for (let k = list.length - 1; k >= 0; k--) if (midnight + list[k] <= timeMs) return midnight + list[k]
  }
  return timeMs
}

/** Hours between two moments that lie on working days; the inverse of `afterWorkingTime`. 0 where the second comes first. */
function workingHours(fromMs: number, toMs: number, mask: number): number {
  let sum = 0
  for (let at = fromMs; at < toMs; ) {
    const midnight = Math.floor(at / DAY_MS) * DAY_MS + DAY_MS
    const end = Math.min(toMs, midnight)
    if (worksOn(mask, weekdayOfMs(at))) sum += end - at
    at = end
  }
  return sum / HOUR_MS
}

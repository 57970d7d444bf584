import { RECENCY } from '../../scenarios/fit/calm.ts'
import { normalQuantile } from '../../sim/normal.ts'
import { HOUR_MS, WEEK_MS } from '../../sim/units.ts'
import { predictive } from '../futures/interval.ts'

/**
 * What the twin's futures are usually off by. Whatever a network's calendars leave out (Mondays on which vans bring less than three days' parcels, bank
 * holidays, orders that will never arrive, weeks that share one trouble) shows in its forecasts again and again, at the same hour of the week. So each
 * number's futures are moved by what they were off by, and spread until their variance is that of the errors they made: ensemble model output statistics
 * (Gneiting, Raftery, Westveld & Goldman, Monthly Weather Review 133, 2005). The order of futures stays, so that what belongs together in one future stays
 * together (ensemble copula coupling; Schefzik, Thorarinsdottir & Gneiting, Statistical Science 28, 2013).
 *
 * Errors are of square roots, whose spread does not grow with counts (Anscombe, Biometrika 35, 1948). Recent weeks count more, as in a fit.
 */
export type Errata = {
  /** Until when errors are in it, ms since 1970: sums count as they did then. */
  readonly asOfMs: number
  /** Stages that nobody told: they are counted with those before them (`told-stages.ts`). */
  readonly untold: readonly string[]
  /** By the number's name, then by how many hours ahead, then by the hour of the week (local, from Thursday 0:00) it was foreseen in. */
  readonly sums: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, ErrorSums>>>>>>
}
/** Weight of the forecasts; sum of their errors; of the squares of what was still wrong when the errors known then were taken off; of their variances. */
export type ErrorSums = readonly [n: number, error: number, left: number, variance: number]

export const NO_ERRATA: Errata = { asOfMs: 0, untold: [], sums: {} }

/** One number at one instant as futures had it before anything was taken off, future by future, and what it then was. */
export type Foretold = {
  readonly measure: string
  readonly issuedMs: number
  readonly atMs: number
  readonly raw: readonly number[]
  readonly was: number
}

/** Errors count half after so many weeks: as long as a fit believes a level. */
const HALF_WEEKS = RECENCY.levelWeeks
/** A mean counts beside so many forecasts without error: over all of the week, and at one hour of it. */
const MEAN_RIDGE = 2
const HOUR_RIDGE = 2
/** A spread counts beside so many forecasts that were as sure as they should be. */
const SPREAD_RIDGE = 6
/** What was foreseen so many hours earlier or later in the week says nothing of this hour; between, in proportion. */
const ALIKE_HOURS = 12
/** Futures are not made surer than half their spread. */
const SURER_MOST = 0.25
/** Less than this of a forecast is forgotten. */
const FORGOTTEN = 0.02
const WEEK_HOURS = 168

const root = (count: number): number => Math.sqrt(Math.max(0, count) + 0.375)
const unroot = (value: number): number => Math.max(0, Math.round(Math.max(0, value) ** 2 - 0.375))
const hourOfWeek = (ms: number, offsetMinutes: number): number => Math.floor((ms + offsetMinutes * 60_000) / HOUR_MS) % WEEK_HOURS

/** What is to be done to a number's futures: moved, and spread by so much variance more, or by so many times theirs. */
type Amends = { readonly move: number; readonly error: number; readonly own: number; readonly n: number }
const NONE: Amends = { move: 0, error: 0, own: 0, n: 0 }

export type Corrector = {
  /** Futures of one number, in the order they came in. */
  correct(measure: string, hoursAhead: number, issuedMs: number, raw: readonly number[]): readonly number[]
}

export function corrector({ sums }: Errata, offsetMinutes: number): Corrector {
  const aheads = new Map(
    Object.entries(sums).map(([measure, by]) => [
      measure,
      Object.keys(by)
        .map(Number)
        .sort((a, b) => a - b),
    ]),
  )
  const known = new Map<string, Map<string, Amends>>()
  /** At an hour ahead that errors are known of. */
  const amendsAt = (measure: string, ahead: number, hour: number): Amends => {
    const key = `${ahead} ${hour}`
    const own = known.get(measure) ?? new Map<string, Amends>()
    known.set(measure, own)
    const made = own.get(key) ?? amendsOf(Object.entries(sums[measure][ahead]), hour)
    own.set(key, made)
    return made
  }
  return {
    correct: (measure, hoursAhead, issuedMs, raw) => {
      const ahead = aheads.get(measure) ?? []
      if (ahead.length === 0 || hoursAhead <= 0) return raw
      const hour = hourOfWeek(issuedMs, offsetMinutes)
      // Between two that are known in proportion; nothing is wrong with the present itself, and beyond the farthest it is as wrong as there.
      const next = ahead.find((one) => one >= hoursAhead)
      if (next === undefined) return amended(raw, amendsAt(measure, ahead[ahead.length - 1], hour))
      const before = ahead.findLast((one) => one < hoursAhead) ?? 0
      const low = before === 0 ? NONE : amendsAt(measure, before, hour)
      return amended(raw, between(low, amendsAt(measure, next, hour), (hoursAhead - before) / (next - before)))
    },
  }
}

const between = (a: Amends, b: Amends, part: number): Amends => ({
  move: a.move + (b.move - a.move) * part,
  error: a.error + (b.error - a.error) * part,
  own: a.own + (b.own - a.own) * part,
  n: a.n + (b.n - a.n) * part,
})

function amendsOf(rows: readonly (readonly [string, ErrorSums])[], hour: number): Amends {
  let [n, sum, left, own, near, nearSum] = [0, 0, 0, 0, 0, 0]
  for (const [at, [count, error, square, variance]] of rows) {
    n += count
    sum += error
    left += square
    own += variance
    const apart = Math.abs(Number(at) - hour)
    const alike = Math.max(0, 1 - Math.min(apart, WEEK_HOURS - apart) / ALIKE_HOURS)
    near += alike * count
    nearSum += alike * error
  }
  const always = sum / (n + MEAN_RIDGE)
  return { move: always + (nearSum - near * always) / (near + HOUR_RIDGE), error: left, own, n }
}

function amended(raw: readonly number[], { move, error, own, n }: Amends): readonly number[] {
  if (n === 0) return raw
  const roots = raw.map(root)
  const { middle, variance } = spreadOf(roots)
  const shown = (error + SPREAD_RIDGE * variance) / (n + SPREAD_RIDGE)
  const stated = (own + SPREAD_RIDGE * variance) / (n + SPREAD_RIDGE)
  const wanted = shown >= stated ? variance + shown - stated : variance * Math.max(SURER_MOST, shown / stated)
  const deviation = Math.sqrt(wanted)
  const had = Math.sqrt(variance)
  // Futures that hardly differ have no shape that could be spread: they get a normal one.
  return roots.map((value, i) => {
    const z = had > deviation / 4 ? (value - middle) / had : normalQuantile((i + 0.5) / roots.length)
    return unroot(middle + move + z * deviation)
  })
}

function spreadOf(roots: readonly number[]): { middle: number; variance: number } {
  const middle = predictive(
    roots.toSorted((a, b) => a - b),
    0.5,
  )
  const mean = roots.reduce((sum, one) => sum + one, 0) / roots.length
  const square = roots.reduce((sum, one) => sum + (one - mean) ** 2, 0)
  return { middle, variance: square / Math.max(1, roots.length - 1) }
}

/** What was known, and what these forecasts were off by beside it. */
export function learnErrata(before: Errata, foretold: readonly Foretold[], offsetMinutes: number, nowMs: number): Errata {
  if (foretold.length === 0) return before
  const { correct } = corrector(before, offsetMinutes)
  const fades = 0.5 ** (Math.max(0, nowMs - before.asOfMs) / WEEK_MS / HALF_WEEKS)
  const sums: Record<string, Record<string, Record<string, ErrorSums>>> = {}
  const at = (measure: string, ahead: string) => {
    sums[measure] ??= {}
    sums[measure][ahead] ??= {}
    return sums[measure][ahead]
  }
  for (const [measure, byAhead] of Object.entries(before.sums))
    for (const [ahead, byHour] of Object.entries(byAhead))
      for (const [hour, [n, error, left, variance]] of Object.entries(byHour))
        if (n * fades >= FORGOTTEN) at(measure, ahead)[hour] = [n * fades, error * fades, left * fades, variance * fades]
  for (const { measure, issuedMs, atMs, raw, was } of foretold) {
    if (raw.length < 2 || atMs <= issuedMs) continue
    const ahead = Math.round((atMs - issuedMs) / HOUR_MS)
    const { middle, variance: own } = spreadOf(raw.map(root))
    const { middle: mended } = spreadOf(correct(measure, ahead, issuedMs, raw).map(root))
    const weight = 0.5 ** (Math.max(0, nowMs - atMs) / WEEK_MS / HALF_WEEKS)
    const byHour = at(measure, String(ahead))
    const hour = hourOfWeek(issuedMs, offsetMinutes)
    const [n, error, left, variance] = byHour[hour] ?? [0, 0, 0, 0]
    byHour[hour] = [
      n + weight,
      error + weight * (root(was) - middle),
      left + weight * (root(was) - mended) ** 2,
      variance + weight * own,
    ]
  }
  return { asOfMs: nowMs, untold: before.untold, sums }
}

/** What is known of numbers that are counted in this way; of others it says nothing. */
export const errataOf = (errata: Errata, untold: readonly string[]): Errata =>
  errata.untold.join() === untold.join() ? errata : { ...NO_ERRATA, untold }

/** On how many forecasts it rests, as they count now: of the number that was foreseen most often. */
export function weightOf({ sums }: Errata): number {
  let most = 0
  for (const byAhead of Object.values(sums))
    for (const byHour of Object.values(byAhead))
      most = Math.max(
        most,
        Object.values(byHour).reduce((sum, [n]) => sum + n, 0),
      )
  return most
}

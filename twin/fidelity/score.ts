import { gammaCdf } from '../../sim/gamma.ts'
import { normalQuantile } from '../../sim/normal.ts'
import { type Dice, draw, PURPOSE } from '../../sim/random.ts'
import { predictive } from '../futures/interval.ts'

/**
 * How good forecasts were, by what then happened. Pure: numbers in, numbers out.
 *
 * - Coverage: part of the 90 % intervals that held.
 * - PIT: where the truth lay among the futures, 0 … 1; even where the forecast is right (Dawid 1984). Ties are parted at random, by keyed draws
 *   (Czado, Gneiting & Held, Biometrics 65, 2009), so counts of few parcels do not look too sure.
 * - CRPS of an ensemble, the fair one, which does not reward too narrow a spread (Ferro, QJRMS 140, 2014), and its skill against a seasonal-naive
 *   forecast: the same number at the same hour of the last days.
 * - Drift: for each number a two-sided CUSUM (Page, Biometrika 41, 1954) of the normal scores of its PITs.
 */

/** One number that was foreseen and then known. */
export type Verified = {
  readonly measure: string
  /** When it was foreseen and for when, ms since 1970. */
  readonly issuedMs: number
  readonly atMs: number
  /** Futures, rising. */
  readonly values: readonly number[]
  /** What a seasonal-naive forecast had said, rising; empty where there was no past to go by. */
  readonly naive: readonly number[]
  readonly was: number
}

export type Drift = {
  readonly measure: string
  /** More than was foreseen, or less. */
  readonly direction: 'more' | 'less'
  /** Height of the CUSUM; an alarm from DRIFT_AT on. */
  readonly height: number
  /** Mean normal score: how many standard deviations it is off. */
  readonly meanScore: number
}

export type Score = {
  readonly numbers: number
  readonly forecasts: number
  readonly coverage: number
  /** Counts of PITs in ten bins, and the chance of so uneven ones from a right forecast, were they independent. */
  readonly pit: readonly number[]
  readonly pitP: number
  readonly crps: number
  /** 1 − CRPS / CRPS of the naive one; NaN without one. */
  readonly skill: number
  readonly drifts: readonly Drift[]
  readonly byMeasure: readonly {
    readonly measure: string
    readonly numbers: number
    readonly coverage: number
    readonly skill: number
  }[]
}

const BINS = 10
/** Half the drift that is to be noticed, in standard deviations, and the height that a two-sided CUSUM without drift reaches once in some 465 steps. */
const SLACK = 0.5
const DRIFT_AT = 5
/** A score far out says no more than this, so that one strike is no drift. */
const SCORE_MAX = 2.5

export function scoreOf(verified: readonly Verified[], dice: Dice): Score {
  const pit = new Array<number>(BINS).fill(0)
  const byMeasure = new Map<string, Verified[]>()
  verified.forEach((one, i) => {
    pit[Math.min(BINS - 1, Math.floor(pitOf(one, dice, i) * BINS))]++
    const others = byMeasure.get(one.measure)
    if (others === undefined) byMeasure.set(one.measure, [one])
    else others.push(one)
  })
  const withNaive = verified.filter(({ naive }) => naive.length > 1)
  const each = [...byMeasure].map(([measure, own]) => ({
    measure,
    numbers: own.length,
    coverage: coverageOf(own),
    skill: skillOf(own.filter(({ naive }) => naive.length > 1)),
  }))
  return {
    numbers: verified.length,
    forecasts: new Set(verified.map(({ issuedMs }) => issuedMs)).size,
    coverage: coverageOf(verified),
    pit,
    pitP: evenness(pit),
    crps: mean(verified.map(({ values, was }) => crpsOf(values, was))),
    skill: skillOf(withNaive),
    drifts: [...byMeasure].flatMap(([, own]) => driftOf(own, dice) ?? []).sort((a, b) => b.height - a.height),
    byMeasure: each,
  }
}

const isInside = ({ values, was }: Verified): boolean => was >= predictive(values, 0.05) && was <= predictive(values, 0.95)

const coverageOf = (some: readonly Verified[]): number => mean(some.map((one) => (isInside(one) ? 1 : 0)))

/** 1 − CRPS / CRPS of the naive forecast. Both are sums, so that a number that hardly moves does not outweigh the others. */
function skillOf(some: readonly Verified[]): number {
  const ours = sum(some.map(({ values, was }) => crpsOf(values, was)))
  const theirs = sum(some.map(({ naive, was }) => crpsOf(naive, was)))
  return theirs > 0 ? 1 - ours / theirs : ours === 0 && some.length > 0 ? 0 : Number.NaN
}

/** Continuous ranked probability score of an ensemble in rising order, fair to its size: mean |x − y| − ½ mean |x − x'| over pairs of two. */
export function crpsOf(sorted: readonly number[], was: number): number {
  const n = sorted.length
  let apart = 0
  let spread = 0
  sorted.forEach((value, i) => {
    apart += Math.abs(value - was)
    // Each value lies above those before it.
    spread += value * (2 * i - n + 1)
  })
  return apart / n - (n > 1 ? spread / (n * (n - 1)) : 0)
}

/** Where the truth lies among n futures: in one of n + 1 gaps, and at random within what ties leave open. */
function pitOf({ values, was }: Verified, dice: Dice, i: number): number {
  let below = 0
  let equal = 0
  for (const value of values) {
    if (value < was) below++
    else if (value === was) equal++
  }
  return (below + draw(dice, i, PURPOSE.present, 3_000_000) * (equal + 1)) / (values.length + 1)
}

/** Chance that even PITs are as uneven as these: chi-square with nine degrees of freedom. */
function evenness(bins: readonly number[]): number {
  const expected = sum(bins) / bins.length
  if (expected === 0) return Number.NaN
  const chi = sum(bins.map((count) => (count - expected) ** 2 / expected))
  return 1 - gammaCdf((bins.length - 1) / 2, chi / 2)
}

/** The alarm of one number, or null. Numbers at one hour follow each other by when they were foreseen. */
function driftOf(own: readonly Verified[], dice: Dice): Drift | null {
  const ordered = own.toSorted((a, b) => a.issuedMs - b.issuedMs || a.atMs - b.atMs)
  // Hours of one forecast lean on each other: they count as one step, their mean.
  const steps = new Map<number, number[]>()
  ordered.forEach((one, i) => {
    const score = Math.max(-SCORE_MAX, Math.min(SCORE_MAX, normalQuantile(pitOf(one, dice, i))))
    const scores = steps.get(one.issuedMs)
    if (scores === undefined) steps.set(one.issuedMs, [score])
    else scores.push(score)
  })
  let [up, down, highest, lowest] = [0, 0, 0, 0]
  const scores = [...steps.values()].map(mean)
  for (const score of scores) {
    up = Math.max(0, up + score - SLACK)
    down = Math.max(0, down - score - SLACK)
    highest = Math.max(highest, up)
    lowest = Math.max(lowest, down)
  }
  const height = Math.max(highest, lowest)
  if (height < DRIFT_AT) return null
  return { measure: own[0].measure, direction: highest >= lowest ? 'more' : 'less', height, meanScore: mean(scores) }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const mean = (values: readonly number[]): number => (values.length === 0 ? Number.NaN : sum(values) / values.length)

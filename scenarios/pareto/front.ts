import { differenceOf } from '../compare.ts'
import { MEASURES, type MeasureId } from '../result.ts'

/** The three measures a front is drawn over, in the order of every list of losses. */
export const AIMS = ['costPerOrder', 'onTimeShare', 'co2PerOrder'] as const satisfies readonly MeasureId[]
export type Aim = (typeof AIMS)[number]

/** Samples of a point: for each aim one loss a replication, lower is better. */
export type Losses = readonly (readonly number[])[]

const SIGN: readonly number[] = AIMS.map((aim) => (MEASURES.find(({ id }) => id === aim)?.better === 'higher' ? -1 : 1))

/** Samples as losses: what is better when it is higher turns its sign. */
export const lossesOf = (samples: { readonly [A in Aim]: readonly number[] }): Losses =>
  AIMS.map((aim, a) => samples[aim].map((value) => SIGN[a] * value))

/** The loss of one value of an aim. */
export const lossOf = (aim: Aim, value: number): number => SIGN[AIMS.indexOf(aim)] * value

/** Over the replications in which there was something to measure. */
export const meansOf = (losses: Losses): number[] => losses.map(meanOf)

function meanOf(samples: readonly number[]): number {
  let sum = 0
  let count = 0
  for (const one of samples) {
    if (!Number.isFinite(one)) continue
    sum += one
    count++
  }
  return count === 0 ? Number.NaN : sum / count
}

/** At least as good in all, and better in one. */
export const dominates = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((loss, i) => loss <= b[i]) && a.some((loss, i) => loss < b[i])

/** Whether no other point dominates it. Of points that are the same in all, each stands. O(n² d). */
export const nonDominated = (points: readonly (readonly number[])[]): boolean[] =>
  points.map((point) => !points.some((other) => dominates(other, point)))

/**
 * Where a point stands.
 *
 * - `front`: no other has means that are at least as good in all and better in one.
 * - `undecided`: another has, but luck could have done it.
 * - `beaten`: another is shown to be: its paired, simultaneous interval ends at or below 0 in every measure, and below it in one. To show all three
 *   needs no further correction: it is wrong only where each is (Berger, Technometrics 24, 1982).
 */
export type Standing = { readonly standing: 'front' | 'undecided' | 'beaten'; readonly beatenBy: number | null }

/** How many pairs are looked at together. */
export const pairsOf = (points: number): number => Math.max(1, (points * (points - 1)) / 2)

/** - `comparisons`: see `differenceOf`. */
export function standingsOf(points: readonly Losses[], comparisons: number): Standing[] {
  const means = points.map(meansOf)
  return points.map((point, i) => {
    const rivals = points.flatMap((_, j) => (dominates(means[j], means[i]) ? [j] : []))
    if (rivals.length === 0) return { standing: 'front', beatenBy: null }
    const victor = rivals.find((j) => isShownBetter(points[j], point, comparisons))
    return victor === undefined ? { standing: 'undecided', beatenBy: null } : { standing: 'beaten', beatenBy: victor }
  })
}

function isShownBetter(a: Losses, b: Losses, comparisons: number): boolean {
  const gaps = a.map((losses, i) => differenceOf(losses, b[i], { better: 'lower', comparisons }))
  return gaps.every(({ high }) => high <= 0) && gaps.some(({ high }) => high < 0)
}

/** Whether no measure tells two points apart by more than noise. */
export function areAlike(a: Losses, b: Losses, comparisons: number): boolean {
  return a.every((losses, i) => {
    const { low, high } = differenceOf(losses, b[i], { better: 'lower', comparisons })
    return low <= 0 && high >= 0
  })
}

/** Losses of points scaled to 0 (best of them) … 1 (worst of them); a loss that is the same for all is 0. */
export function scaled(points: readonly (readonly number[])[]): number[][] {
  const { ideal, worst } = boxOf(points)
  return points.map((point) => point.map((loss, i) => (worst[i] > ideal[i] ? (loss - ideal[i]) / (worst[i] - ideal[i]) : 0)))
}

export type Box = { readonly ideal: readonly number[]; readonly worst: readonly number[] }

export function boxOf(points: readonly (readonly number[])[]): Box {
  const ends = (pick: (...values: number[]) => number): number[] =>
    points.reduce<number[]>((so, point) => point.map((loss, i) => (so.length === 0 ? loss : pick(so[i], loss))), [])
  return { ideal: ends(Math.min), worst: ends(Math.max) }
}

/** [point][point]: how far apart they are. */
export const distances = (points: readonly (readonly number[])[]): number[][] =>
  points.map((a) => points.map((b) => Math.hypot(...a.map((each, i) => each - b[i]))))

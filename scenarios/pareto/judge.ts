import { type Dice, draw, PURPOSE } from '../../sim/random.ts'
import { compareCells } from '../compare.ts'
import type { Interval } from '../result.ts'
import { type Caps, isAllowed, keptBy } from './caps.ts'
import type { KneeFound, Point } from './drawing.ts'
import { areAlike, type Box, boxOf, type Losses, lossesOf, meansOf, nonDominated, pairsOf, standingsOf } from './front.ts'
import { hypervolume } from './hypervolume.ts'
import { kneeOf } from './knee.ts'

/** A point that was run, before anything is said of it. */
export type RunPoint = Pick<Point, 'id' | 'policy' | 'knobs' | 'isShipped' | 'round' | 'samples'>

export type Judged = {
  readonly points: readonly Point[]
  readonly knee: KneeFound | null
  readonly box: Box
  readonly hypervolumes: readonly Interval[]
  readonly comparisons: number
}

const RESAMPLES = 1000

/**
 * Where every point stands, the knee, and how much of the box each policy covers.
 *
 * - `points`: with samples of the same replications at the same places; the shipped point of the first policy must be one.
 * - Stability: replications are drawn again with replacement, the same for all points so that they stay paired, and front, knee and
 *   hypervolumes are found anew, these in the box of that drawing, so that luck all points share does not count (percentile bootstrap; Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
 */
export function judge(run: readonly RunPoint[], policies: number, caps: Caps, dice: Dice): Judged {
  const comparisons = pairsOf(run.length)
  const shipped = run.find(({ isShipped, policy }) => isShipped && policy === 0)?.id ?? ''
  const cells = compareCells(
    run.map(({ id, samples }) => ({ scenario: '', contestant: id, samples })),
    shipped,
    Math.max(1, run.length - 1),
  )
  const byCost = cells
    .map((cell, i) => ({ cell, run: run[i] }))
    .sort((a, b) => a.cell.measures.costPerOrder.mean - b.cell.measures.costPerOrder.mean || (a.run.id < b.run.id ? -1 : 1))
  const losses = byCost.map(({ cell }) => lossesOf(cell.samples))
  const means = losses.map(meansOf)
  const allowed = means.map((each) => isAllowed(caps, each))
  const within = places(allowed)
  const standings = standingsOf(
    within.map((i) => losses[i]),
    comparisons,
  )
  const numberOf = (i: number): number => i + 1
  const standing = (i: number): Pick<Point, 'standing' | 'beatenBy'> => {
    // A point outside a cap is compared with nothing.
    const found = standings[within.indexOf(i)] ?? { standing: 'beaten', beatenBy: null }
    return { standing: found.standing, beatenBy: found.beatenBy === null ? null : numberOf(within[found.beatenBy]) }
  }
  const front = within.filter((i) => standing(i).standing === 'front')
  const points = byCost.map(({ cell, run: { id, policy, knobs, isShipped, round } }, i): Point => {
    const isRival = allowed[i] && standing(i).standing !== 'beaten'
    const alike = isRival ? front.filter((j) => j !== i && areAlike(losses[i], losses[j], comparisons)) : []
    return {
      number: numberOf(i),
      id,
      policy,
      knobs,
      isShipped,
      round,
      measures: cell.measures,
      versusShipped: cell.versusBaseline,
      samples: cell.samples,
      kept: keptBy(caps, cell.measures),
      isAllowed: allowed[i],
      alike: alike.map(numberOf),
      ...standing(i),
    }
  })
  const box = boxOf(means)
  const covered = (of: readonly (readonly number[])[], within: Box, policy: number): number =>
    hypervolume(
      of.filter((_, i) => allowed[i] && points[i].policy === policy),
      within,
    )

  const replications = losses[0]?.[0]?.length ?? 0
  const knees = new Map<number, number>()
  const volumes = Array.from({ length: policies }, () => [] as number[])
  for (let b = 0; b < RESAMPLES; b++) {
    const drawn = Array.from({ length: replications }, (_, r) => Math.floor(draw(dice, b, PURPOSE.resample, r) * replications))
    const again = losses.map((point) => meansOf(at(point, drawn)))
    const boxAgain = boxOf(again)
    const isFront = nonDominated(within.map((i) => again[i]))
    const onFront = within.filter((_, w) => isFront[w])
    const knee = kneeOf(onFront.map((i) => again[i]))
    if (knee !== null) knees.set(onFront[knee.at], (knees.get(onFront[knee.at]) ?? 0) + 1)
    for (const [policy, kept] of volumes.entries()) kept.push(covered(again, boxAgain, policy))
  }
  const knee = kneeOf(front.map((i) => means[i]))
  const shares = [...knees]
    .map(([i, times]) => ({ point: numberOf(i), share: times / RESAMPLES }))
    .sort((a, b) => b.share - a.share)
  return {
    points,
    knee: knee === null ? null : kneeFound(numberOf(front[knee.at]), knee.depth, shares),
    box,
    hypervolumes: volumes.map((kept, policy) => percentiles(kept, covered(means, box, policy))),
    comparisons,
  }
}

const places = (is: readonly boolean[]): number[] => is.flatMap((each, i) => (each ? [i] : []))

const at = (point: Losses, drawn: readonly number[]): Losses => point.map((samples) => drawn.map((r) => samples[r]))

const kneeFound = (point: number, depth: number, shares: KneeFound['others']): KneeFound => ({
  point,
  depth,
  share: shares.find((one) => one.point === point)?.share ?? 0,
  others: shares.filter((one) => one.point !== point),
})

function percentiles(values: readonly number[], mean: number): Interval {
  const sorted = values.toSorted((a, b) => a - b)
  const part = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]
  return { low: Math.min(mean, part(0.025)), mean, high: Math.max(mean, part(0.975)) }
}

import {
  type Cell,
  type Difference,
  halfWidthOf,
  type Interval,
  MEASURES,
  type Measure,
  type MeasureId,
  NO_END,
  type Verdict,
} from './result.ts'
import { studentQuantile } from './student.ts'

/**
 * Interval for the mean of independent replications: mean ± t · s / √n.
 *
 * - `samples`: one value a replication, any unit. A replication in which the measure had no value (NaN: nothing was ordered) is
 *   left out; the interval is then about the replications in which it had one.
 * - Of two or more equal samples the width is 0; of fewer than two samples the interval has no end (see `halfWidthOf`).
 * - Source: Law, Simulation Modeling and Analysis, 5th ed., eq. 4.12.
 */
export function intervalOf(samples: readonly number[], confidence = 0.95): Interval {
  const known = samples.filter(Number.isFinite)
  return around(meanOf(known), halfWidthOfMean(known, 1 - confidence))
}

/**
 * Candidate minus baseline, replication by replication under the same luck: the paired t interval. With `comparisons` of them
 * looked at together, each is made at 1 − 0.05 / comparisons, so that all of them hold at once with 95 % (Bonferroni); the
 * verdict is read off that same interval, so print and verdict cannot disagree. Source: Law, sections 10.2.1 and 10.3.
 *
 * - `candidate`, `baseline`: same unit, same replication at the same place. A pair of which one has no value is left out.
 * - `comparisons`: how many differences of this measure are looked at together, ≥ 1.
 * - Differences that are all the same and not 0 show no spread to reckon with; they count only when there are so many that
 *   equal signs alone would be proof (sign test), else the interval has no end.
 * - `noise`: what counts as nothing, half the width of the interval for the baseline against itself with other luck,
 *   t · s · √(2 / n) at the same level (Welch, n + n replications).
 */
export function differenceOf(
  candidate: readonly number[],
  baseline: readonly number[],
  { better, comparisons }: { better: Measure['better']; comparisons: number },
): Difference {
  const level = LEVEL / Math.max(1, comparisons)
  const pairs = Math.min(candidate.length, baseline.length)
  const differences = Array.from({ length: pairs }, (_, i) => candidate[i] - baseline[i]).filter(Number.isFinite)
  const mean = meanOf(differences)
  const noSpread = mean !== 0 && differences.every((each) => each === differences[0])
  const proofBySign = 2 ** (1 - differences.length) <= level
  const interval = around(mean, noSpread && !proofBySign ? NO_END : halfWidthOfMean(differences, level))
  return { ...interval, verdict: verdictOf(interval, better), noise: noiseOf(baseline, level) }
}

/** What the runner knows of one scenario × one contestant before any statistics. */
export type CellSamples = Pick<Cell, 'scenario' | 'contestant' | 'samples'>

/** How many differences of one measure are looked at together: every cell that is not the baseline's. */
export function comparisonsOf(cells: readonly Pick<Cell, 'contestant'>[], baseline: string): number {
  return Math.max(1, cells.filter((cell) => cell.contestant !== baseline).length)
}

/**
 * Gives each cell the intervals of its measures and its differences from the baseline of the same scenario; what else the cells
 * carry stays on them.
 *
 * - `cells`: samples of one scenario are paired by place, so place r must hold replication r for every contestant. A contestant
 *   that finished fewer is compared on those it finished.
 * - `baseline`: id of a contestant. Where a scenario has no finished baseline, every verdict is "not enough evidence".
 * - `comparisons`: as printed in `Result.comparisons`; hand in the planned number when the run was stopped early.
 */
export function compareCells<C extends CellSamples>(
  cells: readonly C[],
  baseline: string,
  comparisons = comparisonsOf(cells, baseline),
): (C & Pick<Cell, 'measures' | 'versusBaseline'>)[] {
  return cells.map((cell) => {
    const other = cells.find(({ scenario, contestant }) => scenario === cell.scenario && contestant === baseline)
    return {
      ...cell,
      measures: forEachMeasure(({ id }) => intervalOf(cell.samples[id])),
      versusBaseline: forEachMeasure(({ id, better }) => {
        const difference = differenceOf(cell.samples[id], other?.samples[id] ?? [], { better, comparisons })
        return cell.contestant === baseline ? { ...difference, verdict: 'baseline' } : difference
      }),
    }
  })
}

/** Half width of the 95 % interval as a part of the mean's size; 0 when all samples are equal, Infinity when nothing is known or the mean is 0. */
export function relativeHalfWidth(samples: readonly number[]): number {
  const interval = intervalOf(samples)
  const half = halfWidthOf(interval)
  return half === null ? Number.POSITIVE_INFINITY : half === 0 ? 0 : half / Math.abs(interval.mean)
}

/**
 * Whether to stop: every interval of the named measures is at most ± `share` of its value, by `isNarrow`. The rule looks at widths, never
 * at who is winning.
 *
 * - `share`: 0.005 for ± 0.5 %.
 */
export function precisionReached(
  cells: readonly Pick<Cell, 'samples'>[],
  share: number,
  measures: readonly MeasureId[] = ['onTimeShare', 'costPerOrder'],
): boolean {
  return cells.every(({ samples }) => measures.every((id) => isNarrow(samples[id], share)))
}

/**
 * Whether an interval is known to at most ± `share` of its value, and it may be asked again after every batch. To stop as soon as an interval
 * happens to be narrow is to stop where the spread is underestimated, and the intervals printed then hold the truth too seldom: by the
 * plain rule of Chow & Robbins (1965; Law, section 9.4.1) from ten replications on, 93.3 % of normal samples and 91.3 % of samples of
 * skewness 1. So thirty are always run, and the interval must have been narrow without the last quarter of them too, at least ten: 94.3 %
 * and 93.5 % at the worst precision (`orrery validate --coverage` measures it on three systems). Singham & Schruben, ACM TOMACS 22
 * (2012), show the loss and that a larger first look is what cures it.
 */
export function isNarrow(samples: readonly number[], share: number): boolean {
  const n = samples.length
  const before = Math.min(n - LAST_AT_LEAST, Math.floor((1 - LAST_PART) * n))
  return n >= MIN_REPLICATIONS && relativeHalfWidth(samples) <= share && relativeHalfWidth(samples.slice(0, before)) <= share
}

const LEVEL = 0.05
const MIN_REPLICATIONS = 30
const LAST_PART = 0.25
const LAST_AT_LEAST = 10

function verdictOf({ low, high }: Interval, better: Measure['better']): Verdict {
  if (low <= 0 && high >= 0) return 'not enough evidence'
  return low > 0 === (better === 'higher') ? 'better' : 'worse'
}

function noiseOf(baseline: readonly number[], level: number): number {
  const known = baseline.filter(Number.isFinite)
  const n = known.length
  return n < 2 ? NO_END : -studentQuantile(level / 2, 2 * n - 2) * deviationOf(known) * Math.sqrt(2 / n)
}

function halfWidthOfMean(samples: readonly number[], level: number): number {
  const n = samples.length
  return n < 2 ? NO_END : (-studentQuantile(level / 2, n - 1) * deviationOf(samples)) / Math.sqrt(n)
}

function around(mean: number, half: number): Interval {
  return half === NO_END ? { low: -NO_END, mean, high: NO_END } : { low: mean - half, mean, high: mean + half }
}

/** Equal samples give exactly their value, which a rounded sum would miss. */
function meanOf(samples: readonly number[]): number {
  if (samples.length === 0) return 0
  const first = samples[0]
  return first + samples.reduce((sum, each) => sum + (each - first), 0) / samples.length
}

/** Standard deviation with n − 1. */
function deviationOf(samples: readonly number[]): number {
  const mean = meanOf(samples)
  return Math.sqrt(samples.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (samples.length - 1))
}

function forEachMeasure<T>(make: (measure: Measure) => T): { [M in MeasureId]: T } {
  return Object.fromEntries(MEASURES.map((measure) => [measure.id, make(measure)])) as { [M in MeasureId]: T }
}

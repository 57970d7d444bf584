import { fileURLToPath } from 'node:url'
import { intervalOf, isNarrow } from '../../scenarios/compare.ts'
import { type ReadyCase, readCases } from './read-cases.ts'
import { type Line, runCases, type Watch } from './run-cases.ts'

/** How often the interval of an experiment held the truth. */
export type Coverage = {
  readonly case: string
  readonly says: string
  /** All of one size, or each until its interval was narrow (`--until-precision`). */
  readonly rule: 'fixed' | 'sequential'
  readonly experiments: number
  /** Replications of one experiment, on average. */
  readonly replications: number
  /** Share of the 95 % intervals, as `orrery run` prints them, that hold the expected value. */
  readonly share: number
}

const SYSTEMS = fileURLToPath(new URL('./coverage.yaml', import.meta.url))

/** 1,000 experiments of a true level of 95 % hold between these, 95 times in 100; and what stopping early may cost. */
export const COVERED = { least: 0.936, most: 0.964, leastSequential: 0.93 }

/** What `--until-precision` asks after, and how often: the interval wanted is one that some 20 replications give, near where stopping costs most. */
const BATCH = 10
const WANTED_REPLICATIONS = 20
/** Replications for each experiment that both rules share. */
const ROOM = 38

/**
 * Repeats three experiments with known answers `experiments` times each under luck of its own, and counts the intervals that hold the
 * truth: of experiments of as many replications as the case says, and of such that stop when their interval is narrow. Both are cut out of
 * one row of replications, so they are not independent of each other.
 */
export async function coverageOf(
  experiments: number,
  { seed, workers }: { seed: string; workers: number },
  watch: Watch,
): Promise<{ coverages: Coverage[]; cpuSeconds: number }> {
  const cases = await readCases([SYSTEMS])
  const many = cases.map((one) => ({ ...one, replications: ROOM * experiments }))
  const { lines, cpuSeconds } = await runCases(many, { seed, workers }, watch)
  const coverages = lines.flatMap((line) => [
    covered(line, sizeOf(cases, line), experiments),
    coveredUntil(line, wantedShare(line), BATCH, experiments),
  ])
  return { coverages, cpuSeconds }
}

const sizeOf = (cases: readonly ReadyCase[], line: Line): number =>
  cases.find(({ stated }) => stated.name === line.case)?.replications ?? Number.NaN

/** Half width that so many replications give on average, as a part of the value. */
function wantedShare({ samples, expected }: Line): number {
  const mean = samples.reduce((sum, each) => sum + each, 0) / samples.length
  const sd = Math.sqrt(samples.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (samples.length - 1))
  return (2 * sd) / Math.sqrt(WANTED_REPLICATIONS) / Math.abs(expected)
}

/** Replications in a row are cut into experiments of `size`, at most so many. */
export function covered({ case: name, says, expected, samples }: Line, size: number, most = Number.POSITIVE_INFINITY): Coverage {
  const experiments = Math.min(most, Math.floor(samples.length / size))
  let held = 0
  for (let i = 0; i < experiments; i++) if (holds(samples.slice(i * size, (i + 1) * size), expected)) held++
  return { case: name, says, rule: 'fixed', experiments, replications: size, share: held / experiments }
}

/** Replications in a row are cut into experiments that each go on, batch by batch, until `orrery run --until-precision` would stop. */
export function coveredUntil(
  { case: name, says, expected, samples }: Line,
  precision: number,
  batch: number,
  most = Number.POSITIVE_INFINITY,
): Coverage {
  let experiments = 0
  let held = 0
  let from = 0
  for (let to = batch; to <= samples.length && experiments < most; to += batch) {
    const own = samples.slice(from, to)
    if (!isNarrow(own, precision)) continue
    experiments++
    if (holds(own, expected)) held++
    from = to
  }
  return { case: name, says, rule: 'sequential', experiments, replications: from / experiments, share: held / experiments }
}

function holds(samples: readonly number[], expected: number): boolean {
  const { low, high } = intervalOf(samples)
  return low <= expected && expected <= high
}

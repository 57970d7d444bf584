import { fileURLToPath } from 'node:url'
import { intervalOf } from '../../scenarios/compare.ts'
import { type ReadyCase, readCases } from './read-cases.ts'
import { type Line, runCases, type Watch } from './run-cases.ts'

/** How often the interval of an experiment held the truth. */
export type Coverage = {
  readonly case: string
  readonly says: string
  readonly experiments: number
  /** Share of the 95 % intervals, as `orrery run` prints them, that hold the expected value. */
  readonly share: number
}

const SYSTEMS = fileURLToPath(new URL('./coverage.yaml', import.meta.url))

/** 1,000 experiments of a true level of 95 % hold between these, 95 times in 100. */
export const COVERED = { least: 0.936, most: 0.964 }

/**
 * Repeats three experiments with known answers `experiments` times each, every one of as many replications as its case says, under luck of
 * its own, and counts the intervals that hold the truth.
 */
export async function coverageOf(
  experiments: number,
  { seed, workers }: { seed: string; workers: number },
  watch: Watch,
): Promise<{ coverages: Coverage[]; cpuSeconds: number }> {
  const cases = await readCases([SYSTEMS])
  const many = cases.map((one) => ({ ...one, replications: one.replications * experiments }))
  const { lines, cpuSeconds } = await runCases(many, { seed, workers }, watch)
  return { coverages: lines.map((line) => covered(line, sizeOf(cases, line))), cpuSeconds }
}

const sizeOf = (cases: readonly ReadyCase[], line: Line): number =>
  cases.find(({ stated }) => stated.name === line.case)?.replications ?? Number.NaN

/** Replications in a row are cut into experiments of `size`. */
export function covered({ case: name, says, expected, samples }: Line, size: number): Coverage {
  const experiments = Math.floor(samples.length / size)
  let held = 0
  for (let i = 0; i < experiments; i++) {
    const { low, high } = intervalOf(samples.slice(i * size, (i + 1) * size))
    if (low <= expected && expected <= high) held++
  }
  return { case: name, says, experiments, share: held / experiments }
}

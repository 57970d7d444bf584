import { studentQuantile } from '../../scenarios/student.ts'

/** What the samples of one expectation say about it. */
export type Judgement = {
  readonly mean: number
  /** Half of the 95 % interval. */
  readonly half: number
  /** Difference to theory in standard errors; 0 where nothing varied and it is met exactly. */
  readonly z: number
  /**
   * - agrees: shown to be within the margin (two one-sided tests at 5 %; Schuirmann, J. Pharmacokin. Biopharm. 15, 1987), and not different.
   * - differs: different, by a level of 5 % for all expectations of the run together (Bonferroni).
   * - unclear: neither; more replications would tell.
   */
  readonly verdict: 'agrees' | 'differs' | 'unclear'
}

/** `family` is the number of expectations judged in the same run. */
export function judge(samples: readonly number[], value: number, margin: number, family: number): Judgement {
  const n = samples.length
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / n
  const error = Math.sqrt(samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / (n - 1) / n)
  const off = Math.abs(mean - value)
  if (!Number.isFinite(mean)) return { mean, half: Number.NaN, z: Number.NaN, verdict: 'differs' }
  // Where nothing varies there is no luck to allow for: it is right, or it is not.
  if (error <= 1e-12 * Math.max(1, Math.abs(value))) {
    const exact = off <= margin
    return { mean, half: 0, z: exact ? 0 : Number.POSITIVE_INFINITY, verdict: exact ? 'agrees' : 'differs' }
  }
  const z = (mean - value) / error
  const isDifferent = Math.abs(z) > studentQuantile(1 - 0.025 / family, n - 1)
  const isWithin = off + studentQuantile(0.95, n - 1) * error <= margin
  return {
    mean,
    half: studentQuantile(0.975, n - 1) * error,
    z,
    verdict: isDifferent ? 'differs' : isWithin ? 'agrees' : 'unclear',
  }
}

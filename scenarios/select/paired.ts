import { studentQuantile, upperTail } from '../student.ts'

/** A difference of two means, and how sure one is of it. */
export type Difference = {
  readonly mean: number
  readonly se: number
  readonly degrees: number
  /** Two-sided. */
  readonly p: number
  readonly low: number
  readonly high: number
}

/** a − b over the same luck, replication by replication. Law, Simulation Modeling and Analysis, section 10.2.1. */
export function pairedDifference(a: readonly number[], b: readonly number[], confidence = 0.95): Difference {
  const differences = a.map((value, r) => value - b[r])
  return around(meanOf(differences), Math.sqrt(varianceOf(differences) / a.length), a.length - 1, confidence)
}

/** a − b where each had luck of its own: Welch, Biometrika 34 (1947). */
export function separateDifference(a: readonly number[], b: readonly number[], confidence = 0.95): Difference {
  const [u, v] = [varianceOf(a) / a.length, varianceOf(b) / b.length]
  const degrees = (u + v) ** 2 / (u ** 2 / (a.length - 1) + v ** 2 / (b.length - 1))
  return around(meanOf(a) - meanOf(b), Math.sqrt(u + v), degrees, confidence)
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length
}

/** With n − 1. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1)
}

function around(mean: number, se: number, degrees: number, confidence: number): Difference {
  const half = -studentQuantile((1 - confidence) / 2, degrees) * se
  const p = se === 0 ? (mean === 0 ? 1 : 0) : 2 * upperTail(Math.abs(mean / se), degrees)
  return { mean, se, degrees, p, low: mean - half, high: mean + half }
}

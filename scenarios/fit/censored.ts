import { normalCdf } from '../../sim/normal.ts'
import { solve } from '../import/statistics.ts'

/** Rows of a regression of ln(time), some of them cut off. `x` is row-major, `width` columns, the first of them all ones. */
export type CensoredRows = {
  readonly x: Float64Array
  readonly width: number
  readonly ln: Float64Array
  readonly ended: Uint8Array
  readonly weight: Float64Array
}

export type CensoredFit = {
  readonly beta: readonly number[]
  readonly sigma: number
  /** ln(time) less what was expected; of what was cut off, the mean of what it may yet become. */
  readonly residual: Float64Array
}

const ROUNDS = 8

/**
 * Least squares of ln(time) where some times were cut off: what is missing is filled with its mean under the present fit, and the fit is made
 * anew (Schmee & Hahn, Technometrics 21 (1979): iterated least squares; normal errors). `ridge` holds every coefficient but the first
 * towards 0 with the weight of so many rows.
 */
export function fitCensored({ x, width, ln, ended, weight }: CensoredRows, ridge: number): CensoredFit {
  const rows = ln.length
  const filled = ln.slice()
  const residual = new Float64Array(rows)
  let beta: number[] = new Array(width).fill(0)
  let sigma = 1
  for (let round = 0; round < ROUNDS; round++) {
    beta = solve(normalEquations(x, width, filled, weight, ridge))
    let square = 0
    let total = 0
    for (let r = 0; r < rows; r++) {
      residual[r] = filled[r] - expected(x, width, r, beta)
      square += weight[r] * residual[r] ** 2
      total += weight[r]
    }
    sigma = Math.max(1e-3, Math.sqrt(square / total))
    for (let r = 0; r < rows; r++) {
      if (ended[r] === 1) continue
      const mean = expected(x, width, r, beta)
      filled[r] = mean + sigma * beyond((ln[r] - mean) / sigma)
    }
  }
  for (let r = 0; r < rows; r++) residual[r] = filled[r] - expected(x, width, r, beta)
  return { beta, sigma, residual }
}

export function expected(x: Float64Array, width: number, row: number, beta: readonly number[]): number {
  let sum = 0
  for (let j = 0; j < width; j++) sum += x[row * width + j] * beta[j]
  return sum
}

function normalEquations(x: Float64Array, width: number, y: Float64Array, weight: Float64Array, ridge: number): number[][] {
  const matrix = Array.from({ length: width }, () => new Array<number>(width + 1).fill(0))
  for (let r = 0; r < y.length; r++) {
    for (let i = 0; i < width; i++) {
      const wx = weight[r] * x[r * width + i]
      if (wx === 0) continue
      for (let j = 0; j < width; j++) matrix[i][j] += wx * x[r * width + j]
      matrix[i][width] += wx * y[r]
    }
  }
  for (let i = 1; i < width; i++) matrix[i][i] += ridge
  return matrix
}

/** Mean of a standard normal that is known to be above `a` (inverse Mills ratio). */
function beyond(a: number): number {
  if (a > 4) return a + 1 / a
  const tail = 1 - normalCdf(a)
  return Math.exp(-(a * a) / 2) / Math.sqrt(2 * Math.PI) / tail
}

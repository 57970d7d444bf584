import { normalCdf } from './normal.ts'

/**
 * How late a lognormal journey will be, ready to look up: for a journey of median m and log-deviation sigma, and a budget of x·m,
 *   P(T > x·m)        = 1 − Φ(ln x / σ)
 *   E[(T − x·m)+] / m = e^(σ²/2) · Φ(σ − ln x / σ) − x · (1 − Φ(ln x / σ))       (Black's formula with the roles renamed)
 * Tabulated because a decision asks for dozens of them and a logarithm each would cost more than the rest of the decision; small, and
 * both values side by side, so that it stays in the nearest cache.
 */
const SIGMAS = 24
const SIGMA_MAX = 1.2
const STEPS = 96
const X_MAX = 6
const ROW = 2 * (STEPS + 1)

/** [sigma][x]: share, excess. */
export type LatenessTable = Float32Array

export function latenessTable(): LatenessTable {
  const table = new Float32Array((SIGMAS + 1) * ROW)
  for (let s = 0; s <= SIGMAS; s++) {
    const sigma = Math.max(1e-6, (s * SIGMA_MAX) / SIGMAS)
    for (let i = 0; i <= STEPS; i++) {
      const x = (i * X_MAX) / STEPS
      const z = x > 0 ? Math.log(x) / sigma : Number.NEGATIVE_INFINITY
      const late = 1 - normalCdf(z)
      table[s * ROW + 2 * i] = late
      table[s * ROW + 2 * i + 1] = Math.max(0, Math.exp((sigma * sigma) / 2) * normalCdf(sigma - z) - x * late)
    }
  }
  return table
}

/** Row of the table for a log-deviation; computed once for each lane. */
export const sigmaRow = (sigma: number): number => Math.min(SIGMAS, Math.max(0, Math.round((sigma * SIGMAS) / SIGMA_MAX))) * ROW

/** Probability that the journey takes longer than `x` times its median. */
export function lateShareAt(table: LatenessTable, row: number, x: number): number {
  if (x <= 0) return 1
  const at = x * (STEPS / X_MAX)
  if (!(at < STEPS)) return 0
  const i = at | 0
  const low = table[row + 2 * i]
  return low + (table[row + 2 * i + 2] - low) * (at - i)
}

/** Expected time beyond `x` medians, in medians. */
export function excessAt(table: LatenessTable, row: number, x: number): number {
  if (x <= 0) return table[row + 1] - x
  const at = x * (STEPS / X_MAX)
  if (!(at < STEPS)) return 0
  const i = at | 0
  const low = table[row + 2 * i + 1]
  return low + (table[row + 2 * i + 3] - low) * (at - i)
}

import { normalCdf } from '../../sim/normal.ts'

/** How far an observed time lies from what the model has as its middle, in logarithms: exactly, or at least so far where the stage goes on. */
export type Deviation = {
  readonly ln: number
  readonly sigma: number
  readonly ended: boolean
  /** In which week its stage began, counted from anywhere. */
  readonly week: number
}

export type Shift = {
  /** Mean of ln(observed / model's median). */
  readonly ln: number
  readonly standardError: number
  readonly ended: number
  readonly open: number
}

const ROUNDS = 60
const SQRT_2PI = Math.sqrt(2 * Math.PI)

/**
 * The shift of a lognormal time some observations of which are cut off: each open one counts as the mean of what lies beyond it, until nothing changes any
 * more (EM for a censored normal mean; Dempster, Laird & Rubin, JRSS B 39, 1977). The spread is the model's own.
 */
export function censoredShift(deviations: readonly Deviation[]): Shift {
  const ended = deviations.filter((one) => one.ended).length
  let shift = 0
  let weight = 0
  for (let round = 0; round < ROUNDS; round++) {
    let sum = 0
    weight = 0
    for (const { ln, sigma, ended: isKnown } of deviations) {
      const spread = Math.max(0.05, sigma)
      const w = 1 / spread ** 2
      sum += w * (isKnown ? ln : shift + spread * meanBeyond((ln - shift) / spread))
      weight += w
    }
    const next = weight > 0 ? sum / weight : 0
    const change = Math.abs(next - shift)
    shift = next
    if (change < 1e-6) break
  }
  // What is cut off tells less than what has ended: only the latter count for how sure it is.
  const sure = weight * (deviations.length > 0 ? ended / deviations.length : 0)
  return {
    ln: shift,
    standardError: sure > 0 ? 1 / Math.sqrt(sure) : Number.POSITIVE_INFINITY,
    ended,
    open: deviations.length - ended,
  }
}

/** Mean of a standard normal above c. */
function meanBeyond(c: number): number {
  const tail = 1 - normalCdf(c)
  return tail > 1e-9 ? Math.exp((-c * c) / 2) / SQRT_2PI / tail : c + 1 / Math.max(1, c)
}

import { gammaCdf, logGamma } from '../../sim/gamma.ts'

/**
 * Rinott's constant: with h, N_i = max(n₀, ⌈(h S_i / δ)²⌉) replications of each of k independent systems choose the best with probability P* or
 * more, once it is better by δ. It solves
 *
 *   ∫ [ ∫ Φ(h / √(ν (1/x + 1/y))) f_ν(x) dx ]^(k−1) f_ν(y) dy = P*,
 *
 * f_ν being the density of χ² with ν degrees of freedom. Rinott, Communications in Statistics A7 (1978); Law, section 10.4.1.
 *
 * - `systems`: k ≥ 2. `confidence`: P*, above 1 / k and below 1. `degrees`: ν = n₀ − 1 ≥ 1.
 */
export function rinottH(systems: number, confidence: number, degrees: number): number {
  if (!(systems >= 2 && confidence > 1 / systems && confidence < 1 && degrees >= 1))
    throw new Error(`Rinott's constant needs k ≥ 2 and P* between 1/k and 1: k ${systems}, P* ${confidence}, ν ${degrees}`)
  const grid = gridOf(degrees)
  let low = 0
  let high = 4
  while (chosen(grid, high, systems, degrees) < confidence) high *= 2
  for (let step = 0; step < 60 && high - low > 1e-8; step++) {
    const middle = (low + high) / 2
    if (chosen(grid, middle, systems, degrees) < confidence) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** How many replications a system with this standard deviation of its first ones needs. */
export const rinottReplications = (h: number, first: number, deviation: number, delta: number): number =>
  Math.max(first, Math.ceil(((h * deviation) / delta) ** 2))

type Grid = { readonly inverse: Float64Array; readonly weight: Float64Array }

/** Points of the rule. The integrands fall off at both ends like a normal density, where equal steps converge faster than any power. */
const POINTS = 64

/** χ² = ν s³ is nearly normal in s (Wilson & Hilferty), so equal steps in s are fair to both ends. */
function gridOf(degrees: number): Grid {
  const deviation = Math.sqrt(2 / (9 * degrees))
  const centre = 1 - 2 / (9 * degrees)
  const from = Math.max(0, centre - 8.5 * deviation)
  const step = (centre + 8.5 * deviation - from) / POINTS
  const logNorm = (degrees / 2) * Math.LN2 + logGamma(degrees / 2)
  const inverse = new Float64Array(POINTS)
  const weight = new Float64Array(POINTS)
  let sum = 0
  for (let i = 0; i < POINTS; i++) {
    const s = from + (i + 0.5) * step
    const x = degrees * s ** 3
    inverse[i] = 1 / x
    weight[i] = Math.exp((degrees / 2 - 1) * Math.log(x) - x / 2 - logNorm) * 3 * degrees * s * s * step
    sum += weight[i]
  }
  // With one or two degrees the density does not vanish at 0; what the rule misses there is shared out.
  for (let i = 0; i < POINTS; i++) weight[i] /= sum
  return { inverse, weight }
}

function chosen({ inverse, weight }: Grid, h: number, systems: number, degrees: number): number {
  let whole = 0
  for (let j = 0; j < POINTS; j++) {
    let missed = 0
    for (let i = 0; i < POINTS; i++) missed += weight[i] * upperNormal(h / Math.sqrt(degrees * (inverse[i] + inverse[j])))
    whole += weight[j] * Math.exp((systems - 1) * Math.log1p(-missed))
  }
  return whole
}

/** P(Z > z) for z ≥ 0, by the incomplete gamma function: of a thousand systems each may only miss by a millionth. */
const upperNormal = (z: number): number => (1 - gammaCdf(0.5, (z * z) / 2)) / 2

import { normalQuantile } from '../sim/normal.ts'

/**
 * The value a Student t variable stays below with probability `probability`, to 1e-9 of its size or better.
 *
 * - `probability`: between 0 and 1, both excluded. Far tails are exact when asked for from below, so prefer
 *   `-studentQuantile(0.0004, df)` to `studentQuantile(0.9996, df)`.
 * - `degrees`: degrees of freedom, > 0 and not necessarily whole (Welch).
 * - Source: the tail as an incomplete beta function, Abramowitz & Stegun 26.7.1; beyond 10,000 degrees the
 *   expansion around the normal quantile, 26.7.5.
 */
export function studentQuantile(probability: number, degrees: number): number {
  if (!(degrees > 0)) throw new Error(`degrees of freedom must be above 0, were ${degrees}`)
  const z = normalQuantile(probability)
  if (degrees > 10_000) return nearNormal(z, degrees)
  const tail = Math.min(probability, 1 - probability)
  const size = upperQuantile(tail, Math.abs(z), degrees)
  return z < 0 ? -size : size
}

/**
 * Newton's steps from the normal quantile. They need no guard: t has heavier tails, so the start lies left of the answer, and
 * the tail is a falling, convex function there, so each step goes right and none goes past it.
 */
function upperQuantile(tail: number, start: number, degrees: number): number {
  const logScale = logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - Math.log(degrees * Math.PI) / 2
  let t = start
  for (let step = 0; step < 200; step++) {
    const density = Math.exp(logScale - ((degrees + 1) / 2) * Math.log1p((t * t) / degrees))
    const move = (upperTail(t, degrees) - tail) / density
    t += move
    if (Math.abs(move) <= 1e-14 * t) break
  }
  return t
}

/** P(T > t) for t ≥ 0. */
export function upperTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), (t * t) / (degrees + t * t), degrees / 2, 0.5) / 2
}

/**
 * Regularised incomplete beta function I_x(a, b); `rest` is 1 − x, handed in so that it is not lost to rounding near x = 1.
 * Continued fraction by Lentz's method; Press et al., Numerical Recipes, 3rd ed., section 6.4.
 */
function incompleteBeta(x: number, rest: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (rest <= 0) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(rest))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(rest, b, a)) / b
}

/** The fraction of it alone, for x at or below (a + 1) / (a + b + 2), where it converges fast: times x^a (1 − x)^b / (a B(a, b)). */
export function betaFraction(x: number, a: number, b: number): number {
  const apart = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value)
  let c = 1
  let d = 1 / apart(1 - ((a + b) * x) / (a + 1))
  let sum = d
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / apart(1 + even * d)
    c = apart(1 + even / c)
    sum *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / apart(1 + odd * d)
    c = apart(1 + odd / c)
    sum *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return sum
}

/** ln Γ(x) for x > 0; Stirling's series after moving x above 10, Abramowitz & Stegun 6.1.41. Absolute error near 1e-14 · |ln Γ|. */
function logGamma(x: number): number {
  let shift = 0
  let at = x
  for (; at < 10; at++) shift += Math.log(at)
  const inverse = 1 / (at * at)
  const series =
    1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188 - inverse * (691 / 360360)))))
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series / at - shift
}

/** Abramowitz & Stegun 26.7.5. */
function nearNormal(z: number, degrees: number): number {
  const z2 = z * z
  const first = (z * (z2 + 1)) / 4
  const second = (z * ((5 * z2 + 16) * z2 + 3)) / 96
  const third = (z * (((3 * z2 + 19) * z2 + 17) * z2 - 15)) / 384
  const fourth = (z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945)) / 92160
  return z + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees
}

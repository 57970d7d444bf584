import { betaFraction } from '../../scenarios/student.ts'
import { logGamma } from '../../sim/gamma.ts'

/**
 * What the tests below are made of, to about fourteen digits: `sim/normal.ts` has seven, which is enough for drawing and not for bounds whose
 * published values have eight.
 */

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI)
/** Beyond this the series takes more terms than the fraction. */
const FAR = 5

/** ln Φ(z). Marsaglia's series (Journal of Statistical Software 11(4), 2004) near 0, Laplace's fraction for the tail of a normal far from it. */
export function logNormalCdf(z: number): number {
  // The series would look for its end for ever.
  if (Number.isNaN(z)) return z
  if (z < -FAR) return logTail(-z)
  if (z > 38) return 0
  if (z > FAR) return Math.log1p(-Math.exp(logTail(z)))
  let term = z
  let sum = z
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return Math.log(0.5 + sum * Math.exp(-0.5 * z * z - LOG_ROOT_TWO_PI))
}

export const normalCdf = (z: number): number => Math.exp(logNormalCdf(z))

/** ln (1 − Φ(z)) for z well above 0: φ(z) / (z + 1/(z + 2/(z + 3/(z + …)))). */
function logTail(z: number): number {
  let fraction = z
  for (let k = z > 10 ? 12 : 40; k >= 1; k--) fraction = z + k / fraction
  return -0.5 * z * z - LOG_ROOT_TWO_PI - Math.log(fraction)
}

export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b)

/** ln I_x(a, b), the regularised incomplete beta function: the fraction of Abramowitz & Stegun 26.5.8 by Lentz's method, in logarithms throughout. */
export function logIncompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return Number.NEGATIVE_INFINITY
  if (x >= 1) return 0
  // The fraction converges fast on this side; on the other the complement is taken.
  if (x > (a + 1) / (a + b + 2)) return Math.log1p(-Math.exp(logIncompleteBeta(b, a, 1 - x)))
  return a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b) - Math.log(a) + Math.log(Math.max(betaFraction(x, a, b), 1e-300))
}

/** Riemann's ζ(s) for s > 1: twenty terms and Euler and Maclaurin's remainder. */
export function zeta(s: number): number {
  const n = 20
  let sum = 0
  for (let k = 1; k < n; k++) sum += k ** -s
  const remainder = [s / 12, (-s * (s + 1) * (s + 2)) / 720, (s * (s + 1) * (s + 2) * (s + 3) * (s + 4)) / 30_240]
  return sum + n ** (1 - s) / (s - 1) + n ** -s / 2 + remainder.reduce((all, one, i) => all + one * n ** (-s - 1 - 2 * i), 0)
}

/** ln Σ weight × e^log. */
export function logSum(logs: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logs.length; i++) if (logs[i] > most) most = logs[i]
  if (!Number.isFinite(most)) return most
  let sum = 0
  for (let i = 0; i < logs.length; i++) sum += (weights === undefined ? 1 : weights[i]) * Math.exp(logs[i] - most)
  return most + Math.log(sum)
}

/**
 * x in [low, limit] where a rising function crosses 0, from a first guess of an upper end that is doubled until it lies above. False position, with the
 * end that stays halved (Illinois), and plain halves wherever that is no better.
 */
export function rootOf(f: (x: number) => number, low: number, high: number, limit: number): number {
  let a = low
  let b = Math.min(high, limit)
  let above = f(b)
  let below = Number.NaN
  while (above < 0) {
    if (b >= limit) return limit
    a = b
    below = above
    b = Math.min(limit, b * 2)
    above = f(b)
  }
  if (Number.isNaN(below)) below = f(a)
  if (!(below < 0)) return a
  let side = 0
  for (let i = 0; i < 200 && b - a > 1e-14 * Math.max(Math.abs(a), Math.abs(b)); i++) {
    const secant = (a * above - b * below) / (above - below)
    // Every fourth step halves, so that a bend cannot make it crawl.
    const x = i % 4 < 3 && secant > a && secant < b ? secant : (a + b) / 2
    const y = f(x)
    if (y === 0) return x
    if (y < 0) {
      if (x <= a) break
      ;[a, below] = [x, y]
      if (side < 0) above /= 2
      side = -1
    } else {
      if (x >= b) break
      ;[b, above] = [x, y]
      if (side > 0) below /= 2
      side = 1
    }
  }
  return (a + b) / 2
}

/** Where in [low, high] a function with one valley is least: golden sections. */
export function leastOf(f: (x: number) => number, low: number, high: number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let [a, b] = [low, high]
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)]
  let [fc, fd] = [f(c), f(d)]
  for (let i = 0; i < 100 && b - a > 1e-10 * Math.max(1, Math.abs(a)); i++) {
    if (fc < fd) {
      ;[b, d, fd] = [d, c, fc]
      c = b - golden * (b - a)
      fc = f(c)
    } else {
      ;[a, c, fc] = [c, d, fd]
      d = a + golden * (b - a)
      fd = f(d)
    }
  }
  return (a + b) / 2
}

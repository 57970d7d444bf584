import { normalQuantile } from './normal.ts'

/** ln Γ(x) for x > 0. Lanczos (SIAM J. Numer. Anal. B 1, 1964) with g = 7 and nine terms: relative error about 1e-15. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const z = x - 1
  let sum = LANCZOS[0]
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (z + i)
  const t = z + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum)
}
const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
]

/**
 * P(shape, x), the distribution function of a gamma of scale 1: its series below shape + 1, the continued fraction of its complement
 * above (Abramowitz & Stegun 6.5.29 and 6.5.31, the fraction by Lentz's method).
 */
export function gammaCdf(shape: number, x: number): number {
  if (x <= 0) return 0
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape))
  if (x < shape + 1) {
    let term = 1 / shape
    let sum = term
    for (let n = 1; n < 1000 && term > sum * 1e-17; n++) {
      term *= x / (shape + n)
      sum += term
    }
    return Math.min(1, front * sum)
  }
  let b = x + 1 - shape
  let c = 1e300
  let d = 1 / b
  let fraction = d
  for (let n = 1; n < 1000; n++) {
    const a = -n * (n - shape)
    b += 2
    d = 1 / (a * d + b)
    c = b + a / c
    const step = c * d
    fraction *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return Math.max(0, 1 - front * fraction)
}

/** The value below which a share `p` of a gamma of scale 1 lies: Wilson & Hilferty's guess, then bisection that takes Newton's step where it may. */
export function gammaQuantile(shape: number, p: number): number {
  const ninth = 1 / (9 * shape)
  const root = 1 - ninth + Math.sqrt(ninth) * normalQuantile(p)
  const guess = root > 0.05 ? shape * root ** 3 : Math.exp((Math.log(p) + logGamma(shape + 1)) / shape)
  const logNorm = logGamma(shape)
  return invert(
    p,
    guess,
    (x) => gammaCdf(shape, x),
    (x) => Math.exp((shape - 1) * Math.log(x) - x - logNorm),
  )
}

/** The value below which a share `p` of a mixture of exponentials lies. */
export function hyperexponentialQuantile(shares: ArrayLike<number>, means: ArrayLike<number>, p: number): number {
  const survives = (x: number): number => {
    let sum = 0
    for (let i = 0; i < shares.length; i++) sum += shares[i] * Math.exp(-x / means[i])
    return sum
  }
  const density = (x: number): number => {
    let sum = 0
    for (let i = 0; i < shares.length; i++) sum += (shares[i] / means[i]) * Math.exp(-x / means[i])
    return sum
  }
  let mean = 0
  for (let i = 0; i < shares.length; i++) mean += shares[i] * means[i]
  return invert(p, -mean * Math.log(1 - p), (x) => 1 - survives(x), density)
}

/** x ≥ 0 with cdf(x) = p. */
function invert(p: number, guess: number, cdf: (x: number) => number, density: (x: number) => number): number {
  let low = 0
  let high = guess
  while (cdf(high) < p) {
    low = high
    high *= 2
  }
  let x = guess
  for (let i = 0; i < 200; i++) {
    const off = cdf(x) - p
    if (off > 0) high = x
    else low = x
    const step = x - off / density(x)
    const next = step > low && step < high ? step : (low + high) / 2
    if (Math.abs(next - x) <= 1e-14 * x) return next
    x = next
  }
  return x
}

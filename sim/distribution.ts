import { bug } from './check.ts'
import type { LawSpec } from './network-spec.ts'

/** A law of probability made ready: plain data, sampled by inversion, in the unit it was compiled to. */
export type Law = {
  readonly kind: 'constant' | 'uniform' | 'exponential' | 'lognormal' | 'quantiles'
  /** constant: value; uniform: low; exponential: mean; lognormal: ln of the median. */
  readonly a: number
  /** uniform: high − low; lognormal: sigma. */
  readonly b: number
  readonly at: Float64Array
  readonly value: Float64Array
}

const NONE = new Float64Array(0)
const TAIL = 0.02
const KNOTS = 2048

function lognormalLaw(ln: number, sigma: number): Law {
  const value = Float64Array.from({ length: KNOTS + 1 }, (_, i) =>
    Math.exp(ln + sigma * normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, i / KNOTS)))),
  )
  return { kind: 'lognormal', a: ln, b: sigma, at: NONE, value }
}

/** A lognormal factor of mean 1: how much longer than its mean a piece of work takes. */
export const effortLaw = (sigma: number): Law =>
  sigma > 0 ? lognormalLaw((-sigma * sigma) / 2, sigma) : compileLaw({ law: 'constant', value: 1 }, 1)

/** `unit` is the size of one written unit in the wanted one, such as HOUR_MS for a law in hours. */
export function compileLaw(spec: LawSpec, unit: number): Law {
  const law = (kind: Law['kind'], a: number, b: number): Law => ({ kind, a, b, at: NONE, value: NONE })
  switch (spec.law) {
    case 'constant':
      return law('constant', spec.value * unit, 0)
    case 'uniform':
      return law('uniform', spec.low * unit, (spec.high - spec.low) * unit)
    case 'exponential':
      return law('exponential', spec.mean * unit, 0)
    case 'lognormal':
      if (spec.sigma === 0) return law('constant', spec.median * unit, 0)
      return lognormalLaw(Math.log(spec.median * unit), spec.sigma)
    case 'quantiles':
      return {
        kind: 'quantiles',
        a: 0,
        b: 0,
        at: Float64Array.from(spec.at),
        value: Float64Array.from(spec.value, (value) => value * unit),
      }
  }
}

/** The value below which a share `u` of all values lies; with `u` uniform, a sample. 0 < u < 1. */
export function sample(law: Law, u: number): number {
  switch (law.kind) {
    case 'constant':
      return law.a
    case 'uniform':
      return law.a + law.b * u
    case 'exponential':
      return -law.a * Math.log(1 - u)
    case 'lognormal': {
      const { value } = law
      const at = u * (value.length - 1)
      const cell = at | 0
      // Straight lines between 2,049 quantiles where the curve is tame; the formula itself in the outer 2 % at both ends.
      if (u < TAIL || u > 1 - TAIL) return Math.exp(law.a + law.b * normalQuantile(u))
      return value[cell] + (value[cell + 1] - value[cell]) * (at - cell)
    }
    case 'quantiles':
      return interpolate(law.at, law.value, u)
  }
}

/** Mean of a law. */
export function meanOf(law: Law): number {
  switch (law.kind) {
    case 'constant':
    case 'exponential':
      return law.a
    case 'uniform':
      return law.a + law.b / 2
    case 'lognormal':
      return Math.exp(law.a + (law.b * law.b) / 2)
    case 'quantiles': {
      let mean = 0
      for (let i = 1; i < law.at.length; i++) mean += ((law.at[i] - law.at[i - 1]) * (law.value[i] + law.value[i - 1])) / 2
      return mean
    }
  }
}

function interpolate(at: Float64Array, value: Float64Array, u: number): number {
  let low = 0
  let high = at.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (at[middle] <= u) low = middle
    else high = middle
  }
  const width = at[high] - at[low]
  return width > 0 ? value[low] + ((value[high] - value[low]) * (u - at[low])) / width : value[high]
}

/** Standard normal quantile. Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), PPND16: relative error about 1e-16. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) bug(`a probability must lie between 0 and 1, was ${p}`)
  const q = p - 0.5
  if (q >= -0.425 && q <= 0.425) {
    const r = 0.180625 - q * q
    return (
      (q *
        (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r +
          13731.693765509461125) *
          r +
          1971.5909503065514427) *
          r +
          133.14166789178437745) *
          r +
          3.387132872796366608)) /
      (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r +
        5394.1960214247511077) *
        r +
        687.1870074920579083) *
        r +
        42.313330701600911252) *
        r +
        1)
    )
  }
  const tail = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  let value: number
  if (tail <= 5) {
    const r = tail - 1.6
    value =
      (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r +
        1.27045825245236838258) *
        r +
        3.64784832476320460504) *
        r +
        5.7694972214606914055) *
        r +
        4.6303378461565452959) *
        r +
        1.42343711074968357734) /
      (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r +
        0.14810397642748007459) *
        r +
        0.68976733498510000455) *
        r +
        1.6763848301838038494) *
        r +
        2.05319162663775882187) *
        r +
        1)
  } else {
    const r = tail - 5
    value =
      (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r +
        0.026532189526576123093) *
        r +
        0.29656057182850489123) *
        r +
        1.7848265399172913358) *
        r +
        5.4637849111641143699) *
        r +
        6.6579046435011037772) /
      (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r +
        7.868691311456132591e-4) *
        r +
        0.0148753612908506148525) *
        r +
        0.13692988092273580531) *
        r +
        0.59983220655588793769) *
        r +
        1)
  }
  return q < 0 ? -value : value
}

/** Standard normal distribution function. Cody (1969) rational erf is overkill here: Abramowitz & Stegun 7.1.26, error below 1.5e-7. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const erf =
    1 - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x)
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2
}

/**
 * Gamma of mean 1 and coefficient of variation `cv`, from one uniform draw. Wilson & Hilferty, PNAS 17 (1931): the cube root of a
 * gamma is nearly normal; mean within 0.3 % for cv ≤ 0.7. Never negative.
 */
export function gammaLevel(cv: number, u: number): number {
  if (cv <= 0) return 1
  const ninth = (cv * cv) / 9
  const root = 1 - ninth + Math.sqrt(ninth) * normalQuantile(u)
  return root > 0 ? root * root * root : 0
}

/** From here on a Poisson is drawn as a rounded normal: e^−mean nears the smallest number there is, and 0 times anything is 0. */
const MANY = 500

/** Poisson by inversion of one uniform draw; meant for small means (a step for each unit). `none` is the probability of 0, e^−mean. */
export function poisson(mean: number, none: number, u: number): number {
  if (mean > MANY) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalQuantile(u)))
  let term = none
  let sum = term
  let count = 0
  while (u > sum && count < 1000 + 10 * mean) {
    count++
    term *= mean / count
    sum += term
  }
  return count
}

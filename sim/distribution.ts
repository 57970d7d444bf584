import { gammaQuantile, hyperexponentialQuantile } from './gamma.ts'
import type { LawSpec, WorkSpec } from './network-spec.ts'
import { normalQuantile } from './normal.ts'

/** A law of probability made ready: plain data, sampled by inversion, in the unit it was compiled to. */
export type Law = {
  readonly kind: 'constant' | 'uniform' | 'exponential' | 'lognormal' | 'gamma' | 'hyperexponential' | 'quantiles'
  /** constant: value; uniform: low; exponential: mean; lognormal: ln of the median; gamma: scale; hyperexponential: mean. */
  readonly a: number
  /** uniform: high − low; lognormal: sigma; gamma: shape. */
  readonly b: number
  /** quantiles: probabilities; hyperexponential: shares, then means. */
  readonly at: Float64Array
  /** quantiles: values at these; lognormal, gamma, hyperexponential: 2,049 quantiles at even steps. */
  readonly value: Float64Array
}

const NONE = new Float64Array(0)
const TAIL = 0.02
const KNOTS = 2048

/** Quantiles at even steps; those at the very ends are never used, only finite. */
const tabulated = (quantile: (u: number) => number): Float64Array =>
  Float64Array.from({ length: KNOTS + 1 }, (_, i) => quantile(Math.min(1 - 1e-12, Math.max(1e-12, i / KNOTS))))

const lognormalLaw = (ln: number, sigma: number): Law => ({
  kind: 'lognormal',
  a: ln,
  b: sigma,
  at: NONE,
  value: tabulated((u) => Math.exp(ln + sigma * normalQuantile(u))),
})

const gammaLaw = (scale: number, shape: number): Law => ({
  kind: 'gamma',
  a: scale,
  b: shape,
  at: NONE,
  value: tabulated((u) => scale * gammaQuantile(shape, u)),
})

function hyperexponentialLaw(weights: readonly number[], means: readonly number[]): Law {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shares = weights.map((weight) => weight / total)
  return {
    kind: 'hyperexponential',
    a: shares.reduce((sum, share, i) => sum + share * means[i], 0),
    b: 0,
    at: Float64Array.of(...shares, ...means),
    value: tabulated((u) => hyperexponentialQuantile(shares, means, u)),
  }
}

/** A factor of mean 1: how much longer than its mean a piece of work takes. */
export function effortLaw({ sigma, effort }: WorkSpec): Law {
  if (effort !== undefined) return compileLaw(effort, 1 / meanOf(compileLaw(effort, 1)))
  return sigma > 0 ? lognormalLaw((-sigma * sigma) / 2, sigma) : compileLaw({ law: 'constant', value: 1 }, 1)
}

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
    case 'gamma':
      return gammaLaw((spec.mean * unit) / spec.shape, spec.shape)
    case 'hyperexponential':
      return hyperexponentialLaw(
        spec.shares,
        spec.means.map((mean) => mean * unit),
      )
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
    case 'lognormal':
    case 'gamma':
    case 'hyperexponential': {
      const { value } = law
      const at = u * (value.length - 1)
      const cell = at | 0
      // Straight lines between 2,049 quantiles where the curve is tame; the formula itself in the outer 2 % at both ends.
      if (u < TAIL || u > 1 - TAIL) return outer(law, u)
      return value[cell] + (value[cell + 1] - value[cell]) * (at - cell)
    }
    case 'quantiles':
      return interpolate(law.at, law.value, u)
  }
}

/** A law's own quantile, for the ends that a table would cut. */
function outer(law: Law, u: number): number {
  if (law.kind === 'lognormal') return Math.exp(law.a + law.b * normalQuantile(u))
  if (law.kind === 'gamma') return law.a * gammaQuantile(law.b, u)
  const phases = law.at.length / 2
  return hyperexponentialQuantile(law.at.subarray(0, phases), law.at.subarray(phases), u)
}

/** Mean of a law. */
export function meanOf(law: Law): number {
  switch (law.kind) {
    case 'constant':
    case 'exponential':
    case 'hyperexponential':
      return law.a
    case 'gamma':
      return law.a * law.b
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

/** From here on a Poisson count is as good as normal; e^−mean would soon be too small for a double. */
const MANY = 500

/** Counts up to here are kept. */
const KEPT = 1000

/** Poisson counts of one mean after the other, many of each: the same as `poisson` gives, from sums that are worked out once for each mean. */
export class PoissonCounts {
  private mean = -0.5
  private none = 0.5
  /** Probabilities of at most so many, as far as they are known, and that of the last one known. */
  private readonly sums = new Float64Array(KEPT)
  private known = 0
  private term = 0.5

  aim(mean: number): void {
    if (mean === this.mean) return
    this.mean = mean
    this.none = Math.exp(-mean)
    this.term = this.none
    this.sums[0] = this.none
    this.known = 1
  }

  at(u: number): number {
    const { mean, none, sums } = this
    if (mean > MANY) return poisson(mean, none, u)
    // Most counts lie about the mean.
    let count = mean | 0
    if (count >= this.known) this.extend(count)
    while (count > 0 && u <= sums[count - 1]) count--
    while (u > sums[count]) {
      count++
      if (count === KEPT) return poisson(mean, none, u)
      if (count >= this.known) this.extend(count)
    }
    return count
  }

  private extend(count: number): void {
    const { mean, sums } = this
    for (; this.known <= count; this.known++) {
      this.term *= mean / this.known
      sums[this.known] = sums[this.known - 1] + this.term
    }
  }
}

/** Poisson by inversion of one uniform draw, a step for each unit; by the normal with the same mean and variance where it is large. `none` is the probability of 0, e^−mean. */
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

import { gammaCdf } from '../../sim/gamma.ts'
import type { LawSpec } from '../../sim/network-spec.ts'
import { normalCdf } from '../../sim/normal.ts'
import { digits } from '../import/statistics.ts'
import { type Durations, type QuantileTable, survivalQuantiles } from './survival.ts'

/** Which law was taken for a stage, and how far each that was tried is from the record. */
export type LawChoice = {
  readonly taken: string
  /** Greatest distance between law and record (Kolmogorov & Smirnov), and how much of it chance alone may make at 5 %. */
  readonly tried: readonly { readonly law: string; readonly distance: number }[]
  readonly allowed: number
  /** Rows the weights are worth: (Σw)² / Σw². */
  readonly rows: number
}

type Candidate = { readonly law: string; readonly spec: LawSpec; readonly cdf: (x: number) => number }

/** Fine steps at which law and record are compared. */
const STEPS = Array.from({ length: 199 }, (_, i) => (i + 1) / 200)

/**
 * A law for positive times: the simplest of exponential, lognormal and gamma that a test of fit does not refuse, or else the record's own
 * quantiles. Kolmogorov–Smirnov with estimated figures is too kind (Lilliefors 1967), so the bound is his for the normal, 0.886 / √n, for all.
 */
export function chooseLaw(durations: Durations): { law: LawSpec; choice: LawChoice } {
  const fine = survivalQuantiles(durations, STEPS)
  const rows = worth(durations.weight)
  const allowed = 0.886 / Math.sqrt(rows)
  const candidates = candidatesFor(fine)
  const tried = candidates.map(({ law, cdf }) => ({ law, distance: digits(distance(fine, cdf), 3) }))
  const first = tried.findIndex((one) => one.distance <= allowed)
  const choice = { tried, allowed: digits(allowed, 3), rows: Math.round(rows) }
  if (first >= 0) return { law: candidates[first].spec, choice: { taken: tried[first].law, ...choice } }
  const { at, value } = rising(survivalQuantiles(durations))
  return {
    law: { law: 'quantiles', at, value: value.map((v) => digits(Math.max(0, v), 4)) },
    choice: { taken: 'quantiles', ...choice },
  }
}

/** The law of a standardised deviation: normal where a test does not refuse it, else the record's own quantiles, brought to mean 0 and deviation 1. */
export function chooseLuck(deviations: Durations) {
  const fine = survivalQuantiles(deviations, STEPS)
  const rows = worth(deviations.weight)
  const allowed = 0.886 / Math.sqrt(rows)
  const centre = mean(fine.value)
  const scale = Math.max(0.05, Math.sqrt(mean(fine.value.map((v) => (v - centre) ** 2))))
  const off = digits(
    distance(fine, (v) => normalCdf((v - centre) / scale)),
    3,
  )
  const isNormal = off <= allowed
  const table = rising(survivalQuantiles(deviations))
  const luck = isNormal ? null : { at: table.at, value: table.value.map((v) => digits((v - centre) / scale, 4)) }
  const choice: LawChoice = {
    taken: isNormal ? 'lognormal' : 'quantiles',
    tried: [{ law: 'lognormal', distance: off }],
    allowed: digits(allowed, 3),
    rows: Math.round(rows),
  }
  return { luck, centre, scale, choice }
}

function candidatesFor({ value }: QuantileTable): Candidate[] {
  const average = mean(value)
  const shape = average ** 2 / mean(value.map((v) => (v - average) ** 2))
  const ln = value.map((v) => Math.log(Math.max(1e-3, v)))
  const centre = mean(ln)
  const sigma = Math.sqrt(mean(ln.map((v) => (v - centre) ** 2)))
  return [
    {
      law: 'exponential',
      spec: { law: 'exponential', mean: digits(average, 4) },
      cdf: (x) => 1 - Math.exp(-x / average),
    },
    {
      law: 'lognormal',
      spec: { law: 'lognormal', median: digits(Math.exp(centre), 4), sigma: digits(sigma, 4) },
      cdf: (x) => normalCdf((Math.log(Math.max(1e-3, x)) - centre) / sigma),
    },
    {
      law: 'gamma',
      spec: { law: 'gamma', mean: digits(average, 4), shape: digits(shape, 4) },
      cdf: (x) => gammaCdf(shape, (x * shape) / average),
    },
  ]
}

function distance({ at, value }: QuantileTable, cdf: (x: number) => number): number {
  return at.reduce((most, p, i) => Math.max(most, Math.abs(cdf(value[i]) - p)), 0)
}

/** A law never falls, and two quantiles that are the same are told apart by nothing. */
function rising({ at, value }: QuantileTable): QuantileTable {
  let most = value[0]
  return {
    at,
    value: value.map((v) => {
      most = Math.max(most, v)
      return most
    }),
  }
}

const worth = (weight: Float64Array): number =>
  weight.reduce((sum, w) => sum + w, 0) ** 2 / weight.reduce((sum, w) => sum + w * w, 0)

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length

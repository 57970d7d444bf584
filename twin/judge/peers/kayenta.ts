import { commonLanguageEffect, rankTest } from './mann-whitney.ts'

/**
 * The judge of Kayenta (Netflix, Spinnaker), as its source has it at commit a69573b: for comparison only, never to decide. It looks once and knows of no
 * peeking; it compares typical values, so that a tail that is 70 times as long passes (goldens.test.ts shows it).
 */
export type KayentaMetric = {
  readonly direction: 'increase' | 'decrease' | 'either'
  readonly isCritical?: boolean
  readonly isDataRequired?: boolean
  /** [allowed decrease, allowed increase] of the effect, and the same from which on a metric is critical. */
  readonly allowed?: readonly [number, number]
  readonly critical?: readonly [number, number]
  readonly effect?: 'mean ratio' | 'common language'
  /** 0.25 and 0.98 are fixed in its judge. */
  readonly tolerance?: number
  readonly confidence?: number
}

export type KayentaLabel = 'Pass' | 'High' | 'Low' | 'Nodata' | 'NodataFailMetric'
export type KayentaClass = { readonly label: KayentaLabel; readonly isCritical: boolean; readonly deviation: number }

export function classify(experiment: readonly number[], control: readonly number[], metric: KayentaMetric): KayentaClass {
  const { direction, isCritical = false, allowed = [1, 1], critical = [1, 1], tolerance = 0.25, confidence = 0.98 } = metric
  if (experiment.length === 0 || control.length === 0) {
    if (metric.isDataRequired === true && !isCritical) return { label: 'NodataFailMetric', isCritical: false, deviation: 1 }
    return { label: 'Nodata', isCritical, deviation: 1 }
  }
  const [x, y] = [experiment.toSorted((a, b) => a - b), control.toSorted((a, b) => a - b)]
  const isOne = new Set([...x, ...y]).size === 1
  if (isOne || (x.length === y.length && x.every((value, i) => value === y[i])))
    return { label: 'Pass', isCritical: false, deviation: 1 }
  const deviation = meanRatio(x, y)
  const effect = metric.effect === 'common language' ? commonLanguageEffect(x, y) : deviation
  const { lower, upper, estimate } = isConstant(x) && isConstant(y) ? apart(x[0] - y[0]) : rankTest(x, y, confidence)
  const bound = tolerance * Math.abs(estimate)
  const is = (side: 0 | 1, than: readonly [number, number]): boolean =>
    Number.isNaN(effect) || (side === 1 ? effect >= than[1] : effect <= than[0])
  if (direction !== 'decrease' && lower > bound && is(1, allowed))
    return { label: 'High', isCritical: isCritical && is(1, critical), deviation }
  if (direction !== 'increase' && upper < -bound && is(0, allowed))
    return { label: 'Low', isCritical: isCritical && is(0, critical), deviation }
  return { label: 'Pass', isCritical: false, deviation }
}

/** It adds random noise of 1e-5 to two constants, to be able to rank them; what comes out, but for the noise, is their difference. */
const apart = (difference: number) => ({ lower: difference, upper: difference, estimate: difference })
const isConstant = (values: readonly number[]): boolean => values[0] === values[values.length - 1]

/** NaN where either mean is 0: then the size of the effect is not looked at. */
function meanRatio(experiment: readonly number[], control: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length
  const [e, c] = [mean(experiment), mean(control)]
  return e === 0 || c === 0 ? Number.NaN : e / c
}

export type Judged = { readonly group: string; readonly label: KayentaLabel; readonly isCritical: boolean }

/** Score of 0 … 100: groups by their weights in per cent (those without share the rest), 0 on a critical failure or where half has no data. */
export function score(metrics: readonly Judged[], weights: Readonly<Record<string, number>> = {}): number {
  if (metrics.some(({ isCritical, label }) => isCritical && label !== 'Pass')) return 0
  if (metrics.filter(({ label }) => label === 'Nodata').length * 2 >= metrics.length) return 0
  const groups = [...new Set(metrics.map(({ group }) => group))]
  const given = Object.values(weights).reduce((sum, one) => sum + one, 0)
  const without = groups.filter((group) => weights[group] === undefined).length
  let sum = 0
  for (const group of groups) {
    const counted = metrics.filter((one) => one.group === group && one.label !== 'Nodata')
    const passed = counted.filter(({ label }) => label === 'Pass').length
    // A group in which nothing has data counts as if all had passed.
    const own = counted.length === 0 ? 100 : (100 * passed) / counted.length
    sum += (own * (weights[group] ?? (100 - given) / without)) / 100
  }
  return Math.round(100 * sum) / 100
}

export const verdictOfScore = (value: number, pass = 95, marginal = 75): 'Pass' | 'Marginal' | 'Fail' =>
  value >= pass ? 'Pass' : value >= marginal ? 'Marginal' : 'Fail'

import { InputError } from '../../scenarios/read/problem.ts'
import type { Alphas } from './alphas.ts'
import type { Evidence, MetricPlan, MetricVerdict } from './evidence.ts'
import { betaBinomial, type Mixture } from './mixtures.ts'

/**
 * Quantiles, such as the 95th of the hours to the door, from histograms of the candidate and of the control of its own size: so both saw the same days in
 * the same measure. Where the control's quantile is x and the candidate's at least x + θ, the counts below x and below x + θ are two exact games, and their
 * product is a third; x is not known, so the least product over all x counts (Howard & Ramdas, Bernoulli 28, 2022, section 5, for a shift of θ).
 * A value's place within its bin is taken as what helps least, so bounds err by up to a bin and never the other way.
 */
export function quantileVerdict(metric: MetricPlan, evidence: Evidence, alphas: Alphas): MetricVerdict {
  const p = metric.quantile ?? 0.95
  const { bins, control, candidate } = pooled(metric, evidence)
  const units = { stable: control.at(-1) ?? 0, candidate: candidate.at(-1) ?? 0 }
  const logAlarm = Math.log(1 / alphas.harm)
  const sign = metric.more === 'worse' ? 1 : -1
  const nothing: MetricVerdict = {
    id: metric.id,
    harm: 0,
    se: 0,
    lower: -Number.MAX_VALUE,
    upper: Number.MAX_VALUE,
    logHarm: 0,
    logAlarm,
    isHarm: false,
    isNoWorse: false,
    isBetter: false,
    method: 'quantile',
    units,
    r2: null,
    corrected: null,
  }
  if (Math.min(units.stable, units.candidate) < Math.max(2, evidence.plan.burnInUnits)) return nothing
  const tOpt = Math.max(1, evidence.plan.unitsPerHour * 24)
  const games = gamesAt(p, tOpt, Math.min(alphas.harm, alphas.promote))
  /** Log e-value against "the candidate's quantile is at most (`up`) or at least the control's + shift". */
  const against = (shift: number, up: boolean): number => logShift(games, bins, control, candidate, shift, up)
  const span = bins[bins.length - 1] - bins[0]
  const least = boundOfShift((shift) => against(shift, true) >= Math.log(1 / alphas[sign > 0 ? 'harm' : 'promote']), -span, span)
  const most = boundOfShift((shift) => against(shift, false) < Math.log(1 / alphas[sign > 0 ? 'promote' : 'harm']), -span, span)
  const harm = sign * (quantileOf(p, bins, candidate) - quantileOf(p, bins, control))
  const logHarm = against(0, sign > 0)
  const [lower, upper] = sign > 0 ? [least, most] : [-most, -least]
  return {
    ...nothing,
    harm,
    // Half the width of the interval in the units of a normal's: an interval of order statistics has no standard error.
    se: Math.max(0, upper - lower) / 2 / Math.sqrt(2 * Math.log(1 / alphas.promote)),
    lower,
    upper,
    logHarm,
    isHarm: logHarm >= logAlarm,
    isNoWorse: upper < metric.margin,
    isBetter: upper < 0,
  }
}

type Games = { readonly p: number; readonly high: Mixture; readonly low: Mixture; readonly both: Mixture }

function gamesAt(p: number, tOpt: number, alpha: number): Games {
  const vOpt = p * (1 - p) * tOpt
  return {
    p,
    // More below than p: steps from −p to 1 − p. Fewer: the other way round.
    high: betaBinomial(vOpt, alpha, p, 1 - p, 1),
    low: betaBinomial(vOpt, alpha, 1 - p, p, 1),
    both: betaBinomial(vOpt, alpha, p, 1 - p, 2),
  }
}

/** Counts up to each bound, and all. */
function pooled(
  metric: MetricPlan,
  { epochs }: Evidence,
): { readonly bins: readonly number[]; readonly control: readonly number[]; readonly candidate: readonly number[] } {
  let bins: readonly number[] | null = null
  let [control, candidate]: [number[], number[]] = [[], []]
  for (const epoch of epochs) {
    const one = epoch.histograms[metric.id]
    if (one === undefined) continue
    const field = `epochs.${epoch.id}.histograms.${metric.id}`
    const counts = one.bins.length + 1
    if (one.bins.length === 0 || one.control.length !== counts || one.candidate.length !== counts) {
      const found = `${one.bins.length} bounds with ${one.control.length} and ${one.candidate.length} counts`
      const fix = 'a count up to each bound and one above the last'
      throw new InputError([{ file: 'evidence', line: null, field, found, fix }])
    }
    if (bins !== null && one.bins.some((bound, i) => bound !== (bins as readonly number[])[i])) {
      const fix = 'the bounds of a metric are fixed before the first order'
      throw new InputError([{ file: 'evidence', line: null, field, found: 'other bounds than in an earlier epoch', fix }])
    }
    if (bins === null) [control, candidate] = [new Array(counts).fill(0), new Array(counts).fill(0)]
    bins = one.bins
    for (let i = 0; i < counts; i++) {
      control[i] += one.control[i]
      candidate[i] += one.candidate[i]
    }
  }
  for (let i = 1; i < control.length; i++) {
    control[i] += control[i - 1]
    candidate[i] += candidate[i - 1]
  }
  return { bins: bins ?? [0], control, candidate }
}

/** Least log product over where the control's quantile may lie, against a shift of at most (`up`) or at least `shift`. */
function logShift(
  { p, high, low, both }: Games,
  bins: readonly number[],
  control: readonly number[],
  candidate: readonly number[],
  shift: number,
  up: boolean,
): number {
  const nS = control[control.length - 1]
  const nC = candidate[candidate.length - 1]
  const v = p * (1 - p)
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i <= bins.length; i++) {
    // The control's quantile lies in (from, to], its count below between those at the ends: the likeliest of them counts.
    const from = i === 0 ? Number.NEGATIVE_INFINITY : bins[i - 1]
    const to = i === bins.length ? Number.POSITIVE_INFINITY : bins[i]
    const [few, many] = [i === 0 ? 0 : control[i - 1], control[i]]
    const likeliest = Math.max(few, Math.min(many, p * nS))
    const own = both.log(likeliest - p * nS, v * nS)
    if (own >= least + 50) continue
    let other: number
    if (up) {
      // Against "at most": fewer of the candidate's than p lie below the end of the bin, moved.
      const at = countUpTo(bins, candidate, to + shift, true)
      other = low.log(p * nC - at, v * nC)
    } else {
      const at = countUpTo(bins, candidate, from + shift, false)
      other = high.log(at - p * nC, v * nC)
    }
    if (own + other < least) least = own + other
  }
  return least
}

/** How many lie up to `x`: at most (`atMost`), or at least, as bins tell. */
function countUpTo(bins: readonly number[], upTo: readonly number[], x: number, atMost: boolean): number {
  let [low, high] = [0, bins.length]
  // First bound at or above x, or above x.
  while (low < high) {
    const middle = (low + high) >> 1
    if (atMost ? bins[middle] < x : bins[middle] <= x) low = middle + 1
    else high = middle
  }
  if (atMost) return upTo[low]
  return low === 0 ? 0 : upTo[low - 1]
}

/** Where in [low, high] the answer goes from yes to no; an end where it never does. */
function boundOfShift(isYes: (shift: number) => boolean, low: number, high: number): number {
  if (!isYes(low)) return -Number.MAX_VALUE
  if (isYes(high)) return Number.MAX_VALUE
  let [a, b] = [low, high]
  for (let i = 0; i < 40; i++) {
    const middle = (a + b) / 2
    if (isYes(middle)) a = middle
    else b = middle
  }
  return (a + b) / 2
}

/** Within a bin values are taken to be even. */
function quantileOf(p: number, bins: readonly number[], upTo: readonly number[]): number {
  const at = p * upTo[upTo.length - 1]
  const i = upTo.findIndex((count) => count >= at)
  if (i <= 0) return bins[0]
  if (i === bins.length) return bins[bins.length - 1]
  const within = (at - upTo[i - 1]) / Math.max(1, upTo[i] - upTo[i - 1])
  return bins[i - 1] + within * (bins[i] - bins[i - 1])
}

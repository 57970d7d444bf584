import { InputError } from '../../scenarios/read/problem.ts'
import type { Cell, Epoch, MetricPlan } from './evidence.ts'

/**
 * Differences within epochs, summed. An epoch has one share, so its arms saw the same days in the same measure; between epochs they did not, and a
 * pooled comparison finds what is not there (Simpson). Everything here is harm: positive is worse for the candidate, whichever way the metric goes.
 *
 * Weights n_c n_s / (n_c + n_s) do not look at outcomes. Variances do, and so they are those of the null that is tested, not of the estimate: with a small
 * arm few failures go with a small variance, and a variance that moves with the estimate calls good luck proof.
 */
type Stratum = {
  readonly share: number
  readonly weight: number
  /** Part of the units that the cells are over: 1, or those for which the policies differ. */
  readonly part: number
  readonly candidate: Cell
  readonly stable: Cell
}

export type Weighed = {
  readonly method: 'score' | 'triggered' | 'covariate' | 'cluster'
  /** Harm, and its standard error if the true harm were `at`. */
  readonly harm: number
  readonly se: (at: number) => number
  /** Σ of weights: the clock of the tests. */
  readonly weight: number
  readonly units: { readonly stable: number; readonly candidate: number }
  /** Failures in each arm, for a share; null otherwise. */
  readonly failures: { readonly stable: number; readonly candidate: number } | null
  readonly r2: number | null
  /** For the exact tests, by epoch: failures and units of arms that were parted at `share`; empty where units are no single trials. */
  readonly trials: readonly Trials[]
}

export type Trials = {
  readonly share: number
  readonly part: number
  readonly candidate: number
  readonly stable: number
  readonly candidateUnits: number
  readonly stableUnits: number
}

/** What stands for outcomes that never came: nothing, or the worst for the candidate and the best for stable. */
export type Missing = 'left out' | 'worst'

export function weigh(metric: MetricPlan, epochs: readonly Epoch[], missing: Missing): Weighed {
  const isTriggered = epochs.some(({ triggered }) => triggered?.metrics[metric.id] !== undefined)
  const strata: Stratum[] = []
  for (const epoch of epochs) {
    const all = epoch.metrics[metric.id]
    if (all === undefined) continue
    const only = epoch.triggered?.metrics[metric.id]
    const n = [all.candidate, all.stable].map((cell) => cell.n + (missing === 'worst' ? cell.missing : 0))
    if (n[0] === 0 || n[1] === 0) continue
    const cells = only ?? all
    const part = only === undefined ? 1 : (epoch.triggered?.part ?? 1)
    const candidate = facing(metric, cells.candidate, missing, true)
    const stable = facing(metric, cells.stable, missing, false)
    // Nothing can be said of a part that one arm has not seen; where there is no such part the policies agree, which is known.
    if (part > 0 && (candidate.n === 0 || stable.n === 0)) continue
    strata.push({ share: epoch.share, weight: (n[0] * n[1]) / (n[0] + n[1]), part, candidate, stable })
  }
  if (strata.some(({ candidate, stable }) => isCluster(candidate) || isCluster(stable))) return clusters(strata)
  if (metric.kind === 'share') return shares(strata, isTriggered)
  return means(strata, isTriggered)
}

/** The cell as harm: failures of a share, or the value with the sign by which more is worse. */
function facing(metric: MetricPlan, cell: Cell, missing: Missing, isCandidate: boolean): Cell {
  const more = metric.more === 'worse' ? 1 : -1
  let { n, y, yy, d, dd, yd, xy } = cell
  const single = d === n && dd === n
  if (metric.kind === 'share' && single) {
    if (yy !== y) {
      const found = `Σy = ${y}, Σy² = ${yy}`
      const fix = 'each unit of a share is 0 or 1; orders of a customer or block go with their number in d'
      throw new InputError([{ file: 'evidence', line: null, field: `metrics.${metric.id}`, found, fix }])
    }
    if (more < 0) y = n - y
    yy = y
    yd = y
    // Σ x (1 − y): what the covariate goes along with turns as well.
    xy = more < 0 ? cell.x - xy : xy
  } else {
    y *= more
    yd *= more
    xy *= more
  }
  if (missing === 'worst' && cell.missing > 0) {
    const [low, high] = metric.kind === 'share' ? [0, 1] : (metric.range ?? [0, 0])
    const ends = metric.kind === 'share' || more > 0 ? [low, high] : [-high, -low]
    const value = isCandidate ? ends[1] : ends[0]
    n += cell.missing
    y += value * cell.missing
    yy += value * value * cell.missing
    d += cell.missing
    dd += cell.missing
    yd += value * cell.missing
  }
  return { ...cell, n, y, yy, d, dd, yd, xy }
}

const isCluster = (cell: Cell): boolean => cell.d !== cell.n || cell.dd !== cell.n

function shares(strata: readonly Stratum[], isTriggered: boolean): Weighed {
  const weight = strata.reduce((sum, one) => sum + one.weight, 0)
  let harm = 0
  for (const { weight: w, part, candidate, stable } of strata)
    if (part > 0) harm += w * part * (candidate.y / candidate.n - stable.y / stable.n)
  const se = (at: number): number => {
    let sum = 0
    for (const { weight: w, part, candidate, stable } of strata) {
      if (part === 0) continue
      const inPart = Math.max(-0.999, Math.min(0.999, at / part))
      sum += w * w * part * part * nullVariance(candidate.y, candidate.n, stable.y, stable.n, inPart)
    }
    return Math.sqrt(sum) / weight
  }
  return {
    method: isTriggered ? 'triggered' : 'score',
    harm: weight > 0 ? harm / weight : 0,
    se: weight > 0 ? se : () => 0,
    weight,
    units: unitsOf(strata),
    failures: {
      stable: strata.reduce((sum, { stable }) => sum + stable.y, 0),
      candidate: strata.reduce((sum, { candidate }) => sum + candidate.y, 0),
    },
    r2: null,
    trials: strata.map(({ share, part, candidate, stable }) => ({
      share,
      part,
      candidate: candidate.y,
      stable: stable.y,
      candidateUnits: candidate.n,
      stableUnits: stable.n,
    })),
  }
}

/**
 * Variance of a difference of two shares if it were `delta`: pooled for no difference, else at the likeliest pair of shares that differ by just so much
 * (Farrington & Manning, Statistics in Medicine 9, 1990, appendix), with Miettinen and Nurminen's n / (n − 1).
 */
function nullVariance(y1: number, n1: number, y2: number, n2: number, delta: number): number {
  const n = n1 + n2
  const small = n > 1 ? n / (n - 1) : 1
  if (delta === 0) {
    const p = (y1 + y2) / n
    return p * (1 - p) * (1 / n1 + 1 / n2) * small
  }
  const p1 = y1 / n1
  const p2 = y2 / n2
  const ratio = n2 / n1
  const a = 1 + ratio
  const b = -(1 + ratio + p1 + ratio * p2 + delta * (ratio + 2))
  const c = delta * delta + delta * (2 * p1 + ratio + 1) + p1 + ratio * p2
  const d = -p1 * delta * (1 + delta)
  const third = b / (3 * a)
  const v = third * third * third - (b * c) / (6 * a * a) + d / (2 * a)
  const u = Math.sign(v || 1) * Math.sqrt(Math.max(0, third * third - c / (3 * a)))
  const angle = u === 0 ? 0 : (Math.PI + Math.acos(Math.max(-1, Math.min(1, v / (u * u * u))))) / 3
  const q1 = Math.max(Math.max(0, delta), Math.min(Math.min(1, 1 + delta), 2 * u * Math.cos(angle) - third))
  const q2 = q1 - delta
  return ((q1 * (1 - q1)) / n1 + (q2 * (1 - q2)) / n2) * small
}

function means(strata: readonly Stratum[], isTriggered: boolean): Weighed {
  const adjust = slope(strata)
  const { slope: by, r2 } = adjust
  let harm = 0
  for (const { weight, part, candidate, stable } of strata) {
    if (part === 0) continue
    const raw = candidate.y / candidate.n - stable.y / stable.n
    harm += weight * part * (raw - by * (candidate.x / candidate.n - stable.x / stable.n))
  }
  const spread = (cell: Cell): number => {
    if (cell.n < 2) return Number.NaN
    const yy = cell.yy - (cell.y * cell.y) / cell.n
    const xy = cell.xy - (cell.x * cell.y) / cell.n
    const xx = cell.xx - (cell.x * cell.x) / cell.n
    return Math.max(0, yy - 2 * by * xy + by * by * xx) / (cell.n - 1)
  }
  const weighed = summed(strata, harm, spread)
  return { ...weighed, method: isTriggered ? 'triggered' : r2 === null ? 'score' : 'covariate', r2 }
}

/**
 * Units of many orders (a customer, a region's block of time): ratios of sums, with the variance between units, never between orders. Deviations
 * y − R d are linearised at the epoch's own ratio (delta method).
 */
function clusters(strata: readonly Stratum[]): Weighed {
  let harm = 0
  const ratios = new Map<Cell, { ratio: number; size: number }>()
  for (const { weight, part, candidate, stable } of strata) {
    if (part === 0) continue
    const [rc, rs] = [candidate.y / candidate.d, stable.y / stable.d]
    ratios.set(candidate, { ratio: rc, size: candidate.d / candidate.n })
    ratios.set(stable, { ratio: rs, size: stable.d / stable.n })
    harm += weight * part * (rc - rs)
  }
  const spread = (cell: Cell): number => {
    const { ratio, size } = ratios.get(cell) ?? { ratio: 0, size: 1 }
    if (cell.n < 2) return Number.NaN
    return Math.max(0, cell.yy - 2 * ratio * cell.yd + ratio * ratio * cell.dd) / (cell.n - 1) / (size * size)
  }
  return { ...summed(strata, harm, spread), method: 'cluster', r2: null }
}

/**
 * Standard error from the variances within arms and epochs; an epoch in which an arm has one unit borrows the mean variance of that arm. The
 * candidate's variance is never believed to be below what stable's would make of it: of skewed values a small sample with a small mean has a small
 * variance too.
 */
function summed(
  strata: readonly Stratum[],
  harm: number,
  spread: (cell: Cell) => number,
): Pick<Weighed, 'harm' | 'se' | 'weight' | 'units' | 'failures' | 'trials'> {
  const weight = strata.reduce((sum, one) => sum + one.weight, 0)
  const typical = (cells: readonly Cell[]): number => {
    let [sum, df] = [0, 0]
    for (const cell of cells) {
      if (cell.n < 2) continue
      sum += spread(cell) * (cell.n - 1)
      df += cell.n - 1
    }
    return df > 0 ? sum / df : Number.NaN
  }
  const known = strata.filter(({ part }) => part > 0)
  const inStable = typical(known.map(({ stable }) => stable))
  const inCandidate = typical(known.map(({ candidate }) => candidate))
  let [own, asStable, ofStable] = [0, 0, 0]
  for (const { weight: w, part, candidate, stable } of known) {
    const scale = w * w * part * part
    const s = stable.n < 2 ? inStable : spread(stable)
    const c = candidate.n < 2 ? inCandidate : spread(candidate)
    own += (scale * c) / candidate.n
    asStable += (scale * s) / candidate.n
    ofStable += (scale * s) / stable.n
  }
  const se = weight > 0 ? Math.sqrt(Math.max(own, asStable) + ofStable) / weight : 0
  return { harm: weight > 0 ? harm / weight : 0, se: () => se, weight, units: unitsOf(strata), failures: null, trials: [] }
}

/** Slope of the outcome on the covariate within arms and epochs, and the part of the variance it explains; none where nothing was foretold. */
function slope(strata: readonly Stratum[]): { readonly slope: number; readonly r2: number | null } {
  let [xx, xy, yy] = [0, 0, 0]
  for (const { candidate, stable, part } of strata) {
    if (part === 0) continue
    for (const cell of [candidate, stable]) {
      xx += cell.xx - (cell.x * cell.x) / cell.n
      xy += cell.xy - (cell.x * cell.y) / cell.n
      yy += cell.yy - (cell.y * cell.y) / cell.n
    }
  }
  // Rounding alone may leave something of a covariate that is always the same.
  const scale = strata.reduce((sum, { candidate, stable }) => sum + candidate.xx + stable.xx, 0)
  if (!(xx > 1e-9 * scale) || !(yy > 0)) return { slope: 0, r2: null }
  return { slope: xy / xx, r2: Math.min(1, (xy * xy) / (xx * yy)) }
}

const unitsOf = (strata: readonly Stratum[]): { stable: number; candidate: number } => ({
  stable: strata.reduce((sum, { stable }) => sum + stable.n, 0),
  candidate: strata.reduce((sum, { candidate }) => sum + candidate.n, 0),
})

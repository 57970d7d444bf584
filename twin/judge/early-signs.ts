import { alphasOf } from './alphas.ts'
import type { Evidence, MetricPlan, Paired, SignHour, SignVerdict } from './evidence.ts'
import { exactLower, exactUpper, logExactOdds } from './exact-odds.ts'
import { criticalZ, logFourScales, type Scales } from './four-scales.ts'
import { boundOf } from './missingness.ts'
import { bestRho } from './mixtures.ts'
import { logSum } from './special-functions.ts'

/**
 * What speaks against a candidate before any outcome is certain. Both policies answer every order, so what their answers say of themselves is compared
 * order by order over all orders and not over the candidate's few alone: at a share of 1 % that is a hundred times as many. It is as right as the
 * forecasts are, and blind where they are: so a sign holds, and rolls back only where outcomes lean the same way, or where it is no forecast
 * but what has happened (no way found, a fall down the ladder). It never promotes, and has a part of alpha of its own.
 *
 * A break may begin at any hour: an e-value is begun anew with each day and with each step, and their mean with weights 1 / k (k + 1), which sum to 1, is
 * one again. Orders of an hour share queues and trucks, so variances are widened by what hours differ more among each other than orders explain.
 */
export function earlySigns(evidence: Evidence): SignVerdict[] {
  const { plan, signs = [] } = evidence
  if (plan.signs === undefined) return []
  const { sign: alpha } = alphasOf(plan)
  const marginOf = (id: string, otherwise: number): number =>
    plan.metrics.find((metric) => metric.id === id && metric.role !== 'diagnostic')?.margin ?? otherwise
  const pace = plan.unitsPerHour
  const late = pairedSign(signs, ({ late: one }) => one, marginOf('late', LATE_MARGIN), alpha, pace)
  const unrouted = pairedSign(signs, ({ unrouted: one }) => one, marginOf('unrouted', FEW), alpha, pace)
  return [
    { id: 'late', ...late, isConfirmed: late.isBeyond && outcomesLean(evidence) },
    { id: 'unrouted', ...unrouted, isConfirmed: unrouted.isBeyond },
    degradedSign(signs, alpha),
  ]
}

/** Margins where the plan has no metric that says. */
const LATE_MARGIN = 0.01
const FEW = 0.01

/** Hours before hours can be compared; and orders, and of them such with two different answers, before a normal stands for their sum. */
const LEAST_HOURS = 6
const LEAST_ORDERS = 100
const LEAST_DIFFERING = 30
/** When a sign is sharpest, hours of the plan's pace from where it begins. */
const HOURS = [1, 4, 12, 48]
const DAY_MS = 86_400_000

type Found = Omit<SignVerdict, 'id' | 'isConfirmed'>

function pairedSign(
  rows: readonly SignHour[],
  of: (row: SignHour) => Paired,
  margin: number,
  alpha: number,
  ordersPerHour: number,
): Found {
  const logAlarm = Math.log(1 / alpha)
  const all = sumOf(rows.map(of))
  const nothing = { orders: all.n, harm: 0, lower: -1, margin, log: 0, logAlarm, isBeyond: false }
  const widened = designEffect(rows, of)
  if (widened === null) return nothing
  const scales: Scales = {
    rhos: HOURS.map((hours) => bestRho(ordersPerHour * hours, Math.min(2 * alpha, 0.5))),
    weights: [0.25, 0.25, 0.25, 0.25],
  }
  // Σ from each hour to the last, so that a start costs no walk through all that follows.
  const after = sumsFrom(rows.map(of))
  const logs: number[] = []
  const weights: number[] = []
  let [best, most, weightOfBest] = [-1, Number.NEGATIVE_INFINITY, 1]
  const seFrom = ({ n, d, dd }: Paired): ((at: number) => number) => {
    // Of the null that is tested: a spread around what was seen would be smaller just where much was seen.
    return (at) => Math.sqrt(Math.max(0, widened * (dd - 2 * at * d + at * at * n))) / n
  }
  starts(rows).forEach((from, k) => {
    const { n, differing, d } = after[from]
    if (n < LEAST_ORDERS || differing < LEAST_DIFFERING) return
    const weight = 1 / ((k + 1) * (k + 2))
    const log = logFourScales((d / n - margin) / seFrom(after[from])(margin), n, scales)
    logs.push(log)
    weights.push(weight)
    if (log + Math.log(weight) <= most) return
    most = log + Math.log(weight)
    best = from
    weightOfBest = weight
  })
  if (best < 0) return nothing
  const log = Math.max(-1e3, logSum(logs, weights))
  const { n, d } = after[best]
  const lower = boundOf(d / n, seFrom(after[best]), -criticalZ(n, alpha * weightOfBest, scales), -1, 1)
  return { orders: n, harm: d / n, lower, margin, log, logAlarm, isBeyond: log >= logAlarm }
}

function sumsFrom(hours: readonly Paired[]): Paired[] {
  const sums: Paired[] = []
  let sum = NONE
  for (let i = hours.length - 1; i >= 0; i--) {
    sum = plus(sum, hours[i])
    sums[i] = sum
  }
  return sums
}

/** Where an e-value is begun: at the first hour, with each new day, and with each new share. */
function starts(rows: readonly SignHour[]): number[] {
  const day = ({ fromMs }: SignHour): number => Math.floor(fromMs / DAY_MS)
  return rows.flatMap((row, i) => (i === 0 || day(row) !== day(rows[i - 1]) || row.share !== rows[i - 1].share ? [i] : []))
}

const NONE: Paired = { n: 0, differing: 0, d: 0, dd: 0 }
const plus = (a: Paired, b: Paired): Paired => ({
  n: a.n + b.n,
  differing: a.differing + b.differing,
  d: a.d + b.d,
  dd: a.dd + b.dd,
})
const sumOf = (all: readonly Paired[]): Paired => all.reduce(plus, NONE)

/**
 * By how much sums of hours vary more than orders by themselves would make them; at least 1. Hours are held against their own day and share, so that a break
 * that came with a step does not widen its own bounds. Null where too few hours are known to tell.
 */
function designEffect(rows: readonly SignHour[], of: (row: SignHour) => Paired): number | null {
  const told = rows.filter((row) => of(row).n > 0)
  const ends = starts(told)
  const df = told.length - ends.length
  if (df < LEAST_HOURS - 1) return null
  let [within, between] = [0, 0]
  ends.forEach((from, k) => {
    const hours = told.slice(from, ends[k + 1]).map(of)
    const { n, d, dd } = sumOf(hours)
    within += dd - (d * d) / n
    for (const one of hours) between += (one.d - (one.n * d) / n) ** 2
  })
  // Of what orders vary, their hours' sums are left with as many parts as there are hours to be compared.
  return within > 0 ? Math.max(1, (between / within) * (told.length / df)) : 1
}

/** Falls down the ladder, as a fair game against the share: exact from the first order, since which side an order was given to is known. */
function degradedSign(signs: readonly SignHour[], alpha: number): SignVerdict {
  const rows = signs.filter(({ share, degraded }) => share > 0 && share < 1 && degraded.candidate.n > 0 && degraded.stable.n > 0)
  const logAlarm = Math.log(1 / alpha)
  const trials = rows.map(({ share, degraded }) => ({
    share,
    candidate: degraded.candidate.failed,
    stable: degraded.stable.failed,
  }))
  const from = starts(rows)
  const log =
    from.length === 0
      ? 0
      : logSum(
          from.map((start) => logExactOdds(trials.slice(start))),
          from.map((_, k) => 1 / ((k + 1) * (k + 2))),
        )
  const of = (arm: 'candidate' | 'stable'): [number, number] => [
    rows.reduce((sum, { degraded }) => sum + degraded[arm].failed, 0),
    rows.reduce((sum, { degraded }) => sum + degraded[arm].n, 0),
  ]
  const [candidate, stable] = [of('candidate'), of('stable')]
  let [weight, harm] = [0, 0]
  for (const { degraded } of rows) {
    const [c, s] = [degraded.candidate, degraded.stable]
    const w = (c.n * s.n) / (c.n + s.n)
    weight += w
    harm += w * (c.failed / c.n - s.failed / s.n)
  }
  if (weight > 0) harm /= weight
  const lower = exactLower(...candidate, alpha / 2, 1000) - exactUpper(...stable, alpha / 2, 1000)
  // Proven, and more than a trifle: a candidate that once a day takes too long is no reason to stop it.
  const isBeyond = log >= logAlarm && harm > FEW
  const orders = candidate[1] + stable[1]
  return { id: 'degraded', orders, harm, lower, margin: FEW, log, logAlarm, isBeyond, isConfirmed: isBeyond }
}

/** Three to one that more of the candidate's are late, by which side those fell to that are late for certain, matured or not. */
const LEAN = Math.log(3)

function outcomesLean({ plan, epochs, early }: Evidence): boolean {
  const late = plan.metrics.find(({ id, kind }) => id === 'late' && kind === 'share')
  if (late === undefined) return false
  const trials = epochs.flatMap(({ share, metrics }) => {
    const cells = metrics.late
    return cells === undefined
      ? []
      : [{ share, candidate: failures(late, cells.candidate), stable: failures(late, cells.stable) }]
  })
  const open = early.late
  if (open !== undefined && open.candidate.n > 0 && open.stable.n > 0) {
    const share = open.candidate.n / (open.candidate.n + open.stable.n)
    trials.push({ share, candidate: open.candidate.failed, stable: open.stable.failed })
  }
  return logExactOdds(trials) >= LEAN
}

const failures = ({ more }: MetricPlan, { n, y }: { readonly n: number; readonly y: number }): number =>
  more === 'worse' ? y : n - y

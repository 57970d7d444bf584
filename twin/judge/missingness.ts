import { EMPTY_CELL } from './cells.ts'
import type { Cell, Epoch, MetricPlan } from './evidence.ts'
import { logExactOdds } from './exact-odds.ts'
import { criticalZ, logFourScales, scalesFor } from './four-scales.ts'
import { logSum } from './special-functions.ts'
import { weigh } from './strata.ts'

/**
 * Outcomes that never came. If the candidate's vanish more often than stable's, what is left is no fair sample of it, whatever it shows. So that more
 * of one arm's are missing is an alarm of its own; and beyond 1 % promotion reckons with the worst (see `weigh`).
 */
export type MissingVerdict = {
  readonly stable: number
  readonly candidate: number
  readonly lower: number
  readonly upper: number
  readonly isAlarm: boolean
}

/** More than this part missing in an arm, and what is missing stands for the worst. */
export const MUCH_MISSING = 0.01

export function missingness(metric: MetricPlan, epochs: readonly Epoch[], unitsPerHour: number, alpha: number): MissingVerdict {
  const asOutcome: MetricPlan = { ...metric, kind: 'share', more: 'worse' }
  const gone = ({ n, missing }: Cell): Cell => {
    const all = n + missing
    return { ...EMPTY_CELL, n: all, y: missing, yy: missing, d: all, dd: all, yd: missing }
  }
  const weighed = weigh(
    asOutcome,
    epochs.flatMap((epoch) => {
      const cells = epoch.metrics[metric.id]
      if (cells === undefined) return []
      return [
        { ...epoch, triggered: null, metrics: { [metric.id]: { stable: gone(cells.stable), candidate: gone(cells.candidate) } } },
      ]
    }),
    'left out',
  )
  const { units, failures, weight, harm, se, trials } = weighed
  if (failures === null || !(weight > 0)) return { stable: 0, candidate: 0, lower: -1, upper: 1, isAlarm: false }
  const stable = failures.stable / units.stable
  const candidate = failures.candidate / units.candidate
  const scales = scalesFor(unitsPerHour, 'promote', alpha / 2)
  const critical = criticalZ(weight, alpha / 2, scales)
  const bound = (sign: number): number => boundOf(harm, se, sign * critical, -1, 1)
  const swapped = trials.map((one) => ({ share: 1 - one.share, candidate: one.stable, stable: one.candidate }))
  // Exact from the first order; with enough missing in each arm the score has half of the say.
  const isMany = Math.min(failures.stable, failures.candidate) >= 10
  const z = se(0) > 0 ? harm / se(0) : 0
  const against = (exact: number, side: number): number => {
    return isMany ? logSum([exact, logFourScales(side, weight, scales)], [0.5, 0.5]) : exact + Math.log(0.5)
  }
  const most = Math.max(against(logExactOdds(trials), z), against(logExactOdds(swapped), -z))
  return { stable, candidate, lower: bound(-1), upper: bound(1), isAlarm: most >= Math.log(2 / alpha) }
}

/** The harm whose own standard error puts it `z` of them away from what was seen: bounds by inverting the score test. */
export function boundOf(harm: number, se: (at: number) => number, z: number, low: number, high: number): number {
  // Not from the harm itself: without any failure its error is 0, and the search would end before it began.
  let at = Math.max(low, Math.min(high, harm + Math.sign(z) * 0.01))
  for (let i = 0; i < 100; i++) {
    const next = Math.max(low, Math.min(high, harm + z * se(at)))
    if (Math.abs(next - at) <= 1e-12 * Math.max(1e-6, Math.abs(next))) return next
    at = next
  }
  return at
}

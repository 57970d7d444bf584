import type { Evidence, MetricPlan } from './evidence.ts'
import { criticalZ, scalesFor } from './four-scales.ts'

/**
 * Failures are often certain before their orders are matured. In calendar time the difference of arms is no martingale under any filtration, but what is
 * weighed by its chance of having been seen is, for each arm alone (Lindon & Kallus 2026): so each arm's number of failures so far, had all orders
 * been its own, gets its own bound at half of alpha, and an alarm is where they part. It may hold or roll back, never promote.
 */
export type Early = {
  /** What the candidate fails more so far, as a part of all orders: as estimated, and at least. */
  readonly excess: number
  readonly lower: number
}

/** Failures of an arm before anything is said of it. */
const LEAST_FAILURES = 10

export function earlyExcess(metric: MetricPlan, evidence: Evidence, alpha: number): Early | null {
  const early = evidence.early[metric.id]
  if (metric.kind !== 'share' || early === undefined) return null
  // What is matured is part of what has failed so far: without it failures would vanish as they mature.
  const groups = evidence.epochs.flatMap(({ share, metrics }) => {
    const cells = metrics[metric.id]
    if (cells === undefined || !(share > 0 && share < 1)) return []
    const fails = ({ n, y }: { n: number; y: number }): number => (metric.more === 'worse' ? y : n - y)
    return [{ share, n: cells.candidate.n + cells.stable.n, c: fails(cells.candidate), s: fails(cells.stable) }]
  })
  const open = early.candidate.n + early.stable.n
  // Of those under way only sums are known; while the share rises the candidate's are the younger ones, so this errs on the side of no alarm.
  if (early.candidate.n > 0 && early.stable.n > 0)
    groups.push({ share: early.candidate.n / open, n: open, c: early.candidate.failed, s: early.stable.failed })
  let [all, weight, failedC, failedS] = [0, 0, 0, 0]
  let [wouldC, wouldS, varianceC, varianceS] = [0, 0, 0, 0]
  for (const { share, n, c, s } of groups) {
    all += n
    weight += n * share * (1 - share)
    failedC += c
    failedS += s
    wouldC += c / share
    wouldS += s / (1 - share)
    varianceC += (c * (1 - share)) / (share * share)
    varianceS += (s * share) / ((1 - share) * (1 - share))
  }
  if (failedC < LEAST_FAILURES || failedS < LEAST_FAILURES) return null
  const z = criticalZ(weight, alpha / 2, scalesFor(evidence.plan.unitsPerHour, 'harm', alpha / 2))
  const lower = wouldC - wouldS - z * (Math.sqrt(varianceC) + Math.sqrt(varianceS))
  return { excess: (wouldC - wouldS) / all, lower: lower / all }
}

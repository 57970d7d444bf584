import type { Evidence, MetricPlan } from '../../twin/judge/evidence.ts'
import { logExactOdds } from '../../twin/judge/exact-odds.ts'
import { ratios } from '../../twin/judge/sample-ratio.ts'
import { weigh } from '../../twin/judge/strata.ts'
import type { CanaryWorld } from './world.ts'

/**
 * Whether a look can lead to nothing, so that the judge need not be asked: most looks of most canaries. It asks for less than the judge does at every
 * point: a one-sided mixture of normals at α ≤ 0.05 never rejects below 2.15 standard errors (½ ln 4 − ln 20 + z²/2 ≥ 0 is needed), so what
 * lies below 2 is quiet whatever the clock says. That the judge itself says `hold` there is a test (canary.test.ts).
 */
export function isQuiet(evidence: Evidence, asked: Asked): boolean {
  const { plan, epochs } = evidence
  if (!(Math.max(plan.alphaHarm, plan.alphaPromote) <= 0.05)) return false
  if (ratios(epochs, plan.alphaRatio).isAlarm) return false
  if (asked === 'ratio') return true
  let couldPromote = asked === 'ladder'
  for (const metric of plan.metrics) {
    if (metric.kind === 'quantile' || metric.limit !== undefined || anyMissing(metric, evidence)) return false
    const seen = weigh(metric, epochs, 'left out')
    if (!(seen.weight > 0)) couldPromote = false
    else {
      const error = seen.se(0)
      if (seen.harm >= LEAST * error || (asked === 'sides' && -seen.harm >= LEAST * error)) return false
      if (couldPromote && metric.margin - seen.harm < LEAST * seen.se(metric.margin)) couldPromote = false
      if (logExactOdds(seen.trials) >= LEAST) return false
    }
    if (asked === 'ladder' && earlyStandardErrors(metric, evidence) >= LEAST) return false
  }
  return !couldPromote
}

/** What a canary is played for, see `CanaryWorld.until`. */
type Asked = CanaryWorld['until']

/** Standard errors, and for a likelihood ratio its logarithm: ln 20 is 3.0. */
const LEAST = 2

function anyMissing({ id }: MetricPlan, { epochs }: Evidence): boolean {
  return epochs.some(({ metrics }) => metrics[id].candidate.missing > 0 || metrics[id].stable.missing > 0)
}

/** How many standard errors early failures of the candidate are ahead, both arms' errors added as the early warning does. */
function earlyStandardErrors({ id, kind }: MetricPlan, { early, epochs }: Evidence): number {
  const now = early[id]
  if (kind !== 'share' || now === undefined) return 0
  let [ahead, ownError, otherError] = [0, 0, 0]
  const tell = (share: number, c: number, s: number): void => {
    ahead += c / share - s / (1 - share)
    ownError += (c * (1 - share)) / (share * share)
    otherError += (s * share) / ((1 - share) * (1 - share))
  }
  for (const { share, metrics } of epochs) tell(share, metrics[id].candidate.y, metrics[id].stable.y)
  const all = now.candidate.n + now.stable.n
  if (now.candidate.n > 0 && now.stable.n > 0) tell(now.candidate.n / all, now.candidate.failed, now.stable.failed)
  const error = Math.sqrt(ownError) + Math.sqrt(otherError)
  return error > 0 ? ahead / error : 0
}

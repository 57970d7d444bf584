import { alphasOf, EARLY_PART, RARE_PART } from '../../twin/judge/alphas.ts'
import { earlySigns } from '../../twin/judge/early-signs.ts'
import type { Evidence, JudgePlan, MetricPlan } from '../../twin/judge/evidence.ts'
import { logExactOdds } from '../../twin/judge/exact-odds.ts'
import { logFourScales, scalesFor } from '../../twin/judge/four-scales.ts'
import { isBurntIn } from '../../twin/judge/metric-verdict.ts'
import { ratios } from '../../twin/judge/sample-ratio.ts'
import { type Weighed, weigh } from '../../twin/judge/strata.ts'
import type { CanaryWorld } from './world.ts'

/**
 * Whether a look can lead to nothing, so that the judge need not be asked: most looks of most canaries. It asks the judge's own questions, each at the
 * one place where the answer turns (an e-value at no harm, at the margin) instead of for bounds and words, and leaves some room around each of
 * them: so it is quick, and whatever is near is looked at. That the judge itself says `hold` where this is quiet is a test (canary.test.ts).
 */
export function isQuiet(evidence: Evidence, asked: Asked): boolean {
  const { plan, epochs } = evidence
  if (!(Math.max(plan.alphaHarm, plan.alphaPromote) <= 0.05)) return false
  if (ratios(epochs, plan.alphaRatio).isAlarm) return false
  if (asked === 'ratio') return true
  if (earlySigns(evidence).some(({ isBeyond }) => isBeyond)) return false
  let couldPromote = asked === 'ladder'
  const { harm: alphaHarm } = alphasOf(plan)
  for (const metric of plan.metrics) {
    if (metric.kind === 'quantile' || metric.limit !== undefined || anyMissing(metric, evidence)) return false
    const seen = weigh(metric, epochs, 'left out')
    if (!(seen.weight > 0)) couldPromote = false
    else {
      const isBurnt = isBurntIn(seen, plan)
      if (nearHarm(seen, metric, plan, alphaHarm, isBurnt)) return false
      if (asked === 'sides' && isBurnt && mayPromote(-seen.harm, seen.se(0), seen.weight, metric, plan)) return false
      if (couldPromote && !nearMargin(seen, metric, plan, isBurnt)) couldPromote = false
    }
    if ((asked === 'ladder' || asked === 'back') && earlyStandardErrors(metric, evidence) >= leastZ((alphaHarm * EARLY_PART) / 2))
      return false
  }
  return !couldPromote
}

/** What a canary is played for, see `CanaryWorld.until`. */
type Asked = CanaryWorld['until']

/** Standard errors below which no one-sided mixture of normals at α ≤ 0.05 rejects, whatever its scale. */
const LEAST = 2
/** The same at any α: ½ ln 4 + z²/2 is the most that such a mixture can reach, and has to be ln 1/α. */
const leastZ = (alpha: number): number => Math.sqrt(2 * Math.log(1 / alpha) - Math.log(4))
/** Room that is left on the scale of a log e-value: what comes within it is put to the judge. */
const ROOM = 0.1

/** Whether the mixture, or the exact game, may be at an alarm; each is asked as if it had all of the weight. */
function nearHarm(seen: Weighed, metric: MetricPlan, { unitsPerHour }: JudgePlan, alphas: number, isBurnt: boolean): boolean {
  const alpha = metric.kind === 'share' ? alphas * (1 - EARLY_PART) : alphas
  // Of a mixture of two that reaches ln 1/α one at least does.
  const logAlarm = Math.log(1 / alpha) - ROOM
  if (logExactOdds(seen.trials) >= logAlarm) return true
  const error = seen.se(0)
  if (!isBurnt || !(seen.harm > 0)) return false
  return !(error > 0) || logFourScales(seen.harm / error, seen.weight, scalesFor(unitsPerHour, 'harm', alpha)) >= logAlarm
}

/** Whether a harm of the margin may be rejected. Before burn-in each arm has its own exact interval, which is wider. */
function nearMargin(seen: Weighed, metric: MetricPlan, plan: JudgePlan, isBurnt: boolean): boolean {
  const [ahead, error] = [metric.margin - seen.harm, seen.se(metric.margin)]
  return isBurnt ? mayPromote(ahead, error, seen.weight, metric, plan) : !(ahead < LEAST * error)
}

/** Whether the bound for promotion may lie on the good side of a harm that the estimate is `ahead` of, if its error there is `error`. */
function mayPromote(
  ahead: number,
  error: number,
  weight: number,
  { kind }: MetricPlan,
  { unitsPerHour, alphaPromote }: JudgePlan,
): boolean {
  if (!(ahead > 0)) return false
  const alpha = kind === 'share' ? alphaPromote * (1 - RARE_PART) : alphaPromote
  return (
    !(error > 0) || logFourScales(ahead / error, weight, scalesFor(unitsPerHour, 'promote', alpha)) >= Math.log(1 / alpha) - ROOM
  )
}

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

import { normalQuantile } from '../../sim/normal.ts'
import { type Arm, ofShare, safeRollout } from '../../twin/judge/peers/growthbook.ts'
import { classify, score, verdictOfScore } from '../../twin/judge/peers/kayenta.ts'
import { argo, flagger, rolledBackAt } from '../../twin/judge/peers/thresholds.ts'
import { binomial, KIND, type Luck } from './counts.ts'
import { type Cohort, EvidenceBook } from './evidence-book.ts'
import { type CanaryWorld, MARGIN } from './world.ts'

const HOUR_MS = 3_600_000
const DAY = 24

/** Hour at which each rule of a peer rolls back; null where it ships at the end of the fortnight. */
export type PeersPlayed = Readonly<Record<PeerRule, number | null>>
export const PEER_RULES = ['GrowthBook', 'Kayenta', 'Argo', 'Flagger', 'z-test each hour'] as const
export type PeerRule = (typeof PEER_RULES)[number]

/**
 * Rules of peers on the same orders: the share climbs by the clock, they are given matured outcomes (which none of them would wait for by itself) and a
 * control of the candidate's size where they want one, and what has not been rolled back at the end is shipped, as their documents say.
 */
export function playPeers(world: CanaryWorld, luck: Luck): PeersPlayed {
  if (typeof world.share === 'number' || world.shares.length !== 1) throw new Error('peers climb a ladder with one metric')
  const book = new EvidenceBook(world, luck)
  const steps = world.share
  const [{ base }] = world.shares
  const found: Record<PeerRule, number | null> = {
    GrowthBook: null,
    Kayenta: null,
    Argo: null,
    Flagger: null,
    'z-test each hour': null,
  }
  const sums = { control: [0, 0], candidate: [0, 0] }
  const rates: { control: number[]; candidate: number[] } = { control: [], candidate: [] }
  const days: { n: number; bad: number }[] = []
  let [step, came] = [0, 0]
  let today = { n: 0, bad: 0 }
  for (let hour = 0; hour < world.hours; hour++) {
    const now = hour + 1
    const cohort = book.live(hour, steps[step].share)
    if (step < steps.length - 1 && (now - came) * HOUR_MS >= steps[step].minDwellMs) {
      step++
      came = now
    }
    if (cohort === null) continue
    const control = controlOf(cohort, luck)
    const candidate: [number, number] = [cohort.told.candidate, cohort.bad[0].candidate]
    put(sums.control, control)
    put(sums.candidate, candidate)
    today = { n: today.n + candidate[0], bad: today.bad + candidate[1] }
    if (control[0] > 0 && candidate[0] > 0) {
      rates.control.push(control[1] / control[0])
      rates.candidate.push(candidate[1] / candidate[0])
    }
    if (found.GrowthBook === null) {
      const guardrail = { control: armOf(sums.control), rollout: armOf(sums.candidate) }
      if (safeRollout([guardrail], false) === 'rollback-now') found.GrowthBook = now
    }
    if (found['z-test each hour'] === null && isWorse(sums.control, sums.candidate)) found['z-test each hour'] = now
    if (now % DAY !== 0) continue
    days.push(today)
    today = { n: 0, bad: 0 }
    found.Argo ??= at(rolledBackAt(argo(base + MARGIN), days), now)
    found.Flagger ??= at(rolledBackAt(flagger(base + MARGIN, FLAGGER_CHECKS), days), now)
    if (found.Kayenta === null) {
      const { label } = classify(rates.candidate, rates.control, { direction: 'increase' })
      if (verdictOfScore(score([{ group: 'late', label, isCritical: false }])) === 'Fail') found.Kayenta = now
    }
  }
  return found
}

/** `threshold` of Flagger's own first example. */
const FLAGGER_CHECKS = 5

/** Of stable's orders those in the range opposite the candidate's, as many as it has: each of them is there with the same chance. */
function controlOf({ hour, share, told, bad }: Cohort, luck: Luck): [number, number] {
  const part = Math.min(1, share / (1 - share))
  const worse = binomial(luck, hour, KIND.controlBadPart, bad[0].stable, part)
  return [worse + binomial(luck, hour, KIND.controlGoodPart, told.stable - bad[0].stable, part), worse]
}

function put(sums: number[], [n, bad]: readonly [number, number]): void {
  sums[0] += n
  sums[1] += bad
}

const armOf = ([n, bad]: readonly number[]): Arm => ofShare(n, bad)
const at = (check: number | null, now: number): number | null => (check === null ? null : now)

const Z = -normalQuantile(0.05)
/** What many dashboards do: one-sided, 5 %, with the variances of the sample, whenever somebody looks. */
function isWorse([n, bad]: readonly number[], [m, worse]: readonly number[]): boolean {
  if (n === 0 || m === 0) return false
  const [p, q] = [bad / n, worse / m]
  const error = Math.sqrt((p * (1 - p)) / n + (q * (1 - q)) / m)
  return error > 0 && (q - p) / error > Z
}

import { dice } from '../../sim/random.ts'
import { judge } from '../../twin/judge/judge.ts'
import { EvidenceBook } from './evidence-book.ts'
import { isQuiet } from './quiet.ts'
import type { CanaryWorld } from './world.ts'

const HOUR_MS = 3_600_000

/** What became of one canary; hours count from its start, null where it did not happen. */
export type Played = {
  readonly promoted: number | null
  readonly rolledBack: number | null
  /** First look at which arms had not their sizes, or outcomes were missing unequally: somebody would have to look into it. */
  readonly ratioAlarm: number | null
  readonly missingAlarm: number | null
  /** First alarm that any metric is worse, or is better. */
  readonly harm: number | null
  readonly better: number | null
  /** Share of orders whose forecast's variance was taken away at the end, where there was a forecast. */
  readonly r2: number | null
  /** Looks at which the judge was asked. */
  readonly looks: number
}

/**
 * One canary from its first order, looked at every hour, and judged by the judge itself on the evidence it would be shown wherever anything could
 * come of it; `asksAlways` asks it at the other looks too.
 */
export function play(world: CanaryWorld, canary: number, seed: string, asksAlways = false): Played {
  const book = new EvidenceBook(world, { dice: dice(`${seed} ${world.id}`, 0), canary })
  let [step, came] = [0, 0]
  let [promoted, rolledBack, ratioAlarm, missingAlarm, harm, better, r2]: (number | null)[] = [
    null,
    null,
    null,
    null,
    null,
    null,
    null,
  ]
  let looks = 0
  for (let hour = 0; hour < world.hours; hour++) {
    const share = typeof world.share === 'number' ? world.share : world.share[step].share
    book.live(hour, share)
    const now = hour + 1
    const evidence = book.evidence(hour)
    const verdict = !asksAlways && isQuiet(evidence, world.until) ? null : judge(evidence)
    if (verdict !== null) {
      looks++
      if (verdict.ratio.isAlarm) ratioAlarm ??= now
      if (Object.values(verdict.missing).some(({ isAlarm }) => isAlarm)) missingAlarm ??= now
      if (verdict.metrics.some(({ isHarm }) => isHarm)) harm ??= now
      if (verdict.metrics.some(({ isBetter }) => isBetter)) better ??= now
      r2 = verdict.metrics[0]?.r2 ?? r2
    }
    if (world.until === 'harm' && harm !== null) break
    if (world.until === 'ratio' && ratioAlarm !== null) break
    if (world.until === 'sides' && harm !== null && better !== null) break
    if (world.until !== 'ladder' || typeof world.share === 'number') continue
    if (verdict?.verdict === 'roll back') {
      rolledBack = now
      break
    }
    // An alarm of sizes or of missing outcomes holds it until somebody has looked; here nobody does.
    if (ratioAlarm !== null || missingAlarm !== null) break
    const { minDwellMs, minMatured } = world.share[step]
    if ((now - came) * HOUR_MS < minDwellMs || book.matured() < minMatured) continue
    if (step < world.share.length - 1) {
      step++
      came = now
    } else if (verdict?.verdict === 'promote') {
      promoted = now
      break
    }
  }
  return { promoted, rolledBack, ratioAlarm, missingAlarm, harm, better, r2, looks }
}

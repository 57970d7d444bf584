import { dice } from '../../sim/random.ts'
import { judge } from '../../twin/judge/judge.ts'
import { EvidenceBook } from './evidence-book.ts'
import { Ladder } from './ladder.ts'
import { type PeersPlayed, playPeers } from './peers.ts'
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
  /** First look at which an early sign held it. */
  readonly sign: number | null
  /** Share of orders whose forecast's variance was taken away at the end, where there was a forecast. */
  readonly r2: number | null
  /** What rules of peers would have done, in worlds where they play along. */
  readonly peers: PeersPlayed | null
  /** Looks at which the judge was asked. */
  readonly looks: number
}

/**
 * One canary from its first order, looked at every hour, and judged by the judge itself on the evidence it would be shown wherever anything could
 * come of it; `asksAlways` asks it at the other looks too.
 */
export function play(world: CanaryWorld, canary: number, seed: string, asksAlways = false): Played {
  const luck = { dice: dice(`${seed} ${world.id}`, 0), canary }
  const book = new EvidenceBook(world, luck)
  const ladder = typeof world.share === 'number' ? null : new Ladder(world, world.share)
  // The first look ends a shadow of no length.
  if (ladder !== null) {
    const before = book.evidence(-1)
    ladder.look(0, before, judge(before))
  }
  let [promoted, rolledBack, ratioAlarm, missingAlarm, harm, better, sign, r2]: (number | null)[] = Array.from(
    { length: 8 },
    () => null,
  )
  let looks = 0
  for (let hour = 0; hour < world.hours; hour++) {
    book.live(hour, typeof world.share === 'number' ? world.share : (ladder?.share() ?? 0))
    const now = hour + 1
    const evidence = book.evidence(hour)
    const isDue = ladder?.isDue(now * HOUR_MS) ?? false
    if (!asksAlways && !isDue && isQuiet(evidence, world.until)) continue
    const verdict = judge(evidence)
    looks++
    if (verdict.ratio.isAlarm) ratioAlarm ??= now
    if (Object.values(verdict.missing).some(({ isAlarm }) => isAlarm)) missingAlarm ??= now
    if (verdict.metrics.some(({ isHarm }) => isHarm)) harm ??= now
    if (verdict.metrics.some(({ isBetter }) => isBetter)) better ??= now
    if (verdict.signs?.some(({ isBeyond }) => isBeyond) === true) sign ??= now
    r2 = verdict.metrics[0]?.r2 ?? r2
    if (world.until === 'harm' && harm !== null) break
    if (world.until === 'ratio' && ratioAlarm !== null) break
    if (world.until === 'sides' && harm !== null && better !== null) break
    if (world.until === 'back' && verdict.verdict === 'roll back') {
      rolledBack = now
      break
    }
    if (ladder === null) continue
    const step = ladder.look(now * HOUR_MS, evidence, verdict)
    if (step === 'promoted') promoted = now
    if (step === 'rolled back') rolledBack = now
    if (step !== 'goes on') break
  }
  const peers = world.peers ? playPeers(world, luck) : null
  return { promoted, rolledBack, ratioAlarm, missingAlarm, harm, better, sign, r2, peers, looks }
}

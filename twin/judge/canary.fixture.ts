import { addCells, EMPTY_CELL } from './cells.ts'
import type { Cell, Epoch, Evidence, JudgePlan, MetricPlan, Verdict } from './evidence.ts'
import { judge } from './judge.ts'

/** Dice for tests: the same for the same seed (mulberry32). */
export function diceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** How many of `n` happen with chance `p`: one by one while it is cheap, by waiting times where it is rare. */
function binomial(n: number, p: number, dice: () => number): number {
  if (p > 0.5) return n - binomial(n, 1 - p, dice)
  if (p <= 0) return 0
  const log = Math.log1p(-p)
  let happened = 0
  let at = Math.floor(Math.log(1 - dice()) / log)
  while (at < n) {
    happened++
    at += 1 + Math.floor(Math.log(1 - dice()) / log)
  }
  return happened
}

export const LATE: MetricPlan = {
  id: 'late',
  role: 'guardrail',
  kind: 'share',
  more: 'worse',
  margin: 0.005,
  horizonMs: 48 * 3_600_000,
  missing: 'worst-case',
}

export const PLAN: JudgePlan = {
  metrics: [LATE],
  alphaPromote: 0.05,
  alphaHarm: 0.05,
  alphaRatio: 0.001,
  alphaMissing: 0.01,
  unitsPerHour: 833,
  burnInUnits: 100,
  burnInEvents: 10,
}

export const EVIDENCE: Evidence = {
  format: 1,
  rollout: 'r-1',
  plan: PLAN,
  asOfMs: 0,
  watermarkMs: 0,
  startedMs: 0,
  epochs: [],
  early: {},
  twin: null,
  twinHolds: true,
}

/** Failures among n single units. */
export const trials = (failed: number, n: number, missing = 0): Cell => ({
  ...EMPTY_CELL,
  n,
  y: failed,
  yy: failed,
  d: n,
  dd: n,
  yd: failed,
  missing,
})

/** An epoch in which nothing was lost and everything is matured. */
export function epoch(id: string, share: number, metrics: Epoch['metrics'], more: Partial<Epoch> = {}): Epoch {
  const [first] = Object.values(metrics)
  const sizes = { stable: first.stable.n + first.stable.missing, candidate: first.candidate.n + first.candidate.missing }
  return { id, share, assigned: sizes, exposed: sizes, matured: sizes, metrics, triggered: null, histograms: {}, ...more }
}

export type Played = { readonly verdict: Verdict['verdict']; readonly hour: number }

/**
 * A rollout of matured orders that is looked at every hour, until the judge would promote (from `promoteFrom` on, if at all) or roll back. Late
 * orders of a day come with that day's chance; `share` is the candidate's by hour.
 */
export function play({
  seed,
  hours,
  share,
  stable,
  candidate,
  perHour = 833,
  plan = PLAN,
  promoteFrom = 0,
}: {
  readonly seed: number
  readonly hours: number
  readonly share: (hour: number) => number
  readonly stable: (hour: number) => number
  readonly candidate: (hour: number) => number
  readonly perHour?: number
  readonly plan?: JudgePlan
  readonly promoteFrom?: number
}): Played {
  const dice = diceOf(seed)
  const epochs = new Map<string, Epoch>()
  for (let hour = 0; hour < hours; hour++) {
    const part = share(hour)
    const mine = binomial(perHour, part, dice)
    const theirs = perHour - mine
    const id = `d${String(Math.floor(hour / 24)).padStart(3, '0')}-${part}`
    const before = epochs.get(id)?.metrics.late ?? { stable: EMPTY_CELL, candidate: EMPTY_CELL }
    const late = {
      candidate: addCells(before.candidate, trials(binomial(mine, candidate(hour), dice), mine)),
      stable: addCells(before.stable, trials(binomial(theirs, stable(hour), dice), theirs)),
    }
    epochs.set(id, epoch(id, part, { late }))
    const { verdict } = judge({ ...EVIDENCE, plan, asOfMs: hour * 3_600_000, epochs: [...epochs.values()] })
    if (verdict === 'roll back' || (verdict === 'promote' && hour >= promoteFrom)) return { verdict, hour: hour + 1 }
  }
  return { verdict: 'inconclusive', hour: hours }
}

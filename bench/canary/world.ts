import type { JudgePlan, MetricPlan } from '../../twin/judge/evidence.ts'
import type { RolloutStep } from '../../twin/rollout/plan.ts'

/** What is true in a simulated canary, which its judges have to find out. */
export type CanaryWorld = {
  readonly id: string
  readonly hours: number
  readonly ordersPerHour: number
  /** From the decision until the outcome is certain, h. */
  readonly horizon: number
  /** The candidate's part; or the steps that it climbs. */
  readonly share: number | readonly RolloutStep[]
  /** Bad outcomes, each a part of orders: with stable, and how many more with the candidate. */
  readonly shares: readonly { readonly id: string; readonly base: number; readonly harm: number }[]
  /** Hours in which both arms have so many more bad outcomes. */
  readonly peak: { readonly from: number; readonly to: number; readonly more: number } | null
  /** Part of the candidate's outcomes that vanish on their way without a trace. */
  readonly lost: number
  /** Part of the candidate's bad outcomes that never come, and are missed: what is left looks better than it is. */
  readonly hidden: number
  /** Part of the orders for which the policies differ: only these show an effect, which is the greater for it. */
  readonly differing: number | null
  /** Cost of an order: the candidate's rise as a part, coefficient of variation, and how much of the variance a forecast explains. */
  readonly cost: { readonly rise: number; readonly cv: number; readonly r2: number; readonly usesForecast: boolean } | null
  /**
   * What both answers to an order say of their own lateness: part of the orders for which they differ, by how much (sd) there, by how much all orders of
   * an hour are apart beside that (sd, as a part of 1), and which part of the true harm they foretell. The shadow before has none of the harm.
   */
  readonly foretold: { readonly differing: number; readonly sd: number; readonly hourly: number; readonly seen: number } | null
  readonly judge: JudgePlan
  /** What ends a canary: `ladder`, promotion or rollback; `harm`, the first alarm of harm; `ratio`, of sizes; `sides`, nothing, until both alarms were heard; `back`, a rollback. */
  readonly until: 'ladder' | 'harm' | 'ratio' | 'sides' | 'back'
  /** Rules of peers play along. */
  readonly peers: boolean
}

const HOUR_MS = 3_600_000
export const HORIZON = 48
const ORDERS_PER_HOUR = 833
export const MARGIN = 0.005

const late = (margin = MARGIN): MetricPlan => ({
  id: 'late',
  role: 'guardrail',
  kind: 'share',
  more: 'worse',
  margin,
  horizonMs: HORIZON * HOUR_MS,
  missing: 'worst-case',
})

const planOf = (metrics: readonly MetricPlan[]): JudgePlan => ({
  metrics,
  alphaPromote: 0.05,
  alphaHarm: 0.05,
  alphaRatio: 0.001,
  alphaMissing: 0.01,
  unitsPerHour: ORDERS_PER_HOUR,
  burnInUnits: 100,
  burnInEvents: 10,
})

/** A day at each step; what the gate wants beyond that, the judge asks for. */
const LADDER: readonly RolloutStep[] = [0.01, 0.05, 0.25, 0.5].map((share) => ({
  share,
  minDwellMs: 24 * HOUR_MS,
  minMatured: 0,
  approval: false,
}))

const CLIMB: Omit<CanaryWorld, 'id'> = {
  hours: 336,
  ordersPerHour: ORDERS_PER_HOUR,
  horizon: HORIZON,
  share: LADDER,
  shares: [{ id: 'late', base: 0.05, harm: 0 }],
  // In the middle of the climb, from 5 to 25 and 50 %: whoever pools orders of these days compares calm days with bad ones.
  peak: { from: 24, to: 74, more: 0.05 },
  lost: 0,
  hidden: 0,
  differing: null,
  cost: null,
  foretold: null,
  judge: planOf([late()]),
  until: 'ladder',
  peers: false,
}
const steady = (share: number, harm: number): Omit<CanaryWorld, 'id'> => ({
  ...CLIMB,
  share,
  shares: [{ id: 'late', base: 0.05, harm }],
  peak: null,
  until: 'harm',
})

/** Breaks of so many parts of 1, at these shares: what early signs make of them, where answers foretell all of it, half of it, and nothing. */
const BREAKS: readonly (readonly [harm: number, share: number, seen: number])[] = [
  [0, 0.01, 1],
  [0, 0.05, 1],
  [0.02, 0.01, 1],
  [0.02, 0.05, 1],
  [0.05, 0.01, 1],
  [0.05, 0.05, 1],
  [0.1, 0.01, 1],
  [0.1, 0.05, 1],
  [0.1, 0.01, 0.5],
  [0.1, 0.01, 0],
  [0.1, 0.05, 0],
]
const SEEN: Readonly<Record<number, string>> = { 1: 'foretold', 0.5: 'half foretold', 0: 'not foretold' }
const withSigns = (harm: number, share: number, seen: number): CanaryWorld => ({
  ...steady(share, harm),
  id: harm === 0 ? `signs: equal, ${100 * share} %` : `signs: ${100 * harm} pp at ${100 * share} %, ${SEEN[seen]}`,
  hours: (harm === 0 ? 288 : 168) + HORIZON,
  foretold: { differing: 0.3, sd: 0.2, hourly: 0.004, seen },
  judge: { ...planOf([late()]), signs: 'act' },
  until: 'back',
})

/** Eight guardrails as a plan would have them, rare and frequent. */
const EIGHT = [0.05, 0.02, 0.12, 0.005, 0.3, 0.01, 0.08, 0.03].map((base, i) => ({ id: `guardrail-${i + 1}`, base, harm: 0 }))
const eightPlan = planOf(EIGHT.map(({ id, base }) => ({ ...late(Math.max(0.002, base / 10)), id })))

const COST: Omit<CanaryWorld, 'id'> = {
  ...steady(0.05, 0),
  shares: [],
  hours: 336 + HORIZON,
  judge: planOf([{ ...late(), id: 'cost', kind: 'mean', margin: 0.08 }]),
}

/** An eighth of the orders: where a fortnight says little, a rule shows what it makes of doubt. */
const FEW: Omit<CanaryWorld, 'id'> = { ...CLIMB, ordersPerHour: 100, judge: { ...CLIMB.judge, unitsPerHour: 100 }, peers: true }

/** All that is played; how the figures are held to their targets is in canary.bench.ts. */
export const WORLDS: readonly CanaryWorld[] = [
  { id: 'at the margin', ...CLIMB, shares: [{ id: 'late', base: 0.05, harm: MARGIN }], peers: true },
  { id: '1 pp worse', ...CLIMB, shares: [{ id: 'late', base: 0.05, harm: 0.01 }], peers: true },
  { id: 'equal', ...CLIMB, peers: true },
  {
    id: 'at the margin, a tenth of the late ones missing',
    ...CLIMB,
    shares: [{ id: 'late', base: 0.05, harm: MARGIN }],
    hidden: 0.1,
  },
  { id: 'at the margin, 100/h', ...FEW, shares: [{ id: 'late', base: 0.05, harm: MARGIN }] },
  { id: '1 pp worse, 100/h', ...FEW, shares: [{ id: 'late', base: 0.05, harm: 0.01 }] },
  { id: 'equal, 100/h', ...FEW },
  { id: 'equal, three in ten differ', ...CLIMB, differing: 0.3 },
  { id: 'eight guardrails', ...CLIMB, shares: EIGHT, judge: eightPlan },
  { id: '2 % at 5 %', ...steady(0.05, 0.019), hours: 336 + HORIZON },
  { id: '1 pp at 5 %', ...steady(0.05, 0.01), hours: 336 + HORIZON },
  { id: '2 % at 1 %', ...steady(0.01, 0.019), hours: 336 + HORIZON },
  // Some eight orders an hour: a test that bets on nothing but this very break finds it in 6 h, and harm of 2 % in three times the time.
  { id: '10 pp at 1 %', ...steady(0.01, 0.1), hours: 168 + HORIZON },
  { id: 'one in ten differs', ...steady(0.05, 0.005), hours: 336 + HORIZON, differing: 0.1 },
  { id: 'cost', ...COST, cost: { rise: 0.02, cv: 0.6, r2: 0.75, usesForecast: false } },
  { id: 'cost with forecast', ...COST, cost: { rise: 0.02, cv: 0.6, r2: 0.75, usesForecast: true } },
  { id: 'no loss', ...steady(0.05, 0), until: 'ratio' },
  { id: 'a fifth lost', ...steady(0.05, 0), until: 'ratio', lost: 0.2, hours: 336 + HORIZON },
  ...BREAKS.map(([harm, share, seen]) => withSigns(harm, share, seen)),
  ...[0.9, 0.95, 0.99, 0.999].map((good): CanaryWorld => {
    const base = 1 - good
    const shares = [{ id: 'late', base: Number(base.toFixed(4)), harm: 0 }]
    return { id: `small arm, ${100 * good} %`, ...steady(0.01, 0), shares, hours: 336 + HORIZON, until: 'sides' }
  }),
]

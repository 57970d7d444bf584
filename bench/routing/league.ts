import { intervalOf } from '../../scenarios/compare.ts'
import type { Interval } from '../../scenarios/result.ts'
import { median } from '../measured.ts'
import type { Chosen, Played } from './league-thread.ts'
import type { Score } from './play.ts'

/** One policy over all seeds of a case; intervals of 95 % for the mean over seeds. */
export type LeagueRow = {
  readonly policy: string
  /** Handling, freight and realised lateness, for each order, in the currency. */
  readonly cost: Interval
  /** Of it: lateness. */
  readonly late: number
  /** Cost beside the baseline's on the same day, less 1; simultaneous over all policies of the case. Null for the baseline. */
  readonly versus: Interval | null
  /** Cost beside the bound in hindsight, less 1; null where there is no bound. */
  readonly gap: Interval | null
  /** Shares of choices within 10 % of the best at hindsight prices, of all orders and of contested ones, and of orders late that need not have been. */
  readonly right: number | null
  readonly rightContested: number | null
  readonly avoidable: number | null
  readonly onTime: Interval
  readonly split: number
  readonly unfilled: number
  /** Part of the shipments decided whose goods were not there, and how often an order was routed anew. */
  readonly missed: Interval
  readonly reroutes: number
  /** Time of a decision, microseconds; null where none was timed. */
  readonly decisionUs: number | null
}

export type League = {
  readonly instance: string
  /** What sets this case apart: "load 1.15". */
  readonly label: string
  readonly seeds: number
  /** Orders a day, on average. */
  readonly orders: number
  readonly baseline: string
  /** From cheap to dear. */
  readonly rows: readonly LeagueRow[]
  /** What the bound's own program reaches that is solved as the day runs and foresees nothing; null where that was not asked. */
  readonly unforeseen: Unforeseen | null
}

/** Over so many of the seeds. */
export type Unforeseen = { readonly seeds: number; readonly gap: Interval; readonly onTime: Interval }

/** A league table from what was played: seed by seed, every policy on the same day. */
export function leagueOf(
  { instance, label, baseline }: Pick<League, 'instance' | 'label' | 'baseline'>,
  played: readonly Played[],
): League {
  const policies = played[0].scores.map(({ policy }) => policy)
  const of = (policy: string): Score[] =>
    played.map(({ scores }) => {
      const score = scores.find((one) => one.policy === policy)
      if (score === undefined) throw new Error(`${policy} did not play every seed of ${instance}`)
      return score
    })
  const costs = new Map(policies.map((policy) => [policy, of(policy).map(costPerOrder)]))
  const base = costs.get(baseline) ?? []
  const comparisons = Math.max(1, policies.length - 1)
  const rows = policies.map((policy): LeagueRow => {
    const scores = of(policy)
    const cost = costs.get(policy) ?? []
    const bounds = played.map(({ boundCents }, i) => (boundCents === null ? Number.NaN : boundCents / scores[i].orders / 100))
    const timed = scores.flatMap(({ decisionUs }) => (decisionUs === null ? [] : [decisionUs]))
    const mean = (value: (score: Score) => number): number => scores.reduce((sum, score) => sum + value(score), 0) / scores.length
    return {
      policy,
      cost: intervalOf(cost),
      late: mean(({ lateCents, orders }) => lateCents / orders / 100),
      versus: policy === baseline ? null : intervalOf(ratios(cost, base), 1 - 0.05 / comparisons),
      gap: bounds.every(Number.isNaN) ? null : intervalOf(ratios(cost, bounds)),
      right: chosenMean(played, policy, ({ right }) => right),
      rightContested: chosenMean(played, policy, ({ rightContested }) => rightContested),
      avoidable: chosenMean(played, policy, ({ avoidable }) => avoidable),
      onTime: intervalOf(scores.map(({ onTimeShare }) => onTimeShare)),
      split: mean(({ splitShare }) => splitShare),
      unfilled: mean(({ unfilledShare }) => unfilledShare),
      missed: intervalOf(scores.map(({ missedShare }) => missedShare)),
      reroutes: mean(({ missedPerOrder }) => missedPerOrder),
      decisionUs: timed.length === 0 ? null : median(timed),
    }
  })
  const orders = played.reduce((sum, { scores }) => sum + scores[0].orders, 0) / played.length
  rows.sort((a, b) => a.cost.mean - b.cost.mean)
  return { instance, label, baseline, seeds: played.length, orders, rows, unforeseen: unforeseenOf(played) }
}

function unforeseenOf(played: readonly Played[]): Unforeseen | null {
  const known = played.flatMap(({ unforeseen, boundCents }) =>
    unforeseen === null || boundCents === null
      ? []
      : [{ gap: unforeseen.cents / boundCents - 1, onTime: unforeseen.onTimeShare }],
  )
  if (known.length === 0) return null
  return {
    seeds: known.length,
    gap: intervalOf(known.map(({ gap }) => gap)),
    onTime: intervalOf(known.map(({ onTime }) => onTime)),
  }
}

/** Over the seeds that were looked back at; null where there are none, or none with such orders. */
function chosenMean(played: readonly Played[], policy: string, value: (one: Chosen) => number): number | null {
  const known = played
    .flatMap(({ chosen }) => chosen?.filter((one) => one.policy === policy).map(value) ?? [])
    .filter(Number.isFinite)
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length
}

const costPerOrder = ({ shippingCents, lateCents, orders }: Score): number => (shippingCents + lateCents) / orders / 100
const ratios = (costs: readonly number[], beside: readonly number[]): number[] => costs.map((cost, i) => cost / beside[i] - 1)

import { aimPrices, openPricer, type Pricer } from '../../policies/market/pricer.ts'
import { solveMarket } from '../../policies/market/solve.ts'
import type { LinearSolver } from '../../policies/market/solver.ts'
import { accuracyOf, contestedOf, type Judged, judgeChoices } from './accuracy.ts'
import { type Certificate, certify, widthOf } from './certificate.ts'
import { type Day, dayOf } from './day.ts'
import { type OnTime, onTimeOf } from './fairness.ts'
import { boundOfLarge, MOST_ORDERS, planOfLarge } from './large-day.ts'
import type { Observed } from './observe.ts'
import { type PseudoOptimal, pseudoOptimalOf, verdictsOf } from './pseudo-optimal.ts'
import { type RealisedMarket, realisedMarket, supplyOf } from './realised-market.ts'
import { type Spent, spentOf, sum, totalCents } from './spent.ts'

/** What one policy made of a day, beside the best that could have been made of it. Money in cents for each order. */
export type Measured = {
  readonly policy: string
  readonly costCents: number
  /** Of it: handling and freight, lateness of what was delivered, and of what was not. */
  readonly shippingCents: number
  readonly lateCents: number
  readonly undeliveredCents: number
  /** Cost beside the bound, less 1. */
  readonly gap: number
  /** Of what the baseline could have saved, the part that this policy saves: 1 would be the bound itself. NaN where there was nothing to save. */
  readonly capture: number
  readonly onTime: OnTime
  readonly splitShare: number
  readonly co2Grams: number
  /** Shares of orders within each of EPSILONS of the best choice: all of them, and those worth a thought. */
  readonly accuracy: { readonly all: readonly number[]; readonly contested: readonly number[] }
  readonly pseudoOptimal: PseudoOptimal
}

export type Hindsight = {
  readonly orders: number
  readonly baseline: string
  /** Cents for each order: the best is no less than the bound, and no more than the plan; NaN where no plan was made. */
  readonly boundCents: number
  readonly planCents: number
  readonly width: number
  /** Share of orders that were worth a thought. */
  readonly contested: number
  /** True where the bound holds for all policies there are, and not only for those of this comparison (`Day.refilled`). */
  readonly holdsForAll: boolean
  readonly policies: readonly Measured[]
}

/** A run under the name of its policy. */
export type NamedRun = { readonly policy: string; readonly run: Observed }

/** How near to its optimum a brief look solves the day's program; the bound holds all the same. */
const BRIEF_GAP = 1e-3
/** The accuracy at which an order counts as contested where the baseline's choice is not so good. */
const CONTESTED = 0.1

export type Looked = {
  readonly day: Day
  /** All orders, or of a large day a sample of them. */
  readonly market: RealisedMarket
  readonly certificate: Certificate
  readonly hindsight: Hindsight
}

/** What is left out to be quick: the plan of whole orders and what is measured by it, and regret. */
export type LookOptions = { readonly brief?: boolean }

/**
 * Looks back at a day that several policies went through: the bound, the plan, and each policy beside them. The baseline is among the runs; its
 * choices say which orders were contested. All runs must have noted choices. A day of more than MOST_ORDERS is bounded and planned
 * for at the prices of a sample of its orders, and has the accuracy of these.
 */
export function lookBack(
  runs: readonly NamedRun[],
  baseline: string,
  solver: LinearSolver,
  { brief = false }: LookOptions = {},
): Looked {
  const day = dayOf(runs.map(({ run }) => run))
  const { market, certificate, planned } =
    day.count > MOST_ORDERS ? certifyLarge(day, solver, brief) : certifyWhole(day, solver, brief)
  const { lowerBoundCents, planCents } = certificate
  const pricer = openPricer(market)
  aimPrices(pricer, certificate.prices)
  const meanCents = lowerBoundCents / day.count
  const judged = new Map(runs.map(({ policy, run }) => [policy, judge(pricer, market, day, run)]))
  const spent = new Map(runs.map(({ policy, run }) => [policy, spentOf(day, run)]))
  const base = spent.get(baseline)
  const first = judged.get(baseline)
  if (base === undefined || first === undefined) throw new Error(`the baseline ${baseline} is not among the runs`)
  const contested = contestedOf(first, meanCents, CONTESTED)
  const policies = runs.map(({ policy, run }): Measured => {
    const mine = spent.get(policy) ?? base
    const choice = judged.get(policy) ?? first
    const accuracy = { all: accuracyOf(choice, meanCents), contested: accuracyOf(choice, meanCents, contested) }
    const pseudoOptimal = pseudoOptimalOf(day, mine, verdictsOf(day, run, mine, market.departures, !brief), planned)
    return {
      policy,
      ...costsOf(day, mine),
      gap: totalCents(mine) / lowerBoundCents - 1,
      capture: (totalCents(base) - totalCents(mine)) / (totalCents(base) - lowerBoundCents),
      onTime: onTimeOf(
        day.zone,
        Uint8Array.from(mine.deliveredMs, (ms, i) => (ms <= day.promisedMs[i] ? 1 : 0)),
      ),
      accuracy,
      pseudoOptimal,
    }
  })
  const hindsight = {
    orders: day.count,
    baseline,
    boundCents: meanCents,
    planCents: planCents / day.count,
    width: widthOf(certificate),
    contested: contested.reduce((total, one) => total + one, 0) / market.groups.count,
    holdsForAll: !day.refilled,
    policies,
  }
  return { day, market, certificate, hindsight }
}

/** `planned` marks the orders that the plan has in time; null where none was made. */
type Certified = { readonly market: RealisedMarket; readonly certificate: Certificate; readonly planned: Uint8Array | null }

function certifyWhole(day: Day, solver: LinearSolver, brief: boolean): Certified {
  const market = realisedMarket(day)
  if (!brief) {
    const certificate = certify(market, solver)
    return { market, certificate, planned: plannedInTime(market, certificate) }
  }
  const { lowerBoundCents, prices } = solveMarket(market, solver, { gap: BRIEF_GAP })
  return { market, certificate: { lowerBoundCents, prices, planCents: Number.NaN, plan: [] }, planned: null }
}

function certifyLarge(day: Day, solver: LinearSolver, brief: boolean): Certified {
  const supply = supplyOf(day)
  const bound = boundOfLarge(day, solver, supply)
  const { lowerBoundCents, prices, sample } = bound
  const found = brief ? null : planOfLarge(day, supply, bound, solver)
  const planCents = found?.cents ?? Number.NaN
  return { market: sample, certificate: { lowerBoundCents, prices, planCents, plan: [] }, planned: found?.inTime ?? null }
}

const judge = (pricer: Pricer, market: RealisedMarket, day: Day, { ledger }: Observed): Judged =>
  judgeChoices(pricer, market, day, ledger)

function costsOf({ count }: Day, spent: Spent) {
  let undelivered = 0
  for (let i = 0; i < count; i++) if (Number.isNaN(spent.deliveredMs[i])) undelivered += spent.lateCents[i]
  return {
    costCents: totalCents(spent) / count,
    shippingCents: sum(spent.shippingCents) / count,
    lateCents: (sum(spent.lateCents) - undelivered) / count,
    undeliveredCents: undelivered / count,
    splitShare: spent.shipments.reduce((split, shipments) => split + (shipments > 1 ? 1 : 0), 0) / count,
    co2Grams: sum(spent.co2Grams) / count,
  }
}

/** 1 for orders of which the plan's shipment with the first line is in time. */
function plannedInTime({ order, costs }: RealisedMarket, { plan }: Certificate): Uint8Array {
  const inTime = new Uint8Array(order.length)
  for (const { group, shipments } of plan)
    for (const { lines, warehouse, service, departure } of shipments)
      if ((lines & 1) === 1 && costs.lateCents(group, warehouse, service, departure) === 0) inTime[order[group]] = 1
  return inTime
}

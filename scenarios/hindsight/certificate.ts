import type { Market, MarketPrices } from '../../policies/market/market.ts'
import { roundMarket, type WholePlan } from '../../policies/market/round.ts'
import { solveMarket } from '../../policies/market/solve.ts'
import type { LinearSolver } from '../../policies/market/solver.ts'

/** What a day's market proves: that nothing costs less than the bound, and that this plan costs so much. */
export type Certificate = {
  /** Cents of all orders together that no way of routing can go below. */
  readonly lowerBoundCents: number
  /** What the plan of whole orders costs; NaN where none was made. The plan itself is empty then, and for a day too large for one program. */
  readonly planCents: number
  readonly plan: WholePlan['assignments']
  /** What the market's scarce things are worth. */
  readonly prices: MarketPrices
}

/** Solves a market within this share of its bound. */
const GAP = 1e-4

export function certify(market: Market, solver: LinearSolver, gap = GAP): Certificate {
  const answer = solveMarket(market, solver, { gap })
  const { assignments, cents } = roundMarket(market, answer)
  return { lowerBoundCents: answer.lowerBoundCents, planCents: cents, plan: assignments, prices: answer.prices }
}

/** How far plan and bound lie apart, as a part of the bound: what is left open of the truth. */
export const widthOf = ({ lowerBoundCents, planCents }: Pick<Certificate, 'lowerBoundCents' | 'planCents'>): number =>
  lowerBoundCents > 0 ? planCents / lowerBoundCents - 1 : 0

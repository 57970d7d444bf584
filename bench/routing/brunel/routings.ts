import { roundMarket } from '../../../policies/market/round.ts'
import { type SolvedMarket, solveMarket } from '../../../policies/market/solve.ts'
import type { LinearSolver } from '../../../policies/market/solver.ts'
import { brunelMarket } from './market.ts'
import type { BrunelProblem, Routed } from './problem.ts'

/** Decides order after order, in the sequence in which they come: what is to come is not known, what was decided stays. */
export type OnlineRouting = {
  readonly id: string
  readonly about: string
  readonly open: (problem: BrunelProblem, sequence: Int32Array, solver: LinearSolver) => Chooser
}

/** The plant for the `n`-th order that comes, which is order `o`, or −1; `left` are the places still free. */
type Chooser = (n: number, o: number, left: Float64Array) => number

/** Sends every order where the routing says; a plant without a place is refused to all of them. */
export function routeAll(
  problem: BrunelProblem,
  sequence: Int32Array,
  { open }: Pick<OnlineRouting, 'open'>,
  solver: LinearSolver,
): Routed {
  const plant = new Int32Array(problem.orders).fill(-1)
  const left = problem.places.slice()
  const choose = open(problem, sequence, solver)
  for (let n = 0; n < sequence.length; n++) {
    const p = choose(n, sequence[n], left)
    plant[sequence[n]] = p
    if (p >= 0) left[p]--
  }
  return { plant }
}

/** The plant that may do the order, has a place, and has the least of something; of like ones the first of the sheet. */
function leastOf(problem: BrunelProblem, o: number, left: Float64Array, of: (p: number, cents: number) => number): number {
  let best = -1
  let least = Number.POSITIVE_INFINITY
  for (let p = 0; p < problem.plants; p++) {
    const cents = problem.cents[o * problem.plants + p]
    if (left[p] < 1 || cents === Number.POSITIVE_INFINITY) continue
    const value = of(p, cents)
    if (value >= least) continue
    least = value
    best = p
  }
  return best
}

/** As it was recorded, each order in its turn, as long as its plant has a place. */
const recordWhileRoom: OnlineRouting = {
  id: 'record while there is room',
  about: 'the recorded plant as long as it has a place, then none',
  open: (problem) => (_, o, left) =>
    leastOf(problem, o, left, (p) => (p === problem.recordPlant[o] ? 0 : Number.POSITIVE_INFINITY)),
}

const firstFit: OnlineRouting = {
  id: 'priority list',
  about: 'the first plant of the sheet that may do it and has a place',
  open: (problem) => (_, o, left) => leastOf(problem, o, left, (p) => p),
}

const cheapest: OnlineRouting = {
  id: 'cheapest',
  about: 'the cheapest plant that may do it and has a place',
  open: (problem) => (_, o, left) => leastOf(problem, o, left, (_p, cents) => cents),
}

const mostRoom: OnlineRouting = {
  id: 'most room',
  about: 'the plant with the largest part of its places free (an order-cap rule)',
  open: (problem) => (_, o, left) => leastOf(problem, o, left, (p) => -left[p] / problem.places[p]),
}

/** Parts of the orders after which prices are looked for anew. */
const LEARNS_AT = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64]

/**
 * Prices of places from the orders that came so far: dynamic learning (Agrawal, Wang & Ye, "A dynamic near-optimal algorithm for online linear
 * programming", Operations Research 62, 2014). After 1, 2, 4 … % of the orders the market of those seen is solved, with as much of the
 * places left as there are orders seen for one to come; then an order goes where cost and price together are least, or nowhere where that is dearer than not
 * to be served. It knows how many orders will come, and of none what it is before it is there.
 */
const bidPrice: OnlineRouting = {
  id: 'bid-price',
  about: 'least of cost and price of the place, prices learnt from the orders that came so far',
  open: (problem, sequence, solver) => {
    const learnsAt = LEARNS_AT.map((part) => Math.ceil(part * sequence.length))
    let prices = new Float64Array(problem.plants)
    return (n, o, left) => {
      if (n > 0 && learnsAt.includes(n)) {
        const share = n / (sequence.length - n)
        const market = brunelMarket(
          problem,
          sequence.subarray(0, n),
          left.map((places) => places * share),
        )
        prices = Float64Array.from(solveMarket(market, solver).prices.stockCents)
      }
      const p = leastOf(problem, o, left, (one, cents) => cents + prices[one])
      return p < 0 || problem.cents[o * problem.plants + p] + prices[p] > problem.unservedCents[o] ? -1 : p
    }
  },
}

export const ONLINE: readonly OnlineRouting[] = [recordWhileRoom, firstFit, cheapest, mostRoom, bidPrice]

/** What could have been done by whoever knew all orders: a bound no routing goes below, and whole orders that nearly reach it. */
export function hindsightOf(problem: BrunelProblem, solver: LinearSolver): Routed & { readonly solved: SolvedMarket } {
  const all = Int32Array.from({ length: problem.orders }, (_, o) => o)
  const market = brunelMarket(problem, all, problem.places)
  const solved = solveMarket(market, solver, { gap: 0 })
  const plant = new Int32Array(problem.orders).fill(-1)
  for (const { group, shipments } of roundMarket(market, solved).assignments)
    if (shipments.length > 0) plant[group] = shipments[0].warehouse
  return { plant, solved }
}

/** The cheapest plant of each order whether it has a place or not. */
export const withoutLimits = (problem: BrunelProblem): Routed => {
  const plenty = new Float64Array(problem.plants).fill(1)
  return {
    plant: Int32Array.from({ length: problem.orders }, (_, o) => leastOf(problem, o, plenty, (_p, cents) => cents)),
  }
}

import type { LinearSolver } from '../../../policies/market/solver.ts'
import { intervalOf } from '../../../scenarios/compare.ts'
import type { Interval } from '../../../scenarios/result.ts'
import { dice, draw, PURPOSE } from '../../../sim/random.ts'
import { type BrunelProblem, type BrunelScore, brunelProblem, type Rules, scoreOf } from './problem.ts'
import { hindsightOf, ONLINE, routeAll, withoutLimits } from './routings.ts'
import type { BrunelTables } from './tables.ts'

export type BrunelRow = {
  readonly routing: string
  readonly about: string
  /** Dollars for all orders together: warehouse, freight, and what is charged for orders not done. */
  readonly cost: Interval
  readonly freight: number
  readonly unserved: number
  /** Parts of the orders: done; done by a plant that had a place. */
  readonly served: Interval
  readonly withinPlaces: number
  /** Cost beside the bound, less 1 (it means nothing for who takes places that there are not); beside the record, less 1. */
  readonly gap: Interval
  readonly versusRecord: Interval
}

export type BrunelTable = {
  readonly instance: 'brunel'
  readonly label: string
  readonly days: number
  readonly orders: number
  readonly places: number
  readonly unpriced: number
  readonly leftOut: number
  /** Sequences in which the orders came. */
  readonly seeds: number
  /** Dollars no routing within the places can go below. */
  readonly bound: number
  readonly rows: readonly BrunelRow[]
}

const UNSERVED_TIMES = 2

/** The fewest days in which the plants could do all orders. */
export function daysForAll(tables: BrunelTables, solver: LinearSolver, most = 60): number {
  for (let days = 1; days <= most; days++) {
    const { plant } = hindsightOf(brunelProblem(tables, { days, slower: true, unservedTimes: UNSERVED_TIMES }), solver)
    if (plant.every((p) => p >= 0)) return days
  }
  throw new Error(`the plants could not do all orders in ${most} days`)
}

/** All routings on the same orders; those that decide order by order see them in `seeds` sequences, the sheet being of one day and without times. */
export function playBrunel(
  tables: BrunelTables,
  rules: Pick<Rules, 'days' | 'slower'>,
  { solver, seeds, seed, onProgress }: { solver: LinearSolver; seeds: number; seed: string; onProgress: (text: string) => void },
): BrunelTable {
  const problem = brunelProblem(tables, { ...rules, unservedTimes: UNSERVED_TIMES })
  const hindsight = hindsightOf(problem, solver)
  const bound = hindsight.solved.lowerBoundCents
  const record = scoreOf(problem, { plant: problem.recordPlant }, true)
  const row = (routing: string, about: string, scores: readonly BrunelScore[]): BrunelRow => ({
    routing,
    about,
    cost: intervalOf(scores.map(({ cents }) => cents / 100)),
    freight: meanOf(scores, ({ freightCents }) => freightCents / 100),
    unserved: meanOf(scores, ({ unservedCents }) => unservedCents / 100),
    served: intervalOf(scores.map(({ served }) => served)),
    withinPlaces: meanOf(scores, ({ withinPlaces }) => withinPlaces),
    gap: intervalOf(scores.map(({ cents }) => cents / bound - 1)),
    versusRecord: intervalOf(scores.map(({ cents }) => cents / record.cents - 1)),
  })
  const sequences = Array.from({ length: seeds }, (_, i) => sequenceOf(problem, `${seed}-${i}`))
  // What looks at no sequence comes to the same in each of them.
  const always = (score: BrunelScore): BrunelScore[] => sequences.map(() => score)
  const rows = [
    row('record', 'as it was done, plants beyond their places', always(record)),
    row(
      'cheapest, no limits',
      'the cheapest plant of each order, whatever its places',
      always(scoreOf(problem, withoutLimits(problem))),
    ),
    row('hindsight plan', 'the cheapest within places, all orders known', always(scoreOf(problem, hindsight))),
    ...ONLINE.map((routing) => {
      onProgress(routing.id)
      const scores = sequences.map((sequence) => scoreOf(problem, routeAll(problem, sequence, routing, solver)))
      return row(routing.id, routing.about, scores)
    }),
  ]
  return {
    instance: 'brunel',
    label: `${rules.days} ${rules.days === 1 ? 'day' : 'days'} of places${rules.slower ? '' : ', no order longer on its way than it was'}`,
    days: rules.days,
    orders: problem.orders,
    places: problem.places.reduce((sum, one) => sum + one, 0),
    unpriced: problem.unpriced,
    leftOut: problem.leftOut,
    seeds,
    bound: bound / 100,
    rows: rows.sort((a, b) => a.cost.mean - b.cost.mean),
  }
}

const meanOf = (scores: readonly BrunelScore[], value: (score: BrunelScore) => number): number =>
  scores.reduce((sum, score) => sum + value(score), 0) / scores.length

/** All orders in a sequence drawn anew for each seed. */
function sequenceOf({ orders }: BrunelProblem, seed: string): Int32Array {
  const named = dice(`routing instance brunel ${seed}`, 0)
  const keys = Float64Array.from({ length: orders }, (_, o) => draw(named, o, PURPOSE.instance, 0))
  return Int32Array.from({ length: orders }, (_, o) => o).sort((a, b) => keys[a] - keys[b] || a - b)
}

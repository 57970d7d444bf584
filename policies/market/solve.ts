import { worthOf } from './bound.ts'
import { addColumn, type Columns, openColumns, waysOf } from './columns.ts'
import type { Assignment, Market, MarketAnswer, MarketPrices } from './market.ts'
import { addMarketRows, basisOf, beginFrom, brokenRows, handInColumns, type Master, openMaster, runMaster } from './master.ts'
import { aimPrices, centsOfWay, findCheapest, openPricer, type Pricer } from './pricer.ts'
import { rankWays } from './rank.ts'
import { sampleOf } from './sample.ts'
import type { LinearSolver } from './solver.ts'
import { type Carried, carryOver, type Pool, type Start } from './start.ts'
import { endlessSteps, type Steps, stepsOfReading } from './steps.ts'

export type MarketOptions = {
  /** Ends where what was found lies within this share of the bound; 1e-4 unless told. */
  readonly gap?: number
  /** Times that new ways are looked for, at most; 100 unless told. */
  readonly rounds?: number
  /** An earlier answer's pool: what it found is tried first. */
  readonly start?: Start
  /** What it may cost; without it, what it takes. Where that does not do it ends with what it has: prices and a bound that hold, further apart than asked. */
  readonly steps?: Steps
}

export type SolvedMarket = MarketAnswer & {
  /** What a later market may start from. */
  readonly pool: Pool
  /** Ways and rows that the program had in the end. */
  readonly columns: number
  readonly rows: number
}

const NOT_SERVED = { count: 0, lines: new Int32Array(1), departure: new Int32Array(1) }
/** Of a limit, and of the cents of an order, the share that is nothing. */
const TINY = 1e-7
/** New ways are few where there is one to so many groups, or less. */
const FEW = 40
/** A market of more groups begins with the prices of a sample of them; of so many ways of each group the solver is told first. */
const MANY_GROUPS = 800
const ONE_IN = 8
const FIRST_WAYS = 8
/** To look for that many takes so many times what a look for the cheapest does; of an order of more lines that differ they are not worth it. */
const RANKS_LIKE = 5
const MANY_LINES = 4
/** A sample's prices are a start and need no more than this gap. */
const SAMPLE_GAP = 1e-3
/** And may cost no more than this part of what the whole may. */
const SAMPLE_SHARE = 1 / 3
/** Ways that cost this share more than what their group pays are not kept for later. */
const NEARLY = 0.05

/**
 * Solves a market by column and row generation (Gilmore & Gomory, Operations Research 9, 1961; Kelley, SIAM 8, 1960): the solver has a few ways of
 * each group and a few rows; at its prices each group's cheapest way is looked for among all, and rows that its solution breaks are
 * added, until there is nothing to add or the bound is near. All prices come with a bound that holds, so that it may end at any time.
 */
export function solveMarket(market: Market, solver: LinearSolver, options: MarketOptions = {}): SolvedMarket {
  const steps = options.steps ?? endlessSteps()
  steps.left -= stepsOfReading(market)
  const pricer = openPricer(market)
  const columns = openColumns(market.groups.count)
  for (let g = 0; g < market.groups.count; g++) addColumn(columns, g, pricer.unserved[g], NOT_SERVED)
  const seed = firstPrices(pricer, columns, solver, options.start, steps)
  const master = openMaster(market, solver, columns)
  try {
    if (seed !== null) {
      handInColumns(master)
      addMarketRows(master, seed.rows)
    }
    return improve(pricer, master, options, steps, seed)
  } finally {
    master.model.dispose()
  }
}

/** Prices and rows to begin with, from an earlier market or a sample of this one, and the ways that look good at them. */
function firstPrices(
  pricer: Pricer,
  columns: Columns,
  solver: LinearSolver,
  start: Start | undefined,
  steps: Steps,
): Carried | null {
  const { market } = pricer
  const from = start ?? sampleStart(market, solver, steps)
  if (from === null || steps.left < RANKS_LIKE * pricer.lookSteps) return null
  const seed = carryOver(from, market, columns, pricer.laneOf)
  aimPrices(pricer, seed.prices)
  steps.left -= RANKS_LIKE * pricer.lookSteps
  for (let g = 0; g < market.groups.count; g++) {
    // What an earlier market left is enough.
    if (columns.before[columns.last[g]] >= 0) continue
    if (market.groups.lineStart[g + 1] - market.groups.lineStart[g] > MANY_LINES) {
      findCheapest(pricer, g)
      addColumn(columns, g, centsOfWay(market, pricer.laneOf, g, pricer.way), pricer.way)
    } else
      for (const way of rankWays(pricer, g, FIRST_WAYS)) addColumn(columns, g, centsOfWay(market, pricer.laneOf, g, way), way)
  }
  return seed
}

/** The answer of a sample, where there are groups enough to take one. Its groups stand for others too: of it only prices and rows are of use. */
function sampleStart(market: Market, solver: LinearSolver, steps: Steps): Start | null {
  if (market.groups.count <= MANY_GROUPS) return null
  const sample = sampleOf(market, ONE_IN)
  // Where each slot has a group or two, a sample is no smaller.
  if (2 * sample.groups.count > market.groups.count) return null
  const allowed = steps.left * SAMPLE_SHARE
  const own = { left: allowed }
  const { pool } = solveMarket(sample, solver, { gap: SAMPLE_GAP, steps: own })
  if (allowed < Number.POSITIVE_INFINITY) steps.left -= allowed - own.left
  return { pool, groupOf: new Int32Array(sample.groups.count).fill(-1) }
}

const noPrices = ({ departures, stock, warehouses }: Market): MarketPrices => ({
  stockCents: new Float64Array(stock.goods * warehouses),
  roomCents: new Float64Array(departures.leavesMs.length),
  work: [],
})

function improve(
  pricer: Pricer,
  master: Master,
  { gap = 1e-4, rounds = 100 }: MarketOptions,
  steps: Steps,
  seed: Carried | null,
): SolvedMarket {
  const { market } = pricer
  const { columns } = master
  const G = market.groups.count
  let prices = noPrices(market)
  let charges: Float64Array = new Float64Array(G)
  // Nothing costs less than nothing, and the first way of each group leaves it unserved: that is known without any look.
  let bound = 0
  let orders: Float64Array = market.groups.orders
  let cents = 0
  for (let g = 0; g < G; g++) cents += orders[g] * pricer.unserved[g]
  let added = 0
  const look = (at: MarketPrices, groupCents: Float64Array | null): void => {
    steps.left -= pricer.lookSteps
    const found = lookForWays(pricer, master, at, groupCents)
    added = found.added
    if (found.bound <= bound) return
    bound = found.bound
    prices = at
    charges = found.charges
  }
  const canLook = (): boolean => steps.left >= pricer.lookSteps
  if (canLook()) look(seed?.prices ?? prices, null)
  let round = 0
  let isFirst = true
  while (steps.left > 0) {
    handInColumns(master)
    if (seed !== null && isFirst && seed.basic.size > 0) beginFrom(master, seed.basic)
    // A few new ways are added to a solution that keeps to all rows; of many the dual simplex makes less work, and to begin with nothing else does.
    const isFew = !isFirst && added > 0 && added * FEW < G
    let now = runMaster(master, isFew ? 'primal' : 'dual', steps)
    isFirst = false
    const broken = now !== null && master.isSolved ? brokenRows(master, TINY) : []
    if (broken.length > 0) {
      addMarketRows(master, broken)
      now = runMaster(master, 'dual', steps)
    }
    if (now === null) break
    // What it has found counts only where it keeps to all rows, those included that it had not.
    const isWhole = master.isSolved && broken.length === 0
    if (isWhole) {
      orders = master.orders
      cents = master.cents
    }
    const mayLook = round < rounds && canLook()
    if (mayLook) {
      round++
      look(now, master.groupCents)
    }
    if (!master.isSolved || (!mayLook && round < rounds)) break
    if (isWhole && (round === rounds || added === 0 || cents - bound <= gap * Math.abs(bound))) break
  }
  return {
    prices,
    groupCents: charges,
    // Both are exact but for rounding errors.
    lowerBoundCents: Math.min(bound, cents),
    objectiveCents: cents,
    assignments: assignmentsOf(market, master, orders),
    rounds: round,
    pool: poolOf(market, prices, master),
    columns: columns.count,
    rows: master.rows.length,
  }
}

/** Adds each group's cheapest way at these prices where it is cheaper than what the group pays; with the bound, which comes with it, and what each is charged. */
function lookForWays(pricer: Pricer, master: Master, prices: MarketPrices, groupCents: Float64Array | null) {
  const { market } = pricer
  const { groups } = market
  aimPrices(pricer, prices)
  const charges = new Float64Array(groups.count)
  let bound = -worthOf(market, prices, master.capacity)
  let added = 0
  for (let g = 0; g < groups.count; g++) {
    findCheapest(pricer, g)
    charges[g] = groups.orders[g] * pricer.best
    bound += charges[g]
    if (groupCents !== null && pricer.best >= groupCents[g] - TINY * (1 + Math.abs(groupCents[g]))) continue
    if (addColumn(master.columns, g, centsOfWay(market, pricer.laneOf, g, pricer.way), pricer.way)) added++
  }
  return { bound, added, charges }
}

function assignmentsOf(market: Market, { columns, laneOf }: Master, orders: Float64Array): Assignment[] {
  const found: Assignment[] = []
  for (let c = 0; c < orders.length; c++) {
    if (orders[c] <= TINY) continue
    found.push({
      group: columns.group[c],
      orders: orders[c],
      cents: columns.cents[c],
      shipments: waysOf(market, laneOf, columns, c),
    })
  }
  return found
}

function poolOf(market: Market, prices: MarketPrices, master: Master): Pool {
  const { columns, reducedCents } = master
  const kept = openColumns(market.groups.count)
  // Where it was stopped on its way nothing is known of its ways.
  if (!master.isSolved) return { market, prices, columns: kept, basic: new Uint8Array(0), rows: master.rows }
  const basis = basisOf(master)
  const basic: number[] = []
  const way = { count: 0, lines: new Int32Array(8), departure: new Int32Array(8) }
  for (let c = 0; c < reducedCents.length; c++) {
    if (reducedCents[c] > NEARLY * columns.cents[c]) continue
    way.count = columns.first[c + 1] - columns.first[c]
    for (let i = 0; i < way.count; i++) {
      way.lines[i] = columns.lines[columns.first[c] + i]
      way.departure[i] = columns.departure[columns.first[c] + i]
    }
    addColumn(kept, columns.group[c], columns.cents[c], way)
    basic.push(basis.columns[c])
  }
  return { market, prices, columns: kept, basic: Uint8Array.from(basic), rows: basis.rows }
}

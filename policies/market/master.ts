import { type Columns, LINES_OF, laneOfDeparture } from './columns.ts'
import type { Market, MarketPrices } from './market.ts'
import type { LinearModel, LinearSolver } from './solver.ts'
import { type Steps, stepsOfInterior, stepsOfIteration, stepsOfRun } from './steps.ts'
import { capacitiesOf, emptyWork, heapWork, slotsOf, type WorkCorners, workCorners, workOf } from './work.ts'

/** What a row limits: units of goods in a warehouse (a = goods · warehouses + warehouse), room (a = departure), or work of station a in from … to. */
type RowKind = 'stock' | 'room' | 'work'
export type Row = { readonly kind: RowKind; readonly a: number; readonly from: number; readonly to: number }

/**
 * The program with some of its columns and some of its rows, kept in the solver from one round to the next. Rows for work are counted in parcels
 * and not in ms, so that the solver's absolute tolerances mean the same in all rows.
 */
export type Master = {
  readonly market: Market
  readonly model: LinearModel
  readonly solver: LinearSolver
  readonly columns: Columns
  /** Columns of these that the solver has. */
  handedIn: number
  readonly rows: Row[]
  readonly stockRow: Int32Array
  readonly roomRow: Int32Array
  readonly workRows: readonly number[][]
  readonly laneOf: Int32Array
  readonly capacity: Float64Array
  readonly corners: WorkCorners
  /** What the last solution uses. */
  readonly use: { readonly stock: Float64Array; readonly room: Float64Array; readonly work: Float64Array }
  readonly entry: { readonly row: number[]; readonly value: number[] }
  orders: Float64Array
  /** Of the last run: what each group pays, what a way costs beyond that, what one more of a row is worth, and the objective. */
  groupCents: Float64Array
  reducedCents: Float64Array
  rowCents: Float64Array
  cents: number
  /** False where the last run was stopped on its way: then its prices are still prices, and its orders are no solution. */
  isSolved: boolean
}

export function openMaster(market: Market, solver: LinearSolver, columns: Columns): Master {
  const { departures, groups, stock, warehouses } = market
  const model = solver.createModel()
  model.options.set({ output_flag: false, presolve: 'off', solver: 'simplex' })
  const G = groups.count
  model.addRows({
    lower: groups.orders,
    upper: groups.orders,
    matrix: {
      format: 'csr',
      numRows: G,
      numCols: 0,
      starts: new Int32Array(G + 1),
      indices: new Int32Array(),
      values: new Float64Array(),
    },
  })
  return {
    market,
    model,
    solver,
    columns,
    handedIn: 0,
    rows: [],
    stockRow: new Int32Array(stock.goods * warehouses).fill(-1),
    roomRow: new Int32Array(departures.leavesMs.length).fill(-1),
    workRows: Array.from({ length: 2 * warehouses }, () => []),
    laneOf: laneOfDeparture(market),
    capacity: capacitiesOf(market),
    corners: workCorners(market),
    use: {
      stock: new Float64Array(stock.goods * warehouses),
      room: new Float64Array(departures.leavesMs.length),
      work: emptyWork(market),
    },
    entry: { row: [], value: [] },
    orders: new Float64Array(0),
    groupCents: new Float64Array(G),
    reducedCents: new Float64Array(0),
    rowCents: new Float64Array(0),
    cents: 0,
    isSolved: false,
  }
}

/** Hands the solver the columns that it does not have yet. */
export function handInColumns(master: Master): void {
  const { columns, model, market, entry, rows } = master
  const from = master.handedIn
  const count = columns.count - from
  if (count === 0) return
  const starts = new Int32Array(count + 1)
  const indices: number[] = []
  const values: number[] = []
  for (let i = 0; i < count; i++) {
    indices.push(columns.group[from + i])
    values.push(1)
    entriesOf(master, from + i, 0)
    for (let k = 0; k < entry.row.length; k++) {
      indices.push(market.groups.count + entry.row[k])
      values.push(entry.value[k])
    }
    starts[i + 1] = indices.length
  }
  model.addCols({
    cost: columns.cents.slice(from, columns.count),
    lower: new Float64Array(count),
    upper: new Float64Array(count).fill(master.solver.infinity),
    matrix: {
      format: 'csc',
      numRows: market.groups.count + rows.length,
      numCols: count,
      starts,
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    },
  })
  master.handedIn = columns.count
}

/** Adds rows that the program does not have yet; all columns must have been handed in. */
export function addMarketRows(master: Master, added: readonly Row[]): void {
  if (added.length === 0) return
  const { columns, entry, model, rows } = master
  const from = rows.length
  for (const row of added) {
    if (row.kind === 'stock') master.stockRow[row.a] = rows.length
    else if (row.kind === 'room') master.roomRow[row.a] = rows.length
    else master.workRows[row.a].push(rows.length)
    rows.push(row)
  }
  const inRow: { at: number[]; value: number[] }[] = added.map(() => ({ at: [], value: [] }))
  for (let c = 0; c < columns.count; c++) {
    entriesOf(master, c, from)
    for (let k = 0; k < entry.row.length; k++) {
      inRow[entry.row[k] - from].at.push(c)
      inRow[entry.row[k] - from].value.push(entry.value[k])
    }
  }
  const starts = new Int32Array(added.length + 1)
  inRow.forEach(({ at }, i) => {
    starts[i + 1] = starts[i] + at.length
  })
  const indices = new Int32Array(starts[added.length])
  const values = new Float64Array(starts[added.length])
  inRow.forEach(({ at, value }, i) => {
    indices.set(at, starts[i])
    values.set(value, starts[i])
  })
  model.addRows({
    lower: new Float64Array(added.length).fill(-master.solver.infinity),
    upper: Float64Array.from(added, (row) => limitOf(master, row) / unitOf(master, row)),
    matrix: { format: 'csr', numRows: added.length, numCols: columns.count, starts, indices, values },
  })
}

/** What the row counts as one. */
export function unitOf({ market }: Master, { kind, a }: Row): number {
  return kind === 'work' ? market.work.parcelMs[a] + market.work.lineMs[a] || 1 : 1
}

export function limitOf({ market, capacity }: Master, { kind, a, from, to }: Row): number {
  if (kind === 'stock') return market.stock.units[a]
  if (kind === 'room') return market.departures.room[a]
  return capacity[(a * slotsOf(market) + from) * (slotsOf(market) + 1) + to]
}

/** What one order that goes by a column takes of the rows from `fromRow` on. */
function entriesOf(master: Master, c: number, fromRow: number): void {
  const { columns, entry, laneOf, market, roomRow, rows, stockRow, workRows } = master
  const { departures, groups, services, warehouses } = market
  entry.row.length = 0
  entry.value.length = 0
  const g = columns.group[c]
  const comes = groups.fromSlot[g]
  for (let i = columns.first[c]; i < columns.first[c + 1]; i++) {
    const d = columns.departure[i]
    const w = Math.floor(laneOf[d] / services)
    const by = departures.bySlot[d]
    if (roomRow[d] >= fromRow) take(entry, roomRow[d], 1)
    for (let mask = columns.lines[i]; mask > 0; mask &= mask - 1) {
      const line = groups.lineStart[g] + 31 - Math.clz32(mask & -mask)
      if (groups.goods[line] < 0) continue
      const row = stockRow[groups.goods[line] * warehouses + w]
      if (row >= fromRow) take(entry, row, groups.units[line])
    }
    for (let station = 2 * w; station < 2 * w + 2; station++) {
      const parcels =
        workOf(market, g, station, LINES_OF[columns.lines[i]]) / unitOf(master, { kind: 'work', a: station, from: 0, to: 0 })
      const list = workRows[station]
      for (let k = list.length - 1; k >= 0 && list[k] >= fromRow; k--) {
        const row = rows[list[k]]
        if (row.from <= comes && by <= row.to) take(entry, list[k], parcels)
      }
    }
  }
}

function take({ row, value }: Master['entry'], at: number, much: number): void {
  // A way that goes by one row twice, such as two shipments from one warehouse, has one entry in it.
  for (let k = 0; k < row.length; k++)
    if (row[k] === at) {
      value[k] += much
      return
    }
  row.push(at)
  value.push(much)
}

/** The solver found no solution where there is one: its numbers were too far apart. */
export class SolverStuck extends Error {
  constructor(status: number) {
    super(`the solver of linear programs ended with status ${status} on a program that has a solution`)
  }
}

/** Iterations of the interior point, at most: it needs some dozens or does not get there. */
const INTERIOR_MOST = 100
/** The solver counts in 32 bits. */
const COUNTS_TO = 2 ** 31 - 1

/**
 * Solves the program as it stands, from where it stood; leaves what it uses, its objective and what each group pays, and answers its prices. It is
 * stopped where the steps are used up; null where there are none to begin with.
 */
export function runMaster(master: Master, algorithm: 'primal' | 'dual', steps: Steps): MarketPrices | null {
  const { columns, market, model, rows, solver, stockRow, roomRow, use } = master
  const { iterationLimit, optimal } = solver.constants.modelStatus
  const size = [market.groups.count + rows.length, columns.count] as const
  const each = stepsOfIteration(algorithm, ...size)
  steps.left -= stepsOfRun(columns.count)
  master.isSolved = false
  const most = Math.min(COUNTS_TO, Math.floor(steps.left / each))
  if (most < 1) return null
  model.options.set({ simplex_strategy: algorithm === 'primal' ? 4 : 1, simplex_iteration_limit: most })
  model.run()
  steps.left -= each * Number(model.info.get('simplex_iteration_count'))
  let status = model.getModelStatus()
  if (status !== optimal && status !== iterationLimit) {
    // There always is a solution, in which nobody is served; a simplex that has lost its way in numbers of very different size is helped by another road.
    const perInterior = stepsOfInterior(...size)
    const interior = Math.min(INTERIOR_MOST, Math.floor(steps.left / perInterior))
    if (interior < 1) return null
    model.options.set({ solver: 'ipm', run_crossover: 'on', ipm_iteration_limit: interior })
    model.run()
    steps.left -= perInterior * Number(model.info.get('ipm_iteration_count'))
    model.options.set({ solver: 'simplex' })
    status = model.getModelStatus()
    if (status !== optimal && status !== iterationLimit) throw new SolverStuck(status)
  }
  master.isSolved = status === optimal
  const { colValue, colDual, rowDual } = model.getSolution()
  const G = market.groups.count
  master.orders = colValue
  master.reducedCents = colDual
  // The solver's prices of upper limits are negative; a rounding error above 0 is no price.
  master.rowCents = rowDual.slice(G).map((dual) => Math.max(0, -dual))
  master.groupCents = rowDual.slice(0, G)
  master.cents = model.getObjectiveValue()
  const { rowCents } = master
  const priceOf = (row: number): number => (row < 0 ? 0 : rowCents[row])
  countUse(master, use)
  return {
    stockCents: Float64Array.from(stockRow, priceOf),
    roomCents: Float64Array.from(roomRow, priceOf),
    work: rows.flatMap((row, i) => {
      const { kind, a: station, from, to } = row
      const cents = kind === 'work' ? priceOf(i) / unitOf(master, row) : 0
      return cents > 0 ? [{ station, from, to, centsPerMs: cents }] : []
    }),
  }
}

const [AT_LOWER, IN_BASIS, AT_UPPER] = [0, 1, 2]

/** Which columns are in the basis of the last solution, and the rows whose slack is not: those that bind, if only by chance. */
export function basisOf({ model, market, rows }: Master): { columns: Uint8Array; rows: Row[] } {
  const { colStatus, rowStatus } = model.getBasis()
  return {
    columns: Uint8Array.from(colStatus, (status) => (status === IN_BASIS ? 1 : 0)),
    rows: rows.filter((_, i) => rowStatus[market.groups.count + i] !== IN_BASIS),
  }
}

/**
 * Lets the solver begin where an earlier market ended: with the columns that were in its basis, and rows that bound. A basis has as many
 * columns and slacks as there are rows; where columns have gone, orders are first not served, or rows do not bind after all.
 */
export function beginFrom({ columns, market, model, rows }: Master, basic: ReadonlySet<number>): void {
  const G = market.groups.count
  const colStatus = new Int32Array(columns.count).fill(AT_LOWER)
  const rowStatus = new Int32Array(G + rows.length).fill(AT_LOWER)
  rowStatus.fill(AT_UPPER, G)
  const ofGroup = new Int32Array(G)
  let spare = rows.length
  for (let c = G; c < columns.count; c++) {
    const g = columns.group[c]
    if (!basic.has(c) || (ofGroup[g] > 0 && spare === 0)) continue
    if (ofGroup[g]++ > 0) spare--
    colStatus[c] = IN_BASIS
  }
  // The first column of each group leaves it unserved.
  for (let g = 0; g < G; g++) if (ofGroup[g] === 0) colStatus[g] = IN_BASIS
  for (let i = 0; i < spare; i++) rowStatus[G + rows.length - 1 - i] = IN_BASIS
  model.setBasis({ colStatus, rowStatus })
}

function countUse({ columns, laneOf, market, orders }: Master, use: Master['use']): void {
  const { departures, groups, services, warehouses } = market
  const T = slotsOf(market)
  use.stock.fill(0)
  use.room.fill(0)
  use.work.fill(0)
  for (let c = 0; c < orders.length; c++) {
    const x = orders[c]
    if (x <= 0) continue
    const g = columns.group[c]
    for (let i = columns.first[c]; i < columns.first[c + 1]; i++) {
      const d = columns.departure[i]
      const w = Math.floor(laneOf[d] / services)
      use.room[d] += x
      for (let mask = columns.lines[i]; mask > 0; mask &= mask - 1) {
        const line = groups.lineStart[g] + 31 - Math.clz32(mask & -mask)
        if (groups.goods[line] >= 0) use.stock[groups.goods[line] * warehouses + w] += x * groups.units[line]
      }
      for (let station = 2 * w; station < 2 * w + 2; station++)
        use.work[(station * T + groups.fromSlot[g]) * (T + 1) + departures.bySlot[d]] +=
          x * workOf(market, g, station, LINES_OF[columns.lines[i]])
    }
  }
  heapWork(market, use.work)
}

/**
 * Rows that the last solution breaks and that the program does not have: all of goods and room, and of work at each station the worst for each slot
 * by which work leaves, which the others hang on.
 */
export function brokenRows(master: Master, tolerance: number): Row[] {
  const { capacity, corners, market, roomRow, stockRow, use } = master
  const broken: Row[] = []
  const isBroken = (much: number, limit: number): boolean => much > limit + tolerance * (1 + limit)
  use.stock.forEach((much, a) => {
    if (stockRow[a] < 0 && isBroken(much, market.stock.units[a])) broken.push({ kind: 'stock', a, from: 0, to: 0 })
  })
  use.room.forEach((much, a) => {
    if (roomRow[a] < 0 && isBroken(much, market.departures.room[a])) broken.push({ kind: 'room', a, from: 0, to: 0 })
  })
  const T = slotsOf(market)
  for (let a = 0; a < 2 * market.warehouses; a++) {
    for (const to of corners.to[a >> 1]) {
      let worst = 0
      let worstFrom = -1
      for (const from of corners.from) {
        if (from >= to) break
        const at = (a * T + from) * (T + 1) + to
        const over = use.work[at] - capacity[at]
        if (over > worst && isBroken(use.work[at], capacity[at]) && !hasRow(master, a, from, to)) {
          worst = over
          worstFrom = from
        }
      }
      if (worstFrom >= 0) broken.push({ kind: 'work', a, from: worstFrom, to })
    }
  }
  return broken
}

function hasRow({ rows, workRows }: Master, station: number, from: number, to: number): boolean {
  return workRows[station].some((row) => rows[row].from === from && rows[row].to === to)
}

import { type NetworkSpec, WEEKDAYS } from '../../sim/network-spec.ts'
import type { ReplayOrders } from '../../sim/replay.ts'
import { DAY_MS } from '../../sim/units.ts'
import { dateOf, dayOf, weekdayOfDay } from '../import/days.ts'
import { evenly } from '../import/statistics.ts'
import { ISO, parseTimestamp } from '../import/timestamp.ts'
import { streamCsv } from './csv.ts'
import { InputError, type Problem } from './problem.ts'
import { didYouMean } from './suggest.ts'

/** One kind of row that could not be taken as it stands, how many there were, and the first of them. */
type Remark = { readonly rows: number; readonly done: string; readonly first: Problem }

export type ReadOrders = {
  readonly orders: ReplayOrders
  readonly rowsRead: number
  readonly remarks: readonly Remark[]
  /** Date of day 0. */
  readonly startsAt: string
}

const NEEDS = ['order', 'placed', 'zone', 'lines'] as const
const LINES_MAX = 8

type Row = {
  placedMs: number
  promisedMs: number
  zone: number
  payment: number
  origin: number
  lines: { sku: number; units: number }[]
  prepareFactor: number
  haulFactor: number
  approvedMs: number
  handedOverMs: number
  deliveredMs: number
}

/**
 * orders.csv in the words of a network, ready for replay. Day 0 is the day of the first order that can be replayed, or the weekday `startsOn` before it.
 * An order without lines gets one unit of an article that is drawn evenly from what sells; an order to nowhere cannot be replayed. All is counted.
 */
export async function readOrders(file: string, spec: NetworkSpec, signal?: AbortSignal): Promise<ReadOrders> {
  const remarks = remarkBook(file)
  const names = namesOf(spec)
  const rows: Row[] = []
  let rowsRead = 0
  let columns = new Map<string, number>()
  await streamCsv(
    { file, needs: NEEDS, signal },
    {
      onColumns: (header) => {
        columns = new Map(header.map((name, index) => [name, index]))
      },
      onRow: ({ line, cells }) => {
        const text = (column: string): string => cells[columns.get(column) ?? -1] ?? ''
        const row = rowOf(text, names, rowsRead++, (field, found, fix, done) =>
          remarks.add({ file, line, field, found, fix }, done),
        )
        if (row) rows.push(row)
      },
      onRagged: (problem) => {
        rowsRead++
        remarks.add(problem, 'left out')
      },
    },
  )
  if (rows.length === 0) {
    const found = `${rowsRead} rows, none that can be replayed`
    const { first } = remarks.all()[0] ?? { first: null }
    throw new InputError([
      { file, line: null, field: 'orders', found, fix: 'give orders with a time and a zone of this network' },
      ...(first ? [first] : []),
    ])
  }
  rows.sort((a, b) => a.placedMs - b.placedMs)
  const firstDay = dayOf(rows[0].placedMs)
  const day0 = firstDay - ((weekdayOfDay(firstDay) - WEEKDAYS.indexOf(spec.startsOn) + 7) % 7)
  return { orders: columnsOf(rows, day0 * DAY_MS), rowsRead, remarks: remarks.all(), startsAt: dateOf(day0) }
}

type Say = (field: string, found: string, fix: string, done: string) => void

function rowOf(text: (column: string) => string, names: Names, index: number, say: Say): Row | null {
  const time = (field: string): number => {
    const ms = parseTimestamp(text(field), ISO)
    if (text(field) !== '' && Number.isNaN(ms)) say(field, `"${text(field)}"`, 'write YYYY-MM-DDTHH:MM:SS', 'taken as empty')
    return ms
  }
  const placedMs = time('placed')
  if (Number.isNaN(placedMs)) {
    if (text('placed') === '') say('placed', 'nothing', 'write when it was placed', 'left out')
    return null
  }
  const zone = names.zone.get(text('zone')) ?? -1
  if (zone < 0) {
    if (text('zone') === '') say('zone', 'nothing', 'write the zone it went to', 'left out: its destination is not known')
    else say('zone', `"${text('zone')}"`, didYouMean(text('zone'), [...names.zone.keys()]), 'left out: no such zone')
    return null
  }
  const known = (field: string, ids: ReadonlyMap<string, number>, done: string, fallback: number): number => {
    const index = ids.get(text(field))
    // Where there is only one to choose, nothing was lost by not naming it.
    if (index === undefined && !(ids.size === 1 && text(field) === '' && fallback >= 0)) {
      if (text(field) === '') say(field, 'nothing', `write the ${field}`, done)
      else say(field, `"${text(field)}"`, didYouMean(text(field), [...ids.keys()]), done)
    }
    return index ?? fallback
  }
  const factor = (field: string): number => {
    if (text(field) === '') return 1
    const value = Number(text(field))
    if (value > 0 && Number.isFinite(value)) return value
    say(field, `"${text(field)}"`, 'write a number above 0, or nothing for 1', 'taken as 1')
    return 1
  }
  return {
    placedMs,
    zone,
    promisedMs: time('promised'),
    payment: known('payment', names.payment, 'paid by the commonest means', names.commonestPayment),
    origin: known('origin', names.warehouse, 'origin not known', -1),
    lines: linesOf(text('lines'), names, index, say),
    prepareFactor: factor('prepareFactor'),
    haulFactor: factor('haulFactor'),
    approvedMs: time('approved'),
    handedOverMs: time('handedOver'),
    deliveredMs: time('delivered'),
  }
}

function linesOf(text: string, names: Names, index: number, say: Say): Row['lines'] {
  const lines: Row['lines'] = []
  for (const written of text.split(' ').filter((part) => part !== '')) {
    const [id, count = '1'] = written.split(':')
    const sku = names.sku.get(id)
    const units = Number(count)
    if (sku === undefined) say('lines', `"${id}"`, didYouMean(id, [...names.sku.keys()]), 'line left out: no such SKU')
    else if (!Number.isInteger(units) || units < 1)
      say('lines', `"${written}"`, 'write sku:units with whole units above 0', 'line left out')
    else lines.push({ sku, units })
  }
  if (lines.length > LINES_MAX)
    say('lines', `${lines.length} lines`, `an order has at most ${LINES_MAX}`, `cut to the ${LINES_MAX} with most units`)
  if (lines.length === 0) {
    if (text === '') say('lines', 'nothing', 'write sku:units', 'one unit of a typical article, drawn evenly')
    return [{ sku: names.typicalSku(evenly(index)), units: 1 }]
  }
  return lines.length > LINES_MAX ? lines.sort((a, b) => b.units - a.units || a.sku - b.sku).slice(0, LINES_MAX) : lines
}

type Names = ReturnType<typeof namesOf>

function namesOf(spec: NetworkSpec) {
  const indexOf = (ids: readonly string[]): ReadonlyMap<string, number> => new Map(ids.map((id, index) => [id, index]))
  const total = spec.skus.reduce((sum, sku) => sum + sku.share, 0)
  return {
    zone: indexOf(spec.zones.map((zone) => zone.id)),
    payment: indexOf(spec.payments.map((payment) => payment.type)),
    warehouse: indexOf(spec.warehouses.map((warehouse) => warehouse.id)),
    sku: indexOf(spec.skus.map((sku) => sku.id)),
    commonestPayment: spec.payments.reduce(
      (best, payment, index) => (payment.share > spec.payments[best].share ? index : best),
      0,
    ),
    typicalSku: (u: number): number => {
      let left = u * total
      for (let index = 0; index < spec.skus.length; index++) {
        left -= spec.skus[index].share
        if (left < 0) return index
      }
      return spec.skus.length - 1
    },
  }
}

function columnsOf(rows: readonly Row[], day0Ms: number): ReplayOrders {
  const times = (of: (row: Row) => number): Float64Array => Float64Array.from(rows, (row) => of(row) - day0Ms)
  const lines = rows.flatMap((row) => row.lines)
  const lineStart = new Int32Array(rows.length + 1)
  rows.forEach((row, i) => {
    lineStart[i + 1] = lineStart[i] + row.lines.length
  })
  return {
    count: rows.length,
    placedMs: times((row) => row.placedMs),
    promisedMs: times((row) => row.promisedMs),
    zone: Int32Array.from(rows, (row) => row.zone),
    payment: Int32Array.from(rows, (row) => row.payment),
    origin: Int32Array.from(rows, (row) => row.origin),
    lineStart,
    sku: Int32Array.from(lines, (line) => line.sku),
    units: Int32Array.from(lines, (line) => line.units),
    prepareFactor: Float64Array.from(rows, (row) => row.prepareFactor),
    haulFactor: Float64Array.from(rows, (row) => row.haulFactor),
    recorded: {
      approvedMs: times((row) => row.approvedMs),
      handedOverMs: times((row) => row.handedOverMs),
      deliveredMs: times((row) => row.deliveredMs),
    },
  }
}

function remarkBook(file: string) {
  const remarks = new Map<string, { rows: number; done: string; first: Problem }>()
  return {
    file,
    add: (problem: Problem, done: string) => {
      const key = `${problem.field}|${done}`
      const known = remarks.get(key)
      if (known) known.rows++
      else remarks.set(key, { rows: 1, done, first: problem })
    },
    all: (): Remark[] => [...remarks.values()],
  }
}

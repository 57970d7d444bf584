import { join } from 'node:path'
import { streamCsv } from '../../scenarios/read/csv.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { readMoment } from '../event/moment.ts'
import type { TimedLine } from './replay.ts'

/**
 * Orders of the public Olist tables told as live events: placed, paid, handed over, delivered or cancelled. Nothing is made up that the tables do not
 * say, but: times are local and get one offset; where a table lacks an order's items or seller, the article and the warehouse are
 * `unlisted`; a cancelled order is cancelled at the last moment it has. Warehouses are the states of the sellers, as `seller-SP`.
 */
export type OlistRequest = {
  readonly dir: string
  /** As in `-03:00`. */
  readonly offset: string
  /** Orders placed from and until these instants, ms; null: no bound. */
  readonly fromMs: number | null
  readonly untilMs: number | null
}

const UNLISTED = 'unlisted'
const CANCELLED: Readonly<Record<string, string>> = { canceled: 'other', unavailable: 'out-of-stock' }

type Line = { readonly sku: string; units: number }
type Lines = { readonly seller: string; readonly lines: Line[] }

export async function olistEvents(request: OlistRequest): Promise<TimedLine[]> {
  const { dir, offset, fromMs, untilMs } = request
  const homes = await column(dir, 'customers', 'customer_id', ['customer_unique_id', 'customer_state'])
  const sellers = await column(dir, 'sellers', 'seller_id', ['seller_state'])
  const payments = await column(dir, 'order_payments', 'order_id', ['payment_type', 'payment_value'])
  const items = await itemsOf(dir)
  const events: TimedLine[] = []
  const told = new Set<string>()
  const moment = (local: string): string => `${local.replace(' ', 'T')}${offset}`

  await eachRow(dir, 'orders', ORDER_COLUMNS, (row) => {
    const [order, customer, status, purchased, approved, handedOver, delivered, promised] = row
    const placedMs = readMoment(moment(purchased))
    const outside = (fromMs !== null && placedMs < fromMs) || (untilMs !== null && placedMs >= untilMs)
    if (Number.isNaN(placedMs) || outside || told.has(order)) return
    told.add(order)
    const [home, zone] = homes.get(customer) ?? [customer, UNLISTED]
    const { seller, lines } = items.get(order) ?? { seller: '', lines: [{ sku: UNLISTED, units: 1 }] }
    const [state] = sellers.get(seller) ?? []
    const warehouse = state === undefined ? UNLISTED : `seller-${state}`
    const tell = (source: string, feed: string, type: string, at: string, more: object): void => {
      const atMs = readMoment(moment(at))
      if (Number.isNaN(atMs)) return
      const event = { id: `${order}-${type}`, source: `olist:${source}`, feed, type, at: moment(at), order, ...more }
      events.push({ atMs, line: JSON.stringify(event) })
    }
    tell('shop', 'orders', 'placed', purchased, { zone, lines, promisedAt: moment(promised), customer: home })
    const [method, value] = payments.get(order) ?? []
    const amount = value === undefined ? {} : { amount: { value: Number(value), currency: 'BRL' } }
    tell('payments', 'payments', 'captured', approved, { ...(method === undefined ? {} : { method }), ...amount })
    tell('carrier', 'departures', 'handed-over', handedOver, { warehouse, service: 'standard' })
    tell('carrier', 'scans', 'delivered', delivered, {})
    const reason = CANCELLED[status]
    const last = [delivered, handedOver, approved, purchased].find((at) => at !== '')
    if (reason !== undefined && last !== undefined) tell('shop', 'orders', 'cancelled', last, { reason })
  })
  if (events.length === 0) {
    const fix = 'widen --from and --until; the orders are of 2016-09 to 2018-10'
    throw new InputError([{ file: dir, line: null, field: 'orders', found: 'no order in that time', fix }])
  }
  return events.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0) || (a.line < b.line ? -1 : 1))
}

const ORDER_COLUMNS = [
  'order_id',
  'customer_id',
  'order_status',
  'order_purchase_timestamp',
  'order_approved_at',
  'order_delivered_carrier_date',
  'order_delivered_customer_date',
  'order_estimated_delivery_date',
]

async function eachRow(dir: string, table: string, needs: readonly string[], onRow: (cells: string[]) => void): Promise<void> {
  let places: number[] = []
  await streamCsv(
    { file: join(dir, `${table}.csv`), needs },
    {
      onColumns: (columns) => {
        places = needs.map((name) => columns.indexOf(name))
      },
      onRow: ({ cells }) => onRow(places.map((place) => cells[place])),
      // A row with a comma too many tells of no order that could be trusted.
      onRagged: () => {},
    },
  )
}

/** The first row of each id. */
async function column(dir: string, table: string, id: string, wanted: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  await eachRow(dir, table, [id, ...wanted], ([key, ...cells]) => {
    if (!found.has(key)) found.set(key, cells)
  })
  return found
}

async function itemsOf(dir: string): Promise<Map<string, Lines>> {
  const found = new Map<string, Lines>()
  await eachRow(dir, 'order_items', ['order_id', 'product_id', 'seller_id'], ([order, sku, seller]) => {
    const known = found.get(order)
    if (known === undefined) {
      found.set(order, { seller, lines: [{ sku, units: 1 }] })
      return
    }
    const same = known.lines.find((line) => line.sku === sku)
    if (same === undefined) known.lines.push({ sku, units: 1 })
    else same.units++
  })
  return found
}

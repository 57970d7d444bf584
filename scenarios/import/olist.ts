import { existsSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../read/problem.ts'
import { ALL_TOLD, missing, stageDirt, unreadable } from './dirt.ts'
import { readGazetteer } from './gazetteer.ts'
import { type DraftOrder, historyOf, type OrderHistory, type Status } from './history.ts'
import { type OlistTables, readArticles, readLines, readPayments, readTowns, tableFile } from './olist-parts.ts'
import { type Entry, eachEntry, TWICE } from './table.ts'
import { ISO, parseTimestamp } from './timestamp.ts'

const STATUS: Readonly<Record<string, Status>> = {
  delivered: 'delivered',
  shipped: 'shipped',
  canceled: 'cancelled',
  unavailable: 'cancelled',
  invoiced: 'open',
  processing: 'open',
  created: 'open',
  approved: 'open',
}

const TIMES = {
  placedMs: 'order_purchase_timestamp',
  approvedMs: 'order_approved_at',
  handedOverMs: 'order_delivered_carrier_date',
  deliveredMs: 'order_delivered_customer_date',
  promisedMs: 'order_estimated_delivery_date',
} as const

/**
 * Olist's public tables as an order history. Their promise is a date, written as its midnight; a parcel is late here as it is there, when
 * it arrives after that moment. Towns are found in a gazetteer of municipalities.
 */
export async function readOlist(tables: OlistTables, municipalities: string | undefined): Promise<OrderHistory> {
  const { dir, book } = tables
  const gazetteer = await readGazetteer(municipalitiesFolder(dir, municipalities))
  const customers = await readTowns(tables, gazetteer, 'customer')
  const sellers = await readTowns(tables, gazetteer, 'seller')
  const articles = await readArticles(tables)
  const drafts = await readOrders(tables, customers.indexOf)
  const ids = new Set(drafts.map(({ draft }) => draft.id))
  const payments = await readPayments(tables, ids)
  const lines = await readLines(tables, ids, articles, sellers)
  const orders = drafts.map(({ draft, line }): DraftOrder => {
    const note = (field: string) => book.note(basename(tableFile(dir, 'orders')), line, missing(field))
    if (!lines.has(draft.id)) note('items in the tables')
    if (!payments.has(draft.id)) note('payment in the tables')
    return { ...draft, lines: lines.get(draft.id) ?? [], payment: payments.get(draft.id) ?? '' }
  })
  const about = { name: 'Olist', currency: 'BRL', towns: customers.all, origins: sellers.all, articles: articles.all }
  return historyOf(about, orders)
}

async function readOrders({ dir, book, signal }: OlistTables, customers: ReadonlyMap<string, number>) {
  const drafts: { draft: DraftOrder; line: number }[] = []
  const seen = new Set<string>()
  const needs = ['order_id', 'customer_id', 'order_status', ...Object.values(TIMES)]
  await eachEntry({ file: tableFile(dir, 'orders'), needs, book, signal }, (entry) => {
    const id = entry.text('order_id')
    if (seen.has(id)) return entry.note(TWICE)
    seen.add(id)
    const placedMs = timeOf(entry, TIMES.placedMs)
    if (Number.isNaN(placedMs)) return entry.note({ kind: 'no time of purchase', fate: 'dropped', done: 'left out' })
    const times = {
      placedMs,
      approvedMs: timeOf(entry, TIMES.approvedMs),
      handedOverMs: timeOf(entry, TIMES.handedOverMs),
      deliveredMs: timeOf(entry, TIMES.deliveredMs),
      promisedMs: timeOf(entry, TIMES.promisedMs),
    }
    const written = entry.text('order_status')
    const status = STATUS[written] ?? 'open'
    if (!STATUS[written]) entry.note({ kind: 'unknown status', fate: 'repaired', done: 'counts as open' })
    for (const dirt of stageDirt(times, status === 'delivered', ALL_TOLD)) entry.note(dirt)
    if (status === 'shipped') entry.note({ kind: 'never arrived', fate: 'kept', done: 'kept; counts towards the lost share' })
    const town = customers.get(entry.text('customer_id')) ?? -1
    if (town < 0) entry.note(missing('town of the customer'))
    drafts.push({ line: entry.line, draft: { id, ...times, status, payment: '', town, lines: [] } })
  })
  return drafts
}

function timeOf(entry: Entry, column: string): number {
  const text = entry.text(column)
  const ms = parseTimestamp(text, ISO)
  if (text !== '' && Number.isNaN(ms)) entry.note(unreadable(column))
  return ms
}

/** The gazetteer stands beside the tables unless it is named. */
function municipalitiesFolder(dir: string, named: string | undefined): string {
  const found = !existsSync(dir) ? 'no such folder' : statSync(dir).isDirectory() ? null : 'a file'
  if (found !== null) {
    throw new InputError([{ file: dir, line: null, field: 'folder', found, fix: 'name the folder that holds the Olist tables' }])
  }
  const folder = named ?? join(resolve(dir), '..', 'brazil-municipalities')
  if (existsSync(join(folder, 'municipios.csv'))) return folder
  const fix = 'name the folder with municipios.csv and estados.csv: --places FOLDER'
  throw new InputError([{ file: folder, line: null, field: 'municipalities', found: 'no municipios.csv', fix }])
}

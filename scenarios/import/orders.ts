import { basename, dirname, join } from 'node:path'
import { missing, numberOf, type StageTimes, stageDirt, type ToldTimes, unreadable } from './dirt.ts'
import { type Gazetteer, gazetteer, readPlaces } from './gazetteer.ts'
import { type Article, type DraftLine, type DraftOrder, historyOf, type OrderHistory, type Status, type Town } from './history.ts'
import type { Ledger } from './ledger.ts'
import type { OrderMap } from './map-schema.ts'
import { locate } from './olist-parts.ts'
import { readMap } from './read-map.ts'
import { isPlace } from './sphere.ts'
import { type Entry, eachEntry } from './table.ts'
import { parseTimestamp } from './timestamp.ts'

export type OrderTable = {
  readonly file: string
  readonly map: string
  readonly book: Ledger
  readonly signal?: AbortSignal | undefined
}

const GRAMS = { g: 1, kg: 1000, lb: 453.59237, oz: 28.349523125 } as const

/** Any table of orders as a history: one row for each order, or for each of its lines. */
export async function readOrderTable({ file, map: mapFile, book, signal }: OrderTable): Promise<OrderHistory> {
  const { map, against } = readMap(mapFile)
  const places = map.places === undefined ? gazetteer([]) : await readPlaces(join(dirname(mapFile), map.places))
  const towns = register<Town>((town) => `${town.region}|${town.name}|${town.lat}|${town.lon}`)
  const origins = register<Town>((town) => `${town.region}|${town.name}|${town.lat}|${town.lon}`)
  const articles = register<Article>((article) => article.id)
  const only = 'columns' in map.origin ? -1 : origins.add({ ...map.origin, region: '' })
  const drafts = new Map<string, { line: number; order: DraftOrder & { lines: DraftLine[] } }>()
  const request = { file, needs: [], book, delimiter: map.delimiter, signal, onColumns: against }
  await eachEntry(request, (entry) => {
    const id = entry.text(map.columns.order)
    if (id === '') return entry.note({ kind: 'no order id', fate: 'dropped', done: 'left out' })
    const known = drafts.get(id)
    const order = known?.order ?? headOf(entry, id, map, places, towns)
    if (!order) return
    if (known) sameHead(entry, map, order)
    const line = lineOf(entry, map, articles, only >= 0 ? only : placeOf(entry, map.origin, places, origins, 'origin'))
    if (!line) return
    if (!known) drafts.set(id, { line: entry.line, order })
    addLine(order.lines, line)
  })
  const table = basename(file)
  const told = toldTimes(map)
  for (const { line, order } of drafts.values())
    for (const dirt of stageDirt(order, order.status === 'delivered', told)) book.note(table, line, dirt)
  const about = { name: map.name, currency: map.currency, towns: towns.all, origins: origins.all, articles: articles.all }
  return historyOf(
    about,
    [...drafts.values()].map(({ order }) => order),
  )
}

function toldTimes({ columns }: OrderMap): ToldTimes {
  const times = ['placed', 'approved', 'handedOver', 'delivered', 'promised'] as const
  return new Set(times.filter((time) => columns[time] !== undefined).map((time) => `${time}Ms` as const))
}

/** What belongs to the whole order, read from its first row. */
function headOf(entry: Entry, id: string, map: OrderMap, places: Gazetteer, towns: Register<Town>) {
  const { columns } = map
  const times: StageTimes = {
    placedMs: timeOf(entry, map, columns.placed),
    approvedMs: timeOf(entry, map, columns.approved),
    handedOverMs: timeOf(entry, map, columns.handedOver),
    deliveredMs: timeOf(entry, map, columns.delivered),
    promisedMs: timeOf(entry, map, columns.promised),
  }
  if (Number.isNaN(times.placedMs)) {
    entry.note({ kind: 'no time it was placed', fate: 'dropped', done: 'left out' })
    return null
  }
  const payment = columns.payment ? entry.text(columns.payment) : ''
  if (columns.payment && payment === '') entry.note(missing('payment'))
  const town = placeOf(entry, { columns: map.destination }, places, towns, 'destination')
  return { id, ...times, status: statusOf(entry, map, times), payment, town, lines: [] as DraftLine[] }
}

function sameHead(entry: Entry, map: OrderMap, order: DraftOrder): void {
  const placedMs = timeOf(entry, map, map.columns.placed)
  if (placedMs !== order.placedMs)
    entry.note({ kind: 'another time placed than the first row of its order', fate: 'kept', done: 'the first row counts' })
}

function statusOf(entry: Entry, { columns, statuses }: OrderMap, { handedOverMs, deliveredMs }: StageTimes): Status {
  const word = columns.status ? entry.text(columns.status) : ''
  for (const status of ['delivered', 'shipped', 'cancelled'] as const) if (statuses?.[status]?.includes(word)) return status
  if (statuses && word !== '') return 'open'
  if (!Number.isNaN(deliveredMs)) return 'delivered'
  return Number.isNaN(handedOverMs) ? 'open' : 'shipped'
}

function lineOf(entry: Entry, { columns, weight }: OrderMap, articles: Register<Article>, origin: number): DraftLine | null {
  const number = (column: string | undefined, field: string): number => {
    if (column === undefined) return Number.NaN
    const text = entry.text(column)
    const value = numberOf(text)
    if (text !== '' && Number.isNaN(value)) entry.note(unreadable(field))
    return value
  }
  const quantity = number(columns.quantity, 'quantity')
  if (quantity <= 0) {
    entry.note({ kind: 'quantity of 0 or less', fate: 'dropped', done: 'left out: a correction or a return, not an order' })
    return null
  }
  const units = Number.isNaN(quantity) ? 1 : Math.max(1, Math.round(quantity))
  const price = number(columns.price, 'price')
  if (price < 0) entry.note({ kind: 'price below 0', fate: 'blanked', done: 'counts as price unknown' })
  const weightGrams = weight ? number(weight.column, 'weight') * GRAMS[weight.unit] : Number.NaN
  if (weightGrams <= 0) entry.note({ kind: 'weight of 0 or less', fate: 'blanked', done: 'counts as weight unknown' })
  const id = columns.sku ? entry.text(columns.sku) : 'parcel'
  if (id === '') entry.note(missing('article'))
  const article = articles.add({
    id: id || 'unknown',
    group: (columns.group ? entry.text(columns.group) : '') || 'article',
    weightGrams: weightGrams > 0 ? weightGrams : Number.NaN,
    volumeCm3: Number.NaN,
  })
  return { article, units, origin, price: price >= 0 ? price * units : Number.NaN, freight: number(columns.freight, 'freight') }
}

/** Rows of the same article in one order are one line. */
function addLine(lines: DraftLine[], line: DraftLine): void {
  const same = lines.find(({ article, origin }) => article === line.article && origin === line.origin)
  if (!same) lines.push(line)
  else {
    same.units += line.units
    same.price += line.price
    same.freight += line.freight
  }
}

function placeOf(entry: Entry, at: OrderMap['origin'], places: Gazetteer, towns: Register<Town>, what: string): number {
  if (!('columns' in at)) return -1
  const { city, region, lat, lon } = at.columns
  const name = city ? entry.text(city) : ''
  const state = region ? entry.text(region) : ''
  if (lat && lon) {
    const point = { lat: numberOf(entry.text(lat)), lon: numberOf(entry.text(lon)) }
    if (isPlace(point)) return towns.add({ name: name || state || `${point.lat} ${point.lon}`, region: state || 'all', ...point })
    entry.note({ kind: `${what} without a place on the globe`, fate: 'blanked', done: 'counts as a place unknown' })
    return -1
  }
  if (name === '' && state === '') {
    entry.note(missing(what))
    return -1
  }
  const town = locate(entry, places, name || state, state)
  return town ? towns.add(town) : -1
}

function timeOf(entry: Entry, { time }: OrderMap, column: string | undefined): number {
  if (column === undefined) return Number.NaN
  const text = entry.text(column)
  const ms = parseTimestamp(text, { format: time?.format ?? 'iso', zone: time?.zone ?? null })
  if (text !== '' && Number.isNaN(ms)) entry.note(unreadable(column))
  return ms
}

type Register<T> = { readonly all: readonly T[]; add(thing: T): number }

/** Each thing once, by its key. */
function register<T>(keyOf: (thing: T) => string): Register<T> {
  const all: T[] = []
  const indexOf = new Map<string, number>()
  return {
    all,
    add: (thing) => {
      const key = keyOf(thing)
      const index = indexOf.get(key) ?? all.push(thing) - 1
      indexOf.set(key, index)
      return index
    },
  }
}

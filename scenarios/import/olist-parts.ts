import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { missing, numberOf, unreadable } from './dirt.ts'
import type { Gazetteer } from './gazetteer.ts'
import type { Article, DraftLine, Town } from './history.ts'
import type { Ledger } from './ledger.ts'
import { type Entry, eachEntry, TWICE } from './table.ts'

/** Where Olist's tables are, and the book their rows go into. */
export type OlistTables = { readonly dir: string; readonly book: Ledger; readonly signal: AbortSignal | undefined }

/** Things by the id the tables use for them; several ids may share one thing. */
export type Register<T> = { readonly indexOf: ReadonlyMap<string, number>; readonly all: readonly T[] }

/** A table by its plain name, or by the one it was published under. */
export function tableFile(dir: string, name: string): string {
  const published = join(dir, `olist_${name}_dataset.csv`)
  const plain = join(dir, `${name}.csv`)
  return !existsSync(plain) && existsSync(published) ? published : plain
}

/** Customers or sellers, by id, gathered into towns. */
export async function readTowns(
  { dir, book, signal }: OlistTables,
  gazetteer: Gazetteer,
  who: 'customer' | 'seller',
): Promise<Register<Town>> {
  const all: Town[] = []
  const townOf = new Map<string, number>()
  const indexOf = new Map<string, number>()
  const needs = [`${who}_id`, `${who}_city`, `${who}_state`]
  await eachEntry({ file: tableFile(dir, `${who}s`), needs, book, signal }, (entry) => {
    const id = entry.text(`${who}_id`)
    if (indexOf.has(id)) return entry.note(TWICE)
    const town = locate(entry, gazetteer, entry.text(`${who}_city`), entry.text(`${who}_state`))
    if (!town) return
    const key = `${town.region}|${town.name}`
    const index = townOf.get(key) ?? all.push(town) - 1
    townOf.set(key, index)
    indexOf.set(id, index)
  })
  return { indexOf, all }
}

/** The town of a row, with a note when its name had to be guessed. */
export function locate(entry: Entry, gazetteer: Gazetteer, city: string, state: string): Town | null {
  const { match, place, name } = gazetteer.find(city, state)
  const region = state.trim().toUpperCase()
  if (match === 'similar')
    entry.note({ kind: 'misspelt town', fate: 'repaired', done: 'took the nearest name in the same state' })
  if (match === 'state') entry.note({ kind: 'unknown town', fate: 'repaired', done: 'placed in the middle of its state' })
  if (match === 'none') {
    entry.note({ kind: 'unknown state', fate: 'blanked', done: 'counts as a place unknown' })
    return null
  }
  return { name: name || `${region} (somewhere)`, region, lat: place.lat, lon: place.lon }
}

export async function readArticles({ dir, book, signal }: OlistTables): Promise<Register<Article>> {
  const all: Article[] = []
  const indexOf = new Map<string, number>()
  const needs = ['product_id', 'product_category_name', 'product_weight_g']
  await eachEntry({ file: tableFile(dir, 'products'), needs, book, signal }, (entry) => {
    const id = entry.text('product_id')
    if (indexOf.has(id)) return entry.note(TWICE)
    const group = entry.text('product_category_name')
    if (group === '') entry.note(missing('category'))
    const sides = ['length', 'height', 'width'].map((side) => numberOf(entry.text(`product_${side}_cm`)))
    const volumeCm3 = sides.reduce((product, side) => product * side, 1)
    if (Number.isNaN(volumeCm3)) entry.note(missing('size'))
    const weightGrams = numberOf(entry.text('product_weight_g'))
    if (Number.isNaN(weightGrams)) entry.note(missing('weight'))
    if (weightGrams <= 0) entry.note({ kind: 'weight of 0 g', fate: 'blanked', done: 'counts as weight unknown' })
    indexOf.set(
      id,
      all.push({ id, group: group || 'unknown', weightGrams: weightGrams > 0 ? weightGrams : Number.NaN, volumeCm3 }) - 1,
    )
  })
  return { indexOf, all }
}

/** How each order was paid: by the means that paid most of it. */
export async function readPayments(
  { dir, book, signal }: OlistTables,
  orders: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const most = new Map<string, { type: string; value: number }>()
  const needs = ['order_id', 'payment_type', 'payment_value']
  await eachEntry({ file: tableFile(dir, 'order_payments'), needs, book, signal }, (entry) => {
    const order = entry.text('order_id')
    if (!orders.has(order)) return entry.note(strayRow('order'))
    const type = entry.text('payment_type')
    if (type === 'not_defined' || type === '')
      return entry.note({ kind: 'payment type not defined', fate: 'blanked', done: 'counts as payment unknown' })
    const value = numberOf(entry.text('payment_value')) || 0
    if (value >= (most.get(order)?.value ?? -1)) most.set(order, { type, value })
  })
  return new Map([...most].map(([order, { type }]) => [order, type]))
}

/** Lines by order: Olist writes one row for each unit; rows of the same article from the same seller are one line. */
export async function readLines(
  { dir, book, signal }: OlistTables,
  orders: ReadonlySet<string>,
  articles: Register<Article>,
  sellers: Register<Town>,
): Promise<Map<string, DraftLine[]>> {
  const lines = new Map<string, DraftLine[]>()
  const seen = new Set<string>()
  const needs = ['order_id', 'order_item_id', 'product_id', 'seller_id', 'price', 'freight_value']
  await eachEntry({ file: tableFile(dir, 'order_items'), needs, book, signal }, (entry) => {
    const order = entry.text('order_id')
    if (!orders.has(order)) return entry.note(strayRow('order'))
    const item = `${order}|${entry.text('order_item_id')}`
    if (seen.has(item)) return entry.note(TWICE)
    seen.add(item)
    const article = articles.indexOf.get(entry.text('product_id'))
    if (article === undefined) return entry.note(strayRow('product'))
    const origin = sellers.indexOf.get(entry.text('seller_id')) ?? -1
    if (origin < 0)
      entry.note({ kind: 'seller unknown, or of an unknown place', fate: 'blanked', done: 'counts as origin unknown' })
    const price = numberOf(entry.text('price'))
    const freight = numberOf(entry.text('freight_value'))
    if (Number.isNaN(price) || Number.isNaN(freight)) entry.note(unreadable('price or freight'))
    const own = lines.get(order) ?? []
    lines.set(order, own)
    const same = own.find((line) => line.article === article && line.origin === origin)
    if (!same) own.push({ article, units: 1, origin, price, freight })
    else {
      same.units++
      same.price += price
      same.freight += freight
    }
  })
  return lines
}

function strayRow(of: string) {
  return { kind: `belongs to no ${of} in the tables`, fate: 'dropped', done: 'left out' } as const
}

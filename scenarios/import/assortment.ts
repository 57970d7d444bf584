import type { SkuSpec } from '../../sim/network-spec.ts'
import { chargeableKg } from './freight.ts'
import type { OrderHistory } from './history.ts'
import { digits, quantile, sortedNumbers } from './statistics.ts'
import { uniqueId } from './zones.ts'

export type Assortment = {
  readonly skus: readonly SkuSpec[]
  /** Index of the SKU of each article; -1 for one that was never ordered. */
  readonly skuOfArticle: Int32Array
}

const SUPPLIER = 'supplier'
/** Upper ends of the weight classes, kg: letter, small parcel, parcel, heavy, bulky. */
const CLASSES = [
  { name: 'xs', kg: 0.3 },
  { name: 's', kg: 1 },
  { name: 'm', kg: 3 },
  { name: 'l', kg: 10 },
  { name: 'xl', kg: Number.POSITIVE_INFINITY },
] as const

/**
 * Articles sold once or twice each are no stock to simulate. A table with few articles keeps each as its own SKU; one that tells groups and weights has its
 * articles put together by group × weight class, the smallest of these by weight class alone; in one that tells neither, the best sellers stand
 * for themselves and the rest is bundled by rank.
 */
export function assortment(
  history: OrderHistory,
  warehouseOfOrigin: ArrayLike<number>,
  warehouses: readonly string[],
  count: number,
): Assortment {
  const lines = linesByArticle(history)
  const keyOf = keys(history, lines, count)
  const sold = [...lines.keys()]
  const size = new Map<string, number>()
  for (const article of sold) size.set(keyOf(article), (size.get(keyOf(article)) ?? 0) + (lines.get(article)?.length ?? 0))
  const ranked = [...size].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([key]) => key)
  const kept = new Set(ranked.length <= count ? ranked : ranked.slice(0, Math.max(1, count - CLASSES.length)))
  const members = new Map<string, number[]>()
  for (const article of sold) {
    const own = keyOf(article)
    const key = kept.has(own) ? own : `other ${classOf(history, article)}`
    members.set(key, [...(members.get(key) ?? []), article])
  }
  const taken = new Set<string>()
  const skuOfArticle = new Int32Array(history.articles.length).fill(-1)
  const skus = [...members].map(([key, articles], index): SkuSpec => {
    for (const article of articles) skuOfArticle[article] = index
    const own = articles.flatMap((article) => lines.get(article) ?? [])
    const from = new Set(own.map((line) => warehouseOfOrigin[history.lineOrigin[line]] ?? -1).filter((w) => w >= 0))
    const price = quantile(sortedNumbers(own.map((line) => history.price[line] / history.units[line])), 0.5)
    const kg = quantile(sortedNumbers(own.map((line) => chargeableKg(history.articles[history.article[line]]))), 0.5)
    return {
      id: uniqueId(key, taken),
      weightGrams: Number.isNaN(kg) ? 1000 : Math.max(1, Math.round(kg * 1000)),
      share: own.length,
      price: Number.isNaN(price) ? 0 : digits(price, 4),
      supplier: SUPPLIER,
      heldAt: from.size > 0 ? [...from].sort((a, b) => a - b).map((w) => warehouses[w]) : undefined,
    }
  })
  return { skus: skus.length > 0 ? skus : [parcel()], skuOfArticle }
}

function keys(history: OrderHistory, lines: ReadonlyMap<number, readonly number[]>, count: number): (article: number) => string {
  const { articles } = history
  if (lines.size <= count) return (article) => articles[article].id
  const bucketOf = (article: number): string => `${articles[article].group} ${classOf(history, article)}`
  if (new Set([...lines.keys()].map(bucketOf)).size > count / 2) return bucketOf
  const sold = [...lines].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]).map(([article]) => article)
  const rank = new Map(sold.map((article, at) => [article, at]))
  const singles = Math.floor(count / 2)
  const bundle = (sold.length - singles) / (count - singles)
  return (article) => {
    const at = rank.get(article) ?? 0
    return at < singles ? articles[article].id : `bundle ${Math.floor((at - singles) / bundle) + 1}`
  }
}

/** A table without lines still sends something. */
function parcel(): SkuSpec {
  return { id: 'parcel', weightGrams: 1000, share: 1, price: 0, supplier: SUPPLIER }
}

function classOf(history: OrderHistory, article: number): string {
  const kg = chargeableKg(history.articles[article])
  return CLASSES.find((c) => kg <= c.kg)?.name ?? 's'
}

function linesByArticle({ article }: OrderHistory): Map<number, number[]> {
  const lines = new Map<number, number[]>()
  article.forEach((of, line) => {
    const own = lines.get(of)
    if (own) own.push(line)
    else lines.set(of, [line])
  })
  return lines
}

/** Shares of orders with 1, 2, … lines and of lines with 1, 2, … units; what is beyond the eighth counts as eight. */
export function baskets({ count, lineStart, units }: OrderHistory): { linesPerOrder: number[]; unitsPerLine: number[] } {
  const perOrder: number[] = []
  for (let i = 0; i < count; i++) if (lineStart[i + 1] > lineStart[i]) perOrder.push(lineStart[i + 1] - lineStart[i])
  return { linesPerOrder: countShares(perOrder), unitsPerLine: countShares([...units]) }
}

function countShares(counts: readonly number[]): number[] {
  if (counts.length === 0) return [1]
  const most = Math.min(
    8,
    counts.reduce((a, b) => Math.max(a, b), 1),
  )
  return Array.from({ length: most }, (_, k) =>
    digits(counts.filter((n) => Math.min(n, most) === k + 1).length / counts.length, 4),
  )
}

import { streamCsv } from '../read/csv.ts'

/**
 * How unevenly a shop's articles sell: the share of all order lines of each of `count` equal groups of articles, best sellers first. Reads
 * UCI Online Retail; returns and corrections (quantity of 0 or less) and charges that are no article (codes without five digits) stay out.
 */
export async function readPopularity(
  file: string,
  count: number,
): Promise<{ shares: number[]; lines: number; articles: number }> {
  const lines = new Map<string, number>()
  let code = 0
  let quantity = 0
  const columns = { needs: ['StockCode', 'Quantity'], file }
  await streamCsv(columns, {
    onColumns: (names) => {
      code = names.indexOf('StockCode')
      quantity = names.indexOf('Quantity')
    },
    onRow: ({ cells }) => {
      if (Number(cells[quantity]) > 0 && /^\d{5}/.test(cells[code])) lines.set(cells[code], (lines.get(cells[code]) ?? 0) + 1)
    },
    onRagged: () => {},
  })
  const counts = [...lines.values()].sort((a, b) => b - a)
  return { shares: grouped(counts, count), lines: counts.reduce((sum, n) => sum + n, 0), articles: counts.length }
}

/** Share of the whole held by each of `count` equally long stretches of a falling list; a stretch may cut an article in parts. */
export function grouped(counts: readonly number[], count: number): number[] {
  const total = counts.reduce((sum, n) => sum + n, 0)
  const upTo = [0]
  for (const n of counts) upTo.push(upTo[upTo.length - 1] + n)
  const held = (rank: number): number => {
    const whole = Math.min(counts.length, Math.floor(rank))
    return upTo[whole] + (whole < counts.length ? (rank - whole) * counts[whole] : 0)
  }
  return Array.from(
    { length: count },
    (_, i) => (held(((i + 1) * counts.length) / count) - held((i * counts.length) / count)) / total,
  )
}

import type { Seen } from '../decision.ts'
import type { Pen } from '../json-pen.ts'

/**
 * Units in sight, as they stand in a line of the log: `[[900,0,12],[3]]`, for each line of the order what each warehouse had, up to the last that
 * had some. It says the same as the triples of a decision (line, warehouse, units) with a third of the numbers.
 */
export type StockInLog = readonly (readonly number[])[] | Seen['stock']

export function writeSight(out: Pen, stock: Seen['stock']): void {
  // A list that is no such triples in their order, as a test or a stranger may have it, is written as it is.
  if (!isInOrder(stock)) {
    out.numbers(stock)
    return
  }
  let line = -1
  let next = 0
  out.raw('[')
  for (let i = 0; i < stock.length; i += 3) {
    for (; line < stock[i]; line++) {
      out.raw(line < 0 ? '[' : '],[')
      next = 0
    }
    for (; next <= stock[i + 1]; next++) {
      if (next > 0) out.raw(',')
      out.number(next === stock[i + 1] ? stock[i + 2] : 0)
    }
  }
  out.raw(stock.length === 0 ? ']' : ']]')
}

/** A place is not left out for more than so many that are empty: a list of another kind could name any. */
const FAR = 4096

function isInOrder(stock: Seen['stock']): boolean {
  if (stock.length % 3 !== 0) return false
  let line = 0
  let warehouse = -1
  for (let i = 0; i < stock.length; i += 3) {
    if (stock[i] !== line) {
      if (!(stock[i] > line && stock[i] < FAR)) return false
      line = stock[i]
      warehouse = -1
    }
    if (!(stock[i + 1] > warehouse && stock[i + 1] < FAR) || !(stock[i + 2] > 0)) return false
    warehouse = stock[i + 1]
  }
  return true
}

/** The triples again; a line of older times has them as they are. */
export function readSight(stock: StockInLog): Seen['stock'] {
  const triples: number[] = []
  for (let line = 0; line < stock.length; line++) {
    const units = stock[line]
    if (typeof units === 'number') return stock as Seen['stock']
    units.forEach((some, warehouse) => {
      if (some > 0) triples.push(line, warehouse, some)
    })
  }
  return triples
}

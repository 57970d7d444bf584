import { MAX_LINES } from '../../sim/partition.ts'
import type { Question } from './decider.ts'

/** A line of an order carries so many units at most: see `lineAt` in sim/world.ts. */
const MOST_UNITS = 255

/**
 * A question as the router takes it: a line for each SKU, since two lines of one would both be promised its last unit. Used again for the next one.
 * Whether it is too large for one search is for a person to look at.
 */
export class Readied {
  /** SKU · 256 + units. */
  readonly lines = new Int32Array(MAX_LINES)
  count = 0
  isTooLarge = false
  /** Which of the router's lines each line of the question is part of. */
  private place = new Uint8Array(64)
  private question: Question | null = null

  take(question: Question): void {
    const { lines } = question
    this.question = question
    this.count = 0
    this.isTooLarge = false
    if (lines.length > this.place.length) this.place = new Uint8Array(lines.length)
    for (let i = 0; i < lines.length; i++) {
      const { sku, units } = lines[i]
      let at = 0
      while (at < this.count && this.lines[at] >> 8 !== sku) at++
      const before = at < this.count ? this.lines[at] & 255 : 0
      if (at === MAX_LINES || before + units > MOST_UNITS) {
        this.isTooLarge = true
        return
      }
      this.lines[at] = (sku << 8) | (before + units)
      if (at === this.count) this.count++
      this.place[i] = at
    }
  }

  sku(at: number): number {
    return this.lines[at] >> 8
  }
  units(at: number): number {
    return this.lines[at] & 255
  }

  /** Lines of the question that some of the router's carry; bit i of `mask` is line i. */
  named<T>(mask: number, tell: (line: Question['lines'][number]) => T): T[] {
    const { question, place } = this
    const found: T[] = []
    if (question === null) return found
    for (let i = 0; i < question.lines.length; i++) if ((mask >> place[i]) & 1) found.push(tell(question.lines[i]))
    return found
  }
}

/** The number by which a policy without dice draws its lots for an order: its own where its name is one, as the simulator numbers them. */
export function numberOf(order: string): number {
  const own = Number(order)
  if (Number.isInteger(own) && own >= 0 && own < 2 ** 31 && String(own) === order) return own
  let hash = 0x811c9dc5
  for (let i = 0; i < order.length; i++) hash = Math.imul(hash ^ order.charCodeAt(i), 0x01000193)
  return hash >>> 1
}

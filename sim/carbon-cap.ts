import { cheapestOfMost, MAX_LINES, type Partition, partition, SETS } from './partition.ts'

/** A bound is a sum in another order than what it bounds, so that its last digits may lie above: it is taken a little lower. */
const SURE = 1 - 1e-12
/** Prices of a gram that are tried for the bound; each step halves what is between, or ends. */
const TRIALS = 12
const ROOM = 1024

/**
 * The cheapest set of shipments of an order that together emit no more than a cap: a shortest path with a resource, over partitions of the
 * lines. Each set of lines has ways to be shipped, from dear and lean to cheap and dirty; of two ways the one that is neither cheaper
 * nor leaner is left out. Then branch and bound: by what the rest costs at least, by what it emits at least, and by both at once at a price
 * for each gram (the Lagrangian bound of Handler & Zang, "A dual algorithm for the constrained shortest path problem", Networks 10, 1980).
 * Exact; only asked where the cheapest set without the cap would break it.
 */
export class CarbonCap {
  /** Ways of a set, cheapest first and each leaner than the one before it: between `from` and `to` of the set. */
  private price = new Float64Array(ROOM)
  private grams = new Float64Array(ROOM)
  /** warehouse · services + service */
  private place = new Int32Array(ROOM)
  private used = 0
  private readonly from = new Int32Array(SETS)
  private readonly to = new Int32Array(SETS)
  /** For each set: the least price, the least grams, the least of both at `perGram`, and which way that is. */
  private readonly best = new Float64Array(SETS)
  private readonly leanest = new Float64Array(SETS)
  private readonly mixed = new Float64Array(SETS)
  private readonly mixedWay = new Int32Array(SETS)
  private readonly byPrice: Partition = partition()
  private readonly byGrams: Partition = partition()
  private readonly byBoth: Partition = partition()
  private leanParts = 0
  private perGram = 0.5
  private cap = 0.5
  private least = 0.5
  /** The way of each part: on the branch gone down, and of the best found. */
  private readonly path = new Int32Array(MAX_LINES)
  private readonly pathMask = new Int32Array(MAX_LINES)
  private readonly answer = new Int32Array(MAX_LINES)
  readonly answerMask = new Int32Array(MAX_LINES)
  private answerParts = 0

  begin(): void {
    this.used = 0
  }

  /** From now on ways are added to this set; all sets of an order are gone through, each once. */
  open(mask: number): void {
    this.from[mask] = this.used
    this.to[mask] = this.used
  }

  /** A way to ship a set: left out where another is as cheap and as lean, in the place of those that it beats. */
  add(mask: number, price: number, grams: number, place: number): void {
    const from = this.from[mask]
    let at = this.used
    while (at > from && this.price[at - 1] >= price) at--
    if (at > from && this.grams[at - 1] <= grams) return
    if (at < this.used && this.price[at] === price && this.grams[at] <= grams) return
    let next = at
    while (next < this.used && this.grams[next] >= grams) next++
    if (this.used === this.price.length) this.grow()
    if (next !== at + 1 && next < this.used) {
      this.price.copyWithin(at + 1, next, this.used)
      this.grams.copyWithin(at + 1, next, this.used)
      this.place.copyWithin(at + 1, next, this.used)
    }
    this.used += at + 1 - next
    this.price[at] = price
    this.grams[at] = grams
    this.place[at] = place
    this.to[mask] = this.used
  }

  /** The cheapest set of at most `most` shipments within the cap; 0 where there is none. */
  search(full: number, most: number, capGrams: number): number {
    for (let mask = 1; mask <= full; mask++) {
      const isThere = this.to[mask] > this.from[mask]
      this.best[mask] = isThere ? this.price[this.from[mask]] : Number.POSITIVE_INFINITY
      this.leanest[mask] = isThere ? this.grams[this.to[mask] - 1] : Number.POSITIVE_INFINITY
    }
    this.cap = capGrams
    this.least = Number.POSITIVE_INFINITY
    this.answerParts = 0
    this.leanParts = cheapestOfMost(this.byGrams, this.leanest, full, most)
    if (this.leanParts === 0 || this.byGrams.coverPrice[most * SETS + full] * SURE > capGrams) return 0
    this.priceGrams(full, most)
    this.branch(full, most, 0, 0, 0)
    return this.answerParts
  }

  priceOf(part: number): number {
    return this.price[this.answer[part]]
  }
  placeOf(part: number): number {
    return this.place[this.answer[part]]
  }

  /**
   * Looks for the price of a gram at which the bound is highest: where a set within the cap and one beyond it cost the same. Starts from the
   * cheapest and the leanest; the cheapest at the price that makes these two equal takes the place of one of them.
   */
  private priceGrams(full: number, most: number): void {
    const { price, grams, from, to } = this
    let lowPrice = 0
    let lowGrams = 0
    for (let i = cheapestOfMost(this.byPrice, this.best, full, most) - 1; i >= 0; i--) {
      const way = from[this.byPrice.partMask[i]]
      lowPrice += price[way]
      lowGrams += grams[way]
    }
    let highPrice = 0
    let highGrams = 0
    for (let i = this.leanParts - 1; i >= 0; i--) {
      const way = to[this.byGrams.partMask[i]] - 1
      highPrice += price[way]
      highGrams += grams[way]
    }
    this.perGram = 0
    for (let trial = 0; trial < TRIALS && highPrice > lowPrice && lowGrams > highGrams; trial++) {
      const perGram = (highPrice - lowPrice) / (lowGrams - highGrams)
      this.mix(full, perGram)
      const parts = cheapestOfMost(this.byBoth, this.mixed, full, most)
      let midPrice = 0
      let midGrams = 0
      for (let i = 0; i < parts; i++) {
        const way = this.mixedWay[this.byBoth.partMask[i]]
        midPrice += price[way]
        midGrams += grams[way]
      }
      if (midPrice + perGram * midGrams >= (lowPrice + perGram * lowGrams) * SURE) break
      if (midGrams > this.cap) {
        lowPrice = midPrice
        lowGrams = midGrams
      } else {
        highPrice = midPrice
        highGrams = midGrams
      }
    }
    // One within the cap is known: what is no cheaper need not be looked at, but it itself must be found.
    this.least = highPrice / SURE
  }

  private mix(full: number, perGram: number): void {
    this.perGram = perGram
    for (let mask = 1; mask <= full; mask++) {
      let least = Number.POSITIVE_INFINITY
      for (let way = this.from[mask]; way < this.to[mask]; way++) {
        const both = this.price[way] + perGram * this.grams[way]
        if (both >= least) continue
        least = both
        this.mixedWay[mask] = way
      }
      this.mixed[mask] = least
    }
  }

  /** Goes down every partition of `rest` and every way of its parts that could still be within the cap and cheaper than the best found. */
  private branch(rest: number, left: number, depth: number, price: number, grams: number): void {
    if (rest === 0) {
      if (price >= this.least || grams * SURE > this.cap) return
      this.least = price
      this.answerParts = depth
      this.answer.set(this.path)
      this.answerMask.set(this.pathMask)
      return
    }
    if (left === 0) return
    const below = (left - 1) * SETS
    const coverPrice = this.byPrice.coverPrice
    const coverGrams = this.byGrams.coverPrice
    const coverBoth = this.byBoth.coverPrice
    const { cap, perGram } = this
    const low = rest & -rest
    for (let first = rest; first > 0; first = (first - 1) & rest) {
      if ((first & low) === 0) continue
      const then = below + (rest ^ first)
      for (let way = this.from[first]; way < this.to[first]; way++) {
        const paid = price + this.price[way]
        if (paid + coverPrice[then] >= this.least) break
        const emitted = grams + this.grams[way]
        if ((emitted + coverGrams[then]) * SURE > cap) continue
        if (perGram > 0 && (paid + perGram * emitted + coverBoth[then]) * SURE > this.least + perGram * cap) continue
        this.path[depth] = way
        this.pathMask[depth] = first
        this.branch(rest ^ first, left - 1, depth + 1, paid, emitted)
      }
    }
  }

  private grow(): void {
    const longer = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const twice = new Float64Array(2 * column.length)
      twice.set(column)
      return twice
    }
    this.price = longer(this.price)
    this.grams = longer(this.grams)
    const places = new Int32Array(2 * this.place.length)
    places.set(this.place)
    this.place = places
  }
}

import { Digest } from './digest.ts'

/** Plain columns in memory that two threads see: one adds, others look. */
export type OrderIndexMemory = { readonly most: number; readonly buffer: SharedArrayBuffer }

const bucketsOf = (most: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, most)))

export function orderIndexMemory(most: number): OrderIndexMemory {
  return { most, buffer: new SharedArrayBuffer(8 * (1 + bucketsOf(most) + 2 * most) + 4 * most) }
}

/**
 * In which entries of the log an order is, by a hash of it: the newest so many, the oldest of them are forgotten. What has the same bucket is chained
 * from its newest to its oldest, by numbers that only grow (from 1; 0 is none): a chain ends where it comes to what was overwritten since, so that
 * nothing is ever taken out. Who looks while another adds may miss what is overwritten at that moment, and is never led in a circle.
 */
export class OrderIndex {
  private readonly digest = new Digest()
  private readonly most: number
  private readonly mask: number
  /** Numbers given so far; of each bucket the newest number; of each number the one before it in its bucket, its entry, and half its hash. */
  private readonly added: Float64Array
  private readonly newest: Float64Array
  private readonly before: Float64Array
  private readonly entries: Float64Array
  private readonly keys: Int32Array

  constructor({ most, buffer }: OrderIndexMemory) {
    const buckets = bucketsOf(most)
    this.most = most
    this.mask = buckets - 1
    this.added = new Float64Array(buffer, 0, 1)
    this.newest = new Float64Array(buffer, 8, buckets)
    this.before = new Float64Array(buffer, 8 * (1 + buckets), most)
    this.entries = new Float64Array(buffer, 8 * (1 + buckets + most), most)
    this.keys = new Int32Array(buffer, 8 * (1 + buckets + 2 * most), most)
  }

  add(order: string, entry: number): void {
    const { digest } = this
    this.hash(order)
    const number = this.added[0] + 1
    const at = number % this.most
    const bucket = digest.low & this.mask
    this.keys[at] = digest.high
    this.entries[at] = entry
    this.before[at] = this.newest[bucket]
    this.newest[bucket] = number
    this.added[0] = number
  }

  /** In their order, each once. Two orders may share a hash: the lines themselves tell them apart. */
  entriesOf(order: string): number[] {
    const { digest, most } = this
    this.hash(order)
    const found: number[] = []
    const oldest = Math.max(1, this.added[0] - most + 1)
    let number = this.newest[digest.low & this.mask]
    while (number >= oldest) {
      const at = number % most
      if (this.keys[at] === digest.high && found.at(-1) !== this.entries[at]) found.push(this.entries[at])
      const before = this.before[at]
      if (before >= number) break
      number = before
    }
    return found.reverse()
  }

  private hash(order: string): void {
    this.digest.begin(1)
    this.digest.text(order)
    this.digest.end()
  }
}

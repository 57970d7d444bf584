import { Digest } from './digest.ts'

/**
 * In which entries of the log an order is, by a hash of it: the newest so many, the oldest of them are forgotten. What has the same bucket is chained
 * from its newest to its oldest, by numbers that only grow: a chain ends where it comes to what was overwritten since, so that nothing is ever
 * taken out.
 */
export class OrderIndex {
  private readonly digest = new Digest()
  private readonly most: number
  private readonly mask: number
  /** Number of the newest of each bucket, and of the one before each; −1 for none. */
  private readonly newest: Float64Array
  private readonly before: Float64Array
  private readonly keys: Int32Array
  private readonly entries: Float64Array
  private added = 0

  constructor(most: number) {
    const buckets = 2 ** Math.ceil(Math.log2(Math.max(2, most)))
    this.most = most
    this.mask = buckets - 1
    this.newest = new Float64Array(buckets).fill(-1)
    this.before = new Float64Array(most)
    this.keys = new Int32Array(most)
    this.entries = new Float64Array(most)
  }

  add(order: string, entry: number): void {
    const { digest } = this
    this.hash(order)
    const at = this.added % this.most
    const bucket = digest.low & this.mask
    this.keys[at] = digest.high
    this.entries[at] = entry
    this.before[at] = this.newest[bucket]
    this.newest[bucket] = this.added++
  }

  /** In their order, each once. Two orders may share a hash: the lines themselves tell them apart. */
  entriesOf(order: string): number[] {
    const { digest } = this
    this.hash(order)
    const found: number[] = []
    const oldest = Math.max(0, this.added - this.most)
    for (let number = this.newest[digest.low & this.mask]; number >= oldest; number = this.before[number % this.most]) {
      const at = number % this.most
      if (this.keys[at] === digest.high && found.at(-1) !== this.entries[at]) found.push(this.entries[at])
    }
    return found.reverse()
  }

  private hash(order: string): void {
    this.digest.begin(1)
    this.digest.text(order)
    this.digest.end()
  }
}

/** A sequence as plain data. */
export type MissingData = { readonly holes: readonly number[]; readonly next: number; readonly inARow: number }

/**
 * Numbers of a sequence that have not come: many systems number what they send (`wms-88120`), and a hole in the numbers is a lost message.
 * Holes are kept as ranges, oldest first, so that a long outage costs as much as one message.
 */
export class MissingNumbers {
  /** Pairs of first and last missing number, in order. */
  private holes: number[] = []
  private next = -1
  private inARow = 0

  /** A jump so long is another sequence, or no sequence at all: the counting begins again behind it. */
  static readonly JUMP_MAX = 1_000_000
  /** Numbers that must have come one after the other before anything counts as missing: hashes that end in digits never do. */
  static readonly TRUSTED_AFTER = 20
  private static readonly HOLES_MAX = 1000

  saw(number: number): void {
    if (number === this.next) {
      this.next = number + 1
      if (this.inARow < MissingNumbers.TRUSTED_AFTER) this.inARow++
      return
    }
    if (this.next < 0) {
      this.next = number + 1
      return
    }
    if (number < this.next) {
      this.fill(number)
      return
    }
    const trusted = this.inARow >= MissingNumbers.TRUSTED_AFTER
    if (trusted && number - this.next <= MissingNumbers.JUMP_MAX) {
      this.holes.push(this.next, number - 1)
      if (this.holes.length > 2 * MissingNumbers.HOLES_MAX) this.holes.splice(0, 2)
    } else this.inARow = 0
    this.next = number + 1
  }

  /** How many are missing. */
  count(): number {
    let sum = 0
    for (let i = 0; i < this.holes.length; i += 2) sum += this.holes[i + 1] - this.holes[i] + 1
    return sum
  }

  /** The oldest holes as `first` to `last`. */
  oldest(limit: number): { readonly first: number; readonly last: number }[] {
    const found: { first: number; last: number }[] = []
    for (let i = 0; i < this.holes.length && found.length < limit; i += 2)
      found.push({ first: this.holes[i], last: this.holes[i + 1] })
    return found
  }

  isTrusted(): boolean {
    return this.inARow >= MissingNumbers.TRUSTED_AFTER
  }

  putAway(): MissingData {
    return { holes: [...this.holes], next: this.next, inARow: this.inARow }
  }
  static from({ holes, next, inARow }: MissingData): MissingNumbers {
    const made = new MissingNumbers()
    made.holes = [...holes]
    made.next = next
    made.inARow = inARow
    return made
  }

  /** A number that came late takes its hole away, shortens it, or parts it in two. */
  private fill(number: number): void {
    const { holes } = this
    let low = 0
    let high = holes.length / 2
    while (low < high) {
      const middle = (low + high) >> 1
      if (holes[2 * middle + 1] < number) low = middle + 1
      else high = middle
    }
    const at = 2 * low
    if (at >= holes.length || holes[at] > number) return
    const [first, last] = [holes[at], holes[at + 1]]
    if (first === last) holes.splice(at, 2)
    else if (number === first) holes[at] = number + 1
    else if (number === last) holes[at + 1] = number - 1
    else holes.splice(at, 2, first, number - 1, number + 1, last)
  }
}

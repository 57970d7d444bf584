/**
 * Hashes of keys and bodies in 64 bits, as two lanes of multiply-and-rotate (after MurmurHash3's mixer, Appleby 2011): quick, and the same on
 * every machine. Not for secrets: whoever tries can make two bodies agree, and gets his own decision again.
 */
export class Digest {
  low = 0
  high = 0

  begin(seed: number): void {
    this.low = seed ^ 0x9e3779b9
    this.high = seed ^ 0x85ebca6b
  }

  /** The digest of one text. */
  of(text: string, seed: number): void {
    this.begin(seed)
    this.text(text)
    this.end()
  }

  word(value: number): void {
    const a = Math.imul(this.low ^ value, 0xcc9e2d51)
    const b = Math.imul(this.high ^ value, 0x1b873593)
    this.low = (((a << 15) | (a >>> 17)) + 0x52dce729) | 0
    this.high = (((b << 13) | (b >>> 19)) + 0x38495ab5 + this.low) | 0
  }

  text(text: string): void {
    this.word(text.length)
    let { low, high } = this
    for (let i = 0; i < text.length; i += 2) {
      // Past the end it is NaN, which is 0 here.
      const value = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16)
      const a = Math.imul(low ^ value, 0xcc9e2d51)
      const b = Math.imul(high ^ value, 0x1b873593)
      low = (((a << 15) | (a >>> 17)) + 0x52dce729) | 0
      high = (((b << 13) | (b >>> 19)) + 0x38495ab5 + low) | 0
    }
    this.low = low
    this.high = high
  }

  /** Plain data by what it says: the order of keys does not matter, the order of a list does. */
  value(value: unknown): void {
    if (typeof value === 'string') {
      this.word(1)
      this.text(value)
    } else if (typeof value === 'number') {
      FLOAT[0] = value
      this.word(WORDS[0])
      this.word(WORDS[1] ^ 2)
    } else if (typeof value !== 'object' || value === null) this.word(value === null ? 3 : value === true ? 4 : 5)
    else if (Array.isArray(value)) {
      this.word(value.length ^ 6)
      for (const one of value) this.value(one)
    } else this.record(value as Readonly<Record<string, unknown>>)
  }

  /** Without the keys of `leftOut`. */
  record(value: Readonly<Record<string, unknown>>, leftOut: readonly string[] = NONE): void {
    const { low, high } = this
    let [sumLow, sumHigh] = [0, 0]
    for (const key in value) {
      if (leftOut.includes(key)) continue
      this.begin(7)
      this.text(key)
      this.value(value[key])
      this.end()
      sumLow = (sumLow + this.low) | 0
      sumHigh = (sumHigh + this.high) | 0
    }
    this.low = low
    this.high = high
    this.word(sumLow)
    this.word(sumHigh)
  }

  /** Mixes what came last into all bits. */
  end(): void {
    this.low = mixed(this.low ^ (this.high >>> 7))
    this.high = mixed(this.high ^ this.low)
  }

  hex(): string {
    return hexOf(this.low, this.high)
  }
}

const NONE: readonly string[] = []
const FLOAT = new Float64Array(1)
const WORDS = new Int32Array(FLOAT.buffer)

function mixed(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Sixteen hexadecimal digits. */
const hexOf = (low: number, high: number): string => eight(high) + eight(low)
const FOUR = Array.from({ length: 65_536 }, (_, i) => i.toString(16).padStart(4, '0'))
const eight = (word: number): string => FOUR[word >>> 16] + FOUR[word & 65_535]

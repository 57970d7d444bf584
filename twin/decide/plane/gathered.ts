/** Bytes that are put one behind the other, to be sent together. */
const FIRST_BYTES = 4096
/** A text of so many characters takes at most three times as many bytes. */
const BYTES_PER_CHAR = 3

export class Gathered {
  length = 0
  private bytes: Buffer

  constructor(firstBytes = FIRST_BYTES) {
    this.bytes = Buffer.allocUnsafeSlow(firstBytes)
  }

  /** Letters of ASCII. */
  plain(text: string): void {
    this.reserve(text.length)
    this.length += this.bytes.write(text, this.length, 'latin1')
  }

  text(text: string): void {
    this.reserve(text.length * BYTES_PER_CHAR)
    this.length += this.bytes.write(text, this.length, 'utf8')
  }

  copy(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** What was put so far, which is whoever's who takes it. */
  take(): Buffer {
    const { bytes, length } = this
    this.bytes = EMPTY
    this.length = 0
    return bytes.subarray(0, length)
  }

  private reserve(more: number): void {
    const { bytes, length } = this
    if (length + more <= bytes.length) return
    this.bytes = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 * bytes.length, length + more))
    bytes.copy(this.bytes, 0, 0, length)
  }
}

const EMPTY = Buffer.alloc(0)

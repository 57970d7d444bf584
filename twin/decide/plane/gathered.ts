import { borrow, giveBack, lend, type Sending } from './lent-buffers.ts'

/** A text of so many characters takes at most three times as many bytes. */
const BYTES_PER_CHAR = 3
const NONE = Buffer.alloc(0)

/** Bytes that are put one behind the other, to be sent together. */
export class Gathered {
  length = 0
  private bytes: Buffer = NONE

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

  /** What was put so far. */
  take(): Sending {
    const { bytes, length } = this
    this.bytes = NONE
    this.length = 0
    return lend(bytes, length)
  }

  /** Makes room for so many bytes more. */
  reserve(more: number): void {
    const { bytes, length } = this
    if (length + more <= bytes.length) return
    this.bytes = borrow(length + more)
    bytes.copy(this.bytes, 0, 0, length)
    if (bytes !== NONE) giveBack(bytes)
  }
}

/**
 * Lines on their way from one thread to another, through memory that both see: one writes, one reads, nobody waits. What does not fit is
 * refused, which bounds what may be under way.
 *
 *     control: bytes ever written, bytes ever read (both as 32 bits that wrap around)
 *     bytes:   records of u32 bytes, u32 lines, then the text in UTF-8, padded to 8; `bytes` of SKIP: go on at the beginning
 */
export type RingMemory = { readonly control: SharedArrayBuffer; readonly bytes: SharedArrayBuffer }

const WRITTEN = 0
const READ = 1
const HEAD = 8
const SKIP = 0xffff_ffff

export function ringMemory(capacityBytes: number): RingMemory {
  return { control: new SharedArrayBuffer(8), bytes: new SharedArrayBuffer(2 ** Math.ceil(Math.log2(capacityBytes))) }
}

class Ends {
  protected readonly control: Int32Array
  protected readonly bytes: Buffer
  protected readonly heads: Uint32Array
  protected readonly mask: number

  constructor({ control, bytes }: RingMemory) {
    this.control = new Int32Array(control)
    this.bytes = Buffer.from(bytes)
    this.heads = new Uint32Array(bytes)
    this.mask = bytes.byteLength - 1
  }

  /** Bytes that were written and not read yet. */
  usedBytes(): number {
    return (Atomics.load(this.control, WRITTEN) - Atomics.load(this.control, READ)) >>> 0
  }
}

export class RingWriter extends Ends {
  /** The longest line that is taken, bytes: a quarter of the ring, so that there is room for it wherever the end lies. */
  readonly longest: number
  /** The record that is being written, which nobody sees yet: its head, or −1, its bytes and lines, and how far it may grow. */
  private open = -1
  private length = 0
  private lines = 0
  private room = 0
  /** Bytes up to the end of the ring that are passed over before it: seen together with it, since a gap alone is nothing to take. */
  private skipped = 0

  constructor(memory: RingMemory) {
    super(memory)
    this.longest = Math.floor(memory.bytes.byteLength / 4) - HEAD
  }

  /** Adds a line, the first so many bytes, to those that the next `publish` lets the reader see; false where there is no room for it. */
  add(line: Buffer, length: number): boolean {
    if (this.open >= 0 && this.length + length > this.room) this.publish()
    if (this.open < 0 && !this.begin(length)) return false
    this.length += line.copy(this.bytes, this.open + HEAD + this.length, 0, length)
    this.lines++
    return true
  }

  /** Lets the reader see all that was added. */
  publish(): void {
    const { open } = this
    if (open < 0) return
    this.heads[open >> 2] = this.length
    this.heads[(open >> 2) + 1] = this.lines
    this.open = -1
    // Published last: the reader never sees half a record.
    const written = Atomics.load(this.control, WRITTEN) + this.skipped
    this.skipped = 0
    Atomics.store(this.control, WRITTEN, (written + ((HEAD + this.length + 7) & ~7)) | 0)
  }

  /** A record with room for so many bytes at least. */
  private begin(least: number): boolean {
    const needed = (HEAD + least + 7) & ~7
    const free = this.bytes.byteLength - this.usedBytes()
    const written = Atomics.load(this.control, WRITTEN)
    const at = written & this.mask
    const toEnd = this.bytes.byteLength - at
    let room = Math.min(free, toEnd)
    this.open = at
    if (needed > toEnd) {
      if (toEnd + needed > free) {
        this.open = -1
        return false
      }
      this.heads[at >> 2] = SKIP
      this.skipped = toEnd
      this.open = 0
      room = free - toEnd
    } else if (needed > free) {
      this.open = -1
      return false
    }
    this.length = 0
    this.lines = 0
    // The padding at its end has to fit too.
    this.room = room - HEAD - 7
    return true
  }
}

/** What a reader took: copied, so that its place is free again at once. */
export type Taken = { readonly bytes: Buffer; readonly lines: number }

export class RingReader extends Ends {
  /** Whole records, one after the other, up to about so many bytes; null where there is nothing. */
  take(mostBytes: number): Taken | null {
    const written = Atomics.load(this.control, WRITTEN)
    let read = Atomics.load(this.control, READ)
    if (read === written) return null
    const pieces: Buffer[] = []
    let bytes = 0
    let lines = 0
    while (read !== written && bytes < mostBytes) {
      const at = read & this.mask
      const length = this.heads[at >> 2]
      if (length === SKIP) {
        read = (read + this.bytes.byteLength - at) | 0
        continue
      }
      pieces.push(this.bytes.subarray(at + HEAD, at + HEAD + length))
      bytes += length
      lines += this.heads[(at >> 2) + 1]
      read = (read + ((HEAD + length + 7) & ~7)) | 0
    }
    const taken = { bytes: Buffer.concat(pieces), lines }
    Atomics.store(this.control, READ, read)
    return taken
  }
}

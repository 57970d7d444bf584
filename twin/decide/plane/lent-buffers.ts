/**
 * Buffers that are used again once what was in them is sent. A new one for each answer would count as memory outside the heap, and a collector that is
 * told of so much of it looks through all it has, several times a second.
 */
const LEAST_BYTES = 65_536
const SPARE_OF_EACH = 64

const spare = new Map<number, Buffer[]>()

/** Of a power of two of bytes, so many at least. */
export function borrow(leastBytes: number): Buffer {
  const size = 2 ** Math.ceil(Math.log2(Math.max(LEAST_BYTES, leastBytes)))
  return spare.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size)
}

/** Nobody reads it any more. */
export function giveBack(buffer: Buffer): void {
  const some = spare.get(buffer.length)
  if (some === undefined) spare.set(buffer.length, [buffer])
  else if (some.length < SPARE_OF_EACH) some.push(buffer)
}

/** Bytes to be sent; `sent` is to be called when the system has them, and never before. */
export type Sending = { readonly bytes: Buffer; sent(): void }

/** Many small answers share a buffer, which goes back when all of them are sent. */
class Page {
  readonly buffer = borrow(LEAST_BYTES)
  at = 0
  private open = 1

  begin(): void {
    this.open++
  }
  end(): void {
    if (--this.open === 0) giveBack(this.buffer)
  }
}

let page = new Page()

/** Room for an answer of so many bytes, to be filled at once. */
export function place(length: number): Sending {
  if (page.at + length > page.buffer.length) {
    // One that is longer than a page is as good as any other of its size.
    if (length > LEAST_BYTES) return lend(borrow(length), length)
    page.end()
    page = new Page()
  }
  const mine = page
  const bytes = mine.buffer.subarray(mine.at, mine.at + length)
  mine.at += length
  mine.begin()
  return { bytes, sent: () => mine.end() }
}

/** The first bytes of a buffer that was borrowed for them. */
export const lend = (buffer: Buffer, length: number): Sending => ({
  bytes: buffer.subarray(0, length),
  sent: () => giveBack(buffer),
})

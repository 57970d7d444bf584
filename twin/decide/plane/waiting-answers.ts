/**
 * Answers that wait until their decisions are durable, first in, first out, as bytes outside the heap: texts that are kept alive for some ms each are
 * what a collector of short-lived things is worst at.
 *
 * A page is used again when all answers in it have been told; whoever is told one takes a copy at once.
 */
const PAGE_BYTES = 1 << 20
const SPARE_PAGES = 32

export type WaitingAnswer = { readonly page: Buffer; readonly from: number; readonly to: number }

export class WaitingAnswers {
  /** Where the answer that was put last lies. */
  page: Buffer = Buffer.allocUnsafeSlow(PAGE_BYTES)
  from = 0
  to = 0
  private readonly spare: Buffer[] = []
  private oldest: Buffer | null = null

  put(bytes: Buffer, length: number): void {
    if (this.to + length > this.page.length) {
      // One that is longer than a page has a page of its own.
      this.page = (length > PAGE_BYTES ? null : this.spare.pop()) ?? Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, length))
      this.to = 0
    }
    this.from = this.to
    this.to += bytes.copy(this.page, this.from, 0, length)
  }

  /** The oldest answer is about to be told, of this page: those before it are done with. */
  tell(page: Buffer): void {
    const { oldest } = this
    if (oldest === page) return
    this.oldest = page
    if (oldest !== null && oldest.length === PAGE_BYTES && this.spare.length < SPARE_PAGES) this.spare.push(oldest)
  }
}

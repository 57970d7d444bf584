import type { Reply } from './desk.ts'
import { Gathered } from './gathered.ts'
import type { Sending } from './lent-buffers.ts'

/** About what an answer takes, bytes. */
const USUAL_BYTES = 1600
const BEGIN = '{"results":['
const END = ']}'
const FINE = '{"status":200,"body":'

/** Answers to a batch, in the order of its requests, whenever they come. */
export class Results {
  /** Resolves when the last of them is there. */
  readonly whole: Promise<Sending>
  private readonly gathered = new Gathered()
  private readonly count: number
  /** Those before it are written. */
  private next = 0
  /** Those that came before their turn; hardly any, since decisions become durable in their order. */
  private readonly early = new Map<number, { readonly status: number; readonly body: Buffer }>()
  private onWhole: (whole: Sending) => void = () => {}

  constructor(count: number) {
    this.count = count
    this.gathered.reserve(BEGIN.length + END.length + count * USUAL_BYTES)
    this.gathered.plain(BEGIN)
    this.whole = new Promise((done) => {
      this.onWhole = done
    })
  }

  replyTo(i: number): Reply {
    return {
      settle: (status, text) => this.put(i, status, Buffer.from(text)),
      deliver: (bytes, from, to) => this.put(i, 200, bytes.subarray(from, to)),
    }
  }

  /** `body` is there for this call only. */
  private put(i: number, status: number, body: Buffer): void {
    if (i !== this.next) {
      this.early.set(i, { status, body: Buffer.from(body) })
      return
    }
    this.write(status, body)
    for (let kept = this.early.get(this.next); kept !== undefined; kept = this.early.get(this.next)) {
      this.early.delete(this.next)
      this.write(kept.status, kept.body)
    }
    if (this.next < this.count) return
    this.gathered.plain(END)
    this.onWhole(this.gathered.take())
  }

  private write(status: number, body: Buffer): void {
    if (this.next > 0) this.gathered.plain(',')
    this.gathered.plain(status === 200 ? FINE : `{"status":${status},"body":`)
    this.gathered.copy(body)
    this.gathered.plain('}')
    this.next++
  }
}

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
  private readonly early = new Map<number, Buffer>()
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
      settle: (status, text) => {
        if (i === this.next) this.write(status, Buffer.from(text))
        else this.early.set(i, Buffer.from(`{"status":${status},"body":${text}}`))
        this.goOn()
      },
      deliver: (bytes, from, to) => {
        const body = bytes.subarray(from, to)
        if (i === this.next) this.write(200, body)
        else this.early.set(i, Buffer.concat([Buffer.from(FINE), body, Buffer.from('}')]))
        this.goOn()
      },
    }
  }

  private write(status: number, body: Buffer): void {
    this.comma()
    this.gathered.plain(status === 200 ? FINE : `{"status":${status},"body":`)
    this.gathered.copy(body)
    this.gathered.plain('}')
    this.next++
  }

  private goOn(): void {
    for (let kept = this.early.get(this.next); kept !== undefined; kept = this.early.get(this.next)) {
      this.early.delete(this.next)
      this.comma()
      this.gathered.copy(kept)
      this.next++
    }
    if (this.next < this.count) return
    this.gathered.plain(END)
    this.onWhole(this.gathered.take())
  }

  private comma(): void {
    if (this.next > 0) this.gathered.plain(',')
  }
}

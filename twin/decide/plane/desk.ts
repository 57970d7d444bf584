import type { NetworkSpec } from '../../../sim/network-spec.ts'
import type { FairShare } from '../../ingest/fair-share.ts'
import { HttpProblem, problemBody } from '../../server/problem-json.ts'
import type { Answered, Decider } from '../decider.ts'
import type { Decision } from '../decision.ts'
import { Pen } from '../json-pen.ts'
import { type AskedFor, isRefused, type QuestionReader, refusal } from '../question.ts'
import { recordOf } from '../record.ts'
import { writeAnswer } from '../write-answer.ts'
import { Digest } from './digest.ts'
import { isMarked, markOf, plainKey } from './key-owner.ts'
import type { Keys } from './keys.ts'
import { readKept, writeLine } from './line.ts'
import type { AboutLines } from './log-words.ts'
import type { RingWriter } from './ring.ts'
import { NOBODY, UnderWay } from './under-way.ts'
import { WaitingAnswers } from './waiting-answers.ts'

/** Whoever waits for an answer, in whatever form it came. Told once, in one of two ways. */
export type Reply = {
  settle(status: number, text: string, retryAfterS: number): void
  /** A decision that is durable now: 200, and the bytes from … to, which are there for this call only. */
  deliver(bytes: Buffer, from: number, to: number): void
}

/** What the answer to a request does not depend on: who asks again may say it anew. */
const SAID_ANEW = ['requestId', 'asOf', 'idempotencyKey', 'budgetMs', 'mode']
/** A decision that is not durable after so long, ms, is not waited for any longer by who came with its key. */
const PATIENCE_MS = 10_000
const LOOK_AGAIN_MS = 1
const RETRY_AFTER_S = 1
/** So many of a batch or stream are decided in one turn of the loop; then others have theirs. */
export const SLICE = 32

type Waiting = {
  readonly asked: AskedFor
  readonly digest: Digest
  readonly caller: string
  readonly reply: Reply
  readonly slot: number
  readonly sinceMs: number
}

export type DeskParts = {
  readonly spec: NetworkSpec
  readonly reader: QuestionReader
  readonly decider: Decider
  readonly keys: Keys
  readonly ring: RingWriter
  /** Wakes the thread that writes. */
  readonly ringBell: () => void
  readonly share: FairShare
  /** Lines of the log that were durable before, by entry and place. */
  readonly kept: (entry: number, line: number) => string
  readonly now: () => number
  readonly pseudonymOf: (customer: string) => string
  /** Beginning of the ids this thread gives; nobody else ever gives such. */
  readonly idsBegin: string
  readonly owner: number
  /** Answers before decisions are durable: only for the test that must lose. */
  readonly isEarly: boolean
}

/**
 * Takes requests on one thread, whatever way they came, and lets an answer go only when its decision is durable. The same key gets the same
 * decision on every thread; what never became durable is as if it had not been decided.
 */
export class Desk {
  private readonly parts: DeskParts
  private readonly keyDigest = new Digest()
  private seq = 0
  /** In the order in which their lines were put into the ring. */
  private readonly underWay = new UnderWay()
  private readonly answers = new WaitingAnswers()
  /** Lines for which the ring had no room, oldest first: how many that may be is bounded by who is let in. */
  private over: Buffer[] = []
  private readonly out = new Pen()
  private flushing = false
  private waiting: Waiting[] = []
  private looking: NodeJS.Timeout | null = null
  private onIdle: (() => void) | null = null

  constructor(parts: DeskParts) {
    this.parts = parts
  }

  /** A request as it was parsed. `dry`: nothing is kept, whatever it says. */
  take(body: unknown, dry: boolean, caller: string, reply: Reply): void {
    const { reader, now } = this.parts
    const nowMs = now()
    const asked = reader.read(body, nowMs, dry, markOf(caller))
    if (isRefused(asked)) {
      refuse(reply, refusal(asked))
      return
    }
    if (asked.mode === 'evaluate') {
      this.evaluate(asked, reply)
      return
    }
    const digest = new Digest()
    digest.begin(0)
    digest.record(body as Readonly<Record<string, unknown>>, SAID_ANEW)
    digest.word(asked.mode === 'commit' ? 1 : 2)
    digest.end()
    if (!this.parts.share.enter(caller, 1)) {
      turnAway(reply, this.parts.share.usedBy(caller) > 0)
      return
    }
    this.claim(asked, digest, caller, reply)
  }

  /** Whether a request more of the caller would be let in. */
  hasRoom(caller: string): boolean {
    const { share } = this.parts
    if (!share.enter(caller, 1)) return false
    share.leave(caller, 1)
    return true
  }

  /** Refuses a batch as a whole where there is no room for all of it; otherwise each of its requests is let in by itself. */
  admit(caller: string, requests: number): void {
    const { share } = this.parts
    if (!share.enter(caller, requests)) throw share.usedBy(caller) > 0 ? tooMuch() : noRoom()
    share.leave(caller, requests)
  }

  /** What became of lines that were put into the ring, in their order. */
  hear(words: AboutLines): void {
    const { answers } = this
    const { keys, decider, share } = this.parts
    for (let i = 0; i < words.lines; i++) {
      const { id, slot, caller, reply, page, from, to } = this.underWay.shift()
      answers.tell(page)
      if (words.what === 'durable') {
        keys.settle(slot, words.entry, i)
        share.leave(caller, 1)
        reply.deliver(page, from, to)
      } else {
        decider.release(id)
        keys.free(slot)
        share.leave(caller, 1)
        refuse(
          reply,
          new HttpProblem(503, 'The decision log cannot be written to; nothing was decided.', {}, { 'retry-after': '5' }),
        )
      }
    }
    if (this.over.length > 0) this.flush()
    if (this.isIdle()) this.onIdle?.()
  }

  /** Decisions that are not durable yet. */
  pending(): number {
    return this.underWay.length + this.waiting.length
  }

  /** Resolves when nothing is under way any more. */
  idle(): Promise<void> {
    return this.isIdle()
      ? Promise.resolve()
      : new Promise((done) => {
          this.onIdle = done
        })
  }

  private isIdle(): boolean {
    return this.pending() === 0
  }

  private evaluate(asked: AskedFor, reply: Reply): void {
    const { decider, spec } = this.parts
    try {
      const answered = decider.decide(asked.question, false, '')
      const decision = recordOf(asked, answered, { id: 'dry-run', atMs: answered.atMs, customer: null }, spec)
      this.settle(decision, asked, reply)
    } catch (error) {
      broken(reply, error)
    }
  }

  private claim(asked: AskedFor, digest: Digest, caller: string, reply: Reply): void {
    const { keys, owner } = this.parts
    const { keyDigest: key } = this
    key.of(asked.key, keys.seed)
    // Of before keys had owners: whoever comes with such a key again gets the decision of then.
    if (keys.hasUnmarked && isMarked(asked.key)) {
      key.of(plainKey(asked.key), keys.seed)
      if (!keys.knows(key.low, key.high)) key.of(asked.key, keys.seed)
    }
    const claim = keys.claim(key.low, key.high, digest.low, digest.high, owner, this.seq)
    switch (claim) {
      case 'mine':
        this.decide(asked, digest, caller, reply, keys.slot)
        return
      case 'pending':
        this.wait({ asked, digest, caller, reply, slot: keys.slot, sinceMs: performance.now() })
        return
      case 'done':
        this.parts.share.leave(caller, 1)
        this.repeat(asked, keys.entry, keys.line, reply)
        return
      case 'other':
        this.parts.share.leave(caller, 1)
        refuse(reply, otherBody(asked.key))
    }
  }

  private decide(asked: AskedFor, digest: Digest, caller: string, reply: Reply, slot: number): void {
    const { decider, spec, keys, ring, share, pseudonymOf, idsBegin, isEarly } = this.parts
    const { question, mode } = asked
    const id = idsBegin + this.seq.toString(36)
    const { answers, over, out } = this
    try {
      const answered: Answered = decider.decide(question, mode === 'commit', id)
      const customer = question.customer === null ? null : pseudonymOf(question.customer)
      const decision = recordOf(asked, answered, { id, atMs: answered.atMs, customer }, spec)
      out.begin()
      writeAnswer(out, decision, asked, spec.currency)
      answers.put(out.bytes, out.at)
      out.begin()
      writeLine(out, decision, digest.hex())
      if (out.at > ring.longest) throw new Error(`a decision of ${out.at} bytes is too long for the log`)
      if (over.length > 0 || !ring.add(out.bytes, out.at)) over.push(Buffer.from(out.bytes.subarray(0, out.at)))
    } catch (error) {
      decider.release(id)
      keys.free(slot)
      share.leave(caller, 1)
      broken(reply, error)
      return
    }
    this.seq++
    if (isEarly) reply.deliver(answers.page, answers.from, answers.to)
    this.underWay.push(id, slot, caller, isEarly ? NOBODY : reply, answers)
    if (this.flushing) return
    this.flushing = true
    // Once for all that came in this turn of the loop.
    setImmediate(() => {
      this.flushing = false
      this.flush()
    })
  }

  /** What the ring has no room for waits for the next word of the thread that writes. */
  private flush(): void {
    const { ring, ringBell } = this.parts
    const { over } = this
    let put = 0
    while (put < over.length && ring.add(over[put], over[put].length)) put++
    if (put > 0) this.over = over.slice(put)
    ring.publish()
    ringBell()
  }

  private repeat(asked: AskedFor, entry: number, line: number, reply: Reply): void {
    const { kept } = this.parts
    try {
      const decision: Decision = readKept(kept(entry, line))
      if (decision.key !== asked.key && decision.key !== plainKey(asked.key)) refuse(reply, otherBody(asked.key))
      else this.settle(decision, asked, reply)
    } catch (error) {
      broken(reply, error)
    }
  }

  /** At once: what it tells is durable, or nothing that has to be. */
  private settle(decision: Decision, asked: AskedFor, reply: Reply): void {
    const { out } = this
    out.begin()
    writeAnswer(out, decision, asked, this.parts.spec.currency)
    reply.settle(200, out.said(), 0)
  }

  private wait(one: Waiting): void {
    this.waiting.push(one)
    this.looking ??= setInterval(() => this.lookAgain(), LOOK_AGAIN_MS)
  }

  private lookAgain(): void {
    const { keys, share } = this.parts
    const before = this.waiting
    this.waiting = []
    for (const one of before) {
      if (!keys.isPending(one.slot)) this.claim(one.asked, one.digest, one.caller, one.reply)
      else if (performance.now() - one.sinceMs < PATIENCE_MS) this.waiting.push(one)
      else {
        share.leave(one.caller, 1)
        turnAway(one.reply, false)
      }
    }
    if (this.waiting.length > 0 || this.looking === null) return
    clearInterval(this.looking)
    this.looking = null
    if (this.isIdle()) this.onIdle?.()
  }
}

export function refuse(reply: Reply, { status, message, more, headers }: HttpProblem): void {
  reply.settle(status, JSON.stringify(problemBody(status, message, more)), Number(headers['retry-after'] ?? 0))
}

const AGAIN = { 'retry-after': String(RETRY_AFTER_S) }
const tooMuch = (): HttpProblem =>
  new HttpProblem(429, 'You have as much under way as is your share; ask again a little later.', {}, AGAIN)
const noRoom = (): HttpProblem =>
  new HttpProblem(503, 'More is under way than can be decided; ask again a little later.', {}, AGAIN)
const turnAway = (reply: Reply, isOwnFault: boolean): void => refuse(reply, isOwnFault ? tooMuch() : noRoom())

const otherBody = (key: string): HttpProblem =>
  new HttpProblem(409, `The key "${plainKey(key)}" was used with another body; a new question needs a new key.`, {
    field: 'idempotencyKey',
  })

/** What can only be a bug of ours: the caller is told that it is not his. */
function broken(reply: Reply, error: unknown): void {
  process.emitWarning(`A decision could not be taken: ${(error as Error).message}`)
  refuse(reply, new HttpProblem(500, 'This should not happen; nothing was decided.'))
}

import { Worker } from 'node:worker_threads'
import { presentOf } from '../../futures/present.ts'
import type { Runnable } from '../../registry/run.ts'
import { HttpProblem } from '../../server/problem-json.ts'
import type { LiveView } from '../../state/live-state.ts'
import type { Charge, DeskAnswer, DeskAsk, DeskOrder, FromDesk, ToDesk } from './desk-words.ts'
import type { RouteParts } from './parts.ts'

/** The present is laid anew when it is older than this, by the clock of this machine, and than so many times what laying it takes. */
const FRESH_MS = 5000
const FRESH_TIMES = 4
/** Who asks beyond so many at a time is told to come again: each takes ms, and some a plan. */
const WAITING_MAX = 64

type Waiting = { readonly done: (answer: unknown) => void; readonly fail: (error: Error) => void }

/** The desk, on a thread of its own that starts when the first asks. What is known is read here; what is made of it, there. */
export class DeskClient {
  private readonly parts: RouteParts
  private thread: Worker | null = null
  private laidMs = Number.NEGATIVE_INFINITY
  private freshMs = FRESH_MS
  private calls = 0
  private readonly waiting = new Map<number, Waiting>()

  private readonly stopListening: () => void

  constructor(parts: RouteParts) {
    this.parts = parts
    this.stopListening =
      parts.registry?.onMoved(({ name }) => {
        if (name === 'candidate' || this.thread === null) return
        const version = this.inCharge(name)
        if (version !== null) this.thread.postMessage({ what: 'charge', charge: name, version } satisfies ToDesk)
        // What was laid was laid by the version before.
        this.laidMs = Number.NEGATIVE_INFINITY
        this.freshMs = FRESH_MS
      }) ?? (() => {})
  }

  private inCharge(charge: Charge): Runnable | null {
    const { registry } = this.parts
    const version = registry?.alias(charge)?.version
    return version === undefined || registry === null ? null : registry.runnable(version)
  }

  /** `as`: of another instant than the present. */
  ask<A extends DeskAsk>(ask: A, as: LiveView | null = null): Promise<DeskAnswer<A>> {
    const { twin, spec, offsetMinutes } = this.parts
    if (twin.state.asOfMs === 0)
      return Promise.reject(
        new HttpProblem(
          503,
          'Nothing has been told of the network yet; tell its stock and orders first.',
          {},
          { 'retry-after': '5' },
        ),
      )
    if (this.waiting.size >= WAITING_MAX)
      return Promise.reject(new HttpProblem(429, 'As many ask as can wait; ask again.', {}, { 'retry-after': '1' }))
    const thread = this.running()
    const nowMs = performance.now()
    const send = (words: ToDesk): void => thread.postMessage(words)
    if (nowMs - this.laidMs > this.freshMs) {
      send({ what: 'lay', present: presentOf(twin.state, spec, offsetMinutes) })
      // Until it says that it is laid, no other is.
      this.laidMs = nowMs
      this.freshMs = Number.POSITIVE_INFINITY
    }
    const call = ++this.calls
    return new Promise<DeskAnswer<A>>((done, fail) => {
      this.waiting.set(call, { done: done as (answer: unknown) => void, fail })
      send({ what: 'ask', call, ask, as: as === null ? null : presentOf(as, spec, offsetMinutes) })
    })
  }

  async close(): Promise<void> {
    this.stopListening()
    await this.thread?.terminate()
  }

  private running(): Worker {
    if (this.thread !== null) return this.thread
    const { spec, policies } = this.parts
    const order: DeskOrder = {
      spec,
      policies,
      inCharge: { stable: this.inCharge('stable'), forecast: this.inCharge('forecast') },
    }
    const thread = new Worker(new URL('./desk-thread.ts', import.meta.url), { workerData: order })
    thread.on('message', (words: FromDesk) => {
      if ('laidInMs' in words) {
        this.freshMs = Math.max(FRESH_MS, FRESH_TIMES * words.laidInMs)
        return
      }
      const one = this.waiting.get(words.call)
      this.waiting.delete(words.call)
      if ('answer' in words) one?.done(words.answer)
      else one?.fail(new Error(words.failed))
    })
    // A policy that breaks the thread breaks what was asked of it, and the next asks of a new one.
    const gone = (error: Error): void => {
      if (this.thread !== thread) return
      this.thread = null
      this.laidMs = Number.NEGATIVE_INFINITY
      this.freshMs = FRESH_MS
      for (const { fail } of this.waiting.values()) fail(error)
      this.waiting.clear()
    }
    thread.on('error', (error) => gone(error as Error))
    thread.on('exit', () => gone(new HttpProblem(503, 'It is being stopped.')))
    this.thread = thread
    return thread
  }
}

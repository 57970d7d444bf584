import { Worker } from 'node:worker_threads'
import { type Beats, PHASE } from './beats.ts'
import type { PlanMemory } from './ground.ts'
import type { MakeTask } from './maker.ts'
import type { FromMaker, MakerOrder, ToMaker } from './maker-words.ts'

/** A plan may take so long, ms; a ground, which is made in the same thread, so long beside. A version that plans for longer is benched. */
const PATIENCE_MS = 60_000

type SeatOrder = Omit<Extract<ToMaker, { what: 'seat' }>, 'what' | 'call'>
type Waiting = {
  readonly resolve: (words: FromMaker) => void
  readonly reject: (cause: Error) => void
  readonly timer: NodeJS.Timeout
}

/** The main thread's side of the thread that makes grounds and plans: renewed with all its seats where it dies or does not come back. */
export class MakerClient {
  private readonly order: MakerOrder
  private readonly beats: Beats
  private readonly onTrouble: (what: string) => void
  private readonly patienceMs: number
  private readonly seats = new Map<string, SeatOrder>()
  private readonly waiting = new Map<number, Waiting>()
  private worker: Worker
  private calls = 0
  private isClosed = false

  constructor(order: MakerOrder, beats: Beats, onTrouble: (what: string) => void, patienceMs = PATIENCE_MS) {
    this.order = order
    this.beats = beats
    this.onTrouble = onTrouble
    this.patienceMs = patienceMs
    this.worker = this.start()
  }

  /** Lays a ground; resolves with its number. */
  async make(task: MakeTask): Promise<number> {
    const said = await this.call((call) => ({ what: 'make', call, task }))
    if (said.what !== 'laid') throw new Error('the maker answered something else')
    return said.number
  }

  async seat(order: SeatOrder): Promise<{ readonly plan: PlanMemory | null; readonly flaw: string | null }> {
    const said = await this.call((call) => ({ what: 'seat', call, ...order }))
    if (said.what !== 'seated') throw new Error('the maker answered something else')
    this.seats.set(order.version, { ...order, plan: said.plan })
    return said
  }

  leave(version: string): void {
    this.seats.delete(version)
    this.worker.postMessage({ what: 'leave', version } satisfies ToMaker)
  }

  async close(): Promise<void> {
    this.isClosed = true
    for (const { timer, reject } of this.waiting.values()) {
      clearTimeout(timer)
      reject(new Error('the maker of grounds is closed'))
    }
    this.waiting.clear()
    await this.worker.terminate()
  }

  private call(wordsOf: (call: number) => ToMaker): Promise<FromMaker> {
    const call = ++this.calls
    const words = wordsOf(call)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => void this.renew('it does not come back'), this.patienceMs)
      timer.unref()
      this.waiting.set(call, { resolve, reject, timer })
      // As long as somebody waits for it, it keeps the process.
      this.worker.ref()
      this.worker.postMessage(words)
    })
  }

  private start(): Worker {
    const worker = new Worker(new URL('./maker-thread.ts', import.meta.url), { workerData: this.order })
    worker.unref()
    worker.on('message', (words: FromMaker) => this.hear(words))
    worker.on('error', (cause) => {
      if (worker === this.worker) void this.renew(cause.message)
    })
    return worker
  }

  private hear(words: FromMaker): void {
    if (words.what === 'planned') {
      for (const { version, flaw } of words.plans) if (flaw !== null) this.onTrouble(`${version} keeps its old plan: ${flaw}`)
      return
    }
    const waits = this.waiting.get(words.call)
    if (waits === undefined) return
    this.waiting.delete(words.call)
    clearTimeout(waits.timer)
    if (this.waiting.size === 0) this.worker.unref()
    if (words.what === 'failed') waits.reject(new Error(words.flaw))
    else waits.resolve(words)
  }

  /** Another thread with the same seats, but for one that was planning: it is benched, and its plan is not asked for again. */
  private async renew(why: string): Promise<void> {
    if (this.isClosed) return
    const { beats, order } = this
    const looping = beats.phase(order.place) === PHASE.asks ? beats.seat(order.place) : -1
    const old = this.worker
    this.worker = this.start()
    for (const waits of this.waiting.values()) {
      clearTimeout(waits.timer)
      waits.reject(new Error(`no ground was made: ${why}`))
    }
    this.waiting.clear()
    await old.terminate()
    beats.renew(order.place)
    this.onTrouble(`the thread that makes grounds and plans was renewed: ${why}`)
    for (const [version, seat] of this.seats) {
      if (seat.seat === looping) {
        beats.bench(looping, true)
        this.seats.delete(version)
        this.onTrouble(`${version} is benched: its plan did not come back`)
      } else this.call((call) => ({ what: 'seat', call, ...seat })).catch((cause: Error) => this.onTrouble(cause.message))
    }
  }
}

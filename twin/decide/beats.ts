/**
 * What each decision thread is at, in memory that the main thread looks at: a thread that is busy with a policy cannot say so itself. The step from
 * asking a policy to setting goods aside is one atomic exchange, and so is the sentence to be stopped: a thread is stopped only while it asks,
 * never with goods half set aside. Here too is how policies conducted themselves, counted by all threads together.
 */
export const PHASE = { idle: 0, asks: 1, writes: 2, condemned: 3 } as const

const WORDS = 16
const AT = { phase: 0, seat: 1, turn: 2, owner: 3 } as const
const SEATS = 1024

/** What is known of a version's conduct: how often in a row it misbehaved, and whether nobody asks it any more. */
const OF_SEAT = 2

export type BeatMemory = { readonly buffer: SharedArrayBuffer; readonly threads: number }

export const beatMemory = (threads: number): BeatMemory => ({
  buffer: new SharedArrayBuffer(4 * (threads * WORDS + SEATS * OF_SEAT)),
  threads,
})

/** A thread that goes on where a watcher has condemned it: what it was about to do is not done. */
export class Condemned extends Error {}

const GIVEN_UP = 'this thread was given up: its policy took too long'

export class Beats {
  private readonly words: Int32Array
  private readonly seats: number
  readonly threads: number

  constructor({ buffer, threads }: BeatMemory) {
    this.words = new Int32Array(buffer)
    this.threads = threads
    this.seats = threads * WORDS
  }

  /** A thread begins with a question, and asks the policy of a seat. */
  ask(thread: number, seat: number): void {
    const at = thread * WORDS
    if (Atomics.load(this.words, at + AT.phase) === PHASE.condemned) throw new Condemned(GIVEN_UP)
    this.words[at + AT.seat] = seat
    Atomics.add(this.words, at + AT.turn, 1)
    Atomics.store(this.words, at + AT.phase, PHASE.asks)
  }

  /** It has its answer, and writes. Throws where it was given up meanwhile. */
  write(thread: number): void {
    const found = Atomics.compareExchange(this.words, thread * WORDS + AT.phase, PHASE.asks, PHASE.writes)
    if (found === PHASE.condemned) throw new Condemned(GIVEN_UP)
  }

  /** It has done with the question. */
  rest(thread: number): void {
    const at = thread * WORDS + AT.phase
    if (Atomics.load(this.words, at) !== PHASE.condemned) Atomics.store(this.words, at, PHASE.idle)
  }

  phase(thread: number): number {
    return Atomics.load(this.words, thread * WORDS + AT.phase)
  }
  turn(thread: number): number {
    return Atomics.load(this.words, thread * WORDS + AT.turn)
  }
  seat(thread: number): number {
    return this.words[thread * WORDS + AT.seat]
  }

  /** Gives a thread up that asks in this very turn; false where it has gone on meanwhile. It may then be stopped at any point. */
  condemn(thread: number, turn: number): boolean {
    if (this.turn(thread) !== turn) return false
    return Atomics.compareExchange(this.words, thread * WORDS + AT.phase, PHASE.asks, PHASE.condemned) === PHASE.asks
  }

  /** A place that no thread has, of the first `places`; it is kept under the thread's own number, from 1. */
  claim(owner: number, places: number): number {
    for (let thread = 0; thread < places; thread++)
      if (Atomics.compareExchange(this.words, thread * WORDS + AT.owner, 0, owner) === 0) return thread
    throw new Error(`there are ${places} places for decision threads, and all are taken`)
  }
  owner(thread: number): number {
    return Atomics.load(this.words, thread * WORDS + AT.owner)
  }

  /** The thread that had the place has ended: another may take it. */
  renew(thread: number): void {
    Atomics.store(this.words, thread * WORDS + AT.phase, PHASE.idle)
    Atomics.store(this.words, thread * WORDS + AT.owner, 0)
  }

  /** A policy misbehaved; returns how often in a row. */
  strike(seat: number): number {
    return Atomics.add(this.words, this.seatAt(seat), 1) + 1
  }
  behave(seat: number): void {
    const at = this.seatAt(seat)
    if (this.words[at] !== 0) Atomics.store(this.words, at, 0)
  }
  strikes(seat: number): number {
    return Atomics.load(this.words, this.seatAt(seat))
  }
  /** From now on nobody asks the policy of a seat, or (false) somebody may again. */
  bench(seat: number, isBenched: boolean): void {
    Atomics.store(this.words, this.seatAt(seat) + 1, isBenched ? 1 : 0)
    if (!isBenched) Atomics.store(this.words, this.seatAt(seat), 0)
  }
  isBenched(seat: number): boolean {
    return Atomics.load(this.words, this.seatAt(seat) + 1) === 1
  }

  private seatAt = (seat: number): number => this.seats + (seat % SEATS) * OF_SEAT
}

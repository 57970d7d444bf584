/**
 * Which keys have been decided on, for all threads at once: so that the same request, sent again to another thread, gets the decision it got. The
 * table is in shared memory and bounded: two generations of at least `keysMax` keys each are known; when the younger is full, the older is
 * forgotten. It is made again from the log when the server starts.
 *
 *     slot: state, key (64 bits), body (64 bits), place (3 words)
 *
 * Keys are hashed with a seed of this start, so that nobody can make two of them meet; bodies with one that never changes, since they are in the log.
 */
export type KeyMemory = {
  readonly seed: number
  readonly keysMax: number
  /** Generation, keys of the younger one, whether the log had keys of nobody, and a lock for each stripe: 0, or one more than the number of who holds it. */
  readonly control: SharedArrayBuffer
  /** Three tables: the younger generation, the older, and one that is cleared to be the next. */
  readonly tables: readonly [SharedArrayBuffer, SharedArrayBuffer, SharedArrayBuffer]
}

const WORDS_PER_SLOT = 8
const [STATE, KEY_LOW, KEY_HIGH, BODY_LOW, BODY_HIGH, PLACE] = [0, 1, 2, 3, 4, 5]
/** `writing`: somebody has just taken the place, for another key than whoever looks: the same one is behind the same lock. */
const SLOT = { empty: 0, pending: 1, done: 2, free: 3, writing: 4 } as const
const STRIPES = 256
const [GENERATION, IN_USE, UNMARKED] = [0, 1, 2]
/** Where the locks begin among the words of `control`. */
export const LOCKS = 3
const TABLES = 3
/** Holds locks while the generations change: the thread that no other outlives. */
const OF_NOBODY = -1

export function keyMemory(keysMax: number, seed: number): KeyMemory {
  // At most two thirds full, so that a search is short.
  const slots = 2 ** Math.ceil(Math.log2(Math.max(STRIPES * 4, keysMax * 1.5)))
  const table = (): SharedArrayBuffer => new SharedArrayBuffer(slots * WORDS_PER_SLOT * 4)
  const young = table()
  // Whoever first touches a page waits for it: better now than in the middle of a decision.
  new Uint8Array(young).fill(0)
  return {
    seed,
    keysMax,
    control: new SharedArrayBuffer((LOCKS + STRIPES) * 4),
    tables: [young, table(), table()],
  }
}

/** What is known of a key: nobody had it (`mine` now), somebody is deciding, it is decided, or it was another body's. */
export type Claim = 'mine' | 'pending' | 'done' | 'other'

export class Keys {
  readonly seed: number
  /** Where the last claim lies: told again to `settle`, `free`, `stateOf`. */
  slot = 0
  /** Of the last claim that was done: the entry of the log, and which line of it. */
  entry = 0
  line = 0
  /** Whether the log had keys without a mark of their owner when the server started. */
  readonly hasUnmarked: boolean
  private readonly keysMax: number
  private readonly control: Int32Array
  private readonly tables: readonly Int32Array[]
  private readonly slots: number

  constructor({ seed, keysMax, control, tables }: KeyMemory) {
    this.seed = seed
    this.keysMax = keysMax
    this.control = new Int32Array(control)
    this.hasUnmarked = this.control[UNMARKED] === 1
    this.tables = tables.map((table) => new Int32Array(table))
    this.slots = tables[0].byteLength / 4 / WORDS_PER_SLOT
  }

  /** Takes a key for a decision of thread `owner` with the number `seq`, or says why not. */
  claim(keyLow: number, keyHigh: number, bodyLow: number, bodyHigh: number, owner: number, seq: number): Claim {
    const lock = LOCKS + (keyHigh & (STRIPES - 1))
    this.lock(lock, owner + 1)
    try {
      const generation = Atomics.load(this.control, GENERATION)
      const young = generation % TABLES
      // Before the first change of generations there is no older one.
      for (let back = 0; back < 2 && back <= generation; back++) {
        const table = (generation - back) % TABLES
        const at = this.find(table, keyLow, keyHigh)
        if (at < 0) continue
        const words = this.tables[table]
        const state = Atomics.load(words, at + STATE)
        this.slot = this.slotOf(table, at)
        if (words[at + BODY_LOW] !== bodyLow || words[at + BODY_HIGH] !== bodyHigh) return 'other'
        if (state === SLOT.pending) return 'pending'
        this.readPlace(words, at)
        return 'done'
      }
      const words = this.tables[young]
      const at = this.takeSlot(words, keyLow)
      words[at + KEY_LOW] = keyLow
      words[at + KEY_HIGH] = keyHigh
      words[at + BODY_LOW] = bodyLow
      words[at + BODY_HIGH] = bodyHigh
      words[at + PLACE] = owner
      words[at + PLACE + 1] = seq
      Atomics.store(words, at + STATE, SLOT.pending)
      Atomics.add(this.control, IN_USE, 1)
      this.slot = this.slotOf(young, at)
      return 'mine'
    } finally {
      this.unlock(lock)
    }
  }

  /** The decision of a slot is durable: there it lies. */
  settle(slot: number, entry: number, line: number): void {
    const words = this.tables[Math.floor(slot / this.slots)]
    const at = (slot % this.slots) * WORDS_PER_SLOT
    words[at + PLACE] = entry
    words[at + PLACE + 1] = Math.floor(entry / 2 ** 32)
    words[at + PLACE + 2] = line
    Atomics.store(words, at + STATE, SLOT.done)
  }

  /** Nothing came of it: whoever comes with the key next decides anew. */
  free(slot: number): void {
    const words = this.tables[Math.floor(slot / this.slots)]
    Atomics.store(words, (slot % this.slots) * WORDS_PER_SLOT + STATE, SLOT.free)
    Atomics.sub(this.control, IN_USE, 1)
  }

  /** Whether somebody is still deciding on a slot that was pending. */
  isPending(slot: number): boolean {
    const words = this.tables[Math.floor(slot / this.slots)]
    return Atomics.load(words, (slot % this.slots) * WORDS_PER_SLOT + STATE) === SLOT.pending
  }

  /** Puts a decision of the log in, at the start; one that is there already stays as it is. */
  learn(keyLow: number, keyHigh: number, bodyLow: number, bodyHigh: number, entry: number, line: number): boolean {
    if (this.claim(keyLow, keyHigh, bodyLow, bodyHigh, 0, 0) !== 'mine') return false
    this.settle(this.slot, entry, line)
    return true
  }

  learnsUnmarked(): void {
    this.control[UNMARKED] = 1
  }

  /** Whether anybody has the key. */
  knows(keyLow: number, keyHigh: number): boolean {
    const generation = Atomics.load(this.control, GENERATION)
    for (let back = 0; back < 2 && back <= generation; back++)
      if (this.find((generation - back) % TABLES, keyLow, keyHigh) >= 0) return true
    return false
  }

  /** A thread is no more that may have been ended in the middle of a claim: nobody would ever get past its lock. */
  unlockAllOf(owner: number): void {
    for (let lock = LOCKS; lock < LOCKS + STRIPES; lock++)
      if (Atomics.compareExchange(this.control, lock, owner + 1, 0) === owner + 1) Atomics.notify(this.control, lock)
  }

  /** Slots that a thread which is no more has left pending, each with the number of its decision. */
  *leftBy(owner: number): Generator<{ readonly slot: number; readonly seq: number }> {
    for (let table = 0; table < TABLES; table++) {
      const words = this.tables[table]
      for (let i = 0; i < this.slots; i++) {
        const at = i * WORDS_PER_SLOT
        if (Atomics.load(words, at + STATE) === SLOT.pending && words[at + PLACE] === owner)
          yield { slot: table * this.slots + i, seq: words[at + PLACE + 1] }
      }
    }
  }

  /** Keys of the younger generation. */
  inUse(): number {
    return Atomics.load(this.control, IN_USE)
  }

  /** Of one thread only: forgets the older generation where the younger is full. Returns whether it did. */
  turn(): boolean {
    if (this.inUse() < this.keysMax) return false
    // Nobody looks while the generations change: a key could else be taken in both.
    for (let stripe = 0; stripe < STRIPES; stripe++) this.lock(LOCKS + stripe, OF_NOBODY)
    const generation = Atomics.add(this.control, GENERATION, 1) + 1
    Atomics.store(this.control, IN_USE, 0)
    const forgotten = this.tables[(generation + 1) % TABLES]
    for (let stripe = 0; stripe < STRIPES; stripe++) this.unlock(LOCKS + stripe)
    // It is nobody's table now, and the next one's.
    forgotten.fill(0)
    return true
  }

  private readPlace(words: Int32Array, at: number): void {
    this.entry = (words[at + PLACE] >>> 0) + words[at + PLACE + 1] * 2 ** 32
    this.line = words[at + PLACE + 2]
  }

  private slotOf(table: number, at: number): number {
    return table * this.slots + at / WORDS_PER_SLOT
  }

  /** Where the key lies, or −1. */
  private find(table: number, keyLow: number, keyHigh: number): number {
    const words = this.tables[table]
    for (let i = keyLow >>> 0; ; i++) {
      const at = (i & (this.slots - 1)) * WORDS_PER_SLOT
      const state = Atomics.load(words, at + STATE)
      if (state === SLOT.empty) return -1
      if ((state === SLOT.pending || state === SLOT.done) && words[at + KEY_LOW] === keyLow && words[at + KEY_HIGH] === keyHigh)
        return at
    }
  }

  /** Threads with other stripes look for a place at the same time: whoever changes the state first has it. */
  private takeSlot(words: Int32Array, keyLow: number): number {
    for (let i = keyLow >>> 0; ; i++) {
      const at = (i & (this.slots - 1)) * WORDS_PER_SLOT
      const found = Atomics.load(words, at + STATE)
      if (found !== SLOT.empty && found !== SLOT.free) continue
      if (Atomics.compareExchange(words, at + STATE, found, SLOT.writing) === found) return at
    }
  }

  private lock(lock: number, holder: number): void {
    for (;;) {
      const held = Atomics.compareExchange(this.control, lock, 0, holder)
      if (held === 0) return
      Atomics.wait(this.control, lock, held, 1)
    }
  }
  private unlock(lock: number): void {
    Atomics.store(this.control, lock, 0)
    Atomics.notify(this.control, lock, 1)
  }
}

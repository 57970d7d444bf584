import type { Paces } from '../../server/pace.ts'
import { Digest } from './digest.ts'

/**
 * How often a caller may ask for decisions, over all threads: GCRA (ITU-T I.371) as in `server/pace.ts`, but what is kept, when the bucket would be
 * full again, lies in shared memory and moves by compare and exchange, so that it does not matter which thread a connection was dealt to. Orders
 * are counted, not requests: a batch of a thousand is a thousand.
 *
 *     tags:   32 bits of who a place belongs to; 0: nobody
 *     fullAt: nanoseconds of this process's own clock
 */
export type PaceMemory = {
  readonly perSecond: number
  readonly burst: number
  readonly seed: number
  readonly tags: SharedArrayBuffer
  readonly fullAt: SharedArrayBuffer
}

/** Callers that can be told apart at a time; one whose bucket is full again needs no place. */
const PLACES = 65_536
/** Places looked at for one caller. Where all of them are taken by somebody busy, two share. */
const PROBES = 64
const NS_PER_S = 1e9
const NS_PER_MS = 1e6

export const paceMemory = ({ perSecond, burst }: Paces['decide'], seed: number): PaceMemory => ({
  perSecond,
  burst,
  seed,
  tags: new SharedArrayBuffer(PLACES * 4),
  fullAt: new SharedArrayBuffer(PLACES * 8),
})

/** A caller as a thread knows him: looked up once, not for each request. `paid`: orders that have been taken from the bucket and not let in yet. */
export type Payer = { readonly tag: number; place: number; paid: number }

/** Single orders are paid for so many at a time, where that is a thousandth of a burst or less: memory that all threads write to is slow. */
const AT_ONCE_MAX = 64
const OF_BURST = 1024
/** Callers a thread remembers. */
const PAYERS_MAX = 16_384

export class SharedPace {
  private readonly seed: number
  private readonly tags: Int32Array
  private readonly fullAt: BigInt64Array
  private readonly each: bigint
  private readonly whole: bigint
  private readonly atOnce: number
  private readonly payers = new Map<string, Payer>()

  constructor({ perSecond, burst, seed, tags, fullAt }: PaceMemory) {
    this.seed = seed
    this.tags = new Int32Array(tags)
    this.fullAt = new BigInt64Array(fullAt)
    this.each = BigInt(Math.max(1, Math.round(NS_PER_S / perSecond)))
    this.whole = this.each * BigInt(Math.floor(burst))
    this.atOnce = Math.min(AT_ONCE_MAX, Math.max(1, Math.floor(burst / OF_BURST)))
  }

  payer(who: string): Payer {
    const known = this.payers.get(who)
    if (known !== undefined) return known
    const digest = new Digest()
    digest.begin(this.seed)
    digest.text(who)
    digest.end()
    const tag = digest.low === 0 ? 1 : digest.low
    const payer = { tag, place: this.placeOf(tag), paid: 0 }
    if (this.payers.size >= PAYERS_MAX) this.payers.clear()
    this.payers.set(who, payer)
    return payer
  }

  /**
   * 0 where so many orders may go on; else how long to wait, ms, and none of them counts. More than a whole burst goes where nothing is owed, and
   * is owed for afterwards.
   */
  take(payer: Payer, orders: number): number {
    if (orders > 1) return this.pay(payer, orders)
    if (payer.paid === 0) {
      if (this.atOnce === 1 || this.pay(payer, this.atOnce) > 0) return this.pay(payer, 1)
      payer.paid = this.atOnce
    }
    payer.paid--
    return 0
  }

  private pay(payer: Payer, orders: number): number {
    if (Atomics.load(this.tags, payer.place) !== payer.tag) payer.place = this.placeOf(payer.tag)
    const { fullAt, each, whole } = this
    const cost = orders === 1 ? each : each * BigInt(orders)
    const now = process.hrtime.bigint()
    for (;;) {
      const before = Atomics.load(fullAt, payer.place)
      const owed = before > now ? before - now : 0n
      const over = owed + cost - whole
      if (over > 0n && owed > 0n) return Number(over < owed ? over : owed) / NS_PER_MS
      if (Atomics.compareExchange(fullAt, payer.place, before, now + owed + cost) === before) return 0
    }
  }

  private placeOf(tag: number): number {
    const { tags, fullAt } = this
    const first = tag >>> 0
    for (let i = 0; i < PROBES; i++) if (Atomics.load(tags, (first + i) % PLACES) === tag) return (first + i) % PLACES
    const now = process.hrtime.bigint()
    for (let i = 0; i < PROBES; i++) {
      const place = (first + i) % PLACES
      const held = Atomics.load(tags, place)
      // Whoever has nothing to wait for loses nothing with his place.
      if (held !== 0 && Atomics.load(fullAt, place) > now) continue
      const found = Atomics.compareExchange(tags, place, held, tag)
      if (found === held || found === tag) return place
    }
    return first % PLACES
  }
}

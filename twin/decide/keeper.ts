import { parseContestantOn } from '../../scenarios/contestant.ts'
import { stampOf } from '../../scenarios/explain/stamp.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { dimensionsOf, STATE } from '../../sim/world.ts'
import { presentOf, STAGE_OF } from '../futures/present.ts'
import type { Assignment } from '../rollout/assignment.ts'
import type { LiveView } from '../state/live-state.ts'
import { Beats, beatMemory, PHASE } from './beats.ts'
import type { Decision } from './decision.ts'
import { Ground, groundMemory } from './ground.ts'
import { policiesFor } from './load-policies.ts'
import type { Outstanding } from './maker.ts'
import { MakerClient } from './maker-client.ts'
import type { DeciderNews, DeciderSetup, LadderBounds } from './open-decider.ts'
import { USUAL_BOUNDS } from './open-decider.ts'
import { hashName, type Knowledge, Promises, promiseMemory } from './promises.ts'
import type { SeatCard } from './seat.ts'
import { Shelves, shelfMemory } from './shelves.ts'

export type KeeperOptions = {
  readonly spec: NetworkSpec
  readonly view: LiveView
  readonly offsetMinutes: number
  /** The twin's clock, ms since 1970. */
  readonly now: () => number
  readonly threads: number
  /** Versions that may be asked from the beginning; the assignment names them. */
  readonly versions: readonly { readonly version: string; readonly digest: string; readonly contestant: Contestant }[]
  readonly assignment: Assignment
  /** Shipments that may be promised and not seen at once. */
  readonly places?: number
  readonly bounds?: Partial<LadderBounds>
  readonly staleFeeds?: () => readonly string[]
  /** Told of what goes wrong beside decisions: plans that come to nothing, versions that are benched, threads that are given up. */
  readonly onTrouble?: (what: string) => void
}

/** Who decides where no version may. */
const RULES = 'cheapest-in-time'
const STILL = 'nearest'
const PLACES = 1 << 20

/**
 * The main thread's side of deciding: makes a ground from the present every few seconds, ends promises that a ground has seen, tells threads of
 * versions and assignments. What it is told by decision threads lies in shared memory; it never stands in the way of a decision.
 */
export class Keeper {
  readonly beats: Beats
  private readonly options: KeeperOptions
  private readonly memory: Omit<DeciderSetup, 'seats' | 'assignment' | 'staleFeeds' | 'rules' | 'still'>
  private readonly ground: Ground
  private readonly shelves: Shelves
  private readonly promises: Promises
  private readonly maker: MakerClient
  private readonly available: Int32Array
  private readonly freed: Int32Array
  private readonly listeners = new Set<(news: DeciderNews) => void>()
  private readonly cards = new Map<string, SeatCard>()
  private readonly places: {
    readonly warehouses: ReadonlyMap<string, number>
    readonly skus: ReadonlyMap<string, number>
    readonly services: ReadonlyMap<string, number>
  }
  private assignment: Assignment
  private rules: SeatCard
  private still: SeatCard
  private seats = 0
  private refreshing: Promise<number> | null = null
  private watching: NodeJS.Timeout | null = null
  private stale: readonly string[] = []

  private constructor(options: KeeperOptions, rules: SeatCard, still: SeatCard) {
    const { spec, threads, assignment, places = PLACES, bounds } = options
    const network = compileNetwork(spec)
    const d = dimensionsOf(network)
    this.options = options
    this.memory = {
      spec,
      shelves: shelfMemory(d),
      promises: promiseMemory(places),
      beats: beatMemory(2 * threads + 1),
      ground: groundMemory(d, { priced: 0, foreseen: 1, notes: 0, erring: 0 }),
      weekStartMs: 0,
      clock: null,
      // One that ends and one that begins in its stead may be there at once.
      places: 2 * threads,
      bounds: { ...USUAL_BOUNDS, ...bounds },
    }
    this.beats = new Beats(this.memory.beats)
    this.ground = new Ground(this.memory.ground)
    this.shelves = new Shelves(this.memory.shelves)
    this.promises = new Promises(this.memory.promises, this.shelves)
    const available = new SharedArrayBuffer(4 * d.K * d.W)
    this.available = new Int32Array(available)
    const order = {
      spec,
      ground: this.memory.ground,
      beats: this.memory.beats,
      place: 2 * threads,
      base: rules.contestant,
      available,
    }
    this.maker = new MakerClient(order, this.beats, options.onTrouble ?? (() => {}))
    this.freed = new Int32Array(d.K * d.W)
    const numbered = (all: readonly { readonly id: string }[]) => new Map(all.map(({ id }, i) => [id, i]))
    this.places = { warehouses: numbered(spec.warehouses), skus: numbered(spec.skus), services: numbered(spec.services) }
    this.assignment = assignment
    this.rules = rules
    this.still = still
    this.seats = 2
  }

  /** The first ground is made, and every version has its seat, before it resolves. */
  static async open(options: KeeperOptions): Promise<Keeper> {
    const { spec, versions } = options
    const [rules, still] = [await builtIn(spec, RULES, 0), await builtIn(spec, STILL, 1)]
    const keeper = new Keeper(options, rules, still)
    try {
      for (const { version, digest, contestant } of versions) await keeper.seat(version, digest, contestant)
      await keeper.refresh()
      return keeper
    } catch (cause) {
      await keeper.close()
      throw cause
    }
  }

  /** What a decision thread is opened with, as things stand now. */
  setup(): DeciderSetup {
    const { memory, assignment, rules, still, options } = this
    return { ...memory, seats: [...this.cards.values()], assignment, rules, still, staleFeeds: options.staleFeeds?.() ?? [] }
  }

  /** Called with all that decision threads must be told. Returns what ends the listening. */
  onNews(listener: (news: DeciderNews) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Makes a version ready to be asked; its first plan is made before it resolves. */
  async seat(version: string, digest: string, contestant: Contestant): Promise<SeatCard> {
    const seat = this.seats++
    const { plan, flaw } = await this.maker.seat({ version, seat, contestant, task: this.task().task, plan: null })
    if (flaw !== null) this.options.onTrouble?.(`${version} has no plan: ${flaw}`)
    const card: SeatCard = { seat, version, digest, contestant, plan }
    this.cards.set(version, card)
    // Its plan is laid where threads read it.
    if (this.ground.number > 0) await this.refresh()
    this.tell({ kind: 'seat', card })
    return card
  }

  /** A version that no assignment names any more. */
  leave(version: string): void {
    this.cards.delete(version)
    this.maker.leave(version)
    this.tell({ kind: 'leave', version })
  }

  assign(assignment: Assignment): void {
    if (assignment.generation < this.assignment.generation) return
    this.assignment = assignment
    this.tell({ kind: 'assign', assignment })
  }

  /**
   * Makes a ground of the present and shows it; promises that it has seen end in the same step. Resolves with its number, or rejects where none could be
   * made: then the last one stands, and grows old. While one is being made nobody need ask for another.
   */
  refresh(): Promise<number> {
    this.refreshing ??= this.makeGround().finally(() => {
      this.refreshing = null
    })
    return this.refreshing
  }

  private async makeGround(): Promise<number> {
    const { promises, shelves, ground, available, freed, options } = this
    this.tick()
    promises.expire(options.now())
    const { task, over } = this.task()
    const number = await this.maker.make(task)
    freed.fill(0)
    promises.endAll(over, freed)
    shelves.see(available, freed)
    ground.show(number)
    const stale = options.staleFeeds?.() ?? []
    if (stale.join() !== this.stale.join()) this.tell({ kind: 'feeds', stale })
    this.stale = stale
    return number
  }

  /** Tells decision threads what time it is by the twin's clock. */
  tick(): void {
    this.ground.tellClock(this.options.now())
  }

  /** Gives back what a decision set aside. */
  release(id: string): boolean {
    return this.promises.release(id)
  }

  /** What a decision that is durable had promised before a restart; nothing is asked, since it was promised. */
  remember({ id, order, shipments }: Pick<Decision, 'id' | 'order' | 'shipments'>): void {
    const { warehouses, skus, services } = this.places
    const { W, S } = this.memory.shelves.d
    for (const { warehouse, service, lines, reservation } of shipments) {
      const w = warehouses.get(warehouse)
      const s = services.get(service)
      if (w === undefined || s === undefined || reservation === null) continue
      const words: number[] = []
      for (const { sku, units } of lines) {
        const k = skus.get(sku)
        if (k === undefined) continue
        // Two lines of one SKU lie on one shelf.
        const at = words.findIndex((word) => word >>> 8 === k * W + w)
        if (at >= 0) words[at] += units
        else words.push(((k * W + w) << 8) | units)
      }
      const promised = { lane: w * S + s, count: words.length, lines: Uint32Array.from(words) }
      if (!this.promises.keep(id, order, promised, reservation.expiresMs)) continue
      for (const word of words) this.shelves.giveBack(word >>> 8, -(word & 255))
    }
  }

  /** Shipments that are promised and not seen. */
  get outstanding(): number {
    return this.promises.size
  }

  /**
   * Looks at what each decision thread is at. One that has been asking a policy for longer than `stallMs` is given up: its version is benched, and
   * `onStalled` is told the thread's own number, to stop it and start another; afterwards `ended` frees its place.
   */
  watch(onStalled: (threadId: number, version: string) => void, everyMs = 50): void {
    const { beats, memory } = this
    const turns = new Int32Array(memory.places).fill(-1)
    const since = new Float64Array(memory.places)
    const look = (): void => {
      const now = performance.now()
      for (let thread = 0; thread < memory.places; thread++) {
        const turn = beats.turn(thread)
        if (beats.phase(thread) !== PHASE.asks || turn !== turns[thread]) {
          turns[thread] = turn
          since[thread] = now
          continue
        }
        if (now - since[thread] < memory.bounds.stallMs || !beats.condemn(thread, turn)) continue
        const seat = beats.seat(thread)
        beats.bench(seat, true)
        const version = [...this.cards.values()].find((card) => card.seat === seat)?.version ?? `seat ${seat}`
        this.options.onTrouble?.(
          `${version} is benched: it did not answer within ${memory.bounds.stallMs} ms; its thread is given up`,
        )
        onStalled(beats.owner(thread), version)
      }
    }
    this.watching = setInterval(look, everyMs).unref()
  }

  /** A decision thread has ended, by its own number. */
  ended(threadId: number): void {
    for (let thread = 0; thread < this.memory.places; thread++)
      if (this.beats.owner(thread) === threadId) this.beats.renew(thread)
  }

  /** A version that was benched may be asked again, such as after its plan's trouble is over. */
  pardon(version: string): boolean {
    const card = this.cards.get(version)
    if (card !== undefined) this.beats.bench(card.seat, false)
    return card !== undefined
  }

  async close(): Promise<void> {
    clearInterval(this.watching ?? undefined)
    await this.maker.close()
  }

  private tell(news: DeciderNews): void {
    for (const listener of this.listeners) listener(news)
  }

  /** The present, with what is promised beyond it; and the promises that it has seen. */
  private task() {
    const { options, promises } = this
    const { view, spec, offsetMinutes } = options
    const present = presentOf(view, spec, offsetMinutes)
    const known = new Known(view, this.places.warehouses)
    const { S } = this.memory.shelves.d
    const lanes: number[] = []
    const lineStart: number[] = [0]
    const lines: number[] = []
    const over = promises.survey(
      (low, high, lane) => known.of(low, high, Math.floor(lane / S)),
      (lane, words) => {
        lanes.push(lane)
        lines.push(...words)
        lineStart.push(lines.length)
      },
    )
    const outstanding: Outstanding = {
      lanes: Int32Array.from(lanes),
      lineStart: Int32Array.from(lineStart),
      lines: Uint32Array.from(lines),
    }
    return { task: { present, outstanding, asOfMs: view.asOfMs, madeMs: Date.now() }, over }
  }
}

/**
 * Which orders the twin knows of, and from which warehouses parcels of them go, by the hash of their names. What was promised of an order from a
 * warehouse that it has no parcel from is kept for it: the event may be on its way.
 */
class Known {
  private readonly orders = new Map<number, ReadonlySet<number>>()

  constructor(view: LiveView, warehouses: ReadonlyMap<string, number>) {
    const hash = new Int32Array(2)
    for (const { id, parts } of view.openOrders()) {
      let from = NOWHERE
      for (const { state, warehouse } of parts) {
        const stage = STAGE_OF[state]
        const w = warehouses.get(warehouse ?? '')
        if (w !== undefined && (stage === undefined || stage >= STATE.routed)) from = new Set([...from, w])
      }
      hashName(id, hash)
      this.orders.set(keyOf(hash[0], hash[1]), from)
    }
  }

  of(low: number, high: number, warehouse: number): Knowledge {
    const known = this.orders.get(keyOf(low, high))
    if (known === undefined) return 'unknown'
    return known.has(warehouse) ? 'over' : 'open'
  }
}

const NOWHERE: ReadonlySet<number> = new Set()

/** 53 bits of the two halves, which a number can carry. */
const keyOf = (low: number, high: number): number => (low & 0x1fffff) * 2 ** 32 + (high >>> 0)

async function builtIn(spec: NetworkSpec, name: string, seat: number): Promise<SeatCard> {
  const contestant = await parseContestantOn(spec, name)
  const { policy, digest } = stampOf(contestant, await policiesFor(contestant, { dayZeroMs: 0, weekStartMs: 0 }))
  return { seat, version: `${policy}@${digest.slice(0, 12)}`, digest, contestant, plan: null }
}

import { peek } from '../../sim/apply/event-list.ts'
import { KIND } from '../../sim/kinds.ts'
import type { Sim } from '../../sim/sim.ts'
import { HOUR_MS } from '../../sim/units.ts'
import {
  COUNT,
  eventMs,
  FLAG,
  hasFlag,
  headOf,
  kindOf,
  linkOf,
  nowMs,
  type Parcel,
  partOf,
  placedMs,
  STATE,
  scheduledAs,
  serviceOf,
  siblingOf,
  stateOf,
  warehouseOf,
  watchedOf,
} from '../../sim/world.ts'

/** What a parcel or an order takes from one moment of its way to another, in hours; each is told when it ends. */
export const SPANS = {
  'stock.wait': 'paid until its goods are there, of orders; 0 where they were there at once',
  'pick.wait': 'released until a picker takes it, of parcels',
  'pick.express.wait': 'released until a picker takes it, of express parcels',
  'pick.other.wait': 'released until a picker takes it, of other parcels',
  'pick.left': 'released until its customer cancelled, of parcels that no picker had taken',
  'pick.time': 'released until picked, of parcels',
  'pack.wait': 'picked until a packer takes it, of parcels',
  'pack.time': 'picked until packed, of parcels',
  'warehouse.time': 'released until packed, of parcels',
  'truck.wait': 'packed until its truck leaves, of parcels',
  'order.packed': 'placed until packed, of parcels: all stages before the truck',
  'order.lead': 'placed until delivered, of parcels',
} as const
export type SpanName = keyof typeof SPANS
export const SPAN_NAMES = Object.keys(SPANS) as SpanName[]
export const isSpan = (name: string): name is SpanName => name in SPANS

/** A span that is asked about; `at` is a warehouse, or null for all. */
export type WatchedSpan = { readonly span: SpanName; readonly at: number | null }

/**
 * Writes down how long things took, parcel by parcel, so that a wait is seen as its customer sees it whatever the queue's discipline. Nothing is
 * derived from means: no Poisson arrivals, no Little. Before each event it looks whose turn it is, after it what became of him. What
 * ends within the measured days counts; parcels that were cancelled on the way do not, except where the wait was over before.
 */
export class SpanBook {
  private readonly watched: readonly WatchedSpan[]
  private readonly fromMs: number
  private readonly endMs: number
  private readonly kept: number[][]
  private next: Parcel = -1
  private kind = 0
  /** Of the record whose turn is next: when its event was scheduled, which is when it came into its present state. */
  private stageMs = 0
  /** Parcels in the queues of pickers whose customer may lose patience in the next event. */
  private waiting: Parcel[] = []
  /** By record: when its order was paid, it was released, picked and packed. */
  private paid = new Float64Array(0)
  private released = new Float64Array(0)
  private picked = new Float64Array(0)
  private packed = new Float64Array(0)
  /** By event, in the order of scheduling: when that was. */
  private scheduledMs = new Float64Array(1024)
  private scheduled = 0

  constructor(watched: readonly WatchedSpan[], { fromMs, endMs }: { fromMs: number; endMs: number }) {
    this.watched = watched
    this.fromMs = fromMs
    this.endMs = endMs
    this.kept = watched.map(() => [])
  }

  /** To be called once before the first event. */
  open(sim: Sim): void {
    this.lookAhead(sim)
  }

  /** To be called after every event. */
  watch(sim: Sim): void {
    const { world } = sim
    const now = nowMs(world)
    const p = this.next
    if (p >= 0) {
      if (world.size.records > this.paid.length) this.grow(world.size.records)
      switch (this.kind) {
        case KIND.patience:
          for (const parcel of this.waiting)
            if (hasFlag(world, parcel, FLAG.cancelled)) this.note(sim, parcel, 'pick.left', now - this.released[parcel], now)
          break
        case KIND.paid:
          this.paid[p] = now
          break
        case KIND.released:
          if (stateOf(world, p) === STATE.free) break
          // A parcel of a split order is asked about by its order.
          if (partOf(world, p) === 0) this.keep(sim, p, 'stock.wait', this.stageMs - this.paid[headOf(world, p)])
          this.released[p] = now
          break
        case KIND.pickedUp:
          if (stateOf(world, p) === STATE.free) break
          this.keep(sim, p, 'pick.time', now - this.released[p])
          this.picked[p] = now
          break
        case KIND.packedUp:
          if (stateOf(world, p) === STATE.free) break
          this.keep(sim, p, 'pack.time', now - this.picked[p])
          this.keep(sim, p, 'warehouse.time', now - this.released[p])
          this.keep(sim, p, 'order.packed', now - placedMs(world, headOf(world, p)))
          this.packed[p] = now
          break
        default:
      }
    }
    this.lookAhead(sim)
  }

  /** Hours, one for each parcel, in the order in which they ended. */
  taken(watched: number): readonly number[] {
    return this.kept[watched]
  }

  private lookAhead(sim: Sim): void {
    const { world, pen } = sim
    this.noteScheduled(sim)
    const p = peek(pen)
    this.next = p
    if (p < 0) return
    this.kind = kindOf(world, p)
    this.stageMs = this.scheduledMs[scheduledAs(world, p)]
    // What ends here may be gone after the event.
    if (this.kind === KIND.atHub) this.keep(sim, p, 'truck.wait', this.stageMs - this.packed[p], this.stageMs)
    else if (this.kind === KIND.delivered) {
      const at = eventMs(world, p)
      this.keep(sim, p, 'order.lead', at - placedMs(world, headOf(world, p)), at)
    }
    // Whoever was taken has waited, also where his customer cancels while he is in somebody's hands.
    else if (this.kind === KIND.pickedUp) {
      const waited = this.stageMs - this.released[p]
      this.note(sim, p, 'pick.wait', waited, eventMs(world, p))
      this.note(sim, p, isExpress(sim, p) ? 'pick.express.wait' : 'pick.other.wait', waited, eventMs(world, p))
    } else if (this.kind === KIND.packedUp) this.note(sim, p, 'pack.wait', this.stageMs - this.picked[p], eventMs(world, p))
    else if (this.kind === KIND.patience) this.waiting = queuedOf(sim, watchedOf(world, p))
  }

  private keep(sim: Sim, p: Parcel, span: SpanName, ms: number, atMs = nowMs(sim.world)): void {
    if (!hasFlag(sim.world, p, FLAG.cancelled)) this.note(sim, p, span, ms, atMs)
  }

  private note(sim: Sim, p: Parcel, span: SpanName, ms: number, atMs: number): void {
    if (atMs < this.fromMs || atMs >= this.endMs) return
    for (let i = 0; i < this.watched.length; i++) {
      const { span: wanted, at } = this.watched[i]
      if (wanted === span && (at === null || at === warehouseOf(sim.world, p))) this.kept[i].push(ms / HOUR_MS)
    }
  }

  /** All that was scheduled since the last look was so at this instant. */
  private noteScheduled({ world }: Sim): void {
    const scheduled = world.counts[COUNT.sequence]
    if (scheduled > this.scheduledMs.length) {
      const before = this.scheduledMs
      this.scheduledMs = new Float64Array(2 * scheduled)
      this.scheduledMs.set(before)
    }
    this.scheduledMs.fill(nowMs(world), this.scheduled, scheduled)
    this.scheduled = scheduled
  }

  private grow(records: number): void {
    const longer = (before: Float64Array): Float64Array<ArrayBuffer> => {
      const after = new Float64Array(records)
      after.set(before)
      return after
    }
    this.paid = longer(this.paid)
    this.released = longer(this.released)
    this.picked = longer(this.picked)
    this.packed = longer(this.packed)
  }
}

/** Parcels of the order, if the record still is one, that lie in a picker's queue. */
function queuedOf({ world }: Sim, order: Parcel): Parcel[] {
  const queued: Parcel[] = []
  const state = stateOf(world, order)
  if (state === STATE.timer || state === STATE.free || hasFlag(world, order, FLAG.child)) return queued
  for (let p = order; p >= 0; p = p === order ? linkOf(world, order) : siblingOf(world, p))
    if (stateOf(world, p) === STATE.released && !hasFlag(world, p, FLAG.cancelled)) queued.push(p)
  return queued
}

const isExpress = (sim: Sim, p: Parcel): boolean => sim.network.serviceExpress[serviceOf(sim.world, p)] === 1

import { unschedule } from '../apply/event-list.ts'
import { pushBack, takeAll } from '../apply/lists.ts'
import { setReconsider } from '../apply/site.ts'
import { releaseParcel, reserveAgain } from '../apply/stock.ts'
import { doneBy } from '../journey.ts'
import type { Reconsider } from '../policy.ts'
import { savingOf } from '../router.ts'
import type { Sim } from '../sim.ts'
import { MINUTE_MS } from '../units.ts'
import {
  COUNT,
  eventMs,
  FLAG,
  hasFlag,
  listOf,
  missedPicks,
  movesOf,
  nextOf,
  nowMs,
  type Parcel,
  REG,
  STATE,
  serviceOf,
  stateOf,
  warehouseOf,
} from '../world.ts'
import { moveService, moveShipment, wakeAll } from './dispatcher.ts'
import { estimateWarehouse } from './estimate.ts'
import { packWorkMs, pickWorkMs } from './work.ts'

/**
 * Re-evaluation of orders that are routed and not yet begun (Xu, Allgor & Graves, "Benefits of reevaluating real-time order fulfillment
 * decisions", M&SOM 11, 2009): one after the other, each with its own place in the queue, is offered all ways to ship it in one shipment
 * at the present prices, and moves where that saves more than a move costs. Each that moves leaves the estimates of both warehouses as they are
 * then, so that the next one sees the queue it would join. A split order stays as it is, and so does one that is kept at its recorded origin, and one
 * whose pick has found nothing somewhere: once it has left that place, nothing would keep it from going back there.
 */
export function reconsiderIfDue(sim: Sim): void {
  const terms = sim.sides === null ? [termsIfDue(sim)] : sim.sides.runs.map((_, side) => termsIfDue(entered(sim, side)))
  if (terms.every((one) => one === null)) return
  const sweep = new Sweep(sim, terms)
  sweep.preparing()
  if (sim.network.recallsReleased) for (let w = 0; w < sim.network.W; w++) sweep.queue(w)
  // Goods have come free where orders left.
  if (sweep.moved > 0) wakeAll(sim)
}

/** How a policy looks at its orders again, where it does and its time has come. */
function termsIfDue({ world, pen, policies, keepsOrigins }: Sim): Reconsider | null {
  const { reconsider, params } = policies.routing
  if (reconsider === undefined || keepsOrigins || nowMs(world) < world.regs[REG.reconsiderMs]) return null
  const terms = reconsider(params)
  setReconsider(pen, nowMs(world) + terms.everyMinutes * MINUTE_MS)
  return terms
}

/** The run as a side has it; the run itself where one policy decides for all. */
const entered = (sim: Sim, side: number): Sim => (sim.sides === null ? sim : sim.sides.enter(side))

class Sweep {
  moved = 0
  private readonly sim: Sim
  /** By side: null where it is not to look at its orders now. */
  private readonly terms: readonly (Reconsider | null)[]
  /** Work of parcels that are not released yet, in hand-ms: [warehouse]. */
  private readonly pickMs: Float64Array
  private readonly packMs: Float64Array

  constructor(sim: Sim, terms: readonly (Reconsider | null)[]) {
    this.sim = sim
    this.terms = terms
    this.pickMs = new Float64Array(sim.network.W)
    this.packMs = new Float64Array(sim.network.W)
    for (let p = 0; p < sim.world.counts[COUNT.recordsUsed]; p++) if (this.isPreparing(p)) this.addWork(p, 1)
  }

  /** Orders in preparation: they come behind all that is released. */
  preparing(): void {
    const { sim } = this
    const { world, pen } = sim
    // Records that are made on the way belong to none of them.
    const used = world.counts[COUNT.recordsUsed]
    for (let p = 0; p < used; p++) {
      if (!this.isPreparing(p) || !this.mayMove(p)) continue
      const w = warehouseOf(world, p)
      const packed = this.packedMs(w, world.pickWorkMs[w] - this.pickMs[w], world.packWorkMs[w] - this.packMs[w])
      if (!this.isBetter(p, Math.max(eventMs(world, p) - nowMs(world), packed))) continue
      this.addWork(p, -1)
      if (sim.router.partWarehouse[0] === w) moveService(sim, p)
      else {
        unschedule(pen, p)
        moveShipment(sim, p)
      }
      this.addWork(p, 1)
      this.count(w, warehouseOf(world, p))
    }
  }

  /** Orders that wait for a picker, express first, from the front of the queue to its end. */
  queue(w: number): void {
    const { sim } = this
    const { world, pen } = sim
    const lists = [listOf.pick(world.d, w, 1), listOf.pick(world.d, w, 0)]
    let pickAhead = 0
    // What is being picked, and what waits to be packed.
    let packAhead = world.packWorkMs[w] - this.packMs[w]
    for (const list of lists)
      for (let p = world.listHead[list]; p >= 0; p = nextOf(world, p))
        if (!hasFlag(world, p, FLAG.cancelled)) packAhead -= packWorkMs(sim, p)
    for (const list of lists) {
      let p = takeAll(pen, list)
      while (p >= 0) {
        const next = nextOf(world, p)
        const [pick, pack] = [pickWorkMs(sim, p), packWorkMs(sim, p)]
        const isMoved = this.mayMove(p) && this.isBetter(p, this.packedMs(w, pickAhead + pick, packAhead + pack))
        if (isMoved && sim.router.partWarehouse[0] !== w) {
          moveShipment(sim, p)
          this.addWork(p, 1)
          this.count(w, warehouseOf(world, p))
        } else {
          if (isMoved) {
            moveService(sim, p)
            this.count(w, w)
          }
          const joins = isMoved ? lists[1 - sim.network.serviceExpress[serviceOf(world, p)]] : list
          pushBack(pen, joins, p)
          // Whoever gives up the fast lane is met again in the other.
          if (!hasFlag(world, p, FLAG.cancelled) && !(joins === lists[1] && list === lists[0])) {
            pickAhead += pick
            packAhead += pack
          }
        }
        p = next
      }
    }
  }

  /** Whether it would save more than a move costs; its goods are then free. */
  private isBetter(p: Parcel, heldMs: number): boolean {
    const { sim } = this
    const { world, pen, router } = sim
    const w = warehouseOf(world, p)
    const side = this.sideOf(p)
    const switchCents = this.terms[side]?.switchCents ?? Number.POSITIVE_INFINITY
    releaseParcel(pen, p, w)
    const isElsewhere =
      savingOf(entered(sim, side), p, heldMs) > switchCents &&
      (router.partWarehouse[0] !== w || router.partService[0] !== serviceOf(world, p))
    if (!isElsewhere) reserveAgain(pen, p, w)
    return isElsewhere
  }

  private isPreparing(p: Parcel): boolean {
    const { world } = this.sim
    return stateOf(world, p) === STATE.routed && !hasFlag(world, p, FLAG.cancelled)
  }

  private mayMove(p: Parcel): boolean {
    const { world } = this.sim
    const terms = this.terms[this.sideOf(p)]
    if (terms === null) return false
    if (hasFlag(world, p, FLAG.cancelled | FLAG.child | FLAG.split) || missedPicks(world, p) > 0) return false
    return movesOf(world, p) < terms.mostMoves
  }

  private sideOf(p: Parcel): number {
    return this.sim.sides === null ? 0 : this.sim.sides.of(p)
  }

  /** Until so much picking and packing is done at a warehouse, from now on. */
  private packedMs(w: number, pickMs: number, packMs: number): number {
    const { world, network, clock } = this.sim
    const roster = network.rosters[w]
    const now = nowMs(world)
    const pace = world.siteCapacity[w] / world.labour[w]
    const picked = doneBy(roster, roster.pickers, now, Math.max(0, pickMs), pace, clock.weekStartMs)
    const packed = doneBy(roster, roster.packers, now, Math.max(0, packMs), pace, clock.weekStartMs)
    return Math.max(picked, packed) - now
  }

  private addWork(p: Parcel, sign: 1 | -1): void {
    const w = warehouseOf(this.sim.world, p)
    this.pickMs[w] += sign * pickWorkMs(this.sim, p)
    this.packMs[w] += sign * packWorkMs(this.sim, p)
  }

  private count(from: number, to: number): void {
    this.moved++
    estimateWarehouse(this.sim, from, nowMs(this.sim.world))
    if (to !== from) estimateWarehouse(this.sim, to, nowMs(this.sim.world))
  }
}

import { solverOrNone } from '../../scenarios/highs.ts'
import { estimate, estimateStations } from '../../sim/agents/estimate.ts'
import { planIfDue } from '../../sim/agents/planner.ts'
import { staff } from '../../sim/agents/warehouse.ts'
import { copyPlan, type DecisionSize, groundBytes, promiseUnits, viewGround } from '../../sim/apply/decision-world.ts'
import { makeRoomForNotes, makeRoomForPrices } from '../../sim/apply/records.ts'
import { addCommitted, addPackWork, addPickWork, countGiven, setPulsed } from '../../sim/apply/site.ts'
import { compileNetwork, type Network } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Policies } from '../../sim/policy.ts'
import type { Sim } from '../../sim/sim.ts'
import { DAY_MS } from '../../sim/units.ts'
import { bookedUnits, type Dimensions, dimensionsOf, nowMs, REG, STATE } from '../../sim/world.ts'
import { openFutures } from '../futures/open-future.ts'
import type { Present } from '../futures/present.ts'
import { Ground, type GroundMemory, NOTES_MOST, PlanHalves, type PlanMemory, planMemory } from './ground.ts'

/** Parcels that were promised and that the present does not show: by place of lane, with their lines (shelf · 256 + units). */
export type Outstanding = {
  readonly lanes: Int32Array
  /** Lines of parcel i: lineStart[i] … lineStart[i + 1]. */
  readonly lineStart: Int32Array
  readonly lines: Uint32Array
}

/** What is to be made. `head` goes with the ground as it is. */
export type MakeTask = {
  readonly present: Present
  readonly outstanding: Outstanding
  readonly asOfMs: number
  readonly madeMs: number
}

/** A version has planned; why it has no newer plan, or null. */
export type Planned = { readonly version: string; readonly seat: number; readonly flaw: string | null }

const SEED = 'decisions'

/**
 * Makes grounds: a world of the simulator from the present, with what is promised and not seen yet, its queues and trucks estimated, and for each
 * version that plans a plan, when one is due. It writes into shared memory and answers with numbers, so that it can have a thread to itself.
 */
export class Maker {
  private readonly spec: NetworkSpec
  private readonly network: Network
  private readonly d: Dimensions
  private readonly ground: Ground
  private readonly base: Policies
  private readonly planners = new Map<string, Planner>()
  private readonly watch: { begins(seat: number): void; ends(): void }
  private last: { readonly sim: Sim; readonly zeroMs: number } | null = null

  /** `base` are the policies whose replenishment and forecasts say what is on its way; `watch` is told while a version plans. */
  constructor(spec: NetworkSpec, ground: GroundMemory, base: Policies, watch: Maker['watch']) {
    this.spec = spec
    this.network = compileNetwork(spec)
    this.d = dimensionsOf(this.network)
    this.ground = new Ground(ground)
    this.base = base
    this.watch = watch
  }

  /** Makes the first plan of a version, and with it room for all that follow; a policy that plans nothing has none. */
  seat(
    version: string,
    seat: number,
    policies: Policies,
    task: MakeTask,
    memory: PlanMemory | null,
  ): { readonly plan: PlanMemory | null; readonly flaw: string | null } {
    if (policies.routing.plan === undefined) return { plan: null, flaw: null }
    const planner = new Planner(this.d, version, seat, policies)
    const { sim } = this.worldOf(task, null)
    const flaw = this.watched(planner, sim, task.present.calendar.zeroMs)
    this.planners.set(version, planner)
    return { plan: planner.share(memory), flaw }
  }

  leave(version: string): void {
    this.planners.delete(version)
  }

  /**
   * Lays the next ground with the plans there are, to be shown by whoever asked for it; returns its number. `available` is filled in: units free on
   * each shelf, promises left aside.
   */
  lay(task: MakeTask, available: Int32Array): number {
    const { sim, counted } = this.worldOf(task, available)
    const { zeroMs } = task.present.calendar
    const number = this.ground.lay(sim.world, { asOfMs: task.asOfMs, zeroMs, madeMs: task.madeMs }, counted)
    for (const planner of this.planners.values()) planner.lay(number, zeroMs)
    this.last = { sim, zeroMs }
    return number
  }

  /** Plans over the ground that was laid last, where a version's plan is due; what it finds goes with the next ground. */
  plan(): readonly Planned[] {
    const { last } = this
    if (last === null) return []
    const plans: Planned[] = []
    for (const planner of this.planners.values())
      if (planner.isDue(last.sim, last.zeroMs))
        plans.push({ version: planner.version, seat: planner.seat, flaw: this.watched(planner, last.sim, last.zeroMs) })
    return plans
  }

  private watched(planner: Planner, sim: Sim, zeroMs: number): string | null {
    this.watch.begins(planner.seat)
    const flaw = planner.plan(sim, zeroMs)
    this.watch.ends()
    return flaw
  }

  private worldOf({ present, outstanding }: MakeTask, available: Int32Array | null) {
    const { network, spec, base: policies } = this
    const setup = { network, spec, present, scenario: present.conditions, policies, solver: solverOrNone(), seed: SEED, hours: 1 }
    const sim = openFutures(setup)(0)
    const { world } = sim
    if (available !== null)
      for (let shelf = 0; shelf < available.length; shelf++) available[shelf] = bookedUnits(world, shelf) - world.reserved[shelf]
    // Nobody has come to work yet.
    for (let w = 0; w < network.W; w++) staff(sim, w)
    this.countToday(sim, present)
    const counted = this.promised(sim, outstanding)
    estimate(sim)
    estimateStations(sim)
    setPulsed(sim.pen)
    return { sim, counted }
  }

  /** Parcels of orders that were placed today count as given today: when they were given nobody says later on. */
  private countToday({ pen }: Sim, { nowMs: now, parcels, order, placedMs, stage, warehouse }: Present): void {
    const midnight = Math.floor(now / DAY_MS) * DAY_MS
    for (let i = 0; i < parcels; i++)
      if (stage[i] >= STATE.routed && placedMs[order[i]] >= midnight) countGiven(pen, warehouse[i])
  }

  /** Goods and load of parcels that no event has told of yet. */
  private promised(sim: Sim, { lanes, lineStart, lines }: Outstanding) {
    const { pen, network } = sim
    const { W, S } = network
    const counted = { parcels: new Int32Array(W), byLane: new Int32Array(W * S) }
    for (let i = 0; i < lanes.length; i++) {
      const w = Math.floor(lanes[i] / S)
      const count = lineStart[i + 1] - lineStart[i]
      counted.parcels[w]++
      counted.byLane[lanes[i]]++
      addCommitted(pen, w, lanes[i] - w * S, 1)
      countGiven(pen, w)
      addPickWork(pen, w, network.pickParcelMs[w] + network.pickLineMs[w] * count)
      addPackWork(pen, w, network.packParcelMs[w] + network.packLineMs[w] * count)
      for (let at = lineStart[i]; at < lineStart[i + 1]; at++) promiseUnits(pen, lines[at] >>> 8, lines[at] & 255)
    }
    return counted
  }
}

/** The plans of one version: made when they are due, kept until then, told where decisions read them. */
class Planner {
  readonly version: string
  readonly seat: number
  private readonly policies: Policies
  private readonly d: Dimensions
  /** The last plan, as large as it was; on a clock that began then. */
  private kept: ReturnType<typeof viewGround>
  private zeroMs = 0
  private memory: PlanMemory | null = null
  private halves: PlanHalves | null = null

  constructor(d: Dimensions, version: string, seat: number, policies: Policies) {
    this.d = d
    this.version = version
    this.seat = seat
    this.policies = policies
    this.kept = this.room(0)
  }

  isDue(sim: Sim, zeroMs: number): boolean {
    return zeroMs !== this.zeroMs || nowMs(sim.world) >= this.kept.regs[REG.nextPlanMs]
  }

  /** Plans over a world; returns what is wrong with the policy's plan, or null. */
  plan(sim: Sim, zeroMs: number): string | null {
    const { pen } = sim
    this.turnTo(zeroMs)
    makeRoomForPrices(pen)
    makeRoomForNotes(pen, this.kept.notes.length)
    copyPlan(this.kept, pen)
    try {
      planIfDue({ ...sim, policies: this.policies })
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause)
    }
    const { length } = sim.world.notes
    const most = this.memory === null ? NOTES_MOST : this.memory.size.notes
    if (length > most) return `its plan leaves ${length} notes; ${most} can be kept`
    if (this.kept.notes.length < length) this.kept = this.room(length)
    copyPlan(sim.world, this.kept)
    return null
  }

  /** Memory for its plans, as large as the first one asks for and half as much again. */
  share(memory: PlanMemory | null): PlanMemory {
    const notes = Math.min(NOTES_MOST, Math.ceil(1.5 * this.kept.notes.length))
    this.memory = memory ?? planMemory(this.d, sizeOf(notes))
    this.halves = new PlanHalves(this.d, this.memory)
    return this.memory
  }

  lay(number: number, zeroMs: number): void {
    this.turnTo(zeroMs)
    this.halves?.lay(this.kept, number)
  }

  /** On another calendar the times of the old plan mean something else. */
  private turnTo(zeroMs: number): void {
    if (zeroMs !== this.zeroMs) this.kept = this.room(0)
    this.zeroMs = zeroMs
  }

  private room(notes: number) {
    const size = sizeOf(notes)
    return viewGround(this.d, size, new SharedArrayBuffer(groundBytes(this.d, size)))
  }
}

const sizeOf = (notes: number): DecisionSize => ({ priced: 1, foreseen: 0, notes, erring: 0 })

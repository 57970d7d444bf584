import { solverOrNone } from '../../scenarios/highs.ts'
import { estimate, estimateStations } from '../../sim/agents/estimate.ts'
import { planIfDue } from '../../sim/agents/planner.ts'
import { copyPlan, type DecisionSize, groundBytes, promiseUnits, viewGround } from '../../sim/apply/decision-world.ts'
import { peek } from '../../sim/apply/event-list.ts'
import { makeRoomForNotes, makeRoomForPrices } from '../../sim/apply/records.ts'
import { addCommitted, addPackWork, addPickWork, countGiven, setPulsed } from '../../sim/apply/site.ts'
import { step } from '../../sim/engine.ts'
import { compileNetwork, type Network } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Policies } from '../../sim/policy.ts'
import type { Sim } from '../../sim/sim.ts'
import { bookedUnits, type Dimensions, dimensionsOf, eventMs, nowMs, REG } from '../../sim/world.ts'
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

/** Why a version has no newer plan, or null. */
export type Planned = { readonly version: string; readonly flaw: string | null }

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

  /** `base` are the policies whose replenishment and forecasts say what is on its way. */
  constructor(spec: NetworkSpec, ground: GroundMemory, base: Policies) {
    this.spec = spec
    this.network = compileNetwork(spec)
    this.d = dimensionsOf(this.network)
    this.ground = new Ground(ground)
    this.base = base
  }

  /** Makes the first plan of a version, and with it room for all that follow; null for a policy that plans nothing. */
  seat(version: string, policies: Policies, task: MakeTask | null): PlanMemory | null {
    if (policies.routing.plan === undefined) return null
    const planner = new Planner(this.d, version, policies)
    this.planners.set(version, planner)
    if (task !== null) planner.plan(this.worldOf(task), task.present.calendar.zeroMs)
    return planner.share()
  }

  leave(version: string): void {
    this.planners.delete(version)
  }

  /** Lays the next ground, which is to be shown by whoever asked for it. `available` is filled in: units free on each shelf, promises left aside. */
  make(task: MakeTask, available: Int32Array): { readonly number: number; readonly plans: readonly Planned[] } {
    const sim = this.worldOf(task)
    const { world } = sim
    for (let shelf = 0; shelf < available.length; shelf++) available[shelf] = bookedUnits(world, shelf) - world.reserved[shelf]
    const { counted } = this.promised(sim, task.outstanding)
    estimate(sim)
    estimateStations(sim)
    setPulsed(sim.pen)
    const head = { asOfMs: task.asOfMs, zeroMs: task.present.calendar.zeroMs, madeMs: task.madeMs }
    const number = this.ground.lay(world, head, counted)
    const plans = [...this.planners.values()].map((planner) => ({
      version: planner.version,
      flaw: planner.plan(sim, task.present.calendar.zeroMs),
    }))
    for (const planner of this.planners.values()) planner.lay(number)
    return { number, plans }
  }

  private worldOf({ present }: MakeTask): Sim {
    const { network, spec, base: policies } = this
    const setup = { network, spec, present, scenario: present.conditions, policies, solver: solverOrNone(), seed: SEED, hours: 1 }
    const sim = openFutures(setup)(0)
    // Hands on duty and the weather of now are set by events that are due now.
    for (let next = peek(sim.pen); next >= 0 && eventMs(sim.world, next) <= present.nowMs; next = peek(sim.pen))
      if (!step(sim)) break
    return sim
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
    return { counted }
  }
}

/** The plans of one version: made when they are due, kept until then, told where decisions read them. */
class Planner {
  readonly version: string
  private readonly policies: Policies
  private readonly d: Dimensions
  /** The last plan, as large as it was; on a clock that began then. */
  private kept: ReturnType<typeof viewGround>
  private zeroMs = 0
  private memory: PlanMemory | null = null
  private halves: PlanHalves | null = null

  constructor(d: Dimensions, version: string, policies: Policies) {
    this.d = d
    this.version = version
    this.policies = policies
    this.kept = this.room(0)
  }

  /** Plans where it is time to; returns what is wrong with the policy's plan, or null. */
  plan(sim: Sim, zeroMs: number): string | null {
    const { pen } = sim
    // On another calendar the times of the old plan mean something else.
    if (zeroMs !== this.zeroMs) this.kept = this.room(0)
    this.zeroMs = zeroMs
    makeRoomForPrices(pen)
    makeRoomForNotes(pen, this.kept.notes.length)
    copyPlan(this.kept, pen)
    if (nowMs(sim.world) < sim.world.regs[REG.nextPlanMs]) return null
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

  share(): PlanMemory {
    const notes = Math.min(NOTES_MOST, 2 * this.kept.notes.length)
    this.memory = planMemory(this.d, sizeOf(notes))
    this.halves = new PlanHalves(this.d, this.memory)
    return this.memory
  }

  lay(number: number): void {
    this.halves?.lay(this.kept, number)
  }

  private room(notes: number) {
    const size = sizeOf(notes)
    return viewGround(this.d, size, new SharedArrayBuffer(groundBytes(this.d, size)))
  }
}

const sizeOf = (notes: number): DecisionSize => ({ priced: 1, foreseen: 0, notes, erring: 0 })

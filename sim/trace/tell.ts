import { pick } from '../alias.ts'
import { afterWorkingTime, nextInWeek } from '../calendar.ts'
import { sample } from '../distribution.ts'
import { luckOf, paceOf } from '../haul.ts'
import { cutOffOf, departureFor, doneBy, nextVans, turnOf } from '../journey.ts'
import { LANE } from '../network.ts'
import { draw, PURPOSE } from '../random.ts'
import { roomOf } from '../room.ts'
import type { Sim } from '../sim.ts'
import { HOUR_MS } from '../units.ts'
import {
  attemptsOf,
  availableUnits,
  COUNT,
  eventMs,
  lineAt,
  lineCount,
  listOf,
  nowMs,
  type Parcel,
  REG,
  STATE,
  serviceOf,
  skuOfLine,
  stateOf,
  unitsOfLine,
  warehouseOf,
} from '../world.ts'
import { ACT, addFact, type Block, emptyBlock, FACT, GROUP, hasRoom, openRow } from './block.ts'
import { allowances } from './calm-plan.ts'
import { CAUSE } from './cause.ts'
import { expectedMs, expectedTruckMs } from './expect.ts'
import { type Known, knownOf, SCRATCH } from './known.ts'
import { causeAt, type Departures, firstSince, HandsClock, noDepartures, ROLE, timeOffMs, truckDays } from './waits.ts'

/** Act of a parcel that has entered a state: the states are walked in order, none is left out. */
const ACT_OF_STATE = [
  0,
  ACT.placed,
  ACT.paid,
  ACT.routed,
  ACT.released,
  ACT.picking,
  ACT.picked,
  ACT.packing,
  ACT.packed,
  ACT.handedOver,
  ACT.atHub,
  ACT.atStation,
  ACT.outForDelivery,
  ACT.delivered,
]

/** Causes of a wait at a station, by their place in a record's scratch. */
export const STATION = [
  CAUSE['next vans'],
  CAUSE['vans missed'],
  CAUSE['no vans that day'],
  CAUSE['nobody home'],
  CAUSE['weather on the vans'],
  CAUSE['vans full'],
] as const
/** Not yet seen by any vans: why it waits is known when the first ones leave. */
export const UNSEEN = 0

/** What an order has waited for so far before it could be routed. */
type StockWait = { cause: number; fromMs: number; readonly causes: number[]; readonly ms: number[] }

/**
 * Writes rows: what happened to whom, what it changed, what it moved, and for a parcel how the time in the stage that ended was spent, to
 * the millisecond. Reads the world after the event and what is known of it from before; draws again what agents have drawn.
 */
export class Teller {
  readonly known: Known
  readonly hands: HandsClock
  readonly trucks: readonly Departures[]
  readonly waves: readonly Departures[]
  readonly stockWaits = new Map<Parcel, StockWait>()
  /** Rows of the event at hand. */
  rows = 0
  kind = 0
  byOrder = -1
  private block: Block
  private readonly truckDays: readonly number[]
  private readonly sim: Sim
  private readonly sink: (block: Block) => void

  constructor(sim: Sim, sink: (block: Block) => void) {
    const { network } = sim
    this.sim = sim
    this.sink = sink
    this.block = emptyBlock()
    this.known = knownOf(sim.world)
    this.hands = new HandsClock(network)
    this.trucks = Array.from({ length: network.W * network.S }, () => noDepartures(CAUSE['truck full']))
    this.waves = Array.from({ length: network.H }, () => noDepartures(CAUSE['hub full']))
    this.truckDays = network.timetables.map(truckDays)
  }

  /** Hands on what has been written and not handed on yet. */
  flush(): void {
    if (this.block.count === 0) return
    this.sink(this.block)
    this.block.count = 0
    this.block.facts = 0
  }

  open(act: number): number {
    if (!hasRoom(this.block)) this.flush()
    this.rows++
    const { world } = this.sim
    return openRow(this.block, world.regs[REG.events], nowMs(world), act, this.kind, this.byOrder)
  }
  /** A row of a piece of clockwork; −1 for what it has not. */
  actor(act: number, who: { warehouse?: number; service?: number; zone?: number; hub?: number; supplier?: number } = {}): void {
    const i = this.open(act)
    this.block.warehouse[i] = who.warehouse ?? -1
    this.block.service[i] = who.service ?? -1
    this.block.zone[i] = who.zone ?? -1
    this.block.hub[i] = who.hub ?? -1
    this.block.supplier[i] = who.supplier ?? -1
  }
  what(name: number, value: number): void {
    addFact(this.block, GROUP.what, name, value)
  }
  impact(name: number, value: number): void {
    addFact(this.block, GROUP.impact, name, value)
  }
  private waited(cause: number, ms: number): void {
    if (ms !== 0) addFact(this.block, GROUP.waited, cause, ms)
  }
  private readonly tellWait = (cause: number, ms: number): void => this.waited(cause, ms)

  /** A row of a parcel, in the words of what is known of it. */
  parcel(p: Parcel, act: number, after: number): number {
    const { known, block } = this
    const i = this.open(act)
    block.order[i] = known.order[p]
    block.part[i] = known.part[p]
    block.zone[i] = known.zone[p]
    block.warehouse[i] = known.warehouse[p]
    block.service[i] = known.service[p]
    block.before[i] = known.state[p]
    block.after[i] = after
    block.since[i] = known.event[p]
    known.event[p] = this.sim.world.regs[REG.events]
    return i
  }

  placed(p: Parcel): void {
    const { known, sim } = this
    const { world, network, clock } = sim
    known.state[p] = STATE.free
    this.parcel(p, ACT.placed, STATE.placed)
    known.state[p] = STATE.placed
    this.what(FACT.promisedAtMs, known.promisedMs[p])
    this.what(FACT.measured, known.measured[p])
    this.what(FACT.lines, lineCount(world, p))
    this.impact(FACT.openOrders, world.counts[COUNT.openOrders])
    const allowed = allowances(network, clock.weekStartMs, {
      placedMs: known.placedMs[p],
      promisedMs: known.promisedMs[p],
      zone: known.zone[p],
      payment: this.paymentOf(known.order[p]),
    })
    for (let i = 0; i < allowed.length; i++) addFact(this.block, GROUP.allowed, i, allowed[i])
  }

  /** An order begins to wait for goods, or for others than before. */
  waits(p: Parcel, sku: number, cause: number): void {
    const { world, network } = this.sim
    this.parcel(p, ACT.waits, STATE.paid)
    this.what(FACT.sku, sku)
    this.what(FACT.units, this.unitsOf(p, sku))
    // The cause that it begins to wait for: no time of it has passed.
    addFact(this.block, GROUP.waited, cause, 0)
    let available = 0
    let onOrder = 0
    for (let w = 0; w < network.W; w++) {
      available += availableUnits(world, sku, w)
      onOrder += world.onOrder[sku * network.W + w]
    }
    this.impact(FACT.available, available)
    this.impact(FACT.onOrder, onOrder)
    this.impact(FACT.ordersWaiting, world.listLength[listOf.waiting(world.d, sku)])
  }

  unitsOf(p: Parcel, sku: number): number {
    const { world } = this.sim
    let units = 0
    for (let i = 0; i < lineCount(world, p); i++) {
      const line = lineAt(world, p, i)
      if (skuOfLine(line) === sku) units += unitsOfLine(line)
    }
    return units
  }

  private paymentOf(order: number): number {
    const { replay, network, dice } = this.sim
    return replay === null ? pick(network.payments.pick, draw(dice, order, PURPOSE.payment, 0)) : replay.payment[order]
  }

  /** The parcel has entered the next state of its walk. */
  step(p: Parcel, state: number): void {
    const { known, sim } = this
    const { world } = sim
    if (state === STATE.routed) {
      known.warehouse[p] = warehouseOf(world, p)
      known.service[p] = serviceOf(world, p)
    }
    this.parcel(p, ACT_OF_STATE[state], state)
    this.spent(p, state, nowMs(world) - known.sinceMs[p])
    known.state[p] = state
    known.sinceMs[p] = nowMs(world)
    this.enter(p, state)
  }

  /** An order nobody has begun to pick goes another way: what it waited for until now it waited for where it was. */
  rerouted(p: Parcel, state: number): void {
    const { known, sim } = this
    const { world } = sim
    const i = this.parcel(p, ACT.rerouted, state)
    this.block.warehouse[i] = warehouseOf(world, p)
    this.block.service[i] = serviceOf(world, p)
    this.spent(p, known.state[p] === STATE.routed ? STATE.released : STATE.picking, nowMs(world) - known.sinceMs[p])
    known.warehouse[p] = warehouseOf(world, p)
    known.service[p] = serviceOf(world, p)
    known.state[p] = state
    known.sinceMs[p] = nowMs(world)
    this.enter(p, STATE.routed)
    if (state !== STATE.routed) this.tellExpectation(p)
  }

  /** How the time in the stage that has ended was spent. */
  spent(p: Parcel, state: number, tookMs: number): void {
    const { known, sim } = this
    const at = p * SCRATCH
    switch (state) {
      case STATE.paid:
        this.spentOnPayment(p, tookMs)
        break
      case STATE.routed: {
        const wait = this.stockWaits.get(p) ?? this.stockWaits.get(known.head[p])
        for (let i = 0; wait !== undefined && i < wait.causes.length; i++) this.waited(wait.causes[i], wait.ms[i])
        break
      }
      case STATE.released: {
        const off = timeOffMs(
          known.sinceMs[p],
          known.sinceMs[p] + tookMs,
          sim.network.prepareDays[known.warehouse[p]],
          sim.clock.weekStartMs,
        )
        this.waited(CAUSE.preparation, tookMs - off)
        this.waited(CAUSE['no preparation that day'], off)
        break
      }
      case STATE.picking:
      case STATE.packing: {
        const role = state === STATE.picking ? ROLE.pick : ROLE.pack
        this.hands.each(known.warehouse[p], role, known.sinceMs[p], known.sinceMs[p] + tookMs, this.tellWait)
        break
      }
      case STATE.picked:
      case STATE.packed: {
        const slowed = Math.round(tookMs * (1 - 1 / known.scratch[at]))
        this.waited(CAUSE['hands at work'], tookMs - slowed)
        this.waited(CAUSE['weather on the hands'], slowed)
        break
      }
      case STATE.handedOver:
        this.spentOnDock(p, tookMs)
        break
      case STATE.atHub:
        this.waited(CAUSE['usual road'], known.scratch[at])
        this.waited(CAUSE['slow on the road'], known.scratch[at + 1])
        this.waited(CAUSE['weather on the road'], known.scratch[at + 2])
        this.waited(CAUSE['carrier disrupted'], tookMs - known.scratch[at] - known.scratch[at + 1] - known.scratch[at + 2])
        break
      case STATE.atStation:
        this.spentAtHub(p, tookMs)
        break
      case STATE.outForDelivery:
        for (let i = 0; i < STATION.length; i++) this.waited(STATION[i], known.scratch[at + i])
        break
      case STATE.delivered:
        this.waited(CAUSE['on the round'], tookMs)
        break
    }
  }

  private spentOnPayment(p: Parcel, tookMs: number): void {
    const { known, sim } = this
    const law = sim.network.payments.approval[this.paymentOf(known.order[p])]
    const approved = Math.floor(known.sinceMs[p] + sample(law, draw(sim.dice, known.order[p], PURPOSE.approval, 0)))
    const check = Math.min(tookMs, approved - known.sinceMs[p])
    this.waited(CAUSE['payment check'], check)
    this.waited(CAUSE['bank closed'], tookMs - check)
  }

  /** From being packed to the truck: first to the next one that it was in time for by the clock, then by why each one left without it. */
  private spentOnDock(p: Parcel, tookMs: number): void {
    const { known, sim } = this
    const packedMs = known.sinceMs[p]
    const now = packedMs + tookMs
    const s = known.service[p]
    const trucks = this.trucks[known.warehouse[p] * sim.network.S + s]
    const missed = packedMs > known.cutOffMs[p] ? CAUSE['cut-off missed'] : CAUSE['next truck']
    let fromMs = packedMs
    let cause = missed
    for (let i = firstSince(trucks, packedMs); i <= trucks.atMs.length; i++) {
      const toMs = i < trucks.atMs.length && trucks.atMs[i] < now ? trucks.atMs[i] : now
      const off = cause === missed ? timeOffMs(fromMs, toMs, this.truckDays[s], sim.clock.weekStartMs) : 0
      this.waited(CAUSE['no truck that day'], off)
      this.waited(cause, toMs - fromMs - off)
      if (toMs === now) return
      fromMs = toMs
      if (packedMs <= trucks.byMs[i]) cause = causeAt(trucks, i, packedMs)
    }
  }

  private spentAtHub(p: Parcel, tookMs: number): void {
    const { known, sim } = this
    const waves = this.waves[sim.network.zoneHub[known.zone[p]]]
    const now = known.sinceMs[p] + tookMs
    let fromMs = known.sinceMs[p]
    let cause = CAUSE['next wave']
    for (let i = firstSince(waves, fromMs); i <= waves.atMs.length; i++) {
      const toMs = i < waves.atMs.length && waves.atMs[i] < now ? waves.atMs[i] : now
      this.waited(cause, toMs - fromMs)
      if (toMs === now) return
      fromMs = toMs
      cause = causeAt(waves, i, known.sinceMs[p])
    }
  }

  /** What its next stage will be told from, and what the step moved. */
  private enter(p: Parcel, state: number): void {
    const { known, sim } = this
    const { world, network } = sim
    const w = known.warehouse[p]
    const at = p * SCRATCH
    switch (state) {
      case STATE.paid:
        this.impact(FACT.openOrders, world.counts[COUNT.openOrders])
        break
      case STATE.routed:
        this.expectTruck(p)
        this.tellShelf(p)
        this.tellTruck(p)
        break
      case STATE.released:
        this.tellQueues(w)
        break
      case STATE.picking:
      case STATE.packing:
        known.scratch[at] = world.labour[w]
        this.impact(FACT.busy, state === STATE.picking ? world.picking[w] : world.packing[w])
        this.tellQueues(w)
        break
      case STATE.picked:
        this.tellShelf(p)
        this.tellQueues(w)
        break
      case STATE.packed:
        this.tellTruck(p)
        break
      case STATE.handedOver:
        this.takeRoad(p)
        this.impact(FACT.onDock, world.listLength[listOf.staged(world.d, w, known.service[p])])
        this.impact(FACT.backlog, world.backlog[w])
        break
      case STATE.atHub:
        this.impact(FACT.hubQueue, world.listLength[listOf.hub(world.d, network.zoneHub[known.zone[p]])])
        break
      case STATE.atStation:
        for (let i = 0; i < STATION.length; i++) known.scratch[at + i] = 0
        known.markMs[p] = nowMs(world)
        known.why[p] = 0
        known.attempts[p] = attemptsOf(world, p)
        this.impact(FACT.stationQueue, world.listLength[listOf.station(world.d, known.zone[p])])
        break
      case STATE.outForDelivery:
        this.what(FACT.attempt, attemptsOf(world, p))
        this.impact(FACT.stationQueue, world.listLength[listOf.station(world.d, known.zone[p])])
        break
    }
    if (state >= STATE.routed && state < STATE.delivered && stateOf(world, p) === state) this.tellExpectation(p)
  }

  /** Which truck the parcel should catch: a usual time of preparation, hands that are free, an hour for picking and packing. */
  private expectTruck(p: Parcel): void {
    const { known, sim } = this
    const { network, clock, world } = sim
    const w = known.warehouse[p]
    const s = known.service[p]
    const prepared = afterWorkingTime(nowMs(world), network.prepareMedianMs[w], network.prepareDays[w], clock.weekStartMs)
    const roster = network.rosters[w]
    const packed = doneBy(roster, roster.packers, prepared, 0, 1, clock.weekStartMs) + HOUR_MS
    known.truckMs[p] = departureFor(network, s, packed, 0, clock.weekStartMs)
    known.cutOffMs[p] = Number.isFinite(known.truckMs[p])
      ? cutOffOf(network, s, known.truckMs[p], clock.weekStartMs)
      : known.truckMs[p]
  }

  /** The parts of its line haul, as `handOver` has made it: usual, luck, weather, and what is left, the carrier's trouble. */
  private takeRoad(p: Parcel): void {
    const { known, sim } = this
    const { network, world, dice, clock } = sim
    const z = known.zone[p]
    const w = known.warehouse[p]
    const lane = ((z * network.W + w) * network.S + known.service[p]) * LANE.fields
    const usual = network.lanes[lane + LANE.medianMs] * paceOf(sim.replay, known.order[p])
    const withLuck = usual * luckOf(network, dice, lane, known.service[p], known.order[p], known.part[p])
    const at = p * SCRATCH
    known.scratch[at] = Math.round(usual)
    known.scratch[at + 1] = Math.round(withLuck) - Math.round(usual)
    known.scratch[at + 2] = Math.round(withLuck * world.laneSlow[z * network.W + w]) - Math.round(withLuck)
    // A millisecond is rounded up in the end; it is nobody's fault, so without a disruption the last part that there is takes it.
    const total = eventMs(world, p) - nowMs(world)
    const rest = total - known.scratch[at] - known.scratch[at + 1] - known.scratch[at + 2]
    if (world.transitFactor[known.service[p]] === 1) known.scratch[at + (world.laneSlow[z * network.W + w] > 1 ? 2 : 1)] += rest
    known.vansMs[p] = nextVans(network, nowMs(world) + usual + HOUR_MS, clock.weekStartMs)
  }

  tellShelf(p: Parcel): void {
    const { world } = this.sim
    const w = this.known.warehouse[p]
    let scarcest = 0
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < lineCount(world, p); i++) {
      const left = availableUnits(world, skuOfLine(lineAt(world, p, i)), w)
      if (left >= least) continue
      least = left
      scarcest = lineAt(world, p, i)
    }
    this.what(FACT.sku, skuOfLine(scarcest))
    this.what(FACT.units, unitsOfLine(scarcest))
    this.impact(FACT.available, least)
    this.impact(FACT.onHand, world.onHand[skuOfLine(scarcest) * world.d.W + w])
  }

  /** The truck it waits for, and how much has been routed to that service's next trucks. */
  private tellTruck(p: Parcel): void {
    const { known, sim } = this
    const { world, network, clock } = sim
    const w = known.warehouse[p]
    const s = known.service[p]
    const { atMs, capacity } = network.timetables[s]
    const truck = expectedTruckMs(sim, p, known.truckMs[p])
    if (!Number.isFinite(truck)) return
    const index = nextInWeek(atMs, truck, clock.weekStartMs) % atMs.length
    this.impact(FACT.truckAtMs, truck)
    this.impact(FACT.truckLoad, world.committed[w * network.S + s])
    const turn = turnOf(truck, index, atMs.length, clock.weekStartMs)
    this.impact(FACT.truckRoom, roomOf(capacity[index * network.W + w] * world.departCapacity[s], turn))
    this.impact(FACT.onDock, world.listLength[listOf.staged(world.d, w, s)])
  }

  private tellQueues(w: number): void {
    const { world } = this.sim
    const { d } = world
    this.impact(FACT.pickQueue, world.listLength[listOf.pick(d, w, 0)] + world.listLength[listOf.pick(d, w, 1)])
    this.impact(FACT.packQueue, world.listLength[listOf.pack(d, w, 0)] + world.listLength[listOf.pack(d, w, 1)])
    this.impact(FACT.backlog, world.backlog[w])
  }

  /** When it may be expected, and how far ahead of its promise that is (below 0: behind it). */
  private tellExpectation(p: Parcel): void {
    const { known, sim } = this
    const expected = expectedMs(sim, p, known.truckMs[p])
    if (!Number.isFinite(expected)) return
    this.impact(FACT.expectedAtMs, Math.round(expected))
    this.impact(FACT.aheadMs, known.promisedMs[known.head[p]] - Math.round(expected))
  }
}

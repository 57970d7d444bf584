import { peek } from '../apply/event-list.ts'
import { nextInWeek } from '../calendar.ts'
import { roundOf, turnOf } from '../journey.ts'
import { KIND } from '../kinds.ts'
import { roomOf } from '../room.ts'
import type { Sim } from '../sim.ts'
import { HOUR_MS } from '../units.ts'
import {
  attemptsOf,
  availableUnits,
  COUNT,
  eventMs,
  FLAG,
  hasFlag,
  headOf,
  kindOf,
  lineAt,
  lineCount,
  linkOf,
  listOf,
  nextOf,
  nowMs,
  orderNumber,
  orderOf,
  type Parcel,
  partOf,
  placedMs,
  promisedMs,
  REG,
  STATE,
  serviceOf,
  siblingOf,
  skuOfLine,
  stateOf,
  unitsOfLine,
  waitedLine,
  warehouseOf,
  watchedOf,
  zoneOf,
} from '../world.ts'
import { ACT, type Block, FACT } from './block.ts'
import { CAUSE } from './cause.ts'
import { growKnown, SCRATCH } from './known.ts'
import { STATION, Teller, UNSEEN } from './tell.ts'
import { cutShort, noteDeparture, timeOffMs } from './waits.ts'

/**
 * Watches a run and writes down each of its events: hand `watch` to `simulate`, and call `end` when it is over. Nothing in the agents knows
 * of it. Before an event it looks whose turn it is and who could be moved by it; after it, it compares them with what it knew. It reads
 * only, so a watched run is the same to the byte, and a run that is not watched pays nothing.
 *
 * `sink` is handed blocks of rows, which it must be done with when it returns.
 */
export class Tracer {
  private readonly tell: Teller
  /** Whose event is next, and of which kind. */
  private next: Parcel = -1
  private kind = 0
  /** Records that the next event could move beside its own, in the order they wait in. */
  private readonly candidates: Parcel[] = []
  /** For vans: where each zone's candidates begin. */
  private readonly zoneFrom: number[] = []
  /** Those who could have gone with a truck or a wave and were left behind, oldest first. */
  private readonly behind: Parcel[] = []
  private readonly stations: { wouldBeLeft: number; left: number }[]
  private ended = 0
  /** Parcels whose pick may find nothing. */
  private readonly sent = new Map<Parcel, { sinceMs: number; causes: readonly number[]; ms: readonly number[] }>()
  private column: Float64Array = new Float64Array(0)
  private pickers = 0
  private packers = 0
  private readonly siteCapacity: Float64Array
  private readonly hubCapacity: Float64Array
  private readonly departCapacity: Float64Array
  private readonly transitFactor: Float64Array
  private readonly leadFactor: Float64Array

  constructor(sim: Sim, sink: (block: Block) => void) {
    const { world } = sim
    this.tell = new Teller(sim, sink)
    this.siteCapacity = Float64Array.from(world.siteCapacity)
    this.hubCapacity = Float64Array.from(world.hubCapacity)
    this.departCapacity = Float64Array.from(world.departCapacity)
    this.transitFactor = Float64Array.from(world.transitFactor)
    this.leadFactor = Float64Array.from(world.leadFactor)
    this.stations = Array.from({ length: sim.network.Z }, () => ({ wouldBeLeft: 0, left: 0 }))
    this.lookAhead(sim)
  }

  watch(sim: Sim): void {
    const { tell } = this
    const { world } = sim
    growKnown(tell.known, world)
    tell.rows = 0
    tell.kind = this.kind
    const p = this.next
    switch (this.kind) {
      case KIND.scene:
        this.scene(sim)
        this.lookAtAll(sim)
        break
      case KIND.pulse:
        tell.actor(ACT.estimated)
        tell.impact(FACT.backlog, world.counts[COUNT.backlog])
        tell.impact(FACT.openOrders, world.counts[COUNT.openOrders])
        this.lookAtAll(sim)
        break
      case KIND.shift:
        this.shift(sim, p)
        this.lookAtAll(sim)
        break
      case KIND.receive:
      case KIND.review:
        this.goods(sim, p)
        this.lookAtAll(sim)
        break
      case KIND.feed:
        tell.actor(ACT.stockReported, { warehouse: warehouseOf(world, p) })
        this.lookAtAll(sim)
        break
      case KIND.arrival:
        this.adopt(sim, p)
        tell.placed(p)
        break
      case KIND.departure:
        this.truck(sim, p)
        break
      case KIND.hubWave:
        this.wave(sim, p)
        break
      case KIND.vans:
        this.vans(sim)
        break
      case KIND.patience:
        this.patience(sim, p)
        this.lookAtAll(sim)
        break
      case KIND.returned:
        tell.parcel(p, ACT.returned, STATE.free)
        tell.what(FACT.measured, tell.known.measured[p])
        this.lookAtAll(sim)
        break
      case KIND.atHub:
      case KIND.delivered:
        if (stateOf(world, p) === STATE.atHub) this.look(sim, p)
        else this.parcelEnds(sim, p, this.kind === KIND.atHub)
        break
      default:
        this.look(sim, p)
        this.lookAtAll(sim)
    }
    if (tell.rows === 0) tell.actor(ACT.nothing)
    this.lookAhead(sim)
  }

  /** Hands on the rows that are left. */
  end(): void {
    this.tell.flush()
  }

  // --- before an event --------------------------------------------------------------------------------------------------------------
  private lookAhead(sim: Sim): void {
    const { world } = sim
    const p = peek(sim.pen)
    this.candidates.length = 0
    this.next = p
    if (p < 0) return
    const kind = kindOf(world, p)
    this.kind = kind
    this.ended = world.counts[COUNT.ended]
    this.tell.byOrder = -1
    const w = warehouseOf(world, p)
    switch (kind) {
      case KIND.scene:
        for (let one = 0; one < sim.network.W; one++) this.takeHands(sim, one, Number.POSITIVE_INFINITY)
        this.takeWaiting(sim)
        break
      case KIND.shift:
        this.pickers = world.pickers[w]
        this.packers = world.packers[w]
        this.takeHands(sim, w, Number.POSITIVE_INFINITY)
        break
      case KIND.receive:
        this.column = Float64Array.from(world.unitsIn)
        this.takeWaiting(sim)
        break
      case KIND.review:
        this.column = Float64Array.from(world.onOrder)
        break
      case KIND.feed:
        this.takeWaiting(sim)
        break
      case KIND.arrival: {
        // The record that the order will be given.
        const free = world.counts[COUNT.freeHead]
        this.next = free >= 0 ? free : world.counts[COUNT.recordsUsed]
        this.tell.byOrder = world.counts[COUNT.nextOrder]
        break
      }
      case KIND.departure:
        this.take(sim, listOf.staged(world.d, w, serviceOf(world, p)), Number.POSITIVE_INFINITY)
        break
      case KIND.hubWave:
        this.take(sim, listOf.hub(world.d, p - sim.hubActor), Number.POSITIVE_INFINITY)
        break
      case KIND.vans:
        for (let z = 0; z < sim.network.Z; z++) {
          this.zoneFrom[z] = this.candidates.length
          this.take(sim, listOf.station(world.d, z), Number.POSITIVE_INFINITY)
        }
        this.zoneFrom[sim.network.Z] = this.candidates.length
        break
      case KIND.patience:
        this.tell.byOrder = orderOf(world, p)
        this.takeWaiting(sim)
        break
      case KIND.returned:
        this.tell.byOrder = orderNumber(world, p)
        this.takeWaiting(sim)
        break
      case KIND.pulse:
        // Orders that were refused are tried again, and those that nobody has begun may go another way.
        if (sim.policies.routing.reconsider !== undefined) {
          this.takeUnbegun(sim)
          this.takeWaiting(sim)
        } else if (world.counts[COUNT.refused] > 0) this.takeWaiting(sim)
        break
      default:
        this.tell.byOrder = orderNumber(world, p)
        // One comes free at most, and the one that comes in may start at once.
        if (kind === KIND.released || kind === KIND.pickedUp || kind === KIND.packedUp) this.takeHands(sim, w, 1)
    }
  }

  /** The first of a list, as far as so many that are not cancelled. */
  private take({ world }: Sim, list: number, most: number): void {
    let left = most
    for (let p = world.listHead[list]; p >= 0 && left > 0; p = nextOf(world, p)) {
      this.candidates.push(p)
      if (!hasFlag(world, p, FLAG.cancelled)) left--
    }
  }
  private takeHands(sim: Sim, w: number, coming: number): void {
    const { world } = sim
    const pick = Math.max(0, world.pickers[w] - world.picking[w]) + coming
    const pack = Math.max(0, world.packers[w] - world.packing[w]) + coming
    for (let express = 1; express >= 0; express--) {
      this.take(sim, listOf.pick(world.d, w, express), pick)
      this.take(sim, listOf.pack(world.d, w, express), pack)
    }
  }
  private takeUnbegun(sim: Sim): void {
    const { world } = sim
    for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++)
      if (stateOf(world, p) === STATE.routed && !hasFlag(world, p, FLAG.cancelled)) this.candidates.push(p)
    for (let w = 0; w < sim.network.W; w++)
      for (let express = 1; express >= 0; express--) this.take(sim, listOf.pick(world.d, w, express), Number.POSITIVE_INFINITY)
  }
  private takeWaiting(sim: Sim): void {
    for (let k = 0; k < sim.network.K; k++) this.take(sim, listOf.waiting(sim.world.d, k), Number.POSITIVE_INFINITY)
  }

  // --- after it ---------------------------------------------------------------------------------------------------------------------
  private lookAtAll(sim: Sim): void {
    // First those whose record has come free: another parcel of this very event may have been given it.
    for (const p of this.candidates) if (this.isDropped(sim, p)) this.drop(p)
    for (const p of this.candidates) this.look(sim, p)
  }

  /** What was cancelled stays where it was, as it was, until its turn comes and its record is freed, or is another's already. */
  private isDropped({ world }: Sim, p: Parcel): boolean {
    return this.tell.known.cancelled[p] === 1 && stateOf(world, p) !== this.tell.known.state[p]
  }

  /** A record that is a parcel or order from now on. */
  private adopt(sim: Sim, p: Parcel): void {
    const { world } = sim
    const { known } = this.tell
    const head = headOf(world, p)
    known.state[p] = stateOf(world, p)
    known.cancelled[p] = 0
    known.order[p] = orderNumber(world, p)
    known.part[p] = partOf(world, p)
    known.head[p] = head
    known.zone[p] = zoneOf(world, p)
    known.warehouse[p] = -1
    known.service[p] = -1
    known.attempts[p] = 0
    known.measured[p] = hasFlag(world, p, FLAG.counted) ? 1 : 0
    known.lost[p] = 0
    known.sku[p] = -1
    known.placedMs[p] = placedMs(world, p)
    known.promisedMs[p] = promisedMs(world, head)
    known.sinceMs[p] = nowMs(world)
    known.event[p] = -1
  }

  /** Compares a record with what was known of it and tells each step it has taken. */
  private look(sim: Sim, p: Parcel): void {
    const { known } = this.tell
    const state = stateOf(sim.world, p)
    if (known.cancelled[p] === 1) {
      if (this.isDropped(sim, p)) this.drop(p)
      return
    }
    if (known.state[p] === STATE.picking && state <= STATE.routed) this.missed(sim, p)
    else if (this.isElsewhere(sim, p, state)) this.tell.rerouted(p, state)
    const isRouted = known.state[p] < STATE.routed && state >= STATE.routed
    for (let next = known.state[p] + 1; next <= Math.min(state, STATE.delivered); next++) {
      if (next === STATE.routed) this.closeWait(sim, p)
      this.tell.step(p, next)
    }
    if (isRouted) {
      if (sim.world.size.erring === 1) this.remember(sim, p)
      if (!hasFlag(sim.world, p, FLAG.child)) this.children(sim, p)
      this.tell.stockWaits.delete(p)
    }
    if (state === STATE.paid) this.waits(sim, p)
  }

  /** It was routed before, and goes by another warehouse or service now. */
  private isElsewhere({ world }: Sim, p: Parcel, state: number): boolean {
    const { known } = this.tell
    if (known.state[p] !== STATE.routed && known.state[p] !== STATE.released) return false
    if (state !== STATE.routed && state !== STATE.released) return false
    return warehouseOf(world, p) !== known.warehouse[p] || serviceOf(world, p) !== known.service[p]
  }

  /** Where a pick may fail: since when a parcel is on its way there, and what it had waited for until then. */
  private remember(sim: Sim, p: Parcel): void {
    const { tell } = this
    const wait = tell.stockWaits.get(p) ?? tell.stockWaits.get(tell.known.head[p])
    this.sent.set(p, { sinceMs: nowMs(sim.world), causes: [...(wait?.causes ?? [])], ms: [...(wait?.ms ?? [])] })
  }

  /** A pick has found nothing: all the time since it was routed was spent on that, and the parcel is where it was before. */
  private missed(sim: Sim, p: Parcel): void {
    const { tell } = this
    const now = nowMs(sim.world)
    const sent = this.sent.get(p)
    const cause = CAUSE['not on the shelf']
    tell.parcel(p, ACT.notOnShelf, STATE.paid)
    tell.tellShelf(p)
    tell.stockWaits.set(p, {
      cause,
      fromMs: now,
      causes: [...(sent?.causes ?? []), cause],
      ms: [...(sent?.ms ?? []), now - (sent?.sinceMs ?? now)],
    })
    tell.known.state[p] = STATE.paid
    tell.known.sinceMs[p] = now
    tell.known.warehouse[p] = -1
    tell.known.service[p] = -1
  }

  private drop(p: Parcel): void {
    this.tell.parcel(p, ACT.dropped, STATE.free)
    // Dropped once only: nothing is known of it from here on.
    this.tell.known.cancelled[p] = 0
    this.tell.known.state[p] = STATE.timer
  }

  /** The further parcels of an order that was split when it was routed. They were paid and waited as it did. */
  private children(sim: Sim, head: Parcel): void {
    const { known, stockWaits } = this.tell
    for (let child = linkOf(sim.world, head); child >= 0; child = siblingOf(sim.world, child)) {
      // Known where the order was split before, and its first parcel is on its way a second time.
      if (known.order[child] === known.order[head] && known.part[child] === partOf(sim.world, child)) continue
      this.adopt(sim, child)
      known.state[child] = STATE.paid
      known.event[child] = known.event[head]
      this.tell.step(child, STATE.routed)
      if (sim.world.size.erring === 1) this.remember(sim, child)
    }
    stockWaits.delete(head)
  }

  /** An order that no shipment covers: what it waits for, and why. */
  private waits(sim: Sim, p: Parcel): void {
    const { tell } = this
    const sku = skuOfLine(lineAt(sim.world, p, waitedLine(sim.world, p)))
    const cause = this.shortOf(sim, p)
    const now = nowMs(sim.world)
    const wait = tell.stockWaits.get(p)
    if (wait === undefined) tell.stockWaits.set(p, { cause, fromMs: now, causes: [], ms: [] })
    else {
      if (wait.cause === cause && tell.known.sku[p] === sku) return
      this.passWait(p, now)
      wait.cause = cause
    }
    tell.known.sku[p] = sku
    tell.waits(p, sku, cause)
  }

  private passWait(p: Parcel, now: number): void {
    const wait = this.tell.stockWaits.get(p)
    if (wait === undefined) return
    wait.causes.push(wait.cause)
    wait.ms.push(now - wait.fromMs)
    wait.fromMs = now
  }
  private closeWait(sim: Sim, p: Parcel): void {
    this.passWait(p, nowMs(sim.world))
  }

  /** Of all its goods: some that are nowhere, else some that only a closed warehouse has, else the policy takes no shipment of them. */
  private shortOf({ world, network, replay, keepsOrigins }: Sim, p: Parcel): number {
    const only = keepsOrigins && replay !== null ? replay.origin[orderNumber(world, p)] : -1
    let worst: number = CAUSE['no option']
    for (let n = 0; n < lineCount(world, p); n++) {
      const line = lineAt(world, p, n)
      let isOpen = false
      let isThere = false
      for (let w = 0; w < network.W; w++) {
        if ((only >= 0 && w !== only) || availableUnits(world, skuOfLine(line), w) < unitsOfLine(line)) continue
        isThere = true
        if (world.siteCapacity[w] > 0) isOpen = true
      }
      if (!isThere) return CAUSE['no stock']
      if (!isOpen) worst = CAUSE['site closed']
    }
    return worst
  }

  private parcelEnds(sim: Sim, p: Parcel, lost: boolean): void {
    const { tell } = this
    const { known } = tell
    const head = known.head[p]
    const orderEnded = sim.world.counts[COUNT.ended] > this.ended
    if (lost) {
      known.lost[head] = 1
      tell.parcel(p, ACT.lost, STATE.delivered)
      tell.spent(p, STATE.atHub, nowMs(sim.world) - known.sinceMs[p])
      known.state[p] = STATE.delivered
    } else tell.step(p, STATE.delivered)
    tell.what(FACT.orderEnded, orderEnded ? 1 : 0)
    if (!orderEnded) return
    tell.what(FACT.measured, known.measured[head])
    tell.what(FACT.orderLost, known.lost[head])
    tell.impact(FACT.lateMs, nowMs(sim.world) - known.promisedMs[head])
    tell.impact(FACT.openOrders, sim.world.counts[COUNT.openOrders])
  }

  private patience(sim: Sim, timer: Parcel): void {
    const { tell } = this
    const { world } = sim
    if (world.counts[COUNT.ended] === this.ended) {
      tell.actor(ACT.patienceEnded)
      return
    }
    // The timer's record is free by now, and says still whom it watched.
    const order = watchedOf(world, timer)
    for (let p = order; p >= 0; p = p === order ? linkOf(world, order) : siblingOf(world, p)) {
      tell.parcel(p, ACT.cancelled, STATE.free)
      tell.known.cancelled[p] = 1
      tell.what(FACT.orderEnded, p === order ? 1 : 0)
      tell.what(FACT.measured, tell.known.measured[order])
    }
    tell.stockWaits.delete(order)
    tell.impact(FACT.openOrders, world.counts[COUNT.openOrders])
  }

  private truck(sim: Sim, actor: Parcel): void {
    const { tell } = this
    const { world, network, clock } = sim
    const now = nowMs(world)
    const w = warehouseOf(world, actor)
    const s = serviceOf(world, actor)
    const { atMs, cutOffMs, capacity } = network.timetables[s]
    const departure = nextInWeek(atMs, now, clock.weekStartMs) % atMs.length
    const packedBy = now - cutOffMs[departure]
    let took = 0
    let late = 0
    this.behind.length = 0
    for (const p of this.candidates) {
      if (stateOf(world, p) === STATE.handedOver) took++
      else if (!hasFlag(world, p, FLAG.cancelled) && stateOf(world, p) === STATE.packed) {
        if (eventMs(world, p) > packedBy) late++
        else this.behind.push(p)
      }
    }
    tell.actor(ACT.truckLeft, { warehouse: w, service: s })
    tell.what(FACT.took, took)
    const turn = turnOf(now, departure, atMs.length, clock.weekStartMs)
    tell.what(FACT.truckRoom, roomOf(capacity[departure * network.W + w] * world.departCapacity[s], turn))
    tell.impact(FACT.leftFull, this.behind.length)
    tell.impact(FACT.leftLate, late)
    tell.impact(FACT.backlog, world.backlog[w])
    this.lookAtAll(sim)
    const trucks = tell.trucks[w * network.S + s]
    const cut = cutShort(trucks, took, this.behind.length, capacity[departure * network.W + w])
    noteDeparture(trucks, now, packedBy, this.cameUntil(sim, cut), CAUSE['carrier short'])
  }

  private wave(sim: Sim, actor: Parcel): void {
    const { tell } = this
    const { world, network } = sim
    const hub = actor - sim.hubActor
    this.behind.length = 0
    for (const p of this.candidates) if (stateOf(world, p) === STATE.atHub) this.behind.push(p)
    const left = this.behind.length
    const took = this.candidates.length - left
    tell.actor(ACT.waveSorted, { hub })
    tell.what(FACT.took, took)
    tell.impact(FACT.hubQueue, left)
    this.lookAtAll(sim)
    const cut = cutShort(tell.waves[hub], took, left, network.hubPerHour[hub])
    // Weather and a shortage may hold at once: the greater one is named.
    const isWeather = 1 / world.hubSlow[hub] < world.hubCapacity[hub] * world.hubSlow[hub]
    const why = isWeather ? CAUSE['weather at the hub'] : CAUSE['hub short']
    noteDeparture(tell.waves[hub], nowMs(world), nowMs(world), this.cameUntil(sim, cut), why)
  }

  /** When the last of so many of those left behind had come; they stand in the order they came in. */
  private cameUntil({ world }: Sim, count: number): number {
    return count > 0 ? eventMs(world, this.behind[count - 1]) : Number.NEGATIVE_INFINITY
  }

  private vans(sim: Sim): void {
    const { tell } = this
    const { known } = tell
    const { world, network, clock } = sim
    const now = nowMs(world)
    let took = 0
    let failed = 0
    for (const p of this.candidates) {
      if (stateOf(world, p) === STATE.outForDelivery) took++
      else if (attemptsOf(world, p) !== known.attempts[p]) failed++
    }
    tell.actor(ACT.vansLeft)
    tell.what(FACT.took, took)
    tell.what(FACT.failed, failed)
    tell.impact(FACT.left, this.candidates.length - took - failed)
    const round = roundOf(network, now, clock.weekStartMs)
    for (let z = 0; z < network.Z; z++) {
      const waiting = this.zoneFrom[z + 1] - this.zoneFrom[z]
      const perRound = network.deliveriesPerDay[z] / network.delivery.roundsMs.length
      const room = Math.min(waiting, roomOf(perRound * world.lastMile[z], round))
      const cut = cutShort(this.stations[z], room, waiting - room, perRound)
      for (let i = this.zoneFrom[z]; i < this.zoneFrom[z + 1]; i++) {
        const p = this.candidates[i]
        // Until now it waited for what it had been waiting for; the first vans show whether it should have caught earlier ones.
        const since = known.markMs[p]
        const at = p * SCRATCH
        if (known.why[p] === UNSEEN) {
          const off = timeOffMs(since, now, network.delivery.days, clock.weekStartMs)
          known.scratch[at + STATION.indexOf(CAUSE['no vans that day'])] += off
          known.scratch[at + STATION.indexOf(now > known.vansMs[p] ? CAUSE['vans missed'] : CAUSE['next vans'])] +=
            now - since - off
        } else known.scratch[at + known.why[p]] += now - since
        known.markMs[p] = now
        if (stateOf(world, p) === STATE.outForDelivery) {
          this.look(sim, p)
          continue
        }
        if (attemptsOf(world, p) !== known.attempts[p]) {
          known.attempts[p] = attemptsOf(world, p)
          known.why[p] = STATION.indexOf(CAUSE['nobody home'])
          tell.parcel(p, ACT.notAtHome, STATE.atStation)
          tell.what(FACT.attempt, attemptsOf(world, p))
          tell.impact(FACT.stationQueue, world.listLength[listOf.station(world.d, z)])
        } else {
          known.why[p] = STATION.indexOf(i - this.zoneFrom[z] < room + cut ? CAUSE['weather on the vans'] : CAUSE['vans full'])
        }
      }
    }
  }

  private shift(sim: Sim, actor: Parcel): void {
    const { tell } = this
    const { world } = sim
    const w = warehouseOf(world, actor)
    tell.actor(ACT.shiftChanged, { warehouse: w })
    tell.what(FACT.pickersBefore, this.pickers)
    tell.what(FACT.pickers, world.pickers[w])
    tell.what(FACT.packersBefore, this.packers)
    tell.what(FACT.packers, world.packers[w])
    tell.impact(FACT.backlog, world.backlog[w])
    tell.hands.look(sim, w)
  }

  private goods(sim: Sim, actor: Parcel): void {
    const { tell } = this
    const { world, network } = sim
    const w = warehouseOf(world, actor)
    const isReceipt = this.kind === KIND.receive
    const now = isReceipt ? world.unitsIn : world.onOrder
    for (let k = 0; k < network.K; k++) {
      const i = k * network.W + w
      const units = now[i] - this.column[i]
      if (units <= 0) continue
      tell.actor(isReceipt ? ACT.goodsReceived : ACT.goodsOrdered, { warehouse: w, supplier: network.skuSupplier[k] })
      tell.what(FACT.sku, k)
      tell.what(FACT.units, units)
      tell.impact(FACT.onHand, world.onHand[i])
      tell.impact(FACT.onOrder, world.onOrder[i])
      tell.impact(FACT.ordersWaiting, world.listLength[listOf.waiting(world.d, k)])
    }
  }

  private scene(sim: Sim): void {
    const { tell } = this
    const { world, network } = sim
    let worstRoad = 1
    for (let i = 0; i < world.laneSlow.length; i++) if (world.laneSlow[i] > worstRoad) worstRoad = world.laneSlow[i]
    tell.actor(ACT.sceneSet)
    tell.what(FACT.ratePerHour, world.regs[REG.ratePerMs] * HOUR_MS)
    tell.what(FACT.weatherOn, world.counts[COUNT.weatherOn])
    tell.what(FACT.worstRoad, worstRoad)
    tell.impact(FACT.backlog, world.counts[COUNT.backlog])
    const changed = (before: Float64Array, now: ArrayLike<number>, act: number, who: (i: number) => object, name: number) => {
      for (let i = 0; i < before.length; i++) {
        if (before[i] === now[i]) continue
        tell.actor(act, who(i))
        tell.what(FACT.capacityBefore, before[i])
        tell.what(name, now[i])
        before[i] = now[i]
      }
    }
    changed(this.siteCapacity, world.siteCapacity, ACT.siteChanged, (warehouse) => ({ warehouse }), FACT.capacity)
    changed(this.hubCapacity, world.hubCapacity, ACT.hubChanged, (hub) => ({ hub }), FACT.capacity)
    changed(this.departCapacity, world.departCapacity, ACT.carrierChanged, (service) => ({ service }), FACT.capacity)
    changed(this.transitFactor, world.transitFactor, ACT.carrierChanged, (service) => ({ service }), FACT.transit)
    changed(this.leadFactor, world.leadFactor, ACT.supplierChanged, (supplier) => ({ supplier }), FACT.leadTime)
    for (let w = 0; w < network.W; w++) tell.hands.look(sim, w)
  }
}

import { schedule } from '../apply/event-list.ts'
import { popOfMany, pushBack } from '../apply/lists.ts'
import { addAttempt, freeRecord, leaveHouse, setCame, setFlag, setKind, setState } from '../apply/records.ts'
import { addBacklog, addCommitted } from '../apply/site.ts'
import { instantOf, nextInWeek, weekdayOf, worksOn } from '../calendar.ts'
import { luckOf, paceOf } from '../haul.ts'
import { nextVans, roundOf, turnOf } from '../journey.ts'
import { KIND, PHASE_OF } from '../kinds.ts'
import { LANE } from '../network.ts'
import { draw, PURPOSE } from '../random.ts'
import { roomOf } from '../room.ts'
import { isClosed, type Sim } from '../sim.ts'
import { HOUR_MS } from '../units.ts'
import {
  attemptsOf,
  eventMs,
  FLAG,
  hasFlag,
  listOf,
  nowMs,
  orderNumber,
  type Parcel,
  partOf,
  STATE,
  serviceOf,
  warehouseOf,
  zoneOf,
} from '../world.ts'
import { endOfParcel } from './endings.ts'

/** Carriers take what is packed at scheduled times, haul it to a hub, sort it by the hour, and deliver it by daily vans. */

/** The trucks of this instant leave, mostly one; plans the next. */
export function depart(sim: Sim, actor: Parcel): void {
  const { world, pen, network, clock } = sim
  const now = nowMs(world)
  const { atMs } = network.timetables[serviceOf(world, actor)]
  const first = nextInWeek(atMs, now, clock.weekStartMs)
  let next = first
  do leave(sim, actor, next++)
  while (next < atMs.length && atMs[next] === atMs[first])
  if (isClosed(sim)) return
  schedule(pen, actor, instantOf(atMs, next, now, clock.weekStartMs), PHASE_OF[KIND.departure])
}

/** A truck leaves with what was packed by its cut-off, oldest first, as far as it has room. */
function leave(sim: Sim, actor: Parcel, departure: number): void {
  const { world, pen, network } = sim
  const w = warehouseOf(world, actor)
  const s = serviceOf(world, actor)
  const timetable = network.timetables[s]
  const packedBy = nowMs(world) - timetable.cutOffMs[departure]
  const rate = timetable.capacity[departure * network.W + w] * world.departCapacity[s]
  // Counted by week: the fifth truck of each week is one line of trucks, and all the trucks of a week another.
  let room = roomOf(rate, turnOf(nowMs(world), departure, timetable.atMs.length, sim.clock.weekStartMs))
  const list = listOf.staged(world.d, w, s)
  for (let taken = 0; room > 0 && world.listLength[list] > 0; taken++) {
    const p = world.listHead[list]
    if (!hasFlag(world, p, FLAG.cancelled)) {
      if (eventMs(world, p) > packedBy) break
      popOfMany(pen, list, taken, false)
      handOver(sim, p)
      room--
    } else freeRecord(pen, popOfMany(pen, list, taken, false))
  }
}

function handOver(sim: Sim, p: Parcel): void {
  const { world, pen, network, dice, outcome } = sim
  const w = warehouseOf(world, p)
  const s = serviceOf(world, p)
  const z = zoneOf(world, p)
  const number = orderNumber(world, p)
  const part = partOf(world, p)
  addBacklog(pen, w, -1, false)
  leaveHouse(pen)
  addCommitted(pen, w, s, -1)
  if (sim.ledger !== null) sim.ledger.leftMs[sim.ledger.shipmentOf(number, part)] = nowMs(world)
  if (outcome !== null && part === 0) outcome.handedOverMs[number] = nowMs(world) - sim.clock.dayZeroMs
  if (draw(dice, number, PURPOSE.lost, part) < network.lostShare[s]) setFlag(pen, p, FLAG.lost)
  const lane = ((z * network.W + w) * network.S + s) * LANE.fields
  const usual = network.lanes[lane + LANE.medianMs] * paceOf(sim.replay, number)
  const luck = luckOf(network, dice, lane, s, number, part)
  const haul = usual * luck * world.laneSlow[z * network.W + w] * world.transitFactor[s]
  setState(pen, p, STATE.handedOver)
  setKind(pen, p, KIND.atHub)
  schedule(pen, p, Math.ceil(nowMs(world) + haul), PHASE_OF[KIND.atHub])
}

/** A parcel reaches the hub of its zone; the first one in calls the next wave. */
export function reachHub(sim: Sim, p: Parcel): void {
  const { world, pen, network } = sim
  if (hasFlag(world, p, FLAG.lost)) {
    endOfParcel(sim, p, true)
    return
  }
  const hub = network.zoneHub[zoneOf(world, p)]
  const list = listOf.hub(world.d, hub)
  setState(pen, p, STATE.atHub)
  if (world.listLength[list] === 0) callWave(sim, hub)
  pushBack(pen, list, p)
}

/** Waves run on the hour, only while there is something to sort. */
export function callWave(sim: Sim, hub: number): void {
  const actor = sim.hubActor + hub
  const next = Math.floor(nowMs(sim.world) / HOUR_MS) * HOUR_MS + HOUR_MS
  schedule(sim.pen, actor, next, PHASE_OF[KIND.hubWave])
}

export function sortWave(sim: Sim, actor: Parcel): void {
  const { world, pen, network } = sim
  const hub = actor - sim.hubActor
  const list = listOf.hub(world.d, hub)
  let room = roomOf(network.hubPerHour[hub] * world.hubCapacity[hub], Math.floor(nowMs(world) / HOUR_MS))
  for (let taken = 0; room > 0 && world.listLength[list] > 0; taken++) {
    const p = popOfMany(pen, list, taken, false)
    setState(pen, p, STATE.atStation)
    setCame(pen, p)
    pushBack(pen, listOf.station(world.d, zoneOf(world, p)), p)
    room--
  }
  if (world.listLength[list] > 0) callWave(sim, hub)
}

/** The vans of all zones leave, once a day or more often; each takes its oldest parcels, and those who are not at home go back to the end of the line. */
export function sendVans(sim: Sim, actor: Parcel): void {
  const { world, pen, network, clock } = sim
  const now = nowMs(world)
  if (worksOn(network.delivery.days, weekdayOf(now, clock.weekStartMs))) for (let z = 0; z < network.Z; z++) deliverZone(sim, z)
  schedule(pen, actor, nextVans(network, now + 1, clock.weekStartMs), PHASE_OF[KIND.vans])
}

function deliverZone(sim: Sim, z: number): void {
  const { world, pen, network, dice } = sim
  const list = listOf.station(world.d, z)
  const rate = (network.deliveriesPerDay[z] * world.lastMile[z]) / network.delivery.roundsMs.length
  const room = Math.min(world.listLength[list], roomOf(rate, roundOf(network, nowMs(world), sim.clock.weekStartMs)))
  for (let taken = 0; taken < room; taken++) {
    const p = popOfMany(pen, list, taken, true)
    const number = orderNumber(world, p)
    const part = partOf(world, p)
    const luck = part * 64 + Math.min(63, attemptsOf(world, p))
    addAttempt(pen, p)
    if (attemptsOf(world, p) < 4 && draw(dice, number, PURPOSE.attempt, luck) < network.delivery.failedShare) {
      pushBack(pen, list, p)
      continue
    }
    const round = draw(dice, number, PURPOSE.round, part) * network.delivery.hoursMs
    setState(pen, p, STATE.outForDelivery)
    setKind(pen, p, KIND.delivered)
    schedule(pen, p, Math.ceil(nowMs(world) + round), PHASE_OF[KIND.delivered])
  }
}

export function deliver(sim: Sim, p: Parcel): void {
  endOfParcel(sim, p, false)
}

import { schedule } from '../apply/event-list.ts'
import { pushBack, takeAll } from '../apply/lists.ts'
import {
  countMove,
  createChild,
  freeRecord,
  setKind,
  setRefused,
  setRoute,
  setState,
  setWaitedLine,
  splitOrder,
} from '../apply/records.ts'
import { addSum, countFlow } from '../apply/score.ts'
import { addBacklog, addCommitted, addPackWork, addPickWork, countGiven, delayReady } from '../apply/site.ts'
import { addWaitingUnits, reserveParcel } from '../apply/stock.ts'
import { afterWorkingTime } from '../calendar.ts'
import { sample } from '../distribution.ts'
import { KIND, PHASE_OF } from '../kinds.ts'
import { UNDONE } from '../ledger.ts'
import { LANE, shipmentCents } from '../network.ts'
import { draw, PURPOSE } from '../random.ts'
import { barredFor, chooseFresh, chooseShipments, gramsOf } from '../router.ts'
import type { Sim } from '../sim.ts'
import {
  availableUnits,
  COUNT,
  FLAG,
  hasFlag,
  lineAt,
  lineCount,
  listOf,
  nextOf,
  nowMs,
  orderNumber,
  orderOf,
  type Parcel,
  partOf,
  STATE,
  SUM,
  serviceOf,
  skuOfLine,
  stateOf,
  unitsOfLine,
  waitedLine,
  warehouseOf,
  zoneOf,
} from '../world.ts'
import { expectOf } from './experience.ts'
import { packWorkMs, pickWorkMs } from './work.ts'

/** Routes paid orders: lists what is possible, asks the policy for prices, buys the cheapest set, sets the goods aside. */

export function pay(sim: Sim, order: Parcel): void {
  const { world, pen, outcome } = sim
  if (hasFlag(world, order, FLAG.cancelled)) {
    freeRecord(pen, order)
    return
  }
  if (outcome !== null) outcome.approvedMs[orderOf(world, order)] = nowMs(world) - sim.clock.dayZeroMs
  if (sim.ledger !== null) sim.ledger.paidMs[orderOf(world, order)] = nowMs(world)
  setState(pen, order, STATE.paid)
  // A witness may ask the search what it has read.
  if (!route(sim, order, sim.witness === null ? chooseFresh : chooseShipments)) wait(sim, order)
}

/** The one warehouse an order must ship from, or −1: a replayed order keeps its recorded origin where that is asked for. */
const originOf = (sim: Sim, number: number): number => (sim.keepsOrigins && sim.replay !== null ? sim.replay.origin[number] : -1)

/** Where an order's demand for a SKU is booked and forecast: its recorded origin where that is kept, else the nearest warehouse that may hold it. */
export function homeOf(sim: Sim, number: number, zone: number, sku: number): number {
  const only = originOf(sim, number)
  if (only >= 0) return only
  const { W, byDistance, held } = sim.network
  for (let i = 0; i < W; i++) {
    const w = byDistance[zone * W + i]
    if (held[sku * W + w] === 1) return w
  }
  return byDistance[zone * W]
}

function route(sim: Sim, order: Parcel, choose = chooseShipments): boolean {
  const { world, pen, router } = sim
  const only = originOf(sim, orderNumber(world, order))
  const by = decider(sim, order)
  const parts = sim.chooser === null ? choose(by, order, only) : sim.chooser(sim, order, only)
  if (sim.witness !== null) sim.witness(sim, order, only, parts)
  if (parts === 0) return false
  if (parts === 1) {
    // Whoever chooses in the router's place has thought of waiting too.
    if (by.policies.routing.release !== undefined && sim.chooser === null && !isReleased(by, order)) return false
    if (sim.ledger !== null) note(sim, order, 0, maskOf(sim, order))
    ship(sim, order, router.partWarehouse[0], router.partService[0])
    return true
  }
  const lines = LINES
  const count = lineCount(world, order)
  for (let i = 0; i < count; i++) lines[i] = lineAt(world, order, i)
  if (hasFlag(world, order, FLAG.counted)) addSum(pen, SUM.split, 1)
  splitOrder(pen, order, PART, gather(lines, count, router.partMask[0]))
  for (let part = parts - 1; part >= 1; part--) {
    const child = createChild(pen, order, part, PART, gather(lines, count, router.partMask[part]))
    setState(pen, child, STATE.paid)
    if (sim.ledger !== null) note(sim, child, part, router.partMask[part])
    ship(sim, child, router.partWarehouse[part], router.partService[part])
  }
  if (sim.ledger !== null) note(sim, order, 0, router.partMask[0])
  ship(sim, order, router.partWarehouse[0], router.partService[0])
  return true
}

/** The run as whoever decides for an order has it. */
const decider = (sim: Sim, order: Parcel): Sim => (sim.sides === null ? sim : sim.sides.enter(sim.sides.of(order)))

/** What the policy says of the order's cheapest option: whether it is to be shipped by it now, or to wait in the pool. */
function isReleased(sim: Sim, order: Parcel): boolean {
  const { release, params } = sim.policies.routing
  if (release === undefined) return true
  standForChosen(sim, order)
  return release(sim.option, params)
}

/** Lets the option be the shipment, the order's only one, that a search has found just now. */
function standForChosen(sim: Sim, order: Parcel): void {
  const { world, network, router, option } = sim
  const place = router.partWarehouse[0] * network.S + router.partService[0]
  const count = lineCount(world, order)
  const kg = gramsOf(sim, (1 << count) - 1, count) / 1000
  const { lanes, handlingLineCents } = network
  const lane = (zoneOf(world, order) * network.W * network.S + place) * LANE.fields
  const { parcelCents, kgCents } = LANE
  option.load(kg, count)
  const handling = handlingLineCents[router.partWarehouse[0]]
  const cents = shipmentCents(count, handling, lanes[lane + parcelCents], kg, lanes[lane + kgCents])
  option.standAt(place, router.partWarehouse[0], cents)
  option.lookAhead()
}

/** Which of its order's lines a parcel carries that goes in one shipment: of an order that was split before, those it was given then. */
function maskOf({ world, router, ledger }: Sim, p: Parcel): number {
  if (ledger === null || !hasFlag(world, p, FLAG.split)) return router.partMask[0]
  return ledger.mask[ledger.shipmentOf(orderNumber(world, p), partOf(world, p))]
}

const LINES = new Int32Array(8)
const PART = new Int32Array(8)
function gather(lines: Int32Array, count: number, mask: number): number {
  let taken = 0
  for (let i = 0; i < count; i++) if ((mask >> i) & 1) PART[taken++] = lines[i]
  return taken
}

/** Writes a parcel into the ledger, which is shipment `at` of the decision, with what its option promised at that moment. */
function note({ world, network, router, option, ledger }: Sim, p: Parcel, at: number, mask: number): void {
  if (ledger === null) return
  const w = router.partWarehouse[at]
  const s = router.partService[at]
  const i = ledger.ship(orderNumber(world, p), partOf(world, p), mask, w, s, nowMs(world))
  let grams = 0
  for (let line = 0; line < lineCount(world, p); line++) {
    grams += network.skuGrams[skuOfLine(lineAt(world, p, line))] * unitsOfLine(lineAt(world, p, line))
  }
  option.load(grams / 1000, lineCount(world, p))
  for (let one = 0; one < option.options; one++) {
    if (!option.standFor(one) || option.warehouse !== w || option.service !== s) continue
    ledger.cents[i] = option.costCents
    ledger.co2Grams[i] = option.co2Grams
    ledger.expectedDepartMs[i] = option.departMs
    ledger.expectedEtaMs[i] = option.etaMsP50
    ledger.expectedLateShare[i] = option.lateShare
    return
  }
}

/** One shipment is decided: goods reserved, costs counted, preparation begun. */
function ship(sim: Sim, p: Parcel, warehouse: number, service: number): void {
  const { world, pen, network, clock } = sim
  if (world.size.learning === 1 || sim.policies.routing.learns === true) expectOf(sim, p, warehouse, service)
  setRoute(pen, p, warehouse, service)
  reserveParcel(pen, p, warehouse)
  addCommitted(pen, warehouse, service, 1)
  countGiven(pen, warehouse)
  addPickWork(pen, warehouse, pickWorkMs(sim, p))
  addPackWork(pen, warehouse, packWorkMs(sim, p))
  delayReady(pen, warehouse)
  if (hasFlag(world, p, FLAG.counted)) {
    bookCost(sim, p, 1)
    if (world.size.erring === 1) addSum(pen, SUM.decided, 1)
  }
  setState(pen, p, STATE.routed)
  setKind(pen, p, KIND.released)
  const work = sample(network.prepare[warehouse], draw(sim.dice, orderNumber(world, p), PURPOSE.prepare, partOf(world, p)))
  const { replay } = sim
  const pace = replay === null || replay.prepareFactor.length === 0 ? 1 : replay.prepareFactor[orderNumber(world, p)]
  const ready = afterWorkingTime(nowMs(world), work * pace, network.prepareDays[warehouse], clock.weekStartMs)
  schedule(pen, p, Math.ceil(ready), PHASE_OF[KIND.released])
}

/** What a routed parcel of the measured days costs and emits, and where it goes, into the books or (−1) out of them. */
function bookCost({ world, pen, network }: Sim, p: Parcel, sign: 1 | -1): void {
  const warehouse = warehouseOf(world, p)
  const count = lineCount(world, p)
  let grams = 0
  for (let i = 0; i < count; i++) {
    const line = lineAt(world, p, i)
    grams += network.skuGrams[skuOfLine(line)] * unitsOfLine(line)
  }
  const kg = grams / 1000
  const { lanes, handlingLineCents } = network
  const lane = ((zoneOf(world, p) * network.W + warehouse) * network.S + serviceOf(world, p)) * LANE.fields
  const { parcelCents, kgCents } = LANE
  const cents = shipmentCents(count, handlingLineCents[warehouse], lanes[lane + parcelCents], kg, lanes[lane + kgCents])
  addSum(pen, SUM.costCents, sign * Math.round(cents))
  addSum(pen, SUM.co2Grams, sign * (lanes[lane + LANE.parcelCo2Grams] + lanes[lane + LANE.kgCo2Grams] * kg))
  countFlow(pen, warehouse, zoneOf(world, p), sign)
}

/**
 * An order of one shipment that nobody has begun to pick, and whose goods are set free already, goes the way the router has found instead: all
 * that `ship` did is undone and done anew there. Its record must have no event and be in no list; it has an event afterwards.
 */
export function moveShipment(sim: Sim, p: Parcel): void {
  const { world, pen, router } = sim
  const w = warehouseOf(world, p)
  addCommitted(pen, w, serviceOf(world, p), -1)
  if (stateOf(world, p) >= STATE.released) addBacklog(pen, w, -1, false)
  addPickWork(pen, w, -pickWorkMs(sim, p))
  addPackWork(pen, w, -packWorkMs(sim, p))
  noteMove(sim, p)
  // What nobody will look for was no decision that could come to nothing.
  if (world.size.erring === 1 && hasFlag(world, p, FLAG.counted)) addSum(pen, SUM.decided, -1)
  ship(sim, p, router.partWarehouse[0], router.partService[0])
}

/** The same where only the service is another: the warehouse goes on with it where it was. */
export function moveService(sim: Sim, p: Parcel): void {
  const { world, pen, router } = sim
  const w = warehouseOf(world, p)
  addCommitted(pen, w, serviceOf(world, p), -1)
  noteMove(sim, p)
  setRoute(pen, p, w, router.partService[0])
  reserveParcel(pen, p, w)
  addCommitted(pen, w, router.partService[0], 1)
  if (hasFlag(world, p, FLAG.counted)) bookCost(sim, p, 1)
}

function noteMove(sim: Sim, p: Parcel): void {
  const { world, pen, ledger, router } = sim
  if (ledger !== null) {
    ledger.undo(orderNumber(world, p), partOf(world, p), UNDONE.moved, 0)
    note(sim, p, 0, router.partMask[0])
  }
  countMove(pen, p)
  if (!hasFlag(world, p, FLAG.counted)) return
  bookCost(sim, p, -1)
  addSum(pen, SUM.moved, 1)
}

/** A shipment that was decided comes to nothing: all of it but the search for its lines is given back. */
export function unbookShipment(sim: Sim, p: Parcel): void {
  const { world, pen, network, ledger } = sim
  const searchCents = network.handlingLineCents[warehouseOf(world, p)] * lineCount(world, p)
  if (ledger !== null) ledger.undo(orderNumber(world, p), partOf(world, p), UNDONE.missed, searchCents)
  if (!hasFlag(world, p, FLAG.counted)) return
  bookCost(sim, p, -1)
  addSum(pen, SUM.costCents, Math.round(searchCents))
}

/** A parcel that was routed in vain is routed anew, or waits. */
export function routeAgain(sim: Sim, p: Parcel): void {
  if (!route(sim, p)) wait(sim, p)
}

/**
 * No set of shipments covers the order: it waits for the scarcest of its goods, by what there is in warehouses that could ship to it now.
 * Goods elsewhere would hide that it is these it lacks, and those that come to an open warehouse would not wake it.
 */
export function wait(sim: Sim, order: Parcel): void {
  const { world, pen, network } = sim
  const only = originOf(sim, orderNumber(world, order))
  const barred = barredFor(world, order)
  let scarcest = 0
  let most = Number.POSITIVE_INFINITY
  // A part of an order goes from one warehouse: goods that lie at several are of no use to it.
  const one = hasFlag(world, order, FLAG.split) && !isTogether(sim, order, only, barred) ? homeOfPart(sim, order) : -1
  for (let i = 0; i < lineCount(world, order); i++) {
    const line = lineAt(world, order, i)
    let best = Number.NEGATIVE_INFINITY
    for (let w = 0; w < network.W; w++) {
      // Closed or barred it may be again what it is not now: then it is tried every ten minutes.
      if (one >= 0 ? w !== one : (only >= 0 && only !== w) || w === barred || !reaches(sim, w, zoneOf(world, order))) continue
      best = Math.max(best, availableUnits(world, skuOfLine(line), w) - unitsOfLine(line))
    }
    if (best < most) {
      most = best
      scarcest = i
    }
  }
  // Each of its goods could be shipped from somewhere: it is no delivery that it lacks, but leave.
  setRefused(pen, order, most >= 0)
  setWaitedLine(pen, order, scarcest)
  bookWaiting(sim, order, 1)
  pushBack(pen, listOf.waiting(world.d, skuOfLine(lineAt(world, order, scarcest))), order)
}

/** Whether all of a part's goods could be shipped from one warehouse. */
function isTogether(sim: Sim, part: Parcel, only: number, barred: number): boolean {
  const { world, network } = sim
  for (let w = 0; w < network.W; w++) {
    if ((only >= 0 && only !== w) || w === barred || !reaches(sim, w, zoneOf(world, part))) continue
    let has = true
    for (let i = 0; has && i < lineCount(world, part); i++)
      has = availableUnits(world, skuOfLine(lineAt(world, part, i)), w) >= unitsOfLine(lineAt(world, part, i))
    if (has) return true
  }
  return false
}

/** Where what a part of an order waits for is sent to: the nearest warehouse that may hold all its goods and ships to it; −1 where there is none. */
function homeOfPart(sim: Sim, part: Parcel): number {
  const { world, network } = sim
  const { W, byDistance, held, serviceBySpeed } = network
  const zone = zoneOf(world, part)
  const only = originOf(sim, orderNumber(world, part))
  for (let at = zone * W; at < (zone + 1) * W; at++) {
    const w = byDistance[at]
    let holds = serviceBySpeed[(zone * W + w) * 3] >= 0 && (only < 0 || only === w)
    for (let i = 0; holds && i < lineCount(world, part); i++) holds = held[skuOfLine(lineAt(world, part, i)) * W + w] === 1
    if (holds) return w
  }
  return -1
}

/** The warehouse works, and some service goes from it to the zone. */
const reaches = ({ world, network }: Sim, w: number, zone: number): boolean =>
  world.siteCapacity[w] > 0 && network.serviceBySpeed[(zone * network.W + w) * 3] >= 0

/** So that a review sends for what is waited for, and not only for what is forecast. */
function bookWaiting(sim: Sim, order: Parcel, sign: 1 | -1): void {
  const { world, pen } = sim
  const line = lineAt(world, order, waitedLine(world, order))
  const sku = skuOfLine(line)
  const ofPart = hasFlag(world, order, FLAG.split) ? homeOfPart(sim, order) : -1
  const home = ofPart >= 0 ? ofPart : homeOf(sim, orderNumber(world, order), zoneOf(world, order), sku)
  addWaitingUnits(pen, sku, home, sign * unitsOfLine(line))
}

/** An order that waits is cancelled: nothing is sent for on its behalf any more. Its record lies in the list until that is gone through. */
export function stopWaiting(sim: Sim, order: Parcel): void {
  bookWaiting(sim, order, -1)
  setRefused(sim.pen, order, false)
}

/** A closed site works again: everybody who waits is tried. */
export function wakeAll(sim: Sim): void {
  for (let sku = 0; sku < sim.network.K; sku++) wakeWaiting(sim, sku)
}

/**
 * Orders that prices or limits refused are tried again: queues have moved since, and with them what is in time and what it costs. The
 * others keep their places in the lists; only a delivery helps them.
 */
export function retryRefused(sim: Sim): void {
  const { world, pen } = sim
  if (world.counts[COUNT.refused] === 0) return
  if (sim.policies.routing.hurry !== undefined) {
    retryInOrder(sim)
    return
  }
  for (let sku = 0; sku < sim.network.K; sku++) {
    const list = listOf.waiting(world.d, sku)
    if (world.listLength[list] === 0) continue
    let order = takeAll(pen, list)
    while (order >= 0) {
      const next = nextOf(world, order)
      if (hasFlag(world, order, FLAG.refused)) tryAgain(sim, order)
      else pushBack(pen, list, order)
      order = next
    }
  }
}

/** The same where a policy says who is in more of a hurry: all are asked before the first is routed. */
function retryInOrder(sim: Sim): void {
  const { world, pen, network } = sim
  const pooled: { order: Parcel; hurry: number; number: number }[] = []
  for (let sku = 0; sku < network.K; sku++) {
    const list = listOf.waiting(world.d, sku)
    if (world.listLength[list] === 0) continue
    let order = takeAll(pen, list)
    while (order >= 0) {
      const next = nextOf(world, order)
      if (hasFlag(world, order, FLAG.refused)) {
        const by = decider(sim, order)
        const { hurry, params } = by.policies.routing
        const parts = chooseShipments(by, order, originOf(sim, orderNumber(world, order)))
        if (parts === 1) standForChosen(sim, order)
        // Whoever goes in several shipments is never kept, and whoever can be shipped by nothing holds nobody up.
        const when = parts === 1 && hurry !== undefined ? hurry(sim.option, params) : Number.NEGATIVE_INFINITY
        pooled.push({ order, hurry: when, number: orderNumber(world, order) })
      } else pushBack(pen, list, order)
      order = next
    }
  }
  pooled.sort((a, b) => a.hurry - b.hurry || a.number - b.number)
  for (const { order } of pooled) tryAgain(sim, order)
}

/** An order taken off its list is shipped, or waits again. */
function tryAgain(sim: Sim, order: Parcel): void {
  stopWaiting(sim, order)
  if (!route(sim, order)) wait(sim, order)
}

/** Goods have come: those who waited for this SKU are tried again, first come first served. */
export function wakeWaiting(sim: Sim, sku: number): void {
  const { world, pen } = sim
  const list = listOf.waiting(world.d, sku)
  if (world.listLength[list] === 0) return
  let order = takeAll(pen, list)
  while (order >= 0) {
    const next = nextOf(world, order)
    if (hasFlag(world, order, FLAG.cancelled)) freeRecord(pen, order)
    else tryAgain(sim, order)
    order = next
  }
}

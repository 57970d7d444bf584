import { instantOf, nextInWeek, weekdayOf } from './calendar.ts'
import { CHEAP } from './cheap-lanes.ts'
import { misbehaved } from './check.ts'
import { parcelsPerDay } from './day-hands.ts'
import { slowAhead } from './foreseen.ts'
import { cutOffOf, departureFor, lastVansBefore, nextVans, roomNow } from './journey.ts'
import { excessAt, type LatenessTable, lateShareAt } from './lateness.ts'
import { LANE, type Network, shipmentCents } from './network.ts'
import { PRICED } from './plan.ts'
import { costFloor, type Later, type Notes, type RoutingOption, type Seams } from './policy.ts'
import { DAY_MS, HOUR_MS, WEEK_MS } from './units.ts'
import {
  availableUnits,
  bookedUnits,
  headOf,
  isProven,
  lineAt,
  lineCount,
  listOf,
  nowMs,
  orderOf,
  type Parcel,
  placedMs,
  promisedMs,
  REG,
  skuOfLine,
  unitsOfLine,
  type WorldView,
  zoneOf,
} from './world.ts'

/** Half the time between two hub waves: what a parcel waits for the next on average. */
const HALF_WAVE_MS = 30 * 60_000

const TABLE_DAYS = 400
/** Departures after its own that an order could wait for, and cents by which one of them may cost more and still cost the same. */
const LATER_DEPARTURES = 4
const NO_DEARER = 1
/** Numbers for each lane in `nearLanes` and `nearCents`. */
const PAIR = 2
/** A bound is a sum in another order than the cost it bounds, so that its last digits may lie above: it is taken a little lower. */
const SURE = 1 - 1e-12

/**
 * The options of a decision, and the one object through which a policy reads them. It is aimed at an order and loaded, and
 * then stands for one option after the other: the open lanes to the order's zone, cheap or near ones first, since the
 * sooner a cheap one is known the fewer are priced. Only what an option costs is worked out for all of them; the rest for those that could
 * still be the cheapest, or when it is asked for.
 */
export class Option implements RoutingOption {
  /** Which option it stands for: its warehouse, and warehouse · S + service. */
  warehouse = 0
  private place = 0
  /** Where its lane's row lies: among `lanes`, or a copy of it among the cheap ones. */
  private rows: Float64Array
  private row = 0
  // Started with halves so that the engine keeps them as doubles from the first order on.
  nowMs = 0.5
  placedMs = 0.5
  promisedMs = 0.5
  order = 0
  readonly warehouses: number
  zone = 0
  weightKg = 0.5
  lines = 1
  latePerOrderCents = 0.5
  latePerHourCents = 0.5
  costCents = 0.5
  departMs = 0.5
  /** Units of the shipment's scarcest line that each warehouse would have left; set by the router. */
  left: Int32Array
  /** What the shipment takes from each warehouse is worth, in cents; null where nobody prices stock. Set by the router. */
  charges: Float64Array | null = null
  private readonly laterOne: Later = { lateCents: 0.5, workCents: 0.5, roomCents: 0.5, waitedWorkCents: 0.5, slackMs: 0.5 }
  /** The price of what `cheapest` found. */
  least = 0.5
  /** Of `cheapestTwo`, the cheapest option of any other warehouse: its rank from near to far, −1 where there is none, and its price. */
  nextRank = -1
  nextLeast = 0.5
  private afterHaulMs = 0.5
  private readonly world: WorldView
  private readonly network: Network
  private readonly lateness: LatenessTable
  /** When vans next leave, at or after the hour of their only round on day 0, 1, …: asked for many times an order. Empty where rounds are many. */
  private readonly vans: Float64Array
  private readonly vansAtMs: number
  private readonly halfRoundMs: number
  /** Of each warehouse · S + service, a departure that was looked for: those packed from … to go along with it. NaN: none yet. */
  private readonly laterFromMs: Float64Array
  private readonly laterCutMs: Float64Array
  private readonly laterMs: Float64Array
  /** Parcels that the hands of a weekday can do: [weekday · W + warehouse]. */
  private readonly perDay: Float64Array
  private readonly weekStartMs: number
  /** Median line haul, and the time there is for it if the promise is to be kept, in medians. */
  private haulMs = 0.5
  private slack = 0.5
  private missedHaulMs = 0.5
  private arriveByMs = 0.5
  /** The one warehouse that may ship, or −1. */
  private only = -1
  /** The zone's first lane in `nearLanes`, and how many there are. */
  private first = 0
  private count = 0
  /** Where the order lies already, −1 for nowhere, and how long from now it would take to be packed there. */
  private heldAt = -1
  private heldMs = 0.5
  /** Lines whose goods are looked up as warehouses are come to, and how many of them; 0 where `left` says what there is. */
  private unreadLines: Int32Array
  private unread = 0
  /** The order it is aimed at. */
  private parcel: Parcel = 0

  constructor(world: WorldView, network: Network, weekStartMs: number) {
    this.world = world
    this.network = network
    this.rows = network.lanes
    this.weekStartMs = weekStartMs
    this.warehouses = network.W
    this.latePerOrderCents = network.latePerOrderCents
    this.latePerHourCents = network.latePerHourCents
    this.left = new Int32Array(network.W)
    this.unreadLines = this.left
    this.lateness = network.lateness
    this.perDay = parcelsPerDay(network)
    const places = network.W * network.S
    this.laterFromMs = new Float64Array(places).fill(Number.NaN)
    this.laterCutMs = new Float64Array(places)
    this.laterMs = new Float64Array(places)
    const { roundsMs } = network.delivery
    this.vansAtMs = roundsMs[0]
    this.halfRoundMs = network.delivery.hoursMs / 2
    this.vans = Float64Array.from({ length: roundsMs.length === 1 ? TABLE_DAYS : 0 }, (_, day) =>
      nextVans(network, day * DAY_MS + this.vansAtMs, weekStartMs),
    )
  }

  /** `only` ≥ 0 allows one warehouse. */
  aim(order: Parcel, only: number): void {
    const { world, network } = this
    this.nowMs = nowMs(world)
    this.placedMs = placedMs(world, order)
    // A parcel of a split order has its order's promise.
    const head = headOf(world, order)
    this.promisedMs = promisedMs(world, head)
    this.order = orderOf(world, head)
    this.parcel = order
    this.zone = zoneOf(world, order)
    this.afterHaulMs = HALF_WAVE_MS + world.hubWaitMs[network.zoneHub[this.zone]] + world.stationWaitDays[this.zone] * DAY_MS
    this.arriveByMs = lastVansBefore(network, this.promisedMs, this.weekStartMs) - this.afterHaulMs
    this.only = only
    this.heldAt = -1
    this.first = this.zone * network.W * network.S
    this.count = network.nearCount[this.zone]
  }

  /** The order lies in this warehouse already and has its place in the queue there. */
  hold(warehouse: number, packedInMs: number): void {
    this.heldAt = warehouse
    this.heldMs = packedInMs
  }

  /** What is to be shipped: from now on all options carry that. */
  load(weightKg: number, lines: number): void {
    this.weightKg = weightKg
    this.lines = lines
  }

  /** From now on the object is option `i`, one of `options`; false where its warehouse does not work or may not ship. */
  standFor(i: number): boolean {
    const { handlingLineCents, nearCents, nearLanes } = this.network
    const at = (this.first + i) * PAIR
    const w = nearLanes[at + 1]
    if (this.world.siteCapacity[w] === 0 || (this.only >= 0 && this.only !== w)) return false
    this.standOn(nearLanes[at], w)
    this.costCents = shipmentCents(this.lines, handlingLineCents[w], nearCents[at], this.weightKg, nearCents[at + 1])
    this.lookAhead()
    return true
  }
  get options(): number {
    return this.count
  }

  /** From now on the object is the option of this lane, which can carry what is loaded; `lookAhead` is to follow before it is priced. */
  standAt(place: number, warehouse: number, costCents: number): void {
    this.standOn(place, warehouse)
    this.costCents = costCents
  }

  private standOn(place: number, warehouse: number): void {
    this.place = place
    this.warehouse = warehouse
    this.rows = this.network.lanes
    this.row = (this.first + place) * LANE.fields
  }

  /** When it would leave, and what that leaves for the road. */
  lookAhead(): void {
    const { world, network } = this
    const at = this.place
    const w = this.warehouse
    const s = at - w * network.S
    const packed = this.nowMs + this.queueMs
    this.departMs = packed <= world.departCutMs[at] ? world.departMs[at] : this.laterDeparture(at, s, packed)
    if (w === this.heldAt) this.departMs = this.heldDeparture(s, packed)
    this.haulMs = this.lane(LANE.medianMs) * slowAhead(world, this.zone * network.W + w, this.departMs) * world.transitFactor[s]
    this.slack = (this.arriveByMs - this.departMs) / this.haulMs
  }

  /** The departure after the one everybody heads for, or any later one: found once for all that are packed in time for it. */
  private laterDeparture(at: number, service: number, packedMs: number): number {
    const { network, weekStartMs, laterFromMs, laterCutMs, laterMs } = this
    if (packedMs >= laterFromMs[at] && packedMs <= laterCutMs[at]) return laterMs[at]
    const departMs = departureFor(network, service, packedMs, 0, weekStartMs)
    if (departMs === Number.POSITIVE_INFINITY) return departMs
    laterFromMs[at] = packedMs
    laterCutMs[at] = cutOffOf(network, service, departMs, weekStartMs)
    laterMs[at] = departMs
    return departMs
  }

  /** Who is further ahead in the queue than those who come now may catch an earlier truck; of the parcels that wait for one so many are before him. */
  private heldDeparture(s: number, packedMs: number): number {
    const { world, network, nowMs: now, heldAt: w, weekStartMs } = this
    const waitMs = Math.max(1, world.readyMs[w] - now)
    const ahead = world.committed[w * network.S + s] * Math.min(1, this.heldMs / waitMs)
    const skip = Math.min(60, Math.floor(ahead / roomNow(world, network, w, s)))
    const first = departureFor(network, s, packedMs, 0, weekStartMs)
    return skip > 0 ? Math.max(first, departureFor(network, s, now, skip, weekStartMs)) : first
  }

  /**
   * The cheapest option by a policy's price, of those whose warehouse has what it takes, by `left`; false where there is none. What it asks
   * is left in `least`, and the object stands for it. Of equals the nearest is taken. An option whose floor is no less than what another
   * one asks is not looked at any further.
   */
  cheapest(routing: Seams['routing'], left: Int32Array): boolean {
    this.left = left
    const found = routing.floor === costFloor ? this.cheapestByCost(routing) : this.cheapestByFloor(routing)
    if (found < 0) return false
    this.standForRank(found)
    return true
  }

  /**
   * The same for a price with its cost as floor, where nothing has been read of `left`: of the order's `lines` a warehouse's shelves are looked at when it
   * is come to, which is at few; what it has left of the scarcest is noted in `left`.
   */
  cheapestInStock(routing: Seams['routing'], lines: Int32Array, count: number, left: Int32Array): boolean {
    this.unread = count
    this.unreadLines = lines
    const found = this.cheapest(routing, left)
    this.unread = 0
    return found
  }

  private readLeft(w: number): number {
    const { onHand, reserved } = this.world
    const { unread, unreadLines, left, warehouses: W } = this
    let least = Number.MAX_SAFE_INTEGER
    for (let i = 0; i < unread; i++) {
      const line = unreadLines[i]
      const shelf = skuOfLine(line) * W + w
      const here = onHand[shelf] - reserved[shelf] - unitsOfLine(line)
      if (here < least) least = here
    }
    left[w] = least
    return least
  }

  /** The same, and beside it the cheapest that does without the warehouse found: in one pass, since both look at much the same options. */
  cheapestTwo(routing: Seams['routing'], left: Int32Array): boolean {
    this.left = left
    const found = routing.floor === costFloor ? this.twoByCost(routing) : this.twoByFloor(routing)
    if (found < 0) return false
    this.standForRank(found)
    return true
  }

  /** From now on the object is the option of this rank; it is to be given its cost and looked ahead for before it is priced. */
  standForRank(rank: number): void {
    const at = (this.first + rank) * PAIR
    this.standOn(this.network.nearLanes[at], this.network.nearLanes[at + 1])
  }

  private cheapestByFloor({ price, floor, params }: Seams['routing']): number {
    const { first, count, only, lines, weightKg, left } = this
    const { nearLanes, nearCents, handlingLineCents } = this.network
    const { siteCapacity } = this.world
    let least = Number.POSITIVE_INFINITY
    let found = -1
    for (let i = 0; i < count; i++) {
      const at = (first + i) * PAIR
      const w = nearLanes[at + 1]
      if (left[w] < 0 || siteCapacity[w] === 0 || (only >= 0 && only !== w)) continue
      this.standOn(nearLanes[at], w)
      this.costCents = shipmentCents(lines, handlingLineCents[w], nearCents[at], weightKg, nearCents[at + 1])
      if (floor !== undefined && floor(this, params) >= least) continue
      this.lookAhead()
      const asked = price(this, params)
      if (!(asked >= 0)) misbehaved('routing', asked, 'a price is a number from 0 to Infinity')
      if (asked < least) {
        least = asked
        found = i
      }
    }
    this.least = least
    return found
  }

  /** The same from cheap to dear, for a price never below the cost: it ends where whatever follows costs more than the best found. */
  private cheapestByCost({ price, params }: Seams['routing']): number {
    const { first, count, only, lines, weightKg, left, unread } = this
    const { handlingLineCents, cheap } = this.network
    const { restCents, cheapLanes, rows } = cheap
    const { siteCapacity } = this.world
    const moreLines = (lines - 1) * cheap.leastLineCents
    let least = Number.POSITIVE_INFINITY
    let found = -1
    for (let i = first; i < first + count; i++) {
      if ((moreLines + restCents[i * PAIR] + weightKg * restCents[i * PAIR + 1]) * SURE > least) break
      const w = cheapLanes[i * CHEAP.fields + CHEAP.warehouse]
      if ((unread === 0 ? left[w] : this.readLeft(w)) < 0 || siteCapacity[w] === 0 || (only >= 0 && only !== w)) continue
      const rank = cheapLanes[i * CHEAP.fields + CHEAP.rank]
      const row = i * LANE.fields
      const cost = shipmentCents(lines, handlingLineCents[w], rows[row + LANE.parcelCents], weightKg, rows[row + LANE.kgCents])
      if (cost > least || (cost === least && rank > found)) continue
      this.costCents = cost
      this.place = cheapLanes[i * CHEAP.fields + CHEAP.place]
      this.warehouse = w
      this.rows = rows
      this.row = row
      this.lookAhead()
      const asked = price(this, params)
      if (!(asked >= 0)) misbehaved('routing', asked, 'a price is a number from 0 to Infinity')
      if (asked < least || (asked === least && rank < found)) {
        least = asked
        found = rank
      }
    }
    this.least = least
    return found
  }

  private twoByFloor({ price, floor, params }: Seams['routing']): number {
    const { first, count, only, lines, weightKg, left } = this
    const { nearLanes, nearCents, handlingLineCents } = this.network
    const { siteCapacity } = this.world
    let least = Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    let found = -1
    let beside = -1
    let foundAt = -1
    for (let i = 0; i < count; i++) {
      const at = (first + i) * PAIR
      const w = nearLanes[at + 1]
      if (left[w] < 0 || siteCapacity[w] === 0 || (only >= 0 && only !== w)) continue
      this.standOn(nearLanes[at], w)
      this.costCents = shipmentCents(lines, handlingLineCents[w], nearCents[at], weightKg, nearCents[at + 1])
      if (floor !== undefined && floor(this, params) >= (w === foundAt ? least : next)) continue
      this.lookAhead()
      const asked = price(this, params)
      if (!(asked >= 0)) misbehaved('routing', asked, 'a price is a number from 0 to Infinity')
      if (asked < least) {
        if (w !== foundAt) {
          next = least
          beside = found
          foundAt = w
        }
        least = asked
        found = i
      } else if (w !== foundAt && asked < next) {
        next = asked
        beside = i
      }
    }
    this.least = least
    this.nextLeast = next
    this.nextRank = beside
    return found
  }

  private twoByCost({ price, params }: Seams['routing']): number {
    const { first, count, only, lines, weightKg, left } = this
    const { handlingLineCents, cheap } = this.network
    const { restCents, cheapLanes, rows } = cheap
    const { siteCapacity } = this.world
    const moreLines = (lines - 1) * cheap.leastLineCents
    let least = Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    let found = -1
    let beside = -1
    let foundAt = -1
    for (let i = first; i < first + count; i++) {
      if ((moreLines + restCents[i * PAIR] + weightKg * restCents[i * PAIR + 1]) * SURE > next) break
      const w = cheapLanes[i * CHEAP.fields + CHEAP.warehouse]
      if (left[w] < 0 || siteCapacity[w] === 0 || (only >= 0 && only !== w)) continue
      const rank = cheapLanes[i * CHEAP.fields + CHEAP.rank]
      const row = i * LANE.fields
      const cost = shipmentCents(lines, handlingLineCents[w], rows[row + LANE.parcelCents], weightKg, rows[row + LANE.kgCents])
      const isFound = w === foundAt
      const bar = isFound ? least : next
      if (cost > bar || (cost === bar && rank > (isFound ? found : beside))) continue
      this.costCents = cost
      this.place = cheapLanes[i * CHEAP.fields + CHEAP.place]
      this.warehouse = w
      this.rows = rows
      this.row = row
      this.lookAhead()
      const asked = price(this, params)
      if (!(asked >= 0)) misbehaved('routing', asked, 'a price is a number from 0 to Infinity')
      if (asked < least || (asked === least && rank < found)) {
        if (!isFound) {
          next = least
          beside = found
          foundAt = w
        }
        least = asked
        found = rank
      } else if (!isFound && (asked < next || (asked === next && rank < beside))) {
        next = asked
        beside = rank
      }
    }
    this.least = least
    this.nextLeast = next
    this.nextRank = beside
    return found
  }

  /** Cents that a shipment from anywhere costs at least, in stock or not: the least of each part of a cost, so it may be less than any. */
  leastCost(kg: number, lines: number): number {
    if (this.count === 0) return Number.POSITIVE_INFINITY
    const { restCents, leastLineCents } = this.network.cheap
    return ((lines - 1) * leastLineCents + restCents[this.first * PAIR] + kg * restCents[this.first * PAIR + 1]) * SURE
  }

  get service(): number {
    return this.place % this.network.S
  }
  get express(): boolean {
    return this.network.serviceExpress[this.service] === 1
  }
  get km(): number {
    return this.network.km[this.zone * this.network.W + this.warehouse]
  }
  get unitsLeft(): number {
    return this.left[this.warehouse]
  }
  get co2Grams(): number {
    return this.lane(LANE.parcelCo2Grams) + this.lane(LANE.kgCo2Grams) * this.weightKg
  }
  get queueMs(): number {
    const w = this.warehouse
    if (w === this.heldAt) return this.heldMs
    const ready = this.world.readyMs[w] - this.nowMs
    const prepare = this.network.prepareMedianMs[w]
    return ready > prepare ? ready : prepare
  }
  get handsMs(): number {
    return Math.max(0, this.world.readyMs[this.warehouse] - this.nowMs)
  }
  get ownWorkMs(): number {
    const { network, world, lines } = this
    const w = this.warehouse
    const usual = network.pickParcelMs[w] + network.packParcelMs[w] + lines * (network.pickLineMs[w] + network.packLineMs[w])
    return usual * world.labour[w]
  }
  get parcelsAhead(): number {
    const { world } = this
    const { S } = this.network
    const w = this.warehouse
    // Routed and not yet released; whoever is cancelled in a queue still stands in it until his turn.
    let parcels = world.picking[w] + world.packing[w] - world.backlog[w]
    for (let s = 0; s < S; s++) parcels += world.committed[w * S + s]
    for (let express = 0; express < 2; express++)
      parcels += world.listLength[listOf.pick(world.d, w, express)] + world.listLength[listOf.pack(world.d, w, express)]
    return parcels
  }
  get parcelsToday(): number {
    const { given, givenDay } = this.world
    return givenDay[this.warehouse] === Math.floor(this.nowMs / DAY_MS) ? given[this.warehouse] : 0
  }
  get parcelsPerDay(): number {
    return this.perDay[weekdayOf(this.nowMs, this.weekStartMs) * this.warehouses + this.warehouse]
  }
  get stateAgeMs(): number {
    return this.nowMs - this.world.regs[REG.pulsedMs]
  }
  get waveUse(): number {
    const { network, world, weekStartMs, nowMs: now, warehouse: w, service: s } = this
    const { atMs, cutOffMs, capacity } = network.timetables[s]
    if (!(this.departMs < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY
    const inTime = Math.min(this.arriveByMs - this.haulMs, now + WEEK_MS)
    const first = departureFor(network, s, now, 0, weekStartMs)
    const until = inTime >= first ? inTime : this.departMs
    let cutMs = now
    let places = 0
    for (
      let i = nextInWeek(atMs, first, weekStartMs), leaves = first;
      leaves <= until;
      leaves = instantOf(atMs, ++i, first, weekStartMs)
    ) {
      const departure = i % atMs.length
      places += capacity[departure * network.W + w] * world.departCapacity[s]
      cutMs = leaves - cutOffMs[departure]
    }
    const aheadMs = world.readyMs[w] - now
    const parcels = world.committed[w * network.S + s]
    const hands = aheadMs > 0 ? aheadMs / Math.max(0, cutMs - now) : 0
    return Math.max(hands, places > 0 ? parcels / places : Number.POSITIVE_INFINITY)
  }
  /** The time that one in ten would arrive by: the line haul is lognormal, so that it lies as far below the median as P90 above. */
  get etaMsP10(): number {
    return this.arrival(this.departMs + this.haulMs / this.lane(LANE.p90) + this.afterHaulMs)
  }
  get etaMsP50(): number {
    return this.arrival(this.departMs + this.haulMs + this.afterHaulMs)
  }
  get etaMsP90(): number {
    return this.arrival(this.departMs + this.haulMs * this.lane(LANE.p90) + this.afterHaulMs)
  }
  get calmEtaMsP90(): number {
    const { network, world, weekStartMs } = this
    const at = this.place
    const packed = this.nowMs + network.prepareMedianMs[this.warehouse]
    const leaves =
      packed <= world.calmCutMs[at] ? world.calmDepartMs[at] : departureFor(network, this.service, packed, 0, weekStartMs)
    return this.arrival(leaves + this.lane(LANE.medianMs) * this.lane(LANE.p90) + HALF_WAVE_MS)
  }
  get lateShare(): number {
    return lateShareAt(this.lateness, this.lane(LANE.latenessRow) | 0, this.slack)
  }
  get expectedLateMs(): number {
    return excessAt(this.lateness, this.lane(LANE.latenessRow) | 0, this.slack) * this.haulMs
  }
  get truckSlackMs(): number {
    return this.cutMs() - this.nowMs - this.queueMs
  }
  get missedLateShare(): number {
    return lateShareAt(this.lateness, this.lane(LANE.latenessRow) | 0, this.missedSlack())
  }
  get missedExpectedLateMs(): number {
    const slack = this.missedSlack()
    return excessAt(this.lateness, this.lane(LANE.latenessRow) | 0, slack) * this.missedHaulMs
  }
  get orderLines(): number {
    return lineCount(this.world, this.parcel)
  }
  orderSku(line: number): number {
    return skuOfLine(lineAt(this.world, this.parcel, line))
  }
  orderUnits(line: number): number {
    return unitsOfLine(lineAt(this.world, this.parcel, line))
  }
  get stockShare(): number {
    const { world, network } = this
    const w = this.warehouse
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.orderLines; i++) {
      const line = lineAt(world, this.parcel, i)
      const left = availableUnits(world, skuOfLine(line), w) - unitsOfLine(line)
      if (left < 0) continue
      const opened = network.initialStock[skuOfLine(line) * network.W + w]
      const share = opened > 0 ? left / opened : 0
      if (share < least) least = share
    }
    return least === Number.POSITIVE_INFINITY ? 0 : least
  }

  get foreignShare(): number {
    const { world, network, zone, warehouse: w } = this
    const { W, held, byDistance } = network
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.orderLines; i++) {
      const line = lineAt(world, this.parcel, i)
      const sku = skuOfLine(line)
      const left = availableUnits(world, sku, w) - unitsOfLine(line)
      if (left < 0) continue
      let home = zone * W
      while (home < (zone + 1) * W && held[sku * W + byDistance[home]] === 0) home++
      if (byDistance[home] === w) continue
      const opened = network.initialStock[sku * W + w]
      const share = opened > 0 ? left / opened : 0
      if (share < least) least = share
    }
    return least
  }

  get slackMs(): number {
    const { network, weekStartMs } = this
    const [departMs, haulMs, slack] = [this.departMs, this.haulMs, this.slack]
    const now = this.latenessCents() + this.workPriceCents + this.roomPriceCents
    let lastMs = this.cutMs()
    for (let i = 0; i < LATER_DEPARTURES; i++) {
      const cutMs = this.cutMs()
      this.departMs = departureFor(network, this.service, cutMs + 1, 0, weekStartMs)
      this.haulMs = this.roadMs()
      this.slack = (this.arriveByMs - this.departMs) / this.haulMs
      if (this.latenessCents() + this.workPriceCents + this.roomPriceCents > now + NO_DEARER) break
      lastMs = this.cutMs()
    }
    this.departMs = departMs
    this.haulMs = haulMs
    this.slack = slack
    return lastMs - this.nowMs
  }
  later(): Later {
    const { network, world, weekStartMs, laterOne } = this
    const plannedUntilMs = world.regs[REG.pricesFromMs] + PRICED.slots * world.regs[REG.pricesSlotMs]
    const [departMs, haulMs, slack] = [this.departMs, this.haulMs, this.slack]
    laterOne.lateCents = Number.POSITIVE_INFINITY
    laterOne.workCents = Number.POSITIVE_INFINITY
    laterOne.roomCents = Number.POSITIVE_INFINITY
    laterOne.waitedWorkCents = 0
    laterOne.slackMs = 0
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < LATER_DEPARTURES; i++) {
      const missedMs = this.cutMs()
      this.departMs = departureFor(network, this.service, missedMs + 1, 0, weekStartMs)
      // What no plan has looked at only seems to be free.
      if (!(this.departMs < plannedUntilMs)) break
      this.haulMs = this.roadMs()
      this.slack = (this.arriveByMs - this.departMs) / this.haulMs
      const [late, work, room] = [this.latenessCents(), this.workPriceCents, this.roomPriceCents]
      // Of equals the last one leaves most time.
      if (late + work + room > least) continue
      least = late + work + room
      laterOne.lateCents = late
      laterOne.workCents = work
      laterOne.roomCents = room
      laterOne.waitedWorkCents = this.workCentsAt(missedMs)
      laterOne.slackMs = this.cutMs() - this.nowMs
    }
    this.departMs = departMs
    this.haulMs = haulMs
    this.slack = slack
    return laterOne
  }
  get failShare(): number {
    const { world } = this
    if (world.size.erring === 0) return 0
    const w = this.warehouse
    let there = 1
    for (let i = 0; i < this.orderLines; i++) {
      const line = lineAt(world, this.parcel, i)
      const shelf = skuOfLine(line) * world.d.W + w
      if (bookedUnits(world, shelf) - world.reserved[shelf] >= unitsOfLine(line) && !isProven(world, shelf))
        there *= 1 - world.missShare[w]
    }
    return 1 - there
  }

  get workPriceCents(): number {
    return this.workCentsAt(this.nowMs)
  }
  /** What the hands are worth to who comes then and goes by this departure. */
  private workCentsAt(comesMs: number): number {
    const { world } = this
    if (world.size.priced === 0) return 0
    const slotMs = world.regs[REG.pricesSlotMs]
    const fromMs = world.regs[REG.pricesFromMs]
    const leaves = Math.floor((this.departMs - fromMs) / slotMs)
    if (!(leaves >= 0 && leaves < PRICED.slots)) return 0
    const comes = Math.min(PRICED.arrivals - 1, Math.floor((comesMs - fromMs) / slotMs))
    const at = (this.place * PRICED.arrivals + comes) * PRICED.slots + leaves
    return world.priceParcel[at] + this.lines * world.priceLine[at]
  }
  get roomPriceCents(): number {
    const { world } = this
    if (world.size.priced === 0) return 0
    const leaves = Math.floor((this.departMs - world.regs[REG.pricesFromMs]) / world.regs[REG.pricesSlotMs])
    return leaves >= 0 && leaves < PRICED.slots ? world.priceRoom[this.place * PRICED.slots + leaves] : 0
  }
  get stockPriceCents(): number {
    return this.charges === null ? 0 : this.charges[this.warehouse]
  }
  get notes(): Notes {
    return this.world.notes
  }
  get planAgeMs(): number {
    const { regs } = this.world
    return regs[REG.pricesSlotMs] > 0 ? this.nowMs - regs[REG.plannedMs] : Number.POSITIVE_INFINITY
  }

  private latenessCents(): number {
    return this.lateShare * this.latePerOrderCents + (this.expectedLateMs / HOUR_MS) * this.latePerHourCents
  }
  /** Line haul by the departure it is heading for, as far as anybody knows. */
  private roadMs(): number {
    const { world, network } = this
    const road = this.zone * network.W + this.warehouse
    return this.lane(LANE.medianMs) * slowAhead(world, road, this.departMs) * world.transitFactor[this.service]
  }
  /** By when it must be packed for its departure. */
  private cutMs(): number {
    const { world, place, departMs } = this
    return world.departMs[place] === departMs
      ? world.departCutMs[place]
      : cutOffOf(this.network, this.service, departMs, this.weekStartMs)
  }
  /** What the next departure leaves for the road, in medians of the haul it would have. */
  private missedSlack(): number {
    const { world, network } = this
    const leaves = departureFor(network, this.service, this.cutMs() + 1, 0, this.weekStartMs)
    const road = this.zone * network.W + this.warehouse
    this.missedHaulMs = this.lane(LANE.medianMs) * slowAhead(world, road, leaves) * world.transitFactor[this.service]
    return (this.arriveByMs - leaves) / this.missedHaulMs
  }
  private lane(field: number): number {
    return this.rows[this.row + field]
  }
  /** Middle of the vans' round that a parcel sorted at this time goes along with. */
  private arrival(sortedMs: number): number {
    const day = Math.ceil((sortedMs - this.vansAtMs) / DAY_MS)
    const vans = day < this.vans.length ? this.vans[day] : nextVans(this.network, sortedMs, this.weekStartMs)
    return vans + this.halfRoundMs
  }
}

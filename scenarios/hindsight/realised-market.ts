import type { Groups, Market, WorkSupply } from '../../policies/market/market.ts'
import { departuresOf, type Slots, slotOf, slotsOf, workSupply } from '../../policies/market/supply.ts'
import { instantOf, nextInWeek, weekTimeMs } from '../../sim/calendar.ts'
import { type Law, sample } from '../../sim/distribution.ts'
import { rosterAt } from '../../sim/journey.ts'
import { LANE } from '../../sim/network.ts'
import { draw, PURPOSE } from '../../sim/random.ts'
import { DAY_MS, MINUTE_MS } from '../../sim/units.ts'
import { conditionAt } from './conditions.ts'
import { type Day, lateCents, undeliveredCents, unshippedCents } from './day.ts'
import { doorMs, haulMs, isLost, laneOf, readyMs, slowAt } from './fate.ts'

export type RealisedMarket = Market & {
  /** Of each group its order's place in the day. */
  readonly order: Int32Array
  readonly departures: Market['departures'] & { readonly cutMs: Float64Array }
}

/** Departures so many days after the last order are looked at; who has not left by then is as late as that. */
const TAIL_DAYS = 4
const SLOT_MS = 30 * MINUTE_MS
/** More slots than these would not fit into memory: longer stretches have longer slots. */
const MOST_SLOTS = 400
const MAX_SHIPMENTS = 8

/**
 * A day that is over, as a market: each measured order is a group, with its own luck in preparation, work, journey and delivery, and the hands,
 * trucks and weather there were. No way of routing these orders through this network could have cost less than the market's lower bound, since
 * whatever was done is one of the market's ways, at no less than the market's cost:
 *
 * - what takes hands, room or goods beside these orders (the warm-up, those that come after, queues at hubs and stations, that a picker finishes
 *   one thing before the next, that goods come later in the day) is left out, and would only cost more;
 * - each part of a split order is as quick as the quickest part it could be, only the first line's lateness counts, and that line is always in
 *   part 0 (`sim/partition.ts`), whose luck is known;
 * - from the end of what is looked at on there is a last departure for everybody, with hands and room without end;
 * - an order may be left unserved: it is then charged as such an order is (`unshippedCents`).
 *
 * Shelves hold the most that came onto them in any of the runs; where goods vanish unnoticed, only what orders from before could have taken, and what
 * came without vanishing (`Day.stock`): that books were wrong is foreknown like all luck, and what they wrongly had may not be used. Where none was refilled that holds for all policies there are, elsewhere for
 * the runs the day was made of (`Day.refilled`).
 */
export function realisedMarket(day: Day, order: Int32Array = allOf(day), supply: Supply = supplyOf(day)): RealisedMarket {
  const { network, clock } = day
  const { W, S, K, lanes, handlingLineCents } = network
  const { endMs } = clock
  const { work, departures, quickest, stock } = supply
  const groups = groupsOf(day, order, work.slotMs)
  const { lineStart, goods, units } = groups
  const { first, leavesMs, cutMs } = departures

  const ready = new Float64Array(W)
  let readyOf = -1
  /** The soonest that any part of the order could be ready, kept for all lanes of a warehouse. */
  const soonestReady = (g: number, w: number): number => {
    if (readyOf !== g) {
      readyOf = g
      ready.fill(Number.NaN)
    }
    if (Number.isNaN(ready[w])) {
      ready[w] = Number.POSITIVE_INFINITY
      for (let part = 0; part < lineStart[g + 1] - lineStart[g]; part++)
        ready[w] = Math.min(ready[w], readyMs(day, day.number[order[g]], w, part, day.paidMs[order[g]]))
    }
    return ready[w]
  }
  /** What the way of part 0 by this lane comes to, from the departure it is ready for on. */
  const haul = { g: -1, lane: -1, ms: 0, readyMs: 0, isLost: false }
  const lateness = (g: number, w: number, s: number, d: number): number => {
    const i = order[g]
    const lane = w * S + s
    if (haul.g !== g || haul.lane !== lane) {
      haul.g = g
      haul.lane = lane
      haul.ms = haulMs(day, i, w, s, 0)
      haul.isLost = isLost(day, i, s, 0)
      haul.readyMs = readyMs(day, day.number[i], w, 0, day.paidMs[i])
    }
    const alone = lineStart[g + 1] - lineStart[g] === 1
    const dearest = undeliveredCents(network, day.promisedMs[i], endMs)
    if (haul.isLost || (alone && leavesMs[d] > day.patientUntilMs[i])) return dearest
    // Weather clears: who leaves later may be there sooner, and the market is told of no departure that it would pay to miss.
    let atHub = Number.POSITIVE_INFINITY
    let from = d
    while (from + 1 < first[lane + 1] && cutMs[from] < haul.readyMs) from++
    for (let later = from; later < first[lane + 1] && leavesMs[later] < atHub; later++)
      atHub = Math.min(
        atHub,
        Math.ceil(
          leavesMs[later] + haul.ms * (later + 1 < first[lane + 1] ? slowAt(day, i, w, s, leavesMs[later]) : quickest[s]),
        ),
      )
    const arrives = doorMs(day, i, atHub, 0)
    return arrives > endMs ? dearest : lateCents(network, day.promisedMs[i], arrives)
  }
  const lineCents = (g: number, w: number, s: number, line: number): number => {
    const i = lineStart[g] + line
    const grams = network.skuGrams[goods[i]] * units[i]
    return handlingLineCents[w] + (grams / 1000) * lanes[laneOf(day, order[g], w, s) + LANE.kgCents]
  }
  const isOpen = (g: number, w: number, s: number): boolean => lanes[laneOf(day, order[g], w, s) + LANE.medianMs] !== 0
  return {
    warehouses: W,
    services: S,
    maxShipments: Math.min(network.limits?.maxShipments ?? MAX_SHIPMENTS, MAX_SHIPMENTS),
    order,
    work,
    departures,
    stock: { goods: K, units: stock },
    groups,
    costs: {
      firstDeparture: (g, w, s) => {
        const i = order[g]
        if (Number.isNaN(day.paidMs[i]) || !isOpen(g, w, s)) return -1
        const lane = w * S + s
        const soonest = soonestReady(g, w)
        let d = first[lane]
        while (d < first[lane + 1] && cutMs[d] < soonest) d++
        return d < first[lane + 1] ? d : -1
      },
      parcelCents: (g, w, s) => lanes[laneOf(day, order[g], w, s) + LANE.parcelCents],
      lineCents,
      lateCents: lateness,
      unservedCents: (g) => unshippedCents(day, order[g]),
    },
  }
}

/** What there was to be had in a day, whoever asked for it. */
export type Supply = {
  readonly work: WorkSupply
  readonly departures: RealisedMarket['departures']
  /** Part of its usual time that a line haul takes at the least: [service]. */
  readonly quickest: Float64Array
  readonly stock: Float64Array
}

export function supplyOf(day: Day): Supply {
  const { network, clock, conditions } = day
  const { weekStartMs } = clock
  const slots = slotsOfDay(day)
  const at = (timeMs: number): number => conditionAt(conditions, timeMs)
  const work = workSupply(
    network,
    slots,
    weekStartMs,
    (w, timeMs) => ({ share: conditions.siteCapacity[at(timeMs)][w], slow: conditions.labour[at(timeMs)][w] }),
    conditions.fromMs,
  )
  letFinish(day, work, longestPieces(day, work))
  const T = slots.length - 1
  for (let station = 0; station < 2 * network.W; station++) work.capacityMs[station * T + T - 1] = Number.POSITIVE_INFINITY
  return {
    work,
    departures: withLast(
      departuresOf(network, slots.subarray(0, T), weekStartMs, (s, timeMs) => conditions.departCapacity[at(timeMs)][s]),
      slots,
    ),
    quickest: Float64Array.from({ length: network.S }, (_, s) => Math.min(1, ...conditions.transitFactor.map((by) => by[s]))),
    stock: stockOf(day),
  }
}

const allOf = ({ count }: Day): Int32Array => Int32Array.from({ length: count }, (_, i) => i)

/** From the first order that could be worked on until some days after the last, and a slot more for what comes after. */
function slotsOfDay({ clock, paidMs }: Day): Slots {
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = Number.NEGATIVE_INFINITY
  for (const ms of paidMs) {
    if (ms < firstMs) firstMs = ms
    if (ms > lastMs) lastMs = ms
  }
  if (lastMs < firstMs) firstMs = lastMs = clock.dayZeroMs
  const spanMs = lastMs + TAIL_DAYS * DAY_MS - firstMs
  const slotMs = SLOT_MS * Math.ceil((spanMs + SLOT_MS) / SLOT_MS / MOST_SLOTS)
  const startMs = Math.floor((firstMs - 1) / slotMs) * slotMs
  return slotsOf(startMs, slotMs, Math.ceil((lastMs + TAIL_DAYS * DAY_MS - startMs) / slotMs) + 1)
}

/** A departure more of each lane, in the last slot, which everybody catches. */
function withLast(known: RealisedMarket['departures'], slots: Slots): RealisedMarket['departures'] {
  const T = slots.length - 1
  const lanes = known.first.length - 1
  const extended = (column: Float64Array, last: number): Float64Array =>
    Float64Array.from(
      Array.from({ length: lanes }, (_, lane) => [...column.subarray(known.first[lane], known.first[lane + 1]), last]).flat(),
    )
  return {
    first: known.first.map((start, lane) => start + lane),
    leavesMs: extended(known.leavesMs, slots[T - 1]),
    cutMs: extended(known.cutMs, Number.POSITIVE_INFINITY),
    room: extended(known.room, Number.POSITIVE_INFINITY),
    bySlot: Int32Array.from(extended(Float64Array.from(known.bySlot), T)),
  }
}

function groupsOf(day: Day, order: Int32Array, slots: Slots): Groups {
  const G = order.length
  const lineStart = new Int32Array(G + 1)
  for (let g = 0; g < G; g++) lineStart[g + 1] = lineStart[g] + day.lineStart[order[g] + 1] - day.lineStart[order[g]]
  const goods = new Int32Array(lineStart[G])
  const units = new Int32Array(lineStart[G])
  const fromSlot = new Int32Array(G)
  for (let g = 0; g < G; g++) {
    const from = day.lineStart[order[g]]
    for (let i = lineStart[g]; i < lineStart[g + 1]; i++) {
      goods[i] = day.sku[from + i - lineStart[g]]
      units[i] = day.units[from + i - lineStart[g]]
    }
    const paid = day.paidMs[order[g]]
    // What comes on the very edge of a slot and takes no time may still leave there.
    if (!Number.isNaN(paid)) fromSlot[g] = slotOf(slots, paid - 1)
  }
  const made = { count: G, orders: new Float64Array(G).fill(1), fromSlot, lineStart, goods, units }
  const effort = effortsOf(day, order)
  return effort === null ? made : { ...made, effort }
}

/** What each order's picking and packing takes beside the usual: the least over warehouses and over the parts it may be split into; null where nothing varies. */
function effortsOf(day: Day, order: Int32Array): Float64Array | null {
  const { network } = day
  const laws = [distinct(network.pickEffort), distinct(network.packEffort)]
  if (laws.every((some) => some.every((law) => sample(law, 0.01) === 1 && sample(law, 0.99) === 1))) return null
  const purposes = [PURPOSE.pick, PURPOSE.pack]
  const efforts = new Float64Array(2 * order.length)
  for (let g = 0; g < order.length; g++) {
    const parts = day.lineStart[order[g] + 1] - day.lineStart[order[g]]
    for (const [stage, purpose] of purposes.entries()) {
      let least = Number.POSITIVE_INFINITY
      for (let part = 0; part < parts; part++) {
        const u = draw(day.dice, day.number[order[g]], purpose, part)
        for (const law of laws[stage]) least = Math.min(least, sample(law, u))
      }
      efforts[2 * g + stage] = least
    }
  }
  return efforts
}

/** Laws that differ: most networks have one. */
function distinct(laws: readonly Law[]): Law[] {
  return [...new Map(laws.map((law) => [JSON.stringify(law), law])).values()]
}

/** The most hand-ms that one piece of work of the day took: [station]. A larger draw always means a larger value, so the largest will do. */
function longestPieces(day: Day, { parcelMs, lineMs }: WorkSupply): Float64Array {
  const { network, dice, number } = day
  let lines = 1
  const largest = [0, 0]
  for (let i = 0; i < day.count; i++) {
    const parts = day.lineStart[i + 1] - day.lineStart[i]
    lines = Math.max(lines, parts)
    for (let part = 0; part < parts; part++) {
      largest[0] = Math.max(largest[0], draw(dice, number[i], PURPOSE.pick, part))
      largest[1] = Math.max(largest[1], draw(dice, number[i], PURPOSE.pack, part))
    }
  }
  return parcelMs.map((parcel, station) => {
    const law = (station % 2 === 0 ? network.pickEffort : network.packEffort)[station >> 1]
    return day.count === 0 ? 0 : sample(law, largest[station & 1]) * (parcel + lines * lineMs[station])
  })
}

/**
 * Who is busy when hands become fewer or work slower finishes what is in them, at the pace at which it was begun: for each at most one piece of
 * work beyond what the calendar has.
 */
function letFinish({ network, clock, conditions }: Day, { capacityMs, slotMs }: WorkSupply, longest: Float64Array): void {
  const T = slotMs.length - 1
  const { weekStartMs } = clock
  for (let w = 0; w < network.W; w++) {
    const { fromMs, pickers, packers } = network.rosters[w]
    const on = (hands: Int32Array, timeMs: number): number =>
      Math.round(
        hands[rosterAt(network.rosters[w], weekTimeMs(timeMs, weekStartMs))] *
          conditions.siteCapacity[conditionAt(conditions, timeMs)][w],
      )
    for (let t = 0; t < T; t++) {
      const changes = new Set(conditions.fromMs.filter((ms) => ms > slotMs[0] && ms >= slotMs[t] && ms < slotMs[t + 1]))
      for (let i = nextInWeek(fromMs, slotMs[t], weekStartMs); instantOf(fromMs, i, slotMs[t], weekStartMs) < slotMs[t + 1]; i++)
        changes.add(instantOf(fromMs, i, slotMs[t], weekStartMs))
      for (const ms of changes) {
        const pace = conditions.labour[conditionAt(conditions, ms - 1)][w] / conditions.labour[conditionAt(conditions, ms)][w]
        for (const [stage, hands] of [pickers, packers].entries()) {
          const [before, after] = [on(hands, ms - 1), on(hands, ms)]
          const beyond = Math.max(0, before - after) + Math.min(before, after) * Math.max(0, 1 - pace)
          capacityMs[(2 * w + stage) * T + t] += beyond * longest[2 * w + stage]
        }
      }
    }
  }
}

/** What came onto the shelves, as if all of it had been there from the first: Infinity where nobody could empty it. */
function stockOf({ network: { K, W }, sku, units, stock }: Day): Float64Array {
  const asked = new Float64Array(K)
  for (let i = 0; i < sku.length; i++) asked[sku[i]] += units[i]
  return stock.map((there, shelf) => (there >= asked[Math.floor(shelf / W)] ? Number.POSITIVE_INFINITY : there))
}

import { slowAhead } from '../../sim/foreseen.ts'
import { lastVansBefore } from '../../sim/journey.ts'
import { excessAt, lateShareAt } from '../../sim/lateness.ts'
import { LANE } from '../../sim/network.ts'
import type { Situation } from '../../sim/plan.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import {
  COUNT,
  FLAG,
  hasFlag,
  lineAt,
  promisedMs as orderPromisedMs,
  REG,
  STATE,
  skuOfLine,
  stateOf,
  type WorldView,
  zoneOf,
} from '../../sim/world.ts'
import { type Baskets, linesByPlace } from './baskets.ts'
import type { Groups, Market } from './market.ts'
import { departuresOf, slotsOf, workSupply } from './supply.ts'

/** How far a plan looks, and how finely. */
export type Outlook = {
  /** Orders of so many hours are foreseen; they may leave for as long again. */
  readonly horizonMs: number
  readonly slotMs: number
  /** What is out of order now is taken to stay so for this long. */
  readonly troubleMs: number
  /** Times the expected demand that is planned for. */
  readonly demandFactor: number
}

export type ExpectedMarket = Market & {
  readonly departures: Market['departures'] & { readonly cutMs: Float64Array }
  readonly baskets: Baskets
  readonly zone: Int32Array
  /** The kind of order, among those of `baskets`: [group]. */
  readonly kind: Int32Array
  /** The first groups are orders that wait already, so many of them; the others are expected. */
  readonly waiting: readonly Waiting[]
}

/** Like orders that could be shipped and were not, so far. */
export type Waiting = { readonly count: number; readonly zone: number; readonly promisedMs: number; readonly kind: number }

/** What a plan finds: who waits, and what is bound already. */
export type Standing = {
  /** Each order that waits, its SKU that of its first line. */
  readonly waiting: () => Iterable<{ readonly zone: number; readonly promisedMs: number; readonly sku: number }>
  /** Hand-ms of work that lies with a warehouse and will be done there: [station]. */
  readonly workMs: Float64Array
  /** Takes the places on trucks that are no longer to be had. */
  readonly takePlaces: (departures: Market['departures']) => void
}

/** Groups of expected orders in a plan, and slots of time, at most: what is more would take a plan minutes and tell it little. */
const GROUPS_MOST = 9000
const SLOTS_MOST = 192
/** Kinds of goods that are told apart by the warehouses that have them; and so few, so long slots, so short a horizon, before the next gives way. */
const PATTERNS_MOST = 12
const PATTERNS_LEAST = 4
const SLOT_MOST_MS = 4 * HOUR_MS
const HORIZON_LEAST_MS = 8 * HOUR_MS

/** The same outlook as coarse as a plan can bear: first fewer kinds of goods are told apart, then hours, then less far is foreseen. */
export function coarserOutlook(
  outlook: Outlook,
  zones: number,
): Pick<Outlook, 'slotMs' | 'horizonMs' | 'troubleMs'> & { patterns: number } {
  let { slotMs, horizonMs } = outlook
  let patterns = PATTERNS_MOST
  const slots = (): number => Math.ceil(horizonMs / slotMs)
  while (2 * slots() > SLOTS_MOST) slotMs *= 2
  while (zones * slots() * patterns > GROUPS_MOST) {
    if (patterns > PATTERNS_LEAST) patterns--
    else if (slotMs < SLOT_MOST_MS) slotMs *= 2
    else if (horizonMs > HORIZON_LEAST_MS) horizonMs /= 2
    else if (patterns > 1) patterns--
    else break
  }
  return { slotMs, horizonMs, troubleMs: outlook.troubleMs, patterns }
}

/** A parcel sorted at the hub waits half an hour for the next wave on average. */
const HALF_WAVE_MS = 30 * 60_000
/** As good as no promise at all. */
const NO_PROMISE_MS = 400 * DAY_MS

/**
 * The hours ahead as a market: orders as they are expected, hands and trucks as the calendars have them, less what is promised to orders that
 * are under way. Warehouses and roads that are in trouble now are so for a while, and then well again; nobody knows better.
 */
export function expectedMarket(
  situation: Situation,
  outlook: Outlook,
  standing: Standing = standingOf(situation),
): ExpectedMarket {
  const { network, world, nowMs, weekStartMs } = situation
  const { W, S, Z } = network
  const { slotMs, horizonMs, troubleMs, patterns } = coarserOutlook(outlook, Z)
  const orderEndMs = Math.min(nowMs + horizonMs, situation.lastOrderMs)
  const slots = slotsOf(nowMs, slotMs, Math.ceil((2 * horizonMs) / slotMs))
  const healed = nowMs + troubleMs
  const inTrouble = (timeMs: number): boolean => timeMs < healed
  const work = workSupply(
    network,
    slots,
    weekStartMs,
    (w, timeMs) => (inTrouble(timeMs) ? { share: world.siteCapacity[w], slow: world.labour[w] } : { share: 1, slow: 1 }),
    [healed],
  )
  const departures = departuresOf(network, slots, weekStartMs, (s, timeMs) => (inTrouble(timeMs) ? world.departCapacity[s] : 1))
  const T = slots.length - 1
  standing.workMs.forEach((ms, station) => {
    take(work.capacityMs, station * T, (station + 1) * T, ms)
  })
  standing.takePlaces(departures)

  const baskets = linesByPlace(network, world, patterns)
  const { groups, zone, kind, waiting, arriveByMs, packedMs } = expectedGroups(situation, outlook, baskets, slots, orderEndMs)
  const { lanes, handlingLineCents } = network
  const laneAt = (g: number, w: number, s: number): number => ((zone[g] * W + w) * S + s) * LANE.fields
  const { first, leavesMs } = departures
  const dearest = network.latePerOrderCents + (network.latePerHourCents * (5 * DAY_MS)) / HOUR_MS + 100_000
  return {
    warehouses: W,
    services: S,
    maxShipments: 3,
    work,
    departures,
    stock: { goods: baskets.skuOf.length, units: baskets.stock },
    groups,
    baskets,
    zone,
    kind,
    waiting,
    costs: {
      firstDeparture: (g, w, s) => {
        const lane = w * S + s
        if (lanes[laneAt(g, w, s) + LANE.medianMs] === 0 || world.siteCapacity[w] === 0) return -1
        const ready = packedMs[g] + network.prepareMedianMs[w]
        let d = first[lane]
        while (d < first[lane + 1] && departures.cutMs[d] < ready) d++
        return d < first[lane + 1] ? d : -1
      },
      parcelCents: (g, w, s) => lanes[laneAt(g, w, s) + LANE.parcelCents],
      lineCents: (g, w, s, line) =>
        handlingLineCents[w] + baskets.lineKg[baskets.start[kind[g]] + line] * lanes[laneAt(g, w, s) + LANE.kgCents],
      lateCents: (g, w, s, d) => {
        const at = laneAt(g, w, s)
        const road = zone[g] * W + w
        const isForeseen = world.size.foreseen === 1 && world.regs[REG.foreseenToMs] > 0
        const weather = isForeseen || inTrouble(leavesMs[d]) ? slowAhead(world, road, leavesMs[d]) : 1
        const slow = weather * (inTrouble(leavesMs[d]) ? world.transitFactor[s] : 1)
        const haulMs = lanes[at + LANE.medianMs] * slow
        const slack = (arriveByMs[g] - leavesMs[d]) / haulMs
        const row = lanes[at + LANE.latenessRow] | 0
        const late =
          lateShareAt(network.lateness, row, slack) * network.latePerOrderCents +
          ((excessAt(network.lateness, row, slack) * haulMs) / HOUR_MS) * network.latePerHourCents
        // However late, no worse than not being served at all.
        return Math.min(late, dearest)
      },
      unservedCents: () => dearest,
    },
  }

  function expectedGroups(
    { promisedMs, expectedOrders }: Situation,
    { demandFactor }: Outlook,
    { count: B, share, start, goods, units, kindOf }: Baskets,
    edges: Float64Array,
    endMs: number,
  ) {
    const orders: number[] = []
    const zones: number[] = []
    const fromSlot: number[] = []
    const arriveBy: number[] = []
    const packed: number[] = []
    const lineStart = [0]
    const lineGoods: number[] = []
    const lineUnits: number[] = []
    const kinds: number[] = []
    // A zone that nothing can be sent to is promised nothing: any time would do.
    const arriveByOf = (z: number, promised: number): number =>
      lastVansBefore(network, Math.min(promised, nowMs + NO_PROMISE_MS), weekStartMs) -
      HALF_WAVE_MS -
      world.hubWaitMs[network.zoneHub[z]] -
      world.stationWaitDays[z] * DAY_MS
    const add = (count: number, z: number, t: number, by: number, atMs: number, b: number): void => {
      orders.push(count)
      zones.push(z)
      fromSlot.push(t)
      arriveBy.push(by)
      packed.push(atMs)
      kinds.push(b)
      for (let i = start[b]; i < start[b + 1]; i++) {
        lineGoods.push(goods[i])
        lineUnits.push(units[i])
      }
      lineStart.push(lineGoods.length)
    }
    const waiting = likeOrders(standing, kindOf)
    for (const { count, zone: z, promisedMs: promised, kind: b } of waiting)
      add(count, z, 0, arriveByOf(z, promised), edges[0], b)
    for (let t = 0; t + 1 < edges.length && edges[t] < endMs; t++) {
      const middle = (edges[t] + Math.min(edges[t + 1], endMs)) / 2
      for (let z = 0; z < Z; z++) {
        const mean = demandFactor * expectedOrders(z, edges[t], Math.min(edges[t + 1], endMs))
        if (mean === 0) continue
        const by = arriveByOf(z, promisedMs(z, middle))
        for (let b = 0; b < B; b++) if (share[b] > 0) add(mean * share[b], z, t, by, middle, b)
      }
    }
    const made: Groups = {
      count: orders.length,
      orders: Float64Array.from(orders),
      fromSlot: Int32Array.from(fromSlot),
      lineStart: Int32Array.from(lineStart),
      goods: Int32Array.from(lineGoods),
      units: Int32Array.from(lineUnits),
    }
    return {
      groups: made,
      waiting,
      kind: Int32Array.from(kinds),
      zone: Int32Array.from(zones),
      arriveByMs: Float64Array.from(arriveBy),
      packedMs: Float64Array.from(packed),
    }
  }
}

/** Orders that wait, those of a zone, a promise and a kind together; goods that no kind stands for are left out. */
function likeOrders({ waiting }: Standing, kindOf: Int32Array): Waiting[] {
  const found = new Map<string, { count: number; zone: number; promisedMs: number; kind: number }>()
  for (const { zone, promisedMs, sku } of waiting()) {
    const kind = kindOf[sku]
    if (kind < 0) continue
    const key = `${zone} ${promisedMs} ${kind}`
    const like = found.get(key) ?? { count: 0, zone, promisedMs, kind }
    like.count++
    found.set(key, like)
  }
  return [...found.values()]
}

/** What the world holds: orders in the pool, work in queues and in hand, parcels on their way to a truck, which take its first places. */
function standingOf({ network, world }: Situation): Standing {
  const { W, S, pickParcelMs, pickLineMs, packParcelMs, packLineMs, meanLines } = network
  const workMs = new Float64Array(2 * W)
  for (let w = 0; w < W; w++) {
    const pickMs = pickParcelMs[w] + pickLineMs[w] * meanLines
    const packMs = packParcelMs[w] + packLineMs[w] * meanLines
    workMs[2 * w] = queued(world, w, 'pickWorkMs', world.picking[w], pickMs)
    workMs[2 * w + 1] = queued(world, w, 'packWorkMs', world.packing[w], packMs)
  }
  return {
    waiting: () => pooledOrders(world),
    workMs,
    takePlaces: ({ first, room }) => {
      for (let lane = 0; lane < W * S; lane++) take(room, first[lane], first[lane + 1], world.committed[lane])
    },
  }
}

/** Orders that could be shipped and were not, so far. */
function* pooledOrders(world: WorldView): Generator<{ zone: number; promisedMs: number; sku: number }> {
  if (world.counts[COUNT.refused] === 0) return
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++)
    if (stateOf(world, p) === STATE.paid && hasFlag(world, p, FLAG.refused))
      yield { zone: zoneOf(world, p), promisedMs: orderPromisedMs(world, p), sku: skuOfLine(lineAt(world, p, 0)) }
}

/** Takes an amount from the first of a column's numbers that have something left. */
function take(column: Float64Array, from: number, to: number, amount: number): void {
  let left = amount
  for (let i = from; i < to && left > 0; i++) {
    const taken = Math.min(left, column[i])
    column[i] -= taken
    left -= taken
  }
}

/** What lies in the queue, and a piece of work for each in hand: half of that is still to be done, and as much will lie half done at any cut-off. */
const queued = (world: WorldView, w: number, stage: 'pickWorkMs' | 'packWorkMs', pieces: number, pieceMs: number): number =>
  Math.max(0, world[stage][w]) + pieces * pieceMs

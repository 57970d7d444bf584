import type { Groups, Market, WorkSupply } from '../../policies/market/market.ts'
import { departuresOf, slotOf, slotsOf, workSupply } from '../../policies/market/supply.ts'
import { afterWorkingTime, instantOf, nextInWeek, weekTimeMs } from '../../sim/calendar.ts'
import { sample } from '../../sim/distribution.ts'
import { luckOf, paceOf } from '../../sim/haul.ts'
import { nextVans, rosterAt } from '../../sim/journey.ts'
import { ENDING, type Ledger } from '../../sim/ledger.ts'
import { LANE, type Network } from '../../sim/network.ts'
import { draw, PURPOSE } from '../../sim/random.ts'
import type { Sim } from '../../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { skuOfLine, unitsOfLine } from '../../sim/world.ts'
import { type Conditions, conditionAt } from './conditions.ts'

export type RealisedMarket = Market & {
  /** Order number of each group. */
  readonly order: Int32Array
}

/** Departures so many days after the last order are looked at; who has not left by then is as late as that. */
const TAIL_DAYS = 4
const SLOT_MS = 30 * 60_000

/**
 * A day that is over, as a market: each order that was placed and not cancelled or lost is a group, with the luck it had on the road and the weather,
 * hands and trucks there were. No way of routing these orders through this network could have cost less than the market's lower bound:
 * what the market leaves out (queues at hubs and stations, that a picker finishes one thing before the next) only costs more.
 *
 * Exact where a piece of work takes its mean time; where it varies, right on average. Of a split order every parcel is given the luck of
 * the first, and only the lateness of the parcel with the first line counts.
 */
export function realisedMarket(sim: Sim, ledger: Ledger, conditions: Conditions): RealisedMarket {
  const { network, clock, dice, replay } = sim
  const { W, S, K, lanes, handlingLineCents } = network
  const weekStartMs = clock.weekStartMs
  const order: number[] = []
  for (let n = 0; n < ledger.orders; n++) {
    const ended = ledger.ending[n]
    if (ledger.counted[n] === 1 && ended !== ENDING.cancelled && ended !== ENDING.lost && !Number.isNaN(ledger.paidMs[n]))
      order.push(n)
  }
  const G = order.length
  const firstMs = G === 0 ? clock.dayZeroMs : Math.min(...order.map((n) => ledger.paidMs[n]))
  const lastMs = G === 0 ? clock.dayZeroMs : Math.max(...order.map((n) => ledger.paidMs[n]))
  const startMs = Math.floor(firstMs / SLOT_MS) * SLOT_MS
  const slots = slotsOf(startMs, SLOT_MS, Math.ceil((lastMs + TAIL_DAYS * DAY_MS - startMs) / SLOT_MS))
  const at = (timeMs: number): number => conditionAt(conditions, timeMs)
  const work = workSupply(
    network,
    slots,
    weekStartMs,
    (w, timeMs) => ({ share: conditions.siteCapacity[at(timeMs)][w], slow: conditions.labour[at(timeMs)][w] }),
    conditions.fromMs,
  )
  letFinish(work, network, slots, weekStartMs, conditions)
  const departures = departuresOf(network, slots, weekStartMs, (s, timeMs) => conditions.departCapacity[at(timeMs)][s])

  const slowOf = Int32Array.from(departures.leavesMs, (ms) => at(ms))
  const fromSlot = new Int32Array(G)
  const lineStart = new Int32Array(G + 1)
  const goods: number[] = []
  const units: number[] = []
  order.forEach((n, g) => {
    fromSlot[g] = Math.max(0, slotOf(slots, ledger.paidMs[n]))
    for (let i = ledger.lineStart[n]; i < ledger.lineStart[n + 1]; i++) {
      goods.push(skuOfLine(ledger.lines[i]))
      units.push(unitsOfLine(ledger.lines[i]))
    }
    lineStart[g + 1] = goods.length
  })
  const groups: Groups = {
    count: G,
    orders: new Float64Array(G).fill(1),
    fromSlot,
    lineStart,
    goods: Int32Array.from(goods),
    units: Int32Array.from(units),
  }

  const laneAt = (g: number, w: number, s: number): number => ((ledger.zone[order[g]] * W + w) * S + s) * LANE.fields
  const luck = new Float64Array(G * S).fill(Number.NaN)
  const luckFor = (g: number, w: number, s: number): number => {
    // By service where all its lanes have one sigma; kept, since it is asked for at every departure.
    const lane = laneAt(g, w, s)
    const sigma = lanes[lane + LANE.sigma]
    if (sigma === 0) return 1
    if (Number.isNaN(luck[g * S + s])) luck[g * S + s] = Math.log(luckOf(network, dice, lane, s, order[g], 0)) / sigma
    return Math.exp(sigma * luck[g * S + s])
  }
  const deliveredMs = (g: number, w: number, s: number, d: number): number => {
    const n = order[g]
    const z = ledger.zone[n]
    const i = slowOf[d]
    const usual = lanes[laneAt(g, w, s) + LANE.medianMs] * paceOf(replay, n)
    const haul = usual * luckFor(g, w, s) * conditions.laneSlow[i][z * W + w] * conditions.transitFactor[i][s]
    const atHub = Math.ceil(departures.leavesMs[d] + haul)
    let vans = nextVans(network, Math.floor(atHub / HOUR_MS) * HOUR_MS + HOUR_MS, weekStartMs)
    for (let attempt = 1; attempt < 4; attempt++) {
      if (!(draw(dice, n, PURPOSE.attempt, attempt - 1) < network.delivery.failedShare)) break
      vans = nextVans(network, vans + 1, weekStartMs)
    }
    return Math.ceil(vans + draw(dice, n, PURPOSE.round, 0) * network.delivery.hoursMs)
  }
  const lateness = (n: number, arrivesMs: number): number => {
    const late = arrivesMs - ledger.promisedMs[n]
    return late > 0 ? network.latePerOrderCents + (late / HOUR_MS) * network.latePerHourCents : 0
  }
  return {
    warehouses: W,
    services: S,
    maxShipments: 3,
    order: Int32Array.from(order),
    work,
    departures,
    stock: { goods: K, units: stockOf(sim, groups) },
    groups,
    costs: {
      firstDeparture: (g, w, s) => {
        const lane = w * S + s
        if (lanes[laneAt(g, w, s) + LANE.medianMs] === 0) return -1
        const n = order[g]
        const pace = replay === null || replay.prepareFactor.length === 0 ? 1 : replay.prepareFactor[n]
        const preparing = sample(network.prepare[w], draw(dice, n, PURPOSE.prepare, 0)) * pace
        const ready = afterWorkingTime(ledger.paidMs[n], preparing, network.prepareDays[w], weekStartMs)
        let d = departures.first[lane]
        while (d < departures.first[lane + 1] && departures.cutMs[d] < ready) d++
        return d < departures.first[lane + 1] ? d : -1
      },
      parcelCents: (g, w, s) => lanes[laneAt(g, w, s) + LANE.parcelCents],
      lineCents: (g, w, s, line) => {
        const i = lineStart[g] + line
        return handlingLineCents[w] + ((network.skuGrams[goods[i]] * units[i]) / 1000) * lanes[laneAt(g, w, s) + LANE.kgCents]
      },
      lateCents: (g, w, s, d) => lateness(order[g], deliveredMs(g, w, s, d)),
      unservedCents: (g) => lateness(order[g], slots[slots.length - 1] + 2 * DAY_MS) + 100_000,
    },
  }
}

/** Who is busy when hands become fewer finishes what is in them: a piece of work for each at most. */
function letFinish(
  { capacityMs, parcelMs, lineMs }: WorkSupply,
  network: Network,
  slots: Float64Array,
  weekStartMs: number,
  conditions: Conditions,
): void {
  const T = slots.length - 1
  const mostLines = 8
  for (let w = 0; w < network.W; w++) {
    const { fromMs, pickers, packers } = network.rosters[w]
    const share = (timeMs: number): number => conditions.siteCapacity[conditionAt(conditions, timeMs)][w]
    const on = (hands: Int32Array, timeMs: number): number =>
      Math.round(hands[rosterAt(network.rosters[w], weekTimeMs(timeMs, weekStartMs))] * share(timeMs))
    for (let t = 0; t < T; t++) {
      const changes = conditions.fromMs.filter((ms) => ms > slots[0] && ms >= slots[t] && ms < slots[t + 1])
      for (let i = nextInWeek(fromMs, slots[t], weekStartMs); instantOf(fromMs, i, slots[t], weekStartMs) < slots[t + 1]; i++)
        changes.push(instantOf(fromMs, i, slots[t], weekStartMs))
      for (const [stage, hands] of [pickers, packers].entries()) {
        const piece = parcelMs[2 * w + stage] + mostLines * lineMs[2 * w + stage]
        for (const ms of new Set(changes))
          capacityMs[(2 * w + stage) * T + t] += Math.max(0, on(hands, ms - 1) - on(hands, ms)) * piece
      }
    }
  }
}

/** What lay on the shelves in the first place and what came since, as if all of it had been there: Infinity where nobody could empty it. */
function stockOf({ world, network }: Sim, { goods, units }: Groups): Float64Array {
  const { K, W } = network
  const asked = new Float64Array(K)
  for (let i = 0; i < goods.length; i++) asked[goods[i]] += units[i]
  return Float64Array.from({ length: K * W }, (_, shelf) => {
    const there = world.unitsIn[shelf]
    return there >= asked[Math.floor(shelf / W)] ? Number.POSITIVE_INFINITY : there
  })
}

import type { Ledger } from '../../sim/ledger.ts'
import { LANE } from '../../sim/network.ts'
import { countUpTo } from '../../sim/rising.ts'
import { type Day, lateCents, undeliveredCents } from './day.ts'
import { doorMs, haulMs, isLost, laneOf, readyMs, slowAt, unhinderedMs } from './fate.ts'
import type { RealisedMarket } from './realised-market.ts'

/** The queues of a run as they were, so that one order more can be put into them by itself. */
export type Queues = {
  readonly day: Day
  readonly departures: RealisedMarket['departures']
  /** Places taken on each departure. */
  readonly taken: Float64Array
  /** Of each warehouse's queues, ordinary and express, what came into them by time: [2 · warehouse + express]. */
  readonly came: readonly { readonly readyMs: Float64Array; readonly packedMs: Float64Array; readonly doneMs: Float64Array }[]
}

export function queuesOf(day: Day, departures: RealisedMarket['departures'], ledger: Ledger): Queues {
  const { W, S, serviceExpress } = day.network
  const members: { readyMs: number; packedMs: number }[][] = Array.from({ length: 2 * W }, () => [])
  const taken = new Float64Array(departures.leavesMs.length)
  for (let i = 0; i < ledger.shipments; i++) {
    const [w, s] = [ledger.warehouse[i], ledger.service[i]]
    if (!Number.isNaN(ledger.leftMs[i])) {
      const d = departureAt(departures, w * S + s, ledger.leftMs[i])
      if (d >= 0) taken[d]++
    }
    // Who was cancelled while he waited held nobody up.
    if (Number.isNaN(ledger.packedMs[i])) continue
    members[2 * w + serviceExpress[s]].push({
      readyMs: readyMs(day, ledger.order[i], w, ledger.part[i], ledger.routedMs[i]),
      packedMs: ledger.packedMs[i],
    })
  }
  const came = members.map((list, at) => {
    list.sort((a, b) => a.readyMs - b.readyMs || a.packedMs - b.packedMs)
    // Express goes first: an ordinary order waits for both.
    const ahead = at % 2 === 1 ? list : [...list, ...members[at + 1]].sort((a, b) => a.readyMs - b.readyMs)
    const doneMs = new Float64Array(list.length + 1)
    let seen = 0
    let done = 0
    for (let i = 0; i <= list.length; i++) {
      const until = i < list.length ? list[i].readyMs : Number.POSITIVE_INFINITY
      while (seen < ahead.length && ahead[seen].readyMs < until) done = Math.max(done, ahead[seen++].packedMs)
      doneMs[i] = done
    }
    return {
      readyMs: Float64Array.from(list, (one) => one.readyMs),
      packedMs: Float64Array.from(list, (one) => one.packedMs),
      doneMs,
    }
  })
  return { day, departures, taken, came }
}

function departureAt({ first, leavesMs }: RealisedMarket['departures'], lane: number, timeMs: number): number {
  for (let low = first[lane], high = first[lane + 1]; low < high; ) {
    const middle = (low + high) >> 1
    if (leavesMs[middle] === timeMs) return middle
    if (leavesMs[middle] < timeMs) low = middle + 1
    else high = middle
  }
  return -1
}

/** What would have become of an order by another lane, all others as they were. */
export type Alone = { readonly arrivesMs: number; readonly cents: number }

/**
 * Order i, whole, routed at an instant to a warehouse and a service, and put alone into the queues that there were: it is packed when the next that
 * came after it in its queue was (first come, first served), or sooner where everybody before it was done by then; it goes by the next
 * departure with a place left, with its own luck on the road. `beyondMs` is what queues at hub and station cost it in fact. Null where it would not
 * have arrived at all.
 */
export function alone(queues: Queues, i: number, w: number, s: number, routedMs: number, beyondMs: number): Alone | null {
  const { day, departures, taken, came } = queues
  const { network, clock } = day
  const { S, lanes, serviceExpress, handlingLineCents } = network
  const lane = laneOf(day, i, w, s)
  if (lanes[lane + LANE.medianMs] === 0 || isLost(day, i, s, 0)) return null
  const lines = day.lineStart[i + 1] - day.lineStart[i]
  const ready = readyMs(day, day.number[i], w, 0, routedMs)
  const packed = packedAlone(day, came[2 * w + serviceExpress[s]], i, w, ready, lines)
  const { first, cutMs, leavesMs, room } = departures
  let d = first[w * S + s]
  while (d < first[w * S + s + 1] && (cutMs[d] < packed || taken[d] >= room[d])) d++
  if (d === first[w * S + s + 1] || leavesMs[d] > day.patientUntilMs[i]) return null
  const haul = haulMs(day, i, w, s, 0) * slowAt(day, i, w, s, leavesMs[d])
  const arrivesMs = doorMs(day, i, Math.ceil(leavesMs[d] + haul), 0) + beyondMs
  let grams = 0
  for (let at = day.lineStart[i]; at < day.lineStart[i + 1]; at++) grams += network.skuGrams[day.sku[at]] * day.units[at]
  const shipping = lanes[lane + LANE.parcelCents] + lines * handlingLineCents[w] + (grams / 1000) * lanes[lane + LANE.kgCents]
  const late =
    arrivesMs > clock.endMs
      ? undeliveredCents(network, day.promisedMs[i], clock.endMs)
      : lateCents(network, day.promisedMs[i], arrivesMs)
  return { arrivesMs, cents: shipping + late }
}

function packedAlone(
  day: Day,
  { readyMs: ready, packedMs, doneMs }: Queues['came'][number],
  i: number,
  w: number,
  at: number,
  lines: number,
): number {
  const ahead = countUpTo(ready, at)
  const next = ahead < ready.length ? packedMs[ahead] : Number.POSITIVE_INFINITY
  // Whatever others do, it is not packed sooner than if it stood there alone, nor later than if it began when all before it were done.
  const soonest = unhinderedMs(day, i, w, 0, lines, at)
  return Math.max(soonest, Math.min(next, doneMs[ahead] <= at ? soonest : unhinderedMs(day, i, w, 0, lines, doneMs[ahead])))
}

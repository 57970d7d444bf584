import { wakeAll } from '../../sim/agents/dispatcher.ts'
import { stockShelf } from '../../sim/apply/stock.ts'
import { sample } from '../../sim/distribution.ts'
import { CLOSED, LANE } from '../../sim/network.ts'
import type { Sim } from '../../sim/sim.ts'
import { DAY_MS, HOUR_MS, WEEK_MS } from '../../sim/units.ts'
import {
  COUNT,
  eventMs,
  FLAG,
  hasFlag,
  lineAt,
  lineCount,
  nowMs,
  STATE,
  skuOfLine,
  stateOf,
  unitsOfLine,
} from '../../sim/world.ts'

/** When the last fault has ended and nobody orders any more, whatever is still missing comes: from then on every order can be served. */
export function heal(sim: Sim): void {
  const { world, pen, network } = sim
  const wanted = new Float64Array(network.K)
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    const state = stateOf(world, p)
    if (state === STATE.free || state === STATE.timer || state >= STATE.routed || hasFlag(world, p, FLAG.cancelled)) continue
    for (let i = 0; i < lineCount(world, p); i++) wanted[skuOfLine(lineAt(world, p, i))] += unitsOfLine(lineAt(world, p, i))
  }
  for (let k = 0; k < network.K; k++) {
    if (wanted[k] === 0) continue
    // To every shelf that may hold it; where from none of them a lane goes to some customer, which the doctor warns of, to all.
    const everywhere = !isServed(sim, k)
    for (let w = 0; w < network.W; w++) if (everywhere || network.held[k * network.W + w] === 1) stockShelf(pen, k, w, wanted[k])
  }
  wakeAll(sim)
}

/** True where each zone that orders can be sent the article from some warehouse that may hold it. */
function isServed({ network }: Sim, sku: number): boolean {
  const { Z, W, zoneShare, held, serviceBySpeed } = network
  for (let z = 0; z < Z; z++) {
    let served = zoneShare[z] === 0
    for (let w = 0; w < W && !served; w++) served = held[sku * W + w] === 1 && serviceBySpeed[(z * W + w) * 3] >= 0
    if (!served) return false
  }
  return true
}

/** What a law exceeds once in a thousand million draws: not in an hour of the swarm. */
const NEVER = 1 - 1e-9
/** Standard normal quantile of that. */
const FAR_OUT = 6

/**
 * When at the latest every order of a healed world must have ended, by the slowest of each station and as if all parcels went through it
 * one station after the other. A bound, not an estimate: only what hangs for ever, or nearly so, exceeds it.
 */
export function endsBy(sim: Sim): number {
  const { world, network } = sim
  const { W, S, Z, H } = network
  // An order becomes at most eight parcels, one for each of its lines.
  const parcels = 8 * (world.counts[COUNT.openOrders] + 1)
  let under = nowMs(world)
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    const state = stateOf(world, p)
    if (state !== STATE.free && state !== STATE.timer) under = Math.max(under, eventMs(world, p))
  }
  let approval = 0
  for (const law of network.payments.approval) approval = Math.max(approval, sample(law, NEVER))
  let house = 0
  for (let w = 0; w < W; w++) {
    const { fromMs, pickers, packers } = network.rosters[w]
    let pickMs = 0
    let packMs = 0
    for (let i = 0; i < fromMs.length; i++) {
      const lasts = (i + 1 < fromMs.length ? fromMs[i + 1] : WEEK_MS) - fromMs[i]
      pickMs += pickers[i] * lasts
      packMs += packers[i] * lasts
    }
    const pick = network.pickParcelMs[w] + 8 * network.pickLineMs[w]
    const pack = network.packParcelMs[w] + 8 * network.packLineMs[w]
    // Mean work is 1 of its law's; three times that for all, and one that takes as long as none ever did.
    const weeks = (3 * parcels * pick) / pickMs + (3 * parcels * pack) / packMs
    const longest = pick * sample(network.pickEffort[w], NEVER) + pack * sample(network.packEffort[w], NEVER)
    house = Math.max(house, 7 * sample(network.prepare[w], NEVER) + WEEK_MS * (weeks + 4) + longest)
  }
  let road = 0
  let trucks = 0
  for (let z = 0; z < Z; z++) {
    for (let w = 0; w < W; w++) {
      for (let s = 0; s < S; s++) {
        const at = ((z * W + w) * S + s) * LANE.fields
        const median = network.lanes[at + LANE.medianMs]
        const room = roomAWeek(network.timetables[s].capacity, w, W)
        if (median === CLOSED || room === 0) continue
        road = Math.max(road, median * Math.exp(network.lanes[at + LANE.sigma] * FAR_OUT))
        trucks = Math.max(trucks, WEEK_MS * (parcels / room + 3))
      }
    }
  }
  let sorting = 0
  for (let h = 0; h < H; h++)
    sorting = Math.max(sorting, HOUR_MS * (parcels / Math.max(1, Math.floor(network.hubPerHour[h])) + 2))
  let vans = 0
  // Four attempts at most, one van day a week at least.
  for (let z = 0; z < Z; z++)
    vans = Math.max(vans, WEEK_MS * ((4 * parcels) / Math.max(1, Math.floor(network.deliveriesPerDay[z])) + 5))
  const round = network.delivery.hoursMs
  return under + approval + WEEK_MS + house + trucks + road + sorting + vans + round + 30 * DAY_MS
}

function roomAWeek(capacity: Float64Array, w: number, W: number): number {
  let room = 0
  for (let i = w; i < capacity.length; i += W) room += Math.floor(capacity[i])
  return room
}

import { setCalmDepart, setDepart, setHubWait, setReady, setStationWait } from '../apply/site.ts'
import { cutOffOf, departureFor, doneBy, roomNow } from '../journey.ts'
import type { Sim } from '../sim.ts'
import { HOUR_MS } from '../units.ts'
import { listOf, nowMs } from '../world.ts'

/** What options are made of: when new work would be packed, which truck that catches, how long hubs and stations are behind. */

export function estimate(sim: Sim): void {
  const { world, pen, network, clock } = sim
  const now = nowMs(world)
  for (let w = 0; w < network.W; w++) estimateWarehouse(sim, w, now)
  for (let h = 0; h < network.H; h++) {
    const perHour = Math.max(1, network.hubPerHour[h] * world.hubCapacity[h])
    setHubWait(pen, h, Math.floor(world.listLength[listOf.hub(world.d, h)] / perHour) * HOUR_MS)
  }
  // Stations fill over hours and empty once a day: looking every hour is enough.
  if ((now - clock.dayZeroMs) % HOUR_MS === 0) estimateStations(sim)
}

/** How many days stations are behind. */
export function estimateStations({ world, pen, network }: Sim): void {
  for (let z = 0; z < network.Z; z++) {
    const rounds = network.delivery.roundsMs.length
    const perRound = Math.max(1, (network.deliveriesPerDay[z] * world.lastMile[z]) / rounds)
    setStationWait(pen, z, Math.floor(world.listLength[listOf.station(world.d, z)] / perRound) / rounds)
  }
}

export function estimateWarehouse(sim: Sim, w: number, now: number): void {
  const { world, pen, network, clock } = sim
  const roster = network.rosters[w]
  const pace = world.siteCapacity[w] / world.labour[w]
  const picked = doneBy(roster, roster.pickers, now, world.pickWorkMs[w], pace, clock.weekStartMs)
  const packed = doneBy(roster, roster.packers, now, world.packWorkMs[w], pace, clock.weekStartMs)
  const ready = Math.max(picked, packed)
  const work = picked >= packed ? world.pickWorkMs[w] : world.packWorkMs[w]
  const lineMs = picked >= packed ? network.pickLineMs[w] : network.packLineMs[w]
  const parcelMs = picked >= packed ? network.pickParcelMs[w] : network.packParcelMs[w]
  const meanMs = parcelMs + lineMs * network.meanLines
  // Waiting per unit of work, over the queue as it stands; an empty queue takes the hands on duty, or one in ten of an idle night's.
  const hands = Math.max(1, (picked >= packed ? world.pickers[w] : world.packers[w]) * pace)
  const perWork = work > 10 * meanMs * hands ? (ready - now) / work : 1 / hands
  const before = world.estimatedMs[w]
  setReady(pen, w, ready, meanMs * perWork)
  for (let s = 0; s < network.S; s++) {
    const timetable = network.timetables[s]
    if (timetable.atMs.length === 0) continue
    const skip = Math.min(60, Math.floor(world.committed[w * network.S + s] / roomNow(world, network, w, s)))
    const at = w * network.S + s
    const calmPacked = now + network.prepareMedianMs[w]
    if (calmPacked > world.calmCutMs[at]) {
      const calm = departureFor(network, s, calmPacked, 0, clock.weekStartMs)
      setCalmDepart(pen, w, s, calm, cutOffOf(network, s, calm, clock.weekStartMs))
    }
    // The same departure as before while the queue has grown, but not past its cut-off.
    const skipped = world.departMs[at] === world.departCutMs[at]
    if (skip === 0 && !skipped && ready >= before && ready <= world.departCutMs[at]) continue
    const first = departureFor(network, s, ready, 0, clock.weekStartMs)
    const leaves = skip > 0 ? Math.max(first, departureFor(network, s, now, skip, clock.weekStartMs)) : first
    setDepart(pen, w, s, leaves, skip > 0 ? leaves : cutOffOf(network, s, leaves, clock.weekStartMs))
  }
}

import { rosterAt } from './journey.ts'
import type { Network, Roster } from './network.ts'
import { DAY_MS, WEEK_MS } from './units.ts'

/** Parcels of the mean order that a warehouse's rostered hands can pick, and pack, on a weekday, whichever is fewer: [weekday · W + warehouse]. */
export function parcelsPerDay(network: Network): Float64Array {
  const { W, rosters, pickParcelMs, pickLineMs, packParcelMs, packLineMs, meanLines } = network
  const parcels = new Float64Array(7 * W)
  for (let w = 0; w < W; w++) {
    const { pickers, packers } = rosters[w]
    const pickMs = pickParcelMs[w] + meanLines * pickLineMs[w]
    const packMs = packParcelMs[w] + meanLines * packLineMs[w]
    for (let day = 0; day < 7; day++) {
      const picked = pickMs > 0 ? handMsOn(rosters[w], pickers, day) / pickMs : Number.POSITIVE_INFINITY
      const packed = packMs > 0 ? handMsOn(rosters[w], packers, day) / packMs : Number.POSITIVE_INFINITY
      parcels[day * W + w] = Math.min(picked, packed)
    }
  }
  return parcels
}

/** Time of all hands of a roster between two midnights. */
function handMsOn(roster: Roster, hands: Int32Array, day: number): number {
  const { fromMs } = roster
  let total = 0
  for (let at = day * DAY_MS, segment = rosterAt(roster, at); at < (day + 1) * DAY_MS; segment++) {
    const end = Math.min((day + 1) * DAY_MS, segment + 1 < fromMs.length ? fromMs[segment + 1] : WEEK_MS)
    total += hands[segment] * (end - at)
    at = end
  }
  return total
}

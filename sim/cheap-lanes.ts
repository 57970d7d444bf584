/**
 * A zone's open lanes from cheap to dear, for policies that never ask less than what an option costs: once the cheapest of all that
 * follow costs more than the best found, nobody behind can win. The order is by one line of 1 kg; for other loads the bound holds
 * all the same, since it is made of the least handling, freight and charge for weight of all that follow, each by itself.
 */
export type CheapLanes = {
  /** The least of parcel and first line, in cents, among this lane and all that follow, and the least for a kg: [(zone · W · S + rank) · 2]. */
  readonly restCents: Float64Array
  /** Its rank from near to far, its warehouse, and warehouse · S + service: [(zone · W · S + rank) · CHEAP.fields]. */
  readonly cheapLanes: Int32Array
  /** The rows of `lanes` in this order, so that those priced for one order lie side by side: [(zone · W · S + rank) · row]. */
  readonly rows: Float64Array
  /** What the warehouse that handles a line most cheaply takes for it. */
  readonly leastLineCents: number
}

export const CHEAP = { rank: 0, warehouse: 1, place: 2, fields: 4 } as const

type NearLanes = { readonly nearLanes: Int32Array; readonly nearCents: Float64Array; readonly nearCount: Int32Array }

/** `lanes` in rows of so many numbers: [zone · W · S + warehouse · S + service]. */
export function cheapLanesOf(
  { nearLanes, nearCents, nearCount }: NearLanes,
  lanes: Float64Array,
  lineCents: Float64Array,
  S: number,
): CheapLanes {
  const room = nearLanes.length / 2
  const row = lanes.length / room
  const perZone = lineCents.length * S
  const restCents = new Float64Array(room * 2)
  const cheapLanes = new Int32Array(room * CHEAP.fields)
  const rows = new Float64Array(room * row)
  for (let z = 0; z < nearCount.length; z++) {
    const near = (rank: number): number => 2 * (z * perZone + rank)
    const firstOf = (rank: number): number => nearCents[near(rank)] + lineCents[nearLanes[near(rank) + 1]]
    const kgOf = (rank: number): number => nearCents[near(rank) + 1]
    const typical = Float64Array.from({ length: nearCount[z] }, (_, rank) => firstOf(rank) + kgOf(rank))
    const ranks = Array.from(typical.keys()).sort((a, b) => typical[a] - typical[b] || a - b)
    let restFirst = Number.POSITIVE_INFINITY
    let restKg = Number.POSITIVE_INFINITY
    for (let i = ranks.length - 1; i >= 0; i--) {
      const rank = ranks[i]
      restFirst = Math.min(restFirst, firstOf(rank))
      restKg = Math.min(restKg, kgOf(rank))
      const at = z * perZone + i
      const place = nearLanes[near(rank)]
      restCents[2 * at] = restFirst
      restCents[2 * at + 1] = restKg
      cheapLanes[at * CHEAP.fields + CHEAP.rank] = rank
      cheapLanes[at * CHEAP.fields + CHEAP.warehouse] = nearLanes[near(rank) + 1]
      cheapLanes[at * CHEAP.fields + CHEAP.place] = place
      const from = (z * perZone + place) * row
      rows.set(lanes.subarray(from, from + row), at * row)
    }
  }
  return { restCents, cheapLanes, rows, leastLineCents: Math.min(...lineCents) }
}

/**
 * A zone's open lanes from cheap to dear, for policies that never ask less than what an option costs: once the cheapest of all that
 * follow costs more than the best found, nobody behind can win. The order is by one line of 1 kg; for other loads the bound holds
 * all the same, since it is made of the least handling, freight and charge for weight of all that follow, each by itself.
 */
export type CheapLanes = {
  /** CHEAP.fields numbers for each lane: [(zone · W · S + rank) · fields]. */
  readonly cheapCents: Float64Array
  /** Its rank from near to far and its warehouse: [(zone · W · S + rank) · 2]. */
  readonly cheapLanes: Int32Array
  /** What the warehouse that handles a line most cheaply takes for it. */
  readonly leastLineCents: number
}

/** `restFirst` is the least of parcel and first line among this lane and all that follow, `restKg` the least for a kg. */
export const CHEAP = { parcelCents: 0, kgCents: 1, restFirst: 2, restKg: 3, fields: 4 } as const

type NearLanes = { readonly nearLanes: Int32Array; readonly nearCents: Float64Array; readonly nearCount: Int32Array }

export function cheapLanesOf({ nearLanes, nearCents, nearCount }: NearLanes, lineCents: Float64Array, S: number): CheapLanes {
  const room = nearLanes.length / 2
  const perZone = lineCents.length * S
  const cheapCents = new Float64Array(room * CHEAP.fields)
  const cheapLanes = new Int32Array(room * 2)
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
      const at = (z * perZone + i) * CHEAP.fields
      cheapCents[at + CHEAP.parcelCents] = nearCents[near(rank)]
      cheapCents[at + CHEAP.kgCents] = kgOf(rank)
      cheapCents[at + CHEAP.restFirst] = restFirst
      cheapCents[at + CHEAP.restKg] = restKg
      cheapLanes[(z * perZone + i) * 2] = rank
      cheapLanes[(z * perZone + i) * 2 + 1] = nearLanes[near(rank) + 1]
    }
  }
  return { cheapCents, cheapLanes, leastLineCents: Math.min(...lineCents) }
}

import { LINES_OF } from '../../policies/market/columns.ts'
import { findCheapest, firstDepartureOf, type Pricer } from '../../policies/market/pricer.ts'
import { slotsOf, workOf } from '../../policies/market/work.ts'
import type { Ledger } from '../../sim/ledger.ts'
import { choicesOf, missedOf } from './choices.ts'
import type { Day } from './day.ts'
import type { RealisedMarket } from './realised-market.ts'

/** Parts of the mean optimal cost of an order by which a choice may be dearer and still count as right. */
export const EPSILONS = [0, 0.01, 0.02, 0.05, 0.1] as const
/** Of the same mean: rounding. */
const HAIR = 1e-6

export type Judged = {
  /**
   * Cents by which the chosen set of shipments, each by its best departure, lies above the order's cheapest at hindsight prices: its reduced cost.
   * Of choices that came to nothing what the search for their goods cost is part of it; those that went another way in time are none.
   * Not identity with one optimal plan, since optima are many. NaN for an order nobody could ship, Infinity for one that was not shipped.
   */
  readonly excessCents: Float64Array
  /** Of the chosen shipments: cents for hands, room and goods that ran short. */
  readonly tollCents: Float64Array
}

/** How far each order's shipments were from the best, now that it is known what hands, room and goods were worth. The pricer must be aimed at those prices. */
export function judgeChoices(pricer: Pricer, market: RealisedMarket, day: Day, ledger: Ledger): Judged {
  const choices = choicesOf(day, ledger)
  const missed = missedOf(day, ledger)
  const G = market.groups.count
  const excessCents = new Float64Array(G)
  const tollCents = new Float64Array(G)
  for (let g = 0; g < G; g++) {
    const i = market.order[g]
    if (Number.isNaN(day.paidMs[i])) {
      excessCents[g] = Number.NaN
      continue
    }
    findCheapest(pricer, g)
    const best = pricer.best
    let cents = 0
    for (let at = choices.start[i]; at < choices.start[i + 1]; at++) {
      const shipment = choices.shipment[at]
      cents += bestOf(pricer, g, ledger.mask[shipment], ledger.warehouse[shipment], ledger.service[shipment])
      tollCents[g] += TOLL.cents
    }
    // Who was sent to an empty shelf first has paid for it.
    for (let at = missed.start[i]; at < missed.start[i + 1]; at++) cents += ledger.cents[missed.shipment[at]]
    excessCents[g] = choices.start[i] === choices.start[i + 1] ? Number.POSITIVE_INFINITY : Math.max(0, cents - best)
  }
  return { excessCents, tollCents }
}

const TOLL = { cents: 0 }

/** Cents of one shipment with its tolls by the departure that is best for it; leaves the tolls in TOLL. */
function bestOf(pricer: Pricer, g: number, lines: number, w: number, s: number): number {
  const { market, workCents, roomCents, stockCents } = pricer
  const { costs, departures, groups, services, warehouses } = market
  const lane = w * services + s
  const T = slotsOf(market)
  const pick = (2 * w * T + groups.fromSlot[g]) * (T + 1)
  const pack = ((2 * w + 1) * T + groups.fromSlot[g]) * (T + 1)
  const pickMs = workOf(market, g, 2 * w, LINES_OF[lines])
  const packMs = workOf(market, g, 2 * w + 1, LINES_OF[lines])
  let bare = costs.parcelCents(g, w, s)
  let goods = 0
  for (let mask = lines; mask > 0; mask &= mask - 1) {
    const line = 31 - Math.clz32(mask & -mask)
    const at = groups.lineStart[g] + line
    bare += costs.lineCents(g, w, s, line)
    goods += groups.units[at] * stockCents[groups.goods[at] * warehouses + w]
  }
  let best = Number.POSITIVE_INFINITY
  TOLL.cents = goods
  const first = firstDepartureOf(market, g, lane)
  for (let d = first; first >= 0 && d < departures.first[lane + 1]; d++) {
    const late = (lines & 1) === 1 ? costs.lateCents(g, w, s, d) : 0
    // Lateness does not fall from one departure to the next.
    if (bare + goods + late >= best) break
    const by = departures.bySlot[d]
    const toll = goods + roomCents[d] + pickMs * workCents[pick + by] + packMs * workCents[pack + by]
    if (bare + late + toll >= best) continue
    best = bare + late + toll
    TOLL.cents = toll
  }
  return best
}

/** 1 for orders that were worth a thought: the static choice is not within `within` of the best, or goes by what ran short. */
export function contestedOf({ excessCents, tollCents }: Judged, meanCents: number, within: number): Uint8Array {
  return Uint8Array.from(excessCents, (excess, g) => (excess > within * meanCents || tollCents[g] > HAIR * meanCents ? 1 : 0))
}

/** Share of orders whose choice is within each of EPSILONS × the mean optimal cost; of those marked in `among` where given. NaN where there are none. */
export function accuracyOf({ excessCents }: Judged, meanCents: number, among: Uint8Array | null = null): number[] {
  return EPSILONS.map((epsilon) => {
    let orders = 0
    let right = 0
    for (let g = 0; g < excessCents.length; g++) {
      if (Number.isNaN(excessCents[g]) || (among !== null && among[g] === 0)) continue
      orders++
      if (excessCents[g] <= (epsilon + HAIR) * meanCents) right++
    }
    return right / orders
  })
}

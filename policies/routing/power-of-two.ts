import { costFloor, policy, type RoutingOption } from '../../sim/policy.ts'
import { timetableTerms } from '../../sim/term.ts'
import { lot } from '../market/lot.ts'

const CENTS_PER_PARCEL = 1e9
/** More than any queue costs: a warehouse that was not looked at ships only where neither of the two can. */
const NOT_LOOKED_AT = 1e15
const LATE = 1e6
const HOUR_MS = 3_600_000

/**
 * The power of two choices: of two warehouses picked by lot for this order, the one with fewer parcels to pick and pack before it; among
 * equals the cheapest service that keeps the promise by the timetable. Two looks an order whatever the number of warehouses, and nearly
 * all that looking at each of them would give: with load λ and many warehouses the mean time there is Σ λ^(2^i − 2), beside 1 / (1 − λ) by
 * lot alone. Vvedenskaya, Dobrushin & Karpelevich, Problems of Information Transmission 32 (1996); Mitzenmacher, IEEE Transactions on
 * Parallel and Distributed Systems 12 (2001).
 *
 * A policy has no dice: the two are a hash of the order's number, so that the same order looks at the same two wherever it is asked.
 */
export default policy('routing', {
  about: 'Ship from the less busy of two warehouses picked by lot, by its cheapest service that is in time.',
  params: {},
  floor: costFloor,
  price: (option) => {
    const byLot = isPicked(option) ? 0 : NOT_LOOKED_AT
    const service =
      option.calmEtaMsP90 <= option.promisedMs ? option.costCents : LATE + (option.calmEtaMsP90 - option.placedMs) / HOUR_MS
    return byLot + option.parcelsAhead * CENTS_PER_PARCEL + service
  },
  terms: (option) => [
    { name: 'notPickedByLot', amount: isPicked(option) ? 0 : 1, weight: NOT_LOOKED_AT },
    { name: 'parcelsAhead', amount: option.parcelsAhead, weight: CENTS_PER_PARCEL },
    ...timetableTerms(option, LATE),
  ],
})

function isPicked({ order, warehouse, warehouses }: RoutingOption): boolean {
  const first = lot(order, 0x9e3779b9) % warehouses
  const second = warehouses > 1 ? (first + 1 + (lot(order, 0x85ebca6b) % (warehouses - 1))) % warehouses : first
  return warehouse === first || warehouse === second
}

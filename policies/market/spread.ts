import { CLOSED, LANE, type Network, shipmentCents } from '../../sim/network.ts'

/**
 * Cents between the dearest and the cheapest way to ship a line of the mean weight, on average over customers: what goods in the right place can be
 * worth, without a forecast. One look a lane.
 */
export function spreadCents({ W, S, Z, lanes, zoneShare, handlingLineCents, skuShare, skuGrams, meanUnits }: Network): number {
  let grams = 0
  for (let k = 0; k < skuShare.length; k++) grams += skuShare[k] * skuGrams[k]
  const kg = (grams * meanUnits) / 1000
  let spread = 0
  for (let z = 0; z < Z; z++) {
    let least = Number.POSITIVE_INFINITY
    let most = 0
    for (let lane = 0; lane < W * S; lane++) {
      const at = (z * W * S + lane) * LANE.fields
      if (lanes[at + LANE.medianMs] === CLOSED) continue
      const line = handlingLineCents[Math.floor(lane / S)]
      const cents = shipmentCents(1, line, lanes[at + LANE.parcelCents], kg, lanes[at + LANE.kgCents])
      least = Math.min(least, cents)
      most = Math.max(most, cents)
    }
    if (most > 0) spread += zoneShare[z] * (most - least)
  }
  return spread
}

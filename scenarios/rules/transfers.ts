import type { CompiledRules, Transfer } from '../../policies/rules/compiled.ts'
import type { Sim } from '../../sim/sim.ts'
import { availableUnits } from '../../sim/world.ts'

/** Goods that a rule would move from a shelf that is too full to one that is too empty. */
export type Proposal = {
  readonly rule: number
  readonly sku: number
  readonly from: number
  readonly to: number
  readonly units: number
}

/** What the rules that take an order propose for its goods, at the shelves as they are now. */
export function proposalsOf(
  sim: Sim,
  { transfers }: CompiledRules,
  { takenBy, skus }: { readonly takenBy: readonly number[]; readonly skus: readonly number[] },
): Proposal[] {
  return transfers.filter(({ rule }) => takenBy.includes(rule)).flatMap((one) => skus.flatMap((sku) => transferOf(sim, one, sku)))
}

function transferOf(sim: Sim, { rule, above, below, from, to }: Transfer, sku: number): Proposal[] {
  const { W, initialStock, held } = sim.network
  const opened = (w: number): number => initialStock[sku * W + w]
  const share = (w: number): number => availableUnits(sim.world, sku, w) / opened(w)
  const found: Proposal[] = []
  for (let w = 0; w < W; w++) {
    if (from[w] === 0 || opened(w) === 0 || !(share(w) > above)) continue
    let emptiest = -1
    for (let v = 0; v < W; v++) {
      if (v === w || to[v] === 0 || held[sku * W + v] === 0 || opened(v) === 0) continue
      if (share(v) < below && (emptiest < 0 || share(v) < share(emptiest))) emptiest = v
    }
    if (emptiest < 0) continue
    // Down to where it is no longer too full, and never so much that the other one would be.
    const spare = Math.floor(availableUnits(sim.world, sku, w) - above * opened(w))
    const room = Math.floor(above * opened(emptiest) - availableUnits(sim.world, sku, emptiest))
    const units = Math.min(spare, room)
    if (units > 0) found.push({ rule, sku, from: w, to: emptiest, units })
  }
  return found
}

import type { ShipmentSet } from '../../sim/explain/decision.ts'
import { Explainer } from '../../sim/explain/explainer.ts'
import type { Sim } from '../../sim/sim.ts'
import type { Parcel } from '../../sim/world.ts'

/** What the router would buy where some warehouses are barred: those it does without, by place. */
export type Alternative = { readonly without: readonly number[]; readonly set: ShipmentSet }

/** How many searches one question may cost. */
const SEARCHES_MAX = 64

/**
 * The cheapest sets beside the chosen one, cheapest first: each does without at least one warehouse of every set before it, so the first is the
 * runner-up. Found best first, by barring one warehouse of a set more (after Lawler, Management Science 18, 1972, on the k best solutions). `within`
 * gives the sim that may use only some warehouses.
 */
export function alternativesTo(
  chosen: ShipmentSet,
  order: Parcel,
  most: number,
  warehouses: number,
  within: (allowed: Uint8Array) => Sim,
): Alternative[] {
  const found: Alternative[] = []
  const open: Alternative[] = []
  const tried = new Set<string>()
  const seen = new Set([placesOf(chosen).join()])
  const branch = (without: readonly number[], set: ShipmentSet): void => {
    for (const warehouse of placesOf(set)) {
      const barred = [...without, warehouse].sort((a, b) => a - b)
      if (tried.size >= SEARCHES_MAX || tried.has(barred.join())) continue
      tried.add(barred.join())
      const allowed = new Uint8Array(warehouses).fill(1)
      for (const one of barred) allowed[one] = 0
      const other = new Explainer(within(allowed)).chosen(order, -1)
      if (other !== null) open.push({ without: barred, set: other })
    }
  }
  branch([], chosen)
  while (found.length < most && open.length > 0) {
    let best = 0
    for (let i = 1; i < open.length; i++) if (open[i].set.price < open[best].set.price) best = i
    const [next] = open.splice(best, 1)
    branch(next.without, next.set)
    const places = placesOf(next.set).join()
    if (seen.has(places)) continue
    seen.add(places)
    found.push(next)
  }
  return found
}

const placesOf = ({ shipments }: ShipmentSet): number[] =>
  [...new Set(shipments.map(({ warehouse }) => warehouse))].sort((a, b) => a - b)

import { exchangePlans, noPlanYet } from './apply/prices.ts'
import type { Policies } from './policy.ts'
import type { Sim } from './sim.ts'
import { orderOf, type Parcel } from './world.ts'

/**
 * Several routing policies that decide in one world, each for its own orders: over the same shelves, hands and trucks, and each with a plan of its
 * own. The world holds the plan of whoever decides just then; the others' are kept here. What each learns, it learns from all parcels.
 */
export type Sides = {
  /** The run as each side has it: one world, its own policies. */
  readonly runs: readonly Sim[]
  /** Which side an order belongs to; the same whenever it is asked. */
  of(order: Parcel): number
  /** Lets a side decide: its plan is the world's from now on. */
  enter(side: number): Sim
}

/** Says by an order's number which side it belongs to. */
export type SideOfOrder = (number: number) => number

/**
 * The routing policy of a run that is handed to sides. Whether orders are pooled, looked at again or learnt from is one question for the
 * whole run, and true where it is for any of them; what is decided is asked of the sides.
 */
export function routingOfAll(all: readonly Policies['routing'][]): Policies['routing'] {
  return Object.assign({}, ...[...all].reverse())
}

/** The run with its orders given to sides, the first of which decides at first. It must have been opened with `routingOfAll` of them. */
export function withSides(sim: Sim, policies: readonly Policies[], sideOf: SideOfOrder): Sim {
  const { world, pen } = sim
  const plans = policies.map(() => noPlanYet(world))
  let inside = 0
  const runs: Sim[] = []
  const sides: Sides = {
    runs,
    of: (order) => sideOf(orderOf(world, order)),
    enter: (side) => {
      if (side !== inside) {
        exchangePlans(pen, plans[inside])
        exchangePlans(pen, plans[side])
        inside = side
      }
      return runs[side]
    },
  }
  runs.push(...policies.map((own) => ({ ...sim, policies: own, sides })))
  return { ...sim, sides }
}

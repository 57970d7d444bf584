import type { Contestant } from '../../scenarios/plan.ts'
import type { decisionWorld } from '../../sim/apply/decision-world.ts'
import type { Policies } from '../../sim/policy.ts'
import { Chooser, type Place } from './chooser.ts'
import type { PlanMemory } from './ground.ts'

/** A version that may be asked: plain data, handed to every decision thread before any assignment names it. */
export type SeatCard = {
  /** Its place in the memory where conduct is counted; never used again. */
  readonly seat: number
  /** Registry id, and its digest. */
  readonly version: string
  readonly digest: string
  readonly contestant: Contestant
  /** Where the prices of its plan lie; null for a policy that plans nothing. */
  readonly plan: PlanMemory | null
}

/** The time a decision may take was over in the middle of a search. */
export class OverBudget extends Error {}

/** Prices are asked in so many steps before the clock is looked at, which costs as much as a price. */
const STEPS = 8

/** Until when policies of a thread may go on; one for all its seats. */
export type Deadline = { ms: number }

/** A version on a decision thread, with a world of its own to be asked over. */
export type Seat = SeatCard & { readonly chooser: Chooser; readonly pen: ReturnType<typeof decisionWorld> }

/** Makes a version ready on this thread. Its policy is held to the deadline wherever it asks a price. */
export function takeSeat(
  card: SeatCard,
  place: Place,
  policies: Policies,
  pen: ReturnType<typeof decisionWorld>,
  deadline: Deadline,
): Seat {
  const { routing } = policies
  let steps = 0
  const price: typeof routing.price = (option, params) => {
    if (++steps % STEPS === 0 && performance.now() > deadline.ms) throw new OverBudget('its time was over')
    return routing.price(option, params)
  }
  return { ...card, chooser: new Chooser(place, { ...policies, routing: { ...routing, price } }, pen), pen }
}

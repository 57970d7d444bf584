import type { RuleClock } from '../../policies/rules/order-in-hand.ts'
import { libraryOf } from '../../scenarios/contestant.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { withRules } from '../../scenarios/rules/with-rules.ts'
import { policiesOf } from '../../scenarios/worker.ts'
import type { Policies } from '../../sim/policy.ts'

/** Gives the policies of a contestant. */
export type LoadPolicies = (contestant: Contestant, clock: RuleClock) => Promise<Policies>

/** As the catalogue has them, or its rule set. */
export const policiesFor: LoadPolicies = async (contestant, clock) =>
  withRules(policiesOf(await libraryOf([contestant]), contestant), contestant, clock)

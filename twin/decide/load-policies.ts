import type { RuleClock } from '../../policies/rules/order-in-hand.ts'
import { libraryOf } from '../../scenarios/contestant.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { withRules } from '../../scenarios/rules/with-rules.ts'
import { policiesOf } from '../../scenarios/worker.ts'
import type { Policies } from '../../sim/policy.ts'
import { policyOf, type Runnable } from '../registry/run.ts'

/** A contestant whose routing policy is a version of the registry, as it was when it was registered: the file may have changed since, or be gone. */
export type Seated = Contestant & { readonly version?: Runnable }

/** Gives the policies of a contestant. */
export type LoadPolicies = (contestant: Seated, clock: RuleClock) => Promise<Policies>

/** As the registry keeps them, or else as the catalogue has them, or its rule set. */
export const policiesFor: LoadPolicies = async (contestant, clock) => {
  const policies = withRules(policiesOf(await libraryOf([contestant]), contestant), contestant, clock)
  const { version } = contestant
  return version === undefined ? policies : { ...policies, routing: await policyOf('routing', version) }
}

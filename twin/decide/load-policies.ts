import type { RuleClock } from '../../policies/rules/order-in-hand.ts'
import { ruleRouting } from '../../policies/rules/rule-routing.ts'
import { libraryOf } from '../../scenarios/contestant.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { withRules } from '../../scenarios/rules/with-rules.ts'
import { policiesOf } from '../../scenarios/worker.ts'
import type { Policies } from '../../sim/policy.ts'
import { policyOf, type Runnable, rulesOf } from '../registry/run.ts'

/**
 * A contestant whose routing policy or rule set is a version of the registry, as it was when it was registered: the file may have changed since, or
 * be gone.
 */
export type Seated = Contestant & { readonly version?: Runnable }

/** Gives the policies of a contestant. */
export type LoadPolicies = (contestant: Seated, clock: RuleClock) => Promise<Policies>

/** As the registry keeps them, or else as the catalogue has them, or its rule set. */
export const policiesFor: LoadPolicies = async (contestant, clock) => {
  const policies = withRules(policiesOf(await libraryOf([contestant]), contestant), contestant, clock)
  const { version } = contestant
  if (version === undefined) return policies
  const routing = version.kind === 'rules' ? ruleRouting(rulesOf(version), clock) : await policyOf('routing', version)
  return { ...policies, routing }
}

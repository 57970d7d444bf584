import type { RuleClock } from '../../policies/rules/order-in-hand.ts'
import { ruleRouting } from '../../policies/rules/rule-routing.ts'
import { libraryOf } from '../../scenarios/contestant.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { withRules } from '../../scenarios/rules/with-rules.ts'
import { policiesOf } from '../../scenarios/worker.ts'
import type { Policies, Seams } from '../../sim/policy.ts'
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
  return version === undefined ? policies : { ...policies, routing: (await routingOf(version))(clock) }
}

/** How a version routes, whatever the clock that its rules go by. */
export async function routingOf(version: Runnable): Promise<(clock: RuleClock) => Seams['routing']> {
  if (version.kind === 'rules') {
    const rules = rulesOf(version)
    return (clock) => ruleRouting(rules, clock)
  }
  const routing = await policyOf('routing', version)
  return () => routing
}

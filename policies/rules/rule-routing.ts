import type { Seams } from '../../sim/policy.ts'
import type { CompiledRules } from './compiled.ts'
import type { RuleClock } from './order-in-hand.ts'
import { RuleEngine } from './rule-engine.ts'

/** A rule set as a routing policy of one run. Its prices are places in a list, not cents: only which is lower means something. */
export const ruleRouting = (rules: CompiledRules, clock: RuleClock): Seams['routing'] =>
  routingBy(new RuleEngine(rules, clock), rules.name)

/** The same by an engine that somebody else may look into. */
export const routingBy = (engine: RuleEngine, name: string): Seams['routing'] => ({
  about: `The rules of ${name}.`,
  params: {},
  price: (option) => engine.price(option),
  limit: (order, _params, limits) => engine.limit(order, limits),
  terms: (option) => engine.terms(option),
  refusals: (option) => engine.refusals(option),
  rung: () => 'rules',
})

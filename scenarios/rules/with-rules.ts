import type { RuleClock } from '../../policies/rules/order-in-hand.ts'
import { ruleRouting } from '../../policies/rules/rule-routing.ts'
import type { Policies } from '../../sim/policy.ts'
import type { Contestant } from '../plan.ts'

/** In front of the name of a rule set among the policies of a contestant: "rules:my-rules.yaml". */
export const RULES = 'rules:'

/** Ids of policies that are files of the catalogue; a rule set is data and comes along with its contestant. */
export const isPolicyFile = (id: string): boolean => !id.startsWith(RULES)

/** Policies of a contestant for one run: where it has rules, they choose the route. */
export const withRules = (policies: Policies, { rules }: Contestant, clock: RuleClock): Policies =>
  rules === undefined ? policies : { ...policies, routing: ruleRouting(rules, clock) }

/** The policies of a contestant as files; in the place of rules `instead`, for whoever loads all four. */
export const filesOf = ({ policies }: Contestant, instead: string): Contestant['policies'] =>
  isPolicyFile(policies.routing) ? policies : { ...policies, routing: instead }

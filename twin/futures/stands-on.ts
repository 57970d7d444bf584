import type { LawsNote } from '../fidelity/laws.ts'
import type { Future } from './future-file.ts'
import type { Foreseen } from './run-futures.ts'

/** What an answer about the future stands on: told with it, so that another can make it again. */
export type StandsOn = {
  /** The present that the futures begin with, RFC 3339. */
  readonly asOf: string
  readonly hours: number
  readonly replications: number
  readonly seed: string
  readonly network: string
  readonly policies: string
  /** What was laid over the present; null for nothing. */
  readonly scenario: string | null
  /** How many pieces of each kind were told to hold now. */
  readonly told: Future['told']
  readonly leftOut: Future['leftOut']
  readonly laws: LawsNote | null
}

export function standsOn({ future }: Pick<Foreseen, 'future'>): StandsOn {
  const { asOf, hours, replications, seed, network, policies, scenario, told, leftOut, laws } = future
  return { asOf, hours, replications, seed, network, policies, scenario, told, leftOut, laws: laws ?? null }
}

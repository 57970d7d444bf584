import { compileRules } from '../../policies/rules/compile.ts'
import type { CompiledRules } from '../../policies/rules/compiled.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { InputError } from '../read/problem.ts'
import { lintRules, type RuleFinding } from './lint.ts'
import { type ReadRules, readRules } from './read-rules.ts'

/** What is only odd is handed on; every error has been thrown. */
export type LoadedRules = { readonly read: ReadRules; readonly compiled: CompiledRules; readonly odd: readonly RuleFinding[] }

/** A rule set by path or bundled name: read, linted and compiled for a network; all that is wrong with it is thrown, each on its line. */
export const loadRules = (nameOrFile: string, network: NetworkSpec): LoadedRules => compiledFor(readRules(nameOrFile), network)

export function compiledFor(read: ReadRules, network: NetworkSpec): LoadedRules {
  const findings = lintRules(read, network)
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new InputError(errors.map(({ problem }) => problem))
  return { read, compiled: compileRules(read.spec, network), odd: findings }
}

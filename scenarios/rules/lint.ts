import { compileRules } from '../../policies/rules/compile.ts'
import { PRICE_ROOM } from '../../policies/rules/compiled.ts'
import { SORT_KEYS } from '../../policies/rules/spec.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Severity } from '../doctor/note.ts'
import { formatPath } from '../read/check.ts'
import type { Problem } from '../read/problem.ts'
import { contradictions } from './lint-contradictions.ts'
import { unknownNames } from './lint-names.ts'
import { unreachable } from './lint-reach.ts'
import { idleSorts } from './lint-sorts.ts'
import type { ReadRules } from './read-rules.ts'
import { type Remark, wrong } from './remark.ts'

export type RuleFinding = { readonly severity: Severity; readonly problem: Problem }

/** What a schema cannot see, each on its line: an error keeps a rule set from being run, a warning says what its author may not have meant. */
export function lintRules({ file, spec, at }: ReadRules, network: NetworkSpec): RuleFinding[] {
  const remarks = [...unknownNames(spec, network), ...contradictions(spec)]
  // What is left is asked of the compiled form, which only rules without an error have.
  if (remarks.every(({ severity }) => severity === 'warning')) {
    const compiled = compileRules(spec, network)
    remarks.push(...unreachable(spec, network, compiled), ...idleSorts(spec, network, compiled), ...roomless(compiled))
  }
  return remarks
    .map(({ severity, path, found, fix }) => ({
      severity,
      problem: { file, line: at(path), field: formatPath(path), found, fix },
    }))
    .sort((a, b) => a.problem.line - b.problem.line)
}

/** Prices that a double could not tell apart. */
function roomless({ priceEnd, R, sortFirst, sortBands, sortKey }: ReturnType<typeof compileRules>): Remark[] {
  if (priceEnd <= PRICE_ROOM) return []
  let finest = 0
  for (let i = 0; i < sortFirst[R]; i++) if (sortBands[i] > sortBands[finest]) finest = i
  const rule = sortFirst.findIndex((first) => first > finest) - 1
  const times = Math.ceil(priceEnd / PRICE_ROOM)
  return [
    wrong(
      ['rules', rule, 'sort', finest - sortFirst[rule]],
      `sorts with ${times.toLocaleString('en-US')} times as many places as a price can tell apart`,
      `give \`${SORT_KEYS[sortKey[finest]]}\` a wider band, now ${sortBands[finest].toLocaleString('en-US')} of them, or take a sort out`,
    ),
  ]
}

import { fileURLToPath } from 'node:url'
import { check, problemsOf } from '../../scenarios/read/check.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { readYaml } from '../../scenarios/read/yaml.ts'
import { type AlertRule, RULES_SCHEMA } from './rule.ts'

const LIBRARY = fileURLToPath(new URL('./rules.yaml', import.meta.url))

/** The rules of a file, or those that come with Orrery. */
export function readAlertRules(file: string | null): readonly AlertRule[] {
  const path = file ?? LIBRARY
  const yaml = readYaml(path)
  const checked = check(RULES_SCHEMA, yaml.value)
  if (!checked.ok) throw new InputError(problemsOf(path, yaml, checked.flaws))
  const twice = checked.value.rules.filter(({ id }, i) => checked.value.rules.findIndex((rule) => rule.id === id) !== i)
  if (twice.length > 0)
    throw new InputError(
      twice.map(({ id }) => ({
        file: path,
        line: null,
        field: `rules.${id}`,
        found: 'two rules of this id',
        fix: 'give each an id of its own',
      })),
    )
  return checked.value.rules
}

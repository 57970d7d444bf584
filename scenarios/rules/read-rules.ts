import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RuleSetSpec } from '../../policies/rules/spec.ts'
import { check, problemsOf } from '../read/check.ts'
import { InputError } from '../read/problem.ts'
import { didYouMean } from '../read/suggest.ts'
import { readYaml, type YamlFile, yamlOf } from '../read/yaml.ts'
import { RulesSchema } from './rules-schema.ts'

/** Bundled rule sets: every YAML file in here is one, under its name. */
const LIBRARY = fileURLToPath(new URL('./library/', import.meta.url))

/** A rule set as it was written, and where each of its fields stands. */
export type ReadRules = { readonly file: string; readonly spec: RuleSetSpec; readonly at: YamlFile['at'] }

/** A rule set by its path, or a bundled one by its name; what no schema can see is left to the lint. */
export function readRules(nameOrFile: string): ReadRules {
  const file = fileOf(nameOrFile)
  return checked(file, readYaml(file))
}

/** A rule set by its own words, which lie in no file here; `file` is what its errors call it. */
export const rulesIn = (file: string, text: string): ReadRules => checked(file, yamlOf(file, text))

function checked(file: string, yaml: YamlFile): ReadRules {
  const read = check(RulesSchema, yaml.value)
  if (!read.ok) throw new InputError(problemsOf(file, yaml, read.flaws))
  return { file, spec: read.value, at: yaml.at }
}

export function listRules(): string[] {
  return readdirSync(LIBRARY)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort()
}

function fileOf(nameOrFile: string): string {
  if (/\.ya?ml$/.test(nameOrFile) || existsSync(nameOrFile)) return nameOrFile
  const names = listRules()
  if (names.includes(nameOrFile)) return join(LIBRARY, `${nameOrFile}.yaml`)
  const fix = `${didYouMean(nameOrFile, names)} The path of a .yaml file will do too`
  throw new InputError([{ file: 'rules', line: null, field: `"${nameOrFile}"`, found: 'no such name or file', fix }])
}

import { existsSync, readdirSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { ScenarioSchema } from '../schema/scenario-schema.ts'
import { check, problemsOf } from './check.ts'
import { InputError } from './problem.ts'
import { didYouMean } from './suggest.ts'
import { readYaml, type YamlFile, yamlOf } from './yaml.ts'

/** Bundled scenarios: every YAML file in here is one, under its name. */
const LIBRARY = fileURLToPath(new URL('../library/', import.meta.url))

const LISTS = ['demand', 'weather', 'warehouses', 'carriers', 'hubs', 'suppliers', 'stockErrors', 'blackouts'] as const

/** `parts` says which file each piece came from, so that what is wrong with the whole can be shown where it was written. */
export type LoadedScenario = {
  readonly id: string
  readonly spec: ScenarioSpec
  readonly parts: readonly { readonly file: string; readonly spec: ScenarioSpec }[]
}

export function listScenarios(): { id: string; name: string; about: string; file: string }[] {
  return scenarioIds().map((id) => {
    const file = join(LIBRARY, `${id}.yaml`)
    const { name, about } = readScenario(file)
    return { id, name, about, file }
  })
}

/** A library name, the path of a .yaml file, or several of them laid over each other: "peak-sale+storm". */
export function loadScenario(text: string): LoadedScenario {
  // A file may have a plus in its name.
  const names = existsSync(text) ? [text] : text.split('+').map((name) => name.trim())
  const again = names.find((name, i) => names.indexOf(name) !== i)
  if (again !== undefined) {
    const fix = 'lay each scenario over the others once; a stronger one is a .yaml file of its own'
    throw new InputError([{ file: 'scenario', line: null, field: `"${text}"`, found: `${again} twice`, fix }])
  }
  const parts = names.map((name) => {
    const file = fileOf(name, text)
    return { id: basename(file, extname(file)), file, spec: readScenario(file) }
  })
  return {
    id: parts.map(({ id }) => id).join('+'),
    spec: overlay(parts.map(({ spec }) => spec)),
    parts: parts.map(({ file, spec }) => ({ file, spec })),
  }
}

/** Scenarios laid over each other: lists are joined, the longest span of days holds, and what they say is said one after the other. */
export function overlay(specs: readonly ScenarioSpec[]): ScenarioSpec {
  const days = specs.flatMap((spec) => spec.days ?? [])
  const lists = LISTS.map((key) => [key, specs.flatMap((spec): readonly unknown[] => spec[key] ?? [])] as const)
  return {
    name: specs.map(({ name }) => name).join(' + '),
    about: specs.map(({ about }) => about.trim()).join(' '),
    ...(days.length === 0 ? {} : { days: Math.max(...days) }),
    ...(Object.fromEntries(lists.filter(([, items]) => items.length > 0)) as Partial<ScenarioSpec>),
  }
}

const readScenario = (file: string): ScenarioSpec => checked(file, readYaml(file))

/** A scenario by its own words, which lie in no file here; `file` is what its errors call it. */
export const scenarioIn = (file: string, text: string): ScenarioSpec => checked(file, yamlOf(file, text))

function checked(file: string, yaml: YamlFile): ScenarioSpec {
  const read = check(ScenarioSchema, yaml.value)
  if (!read.ok) throw new InputError(problemsOf(file, yaml, read.flaws))
  return read.value
}

function fileOf(name: string, text: string): string {
  if (/\.ya?ml$/.test(name)) return name
  const ids = scenarioIds()
  if (ids.includes(name)) return join(LIBRARY, `${name}.yaml`)
  const found = name === '' ? 'nothing on one side of a +' : 'no such name'
  const fix = `${didYouMean(name, ids)} The path of a .yaml file will do too`
  throw new InputError([{ file: 'scenario', line: null, field: `"${name === '' ? text : name}"`, found, fix }])
}

function scenarioIds(): string[] {
  if (!existsSync(LIBRARY)) return []
  return readdirSync(LIBRARY)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort()
}

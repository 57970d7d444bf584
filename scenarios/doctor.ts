import { existsSync } from 'node:fs'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { DEFAULT_DAYS } from './clock.ts'
import { examineCapacity } from './doctor/capacity.ts'
import { examineFuture } from './doctor/future.ts'
import { examineLanes } from './doctor/lanes.ts'
import { examineNames } from './doctor/names.ts'
import { locatorOf, type Note, type Severity } from './doctor/note.ts'
import { examineNumbers } from './doctor/numbers.ts'
import { examineTimetable } from './doctor/timetable.ts'
import { formatPath } from './read/check.ts'
import type { Problem } from './read/problem.ts'
import { readYaml } from './read/yaml.ts'

/** Something that would spoil a run, found before it. An error stops it; a warning is for the planner to judge. */
export type Finding = { readonly severity: Severity; readonly problem: Problem }

export type Patient = { readonly folder: string; readonly spec: NetworkSpec }
export type Plan = {
  readonly id: string
  readonly spec: ScenarioSpec
  /** The files it was made of; without them, what is wrong is told of the whole. */
  readonly parts?: readonly { readonly file: string; readonly spec: ScenarioSpec }[]
}

/** Examines a network, and scenarios as they would happen to it. Nothing is computed from numbers or names that are themselves wrong. */
export function examine(network: Patient, scenarios: readonly Plan[]): Finding[] {
  const { spec, folder } = network
  const { unsound, unfit } = examineNetwork(spec)
  const locate = locatorOf(folder)
  const ofNetwork = [...unsound, ...unfit].map((note) => ({ severity: note.severity, problem: locate(note) }))
  return [...ofNetwork, ...withoutRepeats(scenarios.flatMap((scenario) => ofScenario(scenario, spec)))]
}

/**
 * All there is to say of a network, before anybody has looked up the lines: `unsound` of what cannot be meant, `unfit` of capacity below
 * demand, which some mean.
 */
export function examineNetwork(spec: NetworkSpec): { unsound: Note[]; unfit: Note[] } {
  const figures = [...examineNumbers(spec), ...examineNames(spec)]
  if (figures.some(({ severity }) => severity === 'error')) return { unsound: figures, unfit: [] }
  return { unsound: [...figures, ...examineTimetable(spec), ...examineLanes(spec)], unfit: examineCapacity(spec) }
}

function ofScenario({ id, spec, parts }: Plan, network: NetworkSpec): Finding[] {
  const days = spec.days ?? DEFAULT_DAYS
  return (parts ?? [{ file: id, spec }]).flatMap(({ file, spec: part }) => {
    const notes = examineFuture(part, days, network)
    const yaml = notes.length > 0 && existsSync(file) ? readYaml(file) : null
    return notes.map(({ severity, path, found, fix }) => ({
      severity,
      problem: { file, line: yaml?.at(path) ?? null, field: formatPath(path), found, fix },
    }))
  })
}

/** A scenario that is run alone and inside another is wrong only once. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()]
}

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadPolicies } from '../../policies/catalog.ts'
import { parseContestant } from '../../scenarios/contestant.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { check, problemsOf } from '../../scenarios/read/check.ts'
import { InputError, type Problem } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import { readYaml } from '../../scenarios/read/yaml.ts'
import { NetworkSchema } from '../../scenarios/schema/network-schema.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { SEAMS } from '../../sim/policy.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { bareNetwork, laidOver } from './bare-network.ts'
import { type Case, CaseFileSchema } from './case-schema.ts'

/** A case ready to run. */
export type ReadyCase = {
  readonly stated: Case
  readonly file: string
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly contestant: Contestant
  readonly warmupDays: number
  readonly replications: number
}

const LIBRARY = fileURLToPath(new URL('./cases/', import.meta.url))

/** The cases that come with Orrery, or those of files and folders somebody names. Everything wrong with them is found before one is run. */
export async function readCases(places: readonly string[]): Promise<ReadyCase[]> {
  const files = (places.length === 0 ? [LIBRARY] : places).flatMap(filesAt)
  const problems: Problem[] = []
  const ready: ReadyCase[] = []
  for (const file of files) {
    const yaml = readYaml(file)
    const checked = check(CaseFileSchema, yaml.value)
    if (!checked.ok) {
      problems.push(...problemsOf(file, yaml, checked.flaws))
      continue
    }
    for (const [i, stated] of checked.value.cases.entries()) {
      const wrong = (path: readonly (string | number)[], found: string, fix: string) =>
        problems.push({ file, line: yaml.at(['cases', i, ...path]), field: `cases[${i}].${path.join('.')}`, found, fix })
      const warmupDays = Math.ceil(stated.warmupDays ?? stated.days / 10)
      const { spec, flaws } = networkOf(stated, warmupDays + stated.days + SPARE_DAYS)
      for (const { path, found, fix } of flaws) wrong(['network', ...path], found, fix)
      examineTerms(stated, wrong)
      const contestant = await contestantOf(stated, wrong)
      if (spec === null || contestant === null) continue
      ready.push({
        stated,
        file,
        spec,
        scenario: { name: stated.name, about: stated.name, ...stated.scenario, days: stated.days },
        contestant,
        warmupDays,
        replications: stated.replications ?? 20,
      })
    }
  }
  if (problems.length > 0) throw new InputError(problems)
  return ready
}

type Flaw = { readonly path: readonly (string | number)[]; readonly found: string; readonly fix: string }
type Wrong = (path: readonly (string | number)[], found: string, fix: string) => void

function filesAt(place: string): string[] {
  let isFolder = false
  try {
    isFolder = statSync(place).isDirectory()
  } catch (cause) {
    const fix = 'give a .yaml file with cases, or a folder of such files'
    throw new InputError([{ file: place, line: null, field: 'case file', found: 'nothing there', fix }], { cause })
  }
  if (!isFolder) return [place]
  return readdirSync(place)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => join(place, file))
}

/** Days of stock beyond the run, for its last orders. */
const SPARE_DAYS = 70
/** Units on one shelf that a world can count. */
const MOST_UNITS = 2_000_000_000

/** What the case says laid over the bare network, checked as a network.yaml is. Where it says nothing of stock, there is enough for `days`. */
function networkOf(stated: Case, days: number): { spec: NetworkSpec | null; flaws: readonly Flaw[] } {
  const bare = bareNetwork()
  const spec = laidOver(
    { ...bare, replenishment: { ...bare.replenishment, initialDaysOfStock: days } },
    stated.network,
  ) as NetworkSpec
  const { zones: _zones, skus: _skus, ...base } = spec
  const checked = check(NetworkSchema, base)
  if (!checked.ok) return { spec: null, flaws: checked.flaws }
  const units = spec.demand.ordersPerDay * spec.replenishment.initialDaysOfStock
  if (units <= MOST_UNITS) return { spec, flaws: [] }
  const found = `${units.toExponential(1)} units to begin with`
  const fix = 'measure fewer days, or say `replenishment: { initialDaysOfStock: … }`'
  return { spec: null, flaws: [{ path: ['demand', 'ordersPerDay'], found, fix }] }
}

function examineTerms(stated: Case, wrong: Wrong): void {
  stated.expect.forEach((expectation, e) => {
    for (const term of [expectation, ...(expectation.plus ?? [])]) {
      if (term.take === 'hours' && term.perHour === undefined)
        wrong(['expect', e], '`take: hours` without `perHour`', 'say how many arrive in an hour')
    }
    if (expectation.value === 0 && expectation.margin === undefined)
      wrong(['expect', e, 'value'], '0', 'give a `margin`: a part of 0 is 0')
  })
}

async function contestantOf(stated: Case, wrong: Wrong): Promise<Contestant | null> {
  let contestant: Contestant
  try {
    contestant = await parseContestant(stated.policies ?? 'nearest')
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    for (const { found, fix } of error.problems) wrong(['policies'], found, fix)
    return null
  }
  const policies = await loadPolicies(contestant.policies)
  for (const seam of SEAMS) {
    const known = Object.keys(policies[seam].params)
    for (const knob of Object.keys(stated.knobs?.[seam] ?? {}))
      if (!known.includes(knob)) wrong(['knobs', seam, knob], 'no such knob', didYouMean(knob, known))
  }
  return contestant
}

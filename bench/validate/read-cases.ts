import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadPolicies } from '../../policies/catalog.ts'
import { parseContestant } from '../../scenarios/contestant.ts'
import { examineFuture } from '../../scenarios/doctor/future.ts'
import type { Place } from '../../scenarios/doctor/note.ts'
import { examineNetwork } from '../../scenarios/doctor.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { check, formatPath, problemsOf } from '../../scenarios/read/check.ts'
import { InputError, type Problem } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import { readNames } from '../../scenarios/read/text-file.ts'
import { readYaml } from '../../scenarios/read/yaml.ts'
import { NetworkSchema, SkuSchema, ZoneSchema } from '../../scenarios/schema/network-schema.ts'
import { record, Type } from '../../scenarios/schema/type.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { SEAMS } from '../../sim/policy.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { bareNetwork, laidOver } from './bare-network.ts'
import { type Case, CaseFileSchema, isCounted, OF_SPANS, ONLY_OF_SPANS } from './case-schema.ts'
import { isReading } from './probe.ts'
import { isSpan } from './spans.ts'

/** A case ready to run. */
export type ReadyCase = {
  readonly stated: Case
  readonly file: string
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly contestant: Contestant
  readonly warmupDays: number
  readonly replications: number
  /** What may be meant and mostly is not, such as more work than hands. */
  readonly warnings: readonly string[]
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
        problems.push({ file, line: yaml.at(['cases', i, ...path]), field: formatPath(['cases', i, ...path]), found, fix })
      const warmupDays = Math.ceil(stated.warmupDays ?? stated.days / 10)
      const { spec, flaws, warnings } = networkOf(stated, warmupDays + stated.days + SPARE_DAYS)
      for (const { path, found, fix } of flaws) wrong(['network', ...path], found, fix)
      const scenario = { name: stated.name, about: stated.name, ...stated.scenario, days: stated.days }
      const ahead = spec === null ? [] : examineFuture(scenario, stated.days, spec)
      for (const { severity, path, found, fix } of ahead) if (severity === 'error') wrong(['scenario', ...path], found, fix)
      examineTerms(stated, spec, wrong)
      const contestant = await contestantOf(stated, wrong)
      if (spec === null || contestant === null) continue
      ready.push({
        stated,
        file,
        spec,
        scenario,
        contestant,
        warmupDays,
        replications: stated.replications ?? 20,
        warnings,
      })
    }
  }
  if (problems.length > 0) throw new InputError(problems)
  return ready
}

type Flaw = { readonly path: readonly (string | number)[]; readonly found: string; readonly fix: string }
type Wrong = (path: readonly (string | number)[], found: string, fix: string) => void

function filesAt(place: string): string[] {
  const fix = 'give a .yaml file with cases, or a folder of such files'
  const refuse = (found: string, cause?: unknown): InputError =>
    new InputError([{ file: place, line: null, field: 'case file', found, fix }], { cause })
  let isFolder = false
  try {
    isFolder = statSync(place).isDirectory()
  } catch (cause) {
    throw refuse('nothing there', cause)
  }
  if (!isFolder) return [place]
  const files = readNames(place, refuse).filter((file) => /\.ya?ml$/.test(file))
  if (files.length === 0) throw refuse('a folder without a .yaml file')
  return files.sort().map((file) => join(place, file))
}

/** Days of stock beyond the run, for its last orders. */
const SPARE_DAYS = 70
/** Units on one shelf that a world can count. */
const MOST_UNITS = 2_000_000_000

/** What the case says laid over the bare network, checked as a network.yaml is. Where it says nothing of stock, there is enough for `days`. */
function networkOf(stated: Case, days: number): Stated {
  const bare = bareNetwork()
  const laid = laidOver(bare, stated.network) as NetworkSpec
  const spec = saysStock(stated.network) ? laid : amplyStocked(laid, days)
  const { zones, skus, ...base } = spec
  const checked = [check(NetworkSchema, base), check(Tables, { zones, skus })]
  const misspelt = checked.flatMap((part) => (part.ok ? [] : part.flaws))
  if (misspelt.length > 0) return { spec: null, flaws: misspelt, warnings: [] }
  const { unsound, unfit } = examineNetwork(spec)
  const flaws = unsound
    .filter(({ severity }) => severity === 'error')
    .map(({ at, ...rest }) => ({ ...rest, path: pathOf(at, spec) }))
  if (flaws.length > 0) return { spec: null, flaws, warnings: [] }
  // Where customers leave, or only for some days, more may come than can be done.
  const warnings = spec.customers.impatientShare > 0 ? [] : unfit.map(({ found }) => `${found}; there is no steady state`)
  const shelves = spec === laid ? 1 : spec.warehouses.length
  const units = (spec.demand.ordersPerDay * spec.replenishment.initialDaysOfStock) / shelves
  if (units <= MOST_UNITS) return { spec, flaws: [], warnings }
  const found = `${units.toExponential(1)} units to begin with`
  const fix = 'measure fewer days, or say `replenishment: { initialDaysOfStock: … }`'
  return { spec: null, flaws: [{ path: ['demand', 'ordersPerDay'], found, fix }], warnings: [] }
}

/** In a case the tables of a network are lists. */
const Tables = record({ zones: Type.Array(ZoneSchema, { minItems: 1 }), skus: Type.Array(SkuSchema, { minItems: 1 }) })
type Stated = { readonly spec: NetworkSpec | null; readonly flaws: readonly Flaw[]; readonly warnings: readonly string[] }

function pathOf(at: Place, { zones, skus }: NetworkSpec): readonly (string | number)[] {
  if (at.in === 'network') return at.path
  const rows = at.in === 'zones' ? zones : skus
  // Of two rows of one name the last is the one to be told of.
  const row = rows.findLastIndex(({ id }) => id === at.id)
  return row < 0 ? [at.in] : [at.in, row, at.column]
}

const saysStock = (network: Case['network']): boolean =>
  (network as Partial<NetworkSpec> | undefined)?.replenishment?.initialDaysOfStock !== undefined

/** Enough for all of the demand in each warehouse, wherever it is from. */
function amplyStocked(spec: NetworkSpec, days: number): NetworkSpec {
  const { warehouses, replenishment } = spec
  if (!Array.isArray(warehouses) || warehouses.some(({ stockShare }) => stockShare !== undefined))
    return { ...spec, replenishment: { ...replenishment, initialDaysOfStock: days } }
  return {
    ...spec,
    warehouses: warehouses.map((one) => ({ ...one, stockShare: 1 })),
    replenishment: { ...replenishment, initialDaysOfStock: days * warehouses.length },
  }
}

function examineTerms(stated: Case, spec: NetworkSpec | null, wrong: Wrong): void {
  stated.expect.forEach((expectation, e) => {
    for (const term of [expectation, ...(expectation.plus ?? [])]) {
      const { measure, take, limit, level } = term
      if (take === 'hours' && term.perHour === undefined)
        wrong(['expect', e], '`take: hours` without `perHour`', 'say how many arrive in an hour')
      if ((take === 'above' || take === 'atLeast' || take === 'exactly') && limit === undefined)
        wrong(['expect', e], `\`take: ${take}\` without \`limit\``, 'say the number, or the hours, it is held against')
      if (take === 'quantile' && level === undefined)
        wrong(['expect', e], '`take: quantile` without `level`', 'say which, such as `level: 0.9`')
      if (take !== undefined && isSpan(measure) && !OF_SPANS.includes(take))
        wrong(['expect', e, 'take'], take, `\`${measure}\` is a span; of a span there is ${OF_SPANS.join(', ')}`)
      if (take !== undefined && isReading(measure) && ONLY_OF_SPANS.includes(take))
        wrong(['expect', e, 'take'], take, `\`${measure}\` is a reading; ${take} is of spans, such as \`pick.wait\``)
      if (take !== undefined && take !== 'mean' && isCounted(measure))
        wrong(['expect', e, 'take'], take, `\`${measure}\` is one number; leave \`take\` out`)
      if (term.dailyAt !== undefined && !isReading(measure))
        wrong(['expect', e, 'dailyAt'], term.dailyAt, 'only readings are looked at daily; leave it out')
      if (spec !== null && term.at !== undefined && term.at >= placesOf(spec, measure))
        wrong(['expect', e, 'at'], String(term.at), `there are ${placesOf(spec, measure)}, counted from 0`)
      if (spec !== null && term.sku !== undefined && term.sku >= spec.skus.length)
        wrong(['expect', e, 'sku'], String(term.sku), `there are ${spec.skus.length}, counted from 0`)
    }
    const { within = 0 } = expectation
    if (within >= 1)
      wrong(['expect', e, 'within'], String(within), `write a part below 1, such as ${within / 100} for ${within} %`)
    if (expectation.value === 0 && expectation.margin === undefined)
      wrong(['expect', e, 'value'], '0', 'give a `margin`: a part of 0 is 0')
  })
}

/** How many places `at` may mean. */
function placesOf({ hubs, zones, warehouses }: NetworkSpec, measure: string): number {
  if (measure.startsWith('hub.')) return hubs.length
  return measure.startsWith('station.') ? zones.length : warehouses.length
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

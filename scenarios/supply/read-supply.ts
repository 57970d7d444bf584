import { compileLaw, meanOf } from '../../sim/distribution.ts'
import { namesOf } from '../../sim/supply/network.ts'
import type { CustomersSpec, SiteSpec, SupplySpec } from '../../sim/supply/spec.ts'
import { check, formatPath, problemsOf } from '../read/check.ts'
import { InputError, type Problem } from '../read/problem.ts'
import { didYouMean } from '../read/suggest.ts'
import { readYaml, type YamlFile } from '../read/yaml.ts'
import { withTable } from './site-table.ts'
import { SupplySchema } from './supply-schema.ts'

type Path = readonly (string | number)[]
type Wrong = (path: Path, found: string, fix: string) => void

/** Reads a replenishment network, its table of sites joined in, and everything that is wrong with it. */
export async function readSupply(file: string): Promise<SupplySpec> {
  const yaml = readYaml(file)
  const checked = check(SupplySchema, yaml.value)
  if (!checked.ok) throw new InputError(problemsOf(file, yaml, checked.flaws))
  const { table, ...spec } = checked.value
  const { sites, problems } = table === undefined ? { sites: spec.sites, problems: [] } : await withTable(spec.sites, table, file)
  const whole: SupplySpec = { ...spec, sites }
  const all = [...problems, ...examineSupply(whole, placesIn(whole, spec, file, yaml))]
  if (all.length > 0) throw new InputError(all)
  return whole
}

type Place = Pick<Problem, 'file' | 'line' | 'field'>

/** Where something was written: in its entry, or, for a site out of the table, at the entry it is like, under its own name. */
function placesIn(whole: SupplySpec, written: SupplySpec, file: string, yaml: Pick<YamlFile, 'at'>): (path: Path) => Place {
  return (path) => {
    const [, i, ...rest] = path
    const site = typeof i === 'number' ? whole.sites[i] : undefined
    const entry = written.sites.findIndex((one) => one === site || one.id === site?.group)
    if (site === undefined || entry < 0) return { file, line: yaml.at(path), field: formatPath(path) }
    const there = ['sites', entry, ...rest]
    return { file, line: yaml.at(there), field: formatPath(site.group === undefined ? there : [site.id, ...rest]) }
  }
}

/** What no schema sees: names that mean nothing, sites that can never get or sell anything, circles. */
function examineSupply(spec: SupplySpec, placeOf: (path: Path) => Place): Problem[] {
  const problems: Problem[] = []
  const wrong: Wrong = (path, found, fix) => {
    problems.push({ ...placeOf(path), found, fix })
  }
  const groups = groupsByName(spec, wrong)
  for (const [i, site] of spec.sites.entries()) {
    const at = (...path: Path): Path => ['sites', i, ...path]
    if (site.endless) examineEndless(site, at, wrong)
    else examineStocked(site, at, wrong)
    for (const [f, name] of (site.from ?? []).entries())
      if (!groups.has(name)) wrong(at('from', f), `no site ${name}`, didYouMean(name, [...groups.keys()]))
    for (const [c, customers] of (site.customers ?? []).entries()) examineCustomers(customers, at('customers', c), wrong)
  }
  if (!spec.sites.some(({ customers }) => (customers ?? []).length > 0))
    wrong(['sites'], 'no customers anywhere', 'give at least one site `customers`')
  const circle = circleOf(spec, groups)
  if (circle !== null)
    wrong(['sites', circle.at, 'from'], `a circle of orders: ${circle.says}`, 'let goods flow one way, from an endless site on')
  return problems
}

/** Which entries a name in `from` means: one, or all rows of a table that are like it. A name that means two things is said. */
function groupsByName(spec: SupplySpec, wrong: Wrong): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  for (const [i, { group }] of spec.sites.entries()) if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), i])
  for (const [i, site] of spec.sites.entries()) {
    for (const name of new Set([site.id, ...namesOf(site)])) {
      if (groups.has(name)) wrong(['sites', i, 'id'], `a second ${name}`, 'give every site a name of its own')
      groups.set(name, [i])
    }
  }
  return groups
}

function examineEndless(site: SiteSpec, at: (...path: Path) => Path, wrong: Wrong): void {
  for (const key of ['from', 'rule', 'initial', 'capacity', 'make', 'customers', 'leadDays', 'ships'] as const)
    if (site[key] !== undefined)
      wrong(at(key), `\`${key}\` at an endless site`, 'leave it out: it orders, holds and makes nothing')
}

function examineStocked(
  { from, rule, make, capacity, initial, costs }: SiteSpec,
  at: (...path: Path) => Path,
  wrong: Wrong,
): void {
  if (from === undefined) wrong(at('from'), 'nothing', 'say where it orders, or `endless: true`')
  if (rule === undefined) wrong(at('rule'), 'nothing', 'say when it orders, such as { rule: base-stock, upTo: 30 }')
  if (rule?.rule === 'up-to' && rule.upTo <= rule.reorderAt)
    wrong(
      at('rule', 'upTo'),
      `${rule.upTo}, not above reorderAt ${rule.reorderAt}`,
      'order up to more than the point of ordering',
    )
  if (capacity !== undefined && (initial ?? 0) > capacity)
    wrong(at('initial'), `${initial} units where ${capacity} fit`, 'begin with no more than the capacity')
  if (
    capacity !== undefined &&
    rule !== undefined &&
    rule.rule !== 'base-stock' &&
    'reorderAt' in rule &&
    rule.reorderAt >= capacity
  )
    wrong(at('rule', 'reorderAt'), `${rule.reorderAt} where ${capacity} fit`, 'stay below the capacity, or it orders nothing')
  if (make === undefined && costs?.make !== undefined)
    wrong(at('costs', 'make'), 'a cost of making where nothing is made', 'add `make`, or leave the cost out')
  if (make !== undefined && shortest(make.days) < 0) wrong(at('make', 'days'), 'days below 0', 'use a law of days from 0 on')
}

function examineCustomers({ everyDays, units }: CustomersSpec, path: Path, wrong: Wrong): void {
  const gap = meanOf(compileLaw(everyDays, 1))
  if (!(gap > 0)) wrong([...path, 'everyDays'], `a mean of ${gap} days`, 'let some time pass between two customers')
  else if (gap < 1e-5)
    wrong([...path, 'everyDays'], `a mean of ${gap} days`, 'at most 100,000 customers a day; let each want more')
  const mean = units.law === 'poisson' ? units.mean : meanOf(compileLaw(units, 1))
  if (!(mean > 0)) wrong([...path, 'units'], `a mean of ${mean} units`, 'let customers want something')
}

const shortest = (law: SiteSpec['leadDays']): number => {
  if (law?.law === 'constant') return law.value
  return law?.law === 'uniform' ? law.low : law?.law === 'quantiles' ? Math.min(...law.value) : 0
}

/** The first circle that goods could run in; null where there is none. */
function circleOf(spec: SupplySpec, groups: ReadonlyMap<string, readonly number[]>): { at: number; says: string } | null {
  const state = new Uint8Array(spec.sites.length)
  const way: number[] = []
  const visit = (i: number): { at: number; says: string } | null => {
    if (state[i] === 2) return null
    if (state[i] === 1) {
      const names = [...way.slice(way.indexOf(i)), i].map((at) => spec.sites[at].id)
      return { at: i, says: names.join(' from ') }
    }
    state[i] = 1
    way.push(i)
    for (const source of (spec.sites[i].from ?? []).flatMap((name) => groups.get(name) ?? [])) {
      const found = visit(source)
      if (found !== null) return found
    }
    way.pop()
    state[i] = 2
    return null
  }
  for (let i = 0; i < spec.sites.length; i++) {
    const found = visit(i)
    if (found !== null) return found
  }
  return null
}

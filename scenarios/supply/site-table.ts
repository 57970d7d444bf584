import { dirname, join } from 'node:path'
import { compileLaw, meanOf } from '../../sim/distribution.ts'
import type { LawSpec } from '../../sim/network-spec.ts'
import type { RuleSpec, SiteSpec } from '../../sim/supply/spec.ts'
import type { Problem } from '../read/problem.ts'
import { didYouMean } from '../read/suggest.ts'
import { readTable } from '../read/table.ts'
import { aboveZero, id, record, type Static, Type, zeroOrMore } from '../schema/type.ts'

/** A row of the table of sites: all that differs from the entry it is like. */
const SiteRow = record({
  id: id('Name of the site.', 'shop-lille'),
  like: id('Id of an entry in `sites`; it has everything this row does not say.', 'shop'),
  from: Type.Optional(Type.Array(Type.String(), { description: 'Ids of sources, parted by spaces.' })),
  initial: Type.Optional(Type.Integer({ minimum: 0, description: 'Units on the shelf on day 0.' })),
  reorderAt: Type.Optional(Type.Integer({ description: 'Of its rule.' })),
  upTo: Type.Optional(Type.Integer({ minimum: 1, description: 'Of its rule.' })),
  lot: Type.Optional(Type.Integer({ minimum: 1, description: 'Of its rule.' })),
  capacity: Type.Optional(Type.Integer({ minimum: 1, description: 'Most units of its position.' })),
  price: Type.Optional(zeroOrMore('Paid for a unit.', 18)),
  leadDays: Type.Optional(aboveZero('Mean days; the law keeps its form.', 3)),
  customersPerDay: Type.Optional(aboveZero('Mean customers a day; the law keeps its form.', 2)),
})
type SiteRow = Static<typeof SiteRow>

/** The entries of a file with those that rows are like replaced by these rows; the entry's id then means all of them. */
export async function withTable(
  entries: readonly SiteSpec[],
  table: string,
  yamlFile: string,
): Promise<{ sites: readonly SiteSpec[]; problems: Problem[] }> {
  const file = join(dirname(yamlFile), table)
  const { rows, problems } = await readTable(file, SiteRow)
  const known = entries.map((entry) => entry.id)
  const wrong = (row: SiteRow, column: string, found: string, fix: string): void => {
    problems.push({ file, line: null, field: `${column} of ${row.id}`, found, fix })
  }
  const likes = new Map<string, SiteSpec[]>()
  for (const row of rows) {
    const entry = entries.find((one) => one.id === row.like)
    if (entry === undefined) wrong(row, 'like', `no entry ${row.like}`, didYouMean(row.like, known))
    else if (entry.count !== undefined)
      wrong(row, 'like', `${row.like}, which has a count`, 'leave out its `count`: rows are its sites')
    else likes.set(row.like, [...(likes.get(row.like) ?? []), siteOf(row, entry, wrong)])
  }
  return { sites: entries.flatMap((entry) => likes.get(entry.id) ?? [entry]), problems }
}

type Wrong = (row: SiteRow, column: string, found: string, fix: string) => void

function siteOf(row: SiteRow, entry: SiteSpec, wrong: Wrong): SiteSpec {
  const { like: _like, reorderAt, upTo, lot, leadDays, customersPerDay, ...plain } = row
  const { rule, customers = [] } = entry
  if (customersPerDay !== undefined && customers.length !== 1)
    wrong(
      row,
      'customersPerDay',
      `${customers.length} streams of customers at ${entry.id}`,
      'leave it out, or give the entry one stream',
    )
  if (leadDays !== undefined && entry.leadDays === undefined)
    wrong(row, 'leadDays', `no \`leadDays\` at ${entry.id}`, 'give the entry a law, whose mean rows can set')
  return {
    ...entry,
    ...plain,
    group: entry.id,
    echelon: entry.echelon ?? entry.id,
    rule: rule === undefined ? undefined : ruleOf(row, rule, wrong),
    leadDays: leadDays === undefined || entry.leadDays === undefined ? entry.leadDays : withMean(entry.leadDays, leadDays),
    customers:
      customersPerDay === undefined
        ? customers
        : customers.map((stream) => ({ ...stream, everyDays: withMean(stream.everyDays, 1 / customersPerDay) })),
  }
}

function ruleOf(row: SiteRow, rule: RuleSpec, wrong: Wrong): RuleSpec {
  for (const column of ['reorderAt', 'upTo', 'lot'] as const)
    if (row[column] !== undefined && !(column in rule))
      wrong(row, column, `a rule ${rule.rule}, which has none`, `leave the cell empty, or give ${row.like} another rule`)
  switch (rule.rule) {
    case 'up-to':
      return { ...rule, reorderAt: row.reorderAt ?? rule.reorderAt, upTo: row.upTo ?? rule.upTo }
    case 'lots':
      return { ...rule, reorderAt: row.reorderAt ?? rule.reorderAt, lot: row.lot ?? rule.lot }
    case 'base-stock':
      return { ...rule, upTo: row.upTo ?? rule.upTo }
    case 'standing-order':
      return { ...rule, lot: row.lot ?? rule.lot }
  }
}

/** The same law, stretched so that its mean is this. */
function withMean(law: LawSpec, mean: number): LawSpec {
  const now = meanOf(compileLaw(law, 1))
  const by = now > 0 ? mean / now : 1
  switch (law.law) {
    case 'constant':
      return { ...law, value: mean }
    case 'uniform':
      return { ...law, low: law.low * by, high: law.high * by }
    case 'exponential':
    case 'gamma':
      return { ...law, mean: law.mean * by }
    case 'lognormal':
      return { ...law, median: law.median * by }
    case 'hyperexponential':
      return { ...law, means: law.means.map((one) => one * by) }
    case 'quantiles':
      return { ...law, value: law.value.map((one) => one * by) }
  }
}

import type { RangeSpec, RuleSetSpec, RuleSpec } from '../../policies/rules/spec.ts'
import { parseWhen } from '../../sim/when.ts'
import { odd, type Remark, wrong } from './remark.ts'

/** What a rule says against itself. */
export function contradictions(spec: RuleSetSpec): Remark[] {
  return [...spec.rules.flatMap(within), ...sameNames(spec)]
}

function sameNames({ rules }: RuleSetSpec): Remark[] {
  const names = rules.map(({ name }) => name)
  return names.flatMap((name, r) =>
    names.indexOf(name) === r ? [] : [wrong(['rules', r, 'name'], `\`${name}\` a second time`, 'give it a name of its own')],
  )
}

function within(rule: RuleSpec, r: number): Remark[] {
  return [...emptyRanges(rule, r), ...emptySpans(rule, r), ...bothWays(rule, r), ...splits(rule, r), ...misplaced(rule, r)]
}

function emptyRanges({ when = {} }: RuleSpec, r: number): Remark[] {
  const { lines, units, weightKg, value, promiseHours } = when
  return Object.entries({ lines, units, weightKg, value, promiseHours }).flatMap(([field, range]) =>
    isEmpty(range)
      ? [wrong(['rules', r, 'when', field], `from ${range?.from} to ${range?.to}, which no order has`, 'swap the two ends')]
      : [],
  )
}

const isEmpty = (range: RangeSpec | undefined): boolean =>
  range?.from !== undefined && range.to !== undefined && range.from > range.to

function emptySpans({ when = {} }: RuleSpec, r: number): Remark[] {
  const found = (when.during ?? []).flatMap(({ from, to }, i) =>
    parseWhen(from) < parseWhen(to)
      ? []
      : [wrong(['rules', r, 'when', 'during', i], `from ${from} to ${to}, which never is`, 'let it end after it begins')],
  )
  const { hours } = when
  if (hours === undefined || hours.from !== hours.to) return found
  return [
    ...found,
    wrong(['rules', r, 'when', 'hours'], `from ${hours.from} to ${hours.to}, which never is`, 'leave it out for the whole day'),
  ]
}

/** Wanted and not wanted at once. */
function bothWays({ when = {}, nodes = {} }: RuleSpec, r: number): Remark[] {
  const pairs: [string, string, string, readonly string[] | undefined, readonly string[] | undefined][] = [
    ['when', 'regions', 'notRegions', when.regions, when.notRegions],
    ['nodes', 'only', 'not', nodes.only, nodes.not],
    ['nodes', 'tags', 'notTags', nodes.tags, nodes.notTags],
    ['nodes', 'services', 'notServices', nodes.services, nodes.notServices],
  ]
  return pairs.flatMap(([part, yes, no, wanted, unwanted]) =>
    (unwanted ?? []).flatMap((word, i) =>
      (wanted ?? []).includes(word)
        ? [wrong(['rules', r, part, no, i], `\`${word}\`, which \`${yes}\` asks for`, `take it out of one of the two`)]
        : [],
    ),
  )
}

function splits({ allocation = {} }: RuleSpec, r: number): Remark[] {
  const { shipComplete, maxShipments, valuePerShipment, fewest } = allocation
  const at = (field: string) => ['rules', r, 'allocation', field]
  const found: Remark[] = []
  if (shipComplete === true && maxShipments !== undefined && maxShipments > 1)
    found.push(wrong(at('maxShipments'), `${maxShipments} beside shipComplete`, 'leave out one of the two'))
  const single = shipComplete === true || maxShipments === 1
  if (single && valuePerShipment !== undefined)
    found.push(odd(at('valuePerShipment'), 'a value for each shipment where there is but one', 'leave it out'))
  if (single && fewest !== undefined) found.push(odd(at('fewest'), 'it where there is but one shipment', 'leave it out'))
  return found
}

/** Words that belong to others. */
function misplaced({ when = {}, sort = [], after = [] }: RuleSpec, r: number): Remark[] {
  const found: Remark[] = []
  if (when.goods !== undefined && when.skus === undefined && when.skuTags === undefined)
    found.push(wrong(['rules', r, 'when', 'goods'], 'it without `skus` or `skuTags`', 'say which goods, or leave it out'))
  for (const [i, { by, order, band }] of sort.entries()) {
    const path = ['rules', r, 'sort', i]
    if (by === 'rank' && order === undefined)
      found.push(wrong(path, 'a rank without `order`', 'add `order`: the warehouses from first to last choice'))
    if (by !== 'rank' && order !== undefined)
      found.push(wrong([...path, 'order'], `it with \`${by}\``, 'leave it out, or sort by `rank`'))
    if (by === 'rank' && band !== undefined) found.push(wrong([...path, 'band'], 'it with `rank`', 'leave it out'))
  }
  for (const [i, { transfer }] of after.entries()) {
    const { above, below, from, to } = transfer
    if (below !== undefined && below > above)
      found.push(
        odd(
          ['rules', r, 'after', i, 'transfer', 'below'],
          `${below}, more than the ${above} from which goods are taken`,
          'goods would go to and fro: let `below` be less than `above`',
        ),
      )
    if (from?.length === 1 && to?.length === 1 && from[0] === to[0])
      found.push(wrong(['rules', r, 'after', i, 'transfer', 'to'], `\`${to[0]}\`, where the goods come from`, 'name another one'))
  }
  return found
}

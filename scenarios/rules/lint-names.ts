import { TAG } from '../../policies/rules/compile.ts'
import type { RuleSetSpec, RuleSpec } from '../../policies/rules/spec.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { didYouMean } from '../read/suggest.ts'
import { type Remark, wrong } from './remark.ts'

type Known = { readonly what: string; readonly names: readonly string[]; readonly lacks?: string }
type Path = Remark['path']

/** Ids and tags that mean nothing in the network. */
export function unknownNames(spec: RuleSetSpec, network: NetworkSpec): Remark[] {
  const known = namesOf(network)
  return spec.rules.flatMap((rule, r) =>
    listsOf(rule).flatMap(({ path, words, kind }) =>
      (words ?? []).flatMap((word, i) => unknown(word, kind, known, ['rules', r, ...path, i])),
    ),
  )
}

type Kind = 'zone' | 'region' | 'sku' | 'skuTag' | 'warehouse' | 'warehouseTag' | 'service' | 'warehouseOrTag'
type List = { readonly path: Path; readonly words: readonly string[] | undefined; readonly kind: Kind }

function listsOf({ when = {}, nodes = {}, sort = [], after = [] }: RuleSpec): List[] {
  return [
    { path: ['when', 'zones'], words: when.zones, kind: 'zone' },
    { path: ['when', 'regions'], words: when.regions, kind: 'region' },
    { path: ['when', 'notRegions'], words: when.notRegions, kind: 'region' },
    { path: ['when', 'skus'], words: when.skus, kind: 'sku' },
    { path: ['when', 'skuTags'], words: when.skuTags, kind: 'skuTag' },
    { path: ['nodes', 'only'], words: nodes.only, kind: 'warehouse' },
    { path: ['nodes', 'not'], words: nodes.not, kind: 'warehouse' },
    { path: ['nodes', 'tags'], words: nodes.tags, kind: 'warehouseTag' },
    { path: ['nodes', 'notTags'], words: nodes.notTags, kind: 'warehouseTag' },
    { path: ['nodes', 'services'], words: nodes.services, kind: 'service' },
    { path: ['nodes', 'notServices'], words: nodes.notServices, kind: 'service' },
    ...sort.map(({ order }, i): List => ({ path: ['sort', i, 'order'], words: order, kind: 'warehouseOrTag' })),
    ...after.flatMap(({ transfer }, i): List[] => [
      { path: ['after', i, 'transfer', 'from'], words: transfer.from, kind: 'warehouseOrTag' },
      { path: ['after', i, 'transfer', 'to'], words: transfer.to, kind: 'warehouseOrTag' },
    ]),
  ]
}

type Names = Readonly<Record<Exclude<Kind, 'warehouseOrTag'>, Known>>

function namesOf({ zones, skus, warehouses, services }: NetworkSpec): Names {
  const distinct = (words: readonly string[]) => [...new Set(words)]
  return {
    zone: { what: 'zone', names: zones.map(({ id }) => id) },
    region: { what: 'region', names: distinct(zones.map(({ region }) => region)) },
    sku: { what: 'SKU', names: skus.map(({ id }) => id) },
    skuTag: {
      what: 'tag of goods',
      names: distinct(skus.flatMap(({ tags }) => tags ?? [])),
      lacks: 'skus.csv has no tags; give it a column `tags`, words parted by spaces',
    },
    warehouse: { what: 'warehouse', names: warehouses.map(({ id }) => id) },
    warehouseTag: {
      what: 'tag of a warehouse',
      names: distinct(warehouses.flatMap(({ tags }) => tags ?? [])),
      lacks: 'no warehouse of network.yaml has tags; write there, for instance, tags: [store]',
    },
    service: { what: 'service', names: services.map(({ id }) => id) },
  }
}

function unknown(word: string, kind: Kind, known: Names, path: Path): Remark[] {
  if (kind === 'warehouseOrTag') {
    return word.startsWith(TAG)
      ? unknown(word.slice(TAG.length), 'warehouseTag', known, path)
      : unknown(word, 'warehouse', known, path)
  }
  const { what, names, lacks } = known[kind]
  if (names.includes(word)) return []
  return [wrong(path, `unknown ${what} \`${word}\``, names.length === 0 && lacks !== undefined ? lacks : didYouMean(word, names))]
}

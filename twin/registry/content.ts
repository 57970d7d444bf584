import { listPolicies } from '../../policies/catalog.ts'
import type { CompiledRules } from '../../policies/rules/compiled.ts'
import { policyCode } from '../../scenarios/bundle.ts'
import { parseContestant } from '../../scenarios/contestant.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { loadScenario, scenarioIn } from '../../scenarios/read/scenario.ts'
import { compiledFor, loadRules } from '../../scenarios/rules/load-rules.ts'
import { rulesIn } from '../../scenarios/rules/read-rules.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { SEAMS } from '../../sim/policy.ts'
import { canonical, digestOfValue } from '../govern/canonical.ts'
import type { Origin, Version, VersionKind } from './version.ts'

/** What a version is made of, before it has an id. */
export type Content = Pick<Version, 'kind' | 'name' | 'params' | 'data' | 'training'> & { readonly text: string }

/**
 * What words mean at this moment: "bid-price", "bid-price:lateWeight=2", "rules:my-rules.yaml" (compiled for the network), "scenario:peak-sale".
 * One thing each: a mix of policies is several versions. A rule set or scenario with a text of its own is that, whatever its name.
 */
export async function contentOf(words: string, network: NetworkSpec | null, origin: Origin = {}): Promise<Content> {
  const { text } = origin
  if (words.startsWith('scenario:')) {
    const named = words.slice('scenario:'.length)
    const { id, spec } = text === undefined ? loadScenario(named) : { id: named, spec: scenarioIn(words, text) }
    return { kind: 'scenario', name: nameOf(id), params: {}, data: null, training: null, text: canonical(spec) }
  }
  if (words.startsWith('rules:')) {
    if (network === null) throw refusal(words, 'a rule set where there is no network', 'say the network it is for')
    const named = words.slice('rules:'.length)
    const { compiled } = text === undefined ? loadRules(named, network) : compiledFor(rulesIn(words, text), network)
    const data = digestOfNames(network)
    return { kind: 'rules', name: nameOf(compiled.name), params: {}, data, training: null, text: writeRules(compiled) }
  }
  if (text !== undefined) throw refusal(words, 'a text of its own', 'only rule sets and scenarios are read from their text')
  if (words.includes('+') || words.startsWith('pinned:'))
    throw refusal(words, 'several policies', 'register each of them; a version is one thing')
  const { policies, params } = await parseContestant(words)
  const named = words.split(':')[0].trim()
  const card = (await listPolicies()).find(({ id, name, seam }) => (id === named || name === named) && policies[seam] === id)
  if (card === undefined) throw refusal(words, 'no single policy', 'name one policy of the catalogue, with its knobs if you like')
  const all = { ...card.params, ...(params?.[card.seam] ?? {}) }
  const { data = null, training = null } = origin
  return { kind: card.seam, name: card.name, params: all, data, training, text: await policyCode(card.id) }
}

/** What compiled rules count places and goods by: on a network with other names they would mean other places. */
export const digestOfNames = ({ warehouses, zones, services, skus }: NetworkSpec): string =>
  digestOfValue([warehouses, zones, services, skus].map((all) => all.map(({ id }) => id)))

/** Kinds that are policies of the catalogue. */
export const isSeam = (kind: VersionKind): kind is (typeof SEAMS)[number] => (SEAMS as readonly string[]).includes(kind)

const nameOf = (words: string): string =>
  words
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9.+]+/g, '-')
    .replace(/^-|-$/g, '') || 'unnamed'

const refusal = (words: string, found: string, fix: string): InputError =>
  new InputError([{ file: 'registry', line: null, field: `"${words}"`, found, fix }])

/** Flat columns as JSON, each with the kind of its numbers; what JSON has no number for is a word. */
const COLUMNS = { Float64Array, Int32Array, Uint16Array, Uint8Array } as const
type Column = keyof typeof COLUMNS

function writeRules(rules: CompiledRules): string {
  const plain = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) {
      const column = value as Float64Array
      return { column: value.constructor.name, values: Array.from(column, plain) }
    }
    if (Array.isArray(value)) return value.map(plain)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
    return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value
  }
  return canonical(plain(rules))
}

export function readRules(text: string): CompiledRules {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    const { column, values, number } = value as { column?: Column; values?: number[]; number?: string }
    if (typeof number === 'string') return Number(number)
    return column === undefined || values === undefined ? value : COLUMNS[column].from(values)
  }) as CompiledRules
}

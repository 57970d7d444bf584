import { listPolicies, loadPolicies, type PolicyCard } from '../policies/catalog.ts'
import type { CompiledRules } from '../policies/rules/compiled.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import { type Params, SEAMS, type Seam } from '../sim/policy.ts'
import { PINNED, pinnedContestant } from './pin/pin.ts'
import type { Contestant } from './plan.ts'
import { InputError } from './read/problem.ts'
import { didYouMean } from './read/suggest.ts'
import { loadRules } from './rules/load-rules.ts'
import { filesOf, RULES } from './rules/with-rules.ts'
import type { Library } from './worker.ts'

/** What a seam is given where a contestant does not say. */
const DEFAULTS: { readonly [S in Seam]: string } = {
  routing: 'routing/nearest',
  forecast: 'forecast/seasonal-naive',
  replenishment: 'replenishment/base-stock',
  promise: 'promise/quantile',
}

/**
 * A mix of policies as a planner writes it: "live-greedy", "live-greedy+smoothed", "routing/nearest+forecast/smoothed", and with its knobs turned
 * "live-greedy:lateWeight=2". A bare name is looked for in all folders; each seam may be named once.
 */
export const parseContestant = (text: string): Promise<Contestant> => parseContestantOn(null, text)

/** The same where there is a network: "rules:my-rules.yaml" is a rule set for it, and chooses the route. "pinned:my-pin.yaml" is all four policies. */
export async function parseContestantOn(network: NetworkSpec | null, text: string): Promise<Contestant> {
  if (text.startsWith(PINNED)) return pinnedContestant(text)
  const cards = await listPolicies()
  const chosen = new Map<Seam, Pick<PolicyCard, 'id' | 'seam' | 'name' | 'about'>>()
  const params: { [S in Seam]?: Params } = {}
  let rules: CompiledRules | undefined
  for (const part of text.split('+').map((word) => word.trim())) {
    const loaded = part.startsWith(RULES) ? rulesCalled(part, text, network) : null
    if (loaded !== null) rules = loaded.compiled
    const card = loaded ?? turnKnobs(cards, part, text, params)
    const before = chosen.get(card.seam)
    if (before) throw refusal(text, `two ${card.seam} policies, ${before.name} and ${card.name}`, 'name one policy for each seam')
    chosen.set(card.seam, card)
  }
  const idFor = (seam: Seam): string => chosen.get(seam)?.id ?? DEFAULTS[seam]
  const about = SEAMS.flatMap((seam) => chosen.get(seam)?.about ?? []).join(' ')
  const policies = {
    routing: idFor('routing'),
    forecast: idFor('forecast'),
    replenishment: idFor('replenishment'),
    promise: idFor('promise'),
  }
  const turned = Object.keys(params).length === 0 ? {} : { params }
  return { id: text, about, policies, ...turned, ...(rules === undefined ? {} : { rules }) }
}

function rulesCalled(word: string, text: string, network: NetworkSpec | null) {
  if (network === null)
    throw refusal(text, 'a rule set where there is no network to read it for', 'name a policy; rule sets go with `orrery run`')
  const { read, compiled } = loadRules(word.slice(RULES.length), network)
  return { id: word, seam: 'routing' as const, name: word, about: read.spec.about, compiled }
}

function find(cards: readonly PolicyCard[], word: string, text: string): PolicyCard {
  const hits = cards.filter((card) => card.id === word || card.name === word)
  if (hits.length === 1) return hits[0]
  if (hits.length > 1)
    throw refusal(text, `\`${word}\`, the name of several policies`, `say which: ${hits.map((hit) => hit.id).join(' or ')}`)
  const names = cards.map((card) => (word.includes('/') ? card.id : card.name))
  throw refusal(text, `no policy called \`${word}\``, didYouMean(word, names))
}

/** A policy by its name, and the knobs behind it, which are put among those of its seam. */
function turnKnobs(cards: readonly PolicyCard[], part: string, text: string, params: { [S in Seam]?: Params }): PolicyCard {
  const [name, ...knobs] = part.split(':').map((word) => word.trim())
  const card = find(cards, name, text)
  if (knobs.length > 0) params[card.seam] = Object.fromEntries(knobs.map((knob) => turned(card, knob, text)))
  return card
}

/** "lateWeight=2" */
function turned(card: PolicyCard, knob: string, text: string): [string, number] {
  const [name, value, ...more] = knob.split('=').map((word) => word.trim())
  const knobs = Object.keys(card.params)
  if (!knobs.includes(name)) {
    const fix = knobs.length === 0 ? 'it has none' : didYouMean(name, knobs)
    throw refusal(text, `no knob \`${name}\` of ${card.name}`, fix)
  }
  const number = value === undefined || value === '' || more.length > 0 ? Number.NaN : Number(value)
  if (!Number.isFinite(number)) throw refusal(text, `\`${knob}\``, `write it as ${name}=${card.params[name]}`)
  return [name, number]
}

const refusal = (text: string, found: string, fix: string): InputError =>
  new InputError([{ file: 'policies', line: null, field: `"${text}"`, found, fix }])

/** The policies that these contestants name, by id. */
export async function libraryOf(contestants: readonly Contestant[]): Promise<Library> {
  const each = contestants.map(async (contestant) => {
    const policies = filesOf(contestant, 'routing/nearest')
    const loaded = await loadPolicies(policies)
    return SEAMS.map((seam) => [policies[seam], loaded[seam]] as const)
  })
  return Object.fromEntries((await Promise.all(each)).flat())
}

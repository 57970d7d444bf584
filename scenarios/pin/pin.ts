import { listPolicies } from '../../policies/catalog.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { type Params, SEAMS, type Seam } from '../../sim/policy.ts'
import type { Contestant } from '../plan.ts'
import { check, problemsOf } from '../read/check.ts'
import { InputError, type Problem, wrongOption } from '../read/problem.ts'
import { didYouMean } from '../read/suggest.ts'
import { readYaml } from '../read/yaml.ts'
import { isPolicyFile } from '../rules/with-rules.ts'
import type { Static } from '../schema/type.ts'
import { networkDigest, policyDigest } from './digests.ts'
import { PinSchema } from './pin-schema.ts'

/** In front of a file among the policies of a contestant: "pinned:pins/steady.yaml". */
export const PINNED = 'pinned:'

export type Pin = Static<typeof PinSchema>

/** A contestant as a pin: every knob written out, every source by its digest. */
export async function pinOf(name: string, contestant: Contestant, chosen?: Pin['chosen']): Promise<Pin> {
  const { id, policies, params, about } = contestant
  if (!isPolicyFile(policies.routing)) {
    const fix = 'keep the file of rules itself, it is what a pin would be; name a policy to pin'
    throw wrongOption(`--policy ${id}`, 'a rule set', fix)
  }
  const cards = new Map((await listPolicies()).map((card) => [card.id, card]))
  const part = (seam: Seam): Pin['policies'][Seam] => ({
    id: policies[seam],
    params: { ...cards.get(policies[seam])?.params, ...params?.[seam] },
    digest: policyDigest(policies[seam]),
  })
  return {
    format: 'orrery-pin/1',
    name,
    about: `${id}. ${about}`.trim(),
    policies: {
      routing: part('routing'),
      forecast: part('forecast'),
      replenishment: part('replenishment'),
      promise: part('promise'),
    },
    ...(chosen === undefined ? {} : { chosen }),
  }
}

/** The file, with a word on what it is for. The same pin gives the same bytes. */
export function pinText(pin: Pin): string {
  const words = [
    '# A pinned policy: it stays what it was, or is refused. To run it: orrery run --policies pinned:THIS-FILE',
    ...linesOf(pin, ''),
  ]
  return `${words.join('\n')}\n`
}

/** Plain YAML: a map to a line each, text in quotes. */
function linesOf(value: object, indent: string): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    if (inner === undefined) return []
    if (typeof inner !== 'object') return [`${indent}${key}: ${JSON.stringify(inner)}`]
    if (Object.keys(inner).length === 0) return [`${indent}${key}: {}`]
    return [`${indent}${key}:`, ...linesOf(inner, `${indent}  `)]
  })
}

/** A pin by its path: its form, its policies, their knobs and the digests of their sources are checked, and all that is wrong is thrown, each on its line. */
export async function readPin(file: string): Promise<Pin> {
  const yaml = readYaml(file)
  const checked = check(PinSchema, yaml.value)
  if (!checked.ok) throw new InputError(problemsOf(file, yaml, checked.flaws))
  const pin = checked.value
  const cards = await listPolicies()
  const problems: Problem[] = []
  const say = (path: readonly string[], found: string, fix: string): void => {
    problems.push({ file, line: yaml.at(path), field: path.join('.'), found, fix })
  }
  for (const seam of SEAMS) {
    const { id, params, digest } = pin.policies[seam]
    const at = ['policies', seam]
    const ids = cards.filter((card) => card.seam === seam).map((card) => card.id)
    const card = cards.find((one) => one.id === id && one.seam === seam)
    if (card === undefined) {
      say([...at, 'id'], `no ${seam} policy called \`${id}\``, didYouMean(id, ids))
      continue
    }
    const now = policyDigest(id)
    if (now !== digest)
      say([...at, 'digest'], `${short(digest)}, but the source of ${id} is now ${short(now)}`, anewFrom(pin, seam))
    const knobs = Object.keys(card.params)
    for (const knob of Object.keys(params))
      if (!knobs.includes(knob)) say([...at, 'params', knob], `no knob \`${knob}\` of ${id}`, didYouMean(knob, knobs))
    for (const knob of knobs)
      if (!(knob in params))
        say([...at, 'params'], `no \`${knob}\``, `add ${knob}: ${card.params[knob]}, which is how ${id} is shipped`)
  }
  if (problems.length > 0) throw new InputError(problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)))
  return pin
}

/** "sha256:0a1b2c3d4e5f…": enough to see that two are not the same. */
const short = (digest: string): string => `${digest.slice(0, 19)}…`

const anewFrom = (pin: Pin, seam: Seam): string =>
  `what was pinned is not what would run. Bring policies/${pin.policies[seam].id}.ts (and what it imports) back to what it was, or run the new one and pin that: orrery pin ${pin.name} --policy ${contestantText(pin)}`

/** The pinned policies as they would be asked for by name. */
export function contestantText({ policies }: Pin): string {
  return SEAMS.map((seam) => {
    const { id, params } = policies[seam]
    return [id, ...Object.entries(params).map(([knob, value]) => `${knob}=${value}`)].join(':')
  }).join('+')
}

/** Pins among these contestants that were picked on another network, or on this one before it was changed: odd, and no error. */
export async function pinsFromElsewhere(texts: readonly string[], network: NetworkSpec): Promise<{ problem: Problem }[]> {
  const here = networkDigest(network)
  const files = texts.filter((text) => text.startsWith(PINNED)).map((text) => text.slice(PINNED.length))
  const pins = await Promise.all(files.map(async (file) => ({ file, chosen: (await readPin(file)).chosen })))
  return pins.flatMap(({ file, chosen }) => {
    if (chosen === undefined || chosen.networkDigest === here) return []
    const found = `${short(chosen.networkDigest)} of ${chosen.network}, while this network is ${short(here)}`
    const fix = 'it runs, but what it was picked for was another network; see whether its figures hold here'
    return [{ problem: { file, line: null, field: 'chosen.networkDigest', found, fix } }]
  })
}

/** A pin as a contestant under its own name: "pinned:FILE". */
export async function pinnedContestant(text: string): Promise<Contestant> {
  const pin = await readPin(text.slice(PINNED.length))
  const { routing, forecast, replenishment, promise } = pin.policies
  const params: { [S in Seam]?: Params } = {}
  for (const seam of SEAMS) params[seam] = pin.policies[seam].params
  return {
    id: text,
    about: pin.about,
    policies: { routing: routing.id, forecast: forecast.id, replenishment: replenishment.id, promise: promise.id },
    params,
  }
}

import { InputError } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import type { Knobs, RoutingInstance } from './instance.ts'

/** What a command line may ask of the league, as it was written. */
export type LeagueAsk = {
  readonly quick: boolean
  readonly only: readonly string[] | null
  readonly load: readonly string[] | null
  readonly set: readonly string[] | null
}

/** A case to be played: an instance and what its knobs are set to. */
export type LeagueCase = { readonly instance: RoutingInstance; readonly label: string; readonly knobs: Knobs }

/** The cases asked for: those of each instance, with other loads and other knobs where some are named. */
export function casesOf({ quick, only, load, set }: LeagueAsk, known: readonly RoutingInstance[]): LeagueCase[] {
  const ids = known.map(({ id }) => id)
  const chosen = (only ?? ids).map((name) => {
    const found = known.find(({ id }) => id === name)
    if (found === undefined) throw refusal('--only', `"${name}", no instance of routing`, didYouMean(name, ids))
    return found
  })
  const knobsKnown = new Set(chosen.flatMap(({ knobs }) => Object.keys(knobs)))
  const loads = load?.map((text) => numberOf('--load', text)) ?? null
  if (loads !== null && !knobsKnown.has('load')) {
    const fix = `name one that has: ${known
      .filter(({ knobs }) => 'load' in knobs)
      .map(({ id }) => id)
      .join(', ')}`
    throw refusal('--load', `no load in ${chosen.map(({ id }) => id).join(', ')}`, fix)
  }
  const turned = (set ?? []).map((text) => {
    const at = text.indexOf('=')
    const knob = at < 0 ? text : text.slice(0, at)
    if (at < 0) throw refusal('--set', `"${text}"`, 'write KNOB=NUMBER, or KNOB=NUMBER/NUMBER/… for a list')
    if (!knobsKnown.has(knob)) throw refusal('--set', `no knob "${knob}"`, didYouMean(knob, [...knobsKnown]))
    const values = text
      .slice(at + 1)
      .split('/')
      .map((value) => numberOf(`--set ${knob}`, value))
    return { knob, values }
  })
  return chosen.flatMap((instance) => {
    const cases = quick ? instance.cases.quick : instance.cases.full
    const withLoads =
      loads === null || !('load' in instance.knobs) ? cases : cases.flatMap((one) => loads.map((load) => ({ ...one, load })))
    const given: Record<string, number | readonly number[]> = {}
    for (const { knob, values } of turned) {
      const usual = instance.knobs[knob]
      if (usual === undefined) continue
      if (typeof usual === 'number' && values.length > 1) throw refusal(`--set ${knob}`, `${values.length} numbers`, 'write one')
      given[knob] = typeof usual === 'number' ? values[0] : values
    }
    for (const one of [...withLoads, given]) refuseBeyond(instance, one)
    const all = withLoads.map((one): LeagueCase => {
      const knobs = { ...one, ...given }
      return { instance, label: labelOf(knobs), knobs }
    })
    // Cases that differed only in what is set anew have become one.
    return [...new Map(all.map((one) => [one.label, one])).values()]
  })
}

/** Numbers that the generator could make nothing of. */
function refuseBeyond({ id, limits }: RoutingInstance, knobs: Knobs): void {
  for (const [knob, value] of Object.entries(knobs)) {
    const limit = limits[knob]
    if (limit === undefined) continue
    const wrong = [value].flat().find((one) => one < limit.least || one > limit.most || (limit.whole && !Number.isInteger(one)))
    if (wrong === undefined) continue
    const kind = limit.whole ? 'a whole number' : 'a number'
    throw refusal(`${knob} of ${id}`, String(wrong), `write ${kind} from ${limit.least} to ${limit.most.toLocaleString('en-US')}`)
  }
}

const labelOf = (knobs: Knobs): string =>
  Object.entries(knobs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([knob, value]) => `${knob} ${typeof value === 'number' ? value.toLocaleString('en-US') : value.join('/')}`)
    .join(', ') || 'as usual'

function numberOf(field: string, text: string): number {
  const value = Number(text)
  if (/^(\d+(\.\d+)?|\.\d+)$/.test(text.trim())) return value
  throw refusal(field, `"${text}"`, 'write a number of at least 0 in plain digits, such as 1.15')
}

const refusal = (field: string, found: string, fix: string): InputError =>
  new InputError([{ file: 'bench routing', line: null, field, found, fix }])

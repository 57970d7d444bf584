import { listPolicies } from '../../policies/catalog.ts'
import { type Params, SEAMS, type Seam } from '../../sim/policy.ts'
import type { Contestant } from '../plan.ts'
import { wrongOption } from '../read/problem.ts'
import { didYouMean } from '../read/suggest.ts'
import { isPolicyFile } from '../rules/with-rules.ts'

/** A knob and how far it is turned; both ends belong to it. */
export type Knob = { readonly seam: Seam; readonly name: string; readonly from: number; readonly to: number }

/** "lateWeight=0.1..10", as it was typed. */
export type Range = { readonly name: string; readonly from: number; readonly to: number }

/**
 * How far the knobs that steer a trade-off are turned where nobody says. By name, so that a new policy with a knob of the same name and
 * unit has its range already. Wide on purpose: a front that ends where the range does was cut off by it.
 */
const USUAL: Readonly<Record<string, readonly [from: number, to: number]>> = {
  lateWeight: [0.05, 20],
  carbonCentsPerKg: [0, 2000],
  slackHours: [-24, 24],
  drift: [0, 50],
  stepMinutes: [5, 480],
}

/** Knobs that could be turned: of any of the four policies, and not fixed in the contestant's name. */
type Free = Pick<Knob, 'seam' | 'name'>

/**
 * [contestant]: the knobs that are to be turned. Of those asked for each contestant takes the ones it has, in any of its four policies; where none is
 * asked for, the usual ones of its routing policy. What was fixed in its name stays fixed.
 */
export async function knobsOf(contestants: readonly Contestant[], over: readonly Range[]): Promise<Knob[][]> {
  const paramsOf = await paramsByPolicy()
  const free = contestants.map(({ id, policies, params }) => {
    if (!isPolicyFile(policies.routing))
      throw wrongOption(`--policy ${id}`, 'a rule set', 'name a policy that has knobs: live-greedy')
    return SEAMS.flatMap((seam) =>
      Object.keys(paramsOf.get(policies[seam]) ?? {}).flatMap((name): Free[] =>
        name in (params?.[seam] ?? {}) ? [] : [{ seam, name }],
      ),
    )
  })
  for (const { name } of over) {
    const known = free.flat().map((one) => one.name)
    if (!known.includes(name))
      throw wrongOption('--over', `no knob \`${name}\` that is free`, didYouMean(name, [...new Set(known)]))
  }
  return contestants.map(({ id }, c) => {
    const knobs = over.length === 0 ? usual(free[c]) : asked(free[c], over)
    if (knobs.length > 0) return knobs
    if (free[c].length === 0)
      throw wrongOption(`--policy ${id}`, 'no knob that is free', 'name a policy whose knobs are not all fixed')
    const routing = free[c].filter(({ seam }) => seam === 'routing')
    const [first] = [...routing, ...free[c]]
    const names = free[c].map(({ name }) => name).join(', ')
    throw wrongOption(
      `--policy ${id}`,
      'no knob to turn',
      `say which and how far, such as --over ${first?.name ?? 'knob'}=1..10; it has ${names}`,
    )
  })
}

const usual = (free: readonly Free[]): Knob[] =>
  free
    .filter(({ seam, name }) => seam === 'routing' && name in USUAL)
    .map((knob) => ({ ...knob, from: USUAL[knob.name][0], to: USUAL[knob.name][1] }))

const asked = (free: readonly Free[], over: readonly Range[]): Knob[] =>
  over.flatMap(({ name, from, to }) => {
    const knob = free.find((one) => one.name === name)
    return knob === undefined ? [] : [{ ...knob, from, to }]
  })

/** The value at `unit`, 0 … 1 of the way: by equal ratios where both ends are above 0 and far apart, else denser towards 0 where 0 is an end, else by equal steps. */
export function valueAt({ from, to }: Pick<Knob, 'from' | 'to'>, unit: number): number {
  if (unit <= 0) return from
  if (unit >= 1) return to
  if (from > 0 && to / from >= FAR) return readable(from * (to / from) ** unit)
  return readable(from === 0 ? to * unit ** 2 : from + (to - from) * unit)
}

/** The way back: where a value lies, 0 … 1; ends for what is beyond them. */
export function unitOf({ from, to }: Pick<Knob, 'from' | 'to'>, value: number): number {
  const inside = Math.min(to, Math.max(from, value))
  if (from > 0 && to / from >= FAR) return Math.log(inside / from) / Math.log(to / from)
  return from === 0 ? Math.sqrt(inside / to) : (inside - from) / (to - from)
}

const FAR = 10
/** Three digits: a knob is read, typed and kept in files, and what follows them changes nothing that could be seen. */
const readable = (value: number): number => Number(value.toPrecision(3))

/** A contestant with its knobs at some values, under the name that asks for it again: "live-greedy:lateWeight=2.4+smoothed". */
export function turnedTo(base: Contestant, knobs: readonly Knob[], values: readonly number[]): Contestant {
  const params: { [S in Seam]?: Params } = { ...base.params }
  knobs.forEach(({ seam, name }, i) => {
    params[seam] = { ...params[seam], [name]: values[i] }
  })
  const written = (seam: Seam): string =>
    knobs.map((knob, i) => (knob.seam === seam ? `:${knob.name}=${values[i]}` : '')).join('')
  const parts = base.id.split('+').map((part) => part.trim())
  const named = new Set<Seam>()
  const inPlace = parts.map((part) => {
    const word = part.split(':')[0].trim()
    const seam = SEAMS.find((one) => base.policies[one] === word || base.policies[one].endsWith(`/${word}`))
    if (seam === undefined) return part
    named.add(seam)
    return part + written(seam)
  })
  const added = SEAMS.filter((seam) => !named.has(seam) && written(seam) !== '').map(
    (seam) => base.policies[seam] + written(seam),
  )
  return { ...base, id: [...inPlace, ...added].join('+'), params }
}

/** What each of these knobs is where nobody turns it. */
export async function shippedValues({ policies }: Contestant, knobs: readonly Knob[]): Promise<number[]> {
  const paramsOf = await paramsByPolicy()
  return knobs.map(({ seam, name }) => paramsOf.get(policies[seam])?.[name] ?? 0)
}

const paramsByPolicy = async (): Promise<Map<string, Params>> =>
  new Map((await listPolicies()).map(({ id, params }) => [id, params]))

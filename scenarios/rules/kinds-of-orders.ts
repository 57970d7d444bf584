import { type CompiledRules, GOODS, LIMIT } from '../../policies/rules/compiled.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { WEEKDAYS } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { formatWhen } from '../../sim/when.ts'

const TOO_MANY = 100_000

/** Orders that the same rules take: which, bit by bit, and one of them in words. */
export type KindOfOrder = { readonly takenBy: bigint; readonly example: readonly string[] }

/** What an order may be in one respect, and the rules that do not mind. */
type Trait = { readonly takenBy: bigint; readonly says: string }

/**
 * All kinds of orders that a rule set tells apart. In each respect only so many values differ: the ends of the rules' ranges and what lies
 * between two of them; and of values that the same rules take one is enough, so that there are few however many rules there are. Respects are
 * looked at one by one: an order of one line and two sorts of goods is among them, so that a kind that cannot be may be, but none is left out.
 * Null where there are more than can be gone through.
 */
export function kindsOfOrders(rules: CompiledRules, network: NetworkSpec): KindOfOrder[] | null {
  let kinds = new Map<bigint, readonly string[]>([[(1n << BigInt(rules.R)) - 1n, []]])
  for (const traits of respects(rules, network)) {
    const next = new Map<bigint, readonly string[]>()
    for (const [takenBy, example] of kinds) {
      for (const trait of distinct(traits)) {
        const both = takenBy & trait.takenBy
        if (!next.has(both)) next.set(both, trait.says === '' ? example : [...example, trait.says])
      }
    }
    if (next.size > TOO_MANY) return null
    kinds = next
  }
  return [...kinds].map(([takenBy, example]) => ({ takenBy, example }))
}

function distinct(traits: readonly Trait[]): Trait[] {
  const first = new Map<bigint, Trait>()
  for (const trait of traits) if (!first.has(trait.takenBy)) first.set(trait.takenBy, trait)
  return [...first.values()]
}

function respects(rules: CompiledRules, { zones, skus }: NetworkSpec): Trait[][] {
  const { R, Z, days } = rules
  const trait = (says: string, takes: (r: number) => boolean): Trait => {
    let takenBy = 0n
    for (let r = 0; r < R; r++) if (takes(r)) takenBy |= 1n << BigInt(r)
    return { takenBy, says }
  }
  const range = (field: number, { scale, unit, whole = false, least = 0 }: Measure): Trait[] => {
    const values = apart(rules, field, scale, whole, least)
    const told = values.length > 1
    return values.map((value) =>
      trait(told ? `${Number(value.toFixed(2))} ${unit}` : '', (r) => {
        const at = r * LIMIT.fields + field
        return value * scale >= rules.limits[at] && value * scale <= rules.limits[at + 1]
      }),
    )
  }
  return [
    zones.map(({ id }, z) => trait(`to ${id}`, (r) => rules.zones[r * Z + z] === 1)),
    range(LIMIT.lines, { scale: 1, unit: 'lines', whole: true, least: 1 }),
    range(LIMIT.units, { scale: 1, unit: 'units', whole: true, least: 1 }),
    range(LIMIT.grams, { scale: 1000, unit: 'kg' }),
    range(LIMIT.cents, { scale: 100, unit: 'in value' }),
    range(LIMIT.promiseMs, { scale: HOUR_MS, unit: 'hours before its promise', least: -1000 }),
    days.subarray(0, R).every((mask) => mask === 127)
      ? [trait('', () => true)]
      : WEEKDAYS.map((day, d) => trait(`on ${day}`, (r) => ((days[r] >> d) & 1) === 1)),
    hours(rules, trait),
    spans(rules, trait),
    goods(rules, trait, skus),
  ]
}

type Measure = { readonly scale: number; readonly unit: string; readonly whole?: boolean; readonly least?: number }
type MakeTrait = (says: string, takes: (r: number) => boolean) => Trait

/** One value below all ends of the rules' ranges, each end, one between each two, one above. */
function apart({ limits, R }: CompiledRules, field: number, scale: number, whole: boolean, least: number): number[] {
  const ends = new Set<number>()
  for (let r = 0; r < R; r++) {
    for (const end of [limits[r * LIMIT.fields + field], limits[r * LIMIT.fields + field + 1]])
      if (Number.isFinite(end)) ends.add(end / scale)
  }
  const rising = [...ends].sort((a, b) => a - b)
  if (rising.length === 0) return [Math.max(1, least)]
  const values = rising.flatMap((end, i) =>
    whole ? [end - 1, end, end + 1] : [i === 0 ? (end + least) / 2 : (end + rising[i - 1]) / 2, end],
  )
  values.push(rising[rising.length - 1] + 1)
  return [...new Set(values)].filter((value) => (whole ? value >= least : value > least)).sort((a, b) => a - b)
}

function hours({ limits, R }: CompiledRules, trait: MakeTrait): Trait[] {
  const of = (r: number): [number, number] => [
    limits[r * LIMIT.fields + LIMIT.clockMs],
    limits[r * LIMIT.fields + LIMIT.clockMs + 1],
  ]
  const starts = new Set([0])
  for (let r = 0; r < R; r++) for (const end of of(r)) if (end < DAY_MS) starts.add(end)
  return [...starts].map((time) =>
    trait(starts.size === 1 ? '' : `at ${formatWhen(time).slice('day 0 '.length)}`, (r) => {
      const [from, to] = of(r)
      return from <= to ? time >= from && time < to : time >= from || time < to
    }),
  )
}

function spans({ spans: edges, spanFirst }: CompiledRules, trait: MakeTrait): Trait[] {
  // A moment before the first window, and each edge: what holds there holds until the next.
  const moments = [...new Set([-1, ...edges])]
  return moments.map((time) =>
    trait(moments.length === 1 ? '' : time < 0 ? 'before day 0' : `on ${formatWhen(time)}`, (r) => {
      for (let i = spanFirst[r]; i < spanFirst[r + 1]; i += 2) if (time >= edges[i] && time < edges[i + 1]) return true
      return spanFirst[r] === spanFirst[r + 1]
    }),
  )
}

/** Goods that the same rules ask for are alike; an order has one kind of them, or two. */
function goods({ goods: asked, skus, R, K }: CompiledRules, trait: MakeTrait, names: NetworkSpec['skus']): Trait[] {
  const kinds = new Map<string, number>()
  for (let k = 0; k < K; k++) {
    let kind = ''
    for (let r = 0; r < R; r++) kind += asked[r] === GOODS.whatever ? '-' : skus[r * K + k]
    if (!kinds.has(kind)) kinds.set(kind, k)
  }
  const some = [...kinds.values()]
  const is = (r: number, k: number): boolean => skus[r * K + k] === 1
  const of = (says: string, a: number, b: number): Trait =>
    trait(says, (r) => {
      if (asked[r] === GOODS.whatever) return true
      return asked[r] === GOODS.any ? is(r, a) || is(r, b) : is(r, a) && is(r, b)
    })
  const told = (...kindsOf: readonly number[]): string =>
    some.length === 1 ? '' : `with ${kindsOf.map((k) => names[k].id).join(' and ')}`
  const pairs = some.flatMap((a, i) => some.slice(i + 1).map((b) => of(told(a, b), a, b)))
  return [...some.map((a) => of(told(a), a, a)), ...pairs]
}

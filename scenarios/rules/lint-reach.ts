import { type CompiledRules, GOODS, LIMIT, OTHERWISE } from '../../policies/rules/compiled.ts'
import type { RuleSetSpec } from '../../policies/rules/spec.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { DAY_MS } from '../../sim/units.ts'
import { some } from '../doctor/note.ts'
import { odd, type Remark, wrong } from './remark.ts'

/** Rules that never decide anything, filters that let nothing through, and orders that no rule takes. */
export function unreachable(spec: RuleSetSpec, network: NetworkSpec, compiled: CompiledRules): Remark[] {
  const found: Remark[] = []
  for (const [r, { name }] of spec.rules.entries()) {
    found.push(...closed(compiled, network, r))
    const earlier = spec.rules.findIndex((_, a) => a < r && ends(spec, compiled, a) && covers(compiled, a, r))
    if (earlier >= 0) {
      const fix = `move \`${name}\` above it, narrow the \`when\` of \`${spec.rules[earlier].name}\`, or take one out`
      found.push(wrong(['rules', r], `a rule that no order reaches: \`${spec.rules[earlier].name}\` takes them all`, fix))
    }
  }
  return [...found, ...uncovered(spec, network, compiled)]
}

/** What a rule takes ends with it: it hands nothing on, or lets everything through that any rule could. */
function ends({ rules }: RuleSetSpec, { otherwise }: CompiledRules, r: number): boolean {
  const { nodes = {}, allocation = {} } = rules[r]
  const splits = allocation.shipComplete === true || allocation.maxShipments === 1 || allocation.valuePerShipment !== undefined
  return otherwise[r] !== OTHERWISE.next || (Object.keys(nodes).length === 0 && !splits)
}

/** Rules without an order, a warehouse or a service. */
function closed(compiled: CompiledRules, { services, zones, warehouses }: NetworkSpec, r: number): Remark[] {
  const { W, Z, S } = compiled
  const picked = <T>(items: readonly T[], column: Uint8Array, stride: number): T[] =>
    items.filter((_, i) => column[r * stride + i] === 1)
  const zonesTaken = picked(zones, compiled.zones, Z)
  const ships = picked(warehouses, compiled.warehouses, W)
  const by = picked(services, compiled.services, S)
  if (zonesTaken.length === 0)
    return [wrong(['rules', r, 'when'], 'zones and regions that have no zone in common', 'leave out one of them')]
  if (compiled.goods[r] !== GOODS.whatever && compiled.skus.indexOf(1, r * compiled.K) >= (r + 1) * compiled.K)
    return [wrong(['rules', r, 'when'], 'goods that nothing is', 'name goods of skus.csv')]
  if (ships.length === 0) return [wrong(['rules', r, 'nodes'], 'filters that leave no warehouse', 'take one of them out')]
  if (by.length === 0) return [wrong(['rules', r, 'nodes'], 'filters that leave no service', 'take one of them out')]
  const goes = by.some(
    ({ from, reaches }) =>
      (from === undefined || ships.some(({ id }) => from.includes(id))) &&
      (reaches === undefined || zonesTaken.some(({ region }) => reaches.includes(region))),
  )
  if (!goes) {
    const found = `no service from ${some(ships.map(({ id }) => id))} to its zones among ${some(by.map(({ id }) => id))}`
    return [wrong(['rules', r, 'nodes'], found, 'add a service, or a warehouse from which one goes')]
  }
  return []
}

/** True where rule `a` surely takes whatever rule `b` does. */
function covers(rules: CompiledRules, a: number, b: number): boolean {
  return (
    isPart(rules.zones, rules.Z, b, a) &&
    [LIMIT.lines, LIMIT.units, LIMIT.grams, LIMIT.cents, LIMIT.promiseMs].every((field) => isWithin(rules, field, b, a)) &&
    (rules.days[b] & ~rules.days[a]) === 0 &&
    coversHours(rules, a, b) &&
    coversSpans(rules, a, b) &&
    coversGoods(rules, a, b)
  )
}

function isPart(column: Uint8Array, stride: number, b: number, a: number): boolean {
  for (let i = 0; i < stride; i++) if (column[b * stride + i] > column[a * stride + i]) return false
  return true
}

const isWithin = ({ limits }: CompiledRules, field: number, b: number, a: number): boolean =>
  limits[b * LIMIT.fields + field] >= limits[a * LIMIT.fields + field] &&
  limits[b * LIMIT.fields + field + 1] <= limits[a * LIMIT.fields + field + 1]

/** By the stretches of the day each of them holds in. */
function coversHours({ limits }: CompiledRules, a: number, b: number): boolean {
  const stretches = (r: number): [number, number][] => {
    const from = limits[r * LIMIT.fields + LIMIT.clockMs]
    const to = limits[r * LIMIT.fields + LIMIT.clockMs + 1]
    if (from <= to) return [[from, to]]
    return [
      [0, to],
      [from, DAY_MS],
    ]
  }
  return stretches(b).every(([from, to]) => from === to || stretches(a).some((wide) => wide[0] <= from && to <= wide[1]))
}

function coversSpans({ spans, spanFirst }: CompiledRules, a: number, b: number): boolean {
  if (spanFirst[a] === spanFirst[a + 1]) return true
  if (spanFirst[b] === spanFirst[b + 1]) return false
  for (let i = spanFirst[b]; i < spanFirst[b + 1]; i += 2) {
    let inside = false
    for (let j = spanFirst[a]; j < spanFirst[a + 1]; j += 2)
      if (spans[j] <= spans[i] && spans[i + 1] <= spans[j + 1]) inside = true
    if (!inside) return false
  }
  return true
}

function coversGoods({ goods, skus, K }: CompiledRules, a: number, b: number): boolean {
  if (goods[a] === GOODS.whatever) return true
  if (goods[b] === GOODS.whatever || (goods[a] === GOODS.all && goods[b] === GOODS.any)) return false
  return isPart(skus, K, b, a)
}

/** Zones whose orders are not all taken by some single rule; silent where the author has said what becomes of such. */
function uncovered(spec: RuleSetSpec, { zones }: NetworkSpec, compiled: CompiledRules): Remark[] {
  if (spec.uncovered !== undefined) return []
  // The rule behind all others takes every order, but for its zones the measure of a rule that takes all.
  const takesAll = spec.rules.map((_, r) => coversButForZones(compiled, r))
  const open = zones.filter((_, z) => !takesAll.some((all, r) => all && compiled.zones[r * compiled.Z + z] === 1))
  if (open.length === 0) return []
  const where = open.length === zones.length ? 'any zone' : some(open.map(({ id }) => id))
  const fix = 'add a last rule without `when`, or say `uncovered: cheapest` (what happens now) or `uncovered: wait`'
  return [odd(['rules'], `no rule for some orders to ${where}`, fix)]
}

function coversButForZones(rules: CompiledRules, r: number): boolean {
  const { R } = rules
  return (
    [LIMIT.lines, LIMIT.units, LIMIT.grams, LIMIT.cents, LIMIT.promiseMs].every((field) => isWithin(rules, field, R, r)) &&
    rules.days[r] === 127 &&
    coversHours(rules, r, R) &&
    coversSpans(rules, r, R) &&
    coversGoods(rules, r, R)
  )
}

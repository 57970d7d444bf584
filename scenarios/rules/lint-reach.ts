import { type CompiledRules, GOODS, LIMIT, OTHERWISE } from '../../policies/rules/compiled.ts'
import type { RuleSetSpec } from '../../policies/rules/spec.ts'
import { compileLaw, sample } from '../../sim/distribution.ts'
import { distanceKm } from '../../sim/geo.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { some } from '../doctor/note.ts'
import { type KindOfOrder, kindsOfOrders } from './kinds-of-orders.ts'
import { odd, type Remark, wrong } from './remark.ts'

/** Rules that never decide anything, filters that let nothing through, and orders that no rule takes. */
export function unreachable(spec: RuleSetSpec, network: NetworkSpec, compiled: CompiledRules): Remark[] {
  const kinds = kindsOfOrders(compiled, network)
  const last = spec.rules.map((_, r) => ends(spec, compiled, r))
  return [
    ...spec.rules.flatMap((_, r) => {
      const found = closed(compiled, network, r)
      return found.length > 0 || kinds === null ? found : notReached(spec, kinds, last, r)
    }),
    ...(kinds === null ? [TOO_MANY_KINDS] : uncovered(spec, kinds)),
  ]
}

const TOO_MANY_KINDS = odd(
  ['rules'],
  'more kinds of orders than can be gone through: whether a rule is never reached, or an order never taken, is not known',
  'give several rules the same ranges, or see `orrery rules table`',
)

/** Rules above a rule that between them take all its orders and hand none on. */
function notReached({ rules }: RuleSetSpec, kinds: readonly KindOfOrder[], last: readonly boolean[], r: number): Remark[] {
  const own = kinds.filter(({ takenBy }) => takes(takenBy, r))
  const takers = own.map(({ takenBy }) => rules.findIndex((_, a) => a < r && last[a] && takes(takenBy, a)))
  if (takers.some((taker) => taker < 0)) return []
  const names = [...new Set(takers)].sort((a, b) => a - b).map((a) => `\`${rules[a].name}\``)
  const by = names.length === 1 ? `${names[0]} takes them all` : `${names.join(', ')} take them all`
  return [
    wrong(
      ['rules', r],
      `a rule that no order reaches: ${by}`,
      `move \`${rules[r].name}\` above, narrow the \`when\` of those, or take it out`,
    ),
  ]
}

const takes = (takenBy: bigint, r: number): boolean => ((takenBy >> BigInt(r)) & 1n) === 1n

/** Silent where the author has said what becomes of such. */
function uncovered(spec: RuleSetSpec, kinds: readonly KindOfOrder[]): Remark[] {
  const kind = kinds.find(({ takenBy }) => takenBy === 0n)
  if (spec.uncovered !== undefined || kind === undefined) return []
  const fix = 'add a last rule without `when`, or say `uncovered: cheapest` (what happens now) or `uncovered: wait`'
  return [odd(['rules'], `no rule for some orders, for instance one ${kind.example.join(', ')}`, fix)]
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
  return tooNarrow(compiled, r, { ships, zonesTaken })
}

type Places = { readonly ships: NetworkSpec['warehouses']; readonly zonesTaken: NetworkSpec['zones'] }

/** Filters that let nothing through on any day. */
function tooNarrow({ limits }: CompiledRules, r: number, { ships, zonesTaken }: Places): Remark[] {
  const found: Remark[] = []
  const maxKm = limits[r * LIMIT.fields + LIMIT.maxKm]
  const km = zonesTaken.map((zone) => Math.min(...ships.map(({ lat, lon }) => distanceKm(zone.lat, zone.lon, lat, lon))))
  const nearest = Math.min(...km)
  if (nearest > maxKm) {
    const says = `${maxKm} km, where its nearest warehouse is ${Math.ceil(nearest)} km from its nearest zone`
    found.push(wrong(['rules', r, 'nodes', 'maxKm'], says, 'allow more, or other warehouses'))
  }
  const maxHours = limits[r * LIMIT.fields + LIMIT.maxQueueMs] / HOUR_MS
  const fastest = Math.min(...ships.map(({ prepareHours }) => sample(compileLaw(prepareHours, 1), 0.5)))
  if (fastest > maxHours) {
    const says = `${maxHours} hours, where preparation alone takes ${fastest.toFixed(1)} (median) at the fastest of its warehouses`
    found.push(wrong(['rules', r, 'nodes', 'maxBacklogHours'], says, 'allow that and what the queue may take'))
  }
  return found
}

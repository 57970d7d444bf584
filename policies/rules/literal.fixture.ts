import type { NetworkSpec } from '../../sim/network-spec.ts'
import { WEEKDAYS } from '../../sim/network-spec.ts'
import type { RoutingOption } from '../../sim/policy.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { SMALL_CLOCK } from './small-clock.fixture.ts'
import type { NodesSpec, RuleSetSpec, SortSpec, WhenSpec } from './spec.ts'

/**
 * A rule set followed to the letter, as somebody with the file in one hand and a list of options in the other would: take the first rule
 * that fits, cross out what its filters refuse, sort what is left, take the first. It knows nothing of prices, columns or bits.
 */
export function followed(spec: RuleSetSpec, network: NetworkSpec, options: readonly RoutingOption[]): RoutingOption | null {
  for (const rule of spec.rules) {
    if (!fits(rule.when ?? {}, network, options[0])) continue
    const left = options.filter((option) => lets(rule.nodes ?? {}, network, option))
    if (left.length > 0) return sorted(left, rule.sort ?? [{ by: 'cost' }], network)[0]
    if (rule.otherwise === 'wait') return null
    if (rule.otherwise === 'relax') return sorted(options, rule.sort ?? [{ by: 'cost' }], network)[0]
  }
  return spec.uncovered === 'wait' ? null : sorted(options, [{ by: 'cost' }], network)[0]
}

const within = (value: number, range: { from?: number | undefined; to?: number | undefined } | undefined): boolean =>
  range === undefined || (value >= (range.from ?? value) && value <= (range.to ?? value))

function fits(when: WhenSpec, { zones, skus }: NetworkSpec, option: RoutingOption): boolean {
  const zone = zones[option.zone]
  const lines = Array.from({ length: option.orderLines }, (_, i) => ({
    ...skus[option.orderSku(i)],
    units: option.orderUnits(i),
  }))
  const sum = (of: (line: (typeof lines)[number]) => number): number => lines.reduce((all, line) => all + of(line), 0)
  const since = option.nowMs - SMALL_CLOCK.dayZeroMs
  const midnight = Math.floor(since / DAY_MS) * DAY_MS
  const clock = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * MINUTE_MS
  const moment = (text: string): number => Number(text.split(' ')[1]) * DAY_MS + clock(text.split(' ')[2])
  if (when.zones !== undefined && !when.zones.includes(zone.id)) return false
  if (when.regions !== undefined && !when.regions.includes(zone.region)) return false
  if (when.notRegions?.includes(zone.region)) return false
  if (
    !within(lines.length, when.lines) ||
    !within(
      sum(({ units }) => units),
      when.units,
    )
  )
    return false
  if (!within(sum(({ units, weightGrams }) => units * weightGrams) / 1000, when.weightKg)) return false
  if (
    !within(
      sum(({ units, price }) => units * price),
      when.value,
    )
  )
    return false
  if (!within((option.promisedMs - option.nowMs) / HOUR_MS, when.promiseHours)) return false
  // Day 0 of the small world is a Monday.
  if (when.days !== undefined && !when.days.includes(WEEKDAYS[((Math.floor(since / DAY_MS) % 7) + 7) % 7])) return false
  if (when.hours !== undefined) {
    const [from, to, now] = [clock(when.hours.from), clock(when.hours.to), since - midnight]
    if (from <= to ? now < from || now >= to : now < from && now >= to) return false
  }
  if (when.during !== undefined && !when.during.some(({ from, to }) => since >= moment(from) && since < moment(to))) return false
  if (when.skus === undefined && when.skuTags === undefined) return true
  const such = lines.map(({ id, tags }) => when.skus?.includes(id) || tags?.some((tag) => when.skuTags?.includes(tag)))
  return when.goods === 'all' ? such.every(Boolean) : such.some(Boolean)
}

function lets(nodes: NodesSpec, { warehouses, services }: NetworkSpec, option: RoutingOption): boolean {
  const { id, tags = [] } = warehouses[option.warehouse]
  const service = services[option.service].id
  const dayOf = (ms: number): number => Math.floor((ms - SMALL_CLOCK.dayZeroMs) / DAY_MS)
  return (
    (nodes.only === undefined || nodes.only.includes(id)) &&
    !nodes.not?.includes(id) &&
    (nodes.tags === undefined || tags.some((tag) => nodes.tags?.includes(tag))) &&
    !tags.some((tag) => nodes.notTags?.includes(tag)) &&
    (nodes.services === undefined || nodes.services.includes(service)) &&
    !nodes.notServices?.includes(service) &&
    within(option.km, { to: nodes.maxKm }) &&
    within(option.unitsLeft, { from: nodes.minUnitsLeft }) &&
    within(option.stockShare, { from: nodes.minStockShare }) &&
    within(option.queueMs / HOUR_MS, { to: nodes.maxBacklogHours }) &&
    within(option.parcelsAhead, { to: nodes.maxParcelsAhead }) &&
    within((option.departMs - option.nowMs) / HOUR_MS, { to: nodes.leavesWithinHours }) &&
    (nodes.leavesToday !== true || dayOf(option.departMs) === dayOf(option.nowMs)) &&
    (nodes.inTime !== true || option.etaMsP90 <= option.promisedMs) &&
    within(option.lateShare, { to: nodes.maxLateShare }) &&
    within(option.costCents / 100, { to: nodes.maxCost }) &&
    within(option.co2Grams, { to: nodes.maxCo2Grams })
  )
}

/** As fine as a sort goes where no band is given, and what is better. */
const FINEST: Readonly<Record<SortSpec['by'], number>> = {
  km: 1,
  cost: 0.01,
  etaHours: 5 / 60,
  backlogHours: 5 / 60,
  parcelsAhead: 1,
  unitsLeft: 1,
  stockShare: 0.01,
  rank: 1,
  co2Grams: 10,
  lateShare: 0.005,
}

function sorted(options: readonly RoutingOption[], sorts: readonly SortSpec[], network: NetworkSpec): RoutingOption[] {
  const valueBy = (option: RoutingOption, { by, order = [] }: SortSpec): number => {
    const { id, tags = [] } = network.warehouses[option.warehouse]
    const place = order.findIndex((word) => word === id || tags.some((tag) => word === `tag:${tag}`))
    const values: Readonly<Record<SortSpec['by'], number>> = {
      km: option.km,
      cost: option.costCents / 100,
      etaHours: (option.etaMsP50 - option.nowMs) / HOUR_MS,
      backlogHours: option.queueMs / HOUR_MS,
      parcelsAhead: option.parcelsAhead,
      unitsLeft: option.unitsLeft,
      stockShare: option.stockShare,
      rank: place < 0 ? order.length : place,
      co2Grams: option.co2Grams,
      lateShare: option.lateShare,
    }
    return values[by]
  }
  // Shelves are never fuller than twice what they opened with, as far as a rule is concerned.
  const bandOf = (option: RoutingOption, sort: SortSpec): number => {
    const band = Math.floor(valueBy(option, sort) / (sort.band ?? FINEST[sort.by]) + 1e-9)
    return sort.by === 'unitsLeft' || sort.by === 'stockShare' ? -band : band
  }
  return [...options].sort((a, b) => sorts.reduce((so, sort) => (so === 0 ? bandOf(a, sort) - bandOf(b, sort) : so), 0))
}

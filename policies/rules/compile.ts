import { dayMask } from '../../sim/calendar.ts'
import { distanceKm } from '../../sim/geo.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { parseClock, parseWhen } from '../../sim/when.ts'
import { type CompiledRules, GOODS, LIMIT, OTHERWISE, type Transfer } from './compiled.ts'
import {
  type AllocationSpec,
  type RangeSpec,
  type RuleSetSpec,
  type RuleSpec,
  SORT_KEYS,
  type SortKey,
  type SortSpec,
} from './spec.ts'

/** Shipments a price leaves room for where no rule says how many: what the router buys unless fewer would not do. */
const USUAL_SHIPMENTS = 3
/** Where a rule does not care how they are sorted. */
const BY_COST: readonly SortSpec[] = [{ by: 'cost' }]
/** The list of cents ends at this many bands: an order of 10,000.00 to the cent, a dearer network coarser. */
const COST_BANDS = 2 ** 20

/** The rule behind all others. */
const theRest = (): RuleSpec => ({ name: 'no rule left' })

/**
 * Turns a rule set as written into flat columns for one network. Expects what the lint lets through: every id and tag known.
 *
 * A price is a number in a mixed radix, as hours, minutes and seconds are: which of the rules that take the order lets the option through
 * counts most, then each shipment, then the bands of the sorts from first to last. Each place holds the sum over as many shipments as
 * there may be, so that the prices of a set of shipments add up place by place without a carry.
 */
export function compileRules(spec: RuleSetSpec, network: NetworkSpec): CompiledRules {
  const rules = [...spec.rules, theRest()]
  const W = network.warehouses.length
  const Z = network.zones.length
  const S = network.services.length
  const K = network.skus.length
  const sorts = rules.flatMap(({ sort = BY_COST }) => [...sort])
  const sortFirst = firsts(rules.map(({ sort = BY_COST }) => sort.length))
  const spans = rules.map(({ when }) => (when?.during ?? []).flatMap(({ from, to }) => [parseWhen(from), parseWhen(to)]))
  const bands = sorts.map(({ by, band }) => bandOf(by, band, network))
  const shipments = Math.max(...spec.rules.map(({ allocation }) => shipmentsOf(allocation)), 1)
  const { sortUnit, shipmentUnit, tierUnit } = unitsOf(rules, { sortFirst, bands, shipments })
  return {
    name: spec.name,
    names: rules.map(({ name }) => name),
    R: spec.rules.length,
    W,
    Z,
    S,
    K,
    limits: Float64Array.from(rules.flatMap(limitsOf)),
    zones: Uint8Array.from(rules.flatMap((rule) => zonesOf(rule, network))),
    skus: Uint8Array.from(rules.flatMap((rule) => skusOf(rule, network))),
    goods: Uint8Array.from(rules, ({ when }) =>
      when?.skus === undefined && when?.skuTags === undefined ? GOODS.whatever : GOODS[when.goods ?? 'any'],
    ),
    days: Uint8Array.from(rules, ({ when }) => (when?.days === undefined ? 127 : dayMask(when.days))),
    spanFirst: firsts(spans.map(({ length }) => length)),
    spans: Float64Array.from(spans.flat()),
    warehouses: Uint8Array.from(rules.flatMap((rule) => warehousesOf(rule, network))),
    services: Uint8Array.from(rules.flatMap((rule) => servicesOf(rule, network))),
    inTime: Uint8Array.from(rules, ({ nodes }) => (nodes?.inTime === true ? 1 : 0)),
    leavesToday: Uint8Array.from(rules, ({ nodes }) => (nodes?.leavesToday === true ? 1 : 0)),
    otherwise: Uint8Array.from(rules, ({ otherwise = 'next' }) => OTHERWISE[otherwise]),
    sortFirst,
    sortKey: Uint8Array.from(sorts, ({ by }) => SORT_KEYS.indexOf(by)),
    sortBand: Float64Array.from(bands, ({ width }) => width),
    sortBands: Float64Array.from(bands, ({ count }) => count),
    sortUnit,
    ranks: Uint16Array.from(sorts.flatMap(({ order = [] }) => ranksOf(order, network))),
    shipmentUnit,
    tierUnit,
    priceEnd: tierUnit * (shipments * spec.rules.length + 1),
    takesRest: spec.uncovered !== 'wait',
    skuCents: Float64Array.from(network.skus, ({ price }) => price * 100),
    skuGrams: Float64Array.from(network.skus, ({ weightGrams }) => weightGrams),
    transfers: spec.rules.flatMap((rule, r) => transfersOf(rule, r, network)),
  }
}

const firsts = (lengths: readonly number[]): Int32Array => {
  const first = new Int32Array(lengths.length + 1)
  for (const [i, length] of lengths.entries()) first[i + 1] = first[i] + length
  return first
}

export const shipmentsOf = (allocation: AllocationSpec | undefined): number =>
  allocation?.shipComplete === true ? 1 : (allocation?.maxShipments ?? USUAL_SHIPMENTS)

type Bands = { readonly width: number; readonly count: number }
type Scale = { readonly sortFirst: Int32Array; readonly bands: readonly Bands[]; readonly shipments: number }

/** What one step of each place is worth: the product of the sizes of the places below it. */
function unitsOf(rules: readonly RuleSpec[], { sortFirst, bands, shipments }: Scale) {
  const sortUnit = new Float64Array(bands.length)
  const shipmentUnit = new Float64Array(rules.length)
  let tierUnit = 1
  for (const [r, { allocation }] of rules.entries()) {
    let unit = 1
    for (let i = sortFirst[r + 1] - 1; i >= sortFirst[r]; i--) {
      sortUnit[i] = unit
      unit *= shipments * (bands[i].count - 1) + 1
    }
    if (allocation?.fewest !== false) {
      shipmentUnit[r] = unit
      unit *= shipments + 1
    }
    tierUnit = Math.max(tierUnit, unit)
  }
  return { sortUnit, shipmentUnit, tierUnit }
}

/** How fine a sort goes where it is not banded, and where its list of bands ends: what lies beyond is all alike. In the option's units. */
function bandOf(by: SortKey, band: number | undefined, network: NetworkSpec): Bands {
  const until = (end: number, finest: number, inOption = 1): Bands => {
    const width = (band ?? finest) * inOption
    return { width, count: Math.floor((end * inOption) / width) + 1 }
  }
  switch (by) {
    case 'km':
      return until(farthestKm(network), 1)
    case 'cost': {
      const end = dearest(network)
      return until(end, Math.max(0.01, end / COST_BANDS), 100)
    }
    case 'etaHours':
      return until(60 * 24, 5 / 60, HOUR_MS)
    case 'backlogHours':
      return until(30 * 24, 5 / 60, HOUR_MS)
    case 'parcelsAhead':
      return until(65_535, 1)
    case 'unitsLeft':
      return until(4_095, 1)
    case 'stockShare':
      return until(2, 0.01)
    case 'lateShare':
      return until(1, 0.005)
    case 'co2Grams':
      return until(100_000, 10)
    case 'rank':
      return { width: 1, count: network.warehouses.length + 1 }
  }
}

function farthestKm({ zones, warehouses }: NetworkSpec): number {
  let far = 1
  for (const zone of zones) for (const { lat, lon } of warehouses) far = Math.max(far, distanceKm(zone.lat, zone.lon, lat, lon))
  return far
}

/** What a shipment of eight lines, three of the heaviest goods each, costs by the dearest service over the longest way. */
function dearest(network: NetworkSpec): number {
  const km = farthestKm(network)
  const kg = (24 * network.skus.reduce((most, { weightGrams }) => Math.max(most, weightGrams), 0)) / 1000
  const freight = network.services.map(({ freight: f }) => f.base + f.perKm * km + f.perKg * kg + f.perKgKm * kg * km)
  const handling = network.warehouses.map(({ handlingPerParcel, handlingPerLine }) => handlingPerParcel + 8 * handlingPerLine)
  return Math.max(1, Math.max(...freight) + Math.max(...handling))
}

function limitsOf({ when = {}, nodes = {}, allocation = {} }: RuleSpec): number[] {
  const limits = new Array<number>(LIMIT.fields).fill(Number.POSITIVE_INFINITY)
  const range = (at: number, given: RangeSpec | undefined, unit = 1): void => {
    limits[at] = (given?.from ?? Number.NEGATIVE_INFINITY) * unit
    limits[at + 1] = (given?.to ?? Number.POSITIVE_INFINITY) * unit
  }
  range(LIMIT.lines, when.lines)
  range(LIMIT.units, when.units)
  range(LIMIT.grams, when.weightKg, 1000)
  range(LIMIT.cents, when.value, 100)
  range(LIMIT.promiseMs, when.promiseHours, HOUR_MS)
  limits[LIMIT.clockMs] = when.hours === undefined ? 0 : parseClock(when.hours.from)
  limits[LIMIT.clockMs + 1] = when.hours === undefined ? DAY_MS : parseClock(when.hours.to)
  const upTo = (at: number, given: number | undefined, unit = 1): void => {
    if (given !== undefined) limits[at] = given * unit
  }
  limits[LIMIT.minUnitsLeft] = nodes.minUnitsLeft ?? Number.NEGATIVE_INFINITY
  limits[LIMIT.minStockShare] = nodes.minStockShare ?? Number.NEGATIVE_INFINITY
  upTo(LIMIT.maxKm, nodes.maxKm)
  upTo(LIMIT.maxQueueMs, nodes.maxBacklogHours, HOUR_MS)
  upTo(LIMIT.maxParcelsAhead, nodes.maxParcelsAhead)
  upTo(LIMIT.maxDepartMs, nodes.leavesWithinHours, HOUR_MS)
  upTo(LIMIT.maxLateShare, nodes.maxLateShare)
  upTo(LIMIT.maxCostCents, nodes.maxCost, 100)
  upTo(LIMIT.maxCo2Grams, nodes.maxCo2Grams)
  upTo(LIMIT.maxShipments, allocation.shipComplete === true ? 1 : allocation.maxShipments)
  upTo(LIMIT.centsPerShipment, allocation.valuePerShipment, 100)
  upTo(LIMIT.maxOrderCo2Grams, allocation.maxCo2Grams)
  return limits
}

const one = (holds: boolean): number => (holds ? 1 : 0)

function zonesOf({ when = {} }: RuleSpec, { zones }: NetworkSpec): number[] {
  const { zones: ids, regions, notRegions } = when
  return zones.map(({ id, region }) =>
    one(
      (ids === undefined || ids.includes(id)) &&
        (regions === undefined || regions.includes(region)) &&
        !(notRegions ?? []).includes(region),
    ),
  )
}

const shares = (some: readonly string[] | undefined, others: readonly string[] | undefined): boolean =>
  (some ?? []).some((word) => (others ?? []).includes(word))

function skusOf({ when = {} }: RuleSpec, { skus }: NetworkSpec): number[] {
  const ids = new Set(when.skus ?? [])
  return skus.map(({ id, tags }) => one(ids.has(id) || shares(when.skuTags, tags)))
}

function warehousesOf({ nodes = {} }: RuleSpec, { warehouses }: NetworkSpec): number[] {
  const { only, not, tags, notTags } = nodes
  return warehouses.map((warehouse) =>
    one(
      (only === undefined || only.includes(warehouse.id)) &&
        (tags === undefined || shares(tags, warehouse.tags)) &&
        !(not ?? []).includes(warehouse.id) &&
        !shares(notTags, warehouse.tags),
    ),
  )
}

function servicesOf({ nodes = {} }: RuleSpec, { services }: NetworkSpec): number[] {
  const { services: only, notServices } = nodes
  return services.map(({ id }) => one((only === undefined || only.includes(id)) && !(notServices ?? []).includes(id)))
}

export const TAG = 'tag:'
/** Whether a warehouse is meant by an id, or by "tag:…". */
const isMeant = (word: string, { id, tags }: NetworkSpec['warehouses'][number]): boolean =>
  word.startsWith(TAG) ? (tags ?? []).includes(word.slice(TAG.length)) : word === id

function ranksOf(order: readonly string[], { warehouses }: NetworkSpec): number[] {
  return warehouses.map((warehouse) => {
    const at = order.findIndex((word) => isMeant(word, warehouse))
    return at < 0 ? order.length : at
  })
}

function transfersOf({ after = [] }: RuleSpec, rule: number, { warehouses }: NetworkSpec): Transfer[] {
  const meant = (words: readonly string[] | undefined) =>
    Uint8Array.from(warehouses, (warehouse) => one(words === undefined || words.some((word) => isMeant(word, warehouse))))
  return after.map(({ transfer: { above, below, from, to } }) => {
    return { rule, above, below: below ?? Number.POSITIVE_INFINITY, from: meant(from), to: meant(to) }
  })
}

import { compileLaw, type Law } from '../distribution.ts'
import type { LawSpec } from '../network-spec.ts'
import { DAY_MS } from '../units.ts'
import type { CustomersSpec, RuleSpec, SiteSpec, SupplyCostsSpec, SupplySpec, UnitsLawSpec } from './spec.ts'

/** How a site orders, by number. */
export const RULE = { none: 0, upTo: 1, lots: 2, standing: 3 } as const
/** What becomes of a customer who cannot be served at once. */
export const UNMET = { waits: 0, lost: 1, partly: 2 } as const

/** A law of whole units made ready. `poissonMean` is above 0 for a Poisson count, whose probability of 0 is `none`. */
export type UnitsLaw = { readonly law: Law; readonly poissonMean: number; readonly none: number }

/** One stream of customers. */
export type Stream = {
  readonly site: number
  readonly gap: Law
  readonly units: UnitsLaw
  readonly unmet: number
  /** Ms; NaN: one gap after the beginning. */
  readonly firstMs: number
  readonly delivery: Law | null
  readonly deliveryCost: number
  /** The entity of its draws. */
  readonly luck: number
}

/** A replenishment network made ready: sites in the order they are written, everything in ms and units. */
export type SupplyNetwork = {
  readonly N: number
  readonly names: readonly string[]
  readonly echelons: readonly string[]
  readonly echelonOf: Int32Array
  readonly endless: Uint8Array
  readonly rule: Uint8Array
  /** Position at or below which the rule orders. */
  readonly reorderAt: Float64Array
  /** `upTo` or `lot`. */
  readonly target: Float64Array
  /** Ms between two looks; 0: at every change. */
  readonly reviewMs: Float64Array
  readonly capacity: Float64Array
  readonly initial: Float64Array
  readonly inParts: Uint8Array
  readonly inStock: Uint8Array
  /** Sources of site i: `sources[sourceStart[i]] …` up to `sourceStart[i + 1]`. */
  readonly sourceStart: Int32Array
  readonly sources: Int32Array
  readonly lead: readonly Law[]
  /** Units of a batch; 0 where nothing is made. */
  readonly makeLot: Float64Array
  readonly makeTime: readonly (Law | null)[]
  readonly streams: readonly Stream[]
  readonly costs: readonly Required<{ readonly [K in keyof SupplyCostsSpec]: number }>[]
  readonly price: Float64Array
  /** The entity of each site's draws, made from its name: another site more or less leaves it as it is. */
  readonly luck: Int32Array
  readonly days: number
  readonly warmupDays: number
  readonly goodsFirst: boolean
}

/** Makes a checked specification ready (see `examineSupply` for the checks). */
export function compileSupply(spec: SupplySpec): SupplyNetwork {
  const inGroup = new Map<string, number>()
  const sites = spec.sites.flatMap((site) =>
    namesOf(site).map((name) => {
      const group = site.group ?? site.id
      const place = inGroup.get(group) ?? 0
      inGroup.set(group, place + 1)
      return { site, name, place }
    }),
  )
  const N = sites.length
  const members = membersOf(spec)
  const echelons = [...new Set(spec.sites.map(echelonName))]
  const lots = new Set<number>()
  const perGroup = new Map(spec.sites.map((site) => [site, groupColumns(site, members)]))
  const of = sites.map(({ site }) => perGroup.get(site) as GroupColumns)
  const column = (value: (group: GroupColumns) => number): Float64Array => Float64Array.from(of, value)
  const bytes = (value: (group: GroupColumns) => number): Uint8Array => Uint8Array.from(of, value)
  const sourceStart = new Int32Array(N + 1)
  for (let i = 0; i < N; i++) sourceStart[i + 1] = sourceStart[i] + (of[i].inTurn ? 1 : of[i].sources.length)
  const sources = new Int32Array(sourceStart[N])
  for (let i = 0; i < N; i++) {
    const all = of[i].sources
    if (of[i].inTurn) sources[sourceStart[i]] = all[sites[i].place % all.length]
    else sources.set(all, sourceStart[i])
  }
  return {
    N,
    names: sites.map(({ name }) => name),
    echelons,
    echelonOf: Int32Array.from(sites, ({ site }) => echelons.indexOf(echelonName(site))),
    endless: bytes(({ endless }) => endless),
    rule: bytes(({ rule }) => rule.rule),
    reorderAt: column(({ rule }) => rule.reorderAt),
    target: column(({ rule }) => rule.target),
    reviewMs: column(({ rule }) => rule.reviewMs),
    capacity: column(({ capacity }) => capacity),
    initial: column(({ initial }) => initial),
    inParts: bytes(({ inParts }) => inParts),
    inStock: bytes(({ inStock }) => inStock),
    sourceStart,
    sources,
    lead: of.map(({ lead }) => lead),
    makeLot: column(({ makeLot }) => makeLot),
    makeTime: of.map(({ makeTime }) => makeTime),
    streams: sites.flatMap(({ site, name }, i) => {
      return (site.customers ?? []).map((customers, c) => streamOf(customers, i, luckOf(`${name} customers ${c}`, lots)))
    }),
    costs: of.map(({ costs }) => costs),
    price: column(({ price }) => price),
    luck: Int32Array.from(sites, ({ name }) => luckOf(name, lots)),
    days: spec.days,
    warmupDays: spec.warmupDays ?? 0,
    goodsFirst: spec.atOneInstant !== 'customers-first',
  }
}

/** Names of the sites that one entry stands for. */
export const namesOf = ({ id, count }: SiteSpec): string[] =>
  count === undefined ? [id] : Array.from({ length: count }, (_, i) => `${id}-${i + 1}`)

/** Which sites, by number, a name in `from` means: those of the group, or the one of that name. */
function membersOf(spec: SupplySpec): Map<string, number[]> {
  const members = new Map<string, number[]>()
  const add = (name: string, i: number): void => {
    members.set(name, [...(members.get(name) ?? []), i])
  }
  let i = 0
  for (const site of spec.sites) {
    for (const name of namesOf(site)) {
      for (const meant of new Set([name, site.id, site.group ?? site.id])) add(meant, i)
      i++
    }
  }
  return members
}

const echelonName = ({ echelon, id }: SiteSpec): string => echelon ?? id

type Ordering = { readonly rule: number; readonly reorderAt: number; readonly target: number; readonly reviewMs: number }

type GroupColumns = ReturnType<typeof groupColumns>

function groupColumns(site: SiteSpec, members: ReadonlyMap<string, readonly number[]>) {
  const { costs = {} } = site
  return {
    endless: site.endless ? 1 : 0,
    rule: orderingOf(site.rule),
    capacity: site.capacity ?? Number.POSITIVE_INFINITY,
    initial: site.initial ?? 0,
    inParts: site.ships === 'parts' ? 1 : 0,
    inStock: site.choose === 'in-stock' ? 1 : 0,
    inTurn: site.choose === 'in-turn',
    sources: [...new Set((site.from ?? []).flatMap((name) => members.get(name) ?? []))],
    lead: compileLaw(site.leadDays ?? AT_ONCE, DAY_MS),
    makeLot: site.make?.lot ?? 0,
    makeTime: site.make === undefined ? null : compileLaw(site.make.days, DAY_MS),
    price: site.price ?? 0,
    costs: {
      holding: costs.holding ?? 0,
      pipeline: costs.pipeline ?? 0,
      backorder: costs.backorder ?? 0,
      lostUnit: costs.lostUnit ?? 0,
      order: costs.order ?? 0,
      unit: costs.unit ?? 0,
      make: costs.make ?? 0,
    },
  }
}

const AT_ONCE: LawSpec = { law: 'constant', value: 0 }

function orderingOf(rule: RuleSpec | undefined): Ordering {
  if (rule === undefined) return { rule: RULE.none, reorderAt: 0, target: 0, reviewMs: 0 }
  const reviewMs = Math.round((rule.everyDays ?? 0) * DAY_MS)
  switch (rule.rule) {
    case 'up-to':
      return { rule: RULE.upTo, reorderAt: rule.reorderAt, target: rule.upTo, reviewMs }
    case 'base-stock':
      // Units are whole: anything missing is at least one.
      return { rule: RULE.upTo, reorderAt: rule.upTo - 1, target: rule.upTo, reviewMs }
    case 'lots':
      return { rule: RULE.lots, reorderAt: rule.reorderAt, target: rule.lot, reviewMs }
    case 'standing-order':
      return { rule: RULE.standing, reorderAt: 0, target: rule.lot, reviewMs }
  }
}

function streamOf(customers: CustomersSpec, site: number, luck: number): Stream {
  const { everyDays, units, unmet, firstDay, deliveryDays, deliveryCost } = customers
  return {
    site,
    gap: compileLaw(everyDays, DAY_MS),
    units: unitsLaw(units),
    unmet: UNMET[unmet],
    firstMs: firstDay === undefined ? Number.NaN : Math.round(firstDay * DAY_MS),
    delivery: deliveryDays === undefined ? null : compileLaw(deliveryDays, DAY_MS),
    deliveryCost: deliveryCost ?? 0,
    luck,
  }
}

function unitsLaw(spec: UnitsLawSpec): UnitsLaw {
  if (spec.law !== 'poisson') return { law: compileLaw(spec, 1), poissonMean: 0, none: 0 }
  return { law: compileLaw({ law: 'constant', value: spec.mean }, 1), poissonMean: spec.mean, none: Math.exp(-spec.mean) }
}

/** A number for a name (FNV-1a), the next one where it is taken, so that no two share their luck. */
function luckOf(name: string, taken: Set<number>): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  while (taken.has(hash)) hash = (hash + 1) | 0
  taken.add(hash)
  return hash
}

import { type AliasTable, aliasTable } from './alias.ts'
import { dayMask, weekdayIndex } from './calendar.ts'
import { type CheapLanes, cheapLanesOf } from './cheap-lanes.ts'
import { compileLaw, effortLaw, type Law, meanOf, sample } from './distribution.ts'
import { distanceKm, writeUnitVector } from './geo.ts'
import { type LatenessTable, latenessTable, sigmaRow } from './lateness.ts'
import { limitsOf, type NetworkLimits } from './limits.ts'
import type { DepartureSpec, NetworkSpec, ServiceSpec, WorkSpec } from './network-spec.ts'
import { DAY_MS, HOUR_MS, SECOND_MS, WEEK_MS } from './units.ts'
import { parseClock } from './when.ts'

/** A lane's row in `lanes`. */
export const LANE = {
  /** Median line haul; CLOSED where there is no such lane. */
  medianMs: 0,
  /** Standard deviation of its logarithm. */
  sigma: 1,
  /** What nine in ten journeys stay within, in medians. */
  p90: 2,
  latenessRow: 3,
  /** Handling and freight of a parcel before lines and weight; and for each kg. */
  parcelCents: 4,
  kgCents: 5,
  parcelCo2Grams: 6,
  kgCo2Grams: 7,
  fields: 8,
} as const
export const CLOSED = 0

/** What a shipment costs in cents: handling by lines, and what its lane asks for a parcel (handling of it included) and for each kg. */
export const shipmentCents = (lines: number, lineCents: number, parcelCents: number, kg: number, kgCents: number): number =>
  lineCents * lines + parcelCents + kgCents * kg

/** What a warehouse can do at a moment of the week; `fromMs` into the week, rising; the last one holds until the first of the next week. */
export type Roster = { readonly fromMs: Float64Array; readonly pickers: Int32Array; readonly packers: Int32Array }

/** Weekly departures of a service: instants of the week, rising. Capacity is for each warehouse: [departure · W + warehouse]. */
export type Timetable = { readonly atMs: Float64Array; readonly cutOffMs: Float64Array; readonly capacity: Float64Array }

/**
 * A network made ready: flat columns in ms, cents and grams, never written to after compiling. Counts are W warehouses, Z zones,
 * S services, H hubs, K SKUs, U suppliers; a lane is (zone · W + warehouse) · S + service, so that an order's options lie side by side.
 */
export type Network = {
  readonly W: number
  readonly Z: number
  readonly S: number
  readonly H: number
  readonly K: number
  readonly U: number
  readonly startsOn: number
  readonly ordersPerDay: number
  /** Mean orders in hour h of weekday d, at [d · 24 + h], for the whole country. */
  readonly ordersInHour: Float64Array
  readonly dailyCv: number
  readonly zoneDailyCv: number
  readonly linesPerOrder: AliasTable
  readonly meanLines: number
  readonly unitsPerLine: AliasTable
  readonly meanUnits: number
  /** Kinds of orders, where the network knows them: lines of kind b are start[b] … start[b + 1]. */
  readonly baskets: {
    readonly pick: AliasTable
    readonly share: Float64Array
    readonly start: Int32Array
    readonly sku: Int32Array
    readonly units: Int32Array
  } | null
  readonly payments: {
    readonly pick: AliasTable
    readonly approval: readonly Law[]
    readonly days: Int32Array
  }
  readonly impatientShare: number
  readonly patience: Law
  readonly returnShare: number
  readonly returnDelay: Law

  readonly zoneShare: Float64Array
  readonly zoneLat: Float64Array
  readonly zoneLon: Float64Array
  readonly zoneHub: Int32Array
  readonly zoneRegion: readonly string[]
  /** Parcels the last mile delivers on a working day. */
  readonly deliveriesPerDay: Float64Array
  /** Warehouses from near to far: [zone · W + rank]. */
  readonly byDistance: Int32Array
  readonly km: Float64Array

  readonly skuShare: Float64Array
  readonly skuPick: AliasTable
  readonly skuGrams: Float64Array
  readonly skuSupplier: Int32Array
  /** 1 where the warehouse may hold it: [sku · W + warehouse]. */
  readonly held: Uint8Array
  /** Units on the shelf on the first morning: [sku · W + warehouse]. */
  readonly initialStock: Int32Array
  /** Mean units a day asked for at home: [sku · W + warehouse]. */
  readonly homeUnitsPerDay: Float64Array

  readonly warehouseShare: Float64Array
  readonly rosters: readonly Roster[]
  readonly prepare: readonly Law[]
  /** Whole ms, so that a median of an hour is an hour: policies compare in steps. */
  readonly prepareMedianMs: Float64Array
  readonly prepareDays: Int32Array
  readonly pickParcelMs: Float64Array
  readonly pickLineMs: Float64Array
  /** Time of a piece of work beside its mean. */
  readonly pickEffort: readonly Law[]
  readonly packParcelMs: Float64Array
  readonly packLineMs: Float64Array
  readonly packEffort: readonly Law[]
  readonly handlingLineCents: Float64Array

  readonly serviceExpress: Uint8Array
  readonly timetables: readonly Timetable[]
  readonly lostShare: Float64Array
  /** Law of the deviation of ln(line haul) in units of sigma, by service; null where it is standard normal. */
  readonly transitLuck: readonly (Law | null)[]
  /** One row of eight numbers, a cache line, for each lane: see LANE. */
  readonly lanes: Float64Array
  /** A zone's open lanes from near to far, as two numbers each at (zone · W · S + rank) · 2: warehouse · S + service and warehouse; … */
  readonly nearLanes: Int32Array
  /** … and parcelCents and kgCents, together where all of a zone's are read for each order. */
  readonly nearCents: Float64Array
  /** How many open lanes a zone has. */
  readonly nearCount: Int32Array
  /** The same lanes from cheap to dear. */
  readonly cheap: CheapLanes
  /** Fastest, middle and slowest service of a zone and warehouse, −1 where there is none: [(zone · W + warehouse) · 3 + speed]. */
  readonly serviceBySpeed: Int32Array

  readonly hubPerHour: Float64Array
  /** Unit vectors of five points along each road from warehouse to zone, ends included: [((zone · W + warehouse) · 5 + point) · 3]. */
  readonly roadPoints: Float64Array
  readonly hubPoints: Float64Array
  readonly delivery: {
    readonly days: number
    /** Times of day at which vans leave, rising. */
    readonly roundsMs: Float64Array
    readonly hoursMs: number
    readonly failedShare: number
  }
  readonly leadDays: readonly Law[]
  readonly meanLeadDays: Float64Array
  readonly reviewMs: number
  readonly weather: NetworkSpec['weather']
  readonly cellHours: Law
  readonly cellSeverity: Law
  readonly latePerOrderCents: number
  readonly latePerHourCents: number
  readonly returnParcelCents: number
  readonly lateness: LatenessTable
  /** Hard limits of every search; null where there are none. */
  readonly limits: NetworkLimits | null
  /** True where an order may be taken from its warehouse until its pick begins, and not only until it is released. */
  readonly recallsReleased: boolean
}

const normalised = (values: readonly number[]): Float64Array => {
  const total = values.reduce((sum, value) => sum + value, 0)
  return Float64Array.from(values, (value) => value / total)
}

const meanCount = (shares: readonly number[]): number => normalised(shares).reduce((sum, share, i) => sum + share * (i + 1), 0)

/** Turns a network as written into a network ready to run. Expects what the reader and the doctor let through. */
export function compileNetwork(spec: NetworkSpec): Network {
  const W = spec.warehouses.length
  const Z = spec.zones.length
  const S = spec.services.length
  const K = spec.skus.length
  const zoneShare = normalised(spec.zones.map((zone) => zone.share))
  const geography = compileGeography(spec)
  const skuShare = normalised(spec.skus.map((sku) => sku.share))
  const supplierIndex = new Map(spec.suppliers.map((supplier, i) => [supplier.id, i]))
  const warehouseIndex = new Map(spec.warehouses.map((warehouse, i) => [warehouse.id, i]))
  const held = new Uint8Array(K * W)
  spec.skus.forEach((sku, k) => {
    if (sku.heldAt && sku.heldAt.length > 0) for (const id of sku.heldAt) held[k * W + (warehouseIndex.get(id) ?? 0)] = 1
    else held.fill(1, k * W, (k + 1) * W)
  })
  const meanLines = meanCount(spec.demand.linesPerOrder)
  const meanUnits = meanCount(spec.demand.unitsPerLine)
  const unitsPerDay = spec.demand.ordersPerDay * meanLines * meanUnits
  const stock = compileStock(spec, { zoneShare, skuShare, held, byDistance: geography.byDistance, unitsPerDay })
  if (spec.openingStock !== undefined) {
    const skuIndex = new Map(spec.skus.map((sku, k) => [sku.id, k]))
    stock.initialStock.fill(0)
    for (const { warehouse, sku, units } of spec.openingStock)
      stock.initialStock[(skuIndex.get(sku) ?? 0) * W + (warehouseIndex.get(warehouse) ?? 0)] = units
  }

  const hourly = normalised(spec.demand.hourlyShare)
  const weekly = normalised(spec.demand.weekdayShare)
  const ordersInHour = new Float64Array(7 * 24)
  for (let d = 0; d < 7; d++)
    for (let h = 0; h < 24; h++) ordersInHour[d * 24 + h] = spec.demand.ordersPerDay * 7 * weekly[d] * hourly[h]

  const laws = <T>(items: readonly T[], of: (item: T) => Parameters<typeof compileLaw>[0], unit: number): Law[] =>
    shared(items.map(of), (law) => compileLaw(law, unit))
  const column = <T>(items: readonly T[], of: (item: T) => number): Float64Array => Float64Array.from(items, of)
  const leadDays = laws(spec.suppliers, (supplier) => supplier.leadDays, 1)
  const prepare = laws(spec.warehouses, (warehouse) => warehouse.prepareHours, HOUR_MS)

  return {
    W,
    Z,
    S,
    H: spec.hubs.length,
    K,
    U: spec.suppliers.length,
    startsOn: weekdayIndex(spec.startsOn),
    ordersPerDay: spec.demand.ordersPerDay,
    ordersInHour,
    dailyCv: spec.demand.dailyCv,
    zoneDailyCv: spec.demand.zoneDailyCv,
    linesPerOrder: aliasTable(spec.demand.linesPerOrder),
    meanLines,
    unitsPerLine: aliasTable(spec.demand.unitsPerLine),
    meanUnits,
    baskets: compileBaskets(spec),
    payments: {
      pick: aliasTable(spec.payments.map((payment) => payment.share)),
      approval: laws(spec.payments, (payment) => payment.approvalHours, HOUR_MS),
      days: Int32Array.from(spec.payments, (payment) => dayMask(payment.days)),
    },
    impatientShare: spec.customers.impatientShare,
    patience: compileLaw(spec.customers.patienceHours, HOUR_MS),
    returnShare: spec.customers.returnShare,
    returnDelay: compileLaw(spec.customers.returnDays, DAY_MS),
    zoneShare,
    zoneLat: column(spec.zones, (zone) => zone.lat),
    zoneLon: column(spec.zones, (zone) => zone.lon),
    zoneRegion: spec.zones.map((zone) => zone.region),
    ...geography,
    ...compileLastMile(spec, zoneShare, geography.zoneHub),
    skuShare,
    skuPick: aliasTable(skuShare),
    skuGrams: column(spec.skus, (sku) => sku.weightGrams),
    skuSupplier: Int32Array.from(spec.skus, (sku) => supplierIndex.get(sku.supplier) ?? 0),
    held,
    ...stock,
    rosters: spec.warehouses.map(compileRoster),
    prepare,
    prepareMedianMs: Float64Array.from(prepare, (law) => Math.round(sample(law, 0.5))),
    prepareDays: Int32Array.from(spec.warehouses, (warehouse) => dayMask(warehouse.prepareDays)),
    pickParcelMs: column(spec.warehouses, (warehouse) => warehouse.pickSeconds.perParcel * SECOND_MS),
    pickLineMs: column(spec.warehouses, (warehouse) => warehouse.pickSeconds.perLine * SECOND_MS),
    pickEffort: efforts(spec.warehouses.map(({ pickSeconds }) => pickSeconds)),
    packParcelMs: column(spec.warehouses, (warehouse) => warehouse.packSeconds.perParcel * SECOND_MS),
    packLineMs: column(spec.warehouses, (warehouse) => warehouse.packSeconds.perLine * SECOND_MS),
    packEffort: efforts(spec.warehouses.map(({ packSeconds }) => packSeconds)),
    serviceExpress: Uint8Array.from(spec.services, (service) => (service.express ? 1 : 0)),
    timetables: spec.services.map((service) => compileTimetable(spec, service, stock.warehouseShare)),
    transitLuck: spec.services.map(({ transit }) =>
      transit.luck === undefined ? null : compileLaw({ law: 'quantiles', ...transit.luck }, 1),
    ),
    lostShare: column(spec.services, (service) => service.lostShare),
    ...compileLanes(spec, geography.km, geography.byDistance),
    ...compilePoints(spec),
    leadDays,
    meanLeadDays: Float64Array.from(leadDays, meanOf),
    reviewMs: spec.replenishment.reviewHour * HOUR_MS,
    weather: spec.weather,
    cellHours: compileLaw(spec.weather.hours, HOUR_MS),
    cellSeverity: compileLaw(spec.weather.severity, 1),
    latePerOrderCents: spec.costs.latePerOrder * 100,
    latePerHourCents: spec.costs.latePerHour * 100,
    returnParcelCents: Math.round(spec.costs.returnPerParcel * 100),
    lateness: latenessTable(),
    limits: limitsOf(spec.routing),
    recallsReleased: spec.routing?.lockedOnce === 'picked',
  }
}

function compileBaskets({ demand, skus }: NetworkSpec): Network['baskets'] {
  const { baskets } = demand
  if (baskets === undefined || baskets.length === 0) return null
  const number = new Map(skus.map(({ id }, k) => [id, k]))
  const share = normalised(baskets.map((basket) => basket.share))
  const start = new Int32Array(baskets.length + 1)
  baskets.forEach(({ lines }, b) => {
    start[b + 1] = start[b] + lines.length
  })
  const lines = baskets.flatMap((basket) => basket.lines)
  return {
    pick: aliasTable(share),
    share,
    start,
    sku: Int32Array.from(lines, ({ sku }) => number.get(sku) ?? 0),
    units: Int32Array.from(lines, ({ units }) => units),
  }
}

function compileGeography(spec: NetworkSpec) {
  const W = spec.warehouses.length
  const Z = spec.zones.length
  const km = new Float64Array(Z * W)
  const byDistance = new Int32Array(Z * W)
  const zoneHub = new Int32Array(Z)
  spec.zones.forEach((zone, z) => {
    spec.warehouses.forEach((warehouse, w) => {
      km[z * W + w] = distanceKm(zone.lat, zone.lon, warehouse.lat, warehouse.lon)
    })
    const order = spec.warehouses.map((_, w) => w).sort((a, b) => km[z * W + a] - km[z * W + b] || a - b)
    byDistance.set(order, z * W)
    let nearest = Number.POSITIVE_INFINITY
    spec.hubs.forEach((hub, h) => {
      const distance = distanceKm(zone.lat, zone.lon, hub.lat, hub.lon)
      if (distance < nearest) {
        nearest = distance
        zoneHub[z] = h
      }
    })
  })
  return { km, byDistance, zoneHub }
}

type StockInput = {
  zoneShare: Float64Array
  skuShare: Float64Array
  held: Uint8Array
  byDistance: Int32Array
  unitsPerDay: number
}

/** Each zone's demand for a SKU has a home: the nearest warehouse that may hold it. Stock starts as so many days of that. */
function compileStock(spec: NetworkSpec, { zoneShare, skuShare, held, byDistance, unitsPerDay }: StockInput) {
  const W = spec.warehouses.length
  const K = spec.skus.length
  const homeUnitsPerDay = new Float64Array(K * W)
  const atHome = new Float64Array(W)
  for (let k = 0; k < K; k++) {
    atHome.fill(0)
    for (let z = 0; z < zoneShare.length; z++) {
      for (let i = 0; i < W; i++) {
        const w = byDistance[z * W + i]
        if (held[k * W + w] === 1) {
          atHome[w] += zoneShare[z]
          break
        }
      }
    }
    for (let w = 0; w < W; w++) homeUnitsPerDay[k * W + w] = unitsPerDay * skuShare[k] * atHome[w]
  }
  // A warehouse that is nearest to nobody still starts with a little of what it may hold.
  const days = spec.replenishment.initialDaysOfStock
  const initialStock = Int32Array.from(homeUnitsPerDay, (units, i) => (held[i] === 1 ? Math.ceil(units * days) + 1 : 0))
  const warehouseShare = new Float64Array(W)
  for (let i = 0; i < homeUnitsPerDay.length; i++) warehouseShare[i % W] += homeUnitsPerDay[i] / unitsPerDay
  if (spec.warehouses.some((warehouse) => warehouse.stockShare !== undefined)) {
    const wanted = normalised(spec.warehouses.map((warehouse, w) => warehouse.stockShare ?? warehouseShare[w]))
    for (let i = 0; i < initialStock.length; i++) {
      const w = i % W
      if (held[i] === 0) continue
      // Nobody's nearest may have its part all the same.
      const nobodys = unitsPerDay * skuShare[(i - w) / W] * days * wanted[w]
      initialStock[i] = Math.ceil(
        warehouseShare[w] > 0 ? initialStock[i] * (wanted[w] / warehouseShare[w]) : Math.max(1, nobodys),
      )
    }
    warehouseShare.set(wanted)
  }
  return { homeUnitsPerDay, initialStock, warehouseShare }
}

function compileRoster(warehouse: NetworkSpec['warehouses'][number]): Roster {
  const changes = new Map<number, [number, number]>()
  const add = (atMs: number, pickers: number, packers: number) => {
    const change = changes.get(atMs) ?? [0, 0]
    changes.set(atMs, [change[0] + pickers, change[1] + packers])
  }
  for (const shift of warehouse.shifts) {
    for (const day of shift.days) {
      const midnight = weekdayIndex(day) * DAY_MS
      add(midnight + parseClock(shift.from), shift.pickers, shift.packers)
      add((midnight + parseClock(shift.to)) % (7 * DAY_MS), -shift.pickers, -shift.packers)
      // The count below starts from nothing at Monday 00:00, so a Sunday shift that ends there has nothing to take away.
      if (midnight + parseClock(shift.to) === 7 * DAY_MS) add(0, shift.pickers, shift.packers)
    }
  }
  const times = [...changes.keys()].sort((a, b) => a - b)
  if (times[0] !== 0) times.unshift(0)
  const pickers = new Int32Array(times.length)
  const packers = new Int32Array(times.length)
  let onPick = 0
  let onPack = 0
  times.forEach((time, i) => {
    const change = changes.get(time) ?? [0, 0]
    onPick += change[0]
    onPack += change[1]
    pickers[i] = onPick
    packers[i] = onPack
  })
  return { fromMs: Float64Array.from(times), pickers, packers }
}

/** The departures that take parcels: a truck with room for none is as good as none, and nothing may wait for it. */
export const trucksOf = ({ departures }: ServiceSpec): readonly DepartureSpec[] =>
  departures.filter(({ capacity }) => capacity === 'auto' || capacity >= 1)

function compileTimetable(spec: NetworkSpec, service: ServiceSpec, warehouseShare: Float64Array): Timetable {
  const W = spec.warehouses.length
  const rows = trucksOf(service)
    .flatMap((departure) =>
      // Sunday 24:00 is Monday 00:00 of the next week.
      departure.days.map((day) => ({ departure, atMs: (weekdayIndex(day) * DAY_MS + parseClock(departure.at)) % WEEK_MS })),
    )
    .sort((a, b) => a.atMs - b.atMs)
  const capacity = new Float64Array(rows.length * W)
  rows.forEach(({ departure }, i) => {
    for (let w = 0; w < W; w++) {
      const meanParcels = (spec.demand.ordersPerDay * 7 * warehouseShare[w]) / rows.length
      capacity[i * W + w] =
        departure.capacity === 'auto'
          ? Math.ceil(spec.headroom * meanParcels) + 1
          : departure.capacity * (spec.warehouses[w].truckRoom ?? 1)
    }
  })
  return {
    atMs: Float64Array.from(rows, (row) => row.atMs),
    cutOffMs: Float64Array.from(rows, ({ departure }) => departure.cutOffMinutes * 60_000),
    capacity,
  }
}

const LN_FAR = Math.log(10 + 3000)
const LN_NEAR = Math.log(10)
/** ln(10 + 235 km): where a bent line touches the straight one. */
const LN_MIDDLE = 5.5
const medianHours = ({ intercept, slope, bend = 0, steady }: ServiceSpec['transit'], km: number): number => {
  if (steady !== undefined) return steady.fixed + steady.perKm * km
  const ln = Math.log(10 + km)
  return Math.exp(intercept + slope * ln + bend * (ln - LN_MIDDLE) ** 2)
}

/** Standard normal quantile of 0.9. */
const Z90 = 1.2815515655446004

/** Laws said alike are one law: a table of 16 KB for each of thirty warehouses would push each other out of the nearest caches. */
function shared<T>(specs: readonly T[], compile: (spec: T) => Law): Law[] {
  const known = new Map<string, Law>()
  return specs.map((spec) => {
    const said = JSON.stringify(spec)
    const law = known.get(said) ?? compile(spec)
    known.set(said, law)
    return law
  })
}

/** How long a piece of work takes beside its mean, whatever the mean is. */
const efforts = (works: readonly WorkSpec[]): Law[] =>
  shared(
    works.map((work) => ({ ...work, perParcel: 0, perLine: 0 })),
    effortLaw,
  )

function compileLanes(spec: NetworkSpec, km: Float64Array, byDistance: Int32Array) {
  const W = spec.warehouses.length
  const S = spec.services.length
  const lanes = new Float64Array(spec.zones.length * W * S * LANE.fields)
  const leaves = spec.services.map((service) => new Set(service.from ?? []))
  const arrives = spec.services.map((service) => new Set(service.reaches ?? []))
  const runs = spec.services.map((service) => trucksOf(service).length > 0)
  spec.zones.forEach((zone, z) => {
    spec.warehouses.forEach((warehouse, w) => {
      spec.services.forEach((service, s) => {
        const lane = ((z * W + w) * S + s) * LANE.fields
        const distance = km[z * W + w]
        const ln = Math.log(10 + distance)
        const { transit, freight, co2 } = service
        const fromHere = leaves[s].size === 0 || leaves[s].has(warehouse.id)
        const toThere = arrives[s].size === 0 || arrives[s].has(zone.region)
        const far = Math.min(1, (ln - LN_NEAR) / (LN_FAR - LN_NEAR))
        const sigma = (transit.sigmaNear + (transit.sigmaFar - transit.sigmaNear) * far) * (zone.transitSpread ?? 1)
        const isOpen = fromHere && toThere && runs[s]
        lanes[lane + LANE.medianMs] = isOpen ? medianHours(transit, distance) * (zone.transitFactor ?? 1) * HOUR_MS : CLOSED
        lanes[lane + LANE.sigma] = sigma
        lanes[lane + LANE.p90] = Math.exp(Z90 * sigma)
        lanes[lane + LANE.latenessRow] = sigmaRow(sigma)
        lanes[lane + LANE.parcelCents] = 100 * (warehouse.handlingPerParcel + freight.base + freight.perKm * distance)
        lanes[lane + LANE.kgCents] = 100 * (freight.perKg + freight.perKgKm * distance)
        lanes[lane + LANE.parcelCo2Grams] = co2.gramsPerParcel
        lanes[lane + LANE.kgCo2Grams] = (co2.gramsPerTonneKm * distance) / 1000
      })
    })
  })
  const near = lanesFromNear(lanes, byDistance, W, S)
  const lineCents = Float64Array.from(spec.warehouses, (warehouse) => warehouse.handlingPerLine * 100)
  return {
    lanes,
    ...near,
    cheap: cheapLanesOf(near, lanes, lineCents, S),
    handlingLineCents: lineCents,
    serviceBySpeed: rankServices(lanes, S),
  }
}

function lanesFromNear(lanes: Float64Array, byDistance: Int32Array, W: number, S: number) {
  const nearCount = new Int32Array(byDistance.length / W)
  const nearLanes = new Int32Array(2 * byDistance.length * S)
  const nearCents = new Float64Array(2 * byDistance.length * S)
  for (let i = 0; i < byDistance.length; i++) {
    const z = Math.floor(i / W)
    for (let s = 0; s < S; s++) {
      const at = byDistance[i] * S + s
      const lane = (z * W * S + at) * LANE.fields
      if (lanes[lane + LANE.medianMs] === CLOSED) continue
      const near = 2 * (z * W * S + nearCount[z]++)
      nearLanes[near] = at
      nearLanes[near + 1] = byDistance[i]
      nearCents[near] = lanes[lane + LANE.parcelCents]
      nearCents[near + 1] = lanes[lane + LANE.kgCents]
    }
  }
  return { nearLanes, nearCents, nearCount }
}

function compileLastMile(spec: NetworkSpec, zoneShare: Float64Array, zoneHub: Int32Array) {
  const daysMask = dayMask(spec.delivery.days)
  const vanDays = spec.delivery.days.length
  const deliveriesPerDay = Float64Array.from(spec.zones, (zone, z) => {
    const meanPerVanDay = (spec.demand.ordersPerDay * zoneShare[z] * 7) / Math.max(1, vanDays)
    return zone.deliveriesPerDay ?? Math.max(5, Math.ceil(2 * meanPerVanDay))
  })
  const hubPerDay = new Float64Array(spec.hubs.length)
  for (let z = 0; z < zoneShare.length; z++) hubPerDay[zoneHub[z]] += spec.demand.ordersPerDay * zoneShare[z]
  const hubPerHour = Float64Array.from(spec.hubs, (hub, h) =>
    hub.parcelsPerHour === 'auto' ? Math.ceil((spec.headroom * hubPerDay[h]) / 24) + 1 : hub.parcelsPerHour,
  )
  return {
    deliveriesPerDay,
    hubPerHour,
    delivery: {
      days: daysMask,
      // 24:00 is 0:00 of the next day.
      roundsMs: Float64Array.from(
        new Set([spec.delivery.at, ...(spec.delivery.rounds ?? [])].map((at) => parseClock(at) % DAY_MS)),
      ).sort(),
      hoursMs: spec.delivery.hours * HOUR_MS,
      failedShare: spec.delivery.failedShare,
    },
  }
}

/** Of the open lanes of each pair, by median: the first, the one in the middle (the slower of two), the last. */
function rankServices(lanes: Float64Array, S: number): Int32Array {
  const pairs = lanes.length / LANE.fields / S
  const bySpeed = new Int32Array(pairs * 3).fill(-1)
  for (let pair = 0; pair < pairs; pair++) {
    const median = (s: number): number => lanes[(pair * S + s) * LANE.fields + LANE.medianMs]
    const open = Array.from({ length: S }, (_, s) => s).filter((s) => median(s) !== CLOSED)
    if (open.length === 0) continue
    open.sort((a, b) => median(a) - median(b) || a - b)
    bySpeed.set([open[0], open[open.length >> 1], open[open.length - 1]], pair * 3)
  }
  return bySpeed
}

/** Where weather is looked up. Roads are straight in latitude and longitude, which is near enough within a country. */
function compilePoints(spec: NetworkSpec) {
  const W = spec.warehouses.length
  const roadPoints = new Float64Array(spec.zones.length * W * ROAD_POINTS * 3)
  spec.zones.forEach((zone, z) => {
    spec.warehouses.forEach((warehouse, w) => {
      for (let i = 0; i < ROAD_POINTS; i++) {
        const part = i / (ROAD_POINTS - 1)
        const at = ((z * W + w) * ROAD_POINTS + i) * 3
        writeUnitVector(
          warehouse.lat + (zone.lat - warehouse.lat) * part,
          warehouse.lon + (zone.lon - warehouse.lon) * part,
          roadPoints,
          at,
        )
      }
    })
  })
  const hubPoints = new Float64Array(spec.hubs.length * 3)
  spec.hubs.forEach((hub, h) => {
    writeUnitVector(hub.lat, hub.lon, hubPoints, h * 3)
  })
  return { roadPoints, hubPoints }
}
export const ROAD_POINTS = 5

import { type NetworkSpec, WEEKDAYS } from '../../sim/network-spec.ts'
import type { Sources } from './annotated-yaml.ts'
import { approvalLaws } from './approval.ts'
import { measureArrivals } from './arrivals.ts'
import { assortment, baskets } from './assortment.ts'
import { ASSUMED, ASSUMED_SOURCES } from './assumed.ts'
import { carriers } from './carriers.ts'
import { countedDays, dayOf, weekdayOfDay } from './days.ts'
import { measureFreight } from './freight.ts'
import { measureHandover } from './handover.ts'
import type { OrderHistory } from './history.ts'
import type { DeriveOptions, Measured } from './measured.ts'
import { warehousesOf } from './origins.ts'
import { measuredSources } from './sources.ts'
import { kmBetween } from './sphere.ts'
import { regionalHubs, stations, UNSEEN_HANDOVER } from './stations.ts'
import { digits, mean } from './statistics.ts'
import { measureTransit } from './transit.ts'
import { demandZones, round4 } from './zones.ts'

export type Derived = {
  readonly spec: NetworkSpec
  readonly sources: Sources
  readonly measured: Measured
  /** Where each town, origin and article of the history went. */
  readonly zoneOfTown: ArrayLike<number>
  readonly warehouseOfOrigin: ArrayLike<number>
  readonly skuOfArticle: ArrayLike<number>
}

/** How the stages of an order are measured. */
export type Measuring = {
  readonly approvals: (history: OrderHistory) => Measured['approvals']
  readonly handover: (history: OrderHistory) => Measured['handover']
  /** `modelKm`: from warehouse to zone, as the simulator will see it; NaN where a place is not known. */
  readonly transit: (history: OrderHistory, modelKm: Float64Array) => Measured['transit']
}

const WHOLE_TABLE: Measuring = { approvals: approvalLaws, handover: measureHandover, transit: measureTransit }

/** Turns a history into a network that would have produced it: what can be measured is, the rest is assumed and says so. */
export function derive(history: OrderHistory, options: DeriveOptions, measuring: Measuring = WHOLE_TABLE): Derived {
  const { zones, zoneOfTown } = zonesOf(history, options.zones)
  const { warehouses: origins, warehouseOfOrigin } = warehousesOf(history, options.warehouses)
  const zoneOf = Int32Array.from(history.town, (town) => (town < 0 ? -1 : zoneOfTown[town]))
  const modelKm = Float64Array.from(history.origin, (origin, i) =>
    origin < 0 || zoneOf[i] < 0 ? Number.NaN : kmBetween(origins[warehouseOfOrigin[origin]], zones[zoneOf[i]]),
  )
  const measured = measure(history, zoneOf, modelKm, measuring)
  const { arrivals, approvals, handover, transit, freight, lostShare } = measured
  const { ordersPerDay: measuredPerDay, hourlyShare, weekdayShare, dailyCv, zoneDailyCv } = arrivals
  const ordersPerDay = digits(measuredPerDay * options.scale, 4)
  const basket = baskets(history)
  const linesPerOrder = basket.linesPerOrder.reduce((sum, share, k) => sum + share * (k + 1), 0)
  const { skus, skuOfArticle } = assortment(
    history,
    warehouseOfOrigin,
    origins.map((origin) => origin.id),
    options.skus,
  )
  const busiest = origins.reduce((most, origin) => Math.max(most, origin.share), 0)
  const spec: NetworkSpec = {
    name: history.name,
    about: `Derived from ${history.count} recorded orders: what could be measured is, the rest is assumed and says so beside its figure.`,
    currency: history.currency,
    startsOn: WEEKDAYS[weekdayOfDay(dayOf(history.placedMs[0]))],
    demand: { ordersPerDay, hourlyShare, weekdayShare, dailyCv, zoneDailyCv, ...basket },
    payments: approvals.map(({ orders: _orders, ...payment }) => payment),
    customers: {
      impatientShare: 0,
      patienceHours: { law: 'lognormal', median: 240, sigma: 0.6 },
      returnShare: 0,
      returnDays: { law: 'lognormal', median: 7, sigma: 0.5 },
    },
    zones: zones.map((zone) => ({ ...zone, deliveriesPerDay: deliveriesPerDay(zone.share, zones, ordersPerDay) })),
    skus,
    warehouses: stations(origins, handover ?? UNSEEN_HANDOVER, { ordersPerDay, linesPerOrder }),
    services: carriers({
      handover: handover ?? UNSEEN_HANDOVER,
      transit,
      freight,
      lostShare,
      busiestPerDay: busiest * ordersPerDay,
    }),
    hubs: regionalHubs(zones, ordersPerDay),
    delivery: { ...(transit?.delivery ?? { days: ['mon', 'tue', 'wed', 'thu', 'fri'], at: '09:00', hours: 9 }), failedShare: 0 },
    suppliers: [ASSUMED.supplier],
    replenishment: ASSUMED.replenishment,
    headroom: ASSUMED.headroom,
    weather: ASSUMED.weather,
    costs: ASSUMED.costs,
  }
  const sources = { ...ASSUMED_SOURCES, ...measuredSources(history, measured, options) }
  return { spec, sources, measured, zoneOfTown, warehouseOfOrigin, skuOfArticle }
}

function measure(history: OrderHistory, zone: ArrayLike<number>, modelKm: Float64Array, measuring: Measuring): Measured {
  const counted = countedDays(history.placedMs)
  const gone = history.status.filter((_, i) => !Number.isNaN(history.handedOverMs[i]))
  return {
    counted,
    arrivals: measureArrivals(history.placedMs, zone, counted),
    approvals: measuring.approvals(history),
    handover: measuring.handover(history),
    transit: measuring.transit(history, modelKm),
    freight: measureFreight(history),
    lostShare: gone.length > 0 ? digits(gone.filter((status) => status === 'shipped').length / gone.length, 3) : 0,
    cancelledShare: mean(history.status.map((status) => (status === 'cancelled' ? 1 : 0))),
  }
}

function zonesOf({ towns, town }: OrderHistory, count: number) {
  const weight: number[] = towns.map(() => 0)
  for (const index of town) if (index >= 0) weight[index]++
  const ordered = towns.map((_, index) => index).filter((index) => weight[index] > 0)
  const { zones, zoneOfTown } = demandZones(
    ordered.map((index) => ({ ...towns[index], weight: weight[index] })),
    count,
  )
  const total = zones.reduce((sum, zone) => sum + zone.share, 0)
  const byTown = new Int32Array(towns.length).fill(-1)
  ordered.forEach((index, i) => {
    byTown[index] = zoneOfTown[i]
  })
  return { zones: zones.map((zone) => ({ ...zone, share: round4((zone.share / total) * 100) })), zoneOfTown: byTown }
}

/** Set not to bind, for the same reason as the hubs: four times the mean, and never below ten. */
function deliveriesPerDay(share: number, zones: readonly { readonly share: number }[], ordersPerDay: number): number {
  const total = zones.reduce((sum, zone) => sum + zone.share, 0)
  return Math.max(10, Math.ceil((ordersPerDay * share * 4) / total))
}

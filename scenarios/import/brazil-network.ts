import {
  type NetworkSpec,
  type SkuSpec,
  type WarehouseSpec,
  WEEKDAYS,
  type Weekday,
  type ZoneSpec,
} from '../../sim/network-spec.ts'
import type { Sources } from './annotated-yaml.ts'
import { ASSUMED } from './assumed.ts'
import { brazilServices, FACTORS } from './brazil-services.ts'
import { cluster, nearestIndex } from './cluster.ts'
import type { Derived } from './derive.ts'
import { drawn } from './match-law.ts'
import { digits, evenly } from './statistics.ts'
import { uniqueId } from './zones.ts'

export type BrazilFigures = {
  readonly derived: Derived
  /** Shares of the articles, best sellers first. */
  readonly popularity: readonly number[]
  readonly weightGrams: QuantileTable
  readonly price: QuantileTable
}
export type QuantileTable = { readonly at: readonly number[]; readonly value: readonly number[] }

const ORDERS_PER_DAY = 3_000
/** Hands for this many times the mean demand that is nearest. */
const HANDS_HEADROOM = 1.25
const HUBS = 16
/** Walk, scan, count and carry away: about 15 parcels an hour for a picker, 24 for a packer. */
const PICK_SECONDS = { perParcel: 150, perLine: 60, sigma: 0.4 }
const PACK_SECONDS = { perParcel: 120, perLine: 20, sigma: 0.3 }
const MON_SAT: readonly Weekday[] = WEEKDAYS.slice(0, 6)
const LINES_PER_ORDER = [0.72, 0.17, 0.06, 0.03, 0.02]
const SUPPLIERS = [
  { id: 'domestic-south', name: 'Domestic supplier, south', leadDays: { law: 'lognormal', median: 3, sigma: 0.3 } },
  { id: 'domestic-north', name: 'Domestic supplier, north', leadDays: { law: 'lognormal', median: 5, sigma: 0.3 } },
  { id: 'importer', name: 'Importer', leadDays: { law: 'lognormal', median: 12, sigma: 0.4 } },
] as const

/** The bundled network: a retailer's own twelve warehouses, where Olist's sellers are, serving the demand Olist measured. */
export function brazilNetwork({ derived, popularity, weightGrams, price }: BrazilFigures): NetworkSpec {
  const { spec, measured } = derived
  const zones = spec.zones.map(({ deliveriesPerDay: _auto, ...zone }) => zone)
  const skus = popularity.map((share, rank): SkuSpec => {
    const id = `sku-${String(rank + 1).padStart(3, '0')}`
    const grams = Math.round(drawn(weightGrams, evenly(rank)))
    const supplier = SUPPLIERS[Math.floor(evenly(rank, 0.5) * SUPPLIERS.length)].id
    return {
      id,
      weightGrams: grams,
      share: digits(share * 100, 4),
      price: digits(drawn(price, evenly(rank * 3, 0.2)), 3),
      supplier,
    }
  })
  const transit = measured.transit
  const freight = measured.freight
  if (!transit || !freight) throw new Error('Olist tells transit and freight; without them there is nothing to build on.')
  return {
    name: 'Brazil',
    about:
      'A retailer with twelve warehouses who delivers to all of Brazil. Demand, payment, transit and freight as measured on Olist, popularity of articles as on UCI Online Retail; how the warehouses work is assumed.',
    currency: 'BRL',
    startsOn: 'mon',
    demand: { ...spec.demand, ordersPerDay: ORDERS_PER_DAY, linesPerOrder: LINES_PER_ORDER },
    payments: spec.payments.map(withoutTail),
    customers: {
      impatientShare: 0.02,
      patienceHours: { law: 'lognormal', median: 72, sigma: 0.6 },
      returnShare: 0.05,
      returnDays: { law: 'lognormal', median: 5, sigma: 0.5 },
    },
    zones,
    skus,
    warehouses: warehouses(spec.warehouses, zones),
    services: brazilServices({ transit: transit.law, freight: freight.law }),
    hubs: hubs(zones),
    delivery: { days: MON_SAT, at: '09:00', hours: 9, failedShare: 0.02 },
    suppliers: SUPPLIERS,
    replenishment: { reviewHour: 5, initialDaysOfStock: 14 },
    headroom: 1.6,
    weather: { ...ASSUMED.weather, cellsPerDay: 3 },
    costs: { latePerOrder: 40, latePerHour: 0.3, returnPerParcel: 18 },
  }
}

/** The longest twentieth of approvals are lost invoices and calls to the bank; a retailer would have cancelled them. */
function withoutTail(payment: NetworkSpec['payments'][number]): NetworkSpec['payments'][number] {
  const { approvalHours } = payment
  if (approvalHours.law !== 'quantiles') return payment
  const kept = approvalHours.at.filter((p) => p <= 0.9)
  return {
    ...payment,
    approvalHours: { law: 'quantiles', at: [...kept, 1], value: approvalHours.value.slice(0, kept.length + 1) },
  }
}

function warehouses(places: readonly WarehouseSpec[], zones: readonly ZoneSpec[]): WarehouseSpec[] {
  const demand = places.map(() => 0)
  for (const zone of zones) demand[nearestIndex(zone, places)] += zone.share / 100
  const lines = LINES_PER_ORDER.reduce((sum, share, k) => sum + share * (k + 1), 0)
  // Two full shifts from Monday to Saturday, half the hands for six hours on Sunday.
  const hoursOfHandPerWeek = 6 * 16 + 3
  return places.map(({ id, name, lat, lon }, w) => {
    const parcelsPerWeek = demand[w] * ORDERS_PER_DAY * 7 * HANDS_HEADROOM
    const hands = ({ perParcel, perLine }: { perParcel: number; perLine: number }): number =>
      Math.max(1, Math.ceil((parcelsPerWeek * (perParcel + perLine * lines)) / 3600 / hoursOfHandPerWeek))
    const pickers = hands(PICK_SECONDS)
    const packers = hands(PACK_SECONDS)
    return {
      id,
      name,
      lat,
      lon,
      shifts: [
        { days: MON_SAT, from: '06:00', to: '14:00', pickers, packers },
        { days: MON_SAT, from: '14:00', to: '22:00', pickers, packers },
        { days: ['sun'], from: '08:00', to: '14:00', pickers: Math.ceil(pickers / 2), packers: Math.ceil(packers / 2) },
      ],
      prepareHours: { law: 'lognormal', median: 1, sigma: 0.6 },
      prepareDays: WEEKDAYS,
      pickSeconds: PICK_SECONDS,
      packSeconds: PACK_SECONDS,
      handlingPerParcel: ASSUMED.handlingPerParcel,
      handlingPerLine: ASSUMED.handlingPerLine,
    }
  })
}

function hubs(zones: readonly ZoneSpec[]): NetworkSpec['hubs'] {
  const member = cluster(
    zones.map((zone) => ({ ...zone, weight: zone.share })),
    HUBS,
  )
  const taken = new Set<string>()
  return Array.from({ length: Math.max(...member) + 1 }, (_, h) => {
    const main = zones.filter((_zone, z) => member[z] === h).reduce((a, b) => (b.share > a.share ? b : a))
    return {
      id: uniqueId(`hub ${main.name}`, taken),
      name: main.name,
      lat: main.lat,
      lon: main.lon,
      parcelsPerHour: 'auto' as const,
    }
  })
}

/** The source beside each figure: measured ones keep theirs, what a retailer's own network adds says that it is assumed. */
export function brazilSources(measured: Sources, lines: { readonly weights: number; readonly popularity: number }): Sources {
  const kept = Object.entries(measured).filter(([path]) => /^(demand|payments)\./.test(path))
  return {
    ...Object.fromEntries(
      kept.map(([path, source]) => [
        path,
        `Olist, ${source}${path.endsWith('approvalHours') ? '; cut at the 95th percentile' : ''}`,
      ]),
    ),
    startsOn: 'chosen: weeks start on Monday',
    'demand.ordersPerDay': 'chosen: a mid-sized national retailer',
    'demand.linesPerOrder':
      'assumed, between Olist (97 % of orders have one line) and UCI Online Retail (a wholesaler, median 15)',
    'customers.impatientShare': 'assumed',
    'customers.returnShare': 'assumed: a usual rate for goods other than fashion',
    warehouses: `Places: towns of Olist sellers clustered by k-means, each in the town that sends most. Hands: ${HANDS_HEADROOM} × the mean demand nearest to it. All else assumed. SKUs in skus.csv: popularity from ${lines.popularity} order lines of UCI Online Retail, weight and price from ${lines.weights} lines of Olist.`,
    'services.economy.transit': `Olist, ${measured['services.standard.transit']}; spread × ${FACTORS.economy.spread}, ASSUMED: one contracted carrier varies less than all of them together`,
    'services.economy.freight': `Olist, ${measured['services.standard.freight']}`,
    'services.economy.departures': 'assumed: one truck a day but Sunday',
    'services.standard': assumedFrom('standard', 'two trucks a day'),
    'services.express': assumedFrom('express', 'up to three trucks a day'),
    'services.economy.co2': 'assumed; last mile from van factors of the UK Government (631 g/t-km)',
    'services.economy.lostShare': 'assumed; Olist: 0.7 % of what was handed over never arrived',
    hubs: `zones clustered by k-means into ${HUBS}; each hub in the heaviest zone of its cluster`,
    delivery: 'assumed; Olist delivered 5 % of its parcels on a Saturday, 1 % on a Sunday',
    suppliers: 'assumed',
    replenishment: 'assumed',
    headroom: 'assumed',
    weather: 'assumed',
    costs: 'assumed: a voucher for the freight, a call, and a customer in ten who does not come back',
  }
}

function assumedFrom(service: 'standard' | 'express', trucks: string): string {
  const { speed, spread, price } = FACTORS[service]
  return `ASSUMED from what Olist measured: ${speed} × the transit, ${spread} × its spread, ${price} × the freight; ${trucks}`
}

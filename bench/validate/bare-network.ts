import { type NetworkSpec, WEEKDAYS } from '../../sim/network-spec.ts'

/**
 * A network in which nothing takes time, runs short or varies: one zone, one warehouse, one service, one SKU, orders of one unit as a Poisson
 * stream. A case of theory says only what differs from it, so that what is simulated is the system of the textbook and nothing else.
 */
export function bareNetwork(): NetworkSpec {
  const everyDay = [...WEEKDAYS]
  const nothing = { perParcel: 0, perLine: 0, sigma: 0 }
  return {
    name: 'bare',
    about: 'Nothing takes time, runs short or varies.',
    currency: 'EUR',
    startsOn: 'mon',
    demand: {
      ordersPerDay: 1000,
      hourlyShare: Array.from({ length: 24 }, () => 1),
      weekdayShare: Array.from({ length: 7 }, () => 1),
      dailyCv: 0,
      zoneDailyCv: 0,
      linesPerOrder: [1],
      unitsPerLine: [1],
    },
    payments: [{ type: 'instant', share: 1, approvalHours: { law: 'constant', value: 0 }, days: everyDay }],
    customers: {
      impatientShare: 0,
      patienceHours: { law: 'constant', value: 1 },
      returnShare: 0,
      returnDays: { law: 'constant', value: 1 },
    },
    zones: [{ id: 'zone', name: 'Zone', region: 'all', lat: 50, lon: 10, share: 1, deliveriesPerDay: PLENTY }],
    skus: [{ id: 'sku', weightGrams: 1000, share: 1, price: 10, supplier: 'supplier' }],
    warehouses: [
      {
        id: 'warehouse',
        name: 'Warehouse',
        lat: 50,
        lon: 10,
        shifts: [{ days: everyDay, from: '00:00', to: '24:00', pickers: MANY_HANDS, packers: MANY_HANDS }],
        prepareHours: { law: 'constant', value: 0 },
        prepareDays: everyDay,
        pickSeconds: nothing,
        packSeconds: nothing,
        handlingPerParcel: 0,
        handlingPerLine: 0,
      },
    ],
    services: [
      {
        id: 'service',
        name: 'Service',
        carrier: 'carrier',
        express: false,
        departures: Array.from({ length: 24 }, (_, hour) => ({
          days: everyDay,
          at: `${String(hour).padStart(2, '0')}:00`,
          cutOffMinutes: 0,
          capacity: PLENTY,
        })),
        transit: { intercept: -10, slope: 0, sigmaNear: 0, sigmaFar: 0 },
        freight: { base: 0, perKm: 0, perKg: 0, perKgKm: 0 },
        co2: { gramsPerTonneKm: 0, gramsPerParcel: 0 },
        lostShare: 0,
      },
    ],
    hubs: [{ id: 'hub', name: 'Hub', lat: 50, lon: 10, parcelsPerHour: PLENTY }],
    delivery: { days: everyDay, at: '08:00', hours: 1, failedShare: 0 },
    suppliers: [{ id: 'supplier', name: 'Supplier', leadDays: { law: 'constant', value: 1 } }],
    replenishment: { reviewHour: 4, initialDaysOfStock: 1000 },
    headroom: 1,
    weather: {
      cellsPerDay: 0,
      radiusKm: 100,
      hours: { law: 'constant', value: 1 },
      severity: { law: 'constant', value: 0 },
      sensitivity: { lane: 0, hub: 0, labour: 0, lastMile: 0 },
    },
    costs: { latePerOrder: 0, latePerHour: 0, returnPerParcel: 0 },
  }
}

const PLENTY = 1_000_000_000
const MANY_HANDS = 1_000_000

/**
 * What a case says, laid over a network: objects key by key; of a list, each entry is laid over the first entry of the network's list, so that
 * a second warehouse needs to say only what makes it another one. Lists of plain values replace. An entry with `copies: 50` stands for fifty
 * with numbered ids, one with `everyMinutes: 30` for one at each half hour of the day, from midnight.
 */
export function laidOver(base: unknown, change: unknown): unknown {
  if (change === undefined) return base
  if (Array.isArray(change)) {
    if (!Array.isArray(base) || !isObject(base[0])) return change
    return change.flatMap(spelledOut).map((entry) => laidOver(base[0], entry))
  }
  if (!isObject(change) || !isObject(base)) return change
  // A law of another kind has other fields: it replaces.
  if ('law' in change) return change
  const keys = new Set([...Object.keys(base), ...Object.keys(change)])
  return Object.fromEntries([...keys].map((key) => [key, key in change ? laidOver(base[key], change[key]) : base[key]]))
}

const DAY_MINUTES = 1440

function spelledOut(entry: unknown): unknown[] {
  if (!isObject(entry)) return [entry]
  const { copies, everyMinutes, ...rest } = entry
  if (typeof copies === 'number' && Number.isInteger(copies) && copies >= 1) {
    const name = typeof rest.id === 'string' ? rest.id : 'copy'
    return Array.from({ length: copies }, (_, i) => ({ ...rest, id: `${name}-${i}` }))
  }
  if (typeof everyMinutes === 'number' && everyMinutes >= 1) {
    const two = (n: number): string => String(n).padStart(2, '0')
    return Array.from({ length: Math.ceil(DAY_MINUTES / everyMinutes) }, (_, i) => {
      const minute = Math.floor(i * everyMinutes)
      return { ...rest, at: `${two(Math.floor(minute / 60))}:${two(minute % 60)}` }
    })
  }
  return [entry]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

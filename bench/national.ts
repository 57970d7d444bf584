import type { NetworkSpec, WarehouseSpec, ZoneSpec } from '../sim/network-spec.ts'
import { WEEKDAYS } from '../sim/network-spec.ts'
import { dice, draw, PURPOSE } from '../sim/random.ts'

/**
 * A country made up from one seed: 30 warehouses, 300 zones around cities of falling size, 3 services, 12 hubs, 2,000 articles of Zipf
 * popularity. All figures are assumptions; what matters is how much of everything there is.
 */
export const NATION = { warehouses: 30, zones: 300, skus: 2000, hubs: 12, suppliers: 12 } as const

/** How far a peak day lies above the ordinary day that hands and trucks are meant for. */
const PEAK = 1.5

/** The network of which a peak day has so many orders. Everybody's hands grow with it. */
export function nation(seed: string, ordersOfPeakDay: number): NetworkSpec {
  const luck = dice(seed, 0)
  const u = (entity: number, k: number): number => draw(luck, entity, PURPOSE.zone, k)
  const perDay = ordersOfPeakDay / PEAK
  const workdays = WEEKDAYS.slice(0, 6)
  // Half the cities lie anywhere, half near one of five centres.
  const place = (i: number): { lat: number; lon: number } => {
    const centre = Math.floor(u(i, 0) * 10)
    const spread = centre < 5 ? 0.7 : 5
    const lat = centre < 5 ? 42 + 2 * ((centre * 3) % 5) : 46
    const lon = centre < 5 ? 4 + 2.6 * centre : 9.5
    return { lat: lat + spread * (2 * u(i, 1) - 1), lon: lon + 1.4 * spread * (2 * u(i, 2) - 1) }
  }
  const zones: ZoneSpec[] = Array.from({ length: NATION.zones }, (_, i) => ({
    id: `Z${i}`,
    name: `Zone ${i}`,
    region: `R${i % 10}`,
    ...place(i),
    share: 1 / (i + 10),
  }))
  // Warehouses stand near every tenth city, so that the largest have one each.
  const warehouse = (i: number): WarehouseSpec => {
    const { lat, lon } = zones[i * 4]
    const hands = (secondsPerParcel: number): number =>
      Math.max(1, Math.ceil((perDay * secondsPerParcel * 1.2) / (NATION.warehouses * 18 * 3600)))
    return {
      id: `W${i}`,
      name: `Warehouse ${i}`,
      lat: lat + 0.2 * (u(1000 + i, 0) - 0.5),
      lon: lon + 0.2 * (u(1000 + i, 1) - 0.5),
      shifts: [{ days: [...WEEKDAYS], from: '05:00', to: '23:00', pickers: 2 * hands(100), packers: 2 * hands(60) }],
      prepareHours: { law: 'lognormal', median: 0.4, sigma: 0.5 },
      prepareDays: [...WEEKDAYS],
      pickSeconds: { perParcel: 60, perLine: 30, sigma: 0.4 },
      packSeconds: { perParcel: 50, perLine: 8, sigma: 0.3 },
      handlingPerParcel: 1.5 + u(1000 + i, 2),
      handlingPerLine: 0.4,
    }
  }
  return {
    name: 'nation',
    about: `A country made up from the seed "${seed}".`,
    currency: 'EUR',
    startsOn: 'mon',
    demand: {
      ordersPerDay: perDay,
      hourlyShare: [2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 8, 8, 8, 8, 8, 9, 10, 12, 14, 11, 7, 4],
      weekdayShare: [1, 1, 1, 1, 1, 1, 1],
      dailyCv: 0,
      zoneDailyCv: 0.15,
      linesPerOrder: [0.7, 0.18, 0.08, 0.04],
      unitsPerLine: [0.88, 0.08, 0.04],
    },
    payments: [
      { type: 'card', share: 0.85, approvalHours: { law: 'exponential', mean: 0.2 }, days: [...WEEKDAYS] },
      { type: 'transfer', share: 0.15, approvalHours: { law: 'lognormal', median: 12, sigma: 0.5 }, days: workdays },
    ],
    customers: {
      impatientShare: 0.03,
      patienceHours: { law: 'lognormal', median: 30, sigma: 0.8 },
      returnShare: 0.06,
      returnDays: { law: 'lognormal', median: 6, sigma: 0.4 },
    },
    zones,
    skus: Array.from({ length: NATION.skus }, (_, i) => ({
      id: `sku-${i}`,
      weightGrams: Math.round(100 + 2900 * u(2000 + i, 0) ** 2),
      share: 1 / (i + 20),
      price: Math.round(5 + 60 * u(2000 + i, 1)),
      supplier: `S${i % NATION.suppliers}`,
    })),
    warehouses: Array.from({ length: NATION.warehouses }, (_, i) => warehouse(i)),
    services: [
      service('economy', false, ['18:00'], 1.6, 3.2, 0.0012),
      service('standard', false, ['13:00', '19:00'], 1, 4.5, 0.002),
      service('express', true, ['11:00', '16:00', '21:00'], 0.4, 8.5, 0.004),
    ],
    hubs: Array.from({ length: NATION.hubs }, (_, i) => ({
      id: `H${i}`,
      name: `Hub ${i}`,
      lat: zones[i * 7].lat,
      lon: zones[i * 7].lon,
      parcelsPerHour: 'auto' as const,
    })),
    delivery: { days: workdays, at: '08:00', hours: 10, failedShare: 0.04 },
    suppliers: Array.from({ length: NATION.suppliers }, (_, i) => ({
      id: `S${i}`,
      name: `Supplier ${i}`,
      leadDays: { law: 'uniform' as const, low: 1, high: 2 + (i % 5) },
    })),
    replenishment: { reviewHour: 4, initialDaysOfStock: 10 },
    headroom: 1.4,
    weather: {
      cellsPerDay: 0.5,
      radiusKm: 120,
      hours: { law: 'uniform', low: 3, high: 12 },
      severity: { law: 'uniform', low: 0.2, high: 1 },
      sensitivity: { lane: 0.6, hub: 0.5, labour: 0.3, lastMile: 0.8 },
    },
    costs: { latePerOrder: 3, latePerHour: 0.2, returnPerParcel: 5 },
  }
}

/** A carrier's service that leaves on six days at these hours. */
function service(id: string, express: boolean, at: readonly string[], days: number, base: number, perKm: number) {
  return {
    id,
    name: id,
    carrier: id,
    express,
    departures: at.map((time) => ({ days: WEEKDAYS.slice(0, 6), at: time, cutOffMinutes: 30, capacity: 'auto' as const })),
    transit: { intercept: Math.log(days) + 0.1, slope: 0.3, sigmaNear: 0.35, sigmaFar: 0.25 },
    freight: { base, perKm, perKg: 0.4, perKgKm: 0.0004 },
    co2: { gramsPerTonneKm: express ? 250 : 100, gramsPerParcel: 250 },
    lostShare: 0.002,
  }
}

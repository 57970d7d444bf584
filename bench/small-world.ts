import type { NetworkSpec, WarehouseSpec } from '../sim/network-spec.ts'
import { WEEKDAYS } from '../sim/network-spec.ts'

/** The smallest network that is still interesting: three warehouses, six zones, eight SKUs, two services, two hubs. Every test starts here. */
export function smallWorld(change: Partial<NetworkSpec> = {}): NetworkSpec {
  const workdays = WEEKDAYS.slice(0, 5)
  const sixDays = WEEKDAYS.slice(0, 6)
  const warehouse = (id: string, lat: number, lon: number): WarehouseSpec => ({
    id,
    name: `Warehouse ${id}`,
    lat,
    lon,
    shifts: [
      { days: workdays, from: '06:00', to: '22:00', pickers: 2, packers: 1 },
      { days: ['sat'], from: '08:00', to: '14:00', pickers: 1, packers: 1 },
    ],
    prepareHours: { law: 'lognormal', median: 0.5, sigma: 0.5 },
    prepareDays: sixDays,
    pickSeconds: { perParcel: 300, perLine: 120, sigma: 0.4 },
    packSeconds: { perParcel: 240, perLine: 30, sigma: 0.3 },
    handlingPerParcel: 2,
    handlingPerLine: 0.5,
  })
  const zone = (id: string, region: string, lat: number, lon: number, share: number) => ({
    id,
    name: `Zone ${id}`,
    region,
    lat,
    lon,
    share,
  })
  return {
    name: 'small world',
    about: 'Three warehouses in a row from north to south.',
    currency: 'EUR',
    startsOn: 'mon',
    demand: {
      ordersPerDay: 120,
      hourlyShare: [1, 1, 1, 1, 1, 2, 4, 6, 8, 8, 8, 8, 7, 7, 7, 7, 7, 7, 8, 9, 8, 6, 4, 2],
      weekdayShare: [16, 16, 15, 15, 14, 12, 12],
      dailyCv: 0.15,
      zoneDailyCv: 0.2,
      linesPerOrder: [0.6, 0.25, 0.1, 0.05],
      unitsPerLine: [0.85, 0.1, 0.05],
    },
    payments: [
      { type: 'card', share: 0.8, approvalHours: { law: 'exponential', mean: 0.3 }, days: [...WEEKDAYS] },
      { type: 'transfer', share: 0.2, approvalHours: { law: 'lognormal', median: 20, sigma: 0.5 }, days: workdays },
    ],
    customers: {
      impatientShare: 0.1,
      patienceHours: { law: 'lognormal', median: 30, sigma: 0.8 },
      returnShare: 0.08,
      returnDays: { law: 'lognormal', median: 4, sigma: 0.4 },
    },
    zones: [
      zone('N1', 'north', 53.5, 10, 3),
      zone('N2', 'north', 53.1, 8.8, 2),
      zone('M1', 'middle', 51.3, 9.5, 2),
      zone('M2', 'middle', 50.1, 8.7, 3),
      zone('S1', 'south', 48.1, 11.6, 3),
      zone('S2', 'south', 48.8, 9.2, 2),
    ],
    skus: Array.from({ length: 8 }, (_, i) => ({
      id: `sku-${i}`,
      weightGrams: 200 * (i + 1),
      share: 1 / (i + 1),
      price: 20,
      supplier: i % 2 === 0 ? 'near' : 'far',
    })),
    warehouses: [warehouse('WN', 53.3, 9.7), warehouse('WM', 50.9, 9.4), warehouse('WS', 48.5, 10.8)],
    services: [
      {
        id: 'standard',
        name: 'Standard',
        carrier: 'A',
        express: false,
        departures: [{ days: sixDays, at: '18:00', cutOffMinutes: 30, capacity: 'auto' }],
        transit: { intercept: 1.2, slope: 0.4, sigmaNear: 0.5, sigmaFar: 0.4 },
        freight: { base: 4, perKm: 0.002, perKg: 0.5, perKgKm: 0.0005 },
        co2: { gramsPerTonneKm: 100, gramsPerParcel: 250 },
        lostShare: 0.005,
      },
      {
        id: 'express',
        name: 'Express',
        carrier: 'B',
        express: true,
        departures: [{ days: sixDays, at: '20:00', cutOffMinutes: 45, capacity: 'auto' }],
        transit: { intercept: 0.6, slope: 0.4, sigmaNear: 0.4, sigmaFar: 0.3 },
        freight: { base: 8, perKm: 0.004, perKg: 1, perKgKm: 0.001 },
        co2: { gramsPerTonneKm: 300, gramsPerParcel: 400 },
        lostShare: 0.002,
      },
    ],
    hubs: [
      { id: 'HN', name: 'Hub north', lat: 52.4, lon: 9.7, parcelsPerHour: 'auto' },
      { id: 'HS', name: 'Hub south', lat: 48.9, lon: 10.9, parcelsPerHour: 'auto' },
    ],
    delivery: { days: sixDays, at: '08:00', hours: 9, failedShare: 0.05 },
    suppliers: [
      { id: 'near', name: 'Near', leadDays: { law: 'uniform', low: 1, high: 3 } },
      { id: 'far', name: 'Far', leadDays: { law: 'uniform', low: 3, high: 8 } },
    ],
    replenishment: { reviewHour: 4, initialDaysOfStock: 6 },
    headroom: 1.4,
    weather: {
      cellsPerDay: 0.5,
      radiusKm: 120,
      hours: { law: 'uniform', low: 3, high: 12 },
      severity: { law: 'uniform', low: 0.2, high: 1 },
      sensitivity: { lane: 0.6, hub: 0.5, labour: 0.3, lastMile: 0.8 },
    },
    costs: { latePerOrder: 3, latePerHour: 0.2, returnPerParcel: 5 },
    ...change,
  }
}

import { type NetworkSpec, WEEKDAYS } from '../../sim/network-spec.ts'

const workdays = WEEKDAYS.slice(0, 5)
const work = { perParcel: 60, perLine: 20, sigma: 0.3 }

function warehouse(id: string, lat: number): NetworkSpec['warehouses'][number] {
  return {
    id,
    name: id.toUpperCase(),
    lat,
    lon: 0,
    shifts: [{ days: workdays, from: '08:00', to: '18:00', pickers: 4, packers: 4 }],
    prepareHours: { law: 'constant', value: 1 },
    prepareDays: workdays,
    pickSeconds: work,
    packSeconds: work,
    handlingPerParcel: 2,
    handlingPerLine: 1,
  }
}

function service(id: string): NetworkSpec['services'][number] {
  return {
    id,
    name: id,
    carrier: 'post',
    express: false,
    departures: [{ days: workdays, at: '18:00', cutOffMinutes: 60, capacity: 'auto' }],
    transit: { intercept: 1, slope: 0.5, sigmaNear: 0.5, sigmaFar: 0.4 },
    freight: { base: 5, perKm: 0.001, perKg: 1, perKgKm: 0.0001 },
    co2: { gramsPerTonneKm: 90, gramsPerParcel: 200 },
    lostShare: 0.001,
  }
}

/** A network of two warehouses, one in the north and one in the south, with nothing wrong. Tests break one thing at a time. */
export function healthy(): NetworkSpec {
  return {
    name: 'Two towns',
    about: 'A test.',
    currency: 'EUR',
    startsOn: 'mon',
    demand: {
      ordersPerDay: 400,
      hourlyShare: Array(24).fill(1),
      weekdayShare: Array(7).fill(1),
      dailyCv: 0.1,
      zoneDailyCv: 0.1,
      linesPerOrder: [0.8, 0.2],
      unitsPerLine: [1],
    },
    payments: [{ type: 'card', share: 1, approvalHours: { law: 'exponential', mean: 1 }, days: WEEKDAYS }],
    customers: {
      impatientShare: 0.02,
      patienceHours: { law: 'constant', value: 100 },
      returnShare: 0.03,
      returnDays: { law: 'uniform', low: 2, high: 9 },
    },
    zones: [
      { id: 'z-north', name: 'Northtown', region: 'N', lat: 52, lon: 1, share: 0.5 },
      { id: 'z-south', name: 'Southtown', region: 'S', lat: 48, lon: 1, share: 0.5 },
      { id: 'z-middle', name: 'Nobody yet', region: 'S', lat: 50, lon: 1, share: 0 },
    ],
    skus: [
      { id: 'tea', weightGrams: 200, share: 0.6, price: 5, supplier: 'mill' },
      { id: 'pot', weightGrams: 900, share: 0.4, price: 25, supplier: 'mill' },
    ],
    warehouses: [warehouse('north', 52), warehouse('south', 48)],
    services: [service('standard'), service('express')],
    hubs: [{ id: 'hub', name: 'Hub', lat: 50, lon: 0, parcelsPerHour: 'auto' }],
    delivery: { days: workdays, at: '08:00', hours: 9, failedShare: 0.1 },
    suppliers: [{ id: 'mill', name: 'Mill', leadDays: { law: 'constant', value: 5 } }],
    replenishment: { reviewHour: 6, initialDaysOfStock: 20 },
    headroom: 1.5,
    weather: {
      cellsPerDay: 2,
      radiusKm: 100,
      hours: { law: 'exponential', mean: 6 },
      severity: { law: 'exponential', mean: 0.3 },
      sensitivity: { lane: 0.4, hub: 0.2, labour: 0.1, lastMile: 0.5 },
    },
    costs: { latePerOrder: 10, latePerHour: 0.2, returnPerParcel: 8 },
  }
}

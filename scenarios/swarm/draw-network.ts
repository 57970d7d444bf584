import type {
  DepartureSpec,
  NetworkSpec,
  ServiceSpec,
  ShiftSpec,
  SkuSpec,
  WarehouseSpec,
  ZoneSpec,
} from '../../sim/network-spec.ts'
import { WEEKDAYS } from '../../sim/network-spec.ts'
import { parseClock } from '../../sim/when.ts'
import { clock, drawClock, drawDays } from './draw-calendar.ts'
import { drawLaw, tidy } from './draw-law.ts'
import type { Luck } from './luck.ts'

/** From here on a draw is to be let through. */
const PATIENT = 3

/** From this kindness on no draw has a thing that a network may only have by luck. */
const HARDSHIP_ENDS = 4

/**
 * A network that nobody would build and everybody is allowed to: whatever the schema permits, its extremes more often than its middle.
 * Each trait is there or not for a whole world, as in swarm testing (Groce, Zhang, Eide, Chen & Regehr, ISSTA 2012), so that worlds differ
 * in kind and not only in figures.
 *
 * `kindness` rises from 0 when the doctor refuses a draw: capacities are then drawn larger beside the demand.
 */
export function drawNetwork(luck: Luck, kindness: number): NetworkSpec {
  const size = drawSize(luck.in('size'))
  const demand = drawDemand(luck.in('demand'))
  const places = drawPlaces(luck.in('places'))
  const regions = Array.from({ length: luck.whole('regions', 1, Math.min(4, size.zones)) }, (_, i) => `R${i}`)
  const ids = {
    warehouses: Array.from({ length: size.warehouses }, (_, i) => `W${i}`),
    suppliers: Array.from({ length: size.suppliers }, (_, i) => `U${i}`),
  }
  const parcelsPerWeek = demand.ordersPerDay * 7 * meanCount(demand.linesPerOrder)
  const need = { parcelsPerWeek, kindness, ordersPerWeek: demand.ordersPerDay * 7, meanLines: meanCount(demand.linesPerOrder) }
  const delivery = {
    days: drawDays(luck.in('vans')),
    at: drawClock(luck.in('vans')),
    hours: tidy(luck.spread('van hours', 0.2, 30)),
    // Vans sized for twice the mean cannot call ten times at each door: a world that is drawn again and again stays with three in ten.
    failedShare: Math.min(luck.oneOf('failed', [0, 0, 0.05, 0.3, 0.9]), kindness >= PATIENT ? 0.3 : 1),
  }
  const shares = drawShares(luck.in('zone shares'), size.zones)
  const totalShare = shares.reduce((sum, share) => sum + share, 0)
  const isPinched = luck.chance('pinched vans', 0.3)
  return {
    name: 'drawn world',
    about: 'Drawn from a seed.',
    currency: 'EUR',
    startsOn: luck.oneOf('starts on', WEEKDAYS),
    demand,
    payments: Array.from({ length: luck.whole('payments', 1, 3) }, (_, i) => ({
      type: `payment-${i}`,
      share: i === 0 ? 1 : luck.oneOf(`payment share ${i}`, [0, 0.1, 1]),
      approvalHours: drawLaw(luck.in(`approval ${i}`), 30),
      days: drawDays(luck.in(`approval days ${i}`)),
    })),
    customers: {
      impatientShare: luck.oneOf('impatient', [0, 0.1, 0.5, 1]),
      patienceHours: drawLaw(luck.in('patience'), luck.oneOf('patience scale', [1, 24, 120, 400])),
      returnShare: luck.oneOf('returned', [0, 0.1, 0.6, 1]),
      returnDays: drawLaw(luck.in('returns'), luck.oneOf('return scale', [0.1, 3, 30])),
    },
    zones: shares.map((share, i): ZoneSpec => {
      const attempts = (need.ordersPerWeek * share) / totalShare / (1 - delivery.failedShare) / delivery.days.length
      return {
        id: `Z${i}`,
        name: `Zone ${i}`,
        region: regions[i % regions.length],
        ...places.at(`zone ${i}`),
        share,
        ...(isPinched
          ? { deliveriesPerDay: tidy(Math.max(1, attempts * luck.in(i).between('vans', 1.02, 3) * (1 + kindness))) }
          : {}),
      }
    }),
    skus: drawSkus(luck.in('skus'), size.skus, ids),
    warehouses: ids.warehouses.map((id, i) =>
      drawWarehouse(luck.in(id), id, places.at(id), { ...need, part: i === 0 ? 1 : 0.5 }),
    ),
    services: Array.from({ length: size.services }, (_, i) => drawService(luck.in(`service ${i}`), i, { ids, regions, need })),
    hubs: Array.from({ length: size.hubs }, (_, i) => ({
      id: `H${i}`,
      name: `Hub ${i}`,
      ...places.at(`hub ${i}`),
      parcelsPerHour: luck.in(`hub ${i}`).oneOf('kind', [
        'auto',
        'auto',
        tidy((need.ordersPerWeek / 168) * (1.1 + kindness)),
        // One that sorts nothing, which the doctor lets through where nobody needs it: not in the last draws.
        kindness < HARDSHIP_ENDS ? 0 : ('auto' as const),
      ] as const),
    })),
    delivery,
    suppliers: ids.suppliers.map((id) => ({
      id,
      name: `Supplier ${id}`,
      leadDays: drawLaw(luck.in(`supplier ${id}`), luck.in(`supplier ${id}`).oneOf('lead', [0.5, 3, 20, 80])),
    })),
    replenishment: {
      reviewHour: luck.whole('review hour', 0, 23),
      initialDaysOfStock: luck.oneOf('stock', [1e-6, 0.1, 1, 10, 60]),
    },
    headroom: tidy(luck.between('headroom', 1.05, 3) + kindness),
    weather: {
      cellsPerDay: luck.oneOf('cells', [0, 0, 0.5, 3, 12]),
      radiusKm: tidy(luck.spread('cell radius', 5, 2000)),
      hours: drawLaw(luck.in('cell hours'), 20),
      severity: drawLaw(luck.in('cell severity'), 2),
      sensitivity: {
        lane: luck.oneOf('lane', [0, 0.5, 6]),
        hub: luck.oneOf('hub', [0, 0.5, 6]),
        labour: luck.oneOf('labour', [0, 0.5, 6]),
        lastMile: luck.oneOf('last mile', [0, 0.5, 6]),
      },
    },
    costs: {
      latePerOrder: luck.oneOf('late', [0, 3, 1000]),
      latePerHour: luck.oneOf('late hour', [0, 0.2, 50]),
      returnPerParcel: luck.oneOf('return cost', [0, 5]),
    },
  }
}

type Size = { warehouses: number; zones: number; services: number; hubs: number; suppliers: number; skus: number }

function drawSize(luck: Luck): Size {
  return {
    warehouses: luck.oneOf('warehouses', [1, 1, 2, 3, 4, 6]),
    zones: luck.oneOf('zones', [1, 2, 3, 5, 8, 25]),
    services: luck.oneOf('services', [1, 1, 2, 3, 5]),
    hubs: luck.oneOf('hubs', [1, 1, 2, 4]),
    suppliers: luck.whole('suppliers', 1, 3),
    skus: luck.oneOf('skus', [1, 2, 4, 8, 8, 20, 20, 40, 250]),
  }
}

function drawDemand(luck: Luck): NetworkSpec['demand'] {
  const baskets = luck.oneOf('baskets', ['one', 'few', 'many', 'eight'] as const)
  return {
    ordersPerDay: tidy(luck.spread('orders', 1, 120)),
    hourlyShare: luck.chance('one hour', 0.2)
      ? Array.from({ length: 24 }, (_, hour) => (hour === luck.whole('hour', 0, 23) ? 1 : 0))
      : Array.from({ length: 24 }, (_, hour) => (hour < 6 ? 1 : 4)),
    weekdayShare: luck.chance('idle days', 0.3) ? weights(luck.in('weekdays'), 7) : [16, 16, 15, 15, 14, 12, 12],
    dailyCv: luck.oneOf('daily', [0, 0.15, 1]),
    zoneDailyCv: luck.oneOf('zone daily', [0, 0.2, 1.5]),
    linesPerOrder:
      baskets === 'one'
        ? [1]
        : baskets === 'few'
          ? [0.6, 0.25, 0.1, 0.05]
          : baskets === 'many'
            ? [1, 1, 1, 1, 1, 1, 1, 1]
            : [0, 0, 0, 0, 0, 0, 0, 1],
    unitsPerLine: luck.oneOf('units', [[1], [0.85, 0.1, 0.05], [1, 1, 1, 1, 1, 1], Array(100).fill(1)]),
  }
}

/** Some nothing, some much; never nothing at all. */
function weights(luck: Luck, count: number): number[] {
  const drawn: number[] = Array.from({ length: count }, (_, i) => luck.in(i).oneOf('weight', [0, 1, 1, 5, 40]))
  if (!drawn.some((share) => share > 0)) drawn[luck.whole('one', 0, count - 1)] = 1
  return drawn
}

function drawShares(luck: Luck, count: number): number[] {
  return luck.chance('even', 0.5) ? Array(count).fill(1) : weights(luck, count)
}

function drawPlaces(luck: Luck): { at(name: string): { lat: number; lon: number } } {
  const lat = luck.between('lat', -80, 80)
  const lon = luck.between('lon', -172, 172)
  const reach = luck.oneOf('reach', [0, 0.5, 3, 6])
  return {
    at: (name) => ({
      lat: tidy(lat + luck.in(name).between('north', -reach, reach)),
      lon: tidy(lon + luck.in(name).between('east', -reach, reach)),
    }),
  }
}

type Ids = { readonly warehouses: readonly string[]; readonly suppliers: readonly string[] }

function drawSkus(luck: Luck, count: number, ids: Ids): SkuSpec[] {
  const held = luck.oneOf('held', ['everywhere', 'everywhere', 'some', 'one'] as const)
  const even = luck.chance('even', 0.3)
  return Array.from({ length: count }, (_, i) => {
    const own = luck.in(i)
    const sku = {
      id: `sku-${i}`,
      weightGrams: tidy(own.spread('grams', 1, 40_000)),
      share: even ? 1 : i > 0 && own.chance('unsold', 0.1) ? 0 : tidy(1 / (i + 1)),
      price: own.oneOf('price', [0, 1, 500]),
      supplier: own.oneOf('supplier', ids.suppliers),
    }
    if (held === 'everywhere') return sku
    return {
      ...sku,
      heldAt: held === 'one' ? [own.oneOf('holder', ids.warehouses)] : own.someOf('holders', ids.warehouses, 0.5),
    }
  })
}

type Need = { parcelsPerWeek: number; ordersPerWeek: number; meanLines: number; kindness: number }

function drawWarehouse(
  luck: Luck,
  id: string,
  place: { lat: number; lon: number },
  need: Need & { part: number },
): WarehouseSpec {
  const pickSeconds = drawWork(luck.in('pick'))
  const packSeconds = drawWork(luck.in('pack'))
  const spans = Array.from({ length: luck.whole('shifts', 1, 3) }, (_, i) => drawShift(luck.in(`shift ${i}`)))
  const hours = spans.reduce(
    (sum, { days, from, to }) => sum + (days.length * (parseClock(to) - parseClock(from))) / 3_600_000,
    0,
  )
  const people = (job: string, { perParcel, perLine }: { perParcel: number; perLine: number }): number => {
    const work = (need.ordersPerWeek * need.part * (perParcel + perLine * need.meanLines)) / 3600
    return Math.max(1, Math.ceil((work / hours) * luck.spread(job, 0.5, 4) * (1 + need.kindness)))
  }
  const pickers = people('pickers', pickSeconds)
  const packers = people('packers', packSeconds)
  return {
    id,
    name: `Warehouse ${id}`,
    ...place,
    // A later shift may lack one of the two jobs: pickers pile up what nobody packs until the next morning.
    shifts: spans.map((span, i) => ({
      ...span,
      pickers: i > 0 && luck.in(`shift ${i}`).chance('no pickers', 0.3) ? 0 : pickers,
      packers: i > 0 && luck.in(`shift ${i}`).chance('no packers', 0.3) ? 0 : packers,
    })),
    prepareHours: drawLaw(luck.in('prepare'), luck.oneOf('prepare scale', [0.2, 5, 60])),
    prepareDays: drawDays(luck.in('prepare days')),
    pickSeconds,
    packSeconds,
    handlingPerParcel: luck.oneOf('handling', [0, 2]),
    handlingPerLine: luck.oneOf('handling line', [0, 0.5]),
    ...(luck.chance('stock share', 0.2) ? { stockShare: luck.oneOf('stock share is', [0, 0.2, 1]) } : {}),
  }
}

function drawWork(luck: Luck): WarehouseSpec['pickSeconds'] {
  return {
    perParcel: luck.oneOf('parcel', [0, 1, 60, 900]),
    perLine: luck.oneOf('line', [0, 20, 300]),
    sigma: luck.oneOf('sigma', [0, 0.4, 1.5]),
  }
}

function drawShift(luck: Luck): Omit<ShiftSpec, 'pickers' | 'packers'> {
  const from = luck.chance('from midnight', 0.2) ? 0 : luck.whole('from', 0, 90)
  const to = luck.chance('to midnight', 0.3) ? 96 : luck.whole('to', from + 1, 96)
  return { days: drawDays(luck), from: clock(from), to: clock(to) }
}

function drawService(
  luck: Luck,
  i: number,
  { ids, regions, need }: { ids: Ids; regions: readonly string[]; need: Need },
): ServiceSpec {
  // The first service goes everywhere, or hardly any draw would reach all zones.
  const isOpen = i === 0 && luck.chance('everywhere', 0.7)
  return {
    id: `S${i}`,
    name: `Service ${i}`,
    carrier: luck.oneOf('carrier', ['A', 'B']),
    express: luck.chance('express', 0.4),
    ...(isOpen || luck.chance('from all', 0.5) ? {} : { from: luck.someOf('from', ids.warehouses, 0.5) }),
    ...(isOpen || luck.chance('to all', 0.5) ? {} : { reaches: luck.someOf('to', regions, 0.5) }),
    departures: Array.from({ length: luck.whole('departures', 1, 3) }, (_, d) => drawDeparture(luck.in(`departure ${d}`), need)),
    transit: {
      intercept: tidy(luck.between('intercept', -2, 2)),
      slope: luck.oneOf('slope', [0, 0.2, 0.5]),
      sigmaNear: luck.oneOf('near', [0, 0.3, 0.6]),
      sigmaFar: luck.oneOf('far', [0, 0.3, 0.6]),
    },
    freight: {
      base: luck.oneOf('base', [0, 4, 8]),
      perKm: luck.oneOf('per km', [0, 0.002]),
      perKg: luck.oneOf('per kg', [0, 0.5]),
      perKgKm: luck.oneOf('per kg km', [0, 0.0005]),
    },
    co2: { gramsPerTonneKm: 100, gramsPerParcel: 250 },
    lostShare: luck.oneOf('lost', [0, 0, 0.01, 0.5]),
  }
}

function drawDeparture(luck: Luck, { parcelsPerWeek, kindness }: Need): DepartureSpec {
  return {
    days: drawDays(luck),
    at: luck.chance('common hour', 0.4) ? '18:00' : drawClock(luck),
    cutOffMinutes: luck.oneOf('cut off', [0, 0, 30, 45, 600, 3000, 10_000]),
    capacity: luck.oneOf('capacity', [
      'auto',
      'auto',
      'auto',
      0,
      1,
      Math.ceil((parcelsPerWeek / 7) * (1 + kindness)),
      1_000_000,
    ] as const),
  }
}

const meanCount = (shares: readonly number[]): number => {
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.reduce((sum, share, i) => sum + (share * (i + 1)) / total, 0)
}

import type { LawSpec, NetworkSpec } from '../../sim/network-spec.ts'
import { figure, inNetwork, inSkus, inStock, inZones, MOST_ORDERS_PER_DAY, type Note, type Place } from './note.ts'

type Path = readonly (string | number)[]

/** Figures that no network can have, wherever they came from: a file is checked by its schema, a network made by a program is not. */
export function examineNumbers(network: NetworkSpec): Note[] {
  const { zones: _zones, skus: _skus, openingStock: _stock, ...base } = network
  return [
    ...notNumbers(network, base),
    ...rates(network),
    ...counted(network),
    ...tooMany(network),
    ...shares(network),
    ...laws(base, []),
    ...lucks(network),
    ...limits(network),
  ]
}

const error = (at: Place, found: string, fix: string): Note => ({ severity: 'error', at, found, fix })

function notNumbers(network: NetworkSpec, base: object): Note[] {
  const inBase = walk(base, []).flatMap(({ path, value }) => broken(value, inNetwork(...path)))
  const inTables = [
    ...network.zones.flatMap((zone) =>
      walk(zone, []).flatMap(({ path, value }) => broken(value, inZones(zone.id, String(path[0])))),
    ),
    ...network.skus.flatMap((sku) => walk(sku, []).flatMap(({ path, value }) => broken(value, inSkus(sku.id, String(path[0]))))),
  ]
  return [...inBase, ...inTables]
}

function broken(value: unknown, at: Place): Note[] {
  return typeof value === 'number' && !Number.isFinite(value) ? [error(at, String(value), 'write a number')] : []
}

function rates({ demand, headroom, delivery, skus, services }: NetworkSpec): Note[] {
  const notes: Note[] = []
  const above = (value: number, at: Place) => {
    if (value <= 0) notes.push(error(at, String(value), 'write a number above 0'))
  }
  above(demand.ordersPerDay, inNetwork('demand', 'ordersPerDay'))
  if (demand.ordersPerDay > MOST_ORDERS_PER_DAY) {
    const fix = `write at most ${figure(MOST_ORDERS_PER_DAY)}: more do not fit into memory`
    notes.push(error(inNetwork('demand', 'ordersPerDay'), figure(demand.ordersPerDay), fix))
  }
  above(headroom, inNetwork('headroom'))
  above(delivery.hours, inNetwork('delivery', 'hours'))
  for (const sku of skus) above(sku.weightGrams, inSkus(sku.id, 'weightGrams'))
  if (demand.linesPerOrder.length > 8) {
    const found = `shares for up to ${demand.linesPerOrder.length} lines`
    notes.push(error(inNetwork('demand', 'linesPerOrder'), found, 'write at most 8; count larger orders as orders with 8 lines'))
  }
  if (delivery.failedShare >= 1) {
    notes.push(
      error(inNetwork('delivery', 'failedShare'), String(delivery.failedShare), 'write less than 1, or no parcel ever arrives'),
    )
  }
  services.forEach((service, i) => {
    const { steady } = service.transit
    // A journey of no time at all is how a lane that is not there is written inside.
    if (steady !== undefined) above(steady.fixed, inNetwork('services', i, 'transit', 'steady', 'fixed'))
    if (steady !== undefined && steady.perKm < 0) {
      const at = inNetwork('services', i, 'transit', 'steady', 'perKm')
      notes.push(error(at, String(steady.perKm), 'write at least 0'))
    }
    if (service.lostShare >= 1) {
      notes.push(
        error(inNetwork('services', i, 'lostShare'), String(service.lostShare), 'write less than 1, or no parcel ever arrives'),
      )
    }
  })
  return notes
}

/** The router reckons with shelves below 2³⁰ units; a figure beyond this is a slip of the pen. */
const MOST_UNITS = 100_000_000

function counted({ openingStock = [] }: NetworkSpec): Note[] {
  return openingStock.flatMap((shelf): Note[] => {
    const { units } = shelf
    if (Number.isInteger(units) && units >= 0 && units <= MOST_UNITS) return []
    return [error(inStock(shelf, 'units'), String(units), `write a whole number from 0 to ${figure(MOST_UNITS)}`)]
  })
}

/** A parcel carries the numbers of its service in a byte, and of its warehouse and zone in two. */
const MOST = { services: 256, warehouses: 65_536, zones: 65_536 } as const

function tooMany(network: NetworkSpec): Note[] {
  return Object.entries(MOST).flatMap(([list, most]) => {
    const { length } = network[list as keyof typeof MOST]
    if (length <= most) return []
    const at = list === 'zones' ? inZones(network.zones[most].id, 'id') : inNetwork(list, most, 'id')
    return [error(at, `${figure(length)} ${list}`, `keep to ${figure(most)}, or make two networks of it`)]
  })
}

function shares({ demand, payments, zones, skus }: NetworkSpec): Note[] {
  const lists: [Place, readonly number[]][] = [
    [inNetwork('demand', 'hourlyShare'), demand.hourlyShare],
    [inNetwork('demand', 'weekdayShare'), demand.weekdayShare],
    [inNetwork('demand', 'linesPerOrder'), demand.linesPerOrder],
    [inNetwork('demand', 'unitsPerLine'), demand.unitsPerLine],
    ...(demand.baskets === undefined
      ? []
      : [[inNetwork('demand', 'baskets'), demand.baskets.map(({ share }) => share)] satisfies [Place, readonly number[]]]),
    [inNetwork('payments'), payments.map(({ share }) => share)],
    [inZones('', 'share'), zones.map(({ share }) => share)],
    [inSkus('', 'share'), skus.map(({ share }) => share)],
  ]
  return lists.flatMap(([at, values]) => {
    const lowest = Math.min(...values)
    if (lowest < 0) return [error(at, `a share of ${lowest}`, 'write shares of at least 0')]
    const sum = values.reduce((total, value) => total + value, 0)
    return sum === 0 ? [error(at, 'shares that sum to zero', 'give at least one of them a share above 0')] : []
  })
}

/** Limits that no order could keep to. */
function limits({ routing, services }: NetworkSpec): Note[] {
  const notes: Note[] = []
  const { maxShipments, co2GramsPerOrder } = routing ?? {}
  if (maxShipments !== undefined && !(Number.isInteger(maxShipments) && maxShipments >= 1 && maxShipments <= 8))
    notes.push(error(inNetwork('routing', 'maxShipments'), String(maxShipments), 'write a whole number from 1 to 8'))
  if (co2GramsPerOrder !== undefined && co2GramsPerOrder <= 0)
    notes.push(error(inNetwork('routing', 'co2GramsPerOrder'), String(co2GramsPerOrder), 'write a number above 0'))
  const least = Math.min(...services.map(({ co2 }) => co2.gramsPerParcel))
  if (co2GramsPerOrder !== undefined && co2GramsPerOrder > 0 && co2GramsPerOrder < least) {
    const fix = `write more than ${figure(least)}, which the leanest service emits for any parcel, or no order is ever sent`
    notes.push(error(inNetwork('routing', 'co2GramsPerOrder'), figure(co2GramsPerOrder), fix))
  }
  return notes
}

/** A service's own law of luck may be negative, as a normal is, but has to be a law. */
function lucks({ services }: NetworkSpec): Note[] {
  return services.flatMap(({ transit: { luck } }, s) =>
    luck === undefined
      ? []
      : examineQuantiles(luck, (key, found, fix) => [error(inNetwork('services', s, 'transit', 'luck', key), found, fix)]),
  )
}

/** Laws anywhere in the network; all of them are of times and severities, which cannot be negative. */
function laws(value: unknown, path: Path): Note[] {
  if (isLaw(value)) return examineLaw(value, path)
  if (typeof value !== 'object' || value === null) return []
  return entriesOf(value).flatMap(([key, inner]) => laws(inner, [...path, key]))
}

function isLaw(value: unknown): value is LawSpec {
  return typeof value === 'object' && value !== null && 'law' in value
}

function examineLaw(law: LawSpec, path: Path): Note[] {
  const wrong = (key: string, found: string, fix: string) => [error(inNetwork(...path, key), found, fix)]
  switch (law.law) {
    case 'constant':
      return law.value < 0 ? wrong('value', String(law.value), 'write at least 0') : []
    case 'uniform':
      if (law.low < 0) return wrong('low', String(law.low), 'write at least 0')
      return law.high < law.low ? wrong('high', `${law.high} below low ${law.low}`, 'swap the two') : []
    case 'exponential':
      return law.mean <= 0 ? wrong('mean', String(law.mean), 'write a number above 0') : []
    case 'lognormal':
      return law.median <= 0 ? wrong('median', String(law.median), 'write a number above 0') : []
    case 'gamma':
      if (law.mean <= 0) return wrong('mean', String(law.mean), 'write a number above 0')
      return law.shape <= 0 ? wrong('shape', String(law.shape), 'write a number above 0') : []
    case 'hyperexponential':
      if (law.shares.length !== law.means.length)
        return wrong('means', `${law.means.length} for ${law.shares.length} shares`, 'write one mean for each share')
      if (!(law.shares.reduce((sum, share) => sum + share, 0) > 0))
        return wrong('shares', 'none above 0', 'write a share above 0')
      return law.means.some((mean) => mean <= 0) ? wrong('means', 'one of 0 or less', 'write numbers above 0') : []
    case 'quantiles':
      return law.value[0] < 0 ? wrong('value', String(law.value[0]), 'write at least 0') : examineQuantiles(law, wrong)
  }
}

function examineQuantiles(
  { at, value }: { at: readonly number[]; value: readonly number[] },
  wrong: (key: string, found: string, fix: string) => Note[],
): Note[] {
  if (at.length !== value.length)
    return wrong('value', `${value.length} values for ${at.length} probabilities`, 'write as many of both')
  if (at[0] !== 0 || at.at(-1) !== 1)
    return wrong('at', `${at[0]} … ${at.at(-1)}`, 'let the probabilities begin at 0 and end at 1')
  const falls = at.findIndex((p, i) => i > 0 && p <= at[i - 1])
  if (falls > 0) return wrong('at', `${at[falls - 1]} before ${at[falls]}`, 'let the probabilities rise')
  const drops = value.findIndex((x, i) => i > 0 && x < value[i - 1])
  if (drops > 0) return wrong('value', `${value[drops - 1]} before ${value[drops]}`, 'let the values rise with the probabilities')
  return []
}

function walk(value: unknown, path: Path): { path: Path; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }]
  return entriesOf(value).flatMap(([key, inner]) => walk(inner, [...path, key]))
}

function entriesOf(value: object): (readonly [string | number, unknown])[] {
  return Array.isArray(value) ? value.map((item, i) => [i, item] as const) : Object.entries(value)
}

import type { NetworkSpec } from '../../sim/network-spec.ts'
import { countBelow } from '../../sim/rising.ts'
import { nearestIndex } from '../import/cluster.ts'
import type { OrderHistory, Town } from '../import/history.ts'
import { kmBetween } from '../import/sphere.ts'
import { evenly } from '../import/statistics.ts'
import { beyondUsual, lnPromise, type UsualPromise } from './promise.ts'

/** What a fit knows of single orders beyond what the network says of their warehouse and zone. Plain data, kept beside the network. */
export type Effects = {
  readonly usualPromise: UsualPromise
  readonly haulPerPromise: number
  readonly preparePerPromise: number
  readonly meanPromise: number
  /** ln of how much slower than usual a town of origin prepares, by "region|town". */
  readonly originLn: Readonly<Record<string, number>>
  /** The part of it that the warehouse's own law holds already. */
  readonly warehouseLn: readonly number[]
  /** What the fit does not know of the level of coming weeks, standard deviations of ln. */
  readonly drift: { readonly prepare: number; readonly haul: number }
  readonly donors: Donors
}

/** Recorded orders whose places are known, by length of promise: where an order of unknown place may have gone. */
export type Donors = {
  readonly lnPromise: readonly number[]
  readonly zone: readonly number[]
  readonly warehouse: readonly number[]
}

export const townKey = ({ region, name }: Town): string => `${region}|${name}`

const DONORS_MOST = 3000
/** An order without an address takes one of so many whose promise was most like its own. */
const NEIGHBOURS = 40

/** Zone a town belongs to: the nearest of its region, or of all where its region has none. */
export function zoneOf(town: Town, zones: NetworkSpec['zones']): number {
  const own = zones.map((zone, z) => ({ ...zone, z })).filter(({ region }) => region === town.region)
  return own.length > 0 ? own[nearestIndex(town, own)].z : nearestIndex(town, zones)
}

/** The latest recorded orders with both ends known. */
export function donorsOf(known: OrderHistory, { zones, warehouses }: Pick<NetworkSpec, 'zones' | 'warehouses'>): Donors {
  const rows: { ln: number; zone: number; warehouse: number }[] = []
  const zoneOfTown = known.towns.map(() => -1)
  for (let i = known.count - 1; i >= 0 && rows.length < DONORS_MOST; i--) {
    const ln = lnPromise(known.placedMs[i], known.promisedMs[i])
    const town = known.town[i]
    const origin = known.origin[i]
    if (town < 0 || origin < 0) continue
    if (zoneOfTown[town] < 0) zoneOfTown[town] = zoneOf(known.towns[town], zones)
    const warehouse = nearestIndex(known.origins[origin], warehouses)
    rows.push({ ln: Number.isNaN(ln) ? 0 : ln, zone: zoneOfTown[town], warehouse })
  }
  rows.sort((a, b) => a.ln - b.ln)
  return {
    lnPromise: rows.map(({ ln }) => Math.round(ln * 1000) / 1000),
    zone: rows.map(({ zone }) => zone),
    warehouse: rows.map(({ warehouse }) => warehouse),
  }
}

export type Place = { readonly zone: number; readonly warehouse: number }

/** Where an order whose address is not known may have gone, `turn` by `turn` another of those it may be like. */
export function placeLike({ lnPromise: lns, zone, warehouse }: Donors, ln: number, turn: number): Place | null {
  if (lns.length === 0) return null
  const from = Math.max(0, Math.min(lns.length - NEIGHBOURS, countBelow(lns, ln) - NEIGHBOURS / 2))
  const among = Math.min(NEIGHBOURS, lns.length)
  const at = Number.isNaN(ln) ? Math.floor(evenly(turn) * lns.length) : from + Math.floor(evenly(turn) * among)
  return { zone: zone[at], warehouse: warehouse[at] }
}

/** Factors on preparation and line haul of one order. */
export function paceOfOrder(
  effects: Effects,
  { zones, warehouses }: Pick<NetworkSpec, 'zones' | 'warehouses'>,
  { zone, warehouse }: Place,
  ln: number,
  origin: Town | null,
): { prepare: number; haul: number } {
  const lnKm = Math.log(10 + kmBetween(warehouses[warehouse], zones[zone]))
  const beyond = beyondUsual(effects.usualPromise, ln, lnKm, zones[zone].region)
  const own = origin === null ? 0 : (effects.originLn[townKey(origin)] ?? 0) - effects.warehouseLn[warehouse]
  const longer = Number.isNaN(ln) ? 0 : ln - effects.meanPromise
  return { prepare: Math.exp(own + effects.preparePerPromise * longer), haul: Math.exp(effects.haulPerPromise * beyond) }
}

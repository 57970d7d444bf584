import { distanceKm } from '../../sim/geo.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { didYouMean } from '../read/suggest.ts'
import { inNetwork, inSkus, inStock, inZones, type Note, type Place } from './note.ts'

/** Names that stand twice or stand for nothing, and places that are not on the map where they should be. */
export function examineNames(network: NetworkSpec): Note[] {
  return [...duplicates(network), ...references(network), ...places(network)]
}

const error = (at: Place, found: string, fix: string): Note => ({ severity: 'error', at, found, fix })

function duplicates(network: NetworkSpec): Note[] {
  const shelves = network.openingStock ?? []
  const lists = [
    ...(['warehouses', 'services', 'hubs', 'suppliers'] as const).map((list) => ({
      ids: network[list].map(({ id }) => id),
      place: (i: number) => inNetwork(list, i, 'id'),
    })),
    { ids: network.payments.map(({ type }) => type), place: (i: number) => inNetwork('payments', i, 'type') },
    { ids: network.zones.map(({ id }) => id), place: (i: number) => inZones(network.zones[i].id, 'id') },
    { ids: network.skus.map(({ id }) => id), place: (i: number) => inSkus(network.skus[i].id, 'id') },
    {
      ids: shelves.map(({ warehouse, sku }) => `${warehouse} ${sku}`),
      place: (i: number) => inStock(shelves[i], 'sku'),
    },
    {
      ids: [network.delivery.at, ...(network.delivery.rounds ?? [])],
      place: (i: number) => inNetwork('delivery', 'rounds', i - 1),
    },
  ]
  return lists.flatMap(({ ids, place }) => {
    const seen = new Set<string>()
    return ids.flatMap((id, i) => {
      if (seen.has(id)) return [error(place(i), `\`${id}\` a second time`, 'give it a name of its own, or remove one of the two')]
      seen.add(id)
      return []
    })
  })
}

function references(network: NetworkSpec): Note[] {
  const warehouses = network.warehouses.map(({ id }) => id)
  const suppliers = network.suppliers.map(({ id }) => id)
  const regions = [...new Set(network.zones.map(({ region }) => region))]
  const heldAt = new Map(network.skus.map((sku) => [sku.id, sku.heldAt ?? []]))
  const unknown = (id: string, known: readonly string[], what: string, at: Place) =>
    known.includes(id) ? [] : [error(at, `unknown ${what} \`${id}\``, didYouMean(id, known))]
  const skus = network.skus.map(({ id }) => id)
  return [
    ...(network.demand.baskets ?? []).flatMap(({ lines }, b) =>
      lines.flatMap(({ sku }, i) => {
        const at = inNetwork('demand', 'baskets', b, 'lines', i, 'sku')
        const again = lines.findIndex((line) => line.sku === sku) < i
        return again
          ? [error(at, `\`${sku}\` a second time`, 'write it once, with its units together')]
          : unknown(sku, skus, 'SKU', at)
      }),
    ),
    ...network.services.flatMap(({ from = [], reaches = [] }, i) => [
      ...from.flatMap((id, j) => unknown(id, warehouses, 'warehouse', inNetwork('services', i, 'from', j))),
      ...reaches.flatMap((id, j) => unknown(id, regions, 'region', inNetwork('services', i, 'reaches', j))),
    ]),
    ...(network.openingStock ?? []).flatMap((shelf) => {
      const unheard = [
        ...unknown(shelf.warehouse, warehouses, 'warehouse', inStock(shelf, 'warehouse')),
        ...unknown(shelf.sku, [...heldAt.keys()], 'article', inStock(shelf, 'sku')),
      ]
      const places = heldAt.get(shelf.sku) ?? []
      if (unheard.length > 0 || places.length === 0 || places.includes(shelf.warehouse) || shelf.units === 0) return unheard
      const found = `stock at \`${shelf.warehouse}\` of an article that is held only at ${places.join(', ')}`
      return [error(inStock(shelf, 'warehouse'), found, `add it to heldAt of \`${shelf.sku}\` in skus.csv, or remove the row`)]
    }),
    ...network.skus.flatMap(({ id, supplier, heldAt = [] }) => [
      ...unknown(supplier, suppliers, 'supplier', inSkus(id, 'supplier')),
      ...heldAt.flatMap((warehouse) => unknown(warehouse, warehouses, 'warehouse', inSkus(id, 'heldAt'))),
      ...(heldAt.length > 0 && !heldAt.some((warehouse) => warehouses.includes(warehouse))
        ? [
            error(
              inSkus(id, 'heldAt'),
              `\`${id}\` held nowhere`,
              'name a warehouse of network.yaml, or leave the cell empty for all',
            ),
          ]
        : []),
    ]),
  ]
}

type Point = { readonly at: Place; readonly name: string; readonly lat: number; readonly lon: number }

/** A point may be this much farther from the demand than its mirror image before it is taken for swapped. */
const SWAPPED_FACTOR = 5
const SWAPPED_KM_MIN = 1000

function places(network: NetworkSpec): Note[] {
  const points: Point[] = [
    ...(['warehouses', 'hubs'] as const).flatMap((list) =>
      network[list].map(({ name, lat, lon }, i) => ({ at: inNetwork(list, i, 'lat'), name, lat, lon })),
    ),
    ...network.zones.map(({ id, name, lat, lon }) => ({ at: inZones(id, 'lat'), name, lat, lon })),
  ]
  const centre = { lat: median(network.zones.map(({ lat }) => lat)), lon: median(network.zones.map(({ lon }) => lon)) }
  return points.flatMap(({ at, name, lat, lon }) => {
    const found = `${name} at latitude ${lat}, longitude ${lon}`
    const swapped =
      Math.abs(lon) <= 90 && Math.abs(lat) <= 180 ? distanceKm(lon, lat, centre.lat, centre.lon) : Number.POSITIVE_INFINITY
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) {
      return [
        error(at, found, swapped < SWAPPED_KM_MIN ? 'swap the two' : 'write latitude from -90 to 90, longitude from -180 to 180'),
      ]
    }
    const here = distanceKm(lat, lon, centre.lat, centre.lon)
    if (here < SWAPPED_KM_MIN || here < SWAPPED_FACTOR * swapped) return []
    const fix = `swap the two: it is ${Math.round(here)} km from the middle of demand, and would be ${Math.round(swapped)} km`
    return [error(at, found, fix)]
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

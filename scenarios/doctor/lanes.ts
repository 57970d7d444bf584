import type { NetworkSpec } from '../../sim/network-spec.ts'
import { heldAt, reachOf } from '../../sim/reach.ts'
import { inNetwork, inSkus, inZones, type Note, some } from './note.ts'

/** Demand that nothing can be sent to, and stock that nobody can refill or ship. */
export function examineLanes(network: NetworkSpec): Note[] {
  const reach = reachOf(network)
  const everywhere = reach.zonesFrom(network.warehouses.map(({ id }) => id))
  const cutOff = network.zones.filter(({ id, share }) => share > 0 && !everywhere.has(id))
  return [
    ...[...Map.groupBy(cutOff, ({ region }) => region)].map(
      ([region, zones]): Note => ({
        severity: 'error',
        at: inZones(zones[0].id, 'region'),
        found: `no lane reaches ${some(zones.map(({ name }) => name))}: no service with trucks that take parcels reaches region ${region}`,
        fix: `add ${region} to \`reaches\` of a service, or give ${zones.length === 1 ? 'the zone' : 'these zones'} a share of 0`,
      }),
    ),
    ...network.warehouses.flatMap(({ id, name }, i): Note[] => {
      if (reach.zonesFrom([id]).size > 0) return []
      const found = `nothing leaves ${name}: no service with trucks that take parcels serves \`${id}\``
      return [
        { severity: 'warning', at: inNetwork('warehouses', i, 'id'), found, fix: 'add it to `from` of a service, or remove it' },
      ]
    }),
    ...network.warehouses.flatMap(({ id, name }, i): Note[] => {
      if (reach.refilled.has(id)) return []
      const found = `${name} holds no article: no row of skus.csv names \`${id}\` in heldAt`
      return [{ severity: 'warning', at: inNetwork('warehouses', i, 'id'), found, fix: 'let it hold some, or remove it' }]
    }),
    ...stranded(network, everywhere, reach.zonesFrom),
  ]
}

/** Articles whose warehouses cannot send to some zone although others can. Articles held at the same places are told together. */
function stranded(
  network: NetworkSpec,
  everywhere: ReadonlySet<string>,
  zonesFrom: (ids: readonly string[]) => ReadonlySet<string>,
): Note[] {
  const byHolders = Map.groupBy(network.skus, (sku) => [...heldAt(sku.heldAt, network)].sort().join(' '))
  return [...byHolders].flatMap(([holders, skus]): Note[] => {
    const zones = zonesFrom(holders.split(' '))
    const missed = network.zones.filter(({ id, share }) => share > 0 && everywhere.has(id) && !zones.has(id))
    if (missed.length === 0) return []
    const found = `${some(skus.map(({ id }) => id))} held at ${some(holders.split(' '))}, from where no service reaches ${some(missed.map(({ name }) => name))}`
    const fix = 'let a service from there reach them, or hold it elsewhere too'
    return [{ severity: 'warning', at: inSkus(skus[0].id, 'heldAt'), found, fix }]
  })
}

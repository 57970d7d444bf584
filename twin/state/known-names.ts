import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Core } from './core.ts'
import { FOLDS } from './folds.ts'
import type { Names } from './names.ts'
import type { KnownNames } from './query.ts'
import { STATIONS } from './stations.ts'
import { STOCK } from './stock.ts'
import { SITE_TEMPERATURE } from './temperature.ts'

const OF_WAREHOUSES = [STOCK, STATIONS, SITE_TEMPERATURE].map((fold) => FOLDS.indexOf(fold))

/** Names that somebody told of, and those of the network: others are slips of the pen. */
export function knownNames({ words, things }: Core, spec: NetworkSpec | null): KnownNames {
  const all = (told: readonly string[], stated: readonly { readonly id: string }[] | undefined): string[] => [
    ...new Set([...told, ...(stated ?? []).map(({ id }) => id)]),
  ]
  const listed = ({ list }: Names): readonly string[] => list.slice(1)
  const withThings = OF_WAREHOUSES.flatMap((place) => [...things[place].byName.keys()])
  return {
    warehouse: all([...listed(words.warehouses), ...withThings], spec?.warehouses),
    zone: all(listed(words.zones), spec?.zones),
    region: [...new Set((spec?.zones ?? []).map(({ region }) => region))],
    service: all(listed(words.services), spec?.services),
    hub: all(listed(words.hubs), spec?.hubs),
  }
}

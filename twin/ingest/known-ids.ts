import { didYouMean } from '../../scenarios/read/suggest.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { IdField } from '../event/kind.ts'

/**
 * Ids of a network that events may name. A feed with a typo would otherwise make a warehouse of its own, where orders wait for ever and nobody
 * looks. Who knows no network learns ids as they come.
 */
export class KnownIds {
  private readonly ids: Readonly<Record<IdField, ReadonlySet<string>>>
  /** What was said of words that are none: the same typo comes with every event of its feed. */
  private readonly said = new Map<string, string>()

  constructor({ warehouses, services, hubs, zones, skus }: NetworkSpec) {
    const idsOf = (all: readonly { readonly id: string }[]): ReadonlySet<string> => new Set(all.map(({ id }) => id))
    this.ids = {
      warehouse: idsOf(warehouses),
      service: idsOf(services),
      hub: idsOf(hubs),
      zone: idsOf(zones),
      sku: idsOf(skus),
    }
  }

  has(field: IdField, id: string): boolean {
    return this.ids[field].has(id)
  }

  /** The nearest one there is. Looking for it costs a look at each, so of a flood of made-up words only the first are looked up. */
  nearest(field: IdField, id: string): string {
    const key = `${field}\n${id.slice(0, LOOKED_UP_CHARS)}`
    const known = this.said.get(key)
    if (known !== undefined) return known
    if (this.said.size >= LOOKED_UP_MAX) return `name a ${field} of the network, or serve it with a network that has this one`
    const says = didYouMean(id.slice(0, LOOKED_UP_CHARS), [...this.ids[field]])
    this.said.set(key, says)
    return says
  }
}

const LOOKED_UP_MAX = 1000
const LOOKED_UP_CHARS = 60

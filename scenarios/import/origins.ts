import { cluster } from './cluster.ts'
import type { OrderHistory } from './history.ts'
import type { Place } from './sphere.ts'
import { round4, uniqueId } from './zones.ts'

export type Origin = Place & {
  readonly id: string
  readonly name: string
  /** Part of all orders of known origin that left from here. */
  readonly share: number
  readonly towns: number
}

/** Gathers the towns goods came from into a workable number of warehouses; each stands in the town of its cluster that sent most. */
export function warehousesOf({ origin, origins, count }: OrderHistory, wanted: number) {
  const sent: number[] = origins.map(() => 0)
  for (let i = 0; i < count; i++) if (origin[i] >= 0) sent[origin[i]]++
  const used = origins.map((_, o) => o).filter((o) => sent[o] > 0)
  const member = cluster(
    used.map((o) => ({ ...origins[o], weight: sent[o] })),
    wanted,
  )
  const total = sent.reduce((sum, n) => sum + n, 0)
  const warehouseOfOrigin = new Int32Array(origins.length).fill(-1)
  const taken = new Set<string>()
  const warehouses: Origin[] = []
  for (let w = 0; member.includes(w); w++) {
    const own = used.filter((_, i) => member[i] === w)
    for (const o of own) warehouseOfOrigin[o] = w
    const main = own.reduce((a, b) => (sent[b] > sent[a] ? b : a))
    const { name, lat, lon } = origins[main]
    const share = own.reduce((sum, o) => sum + sent[o], 0) / total
    warehouses.push({ id: uniqueId(name, taken), name, lat: round4(lat), lon: round4(lon), share, towns: own.length })
  }
  return { warehouses, warehouseOfOrigin }
}

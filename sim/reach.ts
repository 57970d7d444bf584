/** The one door to graphology: what can be reached over which lanes, from supplier to customer. Rebuilt from the network, never stored. */
import { DirectedGraph } from 'graphology'
import { distanceKm } from './geo.ts'
import { trucksOf } from './network.ts'
import type { NetworkSpec, ServiceSpec } from './network-spec.ts'

export type Reach = {
  /** Zones a parcel can get to from these warehouses, by id. */
  zonesFrom(warehouses: readonly string[]): ReadonlySet<string>
  /** Warehouses that some supplier can refill, by id. */
  readonly refilled: ReadonlySet<string>
}

/**
 * The graph supplier → warehouse → service → hub → zone. A hub stands once for each region it serves, since a service
 * that reaches the hub may still not be sold to a region behind it.
 */
export function reachOf(network: NetworkSpec): Reach {
  const graph = new DirectedGraph()
  for (const sku of network.skus) {
    const holders = heldAt(sku.heldAt, network)
    for (const warehouse of holders) graph.mergeEdge(`supplier ${sku.supplier}`, `warehouse ${warehouse}`)
  }
  for (const service of network.services) {
    if (trucksOf(service).length === 0) continue
    for (const warehouse of leavesFrom(service, network)) graph.mergeEdge(`warehouse ${warehouse}`, `service ${service.id}`)
  }
  for (const zone of network.zones) {
    const hub = nearestHub(zone, network)
    if (hub === null) continue
    graph.mergeEdge(`hub ${hub} for ${zone.region}`, `zone ${zone.id}`)
    for (const service of network.services) {
      if (sells(service, zone.region)) graph.mergeEdge(`service ${service.id}`, `hub ${hub} for ${zone.region}`)
    }
  }
  const suppliers = network.suppliers.map(({ id }) => `supplier ${id}`)
  return {
    zonesFrom: (warehouses) =>
      reached(
        graph,
        warehouses.map((id) => `warehouse ${id}`),
        'zone ',
      ),
    refilled: reached(graph, suppliers, 'warehouse '),
  }
}

/** How many lanes lie between a node and each that can be reached from it, over any lanes; the node itself is not among them. */
export function downstream(lanes: Iterable<readonly [from: string, to: string]>, from: string): ReadonlyMap<string, number> {
  const graph = new DirectedGraph()
  for (const [a, b] of lanes) graph.mergeEdge(a, b)
  const steps = new Map([[from, 0]])
  // A map walks over what is added while it is walked, so it is the queue as well.
  if (graph.hasNode(from))
    for (const [node, far] of steps) for (const next of graph.outNeighbors(node)) if (!steps.has(next)) steps.set(next, far + 1)
  steps.delete(from)
  return steps
}

/** The hub that each zone is reached through, by id. */
export const hubsOfZones = (network: NetworkSpec): ReadonlyMap<string, string> =>
  new Map(network.zones.map((zone) => [zone.id, nearestHub(zone, network) ?? '']))

/** An empty list means everywhere. */
export function heldAt(ids: readonly string[] | undefined, { warehouses }: NetworkSpec): readonly string[] {
  return ids === undefined || ids.length === 0 ? warehouses.map(({ id }) => id) : ids
}

export function leavesFrom(service: ServiceSpec, network: NetworkSpec): readonly string[] {
  return heldAt(service.from, network)
}

function sells(service: ServiceSpec, region: string): boolean {
  return service.reaches === undefined || service.reaches.length === 0 || service.reaches.includes(region)
}

function nearestHub(zone: { lat: number; lon: number }, { hubs }: NetworkSpec): string | null {
  let nearest: string | null = null
  let kmMin = Number.POSITIVE_INFINITY
  for (const hub of hubs) {
    const km = distanceKm(zone.lat, zone.lon, hub.lat, hub.lon)
    if (km < kmMin) [nearest, kmMin] = [hub.id, km]
  }
  return nearest
}

function reached(graph: DirectedGraph, from: readonly string[], kind: string): ReadonlySet<string> {
  const seen = new Set(from.filter((node) => graph.hasNode(node)))
  // A set walks over what is added while it is walked, so it is the queue as well.
  for (const node of seen) for (const next of graph.outNeighbors(node)) seen.add(next)
  return new Set([...seen].filter((node) => node.startsWith(kind)).map((node) => node.slice(kind.length)))
}

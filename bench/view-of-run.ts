import type { NetworkSpec } from '../sim/network-spec.ts'
import type { Sim } from '../sim/sim.ts'
import { MINUTE_MS } from '../sim/units.ts'
import {
  COUNT,
  eventMs,
  FLAG,
  hasFlag,
  headOf,
  lineAt,
  lineCount,
  nowMs,
  orderNumber,
  partOf,
  placedMs,
  promisedMs,
  STATE,
  serviceOf,
  skuOfLine,
  stateOf,
  unitsOfLine,
  warehouseOf,
  zoneOf,
} from '../sim/world.ts'
import { viewOf } from '../twin/futures/plain-view.ts'
import { stateInWords } from '../twin/reality/hidden-portrait.ts'
import type { LiveView, OrderView, PartView } from '../twin/state/live-state.ts'

/**
 * A run's world as a twin would see it that had been told all of it: for measuring futures of networks too large to be told event by event. Of a stage
 * that has an end and no beginning in the world it is said that it began five minutes ago.
 */
export function viewOfRun(sim: Sim, spec: NetworkSpec, zeroMs: number): LiveView {
  const { world, network } = sim
  const now = nowMs(world)
  const orders = new Map<number, OrderView & { parts: PartView[]; lines: { sku: string; units: number }[] }>()
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
    const words = stateInWords(world, p)
    if (words === null || hasFlag(world, p, FLAG.cancelled)) continue
    const head = headOf(world, p)
    const number = orderNumber(world, p)
    const isRouted = stateOf(world, p) >= STATE.routed
    let order = orders.get(number)
    if (order === undefined) {
      order = {
        id: String(number),
        state: words,
        zone: spec.zones[zoneOf(world, p)].id,
        placedMs: zeroMs + placedMs(world, head),
        promisedMs: zeroMs + promisedMs(world, head),
        lines: [],
        parts: [],
        refused: 0,
      }
      orders.set(number, order)
    }
    for (let i = 0; i < lineCount(world, p); i++) {
      const line = lineAt(world, p, i)
      order.lines.push({ sku: spec.skus[skuOfLine(line)].id, units: unitsOfLine(line) })
    }
    order.parts.push({
      part: partOf(world, p),
      state: words,
      sinceMs: zeroMs + (eventMs(world, p) <= now ? eventMs(world, p) : now - 5 * MINUTE_MS),
      warehouse: isRouted ? spec.warehouses[warehouseOf(world, p)].id : null,
      service: isRouted ? spec.services[serviceOf(world, p)].id : null,
      hub: null,
      expectedMs: null,
    })
  }
  const stock = Array.from(world.onHand, (onHand, shelf) => ({
    warehouse: spec.warehouses[shelf % network.W].id,
    sku: spec.skus[Math.floor(shelf / network.W)].id,
    onHand,
  }))
  return viewOf({
    asOfMs: zeroMs + now,
    orders: [...orders.values()],
    sites: [],
    stock,
    weather: [],
    capacities: [],
    promotions: [],
    digest: '',
  })
}

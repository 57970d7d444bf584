import { loadNetwork } from '../../scenarios/read/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { LiveEvent } from '../../twin/event/feeds.ts'
import { openState, type TwinState } from '../../twin/state/state.ts'
import { smallWorld } from '../small-world.ts'

/** A network that somebody has counted, and nothing else is known of: so many units of everything everywhere. */
export function stockedTwin(spec: NetworkSpec, units: number): TwinState {
  const at = new Date(Date.now() - 60_000).toISOString()
  const events = spec.warehouses.flatMap(({ id: warehouse }) =>
    spec.skus.map(
      ({ id: sku }): LiveEvent => ({
        id: `counted-${warehouse}-${sku}`,
        source: 'bench',
        feed: 'stock',
        type: 'counted',
        at,
        warehouse,
        sku,
        onHand: { value: units, unit: '{unit}' },
      }),
    ),
  )
  const state = openState()
  state.apply(
    events,
    events.map((_, line) => ({ entry: 1, line })),
  )
  return state
}

/** `small` is the smallest one there is; any other name is one of the bundled networks. */
export const networkCalled = async (name: string): Promise<NetworkSpec> =>
  name === 'small' ? smallWorld() : (await loadNetwork(name)).spec

const DAY_MS = 86_400_000
/** What stands for the number of an order in a request; the generator of load writes it in. */
export const NUMBER = '##########'

/** Requests for orders of a network, by its own zones and articles: as many lines as its orders have. One body each, as text. */
export function templatesFor(spec: NetworkSpec, count: number): string[] {
  const promised = new Date(Date.now() + 8 * DAY_MS).toISOString()
  const created = new Date(Date.now() - 1000).toISOString()
  const { linesPerOrder } = spec.demand
  return Array.from({ length: count }, (_, i) => {
    // Spread evenly over what there is, the same each time.
    let part = ((i * 0.618034) % 1) * linesPerOrder.reduce((sum, share) => sum + share, 0)
    let lines = 1
    for (const share of linesPerOrder) {
      if (part < share) break
      part -= share
      lines++
    }
    return JSON.stringify({
      idempotencyKey: `order:${NUMBER}:1`,
      order: {
        orderId: `A-${NUMBER}`,
        createdAt: created,
        shipTo: { zone: spec.zones[(i * 7) % spec.zones.length].id },
        promise: { deliverBy: promised },
        lines: Array.from({ length: Math.min(lines, spec.skus.length) }, (_, line) => ({
          lineId: String(line + 1),
          sku: spec.skus[(i * 13 + line * 17) % spec.skus.length].id,
          qty: 1,
        })),
      },
    })
  })
}

import type { NetworkSpec } from '../../../sim/network-spec.ts'
import { PRICED } from '../../../sim/plan.ts'
import { REG } from '../../../sim/world.ts'
import { writeMoment } from '../../event/moment.ts'
import type { MadeWorld } from '../present-desk.ts'

export type PriceAsk = {
  readonly warehouse: string | null
  readonly service: string | null
  readonly sku: string | null
  readonly limit: number
}

/**
 * What hands, places on trucks and goods are worth to orders still to come, as the last plan has it. Only what is above nothing is listed: most is
 * plenty.
 */
export function pricesOf({ sim, asOfMs, zeroMs, stamp }: MadeWorld, spec: NetworkSpec, wanted: PriceAsk) {
  const { world, network } = sim
  const slotMs = world.regs[REG.pricesSlotMs]
  const about = { asOf: writeMoment(asOfMs), policy: stamp.policy, digest: stamp.digest, currency: spec.currency }
  if (network.W * network.S * PRICED.slots !== world.priceRoom.length || slotMs === 0)
    return { ...about, plannedAt: null, ageMs: null, slotMinutes: null, work: [], room: [], stock: [], more: false }
  const fromMs = zeroMs + world.regs[REG.pricesFromMs]
  const plannedMs = zeroMs + world.regs[REG.plannedMs]
  const slot = (v: number): string => writeMoment(fromMs + v * slotMs)
  const has = (id: string, named: string | null): boolean => named === null || named === id
  const work: object[] = []
  const room: object[] = []
  const stock: object[] = []
  let left = wanted.limit
  let more = false
  const list = (to: object[], one: () => object): void => {
    if (left === 0) more = true
    else {
      to.push(one())
      left--
    }
  }
  spec.warehouses.forEach(({ id: node }, w) => {
    if (!has(node, wanted.warehouse)) return
    spec.services.forEach(({ id: service }, s) => {
      if (!has(service, wanted.service) || wanted.sku !== null) return
      const lane = w * network.S + s
      for (let v = 0; v < PRICED.slots; v++) {
        const cents = world.priceRoom[lane * PRICED.slots + v]
        if (cents > 0) list(room, () => ({ node, service, leavesFrom: slot(v), price: cents / 100 }))
        // Of what comes now; later ones are in the plan too.
        const at = lane * PRICED.arrivals * PRICED.slots + v
        const [parcel, line] = [world.priceParcel[at], world.priceLine[at]]
        if (parcel > 0 || line > 0)
          list(work, () => ({ node, service, leavesFrom: slot(v), parcel: parcel / 100, line: line / 100 }))
      }
    })
    if (wanted.service !== null) return
    spec.skus.forEach(({ id: sku }, k) => {
      const cents = world.priceStock[k * network.W + w]
      if (cents > 0 && has(sku, wanted.sku)) list(stock, () => ({ node, sku, unit: cents / 100 }))
    })
  })
  const ageMs = Math.max(0, asOfMs - plannedMs)
  return { ...about, plannedAt: writeMoment(plannedMs), ageMs, slotMinutes: slotMs / 60_000, work, room, stock, more }
}

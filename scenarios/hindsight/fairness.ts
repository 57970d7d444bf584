/** Orders that came in time, and how evenly: shares 0 … 1. */
export type OnTime = {
  readonly all: number
  /** Of the tenth of the orders that live in the zones served worst; equal to `all` where all zones fare alike. */
  readonly worstDecile: number
  /** By tenths of the orders, their zones from worst to best served. */
  readonly deciles: readonly number[]
}

/**
 * In time over all orders (who is not delivered is not in time) and by deciles of zones. Zones are sorted by their own share, and cut into tenths
 * of the orders; a zone on the edge is shared out. Of zones with few orders the worst are partly the unlucky.
 */
export function onTimeOf(zone: Int32Array, isInTime: Uint8Array): OnTime {
  const zones = new Map<number, { orders: number; inTime: number }>()
  let inTime = 0
  for (let i = 0; i < zone.length; i++) {
    const one = zones.get(zone[i]) ?? { orders: 0, inTime: 0 }
    one.orders++
    one.inTime += isInTime[i]
    inTime += isInTime[i]
    zones.set(zone[i], one)
  }
  const sorted = [...zones.values()].sort((a, b) => a.inTime / a.orders - b.inTime / b.orders)
  const tenth = zone.length / 10
  const deciles = Array.from({ length: 10 }, () => 0)
  let filled = 0
  for (const { orders, inTime: ofThem } of sorted) {
    for (let left = orders; left > 1e-9; ) {
      const decile = Math.min(9, Math.floor(filled / tenth + 1e-9))
      const part = decile === 9 ? left : Math.min(left, (decile + 1) * tenth - filled)
      deciles[decile] += (part * ofThem) / orders / tenth
      filled += part
      left -= part
    }
  }
  return { all: inTime / zone.length, worstDecile: deciles[0], deciles }
}

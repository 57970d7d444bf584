import type { Core } from './core.ts'
import { EVENT, EVENT_SHIFT, FLAG } from './timeline.ts'

/**
 * Orders that came into a state at a warehouse after an instant and were still there at a later one, in the order they came: those that stood behind.
 * Only pages of the timeline that reach into that time are read.
 */
export function cameBetween({ orders }: Core, warehouse: number, state: number, afterMs: number, untilMs: number): number[] {
  const { timeline, sums } = orders
  const there = new Map<number, number>()
  const gone = new Map<number, number>()
  const cell = warehouse * 64 + state
  const { events } = timeline
  for (let i = 0; i < sums.pages.length; i++) {
    if (sums.pages[i].maxMs <= afterMs || sums.pages[i].minMs > untilMs) continue
    const page = events.pages[i]
    const end = Math.min(events.count - (i << EVENT_SHIFT), 1 << EVENT_SHIFT)
    for (let row = i === 0 ? 1 : 0; row < end; row++) {
      const word = row * EVENT.stride
      const ms = (page[word + EVENT.high] >>> 21) * 4294967296 + page[word]
      if (ms <= afterMs || ms > untilMs) continue
      const told = page[word + EVENT.told]
      const flags = (told >>> 8) & 255
      const owner = page[word + EVENT.owner]
      if (flags & FLAG.many) {
        const moves = timeline.manyMoves.get((i << EVENT_SHIFT) + row) as Int32Array
        for (let m = 0; m < moves.length; m += 2) {
          if (moves[m] === cell) latest(gone, owner, ms)
          if (moves[m + 1] === cell) latest(there, owner, ms)
        }
      } else if (flags & FLAG.moved) {
        const sites = page[word + EVENT.sites]
        if ((flags & FLAG.fresh) === 0 && (sites >>> 16) * 64 + (told >>> 24) === cell) latest(gone, owner, ms)
        if ((sites & 0xffff) * 64 + ((told >>> 16) & 255) === cell) latest(there, owner, ms)
      }
    }
  }
  return [...there]
    .filter(([order, came]) => (gone.get(order) ?? -1) < came)
    .sort((a, b) => a[1] - b[1] || a[0] - b[0])
    .map(([order]) => order)
}

function latest(of: Map<number, number>, order: number, ms: number): void {
  if (ms > (of.get(order) ?? -1)) of.set(order, ms)
}

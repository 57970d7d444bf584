import type { PartView } from '../state/live-state.ts'

/** Parcels that stand at hubs and stations, gathered on the walk over open orders: how many, since when, and when one last got on from there. */
export type Stand = {
  readonly at: 'hub' | 'station'
  readonly id: string
  parcels: number
  oldestMs: number
  /** The latest that is known to have left, by those that are still open; −1 where none is. */
  leftMs: number
}

export class Stands {
  private readonly byPlace = new Map<string, Stand>()

  see({ state, sinceMs, hub }: PartView, zone: string | null): void {
    if (state === 'at-hub' && hub !== null) this.stand('hub', hub, sinceMs)
    else if (state === 'at-station' && zone !== null) this.stand('station', zone, sinceMs)
    // Whoever is farther has left the hub by then at the latest.
    if ((state === 'in-transit' || state === 'at-station') && hub !== null) this.left('hub', hub, sinceMs)
    if (state === 'out-for-delivery' && zone !== null) this.left('station', zone, sinceMs)
  }

  /** One place; null where nothing stands. */
  place(at: Stand['at'], id: string): Stand | null {
    return this.byPlace.get(`${at} ${id}`) ?? null
  }

  /** Places where so many parcels stand, and none has got on for so long. */
  *found(at: Stand['at'], parcels: number, lastsMs: number, nowMs: number): Iterable<Stand & { readonly standsMs: number }> {
    for (const stand of this.byPlace.values()) {
      const standsMs = nowMs - Math.max(stand.leftMs, stand.oldestMs)
      if (stand.at === at && stand.parcels >= parcels && standsMs >= lastsMs) yield { ...stand, standsMs }
    }
  }

  private stand(at: Stand['at'], id: string, sinceMs: number): void {
    const stand = this.of(at, id)
    stand.parcels++
    stand.oldestMs = Math.min(stand.oldestMs, sinceMs)
  }

  private left(at: Stand['at'], id: string, atMs: number): void {
    const stand = this.of(at, id)
    stand.leftMs = Math.max(stand.leftMs, atMs)
  }

  private of(at: Stand['at'], id: string): Stand {
    const key = `${at} ${id}`
    const known = this.byPlace.get(key)
    if (known !== undefined) return known
    const fresh: Stand = { at, id, parcels: 0, oldestMs: Number.POSITIVE_INFINITY, leftMs: -1 }
    this.byPlace.set(key, fresh)
    return fresh
  }
}

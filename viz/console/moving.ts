import { LEG_LATE, type Leg, NO_LANE, type Picture } from '../../twin/wire.ts'

/** A parcel gets a place among the points when it first flies, and gives it back when it has left all roads, for the next to take. */
export class Moving {
  private readonly places = new Map<number, number>()
  private readonly free: number[] = []
  private used = 0

  get count(): number {
    return this.places.size
  }

  /** Where the parcel's point is to be written, and whether it is to be taken away. */
  place({ parcel, lane }: Leg): { readonly place: number; readonly leaves: boolean } | null {
    const known = this.places.get(parcel)
    if (lane === NO_LANE) {
      if (known === undefined) return null
      this.places.delete(parcel)
      this.free.push(known)
      return { place: known, leaves: true }
    }
    const place = known ?? this.free.pop() ?? this.used++
    this.places.set(parcel, place)
    return { place, leaves: false }
  }
}

export const isLate = ({ flags }: Leg): boolean => (flags & LEG_LATE) !== 0

/** A lane's two sites, or null where the picture has no such lane. */
export function endsOf({ lanes, sites }: Picture, { lane }: Leg) {
  const found = lanes.at(lane)
  return found === undefined ? null : { from: sites[found.from], to: sites[found.to] }
}

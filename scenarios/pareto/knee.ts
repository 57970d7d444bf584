import { scaled } from './front.ts'

export type Knee = { readonly at: number; readonly depth: number }

/** Below this part of the scaled box a bend is rounding. */
const FLAT = 1e-9
/** Ends nearer than this to what the others span are in line with them: where cheap and clean go together, luck alone would tilt the plane. */
const APART = 0.1

/**
 * The knee of a front: where giving up a little of anything saves most of something else. Losses are scaled to 0 … 1 over the front; the points that
 * are best in one loss span a line (a plane, where they are three and not in line); the knee is the point furthest from it towards the best of
 * all. Das, Structural Optimization 18 (1999); for two aims it is the largest distance to the line between the ends.
 *
 * - `points`: losses of the points of a front, lower is better.
 * - `depth`: that distance, in the scaled box. Of equal points the first; null where the front bends nowhere towards the best, or has fewer than three
 *   points.
 */
export function kneeOf(points: readonly (readonly number[])[]): Knee | null {
  if (points.length < 3) return null
  const at = scaled(points)
  // A loss that is the same for all has no best point.
  const moving: number[] = at[0].map((_, axis) => (at.some((point) => point[axis] > 0) ? 1 : 0))
  const ends = moving.flatMap((moves, axis) =>
    moves === 1 ? [at.reduce((best, point) => (isBefore(point, best, axis) ? point : best))] : [],
  )
  const span = directionsOf(ends)
  if (span.length === 0) return null
  const length = Math.sqrt(sum(moving))
  let best: Knee | null = null
  at.forEach((point, i) => {
    const off = without(minus(point, ends[0]), span)
    const depth = -sum(off.map((each, axis) => each * moving[axis])) / length
    if (depth > FLAT && (best === null || depth > best.depth)) best = { at: i, depth }
  })
  return best
}

/** Better on this axis; of equals the one that is better in all. */
function isBefore(a: readonly number[], b: readonly number[], axis: number): boolean {
  return a[axis] < b[axis] || (a[axis] === b[axis] && sum(a) < sum(b))
}

const sum = (values: readonly number[]): number => values.reduce((so, each) => so + each, 0)
const minus = (a: readonly number[], b: readonly number[]): number[] => a.map((each, i) => each - b[i])

/** What is left of a vector beside directions that stand square to each other. */
function without(vector: readonly number[], directions: readonly (readonly number[])[]): number[] {
  return directions.reduce<number[]>(
    (left, direction) => {
      const along = sum(left.map((each, i) => each * direction[i]))
      return left.map((each, i) => each - along * direction[i])
    },
    [...vector],
  )
}

/** Directions of unit length, square to each other, that the ends span: none where they are one point, one where they lie in line (Gram & Schmidt). */
function directionsOf(ends: readonly (readonly number[])[]): number[][] {
  const found: number[][] = []
  for (const end of ends.slice(1)) {
    const left = without(minus(end, ends[0]), found)
    const length = Math.hypot(...left)
    // As many as there are axes would leave nothing to be far from.
    if (length > APART && found.length < ends.length - 1) found.push(left.map((each) => each / length))
  }
  return found
}

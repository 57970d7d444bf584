import { type Box, nonDominated } from './front.ts'

/** How far beyond the worst point the box reaches, in parts of its width: with 0 the ends of a front would count for nothing (Ishibuchi et al., Evolutionary Computation 26, 2018). */
const BEYOND = 0.1

/**
 * The part of a box that some point is at least as good as: one number for a whole front, larger is better. Zitzler & Thiele, IEEE Transactions on
 * Evolutionary Computation 3 (1999). Exact, by slices along the last axis: O(n² log n) for three.
 *
 * - `points`: losses, lower is better. What is dominated adds nothing and may be there.
 * - `box`: the best and the worst of all that are compared; two fronts can be compared in the same box only. A width of 0 leaves its axis out.
 */
export function hypervolume(points: readonly (readonly number[])[], { ideal, worst }: Box): number {
  const axes = ideal.flatMap((low, i) => (worst[i] > low ? [i] : []))
  if (axes.length === 0) return points.length > 0 ? 1 : 0
  const side = 1 + BEYOND
  const inBox = points
    .map((point) => axes.map((i) => Math.max(0, (point[i] - ideal[i]) / (worst[i] - ideal[i])) / side))
    .filter((point) => point.every((each) => each < 1))
  const isFront = nonDominated(inBox)
  return volume(inBox.filter((_, i) => isFront[i]))
}

/** Of points in the unit box, to its corner (1, …, 1). */
function volume(points: readonly (readonly number[])[]): number {
  if (points.length === 0) return 0
  const last = points[0].length - 1
  if (last === 0) return 1 - Math.min(...points.map(([only]) => only))
  const sorted = points.toSorted((a, b) => a[last] - b[last])
  if (last === 1) return area(sorted)
  let total = 0
  for (let i = 0; i < sorted.length; i++) {
    const thickness = (sorted[i + 1]?.[last] ?? 1) - sorted[i][last]
    if (thickness > 0) total += thickness * volume(sorted.slice(0, i + 1).map((point) => point.slice(0, last)))
  }
  return total
}

/** The same for two axes, of points sorted by the second. */
function area(sorted: readonly (readonly number[])[]): number {
  let total = 0
  let least = 1
  sorted.forEach(([x, y], i) => {
    least = Math.min(least, x)
    total += (1 - least) * ((sorted[i + 1]?.[1] ?? 1) - y)
  })
  return total
}

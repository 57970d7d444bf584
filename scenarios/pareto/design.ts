import { type Dice, draw, PURPOSE } from '../../sim/random.ts'
import { distances, nonDominated, scaled } from './front.ts'

/** A place in the box of knobs, each 0 … 1 of its way. */
export type Place = readonly number[]

/** A place that was tried, and what came of it: mean losses, lower is better. */
export type Tried = { readonly place: Place; readonly losses: readonly number[] }

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]

/**
 * Points that fill a box evenly however many are taken: Halton's sequence (Numerische Mathematik 2, 1960), moved by one draw for each axis and
 * wrapped around (Cranley & Patterson, SIAM J. Numer. Anal. 13, 1976), so that another seed looks elsewhere. Good up to ten axes.
 */
export function haltonPlaces(count: number, axes: number, dice: Dice, from = 0): Place[] {
  if (axes > PRIMES.length) throw new Error(`a design has ${PRIMES.length} axes at most, not ${axes}`)
  return Array.from({ length: count }, (_, i) =>
    Array.from(
      { length: axes },
      (_, axis) => (radicalInverse(from + i + 1, PRIMES[axis]) + draw(dice, axis, PURPOSE.design, 0)) % 1,
    ),
  )
}

/** The digits of a number mirrored at the point. */
function radicalInverse(number: number, base: number): number {
  let rest = number
  let digit = 1 / base
  let sum = 0
  while (rest > 0) {
    sum += (rest % base) * digit
    rest = Math.floor(rest / base)
    digit /= base
  }
  return sum
}

/** Where to look first, more than are needed: corners, where a front has its ends, as long as they are at most half of all; the rest evenly. */
export function firstPlaces(count: number, axes: number, dice: Dice): Place[] {
  const corners = 2 ** axes * 2 <= count ? cornersOf(axes) : []
  return [...corners, ...haltonPlaces(count, axes, dice)]
}

const cornersOf = (axes: number): Place[] =>
  Array.from({ length: 2 ** axes }, (_, bits) => Array.from({ length: axes }, (_, axis) => (bits >> axis) & 1))

/**
 * Where to look next, best first and more than are needed: half way between points of the front that are neighbours, the widest gap first; then
 * around the points of the front, those that stand most alone first, within `reach` of each knob's way.
 *
 * - Neighbours: joined in the shortest tree over the front, in losses scaled to 0 … 1 (Prim). A gap in it is a gap in what a planner can choose
 *   from, whatever the number of measures.
 */
export function nextPlaces(tried: readonly Tried[], count: number, reach: number, dice: Dice): Place[] {
  const isFront = nonDominated(tried.map(({ losses }) => losses))
  const front = tried.filter((_, i) => isFront[i])
  if (front.length === 0) return []
  const axes = front[0].place.length
  const edges = shortestTree(distances(scaled(front.map(({ losses }) => losses)))).sort((a, b) => b.length - a.length)
  const between = edges.map(({ a, b }) => front[a].place.map((at, axis) => (at + front[b].place[axis]) / 2))
  const alone = front
    .map((point, i) => ({
      point,
      gap: Math.max(0, ...edges.filter(({ a, b }) => a === i || b === i).map(({ length }) => length)),
    }))
    .sort((x, y) => y.gap - x.gap)
  const shifts = haltonPlaces(2 * count, axes, dice, tried.length)
  const around = shifts.map((shift, i) =>
    alone[i % alone.length].point.place.map((at, axis) => Math.min(1, Math.max(0, at + reach * (2 * shift[axis] - 1)))),
  )
  const half = Math.ceil(count / 2)
  return [...between.slice(0, half), ...around.slice(0, count - half), ...between.slice(half), ...around.slice(count - half)]
}

type Edge = { readonly a: number; readonly b: number; readonly length: number }

function shortestTree(apart: readonly (readonly number[])[]): Edge[] {
  const edges: Edge[] = []
  const inside = [0]
  while (inside.length < apart.length) {
    let best: Edge | null = null
    for (const a of inside)
      for (let b = 0; b < apart.length; b++)
        if (!inside.includes(b) && (best === null || apart[a][b] < best.length)) best = { a, b, length: apart[a][b] }
    if (best === null) break
    edges.push(best)
    inside.push(best.b)
  }
  return edges
}

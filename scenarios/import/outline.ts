/** Turns a TopoJSON of a country's states into the light outline a network's map is drawn with. Format: github.com/topojson/topojson-specification. */

type Point = readonly [lon: number, lat: number]
export type Ring = readonly Point[]

export type Topology = {
  readonly transform: { readonly scale: Point; readonly translate: Point }
  /** Each arc: its first point on the grid, then steps from point to point. Borders of two states are one arc. */
  readonly arcs: readonly Ring[]
  readonly objects: Readonly<Record<string, { readonly geometries: readonly Geometry[] }>>
}

/** A negative index ~i is arc i walked backwards. */
type Geometry =
  | { readonly type: 'Polygon'; readonly arcs: readonly (readonly number[])[] }
  | { readonly type: 'MultiPolygon'; readonly arcs: readonly (readonly (readonly number[])[])[] }

/**
 * Rings of [lon, lat], two decimals (about 1 km).
 *
 * - `toleranceDegrees`: how far the drawn line may stray from the true one, in degrees of latitude.
 * - `smallestSquareDegrees`: islands with less area are left out.
 * - Arcs are simplified before they are put together, so that two neighbours keep the same border.
 */
export function outlineOf(topology: Topology, toleranceDegrees: number, smallestSquareDegrees: number): Ring[] {
  const arcs = topology.arcs.map((arc) => simplify(unpack(arc, topology.transform), toleranceDegrees).map(roundPoint))
  const rings = Object.values(topology.objects)
    .flatMap(({ geometries }) => geometries)
    .flatMap((geometry) => (geometry.type === 'Polygon' ? geometry.arcs : geometry.arcs.flat()))
    .map((ring) => ring.flatMap((index) => walk(arcs, index)).filter(isNew))
  return rings.filter((ring) => ring.length >= 4 && area(ring) >= smallestSquareDegrees)
}

function unpack(arc: Ring, { scale, translate }: Topology['transform']): Point[] {
  let x = 0
  let y = 0
  return arc.map(([dx, dy]) => {
    x += dx
    y += dy
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]]
  })
}

/**
 * Douglas & Peucker (1973): keeps the ends and, between two kept points, the point farthest off the straight line as long as it is
 * farther than `tolerance`. Degrees of longitude count for cos(latitude) of one of latitude.
 */
export function simplify(line: Ring, tolerance: number): Ring {
  const keep = new Set([0, line.length - 1])
  const open: [from: number, to: number][] = [[0, line.length - 1]]
  for (let piece = open.pop(); piece; piece = open.pop()) {
    const [from, to] = piece
    let farthest = tolerance
    let split = -1
    for (let i = from + 1; i < to; i++) {
      const distance = distanceToLine(line[i], line[from], line[to])
      if (distance > farthest) [farthest, split] = [distance, i]
    }
    if (split < 0) continue
    keep.add(split)
    open.push([from, split], [split, to])
  }
  return line.filter((_, i) => keep.has(i))
}

/** In degrees of latitude; of an arc that closes on itself both ends are one point, and the distance is to that point. */
function distanceToLine([lon, lat]: Point, from: Point, to: Point): number {
  const narrow = Math.cos((lat * Math.PI) / 180)
  const [px, py] = [(lon - from[0]) * narrow, lat - from[1]]
  const [dx, dy] = [(to[0] - from[0]) * narrow, to[1] - from[1]]
  const length2 = dx * dx + dy * dy
  const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length2))
  return Math.hypot(px - along * dx, py - along * dy)
}

function walk(arcs: readonly Ring[], index: number): Ring {
  return index < 0 ? arcs[~index].toReversed() : arcs[index]
}

/** Arcs share their ends, and rounding can lay neighbours on one place. */
function isNew(point: Point, i: number, all: readonly Point[]): boolean {
  return i === 0 || point[0] !== all[i - 1][0] || point[1] !== all[i - 1][1]
}

function roundPoint([lon, lat]: Point): Point {
  return [Math.round(lon * 100) / 100, Math.round(lat * 100) / 100]
}

/** Shoelace formula, square degrees. */
function area(ring: Ring): number {
  const twice = ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]
    return sum + x * nextY - nextX * y
  }, 0)
  return Math.abs(twice) / 2
}

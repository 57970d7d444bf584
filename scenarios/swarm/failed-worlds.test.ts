import { expect, test } from 'vitest'
import { listPolicies, loadPolicy } from '../../policies/catalog.ts'
import { loadSolver } from '../highs.ts'
import type { Library } from '../worker.ts'
import { FAILED_WORLDS } from './failed-worlds.ts'
import { readWorld } from './hunt.ts'
import { runWorld } from './one-world.ts'

const cards = await listPolicies()
const library: Library = Object.fromEntries(
  await Promise.all(cards.map(async ({ id, seam, name }) => [id, await loadPolicy(seam, name)])),
)

await loadSolver()

test.each(FAILED_WORLDS)('$was: no longer', ({ world, among, unwatched = false }) => {
  expect(cards.map(({ id }) => id)).toEqual(expect.arrayContaining([...among]))
  const read = readWorld(
    world,
    cards.filter(({ id }) => among.includes(id)),
  )
  expect(read.why).toBe('')
  if (read.world === null) return
  const { failure, orders } = runWorld(read.world, library, !unwatched)
  expect(failure).toBeNull()
  expect(orders).toBeGreaterThan(0)
})

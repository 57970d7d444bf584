import { expect, test } from 'vitest'
import { benchmark } from '../routing.bench.ts'
import type { League } from './league.ts'

const played = async (seeds: number): Promise<League[]> => {
  const { found } = await benchmark.run({
    quick: true,
    onProgress: () => {},
    only: ['adversary', 'live-stream'],
    seeds,
    seed: 'test',
    load: ['1.2'],
    set: ['orders=300', 'hands=3', 'articles=4'],
    bound: true,
    policies: ['cheapest', 'live-greedy'],
    brunel: null,
  })
  return found.data as League[]
}
const untimed = (leagues: readonly League[]) =>
  leagues.map(({ rows, ...rest }) => ({ ...rest, rows: rows.map(({ decisionUs: _, ...row }) => row) }))

test('a league is the same whenever it is played, and tells of every policy in every case', async () => {
  const leagues = await played(3)
  expect(untimed(await played(3))).toEqual(untimed(leagues))
  expect(leagues.map(({ instance, seeds, rows }) => [instance, seeds, rows.length])).toEqual([
    ['adversary', 3, 3],
    ['live-stream', 3, 3],
  ])
  for (const { rows } of leagues) {
    for (const row of rows) {
      expect(row.cost.mean).toBeGreaterThan(0)
      expect(row.decisionUs).toBeGreaterThan(0)
    }
  }
})

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readSupply } from './read-supply.ts'
import { runSupplyPlan } from './run-supply.ts'

const file = join(fileURLToPath(new URL('./examples/', import.meta.url)), 'three-echelons.yaml')
const spec = { ...(await readSupply(file)), days: 40, warmupDays: 5 }
const run = (workers: number, check = false) =>
  runSupplyPlan(
    { spec, seed: 'test', replications: 4, workers, check },
    { signal: new AbortController().signal, onProgress: () => {} },
  )

test('one thread and two give the same figures to the last digit, and no law is broken on the way', async () => {
  const one = await run(1, true)
  expect(await run(2)).toEqual(one)
})

test('the total is the sum of the echelons, and endless sites have no line', async () => {
  const { total, echelons } = await run(2)
  expect(Object.keys(echelons)).toEqual(['plant', 'depot', 'shop'])
  const sum = (figure: 'stock' | 'cost') => Object.values(echelons).reduce((all, one) => all + (one[figure]?.mean ?? 0), 0)
  expect(sum('stock')).toBeCloseTo(total.stock?.mean ?? 0, 6)
  expect(sum('cost')).toBeCloseTo(total.cost?.mean ?? 0, 6)
  // Only shops have customers, so only there something can be lost or not.
  expect(echelons.plant.lostShare).toBeNull()
  expect(echelons.shop.lostShare?.mean).toBe(0)
})

import { expect, test } from 'vitest'
import { intervalOf } from '../../scenarios/compare.ts'
import { dice } from '../../sim/random.ts'
import { checkSupplyLaws } from '../../sim/supply/laws.ts'
import { compileSupply } from '../../sim/supply/network.ts'
import { simulateSupply } from '../../sim/supply/outcome.ts'
import { openSupply } from '../../sim/supply/run.ts'
import { publishedNetwork } from './published-network.ts'

const LINKED = ['published', 'in-turn'] as const

test.each(LINKED)('the network of the benchmark keeps all laws, %s', (linked) => {
  const network = compileSupply(publishedNetwork(50, 20, linked))
  const { events } = simulateSupply(openSupply(network, dice('laws', 0)), checkSupplyLaws())
  expect(events).toBeGreaterThan(500)
})

/**
 * Means and their standard errors over 30 seeds of SupplyNetPy 0.5.1 (`supplynetpy.py 50 500 30`, and the same `in-turn` over 20), for machines
 * without Python; `orrery bench supply` asks SupplyNetPy itself.
 */
test.each([
  ['published', { M: [3328.6, 1.4], D: [969.7, 0.04], R: [599.0, 1.6] }, [50_913, 40], [89_497, 191]],
  ['in-turn', { M: [1653.3, 9.4], D: [1285.5, 7.1], R: [1840.6, 5.3] }, [122_009, 276], [18_373, 227]],
] as const)('stock, sales and lost sales are those of SupplyNetPy, %s', (linked, stocks, delivered, lost) => {
  const network = compileSupply(publishedNetwork(50, 500, linked))
  const runs = Array.from({ length: 100 }, (_, r) => simulateSupply(openSupply(network, dice('supply', r))).echelons)
  const expectSame = (samples: number[], [theirs, error]: readonly [number, number]): void => {
    const { mean, low } = intervalOf(samples)
    expect(Math.abs(mean - theirs)).toBeLessThan(3.5 * Math.hypot((mean - low) / 1.98, error))
  }
  for (const [echelon, theirs] of Object.entries(stocks))
    expectSame(
      runs.map((one) => one[echelon].stock),
      theirs,
    )
  expectSame(
    runs.map(({ R }) => R.delivered),
    delivered,
  )
  expectSame(
    runs.map(({ R }) => R.lost),
    lost,
  )
})

import { expect, it } from 'vitest'
import { lagrangianBound } from '../policies/market/bound.ts'
import { roundMarket } from '../policies/market/round.ts'
import { solveMarket } from '../policies/market/solve.ts'
import { brokenBy } from '../policies/market/tiny.fixture.ts'
import { loadSolver } from '../scenarios/highs.ts'
import { PEAK_DAY, peakMarket, stockMarket } from './market-shapes.ts'

const highs = await loadSolver()

for (const [name, market] of [
  ['goods that run short, 10,000 orders', stockMarket('a')],
  ['a peak day, 20,000 orders', peakMarket('a', PEAK_DAY)],
] as const)
  it(`${name}: a plan of whole orders that keeps to all limits lies within 0.5 % of the bound`, () => {
    const answer = solveMarket(market, highs)
    const plan = roundMarket(market, answer)
    expect(brokenBy(market, plan.assignments, 1e-9)).toEqual([])
    expect(plan.cents).toBeGreaterThanOrEqual(answer.lowerBoundCents)
    expect(plan.cents).toBeLessThanOrEqual(1.005 * answer.lowerBoundCents)
    expect(answer.objectiveCents).toBeLessThanOrEqual(answer.lowerBoundCents * (1 + 1e-4))
    expect(lagrangianBound(market, answer.prices)).toBeCloseTo(answer.lowerBoundCents, 0)
  })

it('a market of many groups comes to the same cents from a sample of its prices as a few of its groups do without', () => {
  const market = peakMarket('b', { ...PEAK_DAY, orders: 6000 })
  expect(market.groups.count).toBeGreaterThan(800)
  const fromSample = solveMarket(market, highs, { gap: 0 })
  // Started from itself it takes no sample.
  const fromPool = solveMarket(market, highs, {
    gap: 0,
    start: { pool: { ...fromSample.pool, rows: [], prices: noPrices(market) } },
  })
  expect(fromPool.objectiveCents / fromSample.objectiveCents).toBeCloseTo(1, 7)
  expect(fromSample.prices.work.length).toBeGreaterThan(0)
})

const noPrices = (market: ReturnType<typeof stockMarket>) => ({
  stockCents: new Float64Array(market.stock.units.length),
  roomCents: new Float64Array(market.departures.room.length),
  work: [],
})

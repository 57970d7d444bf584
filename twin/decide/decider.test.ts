import { beforeAll, describe, expect, test } from 'vitest'
import type { Keeper } from './keeper.ts'
import { openDecider, type ThreadDecider } from './open-decider.ts'
import { asking, keep, type SmallTwin, smallTwin } from './small-twin.fixture.ts'

describe('a decision on a thread', { timeout: 60_000 }, () => {
  let twin: SmallTwin
  let keeper: Keeper
  let decider: ThreadDecider

  beforeAll(async () => {
    twin = await smallTwin()
    keeper = await keep(twin)
    decider = await openDecider(keeper.setup(), 0)
  }, 60_000)

  test('an order is routed, with terms that add up to its price and a door opened earlier in the best case than in the worst', () => {
    const { choice, by, seen, degraded } = decider.decide(asking(twin.state), false, 'd-1')
    expect(choice).toMatchObject({ status: 'routed', reason: null })
    const [{ terms, priceCents, eta, departMs }] = choice.shipments
    expect(Object.values(terms).reduce((sum, cents) => sum + cents, 0)).toBeCloseTo(priceCents, 6)
    expect(departMs).toBeLessThan(eta.p10)
    expect(eta.p10).toBeLessThanOrEqual(eta.p50)
    expect(eta.p50).toBeLessThanOrEqual(eta.p90)
    expect(choice.runnerUpCents).toBeGreaterThanOrEqual(priceCents)
    expect(by).toMatchObject({ version: 'routing/live-greedy@1', arm: 'stable', propensity: 1 })
    expect(seen.asOfMs).toBe(twin.state.asOfMs)
    expect(degraded).toBeNull()
  })

  test('what is only asked leaves nothing behind; what is decided sets its goods aside until they are given back', () => {
    const before = decider.decide(asking(twin.state), false, 'd-2')
    expect(decider.decide(asking(twin.state), false, 'd-3').seen.stock).toEqual(before.seen.stock)
    const { choice } = decider.decide(asking(twin.state), true, 'd-4')
    expect(choice.shipments[0].reservation?.id).toBe('d-4/0')
    const after = decider.decide(asking(twin.state), false, 'd-5').seen.stock
    const units = (stock: readonly number[]): number => stock.reduce((sum, value, i) => (i % 3 === 2 ? sum + value : sum), 0)
    expect(units(after)).toBe(units(before.seen.stock) - 1)
    expect(decider.release('d-4')).toBe(true)
    expect(decider.release('d-4')).toBe(false)
    expect(decider.decide(asking(twin.state), false, 'd-6').seen.stock).toEqual(before.seen.stock)
    expect(keeper.outstanding).toBe(0)
  })
})

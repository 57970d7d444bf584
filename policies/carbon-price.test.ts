import { describe, expect, test } from 'vitest'
import { openSmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { type Outcome, simulate } from '../sim/outcome.ts'
import { loadPolicy } from './catalog.ts'
import { option } from './option.fixture.ts'

/** Here the fast service is the clean one, so that cheap and clean are not the same. */
const spec = smallWorld({
  services: smallWorld().services.map((service) =>
    service.express ? { ...service, co2: { gramsPerTonneKm: 10, gramsPerParcel: 50 } } : service,
  ),
})
const ran = async (policies: string): Promise<Outcome> => simulate(await openSmallRun({ spec, policies }))

test('the cheapest way is taken as before where carbon costs nothing; where it is dear, less is emitted for more money', async () => {
  const [plain, free, dear] = [
    await ran('cheapest'),
    await ran('cheapest:carbonCentsPerKg=0'),
    await ran('cheapest:carbonCentsPerKg=5000'),
  ]
  expect(free.digest).toBe(plain.digest)
  expect(dear.co2PerOrder).toBeLessThan(plain.co2PerOrder)
  // The price is weighed and not booked: what rises is freight.
  expect(dear.costPerOrder).toBeGreaterThan(plain.costPerOrder)
  expect(dear.costPerOrder - plain.costPerOrder).toBeLessThan(10)
})

describe.each(['cheapest', 'live-greedy', 'bid-price'])('%s', (name) => {
  test.each([
    ['fresh', 0],
    ['stale', 1e12],
  ])('adds exactly what the grams of a way cost, with a plan that is %s', async (_, planAgeMs) => {
    const { price, params } = await loadPolicy('routing', name)
    const emitting = (co2Grams: number) =>
      option({
        costCents: 1200,
        co2Grams,
        lateShare: 0.2,
        latePerOrderCents: 300,
        expectedLateMs: 3_600_000,
        latePerHourCents: 20,
        queueMs: 7_200_000,
        planAgeMs,
        workPriceCents: 5,
        roomPriceCents: 6,
        stockPriceCents: 7,
      })
    const at = (carbonCentsPerKg: number, grams: number): number => price(emitting(grams), { ...params, carbonCentsPerKg })
    expect(at(80, 700) - at(0, 700)).toBeCloseTo(56, 9)
    expect(at(0, 700)).toBe(at(0, 100))
    expect(params.carbonCentsPerKg).toBe(0)
  })
})

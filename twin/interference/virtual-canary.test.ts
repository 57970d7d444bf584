import { describe, expect, test } from 'vitest'
import { CALM } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { parseContestantOn } from '../../scenarios/contestant.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { adviseUnit } from './advise.ts'
import { type VirtualCanary, virtualCanary } from './virtual-canary.ts'

/** Plenty of everything but places on express trucks. */
function scarceExpress(places: number): NetworkSpec {
  const base = smallWorld()
  return {
    ...base,
    demand: { ...base.demand, ordersPerDay: 300 },
    replenishment: { ...base.replenishment, initialDaysOfStock: 20 },
    services: base.services.map((service) => ({
      ...service,
      departures: service.departures.map((one) => ({ ...one, capacity: service.express ? places : 400 })),
    })),
    warehouses: base.warehouses.map((one) => ({
      ...one,
      shifts: one.shifts.map((shift) => ({ ...shift, pickers: 12, packers: 10 })),
    })),
  }
}

const TOLLED = 'tolled-best-response:everyMinutes=1440:horizonHours=4:slotMinutes=240'

async function tried(spec: NetworkSpec, stable: string, candidate: string, worlds = 4, shares = [0.5]): Promise<VirtualCanary> {
  return virtualCanary({
    spec,
    scenario: { ...CALM, days: 3 },
    stable: await parseContestantOn(spec, stable),
    candidate: await parseContestantOn(spec, candidate),
    shares,
    blockHours: [24],
    margins: { hours: 0.5 },
    replications: worlds,
    seed: '7',
    workers: 2,
    signal: new AbortController().signal,
    onProgress: () => {},
  })
}
const hoursOf = ({ metrics }: VirtualCanary) => metrics.find(({ metric }) => metric === 'hours') ?? expect.fail('no hours')

describe('a canary that is tried in the simulator first', { timeout: 60_000 }, () => {
  test('where express is scarce, whoever asks for it seems better than he would be for all; the price of a place takes most of that off', async () => {
    const spec = scarceExpress(9)
    const canary = await tried(spec, 'cheapest', 'earliest-eta', 4, [0.5, 0.9])
    const { whole, shares, distortion } = hoursOf(canary)
    const [{ naive, bias, correctedBias, everybody, others }, more] = shares
    expect(naive.high).toBeLessThan(whole.low)
    expect(distortion).toBe('grows')
    // The more it decides for, the less it takes from others, and the nearer all are to the whole truth.
    expect(Math.abs(more.bias.mean)).toBeLessThan(Math.abs(bias.mean))
    expect(Math.abs(more.everybody.mean - whole.mean)).toBeLessThan(0.2)
    expect(Math.abs(everybody.mean)).toBeLessThan(Math.abs(naive.mean))
    expect(others.mean).toBeGreaterThanOrEqual(0)
    expect(Math.abs(correctedBias.mean)).toBeLessThan(Math.abs(bias.mean) / 2)
    expect(canary.prices.map(({ resource, metric }) => `${resource} ${metric}`)).toContain('express hours')
    expect(canary.advice).toBe('safety only')
    expect(adviseUnit(canary, { hours: 0.5 }).safetyOnly).toBe(true)
  })

  test('a policy beside itself is what it is in every run, to the bit, and orders may be compared', async () => {
    const canary = await tried(scarceExpress(9), 'cheapest', 'cheapest', 2)
    for (const { whole, shares } of canary.metrics) {
      expect(whole.mean).toBe(0)
      expect(shares[0].naive.mean).toBeCloseTo(0, 12)
    }
    expect(canary.advice).toBe('order')
    expect(adviseUnit(canary, { hours: 0.5 })).toMatchObject({ unit: 'order', safetyOnly: false, orderUpTo: 0.5 })
  })

  test('two that plan decide in one world, each by a plan of its own; what is one for all cannot be tried by halves', async () => {
    // Few hands, so that plans have something to price.
    const busy = smallWorld({ demand: { ...smallWorld().demand, ordersPerDay: 150 } })
    const { metrics } = await tried(busy, 'balance-price', TOLLED, 1)
    expect(metrics.some(({ shares }) => shares[0].naive.mean !== 0)).toBe(true)
    await expect(tried(scarceExpress(9), 'cheapest', 'cheapest+smoothed')).rejects.toThrow(/smoothed/)
  })
})

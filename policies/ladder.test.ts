import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSmallRun, SHORT_SHELVES } from '../bench/small-run.ts'
import { step } from '../sim/engine.ts'
import type { RoutingOption } from '../sim/policy.ts'
import type { Sim } from '../sim/sim.ts'
import { RUNGS } from '../sim/term.ts'
import { HOUR_MS } from '../sim/units.ts'
import { loadPolicy } from './catalog.ts'
import { believed, LADDER, RUNG, rungOf } from './market/ladder.ts'
import { option } from './option.fixture.ts'

const MINUTE = 60_000
const age = (plan: number, state: number) => ({ planAgeMs: plan * MINUTE, stateAgeMs: state * MINUTE })

describe('the ladder', () => {
  test('goes down one rung after the other as the plan and the state grow old', () => {
    const at = (plan: number, state: number) => RUNGS[rungOf(age(plan, state), LADDER)]
    expect([at(0, 0), at(120, 30), at(121, 0), at(720, 0)]).toEqual([
      'fresh prices',
      'fresh prices',
      'stale prices',
      'stale prices',
    ])
    expect([at(721, 0), at(Number.POSITIVE_INFINITY, 0), at(0, 31), at(0, 240)]).toEqual(['rules', 'rules', 'rules', 'rules'])
    expect([at(0, 241), at(0, Number.POSITIVE_INFINITY), at(0, Number.NaN)]).toEqual(['static', 'static', 'static'])
  })

  test('never goes up where something is older, and believes no more of the prices', () => {
    const minutes = fc.double({ min: 0, max: 2000, noNaN: true })
    const share = (minutes: number) => believed(minutes * MINUTE, LADDER.stalePlanMinutes, LADDER.voidPlanMinutes)
    fc.assert(
      fc.property(minutes, minutes, minutes, minutes, (plan, state, older, olderState) => {
        const [now, later] = [age(plan, state), age(plan + older, state + olderState)]
        expect(rungOf(later, LADDER)).toBeGreaterThanOrEqual(rungOf(now, LADDER))
        expect(share(plan + older)).toBeLessThanOrEqual(share(plan))
        if (rungOf(now, LADDER) === RUNG.fresh) expect(share(plan)).toBe(1)
      }),
    )
  })
})

test('prices without rules below them are believed wholly until they are stale, and then not at all', async () => {
  const { price, rung, params } = await loadPolicy('routing', 'bid-price')
  const { staleMinutes } = params
  const priced = option({ costCents: 500, workPriceCents: 300, latePerOrderCents: 0, latePerHourCents: 0, queueMs: 0 })
  for (const minutes of [0, staleMinutes, staleMinutes + 1, Number.POSITIVE_INFINITY]) {
    const fresh = minutes <= staleMinutes
    expect(believed(minutes * MINUTE, staleMinutes, staleMinutes)).toBe(fresh ? 1 : 0)
    expect(price({ ...priced, planAgeMs: minutes * MINUTE }, params)).toBe(fresh ? 800 : 500)
    expect(rung?.(age(minutes, 0), params)).toBe(fresh ? 'fresh prices' : 'stale prices')
  }
})

/** Which of some options it takes at these ages. */
async function taken(ages: object, changes: readonly Partial<RoutingOption>[]): Promise<number> {
  const { price, params } = await loadPolicy('routing', 'laddered')
  const prices = changes.map((change) => price(option({ ...ages, ...change }), params))
  return prices.indexOf(Math.min(...prices))
}

test('a price of 300 cents is heeded while fresh, half of it when half faded, and not by rules', async () => {
  const priced = { costCents: 500, workPriceCents: 300 }
  const dearer = { costCents: 700 }
  expect(await taken(age(10, 5), [priced, dearer])).toBe(1)
  expect(await taken(age(420, 5), [priced, dearer])).toBe(0)
  expect(await taken(age(420, 5), [{ ...priced, workPriceCents: 500 }, dearer])).toBe(1)
  expect(await taken(age(800, 5), [{ ...priced, workPriceCents: 5000 }, dearer])).toBe(0)
})

test('rules take the cheapest in time, and where nothing is known of queues the nearest decides', async () => {
  const near = { km: 10, costCents: 600, etaMsP90: 2e9, etaMsP50: 2e9 }
  const far = { km: 900, costCents: 900 }
  expect(await taken(age(800, 5), [near, far])).toBe(1)
  expect(await taken(age(10, 300), [near, far])).toBe(0)
})

test('in a run that plans every hour all decisions stand on fresh prices, and one that never plans again goes down', async () => {
  const rungs = async (knobs: string): Promise<number[]> => {
    const sim = await openSmallRun({ spec: SHORT_SHELVES, policies: `laddered${knobs}` })
    const counts = [0, 0, 0, 0]
    const { routing } = sim.policies
    const watched: Sim = {
      ...sim,
      policies: {
        ...sim.policies,
        routing: {
          ...routing,
          price(one, params) {
            counts[rungOf(one, params)]++
            return routing.price(one, params)
          },
        },
      },
    }
    for (let i = 0; i < 4000 && watched.world.regs[0] < 30 * HOUR_MS; i++) step(watched)
    return counts
  }
  const [fresh, ...others] = await rungs('')
  expect(fresh).toBeGreaterThan(100)
  expect(others).toEqual([0, 0, 0])
  const [first, stale, rules, lost] = await rungs(':everyMinutes=100000')
  // At night there are few.
  expect(first).toBeGreaterThan(0)
  expect(Math.min(stale, rules)).toBeGreaterThan(20)
  expect(lost).toBe(0)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../bench/small-run.ts'
import { runToEnd, step } from '../sim/engine.ts'
import { bookkeeper } from '../sim/explain/bookkeeper.ts'
import { DayBook } from '../sim/explain/day-book.ts'
import type { RoutingOption } from '../sim/policy.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import type { Sim } from '../sim/sim.ts'
import { RUNGS, type Rung } from '../sim/term.ts'
import { HOUR_MS } from '../sim/units.ts'
import { nowMs, REG } from '../sim/world.ts'
import { loadPolicy } from './catalog.ts'
import { believed, LADDER, RUNG, rungOf } from './market/ladder.ts'
import type { LinearSolver } from './market/solver.ts'
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

/** When each decision of a run was taken and the rung it stood on, from the book of its decisions. */
function stood(sim: Sim, watch: (sim: Sim) => void = () => {}): { nowMs: number; rung: Rung | null }[] {
  const book = new DayBook()
  runToEnd({ ...sim, witness: bookkeeper(book) }, watch)
  return Array.from({ length: book.decisions }, (_, i) => book.read(i))
}
const timesOn = (rung: Rung, all: ReturnType<typeof stood>): number => all.filter((one) => one.rung === rung).length
const KNOBS = 'laddered:everyMinutes=240:stalePlanMinutes=300:voidPlanMinutes=600'

test('a scenario in which no plans and then no estimates come is decided by stale prices, by rules, and at last by distances, and each says so', async () => {
  const scenario: ScenarioSpec = {
    name: 'blackout',
    about: 'No plans, then no estimates.',
    days: 3,
    blackouts: [
      { from: 'day 0 06:00', to: 'day 1 00:00', of: 'plans' },
      { from: 'day 1 06:00', to: 'day 1 16:00', of: 'estimates' },
    ],
  }
  const dark = stood(await openSmallRun({ spec: SHORT_SHELVES, scenario, policies: KNOBS }))
  for (const rung of RUNGS) expect(timesOn(rung, dark), rung).toBeGreaterThan(10)
  const light = stood(await openSmallRun({ spec: SHORT_SHELVES, scenario: { ...scenario, blackouts: [] }, policies: KNOBS }))
  expect(timesOn('fresh prices', light)).toBe(light.length)
})

test('while its solver is stuck the prices of the last plan stay and grow old, and with the first answer they are fresh again', async () => {
  const opened = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies: KNOBS })
  const { dayZeroMs } = opened.clock
  let isStuck = false
  let tried = 0
  const inner = opened.solver as LinearSolver
  const solver: LinearSolver = {
    ...inner,
    infinity: inner.infinity,
    constants: inner.constants,
    createModel() {
      const model = inner.createModel()
      if (isStuck) tried++
      const dark = isStuck
      return new Proxy(model, {
        get(target, name) {
          if (dark && name === 'getModelStatus') return () => -1
          const value = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  }
  const seen: { now: number; plannedMs: number }[] = []
  const all = stood({ ...opened, solver }, ({ world }) => {
    const now = nowMs(world)
    isStuck = now >= dayZeroMs + 24 * HOUR_MS && now < dayZeroMs + 42 * HOUR_MS
    if (isStuck) seen.push({ now, plannedMs: world.regs[REG.plannedMs] })
  })
  expect(tried).toBeGreaterThan(3)
  // While stuck nothing is written over the last plan.
  expect(new Set(seen.slice(1).map(({ plannedMs }) => plannedMs)).size).toBe(1)
  for (const rung of ['fresh prices', 'stale prices', 'rules'] as const) expect(timesOn(rung, all), rung).toBeGreaterThan(10)
  expect(timesOn('static', all)).toBe(0)
  const after = all.filter(({ nowMs }) => nowMs > dayZeroMs + 43 * HOUR_MS)
  expect(after.length).toBeGreaterThan(50)
  expect(timesOn('fresh prices', after)).toBe(after.length)
})

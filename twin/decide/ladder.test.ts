import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Policies } from '../../sim/policy.ts'
import type { Assignment } from '../rollout/assignment.ts'
import type { Keeper } from './keeper.ts'
import { policiesFor } from './load-policies.ts'
import { type LadderBounds, openDecider, type ThreadDecider } from './open-decider.ts'
import { asking, keep, type SmallTwin, STABLE, smallTwin } from './small-twin.fixture.ts'

type Routing = Policies['routing']
const CANDIDATE = 'routing/cheapest@1'
const NAMES = ['live-greedy', 'cheapest', 'bid-price']
/** Everybody is the candidate's. */
const TRIED: Assignment = {
  generation: 2,
  stable: STABLE.stable,
  rollout: {
    id: 'r-1',
    candidate: CANDIDATE,
    unit: 'order',
    salt: 's',
    share: 1,
    logsBoth: false,
    blockMs: 0,
  },
}

describe('a policy that misbehaves', { timeout: 60_000 }, () => {
  let twin: SmallTwin
  let keeper: Keeper

  beforeAll(async () => {
    twin = await smallTwin()
    keeper = await keep(twin, { names: NAMES })
  }, 60_000)
  afterAll(() => keeper.close())

  /** A decider in which one policy of the catalogue is another, and nobody has misbehaved yet. */
  async function deciding(
    name: string,
    change: (routing: Routing) => Routing,
    bounds: Partial<LadderBounds> = {},
  ): Promise<ThreadDecider> {
    for (const one of NAMES) keeper.pardon(`routing/${one}@1`)
    const setup = keeper.setup()
    return openDecider({ ...setup, bounds: { ...setup.bounds, ...bounds } }, 0, async (contestant, clock) => {
      const policies = await policiesFor(contestant, clock)
      return contestant.id === name ? { ...policies, routing: change(policies.routing) } : policies
    })
  }
  const ask = (decider: ThreadDecider, n = 1) => decider.decide(asking(twin.state, { order: `o-${n}` }), false, `d-${n}`)

  test.each<[string, (routing: Routing) => Routing, RegExp]>([
    ['throws', (it) => ({ ...it, price: () => JSON.parse('{') }), /JSON/],
    ['answers no number', (it) => ({ ...it, price: () => Number.NaN }), /answered NaN/],
    ['pays customers to order', (it) => ({ ...it, floor: () => 0, price: () => -1 }), /answered -1/],
    [
      'accounts for another price than it asks',
      (it) => ({ ...it, terms: () => [{ name: 'cost', amount: 1, weight: 1 }] }),
      /terms add up/,
    ],
    ['changes its mind', (it) => ({ ...it, price: (option) => option.costCents + performance.now() }), /it has just answered/],
  ])('a candidate that %s is served by stable, which is said, and is benched after five in a row', async (_, change, why) => {
    const decider = await deciding('cheapest', change)
    decider.assign(TRIED)
    for (let n = 1; n <= 5; n++) {
      const { by, choice, degraded } = ask(decider, n)
      expect(choice.status).toBe('routed')
      expect(by).toMatchObject({ version: STABLE.stable, arm: 'candidate', propensity: 1, rollout: 'r-1' })
      expect(by.servedInstead).toMatch(why)
      expect(by.servedInstead).toContain(`(${n} in a row)`)
      expect(degraded).toBeNull()
    }
    expect(ask(decider, 6).by.servedInstead).toContain('is benched: it misbehaved 5 times in a row')
    keeper.pardon(CANDIDATE)
    expect(ask(decider, 7).by.servedInstead).toMatch(why)
  })

  test('one that misbehaves now and then is not benched', async () => {
    let n = 0
    const decider = await deciding('cheapest', (it) => ({
      ...it,
      price: (option, params) => {
        if (n % 4 !== 0) throw new Error('not today')
        return it.price(option, params)
      },
    }))
    decider.assign(TRIED)
    for (; n < 20; n++) expect(ask(decider, n).by.version).toBe(n % 4 === 0 ? CANDIDATE : STABLE.stable)
  })

  test('where stable itself misbehaves fixed rules decide, and the decision says so', async () => {
    const decider = await deciding('live-greedy', (it) => ({ ...it, price: () => Number.NaN }))
    const { choice, by, degraded, degradedBecause } = ask(decider)
    expect(choice.status).toBe('routed')
    expect(by.version).toMatch(/^routing\/cheapest-in-time@/)
    expect(by.version).toContain(by.digest.slice(0, 12))
    expect([degraded, degradedBecause]).toEqual(['rules', expect.stringContaining('misbehaved (1 in a row)')])
  })

  test('one that takes too long is stopped when the time of the request is over, and rules answer', async () => {
    const decider = await deciding('live-greedy', (it) => ({
      ...it,
      price: (option, params) => {
        for (const until = performance.now() + 3; performance.now() < until; );
        return it.price(option, params)
      },
      floor: () => 0,
    }))
    const lines = Array.from({ length: 6 }, (_, i) => ({ lineId: String(i), sku: i, units: 1 }))
    const question = asking(twin.state, { lines, budgetMs: 10, mustBeInTime: true })
    const { degraded, degradedBecause, tookUs } = decider.decide(question, false, 'd')
    expect([degraded, degradedBecause]).toEqual(['rules', `${STABLE.stable} was not done after 10 ms`])
    expect(tookUs).toBeLessThan(200_000)
  })

  test('a world that nobody renews is told by its age, and one that is very old decides nothing but what never changes', async () => {
    const stale = await deciding('', (it) => it, { staleWorldMs: -1 })
    expect(ask(stale)).toMatchObject({ degraded: 'stale-world', by: { version: STABLE.stable } })
    const dead = await deciding('', (it) => it, { deadWorldMs: -1 })
    const { degraded, degradedBecause, by, choice } = ask(dead)
    expect([degraded, choice.status]).toEqual(['static', 'routed'])
    expect(degradedBecause).toMatch(/^the last world was made \d+ s ago$/)
    expect(by.version).toMatch(/^routing\/nearest@/)
  })

  test('a policy that plans decides by its own plan; where that is old the decision says how old', async () => {
    const planned = { generation: 3, stable: 'routing/bid-price@1', rollout: null }
    const fresh = await deciding('', (it) => it)
    fresh.assign(planned)
    expect(ask(fresh)).toMatchObject({ degraded: null, seen: { planAgeMs: 0 }, by: { version: 'routing/bid-price@1' } })
    const stale = await deciding('', (it) => it, { stalePlanMs: -1 })
    stale.assign(planned)
    expect(ask(stale)).toMatchObject({ degraded: 'stale-prices', degradedBecause: 'its plan was made 0 min ago' })
  })

  test('both sides of a shadow are asked of the same goods, and only one sets any aside', async () => {
    const decider = await deciding('cheapest', (it) => ({
      ...it,
      floor: () => 0,
      price: (option) => (option.warehouse === 0 ? 1 : 1e6),
      terms: (option) => [{ name: 'price', amount: option.warehouse === 0 ? 1 : 1e6, weight: 1 }],
    }))
    const shadow = { ...TRIED, rollout: { ...TRIED.rollout, share: 0, logsBoth: true } } as Assignment
    decider.assign(shadow)
    const { by, other, choice } = decider.decide(asking(twin.state), true, 'd-both')
    expect(by).toMatchObject({ arm: 'stable', propensity: 1, version: STABLE.stable })
    expect(other?.version).toBe(CANDIDATE)
    expect(other?.choice.shipments[0]).toMatchObject({ warehouse: twin.spec.warehouses[0].id, reservation: null })
    expect(other?.differs).toBe(choice.shipments[0].warehouse !== twin.spec.warehouses[0].id)
    expect(keeper.outstanding).toBe(1)
    expect(decider.release('d-both')).toBe(true)
  })

  test('a generation that is older than the present one is ignored', async () => {
    const decider = await deciding('', (it) => it)
    decider.assign(TRIED)
    decider.assign(STABLE)
    expect(ask(decider).by).toMatchObject({ generation: 2, arm: 'candidate', version: CANDIDATE })
  })
})

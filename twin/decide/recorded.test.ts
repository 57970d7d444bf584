import { describe, expect, test } from 'vitest'
import { CALM, openSmallRun, SHORT_SHELVES, TROUBLE } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { parseContestantOn } from '../../scenarios/contestant.ts'
import { step } from '../../sim/engine.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Policies } from '../../sim/policy.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { policiesFor } from './load-policies.ts'
import { type Comparison, holdAgainst, witnessed } from './recorded.ts'

type Change = (routing: Policies['routing']) => Policies['routing']

async function hold(
  policies: string,
  spec: NetworkSpec,
  scenario: ScenarioSpec,
  decisions: number,
  change: Change = (it) => it,
): Promise<Comparison> {
  const run = await openSmallRun({ spec, scenario, policies })
  const contestant = await parseContestantOn(spec, policies)
  const { witness, found } = await holdAgainst(run, spec, contestant, async (one, clock) => {
    const loaded = await policiesFor(one, clock)
    return { ...loaded, routing: change(loaded.routing) }
  })
  const sim = witnessed(run, witness)
  while (found.decisions < decisions && step(sim));
  return found
}

describe('the policy file answers as in the simulator, to the last bit', { timeout: 60_000 }, () => {
  test.each(['live-greedy', 'nearest', 'power-of-two', 'order-cap', 'static-duals'])('%s, on calm days', async (policies) => {
    const found = await hold(policies, smallWorld(), CALM, 150)
    expect(found).toMatchObject({ mismatches: 0, examples: [], leftOut: 0 })
    expect(found.decisions).toBeGreaterThanOrEqual(150)
  })

  test.each(['live-greedy', 'dual-mirror-descent'])(
    '%s, where shelves run short, orders wait and are split',
    async (policies) => {
      const found = await hold(policies, SHORT_SHELVES, TROUBLE, 600)
      expect(found).toMatchObject({ mismatches: 0, examples: [] })
      expect(found.unshipped).toBeGreaterThan(0)
      expect(found.split).toBeGreaterThan(0)
    },
  )

  test('bid-price, where a storm slows the hands that an order has to wait for', async () => {
    const found = await hold('bid-price', smallWorld(), TROUBLE, 200)
    expect(found).toMatchObject({ mismatches: 0, examples: [] })
  })

  test.each<[string, Change]>([
    [
      'a price is higher in its last digit',
      (it) => ({ ...it, price: (option, params) => it.price(option, params) * (1 + 2 ** -51) }),
    ],
    [
      'a term goes to another name',
      (it) => ({
        ...it,
        terms: (option, params) =>
          (it.terms?.(option, params) ?? []).map((term) => (term.name === 'lateness' ? { ...term, name: 'queue' } : term)),
      }),
    ],
    [
      'one warehouse is a cent dearer',
      (it) => ({
        ...it,
        terms: (o) => [{ name: 'price', amount: it.price(o, it.params) + (o.warehouse === 1 ? 1 : 0), weight: 1 }],
        price: (o, p) => it.price(o, p) + (o.warehouse === 1 ? 1 : 0),
      }),
    ],
  ])('it would be noticed if %s', async (_, change) => {
    const found = await hold('live-greedy', smallWorld(), CALM, 60, change)
    expect(found.mismatches).toBeGreaterThan(0)
    expect(found.examples[0]).toMatch(/^order \d+ at [\d.]+ ms: /)
  })
})

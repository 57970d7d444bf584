import { expect, test } from 'vitest'
import { openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../bench/small-run.ts'
import { step } from '../sim/engine.ts'
import type { Seams } from '../sim/policy.ts'
import { TERMS } from '../sim/term.ts'
import { listPolicies, loadPolicy } from './catalog.ts'

/** One plan a day is as good here as one every few minutes, and far quicker. */
const SELDOM: Readonly<Record<string, string>> = {
  'bid-price': ':everyMinutes=1440:staleMinutes=2000',
  laddered: ':everyMinutes=1440:stalePlanMinutes=400:voidPlanMinutes=1200',
  'tolled-best-response': ':everyMinutes=1440:staleMinutes=720',
  'dilated-rounding': ':everyMinutes=1440',
  'method-lp': ':everyMinutes=1440',
}
const names = (await listPolicies()).filter(({ seam }) => seam === 'routing').map(({ name }) => name)

test.each(names)('%s accounts for each of its prices: its terms add up to it, whatever the hour and the state', async (name) => {
  const sim = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies: `${name}${SELDOM[name] ?? ''}` })
  const { routing } = sim.policies
  const { terms } = await loadPolicy('routing', name)
  expect(terms).toBeDefined()
  let asked = 0
  let told = 0
  const watching: Seams['routing'] = {
    ...routing,
    price(option, params) {
      const price = routing.price(option, params)
      if (asked++ % 7 === 0 && price < Number.POSITIVE_INFINITY) {
        told++
        const sums = routing.terms?.(option, params) ?? []
        let sum = 0
        for (const { name, amount, weight } of sums) {
          if (!(name in TERMS && Number.isFinite(amount) && weight > 0)) throw new Error(`${name}: ${amount} × ${weight}`)
          sum += amount * weight
        }
        if (!(Math.abs(sum - price) <= Math.max(1e-6, 1e-12 * price))) throw new Error(`${JSON.stringify(sums)} is not ${price}`)
      }
      return price
    },
  }
  const watched = { ...sim, policies: { ...sim.policies, routing: watching } }
  for (let i = 0; i < 12_000 && step(watched); i++);
  expect(told).toBeGreaterThan(200)
})

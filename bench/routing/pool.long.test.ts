import { describe, expect, test } from 'vitest'
import { digestOf } from '../../sim/digest.ts'
import { cutOffOf, departureFor } from '../../sim/journey.ts'
import { checkBooks, checkLaws } from '../../sim/laws.ts'
import { simulate } from '../../sim/outcome.ts'
import type { Sim } from '../../sim/sim.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { openSmallRun } from '../small-run.ts'
import { peakDay } from './peak-day.ts'

/** Orders that wait in the pool of bid-price, on a small peak day with its storm and its breakdown. */

const POOL = 'bid-price:poolMinutes=20:everyMinutes=180'

async function open(policies: string): Promise<Sim> {
  const { spec, scenario, orders, promise } = peakDay.make(
    { orders: 900, hands: 8, load: 1.3, zones: 10, nodes: 4, noise: 0 },
    'pool',
  )
  const sim = await openSmallRun({ spec, scenario, replay: orders, policies: `${policies}+next-day` })
  const { promise: policy } = sim.policies
  return { ...sim, policies: { ...sim.policies, promise: { ...policy, params: { ...policy.params, ...promise?.params } } } }
}

test('a later truck is one of the next four, no dearer than the first of them, and to look for it leaves the option as it was', async () => {
  const sim = await open(POOL)
  const { network, clock } = sim
  const { routing } = sim.policies
  let asked = 0
  let further = 0
  const price: typeof routing.price = (one, params) => {
    if (asked++ % 40 === 0 && Number.isFinite(one.departMs)) {
      const before = [one.departMs, one.lateShare, one.expectedLateMs, one.truckSlackMs, one.slackMs]
      const { lateCents, workCents, roomCents, slackMs } = { ...one.later() }
      expect([one.departMs, one.lateShare, one.expectedLateMs, one.truckSlackMs, one.slackMs]).toEqual(before)
      const cuts: number[] = []
      for (let leaves = one.departMs; cuts.length < 4; ) {
        leaves = departureFor(
          network,
          one.service,
          cutOffOf(network, one.service, leaves, clock.weekStartMs) + 1,
          0,
          clock.weekStartMs,
        )
        cuts.push(cutOffOf(network, one.service, leaves, clock.weekStartMs))
      }
      if (Number.isFinite(lateCents)) {
        expect(cuts.map((cut) => cut - one.nowMs)).toContain(slackMs)
        expect(Math.min(workCents, roomCents)).toBeGreaterThanOrEqual(0)
        if (slackMs !== cuts[0] - one.nowMs) further++
        else {
          const missed = one.missedLateShare * one.latePerOrderCents + (one.missedExpectedLateMs / HOUR_MS) * one.latePerHourCents
          expect(lateCents).toBeCloseTo(missed, 6)
        }
      }
    }
    return routing.price(one, params)
  }
  simulate({ ...sim, policies: { ...sim.policies, routing: { ...routing, price } } })
  expect(asked).toBeGreaterThan(5000)
  expect(further).toBeGreaterThan(10)
})

describe('with a pool', () => {
  test('every law holds after every event, everybody is shipped in the end, and the same seed is the same bytes', async () => {
    const once = async (isChecked: boolean): Promise<string> => {
      const sim = await open(POOL)
      const { sums } = simulate(sim, isChecked ? checkLaws(97) : undefined)
      checkBooks(sim)
      expect(sums.delivered).toBe(900)
      return digestOf(sim.world)
    }
    expect(await once(true)).toBe(await once(false))
  })

  test('more orders are in time than without on a day on which hands run short', async () => {
    const onTime = async (policies: string): Promise<number> => simulate(await open(policies)).sums.onTime
    expect(await onTime(POOL)).toBeGreaterThan(await onTime(POOL.replace('poolMinutes=20', 'poolMinutes=0')))
  })
})

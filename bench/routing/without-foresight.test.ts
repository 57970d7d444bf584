import { expect, test } from 'vitest'
import { solveMarket } from '../../policies/market/solve.ts'
import { libraryOf, parseContestant } from '../../scenarios/contestant.ts'
import { loadSolver } from '../../scenarios/highs.ts'
import { dayOf } from '../../scenarios/hindsight/day.ts'
import type { Observed } from '../../scenarios/hindsight/observe.ts'
import { realisedMarket } from '../../scenarios/hindsight/realised-market.ts'
import { withoutForesight } from '../../scenarios/hindsight/without-foresight.ts'
import { compileNetwork } from '../../sim/network.ts'
import { HOUR_MS } from '../../sim/units.ts'
import type { InstanceDay } from './instance.ts'
import { multiItem } from './multi-item.ts'
import { peakDay } from './peak-day.ts'
import { play, setupOf } from './play.ts'

/** What may be said of the reference beside the bound: it can be done, and it knows nothing before its time. */

const SMALL = { orders: 400, hands: 3, nodes: 3, zones: 4, load: 1.2 }
const SHOCKS_FROM_HOUR = 13
const nearest = await parseContestant('nearest')
const library = { ...(await libraryOf([nearest])), ...(await libraryOf([await parseContestant('next-day')])) }
const solver = await loadSolver()

function planned(day: InstanceDay) {
  const ready = { ...day, network: compileNetwork(day.spec), seed: 'a', timed: false }
  const runs: Observed[] = []
  const score = play(ready, nearest, library, (run) => runs.push(run))
  const seen = dayOf(runs)
  const found = withoutForesight(seen, setupOf(ready, nearest, library), solver)
  return { score, seen, found, startMs: runs[0].sim.clock.dayZeroMs }
}
const known = (day: InstanceDay) => {
  const { found, ...rest } = planned(day)
  if (found === null) throw new Error('a peak day is one that can be planned so')
  return { ...rest, found }
}

const shocked = known(peakDay.make(SMALL, 'a'))

test('it costs no less than the bound, less than who takes the nearest, and ships every order', () => {
  const { score, seen, found } = shocked
  const { lowerBoundCents } = solveMarket(realisedMarket(seen), solver)
  expect(found.cents).toBeGreaterThanOrEqual(lowerBoundCents)
  expect(found.cents).toBeLessThan(score.shippingCents + score.lateCents)
  expect(found.plans).toBeGreaterThan(20)
  seen.paidMs.forEach((paidMs, i) => {
    expect(found.packedMs[i]).toBeGreaterThan(paidMs)
  })
})

test('its hands do no more than there are: at no node more parcels by any hour than could be picked by then', () => {
  const { seen, found } = shocked
  const { work } = realisedMarket(seen)
  const T = work.slotMs.length - 1
  let busy = 0
  for (let w = 0; w < seen.network.W; w++) {
    let handsMs = 0
    for (let t = 0; t < T - 1; t++) {
      handsMs += work.capacityMs[2 * w * T + t]
      const picked = Array.from(found.packedMs).filter(
        (ms, i) => Math.floor(found.lane[i] / seen.network.S) === w && ms <= work.slotMs[t + 1],
      ).length
      expect(picked * work.parcelMs[2 * w]).toBeLessThanOrEqual(handsMs * (1 + 1e-9))
      busy = Math.max(busy, (picked * work.parcelMs[2 * w]) / handsMs)
    }
  }
  expect(busy).toBeGreaterThan(0.5)
})

test('no storm, breakdown or order that is still to come changes what it has done by then, and afterwards they do', () => {
  const calm = peakDay.make({ ...SMALL, breakdown: 1, stormSeverity: 0 }, 'a')
  const fromMs = SHOCKS_FROM_HOUR * HOUR_MS
  const zone = calm.orders.zone.map((z, i) => (calm.orders.placedMs[i] >= fromMs ? (z + 1) % SMALL.zones : z))
  const other = known({ ...calm, orders: { ...calm.orders, zone } })
  const doneOf = ({ found, startMs }: typeof other, isBefore: boolean): string[] =>
    Array.from(found.packedMs, (ms, i) => ({ hours: (ms - startMs) / HOUR_MS, what: `${i} ${ms} ${found.lane[i]}` }))
      .filter(({ hours }) => hours < SHOCKS_FROM_HOUR === isBefore)
      .map(({ what }) => what)
  expect(doneOf(shocked, true).length).toBeGreaterThan(100)
  expect(doneOf(other, true)).toEqual(doneOf(shocked, true))
  expect(doneOf(other, false)).not.toEqual(doneOf(shocked, false))
})

test('of days on which goods run short or orders have several lines it says nothing', () => {
  expect(planned(multiItem.make({ periods: 60 }, 'a')).found).toBeNull()
})

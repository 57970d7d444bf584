import { expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import { normalQuantile } from '../../sim/normal.ts'
import { dice, draw } from '../../sim/random.ts'
import { measureNames, measuresOfView } from '../futures/measures.ts'
import { openStory, USUAL, usualDays } from '../order/story.fixture.ts'
import { calibrate, pacesOf } from './calibration.ts'
import type { Deviation } from './censored-shift.ts'
import { coarseOf } from './told-stages.ts'

const luck = dice('calibration', 0)
const spec = smallWorld()
const AS_OF = Date.UTC(2026, 10, 20)

/** Journeys of eight weeks, sixty in each, 30 % slower than stated in the middle and each week by its own factor more. */
function timesOf(weekly: readonly number[]) {
  const road: Deviation[] = weekly.flatMap((own, week) =>
    Array.from({ length: 60 }, (_, i) => {
      const ln = Math.log(1.3) + own + 0.4 * normalQuantile(draw(luck, week * 60 + i, 1, 0))
      return { ln, sigma: 0.4, ended: true, week }
    }),
  )
  const none = new Map<string, readonly Deviation[]>()
  const byStage = { prepare: none, pick: none, pack: none, road: new Map([[spec.services[0].id, road]]) }
  return { byStage, placed: 1000, expected: 1000, days: 56 }
}

test('weeks that differ beyond chance are told from weeks that differ by chance, and their mean from their spread', () => {
  const drifting = calibrate(timesOf([0.3, -0.3, 0.3, -0.3, 0.3, -0.3, 0.3, -0.3]), 0.1, AS_OF)
  expect(drifting.changes).toMatchObject([{ stage: 'road', of: spec.services[0].id }])
  expect(Math.abs(Math.log(drifting.changes[0].factor / 1.3))).toBeLessThan(0.06)
  expect(drifting.drift?.road).toBeGreaterThan(0.25)
  expect(drifting.drift?.road).toBeLessThan(0.38)
  expect(drifting.drift?.prepare).toBe(0)
  const steady = calibrate(timesOf([0, 0, 0, 0, 0, 0, 0, 0]), 0.1, AS_OF)
  expect(steady.drift?.road ?? 0).toBeLessThan(0.05)
})

test('futures of a network whose weeks differ are parted over five paces: as many quicker as slower, roads and houses not in step', () => {
  const paces = pacesOf(spec, { road: 0.3, prepare: 0.2 })
  const roads = paces.map((one) => one.services[0].transit.intercept - spec.services[0].transit.intercept)
  expect(roads).toHaveLength(5)
  expect(roads[2]).toBeCloseTo(0, 9)
  expect(roads[0] + roads[4]).toBeCloseTo(0, 9)
  expect(roads[4]).toBeCloseTo(0.3 * normalQuantile(0.9), 9)
  const houses = paces.map(({ warehouses }) => warehouses[0].prepareHours)
  expect(new Set(houses.map((law) => JSON.stringify(law))).size).toBe(5)
  const slowest = (values: readonly number[]): number => values.indexOf(Math.max(...values))
  expect(slowest(houses.map((law) => ('median' in law ? law.median : 0)))).not.toBe(slowest(roads))
})

test('what nobody tells of is compared with the stage before it: nothing is lost, and no floor is judged that nobody sees', () => {
  const told = new Set(['orders.placed', 'payments.captured', 'orders.routed', 'departures.handed-over', 'scans.delivered'])
  const silent = openStory()
  for (let i = 0; i < 40; i++)
    silent.tell(
      `o-${i}`,
      i * 10,
      USUAL.filter(([kind]) => told.has(kind)),
    )
  const coarse = coarseOf(spec, silent.state)
  expect(coarse.untold).toEqual(['pick queue', 'picking', 'pack queue', 'packing', 'dock', 'hub', 'station', 'van'])
  const sites = spec.warehouses.map(({ id }) => `${id}: to ship`)
  expect(coarse.names).toEqual(['late', 'payment', 'waiting', 'preparing', 'road', ...sites])
  const numbers = measureNames(spec)
    .slice(0, measuresOfView(spec))
    .map((_, i) => i + 1)
  // preparing … dock are the 4th to 9th number, road … van the 10th to 13th.
  expect([...coarse.of(numbers)].slice(0, 5)).toEqual([1, 2, 3, 4 + 5 + 6 + 7 + 8 + 9, 10 + 11 + 12 + 13])

  const whole = openStory()
  usualDays(whole, 40)
  expect(coarseOf(spec, whole.state).untold).toEqual([])
  expect(coarseOf(spec, whole.state).names).toHaveLength(measuresOfView(spec))
})

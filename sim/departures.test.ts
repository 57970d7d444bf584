import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { step } from './engine.ts'
import { departureFor } from './journey.ts'
import { KIND } from './kinds.ts'
import { checkLaws } from './laws.ts'
import type { DepartureSpec, NetworkSpec } from './network-spec.ts'
import { simulate } from './outcome.ts'
import { DAY_MS, HOUR_MS } from './units.ts'
import { COUNT, eventMs, kindOf, nowMs, STATE, scheduledAs, stateOf } from './world.ts'

const truck = (day: DepartureSpec['days'][number], at: string, capacity: DepartureSpec['capacity'] = 'auto'): DepartureSpec => ({
  days: [day],
  at,
  cutOffMinutes: 30,
  capacity,
})

function withDepartures(departures: readonly DepartureSpec[]): NetworkSpec {
  const spec = smallWorld()
  return smallWorld({ services: [{ ...spec.services[0], departures }], warehouses: [spec.warehouses[0]] })
}

/** Instants at which trucks left, in hours of the run, and how many parcels went at each. */
async function departuresOf(spec: NetworkSpec, days: number): Promise<{ hour: number; parcels: number }[]> {
  const sim = await openSmallRun({ spec, scenario: { name: 'calm', about: 'Nothing happens.', days } })
  const { world } = sim
  let actor = 0
  while (kindOf(world, actor) !== KIND.departure) actor++
  const left: { hour: number; parcels: number }[] = []
  let due = eventMs(world, actor)
  let before = 0
  for (let i = 0; i < 300_000 && nowMs(world) < days * DAY_MS; i++) {
    before = world.counts[COUNT.sequence]
    if (!step(sim)) break
    if (eventMs(world, actor) === due) continue
    let parcels = 0
    for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++)
      if (stateOf(world, p) === STATE.handedOver && scheduledAs(world, p) >= before) parcels++
    left.push({ hour: due / HOUR_MS, parcels })
    due = eventMs(world, actor)
  }
  expect(nowMs(world)).toBeGreaterThanOrEqual(days * DAY_MS)
  return left
}

test('two trucks of one service at the same hour both leave, and the week goes on', async () => {
  const one = await departuresOf(withDepartures([truck('tue', '18:00', 20)]), 12)
  const two = await departuresOf(withDepartures([truck('tue', '18:00', 20), truck('tue', '18:00', 15)]), 12)
  // The run begins three days before a Monday: Tuesdays are days 4 and 11.
  expect(one.map(({ hour }) => hour)).toEqual([4 * 24 + 18, 11 * 24 + 18])
  expect(two.map(({ hour }) => hour)).toEqual([4 * 24 + 18, 11 * 24 + 18])
  expect(one.map(({ parcels }) => parcels)).toEqual([20, 20])
  expect(two.map(({ parcels }) => parcels)).toEqual([35, 35])
})

test('a truck of Sunday 24:00 leaves at every midnight between Sunday and Monday', async () => {
  const alone = await departuresOf(withDepartures([truck('sun', '24:00')]), 18)
  expect(alone.map(({ hour }) => hour)).toEqual([3 * 24, 10 * 24, 17 * 24])
  const beside = await departuresOf(withDepartures([truck('sun', '24:00'), truck('wed', '12:00')]), 18)
  expect(beside.map(({ hour }) => hour)).toEqual([3 * 24, 5 * 24 + 12, 10 * 24, 12 * 24 + 12, 17 * 24])
})

test('nothing is sent by a service whose trucks take no parcels, though it would be the cheapest', async () => {
  const spec = smallWorld()
  const [standard, express] = spec.services
  const empty = { ...standard, departures: [truck('mon', '18:00', 0), truck('thu', '18:00', 0.5)] }
  const sim = await openSmallRun({ spec: smallWorld({ services: [empty, express] }), policies: 'cheapest' })
  const { sums } = simulate(sim, checkLaws())
  expect(sums.open).toBe(0)
  expect(sums.delivered).toBeGreaterThan(100)
})

test('a truck that takes no parcels leaves the others of its service as they were', async () => {
  const trucks = [truck('tue', '18:00'), truck('fri', '18:00')]
  const plain = await departuresOf(withDepartures(trucks), 12)
  expect(await departuresOf(withDepartures([...trucks, truck('wed', '18:00', 0)]), 12)).toEqual(plain)
})

test('an order behind a long queue goes by the truck it would go by had nobody asked before, whatever was asked before', async () => {
  const departures = [
    truck('mon', '18:00'),
    truck('mon', '18:00', 9),
    { ...truck('thu', '07:00'), cutOffMinutes: 0 },
    truck('sat', '24:00'),
  ]
  const sim = await openSmallRun({ spec: withDepartures(departures) })
  const { world, network, option, pen } = sim
  for (let i = 0; i < 200; i++) step(sim)
  const now = nowMs(world)
  const weekStartMs = sim.clock.weekStartMs
  option.aim(0, -1)
  option.load(1, 1)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 * DAY_MS }), { minLength: 1, maxLength: 40 }), (queues) => {
      for (const queueMs of queues) {
        pen.readyMs[0] = now + queueMs
        option.standAt(0, 0, 0)
        option.lookAhead()
        expect(option.departMs).toBe(departureFor(network, 0, now + option.queueMs, 0, weekStartMs))
      }
    }),
  )
})

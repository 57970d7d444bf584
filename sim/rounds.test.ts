import { expect, test } from 'vitest'
import { openSmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { lastVansBefore, nextVans, roundOf } from './journey.ts'
import { checkBooks, checkLaws } from './laws.ts'
import { compileNetwork, LANE } from './network.ts'
import type { NetworkSpec } from './network-spec.ts'
import { simulate } from './outcome.ts'
import { DAY_MS, HOUR_MS } from './units.ts'
import { listOf, nowMs } from './world.ts'

const vansAt = (at: string, rounds: readonly string[], days: NetworkSpec['delivery']['days']): NetworkSpec =>
  smallWorld({ delivery: { days, at, rounds, hours: 2, failedShare: 0 } })

/** Every round of three weeks from a Monday 00:00, by going through the calendar. */
const calendarOf = (hours: readonly number[], weekdays: readonly number[]): number[] =>
  Array.from({ length: 21 }, (_, day) => day)
    .filter((day) => weekdays.includes(day % 7))
    .flatMap((day) => hours.map((hour) => day * DAY_MS + hour * HOUR_MS))

test.each<[string, string[], number[]]>([
  ['08:00', [], [8]],
  ['08:00', ['20:00', '14:00'], [8, 14, 20]],
  ['06:00', ['24:00'], [0, 6]],
])('vans at %s and %j leave when the calendar says, Mondays, Tuesdays and Fridays', (at, rounds, hours) => {
  const network = compileNetwork(vansAt(at, rounds, ['mon', 'tue', 'fri']))
  const all = calendarOf(hours, [0, 1, 4])
  for (let time = 7 * DAY_MS; time < 14 * DAY_MS; time += HOUR_MS / 2) {
    expect(nextVans(network, time, 0)).toBe(all.find((vans) => vans >= time))
    // A round is half done an hour after it began.
    expect(lastVansBefore(network, time, 0)).toBe(all.findLast((vans) => vans + HOUR_MS <= time))
  }
})

test('rounds are counted one after the other, through days without vans', () => {
  const network = compileNetwork(vansAt('08:00', ['14:00', '20:00'], ['mon']))
  const counted = [8, 14, 20, 32, 38, 44].map((hour) => roundOf(network, hour * HOUR_MS, 0))
  expect(counted).toEqual([0, 1, 2, 3, 4, 5])
})

test('vans that go out three times a day bring parcels sooner', async () => {
  const days: NetworkSpec['delivery']['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat']
  const outcomes = []
  for (const rounds of [[], ['12:00', '16:00']]) {
    const sim = await openSmallRun({ spec: vansAt('08:00', rounds, days), policies: 'live-greedy' })
    outcomes.push(simulate(sim, checkLaws()))
    checkBooks(sim)
  }
  expect(outcomes[1].leadDaysP50).toBeLessThan(outcomes[0].leadDaysP50)
})

test.each([[[]], [['12:00', '16:00']]])(
  'vans of a zone that deliver five parcels a day deliver five, with further rounds at %j too',
  async (rounds) => {
    const spec = vansAt('08:00', rounds, ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'])
    const zones = spec.zones.map((zone) => ({ ...zone, deliveriesPerDay: 5 }))
    const weather = { ...spec.weather, cellsPerDay: 0 }
    const sim = await openSmallRun({ spec: { ...spec, zones, weather } })
    const { world } = sim
    const waiting = new Int32Array(zones.length)
    const taken = new Map<string, number>()
    simulate(sim, () => {
      zones.forEach((_, z) => {
        const now = world.listLength[listOf.station(world.d, z)]
        const day = `${z} on ${Math.floor(nowMs(world) / DAY_MS)}`
        if (now < waiting[z]) taken.set(day, (taken.get(day) ?? 0) + waiting[z] - now)
        waiting[z] = now
      })
    })
    expect(Math.max(...taken.values())).toBe(5)
  },
)

test('what a policy is told of an arrival is the round the parcel goes with', async () => {
  const spec = vansAt('08:00', ['12:00', '16:00'], ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
  const sim = await openSmallRun({ spec })
  const eta: number[] = []
  const routing = {
    ...sim.policies.routing,
    price: (option: { readonly etaMsP50: number; readonly costCents: number }) => {
      eta.push(option.etaMsP50)
      return option.costCents
    },
  }
  simulate({ ...sim, policies: { ...sim.policies, routing } })
  const hours = new Set(eta.map((ms) => (((ms - sim.clock.weekStartMs) % DAY_MS) - HOUR_MS) / HOUR_MS))
  expect([...hours].sort((a, b) => a - b)).toEqual([8, 12, 16])
})

test('stock that was counted shelf by shelf is what lies there on the first morning, and nothing else does', async () => {
  const openingStock = [
    { warehouse: 'WM', sku: 'sku-3', units: 17 },
    { warehouse: 'WN', sku: 'sku-0', units: 250 },
  ]
  const { world, network } = await openSmallRun({ spec: smallWorld({ openingStock }) })
  const found = Array.from(world.onHand, (units, i) => ({ warehouse: i % network.W, sku: Math.floor(i / network.W), units }))
  expect(found.filter(({ units }) => units > 0)).toEqual([
    { warehouse: 0, sku: 0, units: 250 },
    { warehouse: 1, sku: 3, units: 17 },
  ])
})

test('a steady service takes its fixed hours and so many for each km', () => {
  const spec = smallWorld()
  const [service] = spec.services
  const steady = { fixed: 5, perKm: 1 / 80 }
  const network = compileNetwork({ ...spec, services: [{ ...service, transit: { ...service.transit, steady } }] })
  for (let i = 0; i < network.km.length; i++)
    expect(network.lanes[i * LANE.fields + LANE.medianMs] / HOUR_MS).toBeCloseTo(5 + network.km[i] / 80, 9)
})

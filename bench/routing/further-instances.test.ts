import { expect, test } from 'vitest'
import { distanceKm } from '../../sim/geo.ts'
import { simulate } from '../../sim/outcome.ts'
import type { Sim } from '../../sim/sim.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { SUM } from '../../sim/world.ts'
import { openSmallRun } from '../small-run.ts'
import { adversary } from './adversary.ts'
import type { InstanceDay } from './instance.ts'
import { INSTANCES } from './instances.ts'
import { demandSurge, liveStream, peakDay } from './peak-day.ts'
import { twoLayers } from './two-layers.ts'

async function run({ spec, scenario, orders }: InstanceDay, policies: string): Promise<Sim> {
  const sim = await openSmallRun({ spec, scenario, policies, replay: orders })
  simulate(sim)
  return sim
}

test.each(INSTANCES.map((instance) => [instance.id, instance] as const))(
  '%s: the same seed is the same day, every order in it belongs to the measured day, and what is played sets only knobs there are',
  (_, { make, cases, knobs }) => {
    const few = Object.fromEntries(['orders', 'periods', 'articles'].filter((knob) => knob in knobs).map((knob) => [knob, 20]))
    const day = make(few, 'a')
    expect(JSON.stringify(make(few, 'a'))).toBe(JSON.stringify(day))
    const { placedMs, count } = day.orders
    expect(count).toBeGreaterThan(0)
    for (let i = 0; i < count; i++) {
      expect(placedMs[i]).toBeGreaterThanOrEqual(i === 0 ? 0 : placedMs[i - 1])
      expect(placedMs[i]).toBeLessThan((day.scenario.days ?? 0) * DAY_MS)
    }
    for (const one of [...cases.full, ...cases.quick]) for (const knob of Object.keys(one)) expect(knobs).toHaveProperty(knob)
  },
)

test('adversary: who takes the cheapest leaves the whole second wave unserved, and nobody else', async () => {
  const day = adversary.make({ articles: 5, units: 20 }, 'a')
  const west = day.orders.zone.filter((zone) => zone === 0).length
  expect(west).toBeGreaterThan(20)
  const { world, network } = await run(day, 'cheapest')
  let unserved = 0
  for (let k = 0; k < network.K; k++) unserved += network.initialStock[k * 3 + 2] - world.onHand[k * 3 + 2]
  expect(unserved).toBe(west)
})

test('two layers: a front ships to its own city alone, and the regional centre, which has everything, ships at a higher price', async () => {
  const day = twoLayers.make({ orders: 300, cover: 0.5 }, 'a')
  const { world, network } = await run(day, 'cheapest')
  let regional = 0
  let fronts = 0
  for (let w = 0; w < network.W; w++) {
    for (let z = 0; z < network.Z; z++) {
      const parcels = world.flow[w * network.Z + z]
      if (w === 0) regional += parcels
      else if (w === z + 1) fronts += parcels
      else expect(parcels).toBe(0)
    }
  }
  expect(regional).toBeGreaterThan(50)
  expect(fronts).toBeGreaterThan(50)
  expect(world.sums[SUM.split]).toBeGreaterThan(0)
})

test('two layers: with fronts that run out of nothing, the cheapest is no dearer than any other', async () => {
  const day = twoLayers.make({ orders: 300, cover: 100 }, 'a')
  const cheapest = (await run(day, 'cheapest')).world.sums[SUM.costCents]
  for (const other of ['nearest', 'power-of-two', 'shortest-queue'])
    expect(cheapest).toBeLessThanOrEqual((await run(day, other)).world.sums[SUM.costCents])
})

test('live stream: so many of the orders as said come within ten minutes, for the last article', () => {
  const { orders } = liveStream.make({ orders: 5000 }, 'a')
  let streamed = 0
  orders.placedMs.forEach((at, i) => {
    if (at >= 20 * HOUR_MS && at < 20 * HOUR_MS + 10 * MINUTE_MS && orders.sku[i] === 2) streamed++
  })
  // Some come in those minutes anyhow.
  expect(streamed / 5000).toBeGreaterThan(0.6 - 4 * Math.sqrt(0.24 / 5000))
  expect(streamed / 5000).toBeLessThan(0.62 + 4 * Math.sqrt(0.24 / 5000))
})

test('demand surge: the network is sized for what it expects, and is told nothing of what comes', () => {
  const expected = demandSurge.make({ orders: 2000, surge: 1 }, 'a')
  const more = demandSurge.make({ orders: 2000, surge: 1.3 }, 'a')
  expect(more.spec).toEqual(expected.spec)
  expect(more.orders.count).toBe(2600)
})

test('peak day: demand lies about the first and the third node, more of it than they can pick', () => {
  let nearest = 0
  const seeds = 20
  for (let i = 0; i < seeds; i++) {
    const { spec } = peakDay.make({ orders: 100 }, `${i}`)
    for (const { lat, lon, share } of spec.zones) {
      const km = spec.warehouses.map((one) => distanceKm(lat, lon, one.lat, one.lon))
      const first = km.indexOf(Math.min(...km))
      if (first === 0 || first === 2) nearest += share / seeds
    }
  }
  // Together they have 0.4 of the hands.
  expect(nearest).toBeGreaterThan(0.5)
  expect(nearest).toBeLessThan(0.75)
})

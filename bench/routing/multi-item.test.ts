import { expect, test } from 'vitest'
import { distanceKm } from '../../sim/geo.ts'
import { compileNetwork, LANE } from '../../sim/network.ts'
import { simulate } from '../../sim/outcome.ts'
import { SUM } from '../../sim/world.ts'
import { openSmallRun } from '../small-run.ts'
import type { InstanceDay } from './instance.ts'
import { multiItem, startingUnits } from './multi-item.ts'

const KM_PER_MILE = 1.609344

async function costOf(day: InstanceDay, policies: string): Promise<number> {
  const { spec, scenario, orders } = day
  const sim = await openSmallRun({ spec, scenario, policies, replay: orders })
  simulate(sim)
  return sim.world.sums[SUM.costCents] / 100
}

/** The same day booked by hand: for each order the cheapest set of at most three centres that has its items, by trying every set. */
function bookedByHand({ spec, orders }: InstanceDay): number {
  const centres = spec.warehouses.slice(0, -1)
  const count = centres.length + 1
  const left = new Map(spec.openingStock?.map(({ warehouse, sku, units }) => [`${warehouse} ${sku}`, units]))
  const shelf = (place: number, sku: number): string => `${spec.warehouses[place].id} ${spec.skus[sku].id}`
  let total = 0
  for (let i = 0; i < orders.count; i++) {
    const items = orders.sku.slice(orders.lineStart[i], orders.lineStart[i + 1])
    const { lat, lon } = spec.zones[orders.zone[i]]
    const miles = centres.map((centre) => distanceKm(lat, lon, centre.lat, centre.lon) / KM_PER_MILE)
    const perItem = [...miles.map((one) => 0.423 + 0.000541 * one), 2 * (0.423 + 0.000541 * Math.max(...miles))]
    let least = Number.POSITIVE_INFINITY
    let chosen: number[] = []
    for (let set = 1; set < 1 << count; set++) {
      const places = Array.from({ length: count }, (_, place) => place).filter((place) => (set >> place) & 1)
      if (places.length > 3) continue
      const from = Array.from(items, (sku) => {
        const having = places.filter((place) => (left.get(shelf(place, sku)) ?? 0) > 0)
        return having.sort((a, b) => perItem[a] - perItem[b])[0] ?? -1
      })
      if (from.includes(-1)) continue
      const fixed = places.reduce((sum, place) => sum + (place === count - 1 ? 2 : 1) * 8.759, 0)
      const cost = fixed + from.reduce((sum, place) => sum + perItem[place], 0)
      if (cost >= least) continue
      least = cost
      chosen = from
    }
    total += least
    items.forEach((sku, line) => {
      const at = shelf(chosen[line], sku)
      left.set(at, (left.get(at) ?? 0) - 1)
    })
  }
  return total
}

test('a shelf starts with its mean demand and half a standard deviation of it', () => {
  expect(startingUnits(10_000, 0.1, 0.5)).toBe(1015)
  expect(startingUnits(10_000, 0, 0.5)).toBe(0)
  expect(startingUnits(100, 0.5, 0)).toBe(50)
})

test('the same seed and knobs are the same day to the byte, and another seed is another', () => {
  const day = JSON.stringify(multiItem.make({ periods: 300 }, 'a'))
  expect(JSON.stringify(multiItem.make({ periods: 300 }, 'a'))).toBe(day)
  expect(JSON.stringify(multiItem.make({ periods: 300 }, 'b'))).not.toBe(day)
})

test('as many orders come as their kinds say, to metros by their people', () => {
  const { spec, orders } = multiItem.make({ periods: 20_000 }, 'a')
  const expected = spec.demand.ordersPerDay
  expect(Math.abs(orders.count - expected)).toBeLessThan(4 * Math.sqrt(expected * (1 - expected / 20_000)))
  const people = spec.zones.reduce((sum, { share }) => sum + share, 0)
  spec.zones.forEach(({ share }, z) => {
    const part = orders.zone.filter((zone) => zone === z).length / orders.count
    expect(Math.abs(part - share / people)).toBeLessThan(4 * Math.sqrt(0.25 / orders.count))
  })
})

test('stock covers what is asked for: with no safety stock all centres together hold the mean demand of the items they carry', () => {
  const periods = 20_000
  const { spec, orders, unfilled } = multiItem.make({ periods, safety: 0, carried: 1 }, 'a')
  spec.skus.forEach(({ id }, k) => {
    const units = spec.openingStock?.reduce(
      (sum, { warehouse, sku, units }) => sum + (sku === id && warehouse !== spec.warehouses[unfilled].id ? units : 0),
      0,
    )
    const asked = orders.sku.filter((sku) => sku === k).length
    expect(Math.abs((units ?? 0) - asked)).toBeLessThan(4 * Math.sqrt(periods * 0.25))
  })
})

test('an item nobody ships costs twice what it would from the farthest centre, wherever the customer is', () => {
  const { spec, unfilled } = multiItem.make({}, 'a')
  const network = compileNetwork(spec)
  spec.zones.forEach(({ lat, lon }, z) => {
    const miles = spec.warehouses.slice(0, unfilled).map((centre) => distanceKm(lat, lon, centre.lat, centre.lon) / KM_PER_MILE)
    const lanes = Array.from({ length: network.S }, (_, s) => ((z * network.W + unfilled) * network.S + s) * LANE.fields)
    const open = lanes.filter((lane) => network.lanes[lane + LANE.medianMs] > 0)
    expect(open).toHaveLength(1)
    expect(network.lanes[open[0] + LANE.parcelCents]).toBeCloseTo(2 * 875.9, 6)
    expect(network.lanes[open[0] + LANE.kgCents]).toBeCloseTo(200 * (0.423 + 0.000541 * Math.max(...miles)), 6)
  })
})

test('the simulator books what a clerk would who tries every set of centres for every order', async () => {
  const day = multiItem.make({ periods: 400 }, 'a')
  // The simulator rounds each shipment to a cent.
  expect(Math.abs((await costOf(day, 'cheapest')) - bookedByHand(day))).toBeLessThan(0.005 * 3 * day.orders.count)
  expect(day.orders.count).toBeGreaterThan(200)
})

test('where nothing runs short, cheapest for each order is cheapest in all', async () => {
  for (const seed of ['a', 'b', 'c']) {
    const day = multiItem.make({ periods: 300, safety: 1000 }, seed)
    expect(await costOf(day, 'cheapest')).toBeLessThan(await costOf(day, 'nearest'))
  }
})

import { expect, test } from 'vitest'
import { distanceKm } from '../../sim/geo.ts'
import { checkBooks, checkLaws } from '../../sim/laws.ts'
import { compileNetwork } from '../../sim/network.ts'
import { simulate } from '../../sim/outcome.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { openSmallRun } from '../small-run.ts'
import { type InstanceDay, replayOf } from './instance.ts'
import { peakDay } from './peak-day.ts'

const total = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0)

test('the same seed and knobs are the same day to the byte, and another seed is another', () => {
  const day = JSON.stringify(peakDay.make({ orders: 300 }, 'a'))
  expect(JSON.stringify(peakDay.make({ orders: 300 }, 'a'))).toBe(day)
  expect(JSON.stringify(peakDay.make({ orders: 300 }, 'b'))).not.toBe(day)
})

test.each([0.85, 1, 1.4])('at load %d the nodes can pick orders / load parcels in a day, shared out as said', (load) => {
  const { spec } = peakDay.make({ load, orders: 6000 }, 'a')
  const perDay = spec.warehouses.map(({ shifts, pickSeconds }) => {
    const hours = shifts.map(({ from, to, pickers }) => (Number(to.slice(0, 2)) - Number(from.slice(0, 2))) * pickers)
    return (3600 * total(hours)) / pickSeconds.perParcel
  })
  expect(total(perDay)).toBeCloseTo(6000 / load, 6)
  const parts = [0.2, 0.15, 0.2, 0.15, 0.18, 0.12]
  perDay.forEach((parcels, w) => {
    expect(parcels / total(perDay)).toBeCloseTo(parts[w], 9)
  })
})

test('a truck has room for its part of what the node can pick in a day', () => {
  const network = compileNetwork(peakDay.make({ load: 1.25, orders: 10_000 }, 'a').spec)
  const first = network.timetables.map(({ capacity }) => capacity[0])
  expect(first[0]).toBeCloseTo(0.34 * 8000 * 0.2, 6)
  expect(first[1]).toBeCloseTo(0.12 * 8000 * 0.2, 6)
})

test('more nodes than parts go through the parts again', () => {
  const { spec } = peakDay.make({ nodes: 8, zones: 40, orders: 500 }, 'a')
  expect(spec.warehouses).toHaveLength(8)
  expect(spec.zones).toHaveLength(40)
  expect(total(spec.warehouses.map(({ truckRoom = 0 }) => truckRoom))).toBeCloseTo(1, 9)
  expect(spec.warehouses[6].truckRoom).toBeCloseTo(spec.warehouses[0].truckRoom ?? 0, 9)
})

test('orders come in two flash peaks, and are promised by when they come', () => {
  const days = ['a', 'b', 'c', 'd', 'e'].map((seed) => peakDay.make({ orders: 20_000 }, seed).orders)
  const partOf = (hour: number): number =>
    days.reduce((sum, { placedMs }) => sum + placedMs.filter((at) => Math.floor(at / HOUR_MS) === hour).length, 0) / 100_000
  const scale = 7 * 0.3 + 15 + 4.5 + 5
  for (const [hour, share] of [
    [3, 0.3 / scale],
    [10, 4.5 / scale],
    [20, 5 / scale],
  ])
    expect(Math.abs(partOf(hour) - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 100_000))
  const [orders] = days
  orders.placedMs.forEach((placedMs, i) => {
    expect(orders.promisedMs[i]).toBe((placedMs < 20 * HOUR_MS ? 1 : 2) * DAY_MS + 22 * HOUR_MS)
  })
})

/** A handful of orders, an hour apart, with nobody before them. */
function uncrowded(): InstanceDay {
  const day = peakDay.make({ orders: 20_000, noise: 0, breakdown: 1, stormSeverity: 0, held: [1] }, 'a')
  const orders = replayOf(
    Array.from({ length: 20 }, (_, i) => ({
      placedMs: i * HOUR_MS + HOUR_MS / 4,
      // Early enough that some cannot keep it.
      promisedMs: DAY_MS + (4 + i) * HOUR_MS,
      zone: i,
      skus: [0],
    })),
  )
  return { ...day, orders }
}

test('a journey takes from truck to door what its service says, to the hour in which hubs sort, and is in time exactly where it says so', async () => {
  const { spec, scenario, orders } = uncrowded()
  const sim = await openSmallRun({ spec, scenario, policies: 'cheapest', replay: orders })
  const { replayed } = simulate(sim)
  let late = 0
  for (let i = 0; i < orders.count; i++) {
    const { lat, lon } = spec.zones[orders.zone[i]]
    const km = Math.min(...spec.warehouses.map((one) => distanceKm(lat, lon, one.lat, one.lon)))
    const left = replayed?.handedOverMs[i] ?? Number.NaN
    const arrived = replayed?.deliveredMs[i] ?? Number.NaN
    // Economy: 0.008 a km against 0.014, and 6 against 9.50.
    const told = left + (12 + km / 45) * HOUR_MS
    expect(Math.abs(arrived - told)).toBeLessThanOrEqual(HOUR_MS / 2 + 10_000)
    expect(arrived > orders.promisedMs[i]).toBe(told > orders.promisedMs[i])
    if (arrived > orders.promisedMs[i]) late++
  }
  // Both happen, or the sentence would say nothing.
  expect(late).toBeGreaterThan(0)
  expect(late).toBeLessThan(orders.count)
})

test('every law holds on a peak day', async () => {
  const { spec, scenario, orders } = peakDay.make({ orders: 400, hands: 4, load: 1.4 }, 'a')
  const sim = await openSmallRun({ spec, scenario, policies: 'live-greedy', replay: orders })
  const outcome = simulate(sim, checkLaws())
  checkBooks(sim)
  expect(outcome.sums.delivered).toBe(400)
})

test('the harder the load, the later nearest is', async () => {
  const shares: number[] = []
  for (const load of [0.6, 1, 1.6]) {
    const { spec, scenario, orders } = peakDay.make({ orders: 1500, hands: 10, load }, 'a')
    const sim = await openSmallRun({ spec, scenario, policies: 'nearest', replay: orders })
    shares.push(simulate(sim).onTimeShare)
  }
  expect(shares[0]).toBeGreaterThan(shares[1])
  expect(shares[1]).toBeGreaterThan(shares[2])
})

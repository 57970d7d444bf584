import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { createRecord, setActor, setLines } from './apply/records.ts'
import { step } from './engine.ts'
import { BESIDE, chooseFresh, chooseShipments, searchBeside } from './router.ts'
import type { Sim } from './sim.ts'
import { lineAt, lineCount, type Parcel, skuOfLine, unitsOfLine } from './world.ts'

const W = 3
const K = 8
const SHIPMENTS = 3

/** The dearest way to be sure: every way to give each line to one of some shipments, each shipment at every warehouse and service. */
function bruteForce(sim: Sim, order: Parcel, shipments = SHIPMENTS): number {
  const count = lineCount(sim.world, order)
  const bestOf = new Map<number, number>()
  for (let mask = 1; mask < 1 << count; mask++) bestOf.set(mask, bestPriceOf(sim, order, mask))
  let best = Number.POSITIVE_INFINITY
  for (let way = 0; way < shipments ** count; way++) {
    const masks = Array(shipments).fill(0)
    for (let i = 0, rest = way; i < count; i++, rest = Math.floor(rest / shipments)) masks[rest % shipments] |= 1 << i
    const price = masks.filter((mask) => mask > 0).reduce((sum, mask) => sum + (bestOf.get(mask) ?? 0), 0)
    best = Math.min(best, price)
  }
  return best
}

function bestPriceOf(sim: Sim, order: Parcel, mask: number): number {
  const { world, network, option, policies } = sim
  const lines = Array.from({ length: lineCount(world, order) }, (_, i) => lineAt(world, order, i)).filter(
    (_, i) => (mask >> i) & 1,
  )
  const { W } = network
  const left = Array.from({ length: W }, (_, w) =>
    Math.min(
      ...lines.map((line) => world.onHand[skuOfLine(line) * W + w] - world.reserved[skuOfLine(line) * W + w] - unitsOfLine(line)),
    ),
  )
  const grams = lines.reduce((sum, line) => sum + network.skuGrams[skuOfLine(line)] * unitsOfLine(line), 0)
  option.aim(order, -1)
  option.load(grams / 1000, lines.length)
  option.left = Int32Array.from(left)
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < option.options; i++) {
    if (!option.standFor(i)) continue
    if (left[option.warehouse] >= 0) best = Math.min(best, policies.routing.price(option, policies.routing.params))
  }
  return best
}

/** The shipments that a search has left. */
const bought = ({ router }: Sim, parts: number) =>
  Array.from({ length: parts }, (_, i) => [
    router.partMask[i],
    router.partWarehouse[i],
    router.partService[i],
    router.bestPrice[router.partMask[i]],
  ])

test.each(['nearest', 'cheapest', 'cheapest-in-time', 'shortest-queue', 'live-greedy'])(
  'the set of shipments bought under %s is the cheapest there is, whatever is on the shelves',
  async (policies) => {
    const sim = await openSmallRun({ spec: smallWorld(), policies })
    for (let i = 0; i < 4000; i++) step(sim)
    const shelves = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: K * W, maxLength: K * W })
    const basket = fc.uniqueArray(fc.record({ sku: fc.integer({ min: 0, max: K - 1 }), units: fc.integer({ min: 1, max: 3 }) }), {
      selector: ({ sku }) => sku,
      minLength: 1,
      maxLength: 5,
    })
    const seen = { split: 0, refused: 0 }
    fc.assert(
      fc.property(shelves, basket, fc.integer({ min: 0, max: 5 }), (units, lines, zone) => {
        sim.pen.onHand.set(units)
        sim.pen.reserved.fill(0)
        const order = createRecord(sim.pen)
        setActor(sim.pen, order, 0, 0, 0, zone)
        setLines(
          sim.pen,
          order,
          Int32Array.from(lines, (line) => (line.sku << 8) | line.units),
          lines.length,
        )
        const fresh = bought(sim, chooseFresh(sim, order, -1))
        const parts = chooseShipments(sim, order, -1)
        // Whether all shelves are read beforehand or some as they are come to.
        expect(fresh).toEqual(bought(sim, parts))
        const paid = Array.from({ length: parts }, (_, i) => sim.router.bestPrice[sim.router.partMask[i]]).reduce(
          (sum, one) => sum + one,
          0,
        )
        const best = bruteForce(sim, order)
        if (parts > 1) seen.split++
        if (parts === 0) seen.refused++
        if (parts === 0) expect(best).toBe(Number.POSITIVE_INFINITY)
        else expect(paid / best).toBeCloseTo(1, 9)
      }),
      { numRuns: 300 },
    )
    expect(seen.split).toBeGreaterThan(10)
    expect(seen.refused).toBeGreaterThan(10)
  },
)

test.each(['cheapest', 'nearest', 'live-greedy'])(
  'the runner-up under %s, read off the search that was just done, is what another search finds without that warehouse, whatever came before',
  async (policies) => {
    // One that is dear to ship from: two shipments of others may be cheaper than one of its own.
    const small = smallWorld()
    const dear = { ...small.warehouses[1], id: 'dear', name: 'Dear', lat: 47, handlingPerParcel: 60 }
    const sim = await openSmallRun({ spec: smallWorld({ warehouses: [...small.warehouses, dear] }), policies })
    for (let i = 0; i < 4000; i++) step(sim)
    const D = 4
    const { router, pen } = sim
    const grams = sim.network.skuGrams
    const heavy = grams.indexOf(Math.max(...grams))
    const ask = (units: readonly number[], lines: readonly { sku: number; units: number }[], zone: number): Parcel => {
      pen.onHand.set(units)
      pen.reserved.fill(0)
      const order = createRecord(pen)
      setActor(pen, order, 0, 0, 0, zone)
      setLines(
        pen,
        order,
        Int32Array.from(lines, (line) => (line.sku << 8) | line.units),
        lines.length,
      )
      return order
    }
    const search = (order: Parcel, barred: number): number => {
      router.limits.barred = barred
      const parts = chooseShipments(sim, order, -1)
      router.limits.barred = -1
      return parts === 0
        ? Number.POSITIVE_INFINITY
        : Array.from({ length: parts }, (_, i) => router.partPrice[i]).reduce((sum, one) => sum + one, 0)
    }
    const shelves = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: K * D, maxLength: K * D })
    const basket = fc.uniqueArray(fc.record({ sku: fc.integer({ min: 0, max: K - 1 }), units: fc.integer({ min: 1, max: 3 }) }), {
      selector: ({ sku }) => sku,
      minLength: 1,
      maxLength: 4,
    })
    const seen = { found: 0, none: 0, split: 0 }
    fc.assert(
      fc.property(
        shelves,
        basket,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        (units, lines, zone, before) => {
          router.looksBeside = before >= D
          // An order of dear shipments comes first: nothing of it may be left in the next one's answer.
          const others = Array.from({ length: 2 }, (_, i) => ({ sku: (heavy + i) % K, units: 250 }))
          const alone = Array.from({ length: K * D }, (_, shelf) => (shelf % D === before % D ? 250 : 0))
          chooseShipments(sim, ask(alone, others, 5 - zone), -1)
          const order = ask(units, lines, zone)
          if (chooseShipments(sim, order, -1) !== 1) return
          const without = router.partWarehouse[0]
          const beside = searchBeside(sim, order, without)
          const cents = router.besideCents
          const least = search(order, without)
          if (beside === BESIDE.found) expect(cents).toBe(least)
          if (beside === BESIDE.none) expect(least).toBe(Number.POSITIVE_INFINITY)
          seen[beside === BESIDE.found ? 'found' : beside === BESIDE.none ? 'none' : 'split']++
        },
      ),
      { numRuns: 500 },
    )
    expect(seen.found).toBeGreaterThan(50)
    expect(seen.none).toBeGreaterThan(5)
    expect(seen.split).toBeGreaterThan(5)
  },
)

test('goods that lie in more than three places come in as many shipments as it takes, and in three where three will do', async () => {
  const spec = smallWorld()
  const places = [53.3, 51, 50.9, 49, 48.5]
  const warehouses = places.map((lat, i) => ({ ...spec.warehouses[0], id: `W${i}`, name: `Warehouse ${i}`, lat }))
  const sim = await openSmallRun({ spec: smallWorld({ warehouses }), policies: 'cheapest' })
  for (let i = 0; i < 4000; i++) step(sim)
  const shelves = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 5, maxLength: 5 })
  const seen = { few: 0, many: 0, refused: 0 }
  fc.assert(
    fc.property(shelves, fc.integer({ min: 0, max: 30 }), (holders, also) => {
      // Each article lies in one place, or nowhere; one of them perhaps in one place more.
      sim.pen.onHand.fill(0)
      sim.pen.reserved.fill(0)
      holders.forEach((w, sku) => {
        if (w < 5) sim.pen.onHand[sku * 5 + w] = 1
      })
      if (also < 25) sim.pen.onHand[also] = 1
      const order = createRecord(sim.pen)
      setActor(sim.pen, order, 0, 0, 0, 0)
      setLines(
        sim.pen,
        order,
        Int32Array.from(holders, (_, sku) => (sku << 8) | 1),
        5,
      )
      const parts = chooseShipments(sim, order, -1)
      const masks = sim.router.partMask.slice(0, parts)
      const paid = masks.reduce((sum, mask) => sum + sim.router.bestPrice[mask], 0)
      const three = bruteForce(sim, order)
      const best = three < Number.POSITIVE_INFINITY ? three : bruteForce(sim, order, 5)
      seen[parts === 0 ? 'refused' : parts > 3 ? 'many' : 'few']++
      if (parts === 0) expect(best).toBe(Number.POSITIVE_INFINITY)
      else expect(paid / best).toBeCloseTo(1, 9)
      // Every line is sent once.
      if (parts > 0) expect(masks.reduce((sum, mask) => sum + mask, 0)).toBe(31)
    }),
    { numRuns: 150 },
  )
  expect(Math.min(seen.few, seen.many, seen.refused)).toBeGreaterThan(10)
})

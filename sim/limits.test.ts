import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CALM, openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { createRecord, setActor, setLines, writeOrder } from './apply/records.ts'
import { step } from './engine.ts'
import { checkBooks, checkLaws } from './laws.ts'
import type { NetworkLimits } from './limits.ts'
import { simulate } from './outcome.ts'
import { costFloor, type Limits, type OrderFacts, type Seams } from './policy.ts'
import { chooseShipments } from './router.ts'
import type { Sim } from './sim.ts'
import { DAY_MS, HOUR_MS } from './units.ts'
import { COUNT, lineAt, lineCount, nowMs, type Parcel, STATE, skuOfLine, stateOf, unitsOfLine } from './world.ts'

const W = 5
const K = 8
const ANY = Number.POSITIVE_INFINITY

type Asked = { maxShipments: number; co2Grams: number; mustBeInTime: boolean; allowed: readonly boolean[] }
type Way = { price: number; warehouse: number; grams: number; inTime: boolean; allowed: boolean }

/** What each set of lines can be shipped by, asked one by one. */
function waysOf(sim: Sim, order: Parcel, mask: number, asked: Asked): Way[] {
  const { world, network, option, policies, router } = sim
  const lines = Array.from({ length: lineCount(world, order) }, (_, i) => lineAt(world, order, i)).filter(
    (_, i) => (mask >> i) & 1,
  )
  const shelf = (line: number, w: number): number => skuOfLine(line) * network.W + w
  const left = Int32Array.from({ length: network.W }, (_, w) =>
    Math.min(...lines.map((line) => world.onHand[shelf(line, w)] - world.reserved[shelf(line, w)] - unitsOfLine(line))),
  )
  const grams = lines.reduce((sum, line) => sum + network.skuGrams[skuOfLine(line)] * unitsOfLine(line), 0)
  option.aim(order, -1)
  option.load(grams / 1000, lines.length)
  option.left = left
  const { lineCents } = router
  const worth = (w: number): number => {
    let cents = 0
    for (let i = 0; i < lineCount(world, order); i++) if ((mask >> i) & 1) cents += lineCents?.[i * network.W + w] ?? 0
    return cents
  }
  option.charges = Float64Array.from({ length: network.W }, (_, w) => worth(w))
  const ways: Way[] = []
  for (let i = 0; i < option.options; i++) {
    if (!option.standFor(i) || left[option.warehouse] < 0) continue
    const price = policies.routing.price(option, policies.routing.params)
    const inTime = option.etaMsP90 <= option.promisedMs
    ways.push({ price, warehouse: option.warehouse, grams: option.co2Grams, inTime, allowed: asked.allowed[option.warehouse] })
  }
  return ways.filter((way) => way.price < ANY && way.allowed && (way.inTime || !asked.mustBeInTime))
}

/** The dearest way to be sure: every partition of the lines into at most so many shipments, each by every warehouse and service. */
function bruteForce(sim: Sim, order: Parcel, asked: Asked, most: number): number {
  const full = (1 << lineCount(sim.world, order)) - 1
  const ways = Array.from({ length: full + 1 }, (_, mask) => (mask === 0 ? [] : waysOf(sim, order, mask, asked)))
  let best = ANY
  const goOn = (rest: number, parts: number, price: number, grams: number): void => {
    if (rest === 0) {
      if (grams <= asked.co2Grams && price < best) best = price
      return
    }
    if (parts === most) return
    for (let first = rest; first > 0; first = (first - 1) & rest) {
      if ((first & rest & -rest) === 0) continue
      for (const way of ways[first]) goOn(rest ^ first, parts + 1, price + way.price, grams + way.grams)
    }
  }
  goOn(full, 0, 0, 0)
  return best
}

/** Where nobody limits the number: three, and more only where three will not do. */
function bestWithin(sim: Sim, order: Parcel, asked: Asked): number {
  if (asked.maxShipments < ANY) return bruteForce(sim, order, asked, asked.maxShipments)
  const few = bruteForce(sim, order, asked, 3)
  return few < ANY ? few : bruteForce(sim, order, asked, K)
}

function orderOf(sim: Sim, lines: readonly { sku: number; units: number }[], zone: number, promisedHours: number): Parcel {
  const order = createRecord(sim.pen)
  setActor(sim.pen, order, 0, 0, 0, zone)
  setLines(
    sim.pen,
    order,
    Int32Array.from(lines, (line) => (line.sku << 8) | line.units),
    lines.length,
  )
  writeOrder(sim.pen, order, zone, nowMs(sim.world) + promisedHours * HOUR_MS, false)
  return order
}

/** Cheap and dirty, or dear and lean, and the other way round for what is heavy and goes far. */
const [standard, express] = smallWorld().services
const [first] = smallWorld().warehouses
const warehouses = [53.3, 51, 50.9, 49, 48.5].map((lat, i) => ({ ...first, id: `W${i}`, name: `Warehouse ${i}`, lat }))
const world = smallWorld({
  warehouses,
  services: [
    { ...standard, co2: { gramsPerTonneKm: 30, gramsPerParcel: 900 } },
    { ...express, co2: { gramsPerTonneKm: 300, gramsPerParcel: 200 } },
  ],
})

/** An opaque price without a floor, of its own idea of money: no cents of cost in it at all. */
const byWeight: Seams['routing'] = {
  about: 'A test.',
  params: {},
  price: (option) => option.weightKg * option.km + 10 * option.lines + (option.express ? 5 : 1) + 4 / (1 + option.unitsLeft),
}

/** A price that spares stock which others will want. */
const bySparing: Seams['routing'] = {
  about: 'A test.',
  params: {},
  floor: costFloor,
  price: (option) => option.costCents + option.stockPriceCents,
}

/** The same limits said by the network, or by the policy for the order: some of each. */
function under(sim: Sim, asked: Asked, byNetwork: boolean): Sim {
  const limits: NetworkLimits = { maxShipments: asked.maxShipments, co2Grams: asked.co2Grams, mustBeInTime: asked.mustBeInTime }
  const routing: Seams['routing'] = {
    ...sim.policies.routing,
    limit(order: OrderFacts, _params, to: Limits) {
      if (order.lines < 1 || order.units(0) < 1 || order.sku(0) >= K) throw new Error('these are not the facts')
      asked.allowed.forEach((isAllowed, w) => {
        if (!isAllowed) to.allowed[w] = 0
      })
      if (byNetwork) return
      to.maxShipments = asked.maxShipments
      to.co2Grams = asked.co2Grams
      to.mustBeInTime = asked.mustBeInTime
    },
  }
  const network = { ...sim.network, limits: byNetwork ? limits : null }
  return { ...sim, network, policies: { ...sim.policies, routing } }
}

const limits: fc.Arbitrary<Asked> = fc.record({
  maxShipments: fc.constantFrom(1, 2, 3, 4, 5, 8, ANY, ANY),
  co2Grams: fc.oneof(fc.constant(ANY), fc.double({ min: 300, max: 4000, noNaN: true })),
  mustBeInTime: fc.constantFrom(false, false, false, true),
  allowed: fc.array(fc.constantFrom(true, true, true, true, true, false), { minLength: W, maxLength: W }),
})
/** Each article lies in one place, seldom in none, and by chance in others too. */
const shelves = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 4 * W }), { minLength: K, maxLength: K }),
    fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 2, 4), { minLength: K * W, maxLength: K * W }),
  )
  .map(([homes, others]) =>
    others.map((units, i) => (homes[Math.floor(i / W)] % W === i % W && homes[Math.floor(i / W)] < 4 * W ? 4 : units)),
  )
/** Mostly of many lines, so that they are split. */
const basket = fc.oneof({ weight: 3, arbitrary: basketOf(4, 6) }, { weight: 1, arbitrary: basketOf(1, 3) })
function basketOf(minLength: number, maxLength: number) {
  const skus = fc.shuffledSubarray(
    Array.from({ length: K }, (_, sku) => sku),
    { minLength, maxLength },
  )
  return skus.chain((some) =>
    fc.tuple(...some.map((sku) => fc.record({ sku: fc.constant(sku), units: fc.constantFrom(1, 1, 2, 3) }))),
  )
}
const zones = fc.integer({ min: 0, max: 5 })
const hours = fc.integer({ min: 8, max: 160 })

const seen = { split: 0, many: 0, refused: 0, lean: 0 }

const worths = fc.array(fc.constantFrom(0, 0, 30, 300, 900), { minLength: K * W, maxLength: K * W })
const own: { readonly [name: string]: Seams['routing'] } = { 'by weight': byWeight, 'by sparing stock': bySparing }
const folder = ['nearest', 'cheapest', 'cheapest-in-time', 'shortest-queue', 'live-greedy', 'power-of-two']

test.each([...folder, ...Object.keys(own)])(
  'within whatever limits, what is bought under %s is the cheapest there is, and nothing only where there is nothing',
  async (name) => {
    const run = await openSmallRun({ spec: world, policies: name in own ? 'nearest' : name })
    const sim = name in own ? { ...run, policies: { ...run.policies, routing: own[name] } } : run
    for (let i = 0; i < 4000; i++) step(sim)
    fc.assert(
      fc.property(
        limits,
        shelves,
        worths,
        basket,
        zones,
        hours,
        fc.boolean(),
        (asked, units, worth, lines, zone, promised, byNetwork) => {
          sim.pen.onHand.set(units)
          sim.pen.reserved.fill(0)
          sim.router.lineCents = name === 'by sparing stock' ? Float64Array.from(worth) : null
          const order = orderOf(sim, lines, zone, promised)
          const limited = under(sim, asked, byNetwork)
          const { partMask, partPrice, partWarehouse } = limited.router
          const parts = chooseShipments(limited, order, -1)
          const best = bestWithin(sim, order, asked)
          if (parts === 0) {
            seen.refused++
            expect(best).toBe(ANY)
            return
          }
          const paid = partPrice.slice(0, parts).reduce((sum, one) => sum + one, 0)
          expect(paid / best).toBeCloseTo(1, 9)
          expect(parts).toBeLessThanOrEqual(asked.maxShipments)
          // Every line is sent once, each shipment at the price said from a warehouse that may, and all together within the cap.
          const masks = Array.from(partMask.slice(0, parts))
          expect(masks.reduce((sum, mask) => sum + mask, 0)).toBe((1 << lines.length) - 1)
          let grams = 0
          masks.forEach((mask, i) => {
            const ways = waysOf(sim, order, mask, asked).filter(
              ({ price, warehouse }) => price === partPrice[i] && warehouse === partWarehouse[i],
            )
            expect(ways.length).toBeGreaterThan(0)
            grams += Math.min(...ways.map((way) => way.grams))
          })
          expect(grams).toBeLessThanOrEqual(asked.co2Grams * (1 + 1e-9))
          if (parts > 1) seen.split++
          if (parts > 3) seen.many++
          if (best > bestWithin(sim, order, { ...asked, co2Grams: ANY }) * (1 + 1e-9)) seen.lean++
        },
      ),
      { numRuns: 300 },
    )
  },
)

test('and these were orders of every kind: split, into more than three, refused, and dearer for the sake of a cap', () => {
  expect(seen.split).toBeGreaterThan(300)
  expect(seen.refused).toBeGreaterThan(300)
  expect(seen.many).toBeGreaterThan(3)
  expect(seen.lean).toBeGreaterThan(50)
})

test('a network that allows one shipment splits no order, and every order is sent all the same when its goods come', async () => {
  const sim = await openSmallRun({
    spec: { ...SHORT_SHELVES, routing: { maxShipments: 1 } },
    scenario: SHORT_TROUBLE,
    policies: 'cheapest',
  })
  const { sums, refused } = simulate(sim, checkLaws(500))
  checkBooks(sim)
  expect(sums.split).toBe(0)
  expect(sums.open + refused).toBe(0)
  expect(sums.delivered).toBeGreaterThan(500)
  const free = simulate(await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies: 'cheapest' }))
  expect(free.sums.split).toBeGreaterThan(50)
})

test('what orders emit stays under the cap of the network, each of them, and costs more', async () => {
  const capped = { ...world, routing: { co2GramsPerOrder: 700 } }
  const [free, lean] = await Promise.all(
    [world, capped].map(async (spec) =>
      simulate(await openSmallRun({ spec, scenario: CALM, policies: 'cheapest' }), checkLaws(500)),
    ),
  )
  expect(free.co2PerOrder).toBeGreaterThan(0.7)
  expect(lean.co2PerOrder).toBeLessThanOrEqual(0.7)
  expect(lean.costPerOrder).toBeGreaterThan(free.costPerOrder)
})

/** Runs to the end under a policy with this limit; `seen` is handed each order that is routed in an event, with its warehouse. */
async function runUnder(limit: NonNullable<Seams['routing']['limit']>, watch: (sim: Sim) => void = () => {}) {
  const sim = await openSmallRun({ spec: smallWorld(), scenario: { ...CALM, days: 2 }, policies: 'live-greedy' })
  const laws = checkLaws(200)
  const outcome = simulate({ ...sim, policies: { ...sim.policies, routing: { ...sim.policies.routing, limit } } }, (it) => {
    laws(it)
    watch(it)
  })
  checkBooks(sim)
  return { outcome }
}

test('an order that is refused though its goods are there is tried again every ten minutes, and goes when it may', async () => {
  const isNight = (nowMs: number): boolean => nowMs % DAY_MS >= 20 * HOUR_MS || nowMs % DAY_MS < 7 * HOUR_MS
  let routed = 0
  let most = 0
  const { outcome } = await runUnder(
    ({ nowMs }, _params, { allowed }) => {
      if (isNight(nowMs)) allowed.fill(0)
    },
    ({ world }) => {
      most = Math.max(most, world.counts[COUNT.refused])
      const now = nowMs(world)
      // Nobody who may go has to wait any longer than to the next pulse.
      if (!isNight(now) && now % DAY_MS > 7 * HOUR_MS + 600_000) expect(world.counts[COUNT.refused]).toBe(0)
      if (!isNight(now)) return
      let here = 0
      for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) if (stateOf(world, p) === STATE.routed) here++
      routed = Math.max(routed, here)
    },
  )
  expect(most).toBeGreaterThan(5)
  expect(routed).toBeGreaterThan(0)
  expect(outcome.sums.open + outcome.refused).toBe(0)
})

test('a policy that refuses an order for ever keeps it for ever, and the outcome says so', async () => {
  const { outcome } = await runUnder(({ order }, _params, limits) => {
    if (order % 20 === 0) limits.co2Grams = 0
  })
  expect(outcome.refused).toBeGreaterThan(3)
  expect(outcome.sums.open).toBe(outcome.refused)
})

test('an order that is refused can be cancelled, and stands in no books any more', async () => {
  const spec = smallWorld({
    customers: { ...smallWorld().customers, impatientShare: 1, patienceHours: { law: 'constant', value: 20 } },
  })
  const sim = await openSmallRun({ spec, scenario: { ...CALM, days: 1 } })
  const routing: Seams['routing'] = {
    ...sim.policies.routing,
    limit: (_order, _params, { allowed }) => {
      allowed.fill(0)
    },
  }
  const { sums, refused } = simulate({ ...sim, policies: { ...sim.policies, routing } }, checkLaws(200))
  checkBooks(sim)
  expect(sums.delivered + sums.open + refused).toBe(0)
  expect(sums.cancelled).toBe(sums.placed)
})

test.each([
  [{ maxShipments: 0 }, /maxShipments is a whole number from 1/],
  [{ maxShipments: 2.5 }, /maxShipments is a whole number from 1/],
  [{ co2Grams: Number.NaN }, /co2Grams is a number from 0/],
])('a policy that limits an order to %j is told what a limit is', async (wrong, says) => {
  await expect(runUnder((_order, _params, limits) => void Object.assign(limits, wrong))).rejects.toThrow(says)
})

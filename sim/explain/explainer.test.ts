import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSmallRun, SCARCE, SHORT_SHELVES, SHORT_TROUBLE, TROUBLE } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { createRecord, setActor, setLines } from '../apply/records.ts'
import { digestOf } from '../digest.ts'
import { runToEnd, step } from '../engine.ts'
import { fork } from '../fork.ts'
import type { Limits, OrderFacts } from '../policy.ts'
import type { Sim } from '../sim.ts'
import { type Parcel, SUM } from '../world.ts'
import type { Decision, ShipmentSet, WhyNot } from './decision.ts'
import { Explainer } from './explainer.ts'

const W = 3
const K = 8

/** Every shipment by itself: each set of lines at each warehouse and service, as the explainer's ways for orders of just these lines price it. */
type Priced = { readonly mask: number; readonly warehouse: number; readonly price: number }

/** The cheapest cover of all lines by at most `most` of these that passes; tried one by one. */
function bruteForce(all: readonly Priced[], full: number, most: number, passes: (set: readonly Priced[]) => boolean): number {
  let best = Number.POSITIVE_INFINITY
  const go = (rest: number, set: readonly Priced[], price: number): void => {
    if (rest === 0) {
      if (passes(set) && price < best) best = price
      return
    }
    if (set.length === most) return
    const low = rest & -rest
    for (const one of all)
      if ((one.mask & low) !== 0 && (one.mask & ~rest) === 0) go(rest ^ one.mask, [...set, one], price + one.price)
  }
  go(full, [], 0)
  return best
}

function everyShipment(sim: Sim, lines: readonly Line[], zone: number): Priced[] {
  const explainer = new Explainer(sim)
  const all: Priced[] = []
  for (let mask = 1; mask < 1 << lines.length; mask++) {
    const some = lines.filter((_, i) => ((mask >> i) & 1) === 1)
    for (const { warehouse, lines: has, ruledOut, ways } of explainer.explain(orderOf(sim, some, zone), -1).warehouses)
      if (ruledOut.length === 0 && has.length === some.length)
        for (const { shipment } of ways) all.push({ mask, warehouse, price: shipment.price })
  }
  return all
}

type Line = { readonly sku: number; readonly units: number }
function orderOf(sim: Sim, lines: readonly Line[], zone: number): Parcel {
  const order = createRecord(sim.pen)
  setActor(sim.pen, order, 0, 0, 0, zone)
  setLines(
    sim.pen,
    order,
    Int32Array.from(lines, ({ sku, units }) => (sku << 8) | units),
    lines.length,
  )
  return order
}

const shelves = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: K * W, maxLength: K * W })
const basket = fc.uniqueArray(fc.record({ sku: fc.integer({ min: 0, max: K - 1 }), units: fc.integer({ min: 1, max: 3 }) }), {
  selector: ({ sku }) => sku,
  minLength: 1,
  maxLength: 4,
})

test.each(['nearest', 'live-greedy', 'cheapest-in-time'])(
  'under %s the runner-up and the answer to why-not are the cheapest sets there are, whatever is on the shelves',
  async (policies) => {
    const sim = await openSmallRun({ spec: smallWorld(), policies })
    for (let i = 0; i < 4000; i++) step(sim)
    const seen = { dearer: 0, impossible: 0, without: 0 }
    fc.assert(
      fc.property(shelves, basket, fc.integer({ min: 0, max: 5 }), (units, lines, zone) => {
        sim.pen.onHand.set(units)
        sim.pen.reserved.fill(0)
        const all = everyShipment(sim, lines, zone)
        const full = (1 << lines.length) - 1
        const explainer = new Explainer(sim)
        const order = orderOf(sim, lines, zone)
        const { chosen, runnerUp } = explainer.explain(order, -1)
        const most = chosen === null || chosen.shipments.length > 3 ? lines.length : 3
        const least = bruteForce(all, full, most, () => true)
        if (chosen === null) expect(least).toBe(Number.POSITIVE_INFINITY)
        else {
          expect(chosen.price / least).toBeCloseTo(1, 9)
          const houses = [...new Set(chosen.shipments.map(({ warehouse }) => warehouse))]
          const beside = bruteForce(all, full, most, (set) =>
            houses.some((house) => set.every(({ warehouse }) => warehouse !== house)),
          )
          if (runnerUp === null) expect(beside).toBe(Number.POSITIVE_INFINITY)
          else {
            seen.without++
            expect(runnerUp.set.price / beside).toBeCloseTo(1, 9)
            expect(runnerUp.set.shipments.some(({ warehouse }) => warehouse === runnerUp.without)).toBe(false)
          }
        }
        for (let w = 0; w < W; w++) {
          const answer = explainer.whyNot(order, -1, w)
          const withIt = bruteForce(all, full, most, (set) => set.some(({ warehouse }) => warehouse === w))
          if (answer.answer === 'it does') expect(withIt / least).toBeCloseTo(1, 9)
          else if (answer.answer === 'impossible') {
            seen.impossible++
            expect(withIt).toBe(Number.POSITIVE_INFINITY)
            expect(answer.reasons.length).toBeGreaterThan(0)
          } else {
            seen.dearer++
            expect(answer.set.price / withIt).toBeCloseTo(1, 9)
            expect(answer.set.shipments.some(({ warehouse }) => warehouse === w)).toBe(true)
            if (chosen !== null) expect(answer.more).toBeGreaterThanOrEqual(-1e-9 * chosen.price)
          }
        }
      }),
      { numRuns: 120 },
    )
    expect(seen.dearer).toBeGreaterThan(30)
    expect(seen.impossible).toBeGreaterThan(30)
    expect(seen.without).toBeGreaterThan(10)
  },
)

/** A run whose decisions are all explained; what was said of each is handed on. */
async function explained(
  policies: string,
  onDecision: (decision: Decision, sim: Sim, parts: number, ask: (w: number) => WhyNot) => void,
  spec = SHORT_SHELVES,
  scenario = SHORT_TROUBLE,
  events = Number.POSITIVE_INFINITY,
) {
  const opened = await openSmallRun({ spec, scenario, policies })
  let explainer: Explainer | null = null
  const sim: Sim = {
    ...opened,
    witness(one, order, only, parts) {
      explainer ??= new Explainer(one)
      const by = explainer
      onDecision(by.explain(order, only), one, parts, (w) => by.whyNot(order, only, w))
    },
  }
  for (let i = 0; i < events && step(sim); i++);
  return digestOf(sim.world)
}

const POLICIES = [
  'nearest',
  'cheapest',
  'live-greedy',
  'power-of-two',
  'shortest-queue',
  'bid-price:everyMinutes=1440:staleMinutes=2880',
]

describe.each(POLICIES)('a troubled week under %s', (policies) => {
  test('is the same week when every decision is explained, and each explanation is what was decided', async () => {
    let told = 0
    let waited = 0
    const digest = await explained(policies, ({ chosen, warehouses }, { router }, parts) => {
      told++
      if (chosen === null) waited++
      expect(chosen?.shipments.length ?? 0).toBe(parts)
      for (let i = 0; i < parts; i++) {
        const { warehouse, service, price } = (chosen as ShipmentSet).shipments[i]
        expect([warehouse, service, price]).toEqual([router.partWarehouse[i], router.partService[i], router.partPrice[i]])
      }
      expect(warehouses.length).toBe(W)
    })
    const plain = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies })
    runToEnd(plain)
    expect(digest).toBe(digestOf(plain.world))
    expect(told).toBeGreaterThan(400)
    expect(waited).toBeGreaterThan(0)
  })
})

test('every price told is the sum of its terms, of every way of every decision', async () => {
  const adds = ({ price, terms }: Pick<ShipmentSet, 'price' | 'terms'>): void => {
    const sum = terms.reduce((all, { amount, weight }) => all + amount * weight, 0)
    expect(Math.abs(sum - price)).toBeLessThanOrEqual(Math.max(1e-6, 1e-12 * price))
  }
  for (const policies of ['live-greedy', 'bid-price:everyMinutes=1440:staleMinutes=2880', 'shortest-queue'])
    await explained(policies, ({ chosen, runnerUp, warehouses }) => {
      if (chosen !== null) adds(chosen)
      if (runnerUp !== null) adds(runnerUp.set)
      for (const { ways } of warehouses) for (const { shipment, refused } of ways) if (refused.length === 0) adds(shipment)
    })
})

test('a warehouse that cannot ship says why: closed while it was, empty shelves with what is free, and nothing else is ruled out', async () => {
  const seen = { closed: 0, empty: 0 }
  await explained(
    'live-greedy',
    ({ warehouses, lines }, { world }) => {
      for (const { warehouse, ruledOut, lines: has, lacks } of warehouses) {
        const closed = world.siteCapacity[warehouse] === 0
        const free = ({ sku }: { sku: number }): number => world.onHand[sku * W + warehouse] - world.reserved[sku * W + warehouse]
        const empty = lines.every((line) => free(line) < line.units)
        expect(ruledOut.some(({ because }) => because === 'closed')).toBe(closed)
        expect(ruledOut.some(({ because }) => because === 'no stock')).toBe(empty)
        if (!closed && !empty) expect(ruledOut).toEqual([])
        expect(has.length + (empty ? lines.length : lacks.length)).toBe(lines.length)
        for (const one of ruledOut)
          if (one.because === 'no stock') for (const lack of one.lacks) expect(lack.available).toBe(free(lack))
        if (closed) seen.closed++
        if (empty) seen.empty++
      }
    },
    SCARCE,
    TROUBLE,
  )
  expect(seen.closed).toBeGreaterThan(50)
  expect(seen.empty).toBeGreaterThan(50)
})

test('what why-not says another warehouse would cost is what is booked when the order ships from there', async () => {
  const sim = await openSmallRun({ spec: smallWorld(), policies: 'live-greedy' })
  for (let i = 0; i < 3000; i++) step(sim)
  const { routing } = sim.policies
  let checked = 0
  for (let i = 0; i < 4000 && checked < 20; i++) {
    const before = fork(sim)
    const said: { set: ShipmentSet; only: Set<number> }[] = []
    const watched: Sim = {
      ...sim,
      witness(one, order, only) {
        for (let w = 0; w < W; w++) {
          const answer = new Explainer(one).whyNot(order, only, w)
          if (answer.answer !== 'dearer') continue
          said.push({ set: answer.set, only: new Set(answer.set.shipments.map(({ warehouse }) => warehouse)) })
        }
      },
    }
    step(watched)
    for (const { set, only } of said) {
      const limit = (_: OrderFacts, __: unknown, limits: Limits): void => {
        for (let w = 0; w < W; w++) if (!only.has(w)) limits.allowed[w] = 0
      }
      const other = fork(before, null, { policies: { ...sim.policies, routing: { ...routing, limit } } })
      const booked = other.world.sums[SUM.costCents]
      step(other)
      const cents = other.world.sums[SUM.costCents] - booked
      // Orders of the warm-up are not booked; and where several warehouses are needed the cheapest set of just these may be another.
      if (cents === 0 || only.size > 1) continue
      checked++
      const expected = set.shipments.reduce((sum, { costCents }) => sum + Math.round(costCents), 0)
      expect(cents).toBe(expected)
    }
  }
  expect(checked).toBeGreaterThanOrEqual(20)
})

describe('limits', () => {
  test('an order that nothing may carry in time waits, and every way that was refused says when it would have come', async () => {
    let refused = 0
    let waits = 0
    await explained(
      'cheapest',
      ({ chosen, warehouses, promisedMs, limits }) => {
        expect(limits.mustBeInTime).toBe(true)
        for (const { ways } of warehouses)
          for (const { shipment, refused: reasons } of ways) {
            expect(reasons.some(({ because }) => because === 'not in time')).toBe(shipment.etaMsP90 > promisedMs)
            if (reasons.length > 0) refused++
          }
        if (chosen === null) waits++
        else for (const { etaMsP90 } of chosen.shipments) expect(etaMsP90).toBeLessThanOrEqual(promisedMs)
      },
      smallWorld({ routing: { mustBeInTime: true } }),
      SHORT_TROUBLE,
      6000,
    )
    expect(refused).toBeGreaterThan(50)
    expect(waits).toBeGreaterThan(10)
  })

  test('a way that emits more than the order may says how much, and neither runner-up nor why-not breaks the cap', async () => {
    const cap = 600
    const seen = { refused: 0, dearer: 0 }
    const within = ({ shipments }: ShipmentSet): void =>
      expect(shipments.reduce((sum, { co2Grams }) => sum + co2Grams, 0)).toBeLessThanOrEqual(cap)
    await explained(
      'live-greedy',
      ({ chosen, runnerUp, warehouses }, _, __, ask) => {
        if (chosen !== null) within(chosen)
        if (runnerUp !== null) within(runnerUp.set)
        for (const { warehouse, ways } of warehouses) {
          for (const { shipment, refused } of ways) {
            const said = refused.find(({ because }) => because === 'too much CO2')
            expect(said !== undefined).toBe(shipment.co2Grams > cap)
            if (said?.because === 'too much CO2') expect([said.co2Grams, said.capGrams]).toEqual([shipment.co2Grams, cap])
            if (said !== undefined) seen.refused++
          }
          const answer = ask(warehouse)
          if (answer.answer !== 'dearer') continue
          within(answer.set)
          seen.dearer++
        }
      },
      smallWorld({ routing: { co2GramsPerOrder: cap } }),
      SHORT_TROUBLE,
      6000,
    )
    expect(seen.refused).toBeGreaterThan(50)
    expect(seen.dearer).toBeGreaterThan(50)
  })

  test('where one shipment is all that is allowed, why-not of a warehouse that has a part says that no set will do', async () => {
    let seen = 0
    await explained(
      'cheapest',
      ({ warehouses, lines, chosen }, _, __, ask) => {
        for (const { warehouse, lines: has, ruledOut } of warehouses) {
          if (ruledOut.length > 0 || has.length === lines.length) continue
          const answer = ask(warehouse)
          expect(answer.answer).toBe('impossible')
          if (answer.answer !== 'impossible') continue
          expect(answer.reasons.map(({ because }) => because)).toEqual(['no stock', 'no set'])
          expect(answer.reasons.at(-1)).toMatchObject({ maxShipments: 1 })
          expect(chosen === null || chosen.shipments.length === 1).toBe(true)
          seen++
        }
      },
      { ...SHORT_SHELVES, routing: { maxShipments: 1 } },
      SHORT_TROUBLE,
      6000,
    )
    expect(seen).toBeGreaterThan(10)
  })
})

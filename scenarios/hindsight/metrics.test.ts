import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aimPrices, openPricer } from '../../policies/market/pricer.ts'
import { accuracyOf, contestedOf, EPSILONS, judgeChoices } from './accuracy.ts'
import { alone, queuesOf } from './alone.ts'
import { CAUSES } from './cause.ts'
import { certify } from './certificate.ts'
import { choicesOf } from './choices.ts'
import { dayOf } from './day.ts'
import { onTimeOf } from './fairness.ts'
import { demandSeen, ordersSeen } from './foresight.ts'
import { lookBack } from './hindsight.ts'
import { pseudoOptimalOf, verdictsOf } from './pseudo-optimal.ts'
import { realisedMarket } from './realised-market.ts'
import { byLot, byTable, runDay, type SmallDay, smallDays, solver } from './small-day.fixture.ts'
import { spentOf } from './spent.ts'

/** Days on which all orders take the same work and goods are plenty, so that queues are all that matters. */
const plainDays = smallDays(12).map((day): SmallDay => {
  const { spec, replay } = day
  if (replay === null) throw new Error('a replayed day')
  const work = (one: { perParcel: number }) => ({ perParcel: one.perParcel, perLine: 0, sigma: 0 })
  return {
    ...day,
    spec: {
      ...spec,
      warehouses: spec.warehouses.map((one) => ({
        ...one,
        pickSeconds: work(one.pickSeconds),
        packSeconds: work(one.packSeconds),
        prepareHours: { law: 'constant', value: 0.2 },
      })),
      services: spec.services.map((one) => ({ ...one, lostShare: 0 })),
      customers: { ...spec.customers, impatientShare: 0 },
      openingStock: spec.warehouses.flatMap(({ id: warehouse }) =>
        spec.skus.map(({ id: sku }) => ({ warehouse, sku, units: 1000 })),
      ),
    },
    scenario: { ...day.scenario, warehouses: [], carriers: [] },
  }
})

describe('an order put alone into the queues that there were', () => {
  it('mostly arrives to the millisecond when the simulator has it arrive that is told to send it that way', () => {
    let [tried, exact] = [0, 0]
    fc.assert(
      fc.property(plainDays, fc.integer({ min: 0, max: 1000 }), (small, pick) => {
        const count = small.replay?.count ?? 0
        const lanes = Array.from({ length: count }, (_, i) => (i * 7 + pick) % 6)
        const i = pick % count
        const run = runDay(small, byTable(lanes, 2), true)
        const day = dayOf([run])
        const queues = queuesOf(day, realisedMarket(day).departures, run.ledger)
        const shipment = choicesOf(day, run.ledger).shipment[choicesOf(day, run.ledger).start[i]]
        for (let lane = 0; lane < 6; lane++) {
          if (lane === lanes[i]) continue
          const told = alone(queues, i, Math.floor(lane / 2), lane % 2, run.ledger.routedMs[shipment], 0)
          const other = runDay(small, byTable(lanes.with(i, lane), 2))
          const came = spentOf(day, other).deliveredMs[i]
          if (told === null || Number.isNaN(came)) continue
          tried++
          if (told.arrivesMs === came) exact++
        }
      }),
      { numRuns: 12, seed: 9 },
    )
    expect(tried).toBeGreaterThan(40)
    expect(exact / tried).toBeGreaterThan(0.8)
  })
})

describe('every measure of a day that was looked back at', () => {
  const days = fc.sample(smallDays(30), { numRuns: 8, seed: 21 })
  const looked = days.map((small) =>
    lookBack(
      [0, 200, 900].map((spread) => ({ policy: `lot ${spread}`, run: runDay(small, byLot(3, spread), true) })),
      'lot 0',
      solver,
    ),
  )

  it('is a share where it is called one, and no policy lies below the bound', () => {
    for (const { hindsight } of looked) {
      expect(hindsight.planCents).toBeGreaterThanOrEqual(hindsight.boundCents * (1 - 1e-9))
      for (const { gap, capture, onTime, splitShare, pseudoOptimal, accuracy } of hindsight.policies) {
        expect(gap).toBeGreaterThanOrEqual(-1e-9)
        // Where the baseline is as cheap as the bound there is nothing to capture.
        expect(Number.isNaN(capture) || capture <= 1 + 1e-9).toBe(true)
        const { causes, meanDelayHours, ...shares } = pseudoOptimal
        for (const share of [...Object.values(shares), ...onTime.deciles, onTime.all, splitShare, ...accuracy.all]) {
          expect(share).toBeGreaterThanOrEqual(0)
          expect(share).toBeLessThanOrEqual(1 + 1e-9)
        }
        expect(pseudoOptimal.late + onTime.all).toBeCloseTo(1, 12)
        expect(Object.values(causes).reduce((sum, one) => sum + one, 0)).toBeCloseTo(pseudoOptimal.late, 12)
        expect(pseudoOptimal.believedAvoidable).toBeLessThanOrEqual(Math.min(pseudoOptimal.believed, pseudoOptimal.avoidable))
        expect(accuracy.all.every((share, e) => e === 0 || share >= accuracy.all[e - 1])).toBe(true)
        if (pseudoOptimal.believed > 0 && !Number.isNaN(meanDelayHours)) expect(meanDelayHours).toBeGreaterThan(0)
      }
    }
  })

  it('holds the baseline against itself as what captures nothing', () => {
    const captured = looked.map(({ hindsight }) => hindsight.policies[0].capture).filter((one) => !Number.isNaN(one))
    expect(captured.length).toBeGreaterThan(4)
    expect(captured.every((one) => one === 0)).toBe(true)
  })

  it('finds several causes', () => {
    const found = new Set(
      looked.flatMap(({ hindsight }) =>
        hindsight.policies.flatMap(({ pseudoOptimal: { causes } }) =>
          CAUSES.filter(({ id }) => causes[id] > 0).map(({ id }) => id),
        ),
      ),
    )
    expect(found).toContain('node queue')
    expect(found).toContain('undelivered')
    expect(found.size).toBeGreaterThan(4)
  })
})

it('a plan followed to the letter would be right for every order at its own prices', () => {
  const [small] = fc.sample(smallDays(25), { numRuns: 1, seed: 8 })
  const run = runDay(small, byLot(2, 500), true)
  const day = dayOf([run])
  const market = realisedMarket(day)
  const { plan, prices, lowerBoundCents, planCents } = certify(market, solver, 0)
  // A ledger of what the plan would have sent.
  const shipments = plan.flatMap(({ group, shipments: those }) => those.map((one) => ({ ...one, group })))
  const ledger = Object.assign(Object.create(run.ledger), {
    orders: run.ledger.orders,
    shipments: shipments.length,
    order: Int32Array.from(shipments, ({ group }) => day.number[market.order[group]]),
    mask: Uint8Array.from(shipments, ({ lines }) => lines),
    warehouse: Int32Array.from(shipments, ({ warehouse }) => warehouse),
    service: Int32Array.from(shipments, ({ service }) => service),
    undone: new Uint8Array(shipments.length),
  }) as typeof run.ledger
  const pricer = openPricer(market)
  aimPrices(pricer, prices)
  const judged = judgeChoices(pricer, market, day, ledger)
  const meanCents = lowerBoundCents / day.count
  const served = judged.excessCents.map((excess) => (Number.isFinite(excess) ? excess : 0))
  // Together they are dearer than the cheapest by no more than the plan is above the bound, but for room that its prices pay for and it leaves.
  expect(served.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(planCents - lowerBoundCents + 1e-3 * lowerBoundCents)
  expect(accuracyOf({ ...judged, excessCents: served }, meanCents)[EPSILONS.length - 1]).toBeGreaterThan(0.8)
  expect(accuracyOf(judged, meanCents, contestedOf(judged, meanCents, 0.1)).every((share) => !(share > 1))).toBe(true)
})

it('a policy that sends everything late on purpose could have avoided nearly all of it', () => {
  const [small] = fc.sample(
    plainDays.filter(({ replay }) => (replay?.count ?? 0) > 8),
    { numRuns: 1, seed: 2 },
  )
  const { replay } = small
  if (replay === null) throw new Error('a replayed day')
  const roomy = {
    ...small,
    replay: { ...replay, promisedMs: replay.placedMs.map((ms) => ms + 90 * 3_600_000) },
    spec: {
      ...small.spec,
      services: small.spec.services.map((one, s) => ({ ...one, transit: { ...one.transit, intercept: s === 0 ? 4 : 0.1 } })),
    },
  }
  const run = runDay(roomy, byTable([0], 2), true)
  const day = dayOf([run])
  const spent = spentOf(day, run)
  const verdicts = verdictsOf(day, run, spent, realisedMarket(day).departures)
  const found = pseudoOptimalOf(day, spent, verdicts, new Uint8Array(day.count))
  expect(found.late).toBe(1)
  expect(found.avoidable).toBeGreaterThan(0.6)
  expect(found.causes.route + found.causes.luck).toBeCloseTo(1, 12)
  expect(found.believed).toBe(0)
})

describe('fairness', () => {
  it('is that of the tenth of orders in the zones served worst', () => {
    // 20 orders each in five zones; one in ten of all orders is half of the worst zone.
    const zone = Int32Array.from({ length: 100 }, (_, i) => Math.floor(i / 20))
    const inTime = Uint8Array.from({ length: 100 }, (_, i) => (zone[i] === 3 ? (i % 2 === 0 ? 1 : 0) : 1))
    const { all, worstDecile, deciles } = onTimeOf(zone, inTime)
    expect(all).toBeCloseTo(0.9, 12)
    expect(worstDecile).toBeCloseTo(0.5, 12)
    expect(deciles.map((share) => Math.round(100 * share))).toEqual([50, 50, 100, 100, 100, 100, 100, 100, 100, 100])
  })

  it('shares out a zone that lies on the edge of a tenth', () => {
    const zone = Int32Array.from({ length: 10 }, (_, i) => (i < 4 ? 0 : 1))
    const { deciles, all } = onTimeOf(zone, Uint8Array.from(zone))
    expect(deciles).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    expect(all).toBeCloseTo(0.6, 12)
  })
})

it('a perfect forecast of demand counts the orders that came, zone by zone and hour by hour', () => {
  const [small] = fc.sample(smallDays(40), { numRuns: 1, seed: 6 })
  const { ledger, sim } = runDay(small)
  const seen = demandSeen(ledger, sim.network.Z)
  let all = 0
  for (let zone = 0; zone < sim.network.Z; zone++) all += ordersSeen(seen, zone, 0, sim.clock.endMs)
  expect(all).toBeCloseTo(ledger.orders, 9)
  const [n, hour] = [3, 3_600_000]
  const start = Math.floor(ledger.placedMs[n] / hour) * hour
  expect(ordersSeen(seen, ledger.zone[n], start, start + hour)).toBeGreaterThanOrEqual(1)
  expect(ordersSeen(seen, ledger.zone[n], start, start + hour / 4)).toBeCloseTo(
    ordersSeen(seen, ledger.zone[n], start, start + hour) / 4,
    9,
  )
})

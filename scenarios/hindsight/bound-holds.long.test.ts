import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSmallRun, SCARCE, SHORT_TROUBLE } from '../../bench/small-run.ts'
import { lagrangianBound } from '../../policies/market/bound.ts'
import { step } from '../../sim/engine.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { nowMs, SUM } from '../../sim/world.ts'
import { certify } from './certificate.ts'
import { conditionAt, conditionsOf } from './conditions.ts'
import { dayOf } from './day.ts'
import { boundOfLarge, lagrangianOf, planOfLarge } from './large-day.ts'
import type { Observed } from './observe.ts'
import { realisedMarket, supplyOf } from './realised-market.ts'
import { byLot, byTable, runDay, type SmallDay, smallDays, solver } from './small-day.fixture.ts'
import { spentOf, totalCents } from './spent.ts'

/** The bound of a day, and what each run of it came to. */
function judge(runs: readonly Observed[]) {
  const day = dayOf(runs)
  const { lowerBoundCents, planCents } = certify(realisedMarket(day), solver)
  return { lowerBoundCents, planCents, cents: runs.map((run) => totalCents(spentOf(day, run))) }
}
const NEVER = { law: 'constant', value: 300 } as const
/** A hundredth of a cent for rounding errors. */
const HAIR = 0.01

describe('no way of routing costs less than the bound says', () => {
  it('not by any of 36 ways to send two orders, or 216 to send three, in whatever goes wrong', () => {
    let nearest = Number.POSITIVE_INFINITY
    fc.assert(
      fc.property(smallDays(3), (day) => {
        const n = day.replay?.count ?? 0
        const runs = Array.from({ length: 6 ** n }, (_, way) =>
          runDay(
            day,
            byTable(
              Array.from({ length: n }, (_, i) => Math.floor(way / 6 ** i) % 6),
              2,
            ),
          ),
        )
        const { lowerBoundCents, cents } = judge(runs)
        expect(lowerBoundCents).toBeLessThanOrEqual(Math.min(...cents) + HAIR)
        nearest = Math.min(nearest, Math.min(...cents) / lowerBoundCents)
      }),
      { numRuns: 4, seed: 4 },
    )
    // On the best of these days the bound is nearly met.
    expect(nearest).toBeLessThan(1.02)
  })

  it('not by lot, with a dozen orders that get into each other’s way', () => {
    const found: number[] = []
    fc.assert(
      fc.property(smallDays(14), (day) => {
        const runs = [0, 1, 2, 3, 4, 5].map((lot) => runDay(day, byLot(lot, lot * 300)))
        const { lowerBoundCents, planCents, cents } = judge(runs)
        const best = Math.min(...cents)
        expect(lowerBoundCents).toBeLessThanOrEqual(best + HAIR)
        expect(planCents).toBeGreaterThanOrEqual(lowerBoundCents - HAIR)
        found.push(lowerBoundCents / best)
      }),
      { numRuns: 35 },
    )
    // It says something: half of the time no more than twice as much is spent by the best of six lots.
    found.sort((a, b) => a - b)
    expect(found[found.length >> 1]).toBeGreaterThan(0.4)
  })

  it('nor on ordinary days with customers who come, wait, cancel and send back, in trouble', () => {
    for (const seed of ['a', 'b']) {
      const day: SmallDay = { spec: SCARCE, scenario: SHORT_TROUBLE, replay: null, seed }
      const runs = [0, 1, 2, 3].map((lot) => runDay(day, byLot(lot, lot * 200)))
      const { lowerBoundCents, planCents, cents } = judge(runs)
      expect(lowerBoundCents).toBeLessThanOrEqual(Math.min(...cents))
      expect(planCents / lowerBoundCents).toBeLessThan(1.005)
    }
  })
})

describe('where goods vanish and the books do not know it', () => {
  const from = (hours: number, share: number): ScenarioSpec['stockErrors'] => {
    const at = `day ${Math.floor(hours / 24)} ${String(hours % 24).padStart(2, '0')}:00`
    return [{ from: at, to: 'day 3 00:00', which: 'all', share, lagMinutes: 30 }]
  }
  const withErrors = (day: SmallDay, hours: number, share: number): SmallDay => ({
    ...day,
    scenario: { ...day.scenario, stockErrors: from(hours, share) ?? [] },
  })

  it('no way of routing costs less than the bound says, and what the ledger says that was spent is what the world paid', () => {
    let missed = 0
    fc.assert(
      fc.property(smallDays(14), fc.integer({ min: 0, max: 20 }), (small, hours) => {
        const day = withErrors(small, hours, 0.5)
        const runs = [0, 1, 2, 3].map((lot) => runDay(day, byLot(lot, lot * 300)))
        const { lowerBoundCents, cents } = judge(runs)
        expect(lowerBoundCents).toBeLessThanOrEqual(Math.min(...cents) + HAIR)
        for (const run of runs) {
          missed += run.sim.world.sums[SUM.missed]
          const { shippingCents } = spentOf(dayOf([run]), run)
          const paid = shippingCents.reduce((sum, one) => sum + one, 0)
          // Half a cent for rounding each.
          expect(Math.abs(paid - run.sim.world.sums[SUM.costCents])).toBeLessThanOrEqual(run.ledger.shipments)
        }
      }),
      { numRuns: 25, seed: 5 },
    )
    expect(missed).toBeGreaterThan(10)
  })

  it('the bound uses none of the goods that were gone before the first order came', () => {
    const [small] = fc.sample(
      smallDays(14).filter(({ replay }) => (replay?.count ?? 0) > 8),
      { numRuns: 1, seed: 6 },
    )
    const plenty = {
      ...small,
      spec: { ...small.spec, suppliers: small.spec.suppliers.map((one) => ({ ...one, leadDays: NEVER })) },
    }
    const gone = withErrors(plenty, 0, 1)
    const run = runDay(gone, byLot(0, 0))
    expect(dayOf([run]).stock.every((units) => units === 0)).toBe(true)
    // Nothing can be shipped, so that whatever is done costs what the bound says.
    const { lowerBoundCents, cents } = judge([run])
    expect(lowerBoundCents).toBeGreaterThan(0.99 * cents[0])
    expect(lowerBoundCents).toBeGreaterThan(2 * judge([runDay(plenty, byLot(0, 0))]).lowerBoundCents)
  })
})

describe('conditions', () => {
  it('are those that a world in a storm, an outage and a strike goes through', async () => {
    const sim = await openSmallRun({ spec: SCARCE, scenario: SHORT_TROUBLE })
    const { network, scene, clock, world } = sim
    const found = conditionsOf(network, scene, 0, clock.endMs)
    const seen = new Set<number>()
    while (step(sim) && nowMs(world) < clock.lastOrderMs) {
      const at = conditionAt(found, nowMs(world))
      seen.add(at)
      for (const name of ['siteCapacity', 'labour', 'laneSlow', 'transitFactor', 'departCapacity'] as const)
        for (let i = 0; i < world[name].length; i++)
          if (world[name][i] !== found[name][at][i]) expect([nowMs(world), name, i, world[name][i]]).toEqual(found[name][at][i])
    }
    expect(seen.size).toBeGreaterThan(20)
  })
})

it('runs that promise otherwise are not held against one bound', () => {
  const [day] = fc.sample(smallDays(4), { numRuns: 1, seed: 2 })
  const { replay } = day
  if (replay === null) throw new Error('a replayed day')
  const later = { ...day, replay: { ...replay, promisedMs: replay.promisedMs.map((ms) => ms + 1) } }
  expect(() => dayOf([runDay(day), runDay(later)])).toThrow(/compare policies that promise alike/)
})

describe('a day of too many orders for one program', () => {
  it('has the same bound order by order as all at once, at any prices', () => {
    fc.assert(
      fc.property(
        smallDays(40),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 9 }),
        (small, luck) => {
          const day = dayOf([runDay(small, byLot(5, 400))])
          const market = realisedMarket(day)
          let i = 0
          const priced = (limits: Float64Array): Float64Array =>
            limits.map((limit) => (limit < Number.POSITIVE_INFINITY ? Math.max(0, 500 * luck[i++ % luck.length] - 200) : 0))
          const prices = { stockCents: priced(market.stock.units), roomCents: priced(market.departures.room), work: [] }
          const whole = lagrangianBound(market, prices)
          expect(lagrangianOf(day, supplyOf(day), prices)).toBeCloseTo(whole, 4)
        },
      ),
      { numRuns: 8 },
    )
  })

  it('is planned for in parts: every order once, within all rows, at no less than the bound and little more than all at once', () => {
    let [inParts, atOnce] = [0, 0]
    fc.assert(
      fc.property(smallDays(60), (small) => {
        const day = dayOf([runDay(small, byLot(5, 400))])
        const supply = supplyOf(day)
        const bound = boundOfLarge(day, solver, supply)
        const { cents, inTime } = planOfLarge(day, supply, bound, solver, 15)
        const whole = certify(realisedMarket(day), solver)
        expect(cents).toBeGreaterThanOrEqual(whole.lowerBoundCents * (1 - 1e-9))
        expect(inTime).toHaveLength(day.count)
        inParts += cents
        atOnce += whole.planCents
      }),
      { numRuns: 10, seed: 3 },
    )
    expect(inParts / atOnce).toBeLessThan(1.1)
  })

  it('is bounded by the prices of a sample as well as by its own where few stand for many', () => {
    const [small] = fc.sample(smallDays(40), { numRuns: 1, seed: 12 })
    const day = dayOf([runDay(small, byLot(5, 400))])
    const { lowerBoundCents, sampleCents } = boundOfLarge(day, solver)
    const exact = certify(realisedMarket(day), solver).lowerBoundCents
    // With so few orders the sample is all of them.
    expect(lowerBoundCents).toBeLessThanOrEqual(exact * (1 + 1e-9))
    expect(lowerBoundCents).toBeGreaterThan(exact * 0.998)
    expect(sampleCents).toBeGreaterThanOrEqual(lowerBoundCents * (1 - 1e-9))
  })
})

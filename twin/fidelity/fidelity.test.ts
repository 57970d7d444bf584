import { expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import { libraryOf, parseContestantOn } from '../../scenarios/contestant.ts'
import { policiesOf } from '../../scenarios/worker.ts'
import { runUntil } from '../../sim/engine.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { measure, measureNames } from '../futures/measures.ts'
import { openFutures } from '../futures/open-future.ts'
import { presentOf } from '../futures/present.ts'
import { viewsOfState } from '../futures/view-source.ts'
import { openReality } from '../reality/open-reality.ts'
import { openSelf } from '../reality/self.ts'
import { fidelity } from './fidelity.ts'
import { AT_FIRST, faultsOf, mayPromote, type Standing } from './judge.ts'
import type { Forecast } from './roll.ts'

const OFFSET = 60
const HOURS = [6, 12, 18]
const real = smallWorld()

/** A week of a hidden world, told to a state. */
async function told() {
  const world = {
    spec: real,
    scenario: { name: 'calm', about: 'Nothing happens.', days: 4 },
    policies: 'nearest',
    seed: 'hidden',
    days: 12,
    fromMs: Date.UTC(2026, 10, 10),
    offsetMinutes: OFFSET,
  }
  const reality = await openReality(world)
  const { far, state } = openSelf()
  await far.send(reality.until(9.5 * DAY_MS).map((event) => JSON.stringify(event)))
  return { state, zeroMs: reality.calendar.zeroMs }
}

async function forecasts(): Promise<(spec: NetworkSpec) => Forecast> {
  const contestant = await parseContestantOn(real, 'nearest')
  const policies = policiesOf(await libraryOf([contestant]), contestant)
  return (spec) => async (view, hours) => {
    const present = presentOf(view, spec, OFFSET)
    const setup = { network: compileNetwork(spec), spec, present, scenario: present.conditions, policies, solver: null }
    const open = openFutures({ ...setup, seed: `f${view.asOfMs}`, hours })
    const names = measureNames(spec).length
    return Array.from({ length: 20 }, (_, replication) => {
      const sim = open(replication)
      const numbers = new Float64Array((hours + 1) * names)
      for (const hour of HOURS) {
        runUntil(sim, present.nowMs + hour * HOUR_MS)
        measure(sim, numbers.subarray(hour * names, (hour + 1) * names))
      }
      return numbers
    })
  }
}

test('a twin of the right network is trusted; one that thinks its hands and roads quicker is mended by what it was told', async () => {
  const { state, zeroMs } = await told()
  const forecastOf = await forecasts()
  const options = {
    views: viewsOfState(state),
    cuts: Array.from({ length: 5 }, (_, i) => zeroMs + 4.3 * DAY_MS + i * 19 * HOUR_MS),
    hoursAhead: HOURS,
    knownFromMs: zeroMs + 2 * DAY_MS,
    offsetMinutes: OFFSET,
    calibrateDays: 4,
    forecastOf,
  }
  const right = await fidelity({ ...options, spec: real, before: AT_FIRST })
  expect(right.standing.reasons).toEqual([])
  expect(right.standing.state).toBe('trusted')
  expect(right.score.coverage).toBeGreaterThan(0.85)
  expect(right.score.skill).toBeGreaterThan(0)

  // The twin believes in hands and roads that are quicker than the real ones.
  const believed: NetworkSpec = {
    ...real,
    warehouses: real.warehouses.map((one) => ({ ...one, prepareHours: { law: 'lognormal', median: 0.1, sigma: 0.5 } })),
    services: real.services.map((one) => ({ ...one, transit: { ...one.transit, intercept: one.transit.intercept - 0.9 } })),
  }
  const before: Standing = { ...right.standing, state: 'watched' }
  const second = await fidelity({ ...options, spec: believed, before })
  expect(faultsOf(second.score).length).toBeGreaterThan(0)
  const factors = new Map(second.calibration?.changes.map(({ stage, of, factor }) => [`${stage} ${of}`, factor]))
  expect(factors.get('prepare WM')).toBeCloseTo(5, 0)
  expect(factors.get('road standard')).toBeGreaterThan(Math.exp(0.75))
  expect(factors.get('road standard')).toBeLessThan(Math.exp(1.05))
  expect(second.standing.reasons).toEqual([])
  expect(second.standing.state).toBe('trusted')
  expect(second.calibratedScore?.coverage).toBeGreaterThan(second.score.coverage)
  expect(second.inForce).toBe(second.calibration)

  // Half of the mending is in force already: what is wrong is measured against the stated network, not against its half-mended copy. Whoever foresees
  // nothing at all is wrong enough to be recalibrated.
  const nothing: typeof options.forecastOf = () => async (_, hours) =>
    Array.from({ length: 20 }, () => new Float64Array((hours + 1) * measureNames(real).length))
  const asked = { ...options, spec: believed, before, forecastOf: nothing }
  const changes = [{ stage: 'prepare', of: 'WM', factor: 2, ended: 50, open: 0 }] as const
  const half = { format: 'orrery-calibration/1', asOf: '', changes } as const
  const third = await fidelity({ ...asked, inForce: half })
  expect(third.calibration?.changes).toEqual(second.calibration?.changes)
  // It did not help: what was in force stays.
  expect(third.inForce).toBe(half)
  // From afar a twin cannot be recalibrated: it stays watched, and is not said to be beyond cure.
  const fourth = await fidelity({ ...asked, views: { ...options.views, state: null } })
  expect(fourth.standing.state).toBe('watched')
  expect(fourth.standing.reasons.at(-1)).toContain('takes its log')
}, 60_000)

test('only a twin whose forecasts hold may put its own advice to work', () => {
  const of = (state: Standing['state']): Standing => ({ state, sinceMs: 0, reasons: [], good: 0 })
  expect(mayPromote(of('trusted'))).toBe(true)
  expect(mayPromote(of('watched'))).toBe(true)
  expect(mayPromote(AT_FIRST)).toBe(false)
  expect(mayPromote(of('recalibrated'))).toBe(false)
  expect(mayPromote(of('quarantined'))).toBe(false)
})

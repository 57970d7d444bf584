import { expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { parseContestant } from '../contestant.ts'
import { loadSolver } from '../highs.ts'
import { lookBack, type NamedRun } from './hindsight.ts'
import { type RunProgress, runDay } from './runs-of-day.ts'

/** What may be said of the reference: it knows what is asked for, nothing of what befalls, and is no better than the bound. */

const SHOCK_HOURS = 14
const CALM: ScenarioSpec = { name: 'calm', about: 'Nothing happens.', days: 2 }
/** The busiest house closes, roads are slow and one carrier takes little, from the first afternoon on; nobody announces it. */
const SHOCK: ScenarioSpec = {
  ...CALM,
  name: 'shock',
  warehouses: [{ from: `day 0 ${SHOCK_HOURS}:00`, to: 'day 1 12:00', which: 'busiest', capacity: 0 }],
  carriers: [{ from: `day 0 ${SHOCK_HOURS}:00`, to: 'day 2 00:00', which: ['standard'], capacity: 0.1, transit: 2 }],
  weather: [
    { from: `day 0 ${SHOCK_HOURS}:00`, to: 'day 1 20:00', path: [{ east: 0.5, north: 0.5 }], radiusKm: 300, severity: 2 },
  ],
}
const REFERENCE = 'bid-price that knows the demand'

type Ran = { readonly runs: readonly NamedRun[]; readonly told: readonly RunProgress[] }
const ran = new Map<ScenarioSpec, Promise<Ran>>()
/** Each scenario is run once for all tests. */
function runsUnder(scenario: ScenarioSpec): Promise<Ran> {
  const found = ran.get(scenario) ?? run(scenario)
  ran.set(scenario, found)
  return found
}

async function run(scenario: ScenarioSpec): Promise<Ran> {
  const told: RunProgress[] = []
  const reference = { ...(await parseContestant('bid-price:everyMinutes=180')), id: 'bid-price' }
  const { runs } = await runDay(
    {
      spec: smallWorld({ replenishment: { reviewHour: 4, initialDaysOfStock: 1.5 } }),
      scenario,
      contestants: [await parseContestant('nearest')],
      reference,
      baseline: 'nearest',
      seed: 'reference',
      replay: null,
      origins: 'free',
      replication: 0,
    },
    (progress) => told.push(progress),
  )
  return { runs, told }
}

test('the reference costs no less than the bound, and less than who takes the nearest', async () => {
  const { runs } = await runsUnder(SHOCK)
  const { hindsight } = lookBack(runs, 'nearest', await loadSolver())
  const costOf = (name: string): number => hindsight.policies.find(({ policy }) => policy === name)?.costCents ?? Number.NaN
  expect(hindsight.boundCents).toBeGreaterThan(0)
  expect(costOf(REFERENCE)).toBeGreaterThanOrEqual(hindsight.boundCents)
  expect(costOf(REFERENCE)).toBeLessThan(costOf('nearest'))
})

test('until the hour of a shock the reference does what it does where none comes, and then something else', async () => {
  const [calm, shock] = await Promise.all([runsUnder(CALM), runsUnder(SHOCK)])
  const decided = ({ runs }: typeof calm) => {
    const found = runs.find(({ policy }) => policy === REFERENCE)
    if (found === undefined) throw new Error('no reference was run')
    const { ledger, sim } = found.run
    return Array.from({ length: ledger.shipments }, (_, i) => ({
      hours: (ledger.routedMs[i] - sim.clock.dayZeroMs) / HOUR_MS,
      what: [ledger.order[i], ledger.routedMs[i], ledger.warehouse[i], ledger.service[i], ledger.mask[i]].join(' '),
    }))
  }
  const [a, b] = [decided(calm), decided(shock)]
  const before = (all: typeof a) => all.filter(({ hours }) => hours < SHOCK_HOURS).map(({ what }) => what)
  const after = (all: typeof a) => all.filter(({ hours }) => hours >= SHOCK_HOURS).map(({ what }) => what)
  expect(before(a).length).toBeGreaterThan(100)
  expect(before(b)).toEqual(before(a))
  expect(after(b)).not.toEqual(after(a))
})

test('while it runs it is told how many of its days are over', async () => {
  const { runs, told } = await runsUnder(CALM)
  const mine = told.filter(({ policy }) => policy === REFERENCE)
  const days = Math.ceil(runs[0].run.sim.clock.lastOrderMs / DAY_MS)
  expect(mine.every((one) => one.days === days)).toBe(true)
  expect(mine.slice(1, days + 1).map(({ day }) => day)).toEqual(Array.from({ length: days }, (_, day) => day))
  expect([...new Set(told.map(({ policy }) => policy))]).toEqual(['nearest', REFERENCE, 'nearest with other luck'])
})

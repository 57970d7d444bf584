import { describe, expect, test } from 'vitest'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { WEEK_MS } from '../../sim/units.ts'
import type { OrderHistory } from '../import/history.ts'
import { backtestWindow } from './backtest.ts'
import { forecastWindow } from './forecast.ts'
import { PAST_FROM_MS, recordedPast } from './recorded-past.fixture.ts'
import type { WindowScore } from './score.ts'

/** Twenty weeks to learn from, and four that the fit does not see. */
const LEARN_WEEKS = 20
const WEEKS = 4
const FROM_MS = PAST_FROM_MS + LEARN_WEEKS * WEEK_MS
const CALM: ScenarioSpec = { name: 'calm', about: 'Nothing happens.' }

type Shock = Pick<ScenarioSpec, 'hubs' | 'warehouses' | 'carriers'>

/** The same shock, on the clock of a run that starts `weeks` earlier. */
const laterBy = (shock: Shock, weeks: number): ScenarioSpec => {
  const later = (when: string): string => when.replace(/^day (\d+)/, (_, day) => `day ${Number(day) + 7 * weeks}`)
  const parts = Object.entries(shock).map(([key, list]) => [
    key,
    list?.map((part) => ({ ...part, from: later(part.from), to: later(part.to) })),
  ])
  return { ...CALM, ...Object.fromEntries(parts) }
}

const WINDOW = { fromMs: FROM_MS, toMs: FROM_MS + WEEKS * WEEK_MS }
const OPTIONS = {
  warehouses: 3,
  zones: 6,
  skus: 1,
  scale: 3,
  headroom: null,
  replications: 6,
  seed: '1',
  workers: 2,
}

const pastWith = (shock: Shock, demand?: (day: number) => number): Promise<OrderHistory> =>
  recordedPast({
    weeks: LEARN_WEEKS + WEEKS,
    scenario: laterBy(shock, LEARN_WEEKS),
    demand: (day) => demand?.(day - 7 * LEARN_WEEKS) ?? 1,
    promiseDays: 7,
  })

async function forecast(shock: Shock, demand?: (day: number) => number): Promise<WindowScore> {
  const history = await pastWith(shock, demand)
  const { score } = await backtestWindow(
    history,
    WINDOW,
    { ...OPTIONS, scenario: { ...CALM, ...shock } },
    { signal: new AbortController().signal },
  )
  return score
}

const middle = (sorted: Float64Array): number => sorted[sorted.length >> 1]

/** Mean over the weeks of the distance between forecast and truth. */
const weeksOff = ({ lateByWeek }: WindowScore): number =>
  lateByWeek.reduce((sum, { recorded, simulated }) => sum + Math.abs(simulated - recorded), 0) / lateByWeek.length

// The shocks are of a kind and size that the twenty weeks never showed. What the forecast is given is the shock itself: so much less of the hubs, so many
// more orders; that orders are late, when, and for how long after, it has to find out from capacity and calendars.
describe('a network that is known, fitted on what it left in the books', () => {
  test('is forecast in calm weeks: time, spread, and the few that are late', async () => {
    const score = await forecast({})
    expect(Math.abs(middle(score.simulated.total) / middle(score.recorded.total) - 1)).toBeLessThan(0.06)
    expect(score.covered.total).toBeGreaterThan(0.82)
    expect(Math.abs(score.late.simulated - score.late.recorded)).toBeLessThan(0.012)
    expect(score.crps).toBeLessThan(score.naiveCrps)
  })

  test('is buried where hubs sort half as much for two weeks, and digs itself out when they do not', async () => {
    const score = await forecast({ hubs: [{ which: 'all', from: 'day 3 00:00', to: 'day 17 00:00', capacity: 0.55 }] })
    expect(score.late.recorded).toBeGreaterThan(0.25)
    expect(Math.abs(score.late.simulated - score.late.recorded)).toBeLessThan(0.12)
    expect(weeksOff(score)).toBeLessThan(0.12)
  })

  test('stands still while no truck leaves for a week, and is late for another', async () => {
    const score = await forecast({ carriers: [{ which: 'all', from: 'day 5 00:00', to: 'day 12 00:00', capacity: 0 }] })
    expect(score.late.recorded).toBeGreaterThan(0.5)
    expect(weeksOff(score)).toBeLessThan(0.08)
  })

  test('is late long after a sale of five days at two and a half times the demand', async () => {
    const score = await forecast({}, (day) => (day >= 5 && day < 10 ? 2.5 : 1))
    expect(score.late.recorded).toBeGreaterThan(0.4)
    expect(weeksOff(score)).toBeLessThan(0.1)
  })

  test('is slower with half the hands, and no less than it truly is: only what was shown is believed', async () => {
    const score = await forecast({ warehouses: [{ which: 'all', from: 'day 3 00:00', to: 'day 17 00:00', capacity: 0.55 }] })
    expect(score.late.simulated).toBeGreaterThanOrEqual(score.late.recorded)
    expect(score.late.simulated).toBeLessThan(0.3)
    expect(middle(score.simulated.handover) / middle(score.recorded.handover)).toBeGreaterThan(0.9)
  })

  test('is told before a sale what the sale will do, from no more than its days and its factor', async () => {
    const history = await pastWith({}, (day) => (day >= 5 && day < 10 ? 2.5 : 1))
    // Demand as it will be beside that of the weeks before: what every forecast of a sale is given.
    const weeks = [1.05 / 1, 1.25 / 0.95, 1 / 1.1, 0.85 / 0.9].map((factor, w) => ({
      from: `day ${7 * w} 00:00`,
      to: `day ${7 * w + 7} 00:00`,
      factor,
    }))
    const scenario: ScenarioSpec = { ...CALM, demand: [...weeks, { from: 'day 5 00:00', to: 'day 10 00:00', factor: 2.5 }] }
    const told = await forecastWindow(history, WINDOW, { ...OPTIONS, scenario }, { signal: new AbortController().signal })
    const { score } = await backtestWindow(
      history,
      WINDOW,
      { ...OPTIONS, scenario: CALM },
      { signal: new AbortController().signal },
    )
    expect(told.without.all.late).toBeLessThan(0.05)
    expect(Math.abs(told.with.all.late - score.late.recorded)).toBeLessThan(0.12)
    expect(told.with.weeks.map(({ from }) => from)).toEqual(score.lateByWeek.map(({ where }) => where))
    // The worst week is the one after the sale, as it truly was.
    const worst = (shares: readonly number[]): number => shares.indexOf(Math.max(...shares))
    expect(worst(told.with.weeks.map(({ late }) => late))).toBe(worst(score.lateByWeek.map(({ recorded }) => recorded)))
  })
})

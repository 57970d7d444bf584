import { type NetworkSpec, WEEKDAYS } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { DAY_MS, WEEK_MS } from '../../sim/units.ts'
import { dayOf } from '../import/days.ts'
import type { OrderHistory } from '../import/history.ts'
import { digits } from '../import/statistics.ts'
import { weekdayOfMs } from '../import/week.ts'
import { type Fitted, slower } from './fit.ts'
import { type Copies, copiesOf } from './replay.ts'
import { replayAll } from './run-replay.ts'

const CALM: ScenarioSpec = { name: 'as recorded', about: 'Nothing but the orders.' }
const WEEKS = 20
/** What was placed later has not arrived yet, but for the quick ones. */
const SETTLED_MS = 28 * DAY_MS
const ROUNDS = 2
const REPLICATIONS = 2
const ORDERS_MIN = 200
/** Further off than this is no rounding of calendars but something wrong, which is not to be hidden. */
const MOST = 0.25

/**
 * Runs the fitted network on the orders it was fitted on, and moves preparation and line haul by what their medians are still off: waves, vans and
 * trucks come at hours of their own, queues are never quite empty, and none of that is in the laws' own arithmetic. Orders count as they did in the fit.
 */
export async function polish(
  fitted: Fitted,
  { seed, workers }: { seed: string; workers: number },
  signal: AbortSignal | undefined,
): Promise<Fitted> {
  const { known, weight } = fitted
  const untilMs = Date.parse(fitted.report.until)
  const picked: number[] = []
  for (let i = 0; i < known.count; i++) {
    const placed = known.placedMs[i]
    if (placed >= untilMs - WEEKS * WEEK_MS && placed < untilMs - SETTLED_MS) picked.push(i)
  }
  if (picked.length < ORDERS_MIN) return fitted
  const zeroMs = dayOf(known.placedMs[picked[0]]) * DAY_MS
  const calm = { ...fitted.effects, drift: { prepare: 0, haul: 0 } }
  let { spec } = fitted
  for (let round = 0; round < ROUNDS; round++) {
    const startsOn = WEEKDAYS[weekdayOfMs(zeroMs)]
    const copies = copiesOf(known, { spec, effects: calm }, { picked, copies: fitted.scale, zeroMs })
    const plan = { spec: { ...spec, startsOn }, copies, scenario: CALM, replications: REPLICATIONS, seed, workers }
    const outcomes = await replayAll(plan, { signal: signal ?? new AbortController().signal })
    const off = (
      from: 'approvedMs' | 'handedOverMs',
      to: 'handedOverMs' | 'deliveredMs',
      weights: Float64Array | null,
    ): number => (weights === null ? 1 : medianOff(known, copies, outcomes, { from, to, weights }))
    spec = moved(spec, {
      prepare: off('approvedMs', 'handedOverMs', weight.prepare),
      haul: off('handedOverMs', 'deliveredMs', weight.haul),
    })
  }
  return { ...fitted, spec }
}

type Outcomes = readonly {
  readonly approvedMs: Float64Array
  readonly handedOverMs: Float64Array
  readonly deliveredMs: Float64Array
}[]

/** Weighted median as recorded beside that of the same orders simulated. */
function medianOff(
  known: OrderHistory,
  { orderOf }: Copies,
  outcomes: Outcomes,
  { from, to, weights }: { from: 'approvedMs' | 'handedOverMs'; to: 'handedOverMs' | 'deliveredMs'; weights: Float64Array },
): number {
  const recorded: [number, number][] = []
  const simulated: [number, number][] = []
  orderOf.forEach((order, row) => {
    const real = known[to][order] - known[from][order]
    if (!(real > 0) || weights[order] === 0) return
    recorded.push([real, weights[order]])
    for (const outcome of outcomes) {
      const made = outcome[to][row] - outcome[from][row]
      if (made > 0) simulated.push([made, weights[order]])
    }
  })
  if (recorded.length < ORDERS_MIN || simulated.length < ORDERS_MIN) return 1
  const ratio = weightedMedian(recorded) / weightedMedian(simulated)
  return Math.min(1 + MOST, Math.max(1 - MOST, ratio))
}

function weightedMedian(rows: [number, number][]): number {
  rows.sort((a, b) => a[0] - b[0])
  let left = rows.reduce((sum, [, weight]) => sum + weight, 0) / 2
  for (const [value, weight] of rows) {
    left -= weight
    if (left <= 0) return value
  }
  return Number.NaN
}

function moved(spec: NetworkSpec, { prepare, haul }: { prepare: number; haul: number }): NetworkSpec {
  return {
    ...spec,
    warehouses: spec.warehouses.map((warehouse) => ({ ...warehouse, prepareHours: slower(warehouse.prepareHours, prepare) })),
    services: spec.services.map((service) => ({
      ...service,
      transit: { ...service.transit, intercept: digits(service.transit.intercept + Math.log(haul), 5) },
    })),
  }
}

import type { Network } from '../sim/network.ts'
import type { ReplayOrders } from '../sim/replay.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import type { RunClock } from '../sim/sim.ts'
import { DAY_MS, WEEK_MS } from '../sim/units.ts'

/** Days before the first measured one, so that queues and pipelines are those of an ordinary morning. */
const WARMUP_DAYS = 3
/** Days of demand after the last measured one, so that its orders do not find the shop empty. */
const COOLDOWN_DAYS = 2
/** How long orders may take to end before they count as open. */
const PATIENCE_DAYS = 60
export const DEFAULT_DAYS = 5

/** The frame of a run: drawn orders get a warm-up and a cool-down; recorded ones are measured from day 0 on, and those before it are the warm-up. */
export function frameOf(scenario: ScenarioSpec, replay: ReplayOrders | null): Omit<RunClock, 'weekStartMs'> {
  const dayZeroMs = (replay === null ? WARMUP_DAYS : daysBefore(replay)) * DAY_MS
  const measuredEndMs = dayZeroMs + measuredDays(scenario, replay) * DAY_MS
  const lastOrderMs = measuredEndMs + (replay === null ? COOLDOWN_DAYS * DAY_MS : 0)
  return { dayZeroMs, measuredEndMs, lastOrderMs, endMs: lastOrderMs + PATIENCE_DAYS * DAY_MS }
}

const daysBefore = ({ count, placedMs }: ReplayOrders): number =>
  count === 0 || placedMs[0] >= 0 ? 0 : Math.ceil(-placedMs[0] / DAY_MS)

/** The frame, and where its weeks begin. */
export function clockOf(network: Network, scenario: ScenarioSpec, replay: ReplayOrders | null): RunClock {
  const frame = frameOf(scenario, replay)
  const { dayZeroMs } = frame
  // The Monday on or before day 0, and then before the run.
  return { ...frame, weekStartMs: dayZeroMs - (network.startsOn + 7 * Math.ceil(dayZeroMs / WEEK_MS)) * DAY_MS }
}

/** Days whose orders are measured: as the scenario says, or from the first recorded order to the last. */
export const measuredDays = (scenario: ScenarioSpec, replay: ReplayOrders | null): number =>
  replay === null ? (scenario.days ?? DEFAULT_DAYS) : replayDays(replay)

const replayDays = (replay: ReplayOrders): number =>
  replay.count === 0 ? 1 : Math.floor(replay.placedMs[replay.count - 1] / DAY_MS) + 1

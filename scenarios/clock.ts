import type { Network } from '../sim/network.ts'
import type { ReplayOrders } from '../sim/replay.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import type { RunClock } from '../sim/sim.ts'
import { DAY_MS } from '../sim/units.ts'

/** Days before the first measured one, so that queues and pipelines are those of an ordinary morning. */
const WARMUP_DAYS = 3
/** Days of demand after the last measured one, so that its orders do not find the shop empty. */
export const COOLDOWN_DAYS = 2
/** How long orders may take to end before they count as open. */
const PATIENCE_DAYS = 60
export const DEFAULT_DAYS = 5

/** The frame of a run: drawn orders get a warm-up and a cool-down; recorded ones are measured from day 0 on, and those before it are the warm-up. */
export function clockOf(network: Network, scenario: ScenarioSpec, replay: ReplayOrders | null): RunClock {
  const warmup = replay === null ? WARMUP_DAYS : daysBefore(replay)
  const days = replay === null ? (scenario.days ?? DEFAULT_DAYS) : replayDays(replay)
  const dayZeroMs = warmup * DAY_MS
  const measuredEndMs = dayZeroMs + days * DAY_MS
  const lastOrderMs = measuredEndMs + (replay === null ? COOLDOWN_DAYS * DAY_MS : 0)
  return {
    dayZeroMs,
    measuredEndMs,
    lastOrderMs,
    endMs: lastOrderMs + PATIENCE_DAYS * DAY_MS,
    // The Monday on or before day 0, and then before the run.
    weekStartMs: dayZeroMs - (network.startsOn + 7 * Math.ceil(warmup / 7)) * DAY_MS,
  }
}

const daysBefore = ({ count, placedMs }: ReplayOrders): number =>
  count === 0 || placedMs[0] >= 0 ? 0 : Math.ceil(-placedMs[0] / DAY_MS)

export const replayDays = (replay: ReplayOrders): number =>
  replay.count === 0 ? 1 : Math.floor(replay.placedMs[replay.count - 1] / DAY_MS) + 1

import { weekdayIndex } from '../../sim/calendar.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import type { RunClock } from '../../sim/sim.ts'
import { DAY_MS } from '../../sim/units.ts'
import { DEFAULT_DAYS } from '../clock.ts'
import type { PolicyMix } from './draw-policies.ts'

/** A world of the swarm: everything a run needs, as plain data that crosses a thread. */
export type DrawnWorld = {
  readonly seed: string
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly policies: PolicyMix
  /** Days before the first measured one, and days of orders after the last. */
  readonly warmupDays: number
  readonly cooldownDays: number
}

/**
 * The frame of a drawn world's run. It is never over by itself: every order from day 0 on is measured, and whoever runs it stops when all
 * have ended, or calls it a failure when they do not.
 */
export function clockOfWorld({ spec, scenario, warmupDays, cooldownDays }: DrawnWorld): RunClock {
  const dayZeroMs = warmupDays * DAY_MS
  const lastOrderMs = dayZeroMs + ((scenario.days ?? DEFAULT_DAYS) + cooldownDays) * DAY_MS
  return {
    dayZeroMs,
    measuredEndMs: Number.POSITIVE_INFINITY,
    lastOrderMs,
    endMs: Number.POSITIVE_INFINITY,
    weekStartMs: dayZeroMs - (weekdayIndex(spec.startsOn) + 7) * DAY_MS,
  }
}

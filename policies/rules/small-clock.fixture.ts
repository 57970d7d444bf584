import { DAY_MS } from '../../sim/units.ts'
import type { RuleClock } from './order-in-hand.ts'

/** Three days of warm-up before a Monday. */
export const SMALL_CLOCK: RuleClock = { dayZeroMs: 3 * DAY_MS, weekStartMs: -4 * DAY_MS }

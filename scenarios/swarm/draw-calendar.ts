import { WEEKDAYS, type Weekday } from '../../sim/network-spec.ts'
import type { Luck } from './luck.ts'

/** Calendars with holes: every day, workdays, one day a week, or any others. */
export function drawDays(luck: Luck): Weekday[] {
  switch (luck.oneOf('week', ['all', 'workdays', 'one', 'any', 'any'] as const)) {
    case 'all':
      return [...WEEKDAYS]
    case 'workdays':
      return WEEKDAYS.slice(0, 5)
    case 'one':
      return [luck.oneOf('day', WEEKDAYS)]
    case 'any':
      return luck.someOf('days', WEEKDAYS, 0.6)
  }
}

/** A time of day on the quarter of an hour, both ends of the day more often than others. */
export function drawClock(luck: Luck): string {
  if (luck.chance('at an end', 0.15)) return clock(luck.chance('late', 0.5) ? 96 : 0)
  return clock(luck.whole('quarter', 0, 96))
}

export function clock(quarter: number): string {
  return `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`
}

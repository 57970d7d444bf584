import { weekdayIndex } from '../../sim/calendar.ts'
import type { Weekday } from '../../sim/network-spec.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../sim/units.ts'

/** Where a run's clock lies in the calendar: its time 0 in ms since 1970 (UTC), and how far local clocks are ahead of UTC. */
export type RunCalendar = { readonly zeroMs: number; readonly offsetMinutes: number }

/** An instant of the run as RFC 3339 with the local offset: "2026-11-11T20:00:03.120-03:00". */
export function stamp({ zeroMs, offsetMinutes }: RunCalendar, runMs: number): string {
  const local = new Date(zeroMs + runMs + offsetMinutes * MINUTE_MS).toISOString()
  return local.slice(0, -1) + offsetText(offsetMinutes)
}

/** "-03:00" */
function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** Local midnight of the day an instant lies in, in ms since 1970. */
export function localMidnight(ms: number, offsetMinutes: number): number {
  const local = ms + offsetMinutes * MINUTE_MS
  return Math.floor(local / DAY_MS) * DAY_MS - offsetMinutes * MINUTE_MS
}

/** 0 for Monday, of an instant on local clocks. 1970 began on a Thursday. */
const localWeekday = (ms: number, offsetMinutes: number): number =>
  (((Math.floor((ms + offsetMinutes * MINUTE_MS) / DAY_MS) + 3) % 7) + 7) % 7

/** The last local midnight at or before `ms` that begins such a weekday. */
export function midnightOf(weekday: Weekday, ms: number, offsetMinutes: number): number {
  const midnight = localMidnight(ms, offsetMinutes)
  const back = (localWeekday(midnight, offsetMinutes) - weekdayIndex(weekday) + 7) % 7
  return midnight - back * DAY_MS
}

/** Hours of the local day, 0 … 24, at an instant of a run that began at midnight. */
export const hourOfDay = (runMs: number): number => (runMs % DAY_MS) / HOUR_MS

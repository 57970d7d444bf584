import { DAY_MS, MINUTE_MS } from './units.ts'

/**
 * A moment as people write it: "day 2 20:00", counted from the first measured day, which is day 0.
 * "24:00" is allowed, so that "to the end of day 2" can be said.
 */
export const WHEN_PATTERN = '^day (0|[1-9][0-9]{0,3}) (([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'

/** A time of day: "06:30", and "24:00" for its end. */
export const CLOCK_PATTERN = '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'

const WHEN = new RegExp(WHEN_PATTERN)
const CLOCK = new RegExp(CLOCK_PATTERN)

/** Milliseconds from day 0, 00:00. */
export function parseWhen(text: string): number {
  const match = WHEN.exec(text)
  if (match === null) throw new Error(`"${text}" is not a moment; write it like "day 2 20:00"`)
  return Number(match[1]) * DAY_MS + parseClock(match[2])
}

/** The other way round, to the minute before; days before the first measured one come out negative. */
export function formatWhen(ms: number): string {
  const day = Math.floor(ms / DAY_MS)
  return `day ${day} ${formatClock(ms - day * DAY_MS)}`
}

/** Milliseconds from midnight. */
export function parseClock(text: string): number {
  if (!CLOCK.test(text)) throw new Error(`"${text}" is not a time of day; write it like "06:30"`)
  return (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * MINUTE_MS
}

function formatClock(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS)
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

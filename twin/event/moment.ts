/**
 * Moments as they come over a wire: RFC 3339 with an offset, "2026-11-11T20:00:03.120-03:00". A time without an offset is refused, since
 * nobody could say which instant it names. Read by hand, because a million a second are read: `Date.parse` takes twice as long.
 */

const FIXED = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/
const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const DAY_MS = 86_400_000

/** The instant in ms since 1970 (UTC), or NaN where the text names none. Parts of a ms are cut off. */
export function readMoment(text: string): number {
  if (text.length === 24) {
    const ms = readUsual(text)
    if (ms >= 0) return ms
  }
  if (!FIXED.test(text)) return Number.NaN
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  const hour = two(text, 11)
  const minute = two(text, 14)
  const second = two(text, 17)
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 60)
    return Number.NaN
  let at = 19
  let ms = 0
  if (text.charCodeAt(at) === 46) {
    let weight = 100
    for (at++; isDigit(text.charCodeAt(at)); at++) {
      ms += Math.floor(weight) * (text.charCodeAt(at) - 48)
      weight /= 10
    }
  }
  let offsetMinutes = 0
  const sign = text.charCodeAt(at)
  if (sign === 43 || sign === 45) {
    const hours = two(text, at + 1)
    const minutes = two(text, at + 4)
    if (hours > 23 || minutes > 59) return Number.NaN
    offsetMinutes = (sign === 43 ? 1 : -1) * (hours * 60 + minutes)
  }
  const minuteMs = daysSince1970(year, month, day) * DAY_MS + (hour * 60 + minute - offsetMinutes) * 60_000
  if (second < 60) return minuteMs + second * 1000 + ms
  // A leap second (RFC 3339, 5.7) ends a day of UTC and nothing else; our clock has no name for it but the last ms before.
  return (minuteMs + 60_000) % DAY_MS === 0 ? minuteMs + 59_999 : Number.NaN
}

let lastDay = -1
let lastDayMs = 0
/** "2026-11-11T23:00:03.120Z", as programs write it: most moments of a stream, and of the same day. −1 where it is anything else. */
function readUsual(text: string): number {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || text.charCodeAt(10) !== 84) return -1
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58 || text.charCodeAt(19) !== 46 || text.charCodeAt(23) !== 90)
    return -1
  const year = pair(text, 0) * 100 + pair(text, 2)
  const month = pair(text, 5)
  const day = pair(text, 8)
  const hour = pair(text, 11)
  const minute = pair(text, 14)
  const second = pair(text, 17)
  const hundredths = pair(text, 20)
  const thousandths = text.charCodeAt(22) - 48
  // What is no digit makes NaN of a pair, and no comparison with it holds.
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59)) return -1
  if (!(hundredths >= 0 && thousandths >= 0 && thousandths <= 9)) return -1
  const named = (year * 16 + month) * 32 + day
  if (named !== lastDay) {
    if (!(day <= daysIn(year, month))) return -1
    lastDay = named
    lastDayMs = daysSince1970(year, month, day) * DAY_MS
  }
  return lastDayMs + ((hour * 60 + minute) * 60 + second) * 1000 + hundredths * 10 + thousandths
}

/** The same instant as text in UTC, to the ms. */
export const writeMoment = (ms: number): string => new Date(ms).toISOString()

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const two = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
/** Two digits, or NaN. */
function pair(text: string, at: number): number {
  const a = text.charCodeAt(at) - 48
  const b = text.charCodeAt(at + 1) - 48
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : Number.NaN
}
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31

function daysSince1970(year: number, month: number, day: number): number {
  const y = year - 1
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) - 477
  return (year - 1970) * 365 + leaps + DAYS_BEFORE[month - 1] + (month > 2 && isLeap(year) ? 1 : 0) + day - 1
}

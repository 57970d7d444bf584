/** How times are written in a table: a pattern of YYYY MM DD HH mm ss, or ISO 8601, or seconds or milliseconds since 1970. */
export type TimeStyle = { readonly format: string; readonly zone: string | null }

export const ISO: TimeStyle = { format: 'iso', zone: null }

/**
 * Wall-clock time of the network as ms (as if it were UTC), or NaN for what is no time. A text without zone is taken as local as it stands; an
 * instant (epoch, or ISO with Z or an offset) is turned into the wall clock of `zone`, or of the offset it carries.
 */
export function parseTimestamp(text: string, { format, zone }: TimeStyle): number {
  if (format === 'epoch-s' || format === 'epoch-ms') {
    const instantMs = text.trim() === '' ? Number.NaN : Number(text) * (format === 'epoch-s' ? 1000 : 1)
    return zone ? toWallClock(instantMs, zone) : instantMs
  }
  return format === 'iso' ? parseIso(text, zone) : parsePattern(text, format)
}

/** `YYYY-MM-DDTHH:MM:SS`, the way orders.csv writes a time; empty for NaN. */
export function writeTimestamp(ms: number): string {
  return Number.isNaN(ms) ? '' : new Date(Math.round(ms / 1000) * 1000).toISOString().slice(0, 19)
}

const ISO_SHAPE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/

function parseIso(text: string, zone: string | null): number {
  const parts = ISO_SHAPE.exec(text.trim())
  if (!parts) return Number.NaN
  const [, year, month, day, hour = '0', minute = '0', second = '0', offset] = parts
  const wallMs = utc(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
  if (!offset || !zone) return wallMs
  const sign = offset.startsWith('-') ? -1 : 1
  const [hours, minutes] = offset === 'Z' ? [0, 0] : [Number(offset.slice(1, 3)), Number(offset.slice(-2))]
  return toWallClock(wallMs - sign * (hours * 60 + minutes) * 60_000, zone)
}

const PATTERN_PARTS = /YYYY|YY|MM|M|DD|D|HH|H|mm|ss/g

function parsePattern(text: string, format: string): number {
  const names: string[] = []
  // Everything that is no part of the time is taken literally, then the parts become groups.
  const literal = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const shape = literal.replace(PATTERN_PARTS, (part) => {
    names.push(part)
    if (part === 'YYYY') return '(\\d{4})'
    return part.length === 1 ? '(\\d{1,2})' : '(\\d{2})'
  })
  const found = new RegExp(`^${shape}$`).exec(text.trim())
  if (!found) return Number.NaN
  const part = (letter: string, missing: number): number => {
    const at = names.findIndex((name) => name.startsWith(letter))
    return at < 0 ? missing : Number(found[at + 1])
  }
  const year = part('Y', Number.NaN)
  return utc(year < 100 ? 2000 + year : year, part('M', 1), part('D', 1), part('H', 0), part('m', 0), part('s', 0))
}

/** NaN for the 31st of June and 25 o'clock, which Date would carry over in silence. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const honest = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  return honest ? date.getTime() : Number.NaN
}

const offsets = new Map<string, number>()

/** Offsets change on the quarter hour at most, so one look into the time zone tables serves all instants of it. */
function toWallClock(instantMs: number, zone: string): number {
  if (Number.isNaN(instantMs)) return instantMs
  const quarter = Math.floor(instantMs / 900_000)
  const key = `${zone}|${quarter}`
  let offsetMs = offsets.get(key)
  if (offsetMs === undefined) {
    const at = new Date(quarter * 900_000)
    const fields = {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    } as const
    const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', ...fields }).formatToParts(at)
    const get = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
    offsetMs = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second')) - at.getTime()
    offsets.set(key, offsetMs)
  }
  return instantMs + offsetMs
}

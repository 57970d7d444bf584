import { didYouMean } from '../../scenarios/read/suggest.ts'
import { FEED_IDS, type LiveEvent } from '../event/feeds.ts'
import { type EventKind, flawsOf, KINDS, pathOf } from '../event/kind.ts'
import { readMoment, writeMoment } from '../event/moment.ts'
import { COLDEST, inHeldUnit, type Quantity } from '../event/quantity.ts'
import type { KnownIds } from './known-ids.ts'
import type { Reason, ReasonCode } from './reason.ts'

/** What a checked line is. One is made and filled again for each line, since a million a second are checked. */
export type Checked = { kind: EventKind | null; atMs: number; reason: Reason | null }

/** Nobody's parcels were tracked by this twin before; a device that says so has a clock that was never set. */
const CLOCKS_BEGIN_MS = Date.UTC(2000, 0, 1)

/** What is lost where one unit is made of another, °C. */
const ROUNDED = 1e-6

/**
 * Whether a value is an event that the twin can use: a known kind, of its schema, at a moment that exists and is not past `latestMs`; where `known` is
 * given, naming nothing that its network has not. Fills `into` with its kind and instant, or with the first reason against it.
 */
export function checkEvent(value: unknown, latestMs: number, into: Checked, known: KnownIds | null = null): value is LiveEvent {
  into.reason = null
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return no(into, 'no-object', 'event', shown(value), 'write one JSON object for each event')
  const event = value as Record<string, unknown>
  const types = KINDS.get(event.feed as string)
  if (types === undefined) return unknownWord(into, 'unknown-feed', 'feed', event.feed, FEED_IDS)
  const kind = types.get(event.type as string)
  if (kind === undefined) return unknownWord(into, 'unknown-type', 'type', event.type, [...types.keys()])
  into.kind = kind
  if (!kind.passes(value)) {
    const flaw = flawsOf(kind, value)[0]
    if (flaw !== undefined) return no(into, 'malformed', pathOf(flaw), unlessPersonal(flaw.path[0], flaw.found), flaw.fix)
  }
  // The schema bounds a value in all of its units at once.
  if (kind.hasTemperature && inHeldUnit('temperature', event.temperature as Quantity) < COLDEST - ROUNDED) {
    const { value } = event.temperature as Quantity
    return no(into, 'malformed', 'temperature.value', String(value), `write a temperature that there is: from ${COLDEST} Cel up`)
  }
  const atMs = readMoment(event.at as string)
  into.atMs = atMs
  if (Number.isNaN(atMs)) return noSuchMoment(into, 'at', event.at)
  for (const field of kind.moments) {
    const said = event[field]
    if (said !== undefined && Number.isNaN(readMoment(said as string))) return noSuchMoment(into, field, said)
  }
  if (atMs > latestMs)
    return no(
      into,
      'ahead-of-time',
      'at',
      shown(event.at),
      `a moment up to ${writeMoment(latestMs)}: look at the clock and the offset of ${shown(event.source)}`,
    )
  if (atMs < CLOCKS_BEGIN_MS)
    return no(into, 'clock-never-set', 'at', shown(event.at), `set the clock of ${shown(event.source)} and send it again`)
  return known === null || namesKnown(event, kind, known, into)
}

function namesKnown(event: Record<string, unknown>, kind: EventKind, known: KnownIds, into: Checked): boolean {
  for (const field of kind.ids) {
    const id = event[field] as string | undefined
    if (id !== undefined && !known.has(field, id)) return no(into, 'unknown-id', field, shown(id), known.nearest(field, id))
  }
  if (!kind.hasLines || event.lines === undefined) return true
  const lines = event.lines as readonly { readonly sku: string }[]
  for (let i = 0; i < lines.length; i++) {
    const { sku } = lines[i]
    if (!known.has('sku', sku)) return no(into, 'unknown-id', `lines[${i}].sku`, shown(sku), known.nearest('sku', sku))
  }
  return true
}

function unknownWord(into: Checked, code: ReasonCode, field: string, word: unknown, known: readonly string[]): false {
  const fix = typeof word === 'string' ? didYouMean(word.slice(0, 60), known) : `add \`${field}\`: one of ${known.join(', ')}`
  return no(into, code, field, shown(word), fix)
}

const noSuchMoment = (into: Checked, field: string, said: unknown): false =>
  no(into, 'no-such-moment', field, shown(said), 'write a day and a time that exist, with an offset such as -03:00')

function no(into: Checked, code: ReasonCode, field: string, found: string, fix: string): false {
  into.reason = { code, field: field.slice(0, 200), found, fix }
  return false
}

/** What stands under `person` is never repeated, not even to say that it is wrong. */
const unlessPersonal = (field: string | number | undefined, found: string): string =>
  field === 'person' && found.startsWith('"') ? 'a text that is no such thing' : found

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return value.length > 60 ? `"${value.slice(0, 57)}…"` : `"${value}"`
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' ? 'a map' : String(value)
}

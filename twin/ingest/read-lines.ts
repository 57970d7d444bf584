import { isUtf8 } from 'node:buffer'
import type { Reason } from './reason.ts'

/** A body as values, one for each line that is not blank. What cannot be read is null in `values` and has a reason. */
export type Lines = {
  readonly values: unknown[]
  /** Line of the body that each value stands on, from 1; null: value i is on line i + 1. */
  readonly numbers: readonly number[] | null
  /** Reasons by place in `values`. */
  readonly unreadable: ReadonlyMap<number, Reason>
  /** The body as it came has value i on line i and nothing else: it can be stored as it is. */
  readonly asStored: boolean
  /** The text of value i as it was sent, on one line. */
  raw(i: number): string
}

/** A line may be so long: an order of a thousand lines is shorter. */
export const LINE_CHARS_MAX = 1_000_000

const NONE: ReadonlyMap<number, Reason> = new Map()

/**
 * NDJSON as values. All lines are parsed at once, as one array with a 0 between any two: the zeros stand where they must only if each
 * line is one value by itself, and so no line can borrow a part of its neighbour. Where that fails, each line is read alone.
 */
export function readLines(bytes: Uint8Array): Lines {
  const text = textOf(bytes)
  if (isUtf8(bytes)) {
    const all = atOnce(text)
    if (all !== null)
      return { values: all, numbers: null, unreadable: NONE, asStored: text.length > 0 && bytes[0] === 123, raw: rawLines(text) }
    return oneByOne(text, false)
  }
  return oneByOne(text, true)
}

/** One JSON text: a list of events, or one event; what is neither is read as NDJSON, since many send that under this name. */
export function readJson(bytes: Uint8Array): Lines {
  const text = textOf(bytes)
  if (!isUtf8(bytes)) return oneByOne(text, true)
  let whole: unknown
  try {
    whole = JSON.parse(text)
  } catch (error) {
    if (text.trimStart().startsWith('{') && text.trim().includes('\n')) return readLines(bytes)
    return {
      values: [null],
      numbers: null,
      asStored: false,
      unreadable: new Map([[0, unreadable(error)]]),
      raw: () => text.replace(/[\r\n]+/g, ' '),
    }
  }
  const values = Array.isArray(whole) ? whole : [whole]
  return {
    values,
    numbers: null,
    unreadable: NONE,
    asStored: false,
    raw: (i) => jsonOf(values[i]) ?? text.replace(/[\r\n]+/g, ' '),
  }
}

/** JSON that is nested deeper than it can be written again is still read: then null. */
function jsonOf(value: unknown): string | null {
  try {
    return JSON.stringify(value)
  } catch {
    return null
  }
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\uFEFF/, '')

function atOnce(text: string): unknown[] | null {
  const end = text.endsWith('\n') ? text.length - 1 : text.length
  if (end === 0) return []
  let all: unknown[]
  try {
    all = JSON.parse(`[${text.slice(0, end).replaceAll('\n', ',0,')}]`) as unknown[]
  } catch {
    return null
  }
  const count = all.length
  if (count % 2 === 0) return null
  for (let i = 1; i < count; i += 2) {
    if (all[i] !== 0) return null
    all[i >> 1] = all[i - 1]
  }
  all[count >> 1] = all[count - 1]
  all.length = (count + 1) >> 1
  return all
}

function oneByOne(text: string, garbled: boolean): Lines {
  const values: unknown[] = []
  const numbers: number[] = []
  const raws: string[] = []
  const wrong = new Map<number, Reason>()
  let number = 0
  for (const line of text.split('\n')) {
    number++
    if (line.trim() === '') continue
    numbers.push(number)
    raws.push(line)
    let value: unknown = null
    if (line.length > LINE_CHARS_MAX) wrong.set(values.length, tooLong(line.length))
    else if (garbled && line.includes('\uFFFD')) wrong.set(values.length, NOT_UTF8)
    else {
      try {
        value = JSON.parse(line)
      } catch (error) {
        wrong.set(values.length, unreadable(error))
      }
    }
    values.push(value)
  }
  return { values, numbers, unreadable: wrong, asStored: false, raw: (i) => raws[i].trim() }
}

function rawLines(text: string): (i: number) => string {
  let lines: string[] | null = null
  return (i) => {
    lines ??= text.split('\n')
    return lines[i].trim()
  }
}

const NOT_UTF8: Reason = { code: 'unreadable', field: 'event', found: 'letters that are not UTF-8', fix: 'write it as UTF-8' }

const tooLong = (chars: number): Reason => ({
  code: 'too-long',
  field: 'event',
  found: `a line of ${chars} characters`,
  fix: `write at most ${LINE_CHARS_MAX} characters in a line; one event is one line`,
})

/** The parser's own words quote the text, and the text may hold what is personal: only the place is told. */
function unreadable(error: unknown): Reason {
  const place = /position (\d+)/.exec((error as Error).message)?.[1]
  const found = place === undefined ? 'text that ends too early, or is no JSON' : `no JSON at character ${Number(place) + 1}`
  return { code: 'unreadable', field: 'event', found, fix: 'write one JSON object on one line, in double quotes' }
}

import { InputError } from '../../scenarios/read/problem.ts'
import type { LiveView, OrderView, SiteView } from './live-state.ts'
import type { Comparison, Condition, Question, When } from './query.ts'

/** A row of an answer: the fields of one site or order, and of the future the odds. */
export type Row = Readonly<Record<string, number | string | null>>
export type Answer = {
  /** Instants that were looked at: of a stretch each hour. */
  readonly lookedAt: readonly number[]
  readonly rows: readonly Row[]
  /** There are more than the limit. */
  readonly more: boolean
}

/** A forecast as plain data: for each hour and site each replication's value of a field. */
export type ForecastData = {
  readonly replications: number
  readonly hours: readonly {
    readonly atMs: number
    readonly sites: readonly { readonly warehouse: string; readonly values: Readonly<Record<string, readonly number[]>> }[]
  }[]
}

export type AskParts = {
  readonly state: LiveView & { at(ms: number): LiveView }
  readonly nowMs: number
  readonly forecast: ForecastData | null
  /** Minutes that local time is ahead of UTC: where a day begins. */
  readonly offsetMinutes?: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Of a longer stretch not every hour is looked at. */
const LOOKS = 200
/** Odds that are asked for where nothing is said. */
const USUAL_ODDS = { how: '>' as Comparison, value: 0.5 }

/** Answers a question. Of a stretch of the past what held in any of its hours counts, as it was in the first of them. */
export function answer(question: Question, parts: AskParts): Answer {
  const { fromMs, untilMs } = stretchOf(question.when, parts)
  if (untilMs > parts.nowMs) return ofFuture(question, parts, fromMs, untilMs)
  const lookedAt = instantsOf(fromMs, untilMs)
  const found = new Map<string, Row>()
  for (const ms of lookedAt) {
    const view = question.when.is === 'now' ? parts.state : parts.state.at(ms)
    for (const row of rowsOf(question.subject, view, ms)) {
      const key = String(row.id ?? row.warehouse)
      if (!found.has(key) && (question.where === null || holds(question.where, row) === true)) found.set(key, row)
    }
  }
  return cut(question, lookedAt, [...found.values()])
}

/** Odds are the share of replications in which the condition holds in any hour of the stretch. */
function ofFuture(question: Question, { forecast, nowMs }: AskParts, fromMs: number, untilMs: number): Answer {
  const wrong = (found: string, fix: string): InputError =>
    new InputError([{ file: 'question', line: 1, field: 'when', found, fix }])
  if (question.subject === 'orders') throw wrong('orders of the future', 'ask about sites, or see the dossier of an order')
  if (forecast === null) throw wrong('no forecast', 'make one first, or ask about now or the past')
  const hours = forecast.hours.filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs && atMs > nowMs)
  if (hours.length === 0)
    throw wrong('a time that the forecast does not reach', 'ask about an earlier one, or make a longer forecast')
  const told = new Set(hours.flatMap(({ sites }) => sites.flatMap(({ values }) => Object.keys(values))))
  const missing =
    question.where === null ? undefined : fieldsOf(question.where).find((field) => field !== 'warehouse' && !told.has(field))
  if (missing !== undefined) throw wrong(`${missing}, which is not forecast`, `ask about ${[...told].sort().join(', ')}`)
  const { how, value } = question.odds ?? USUAL_ODDS
  const rows: Row[] = []
  for (const warehouse of new Set(hours.flatMap(({ sites }) => sites.map((site) => site.warehouse)))) {
    let held = 0
    for (let run = 0; run < forecast.replications; run++) {
      const some = hours.some(({ sites }) => {
        const site = sites.find((one) => one.warehouse === warehouse)
        if (site === undefined) return false
        const row: Record<string, number | string | null> = { warehouse }
        for (const [field, values] of Object.entries(site.values)) row[field] = values[run] ?? null
        return question.where === null || holds(question.where, row) === true
      })
      if (some) held++
    }
    const p = held / forecast.replications
    if (compares(p, how, value)) rows.push({ warehouse, p })
  }
  return cut(
    { ...question, by: question.by ?? { field: 'p', down: true } },
    hours.map(({ atMs }) => atMs),
    rows,
  )
}

function stretchOf(when: When, { nowMs, offsetMinutes = 0 }: AskParts): { fromMs: number; untilMs: number } {
  if (when.is === 'now') return { fromMs: nowMs, untilMs: nowMs }
  if (when.is === 'instant') return { fromMs: when.atMs, untilMs: when.atMs }
  if (when.is === 'relative') return { fromMs: nowMs + when.fromMs, untilMs: nowMs + when.untilMs }
  const offset = offsetMinutes * 60_000
  const today = Math.floor((nowMs + offset) / DAY_MS) * DAY_MS - offset
  const fromMs = today + when.day * DAY_MS
  // What is left of today is to come; tomorrow ends before midnight.
  return { fromMs, untilMs: fromMs + DAY_MS - 1 }
}

function instantsOf(fromMs: number, untilMs: number): number[] {
  const apart = Math.max(HOUR_MS, Math.ceil((untilMs - fromMs) / LOOKS))
  const instants: number[] = []
  for (let ms = fromMs; ms < untilMs; ms += apart) instants.push(ms)
  return [...instants, untilMs]
}

function* rowsOf(subject: Question['subject'], view: LiveView, ms: number): Generator<Row> {
  if (subject === 'sites') for (const site of view.sites()) yield siteRow(site)
  else for (const order of view.openOrders()) yield orderRow(order, ms)
}

function siteRow({ warehouse, parcels, stations, temperature }: SiteView): Row {
  const told = Object.values(stations)
  const busy = told.map((one) => one.busy).filter((one) => one !== null)
  return {
    warehouse,
    // Its busiest station: a site is as full as what holds it up.
    load: busy.length === 0 ? null : Math.max(...busy),
    queue: told.length === 0 ? null : told.reduce((sum, one) => sum + one.queue, 0),
    hands: told.length === 0 ? null : told.reduce((sum, one) => sum + one.hands, 0),
    celsius: temperature?.celsius ?? null,
    parcels: Object.values(parcels).reduce((sum, one) => sum + one, 0),
    ...parcels,
  }
}

function orderRow({ id, state, zone, placedMs, promisedMs, lines, parts, refused }: OrderView, ms: number): Row {
  const waits = parts.find((part) => part.state === state) ?? parts[0]
  // An order that has arrived is as late as it was then.
  const deliveredMs = state === 'delivered' ? Math.max(...parts.map(({ sinceMs }) => sinceMs)) : null
  return {
    id,
    state,
    zone,
    warehouse: waits?.warehouse ?? null,
    service: waits?.service ?? null,
    hub: waits?.hub ?? null,
    age: placedMs === null ? null : (ms - placedMs) / HOUR_MS,
    waiting: waits === undefined || waits.sinceMs === 0 ? null : (ms - waits.sinceMs) / HOUR_MS,
    overdue: promisedMs === null ? null : ((deliveredMs ?? ms) - promisedMs) / HOUR_MS,
    units: lines.reduce((sum, line) => sum + line.units, 0),
    parcels: parts.length,
    refused,
  }
}

/** Null where a field is not known: neither it nor its opposite holds. A count that no site tells is 0. */
function holds(condition: Condition, row: Row): boolean | null {
  if (condition.is === 'not') {
    const one = holds(condition.one, row)
    return one === null ? null : !one
  }
  if (condition.is === 'compare') {
    const value = condition.field in row ? row[condition.field] : 0
    return value === null ? null : compares(value, condition.how, condition.value)
  }
  let unknown = false
  for (const one of condition.all) {
    const held = holds(one, row)
    if (held === null) unknown = true
    else if (held === (condition.is === 'or')) return held
  }
  return unknown ? null : condition.is === 'and'
}

function fieldsOf(condition: Condition): string[] {
  if (condition.is === 'compare') return [condition.field]
  return condition.is === 'not' ? fieldsOf(condition.one) : condition.all.flatMap(fieldsOf)
}

function compares(a: number | string, how: Comparison, b: number | string): boolean {
  if (how === '=') return a === b
  if (how === '!=') return a !== b
  if (how === '<') return a < b
  if (how === '<=') return a <= b
  return how === '>' ? a > b : a >= b
}

function cut({ by, limit }: Question, lookedAt: readonly number[], rows: Row[]): Answer {
  if (by !== null) {
    const sign = by.down ? -1 : 1
    const of = (row: Row): number | string | null => row[by.field] ?? null
    // What is not known comes last.
    rows.sort((a, b) => {
      const [x, y] = [of(a), of(b)]
      if (x === null || y === null) return Number(x === null) - Number(y === null)
      return x === y ? 0 : sign * (x < y ? -1 : 1)
    })
  }
  return { lookedAt, rows: rows.slice(0, limit), more: rows.length > limit }
}

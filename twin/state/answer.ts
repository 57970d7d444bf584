import { InputError } from '../../scenarios/read/problem.ts'
import type { Forecast } from '../futures/forecast.ts'
import { oddsOf } from '../futures/odds.ts'
import { SITE_FIELDS } from '../futures/site-fields.ts'
import { hasArrived } from '../order/steps.ts'
import type { LiveState, LiveView, OrderView, SiteView } from './live-state.ts'
import type { Comparison, Condition, Question, When } from './query.ts'

/** A row of an answer: the fields of one site or order, and of the future the odds. */
export type Row = Readonly<Record<string, number | string | boolean | null>>
export type Answer = {
  /** Instants that were looked at: of a stretch each hour. */
  readonly lookedAt: readonly number[]
  readonly rows: readonly Row[]
  /** There are more than the limit. */
  readonly more: boolean
  /** Of the future: sites that are not among the rows, but might be by what so few futures can tell. */
  readonly undecided: readonly string[]
}

export type AskParts = {
  readonly state: LiveView & Pick<LiveState, 'at' | 'history'>
  readonly nowMs: number
  readonly forecast: Forecast | null
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
    for (const row of rowsOf(question.subject, view, ms, parts.state)) {
      const key = String(row.id ?? row.warehouse)
      if (!found.has(key) && (question.where === null || holds(question.where, row) === true)) found.set(key, row)
    }
  }
  return cut(question, lookedAt, [...found.values()])
}

/** How far ahead a question looks, ms since 1970; null where it asks of what is known. What a future cannot tell is refused before one is made. */
export function looksAheadTo(question: Question, parts: Omit<AskParts, 'forecast' | 'state'>): number | null {
  const { untilMs } = stretchOf(question.when, parts)
  if (untilMs <= parts.nowMs) return null
  if (question.subject === 'orders')
    throw wrong('subject', 'orders of the future', 'ask about sites, or see the dossier of an order')
  const fields = question.where === null ? [] : fieldsOf(question.where)
  const missing = fields.find((field) => field !== 'warehouse' && !SITE_FIELDS.includes(field))
  if (missing !== undefined) throw wrong('where', `${missing}, which is not forecast`, `ask about ${SITE_FIELDS.join(', ')}`)
  if (question.by !== null && question.by.field !== 'warehouse')
    throw wrong('by', `${question.by.field}, of which each future has its own`, 'leave it out: the likeliest come first')
  if (fields.every((field) => field === 'warehouse'))
    throw wrong('where', 'nothing that could happen', 'say what should hold, such as load > 0.95')
  return untilMs
}

const wrong = (field: string, found: string, fix: string): InputError =>
  new InputError([{ file: 'question', line: 1, field, found, fix }])

/** Odds are the share of replications in which the condition holds in any hour of the stretch, hours counted from the present; of an instant, in the hour that is nearest. */
function ofFuture(question: Question, parts: AskParts, fromMs: number, untilMs: number): Answer {
  const { forecast, nowMs } = parts
  looksAheadTo(question, parts)
  if (forecast === null) throw wrong('when', 'no forecast', 'ask about now or the past')
  const isThen = (atMs: number): boolean =>
    fromMs === untilMs ? Math.abs(atMs - fromMs) <= HOUR_MS / 2 : atMs >= fromMs && atMs <= untilMs && atMs > nowMs
  const hours = forecast.hours.flatMap((atMs, hour) => (hour > 0 && isThen(atMs) ? [hour] : []))
  if (hours.length === 0) {
    const isOver = untilMs < nowMs + HOUR_MS
    const fix = isOver ? 'ask about now, or a later time' : 'ask about an earlier one'
    throw wrong('when', isOver ? 'a stretch without an hour to come' : 'a time that the forecast does not reach', fix)
  }
  const { how, value } = question.odds ?? USUAL_ODDS
  const { where } = question
  const rows: Row[] = []
  const undecided: string[] = []
  forecast.warehouses.forEach((warehouse, w) => {
    const inHour = hours.map(() => 0)
    let held = 0
    for (let run = 0; run < forecast.replications; run++) {
      let some = false
      hours.forEach((hour, i) => {
        if (where !== null && holds(where, siteIn(forecast, run, hour, w)) !== true) return
        inHour[i]++
        some = true
      })
      if (some) held++
    }
    const { p, low, high } = oddsOf(held, forecast.replications)
    const [isLow, isHigh] = [compares(low, how, value), compares(high, how, value)]
    if (compares(p, how, value)) {
      const most = inHour.indexOf(Math.max(...inHour))
      const hourly = held === 0 ? {} : { mostAtMs: forecast.hours[hours[most]], pThen: inHour[most] / forecast.replications }
      rows.push({ warehouse, p, low, high, sure: isLow && isHigh, ...hourly })
    } else if (isLow || isHigh) undecided.push(warehouse)
  })
  const by = question.by ?? { field: 'p', down: true }
  return {
    ...cut(
      { ...question, by },
      hours.map((hour) => forecast.hours[hour]),
      rows,
    ),
    undecided,
  }
}

function siteIn(forecast: Forecast, run: number, hour: number, w: number): Row {
  const row: Record<string, number | string | null> = { warehouse: forecast.warehouses[w] }
  forecast.fields.forEach((field, f) => {
    row[field] = forecast.value(run, hour, w, f)
  })
  return row
}

function stretchOf(
  when: When,
  { nowMs, offsetMinutes = 0 }: Pick<AskParts, 'nowMs' | 'offsetMinutes'>,
): { fromMs: number; untilMs: number } {
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

function* rowsOf(subject: Question['subject'], view: LiveView, ms: number, state: Histories): Generator<Row> {
  if (subject === 'sites') for (const site of view.sites()) yield siteRow(site)
  else for (const order of view.openOrders()) yield orderRow(order, ms, state)
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

type Histories = Pick<LiveState, 'history'>
function orderRow(order: OrderView, ms: number, histories: Histories): Row {
  const { id, state, zone, placedMs, promisedMs, lines, parts, refused } = order
  const waits = parts.find((part) => part.state === state) ?? parts[0]
  // An order that has arrived is as late as it was then.
  const deliveredMs = hasArrived(state) ? arrivedMs(order, ms, histories) : null
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

/** When the customer had all of it: of what he sends back, when it had come. */
function arrivedMs({ id, state, parts }: OrderView, ms: number, { history }: Histories): number | null {
  if (state === 'delivered') return Math.max(...parts.map(({ sinceMs }) => sinceMs))
  const told = history(id).filter(({ atMs, refused }) => atMs <= ms && !refused)
  return (told.findLast(({ after }) => after === 'delivered') ?? told.find(({ after }) => hasArrived(after)))?.atMs ?? null
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

function compares(a: number | string | boolean, how: Comparison, b: number | string): boolean {
  if (how === '=') return a === b
  if (how === '!=') return a !== b
  if (how === '<') return a < b
  if (how === '<=') return a <= b
  return how === '>' ? a > b : a >= b
}

function cut({ by, limit }: Question, lookedAt: readonly number[], rows: Row[]): Answer {
  if (by !== null) {
    const sign = by.down ? -1 : 1
    const of = (row: Row): Row[string] => row[by.field] ?? null
    // What is not known comes last.
    rows.sort((a, b) => {
      const [x, y] = [of(a), of(b)]
      if (x === null || y === null) return Number(x === null) - Number(y === null)
      return x === y ? 0 : sign * (x < y ? -1 : 1)
    })
  }
  return { lookedAt, rows: rows.slice(0, limit), more: rows.length > limit, undecided: [] }
}

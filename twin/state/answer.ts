import { InputError } from '../../scenarios/read/problem.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Forecast, Table } from '../futures/forecast.ts'
import { oddsOf } from '../futures/odds.ts'
import { PLACE_FIELDS } from '../futures/place-fields.ts'
import { SITE_FIELDS } from '../futures/site-fields.ts'
import type { OrderStateId } from '../order/lifecycle.ts'
import { hasArrived } from '../order/steps.ts'
import type { LiveState, LiveView, OrderView, SiteView } from './live-state.ts'
import { isOnTheWay } from './portrait.ts'
import type { Comparison, Condition, Question, When } from './query.ts'

/** A row of an answer: the fields of one site or order, and of the future the odds. */
export type Row = Readonly<Record<string, number | string | boolean | null>>
export type Answer = {
  /** Instants that were looked at: of a stretch each hour. */
  readonly lookedAt: readonly number[]
  readonly rows: readonly Row[]
  /** There are more than the limit. */
  readonly more: boolean
  /** Of the future: those that are not among the rows, but might be by what so few futures can tell; no more than the limit. */
  readonly undecided: readonly string[]
}

export type AskParts = {
  readonly state: LiveView & Pick<LiveState, 'at' | 'history'>
  readonly nowMs: number
  readonly forecast: Forecast | null
  /** Minutes that local time is ahead of UTC: where a day begins. */
  readonly offsetMinutes?: number
  /** In which region zones lie; of others it is not known. */
  readonly regions?: ReadonlyMap<string, string>
}

export const regionsOf = (spec: NetworkSpec | null): ReadonlyMap<string, string> =>
  new Map((spec?.zones ?? []).map(({ id, region }) => [id, region]))

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
    for (const row of rowsOf(question.subject, view, ms, parts)) {
      const key = String(row[NAMED_BY[question.subject]])
      if (!found.has(key) && (question.where === null || holds(question.where, row) === true)) found.set(key, row)
    }
  }
  return cut(question, lookedAt, [...found.values()])
}

/** How far ahead a question looks, ms since 1970; null where it asks of what is known. What a future cannot tell is refused before one is made. */
export function looksAheadTo(question: Question, parts: Omit<AskParts, 'forecast' | 'state'>): number | null {
  const { untilMs } = stretchOf(question.when, parts)
  if (untilMs <= parts.nowMs) return null
  const { subject } = question
  const { happens, lasts } = FORESEEN[subject]
  const fields = question.where === null ? [] : fieldsOf(question.where)
  const missing = fields.find((field) => !lasts.includes(field) && !happens.includes(field))
  if (missing !== undefined)
    throw wrong('where', `${missing}, which is not forecast`, `ask about ${[...happens, ...lasts].join(', ')}`)
  const by = question.by?.field
  if (by !== undefined && by !== NAMED_BY[subject])
    throw wrong('by', `${by}, of which each future has its own`, 'leave it out: the likeliest come first')
  if (!fields.some((field) => happens.includes(field)))
    throw wrong('where', 'nothing that could happen', `say what should hold, such as ${FORESEEN[subject].such}`)
  return untilMs
}

/** By which field the rows of a subject are known. */
const NAMED_BY = { sites: 'warehouse', zones: 'zone', services: 'service', orders: 'id' } as const
/** What futures tell of each, what of it stays as it is, and an example. */
const FORESEEN: Readonly<
  Record<Question['subject'], { readonly happens: readonly string[]; readonly lasts: readonly string[]; readonly such: string }>
> = {
  sites: { happens: SITE_FIELDS, lasts: ['warehouse'], such: 'load > 0.95' },
  zones: { happens: PLACE_FIELDS, lasts: ['zone', 'region'], such: 'lateShare > 0.1' },
  services: { happens: PLACE_FIELDS, lasts: ['service'], such: 'lateShare > 0.1' },
  orders: { happens: ['overdue'], lasts: ['id', 'zone', 'warehouse', 'service', 'units', 'refused'], such: 'overdue > 0' },
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
  const named = NAMED_BY[question.subject]
  for (const { name, at } of aheadOf(question.subject, forecast, parts)) {
    const inHour = hours.map(() => 0)
    let held = 0
    for (let run = 0; run < forecast.replications; run++) {
      let some = false
      hours.forEach((hour, i) => {
        if (where !== null && holds(where, at(run, hour)) !== true) return
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
      rows.push({ [named]: name, p, low, high, sure: isLow && isHigh, ...hourly })
    } else if (isLow || isHigh) undecided.push(name)
  }
  const by = question.by ?? { field: 'p', down: true }
  return {
    ...cut(
      { ...question, by },
      hours.map((hour) => forecast.hours[hour]),
      rows,
    ),
    undecided: undecided.slice(0, question.limit),
  }
}

/** Whatever a question may be about, and what a future says of it at an hour. */
type Ahead = { readonly name: string; readonly at: (run: number, hour: number) => Row }

function* aheadOf(subject: Question['subject'], forecast: Forecast, parts: AskParts): Generator<Ahead> {
  if (subject === 'orders') {
    yield* ordersAhead(forecast, parts)
    return
  }
  const table: Table = forecast[subject]
  for (const [place, name] of table.names.entries()) {
    const known = { [NAMED_BY[subject]]: name, ...(subject === 'zones' ? { region: parts.regions?.get(name) ?? null } : {}) }
    yield {
      name,
      at: (run, hour) => {
        const row: Record<string, number | string | null> = { ...known }
        table.fields.forEach((field, f) => {
          row[field] = table.value(run, hour, place, f)
        })
        return row
      },
    }
  }
}

/** An order that is under way at an hour is as much overdue as that hour says, to the hour; once it has come it grows no later. */
function* ordersAhead({ orders, hours }: Forecast, { state, nowMs }: AskParts): Generator<Ahead> {
  if (orders === null) {
    const fix = 'ask about zones or services, or see the dossier of an order'
    throw wrong('subject', 'more open orders than futures tell one by one', fix)
  }
  for (const [i, id] of orders.ids.entries()) {
    const order = state.order(id)
    // It came while the futures were made.
    if (order === null || order.promisedMs === null || hasArrived(order.state)) continue
    const promised = order.promisedMs
    // One row for all hours of all futures: there are many orders.
    const row: Record<string, Row[string]> = { ...orderRow(order, nowMs, state) }
    yield {
      name: id,
      at: (run, hour) => {
        row.overdue = (hours[Math.min(hour, orders.lastSeen(run, i))] - promised) / HOUR_MS
        return row
      },
    }
  }
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

function* rowsOf(subject: Question['subject'], view: LiveView, ms: number, parts: AskParts): Generator<Row> {
  if (subject === 'sites') for (const site of view.sites()) yield siteRow(site)
  else if (subject === 'orders') for (const order of view.openOrders()) yield orderRow(order, ms, parts.state)
  else yield* placeRows(subject, view, ms, parts.regions)
}

/** Parcels on their way to each zone, or with each service. */
function placeRows(
  subject: 'zones' | 'services',
  view: LiveView,
  ms: number,
  regions: AskParts['regions'],
): Iterable<Record<string, number | string | null>> {
  const found = new Map<string, Record<string, number | string | null> & { parcels: number; late: number }>()
  const add = (name: string | null, state: OrderStateId, isLate: boolean): void => {
    if (name === null || !isOnTheWay(state)) return
    const row = found.get(name) ?? {
      ...(subject === 'zones' ? { zone: name, region: regions?.get(name) ?? null } : { service: name }),
      parcels: 0,
      late: 0,
    }
    found.set(name, row)
    row.parcels++
    if (isLate) row.late++
    row[state] = Number(row[state] ?? 0) + 1
    row.lateShare = row.late / row.parcels
  }
  for (const { zone, state, parts, promisedMs } of view.openOrders()) {
    const isLate = promisedMs !== null && promisedMs < ms
    if (parts.length === 0) add(subject === 'zones' ? zone : null, state, isLate)
    for (const part of parts) add(subject === 'zones' ? zone : part.service, part.state, isLate)
  }
  return found.values()
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

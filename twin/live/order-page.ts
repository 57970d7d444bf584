import { FEEDS, type LiveEvent } from '../event/feeds.ts'
import { readLines } from '../ingest/read-lines.ts'
import type { EventLog } from '../log/event-log.ts'
import type { LiveState, Place } from '../state/live-state.ts'
import type { OrderWire } from '../wire.ts'

/** Fields that every event has, and what must not be shown. */
const ASIDE = ['id', 'source', 'feed', 'type', 'at', 'who', 'reason', 'why', 'corrects', 'person', 'order', 'sealed']

/** One order for the page: its state, where its time went, and every event with who, why and what. */
export async function orderPage(state: LiveState, log: EventLog, id: string): Promise<OrderWire | null> {
  const order = state.order(id)
  if (order === null) return null
  const history = state.history(id)
  const events: OrderWire['events'][number][] = []
  for (const step of history) {
    const event = await eventAt(log, step.place)
    events.push({
      atMs: step.atMs,
      kind: step.kind,
      who: event?.who ?? event?.source ?? '–',
      why: event === null ? null : whyOf(event),
      what: [step.before === step.after ? '' : `${step.before} → ${step.after}`, event === null ? '' : whatOf(event)]
        .filter((text) => text !== '')
        .join(' · '),
      impact: null,
      refused: step.refused,
    })
  }
  const { promisedMs } = order
  const ended = history.findLast(({ kind }) => kind === 'scans.delivered')?.atMs ?? state.asOfMs
  const lateMs = promisedMs === null || ended <= promisedMs ? null : ended - promisedMs
  return {
    id,
    state: order.state,
    zone: order.zone,
    placedMs: order.placedMs,
    promisedMs,
    lines: order.lines,
    parts: order.parts.map(({ part, state: partState, sinceMs, warehouse, service }) => ({
      part,
      state: partState,
      sinceMs,
      warehouse,
      service,
    })),
    dwell: dwellOf(history, state.asOfMs, order.state),
    events,
    blame: null,
    lateMs,
    next: null,
  }
}

type History = ReturnType<LiveState['history']>

/** Time in each state of the parcel that tells most; the state it is in now lasts until now. */
function dwellOf(history: History, nowMs: number, state: string): OrderWire['dwell'] {
  const walk = history.filter((step) => !step.refused && step.before !== step.after && (step.part === null || step.part === 0))
  const isOver = ['settled', 'refunded', 'cancelled', 'lost', 'damaged', 'delivered'].includes(state)
  return walk
    .map((step, i) => ({
      state: step.after,
      fromMs: step.atMs,
      ms: (walk[i + 1]?.atMs ?? (isOver ? step.atMs : nowMs)) - step.atMs,
    }))
    .filter(({ ms }) => ms > 0)
}

async function eventAt(log: EventLog, { entry, line }: Place): Promise<LiveEvent | null> {
  const stored = await log.get(entry)
  return stored === null ? null : ((readLines(stored.bytes).values.at(line) as LiveEvent | undefined) ?? null)
}

function whyOf({ reason, why }: LiveEvent): string | null {
  const saw = Object.entries(why?.saw ?? {}).map(([name, value]) => `${name} ${value}`)
  const told = [reason ?? '', why?.rule ?? '', why?.cause === undefined ? '' : `after ${why.cause}`, ...saw].filter(
    (text) => text !== '',
  )
  return told.length === 0 ? null : told.join(', ')
}

function whatOf(event: LiveEvent): string {
  const own = Object.keys((FEEDS[event.feed] as Record<string, object>)[event.type] ?? {})
  return own
    .filter((name) => !ASIDE.includes(name) && event[name] !== undefined)
    .map((name) => `${name} ${toldOf(event[name])}`)
    .join(', ')
}

function toldOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(toldOf).join(' + ')
  if (typeof value !== 'object' || value === null) return String(value)
  if ('sku' in value && 'units' in value) return `${value.units} × ${value.sku}`
  if ('value' in value) return `${value.value} ${'unit' in value ? value.unit : 'currency' in value ? value.currency : ''}`
  return JSON.stringify(value)
}

import type { Dossier, Happened } from '../order/dossier.ts'
import { spentSays } from '../order/stage.ts'
import type { OrderWire } from '../wire.ts'

/** A dossier in the few words that a panel has room for. */
export function orderPage({ order, events, dwell, lateness, expected, touched }: Dossier): OrderWire {
  const { id, state, zone, placedMs, promisedMs, lines, parts } = order
  return {
    id,
    state,
    zone,
    placedMs,
    promisedMs,
    lines,
    parts: parts.map(({ part, state: partState, sinceMs, warehouse, service }) => ({
      part,
      state: partState,
      sinceMs,
      warehouse,
      service,
    })),
    dwell: dwell.map(({ state: stay, fromMs, tookMs }) => ({ state: stay, fromMs, ms: tookMs })),
    events: events.map((event) => ({
      atMs: event.atMs,
      kind: event.kind,
      who: event.who ?? '–',
      why: whyOf(event),
      what: event.what.map(({ field, from, to }) => `${field}: ${toldOf(from)} → ${toldOf(to)}`).join(', '),
      impact: impactOf(event, touched.impacts),
      refused: event.refused,
    })),
    lateMs: lateness.lateMs !== null && lateness.lateMs > 0 ? lateness.lateMs : null,
    blame:
      lateness.lateMs === null || lateness.lateMs <= 0
        ? null
        : lateness.causes
            .filter(({ blameMs }) => blameMs !== 0)
            .map(({ cause, blameMs }) => ({
              cause: cause === 'promise' ? 'a promise too tight' : spentSays(cause),
              ms: blameMs,
            })),
    next:
      'why' in expected
        ? null
        : {
            state: expected.next.state,
            share: expected.next.share,
            earliestMs: expected.deliveredMs.earlyMs,
            likelyMs: expected.deliveredMs.likelyMs,
            latestMs: expected.deliveredMs.lateMs,
            lateChance: expected.late,
            restsOn: expected.rests.orders,
          },
  }
}

function whyOf({ why }: Happened): string | null {
  const saw = Object.entries(why.saw).map(([name, value]) => `${name} ${value}`)
  const told = [why.reason, why.rule, why.cause === null ? null : `after ${why.cause}`, ...saw].filter((text) => text !== null)
  return told.length === 0 ? null : told.join(', ')
}

/** What it moved: others that stood behind it, and its own expected end where that moved by a minute or more. */
function impactOf({ moved, impact }: Happened, impacts: Dossier['touched']['impacts']): string | null {
  const told: string[] = []
  if (moved !== null && Math.abs(moved.byMs) >= 60_000) told.push(`its own end by ${minutes(moved.byMs)}`)
  const others = impact === null ? undefined : impacts[impact]
  if (others !== undefined) told.push(`${others.ordersBehind} orders behind it, ${others.promises} promises at risk`)
  return told.length === 0 ? null : told.join('; ')
}

const minutes = (ms: number): string => `${ms > 0 ? '+' : '−'}${Math.round(Math.abs(ms) / 60_000)} min`

function toldOf(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number' && value > 1e11) return new Date(value).toISOString().slice(0, 16).replace('T', ' ')
  if (Array.isArray(value)) return value.map(toldOf).join(' + ')
  if (typeof value === 'object' && 'sku' in value && 'units' in value) return `${value.units} × ${value.sku}`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

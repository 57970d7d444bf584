import type { FeedHealth } from '../ingest/feed-health.ts'
import type { LiveView } from '../state/live-state.ts'

/** Feeds that outcomes are read from: what these have told completely is certain. */
const OUTCOME_FEEDS: readonly string[] = ['orders', 'scans', 'departures', 'work']

export type Watermark = {
  /** Up to here everything that happened has been told; −Infinity where no feed has told anything. */
  readonly ms: number
  readonly sources: readonly string[]
}

/**
 * Event-time completeness: the least over all sources of outcomes. A source that speaks as usual has told all that happened before what it said
 * last came, less its usual lag; one that is silent beyond its habit has told nothing since its last event.
 */
export function watermarkOf(feeds: readonly FeedHealth[], nowMs: number): Watermark {
  let ms = Number.POSITIVE_INFINITY
  const sources: string[] = []
  for (const { source, feed, silent, lastAtMs, lastReceivedMs, usualLagMs } of feeds) {
    if (!OUTCOME_FEEDS.includes(feed)) continue
    sources.push(`${source}/${feed}`)
    ms = Math.min(ms, silent ? lastAtMs : Math.max(lastAtMs, lastReceivedMs - usualLagMs))
  }
  return { ms: sources.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(ms, nowMs), sources: sources.sort() }
}

/** Moment that events have come to: of two sources, so that one with a wrong clock proves nothing; null where none has told anything. */
export function heardOf(feeds: readonly FeedHealth[]): number | null {
  const bySource = new Map<string, number>()
  for (const { source, lastAtMs } of feeds)
    bySource.set(source, Math.max(bySource.get(source) ?? Number.NEGATIVE_INFINITY, lastAtMs))
  const latest = [...bySource.values()].sort((a, b) => b - a)
  return latest[1] ?? latest[0] ?? null
}

/** Demand from which a sale is a peak, as a multiple of the usual; severity from which weather is a storm. */
const SALE = 1.2
const STORM = 0.5
/** Weather that was told so long ago is over, ms. */
const WEATHER_MS = 12 * 3_600_000

/** A sale or a storm that is on, in words; null: an ordinary time. */
export function peakOf(view: Pick<LiveView, 'promotions' | 'weather'>, nowMs: number): string | null {
  for (const { promotion, demand, fromMs, untilMs } of view.promotions())
    if (demand >= SALE && fromMs <= nowMs && nowMs < untilMs)
      return `a sale is on: ${promotion}, ${demand} times the usual demand`
  for (const { zone, severity, atMs } of view.weather())
    if (severity >= STORM && nowMs - atMs < WEATHER_MS) return `a storm is on in ${zone}`
  return null
}

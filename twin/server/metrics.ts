/** The one door to prom-client: figures that Prometheus reads. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { FeedHealth, SequenceHealth } from '../ingest/feed-health.ts'
import type { QuarantineRecord } from '../ingest/quarantine.ts'
import type { Applied } from '../state/live-state.ts'

export type Metrics = {
  readonly contentType: string
  applied(told: Applied): void
  quarantined(records: readonly QuarantineRecord[]): void
  turnedAway(): void
  acknowledged(seconds: number): void
  text(): Promise<string>
  close(): void
}

/** What is read from the twin when Prometheus asks. */
export type Gauged = {
  feeds(): readonly FeedHealth[]
  sequences(): readonly SequenceHealth[]
  openOrders(): number
  logEntries(): number
  pendingBytes(): number
  heldBytes(): number
}

/** So many sources are told one by one; a series for each made-up name would fill Prometheus. */
const SERIES_MAX = 500

export function openMetrics(gauged: Gauged): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const events = new Counter({
    name: 'orrery_events_total',
    help: 'Events that were stored, by what became of them.',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of ['applied', 'duplicate', 'late', 'refused']) events.inc({ outcome }, 0)
  const put = new Counter({
    name: 'orrery_quarantined_total',
    help: 'Lines that could not be used, by reason.',
    labelNames: ['reason'],
    registers,
  })
  const away = new Counter({
    name: 'orrery_turned_away_total',
    help: 'Bodies refused because their source had too much under way.',
    registers,
  })
  const acknowledged = new Histogram({
    name: 'orrery_acknowledge_seconds',
    help: 'From a body having come in whole to its being durable and applied.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  })
  const labels = ['source', 'feed'] as const
  const lag = new Gauge({
    name: 'orrery_feed_lag_seconds',
    help: 'From happening to our getting it.',
    labelNames: labels,
    registers,
  })
  const silence = new Gauge({
    name: 'orrery_feed_silence_seconds',
    help: 'Since the last of the feed came.',
    labelNames: labels,
    registers,
  })
  const silent = new Gauge({
    name: 'orrery_feed_silent',
    help: '1 where the silence is beyond the usual.',
    labelNames: labels,
    registers,
  })
  const missing = new Gauge({
    name: 'orrery_sequence_missing',
    help: 'Numbers of a source that have not come.',
    labelNames: ['source', 'prefix'],
    registers,
  })
  const plain: readonly [string, string, () => number][] = [
    ['orrery_open_orders', 'Orders that have not ended.', gauged.openOrders],
    ['orrery_log_entries', 'Number of the last durable entry of the log.', gauged.logEntries],
    ['orrery_log_pending_bytes', 'Bytes handed to the log and not yet durable.', gauged.pendingBytes],
    ['orrery_ingest_held_bytes', 'Bytes of bodies that are under way.', gauged.heldBytes],
  ]
  const gauges = plain.map(([name, help, read]) => ({ read, gauge: new Gauge({ name, help, registers }) }))

  return {
    contentType: registry.contentType,
    applied: (told) => {
      events.inc({ outcome: 'applied' }, told.applied)
      events.inc({ outcome: 'duplicate' }, told.duplicates)
      events.inc({ outcome: 'late' }, told.late)
      events.inc({ outcome: 'refused' }, told.refused)
    },
    quarantined: (records) => {
      for (const { reason } of records) put.inc({ reason: reason.code })
    },
    turnedAway: () => away.inc(),
    acknowledged: (seconds) => acknowledged.observe(seconds),
    text: () => {
      for (const { read, gauge } of gauges) gauge.set(read())
      for (const gauge of [lag, silence, silent, missing]) gauge.reset()
      for (const { source, feed, lagMs, silentMs, silent: isSilent } of gauged.feeds().slice(0, SERIES_MAX)) {
        lag.set({ source, feed }, lagMs / 1000)
        silence.set({ source, feed }, silentMs / 1000)
        silent.set({ source, feed }, isSilent ? 1 : 0)
      }
      for (const one of gauged.sequences().slice(0, SERIES_MAX))
        missing.set({ source: one.source, prefix: one.prefix }, one.missing)
      return registry.metrics()
    },
    close: () => registry.clear(),
  }
}

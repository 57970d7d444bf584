import type { MetricPlan } from '../judge/evidence.ts'

/**
 * What a rollout can be judged by without anybody reporting more: each is read off a decision and what the twin knows of its order. Any other
 * id is a metric that somebody reports as an outcome.
 */
export type MetricCard = {
  readonly id: string
  readonly kind: MetricPlan['kind']
  readonly more: MetricPlan['more']
  readonly unit: 'share' | 'cents' | 'hours' | 'number'
  /** Known at once from the decision, or only after a while: then so long without other words, hours. */
  readonly horizonHours: number
  readonly missing: MetricPlan['missing']
  readonly quantile?: number
  /** Of a share: what it commonly is, where nobody says; only for foretelling. */
  readonly usual?: number
  readonly says: string
}

export const METRICS = [
  {
    id: 'late',
    kind: 'share',
    more: 'worse',
    unit: 'share',
    horizonHours: 48,
    missing: 'worst-case',
    usual: 0.05,
    says: 'not delivered by the promise it had when it was decided, and the grace',
  },
  {
    id: 'cost',
    kind: 'mean',
    more: 'worse',
    unit: 'cents',
    horizonHours: 0,
    missing: 'worst-case',
    says: 'cents: as reported as an outcome, or else as decided, over all shipments',
  },
  {
    id: 'price',
    kind: 'mean',
    more: 'worse',
    unit: 'cents',
    horizonHours: 0,
    missing: 'leave-out',
    says: 'cents that the policy itself reckoned with, lateness and congestion in them',
  },
  {
    id: 'shipments',
    kind: 'mean',
    more: 'worse',
    unit: 'number',
    horizonHours: 0,
    missing: 'leave-out',
    says: 'parcels an order was split into',
  },
  {
    id: 'unrouted',
    kind: 'share',
    more: 'worse',
    unit: 'share',
    horizonHours: 24,
    missing: 'worst-case',
    usual: 0.01,
    says: 'still held, partial or refused after a day',
  },
  {
    id: 'cancelled',
    kind: 'share',
    more: 'worse',
    unit: 'share',
    horizonHours: 48,
    missing: 'worst-case',
    usual: 0.02,
    says: 'cancelled after the decision',
  },
  {
    id: 'lost',
    kind: 'share',
    more: 'worse',
    unit: 'share',
    horizonHours: 120,
    missing: 'worst-case',
    usual: 0.002,
    says: 'lost or broken on its way',
  },
  {
    id: 'short-picked',
    kind: 'share',
    more: 'worse',
    unit: 'share',
    horizonHours: 48,
    missing: 'leave-out',
    usual: 0.01,
    says: 'the shelf had less than the books said',
  },
  {
    id: 'hours',
    kind: 'mean',
    more: 'worse',
    unit: 'hours',
    horizonHours: 120,
    missing: 'leave-out',
    says: 'hours from order to door; what is not there yet at the horizon counts as the horizon',
  },
  {
    id: 'hours-p95',
    kind: 'quantile',
    more: 'worse',
    unit: 'share',
    horizonHours: 120,
    missing: 'leave-out',
    quantile: 0.95,
    says: 'hours from order to door that one in twenty exceeds',
  },
  {
    id: 'co2',
    kind: 'mean',
    more: 'worse',
    unit: 'number',
    horizonHours: 0,
    missing: 'leave-out',
    says: 'grams of carbon dioxide, as decided',
  },
] as const satisfies readonly MetricCard[]

export type KnownMetric = (typeof METRICS)[number]['id']

export const cardOf = (id: string): MetricCard | null => METRICS.find((card) => card.id === id) ?? null

/** Bounds of the histogram of hours, rising by a ninth each: from half an hour to 60 days, so that a quantile is known to one part in ten. */
export const HOUR_BINS: readonly number[] = Array.from({ length: 64 }, (_, i) => 0.5 * 1.1216 ** i)

import { distanceKm } from '../sim/geo.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { ReplayOrders, ReplayOutcome } from '../sim/replay.ts'
import { DAY_MS, HOUR_MS } from '../sim/units.ts'
import { STAGES } from './backtest/stages.ts'
import { quantile, sortedNumbers } from './import/statistics.ts'
import { KM_BANDS } from './import/transit.ts'

type Percentiles = { readonly p10: number; readonly p50: number; readonly p90: number }

/** Recorded against simulated over the very same orders; `pairs` counts an order once for each replication. */
type StageFidelity = {
  readonly stage: string
  readonly unit: 'h' | 'd'
  readonly pairs: number
  readonly recorded: Percentiles
  readonly simulated: Percentiles
}
type LateFidelity = {
  readonly where: string
  readonly pairs: number
  readonly recorded: number
  readonly simulated: number
}

export type Fidelity = {
  readonly orders: number
  readonly replications: number
  readonly stages: readonly StageFidelity[]
  readonly transitByKm: readonly StageFidelity[]
  readonly late: LateFidelity
  /** Regions with at least 100 pairs, those with most orders first. */
  readonly lateByRegion: readonly LateFidelity[]
}

const PAIRS_MIN = 100

/**
 * How well replayed orders resemble what was recorded of them. A stage is compared only where both of its ends are known on both sides and stand
 * in the right order, so recorded slips of the pen count on neither side.
 */
export function fidelityOf(orders: ReplayOrders, outcomes: readonly ReplayOutcome[], spec: NetworkSpec): Fidelity {
  const placedMs = orders.placedMs
  const whole = {
    approvedMs: orders.recorded.approvedMs,
    handedOverMs: orders.recorded.handedOverMs,
    deliveredMs: orders.recorded.deliveredMs,
  }
  const stage = (
    name: string,
    unit: 'h' | 'd',
    from: Moment,
    to: Moment,
    takes: (order: number) => boolean = () => true,
  ): StageFidelity => {
    const recorded: number[] = []
    const simulated: number[] = []
    for (const outcome of outcomes) {
      for (let i = 0; i < orders.count; i++) {
        if (!takes(i)) continue
        const real = momentOf(whole, placedMs, to, i) - momentOf(whole, placedMs, from, i)
        const made = momentOf(outcome, placedMs, to, i) - momentOf(outcome, placedMs, from, i)
        if (!(real >= 0 && made >= 0)) continue
        recorded.push(real / UNIT_MS[unit])
        simulated.push(made / UNIT_MS[unit])
      }
    }
    return { stage: name, unit, pairs: recorded.length, recorded: percentiles(recorded), simulated: percentiles(simulated) }
  }
  const late = (where: string, takes: (order: number) => boolean): LateFidelity => lateOf(orders, outcomes, where, takes)
  const km = kmOf(orders, spec)
  const regions = [...new Set(spec.zones.map((zone) => zone.region))]
  return {
    orders: orders.count,
    replications: outcomes.length,
    stages: STAGES.map(({ name, unit, from, to }) => stage(name, unit, from, to)),
    transitByKm: KM_BANDS.map((from, b) => {
      const to = KM_BANDS[b + 1] ?? Number.POSITIVE_INFINITY
      const name = to === Number.POSITIVE_INFINITY ? `${from} km and more` : `${from} to ${to} km`
      return stage(name, 'd', 'handedOverMs', 'deliveredMs', (i) => km[i] >= from && km[i] < to)
    }),
    late: late('all', () => true),
    lateByRegion: regions
      .map((region) => late(region, (i) => spec.zones[orders.zone[i]].region === region))
      .filter(({ pairs }) => pairs >= PAIRS_MIN)
      .sort((a, b) => b.pairs - a.pairs),
  }
}

/** The table for a terminal, or one sentence where nothing was recorded that could be compared. */
export function formatFidelity({ orders, replications, stages, transitByKm, late, lateByRegion }: Fidelity): string {
  if (late.pairs === 0 && stages.every(({ pairs }) => pairs === 0))
    return `Of the ${orders} orders nothing was recorded to hold the simulation against.`
  const percent = (share: number): string => (Number.isNaN(share) ? '–' : (share * 100).toFixed(1)).padStart(9)
  const row = ({ stage, unit, pairs, recorded, simulated }: StageFidelity): string =>
    `${`${stage}, ${unit}`.padEnd(28)}${figures(recorded)}   ${figures(simulated)}${String(pairs).padStart(9)}`
  const lateRow = ({ where, pairs, recorded, simulated }: LateFidelity): string =>
    `${where.padEnd(28)}${percent(recorded)}${percent(simulated)}${String(pairs).padStart(9)}`
  return [
    `Simulated against recorded: ${orders} orders, ${replications} ${replications === 1 ? 'replication' : 'replications'}; only where both are known`,
    `${''.padEnd(28)}recorded p10 p50 p90       simulated p10 p50 p90       pairs`,
    ...stages.filter(({ pairs }) => pairs > 0).map(row),
    ...transitByKm.filter(({ pairs }) => pairs > 0).map(row),
    '',
    `${'late, %'.padEnd(28)} recorded simulated   pairs`,
    lateRow(late),
    ...lateByRegion.map(lateRow),
  ].join('\n')
}

type Moment = 'placedMs' | keyof ReplayOutcome

const UNIT_MS = { h: HOUR_MS, d: DAY_MS } as const

function momentOf(times: ReplayOutcome, placedMs: Float64Array, moment: Moment, order: number): number {
  return moment === 'placedMs' ? placedMs[order] : times[moment][order]
}

function lateOf(
  { count, promisedMs, recorded }: ReplayOrders,
  outcomes: readonly ReplayOutcome[],
  where: string,
  takes: (order: number) => boolean,
): LateFidelity {
  let pairs = 0
  let recordedLate = 0
  let simulatedLate = 0
  for (const { deliveredMs } of outcomes) {
    for (let i = 0; i < count; i++) {
      const isPair = takes(i) && !Number.isNaN(promisedMs[i] + recorded.deliveredMs[i] + deliveredMs[i])
      if (!isPair) continue
      pairs++
      if (recorded.deliveredMs[i] > promisedMs[i]) recordedLate++
      if (deliveredMs[i] > promisedMs[i]) simulatedLate++
    }
  }
  return { where, pairs, recorded: recordedLate / pairs, simulated: simulatedLate / pairs }
}

function kmOf({ count, origin, zone }: ReplayOrders, { warehouses, zones }: NetworkSpec): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const from = warehouses[origin[i]]
    const to = zones[zone[i]]
    return from ? distanceKm(from.lat, from.lon, to.lat, to.lon) : Number.NaN
  })
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = sortedNumbers(values)
  return { p10: quantile(sorted, 0.1), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) }
}

function figures({ p10, p50, p90 }: Percentiles): string {
  return [p10, p50, p90].map((value) => (Number.isNaN(value) ? '–' : value.toFixed(value < 100 ? 1 : 0)).padStart(8)).join('')
}

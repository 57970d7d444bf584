import type { NetworkSpec } from '../../sim/network-spec.ts'
import { WEEK_MS } from '../../sim/units.ts'
import { approvalLaws } from '../import/approval.ts'
import { countedDays, dateOf, dayOf } from '../import/days.ts'
import { type Derived, derive } from '../import/derive.ts'
import { measureHandover } from '../import/handover.ts'
import type { OrderHistory } from '../import/history.ts'
import { digits, quantile, sortedNumbers } from '../import/statistics.ts'
import { measureTransit } from '../import/transit.ts'
import { type Demonstrated, demonstrate, heights } from './demonstrated.ts'
import { donorsOf, type Effects, townKey } from './effects.ts'
import { fitHaul, type HaulFit } from './haul.ts'
import { knownAt, takeOrders } from './known.ts'
import { fitPrepare, type PrepareFit } from './prepare.ts'
import { sizeStages } from './size.ts'
import type { StageFit } from './stage-fit.ts'

export type FitOptions = {
  /** Nothing that happened from this moment on is looked at. */
  readonly untilMs: number
  readonly warehouses: number
  readonly zones: number
  readonly skus: number
  /** How many orders each recorded one stands for; null: as many as bring some hundreds of orders a day. */
  readonly scale: number | null
  /** Capacities beside the best four weeks; null: what each stage has shown. */
  readonly headroom: number | null
}

/** A network fitted to what was known at a moment, and what it takes to tell how an order of the history differs from its lane's. */
export type Fitted = FittedNetwork & {
  readonly derived: Derived
  /** The orders it was fitted on, as they were known. */
  readonly known: OrderHistory
  /** How much each of them counted, null where a stage could not be fitted. */
  readonly weight: { readonly haul: Float64Array | null; readonly prepare: Float64Array | null }
}

export type FittedNetwork = {
  readonly spec: NetworkSpec
  readonly effects: Effects
  readonly scale: number
  readonly report: FitReport
}

export type FitReport = {
  readonly until: string
  readonly orders: number
  readonly scale: number
  readonly ordersPerDay: number
  readonly haul: StageFit | null
  readonly prepare: StageFit | null
  /** Best four weeks of the last half year, in recorded orders a day: the capacities are multiples of it. */
  readonly highestPerDay: number
  readonly handedOver: Demonstrated
  readonly delivered: Demonstrated
}

/** Laws of approval are taken from so much of the past. */
const APPROVAL_WEEKS = 6
/** A means of payment with fewer orders in them is counted with the commonest one. */
const PAYMENTS_MIN = 25
/** A week in which a tenth of the approvals took so many times as long as in other weeks was a failure at the bank. */
const FAILED_WEEK = 1.6
/** A shop that shortens all its promises has not become as much quicker as its longer promises used to be slower: so much of it is believed. */
const PROMISE_BELIEVED = 0.5
/** A capacity that was shown is believed for so many counted days. */
const SHOWN_DAYS = 182
/** Below this many orders a day, trucks and hubs that take whole parcels are too coarse a model. */
const ORDERS_PER_DAY = 300

/** Calibrates a network from what was known of its orders at a moment. */
export function calibrate(history: OrderHistory, options: FitOptions): Fitted {
  const { untilMs } = options
  const known = knownAt(history, untilMs)
  const ordinary = ordinaryWeeks(known, untilMs)
  const recent = takeOrders(known, (i) => ordinary.has(weekBefore(untilMs, known.placedMs[i])))
  const { days } = countedDays(known.placedMs)
  const { highest, last } = heights(known.placedMs, days, SHOWN_DAYS)
  const scale = options.scale ?? Math.min(20, Math.max(1, Math.round(ORDERS_PER_DAY / Math.max(1, last))))
  const regions = Array.from(known.town, (town) => (town < 0 ? '' : known.towns[town].region))
  let haul: HaulFit | null = null
  let prepare: PrepareFit | null = null
  const derived = derive(
    known,
    { ...options, scale },
    {
      approvals: (all) => approvalLaws(recent.count > 100 ? recent : all, PAYMENTS_MIN),
      handover: (all) => {
        prepare = fitPrepare(all, untilMs)
        return prepare === null
          ? measureHandover(all)
          : { ...prepare.calendar, prepareHours: prepare.prepareHours, orders: prepare.about.orders }
      },
      transit: (all, modelKm) => {
        haul = fitHaul(all, modelKm, regions, untilMs)
        return haul === null
          ? measureTransit(all, modelKm)
          : { law: haul.transit, delivery: haul.delivery, orders: haul.about.orders, plain: NO_REGRESSION }
      },
    },
  )
  const fitted = { haul: haul as HaulFit | null, prepare: prepare as PrepareFit | null }
  const handedOver = demonstrate(known.approvedMs, known.handedOverMs, days, SHOWN_DAYS)
  const delivered = demonstrate(known.handedOverMs, known.deliveredMs, days, SHOWN_DAYS)
  const effects = effectsOf(known, derived, fitted)
  const spec = sizeStages(
    {
      ...withEffects(derived.spec, effects, fitted),
      about: `Fitted on what was known of ${known.count} recorded orders on ${dateOf(dayOf(untilMs))}; what the table does not tell is assumed and says so.`,
      demand: { ...derived.spec.demand, ordersPerDay: digits(last * scale, 4) },
    },
    {
      perDay: highest * scale,
      handedOver: options.headroom ?? handedOver.headroom,
      delivered: options.headroom ?? delivered.headroom,
    },
  )
  const report: FitReport = {
    until: dateOf(dayOf(untilMs)),
    orders: known.count,
    scale,
    ordersPerDay: digits(last, 4),
    haul: fitted.haul?.about ?? null,
    prepare: fitted.prepare?.about ?? null,
    highestPerDay: digits(highest, 4),
    handedOver,
    delivered,
  }
  return {
    spec,
    derived,
    known,
    effects,
    scale,
    report,
    weight: { haul: fitted.haul?.weight ?? null, prepare: fitted.prepare?.weight ?? null },
  }
}

const weekBefore = (untilMs: number, placedMs: number): number => Math.floor((untilMs - placedMs) / WEEK_MS)

/** The last weeks in which approvals went as usual; counted back from `untilMs`, weeks without orders left out. */
function ordinaryWeeks({ count, placedMs, approvedMs }: OrderHistory, untilMs: number): ReadonlySet<number> {
  const hours = new Map<number, number[]>()
  for (let i = 0; i < count; i++) {
    if (!(approvedMs[i] >= placedMs[i])) continue
    const week = weekBefore(untilMs, placedMs[i])
    hours.set(week, [...(hours.get(week) ?? []), approvedMs[i] - placedMs[i]])
  }
  const weeks = [...hours].sort((a, b) => a[0] - b[0]).slice(0, 2 * APPROVAL_WEEKS)
  const slow = weeks.map(([week, own]) => ({ week, p90: quantile(sortedNumbers(own), 0.9) }))
  const usual = quantile(sortedNumbers(slow.map(({ p90 }) => p90)), 0.5)
  return new Set(
    slow
      .filter(({ p90 }) => p90 <= FAILED_WEEK * usual)
      .slice(0, APPROVAL_WEEKS)
      .map(({ week }) => week),
  )
}

const NO_REGRESSION = { interceptDays: Number.NaN, slope: Number.NaN, r2: Number.NaN }

function effectsOf(
  known: OrderHistory,
  { spec, warehouseOfOrigin }: Derived,
  { haul, prepare }: { haul: HaulFit | null; prepare: PrepareFit | null },
): Effects {
  const warehouseLn = spec.warehouses.map(() => 0)
  const weight = spec.warehouses.map(() => 0)
  const sent = new Int32Array(known.origins.length)
  for (const origin of known.origin) if (origin >= 0) sent[origin]++
  for (const [origin, ln] of prepare?.originLn ?? []) {
    const w = warehouseOfOrigin[origin]
    warehouseLn[w] += sent[origin] * ln
    weight[w] += sent[origin]
  }
  return {
    usualPromise: haul?.usualPromise ?? { level: 0, perLnKm: 0, middle: 0, region: {} },
    haulPerPromise: PROMISE_BELIEVED * (haul?.about.perPromise ?? 0),
    preparePerPromise: prepare?.about.perPromise ?? 0,
    meanPromise: prepare?.meanPromise ?? 0,
    originLn: Object.fromEntries([...(prepare?.originLn ?? [])].map(([o, ln]) => [townKey(known.origins[o]), digits(ln, 4)])),
    drift: { prepare: prepare?.about.drift ?? 0, haul: haul?.about.drift ?? 0 },
    warehouseLn: warehouseLn.map((sum, w) => (weight[w] > 0 ? digits(sum / weight[w], 4) : 0)),
    donors: donorsOf(known, spec),
  }
}

/** The slow regions and the slow warehouses, written into the network itself, so that drawn orders meet them too. */
function withEffects(
  spec: NetworkSpec,
  { warehouseLn }: Effects,
  { haul, prepare }: { haul: HaulFit | null; prepare: PrepareFit | null },
): NetworkSpec {
  return {
    ...spec,
    zones: spec.zones.map((zone) => {
      const factor = haul?.regionFactor[zone.region]
      return factor === undefined ? zone : { ...zone, transitFactor: factor, transitSpread: haul?.regionSpread[zone.region] }
    }),
    warehouses: spec.warehouses.map((warehouse, w) => {
      if (prepare === null) return warehouse
      return { ...warehouse, prepareHours: slower(warehouse.prepareHours, Math.exp(warehouseLn[w])) }
    }),
  }
}

export function slower(law: NetworkSpec['warehouses'][number]['prepareHours'], factor: number): typeof law {
  switch (law.law) {
    case 'exponential':
      return { ...law, mean: digits(law.mean * factor, 4) }
    case 'gamma':
      return { ...law, mean: digits(law.mean * factor, 4) }
    case 'lognormal':
      return { ...law, median: digits(law.median * factor, 4) }
    case 'quantiles':
      return { ...law, value: law.value.map((v) => digits(v * factor, 4)) }
    default:
      return law
  }
}

import type { LawSpec, NetworkSpec } from '../../sim/network-spec.ts'
import { normalQuantile } from '../../sim/normal.ts'
import { censoredShift, type Deviation } from './censored-shift.ts'
import { CALIBRATED, type CalibratedStage, type StageTimes } from './stage-times.ts'

/** What a network states and what was seen differ by these factors: times by warehouse or service, demand as a whole. */
export type Calibration = {
  readonly format: 'orrery-calibration/1'
  readonly asOf: string
  readonly changes: readonly CalibrationChange[]
  /** How far the pace of single weeks lay from that, standard deviation of its logarithm: nobody knows the pace of the next. Left out where too few were seen. */
  readonly drift?: Drift
}
/** By stage: all roads together, all houses together. */
export type Drift = { readonly road: number; readonly prepare: number }
export type CalibrationChange = {
  readonly stage: CalibratedStage | 'demand'
  /** Warehouse or service; "all" for demand. */
  readonly of: string
  /** Observed over stated. */
  readonly factor: number
  readonly ended: number
  readonly open: number
}

/** A factor is believed where it is so many standard errors from 1, and so far off that it matters. */
const SURE = 3
const MATTERS = 0.05
const ENDED_MIN = 20
/** Beyond this nobody believes a factor: something else is wrong. */
const FACTOR_MAX = 10

/** What is to be changed, by what was seen; `longer` is what was seen over more weeks, from which it is read how weeks differ. */
export function calibrate(times: StageTimes, dailyCv: number, asOfMs: number, longer: StageTimes = times): Calibration {
  const changes: CalibrationChange[] = []
  for (const stage of CALIBRATED)
    for (const [of, deviations] of times.byStage[stage]) {
      const shift = censoredShift(deviations)
      if (shift.ended < ENDED_MIN || Math.abs(shift.ln) < Math.log(1 + MATTERS)) continue
      if (Math.abs(shift.ln) < SURE * shift.standardError) continue
      const factor = Math.min(FACTOR_MAX, Math.max(1 / FACTOR_MAX, Math.exp(shift.ln)))
      changes.push({ stage, of, factor, ended: shift.ended, open: shift.open })
    }
  const { placed, expected, days } = times
  const off = Math.log(Math.max(1, placed) / Math.max(1, expected))
  const error = Math.sqrt(1 / Math.max(1, placed) + dailyCv ** 2 / Math.max(1, days))
  if (Math.abs(off) > SURE * error && Math.abs(off) > Math.log(1 + MATTERS))
    changes.push({ stage: 'demand', of: 'all', factor: placed / expected, ended: placed, open: 0 })
  const drift = { road: weeklyDrift(longer.byStage.road), prepare: weeklyDrift(longer.byStage.prepare) }
  const isKnown = drift.road > 0 || drift.prepare > 0
  return { format: 'orrery-calibration/1', asOf: new Date(asOfMs).toISOString(), changes, ...(isKnown ? { drift } : {}) }
}

/** A week with fewer ends says nothing of its pace; of fewer weeks than this none is said to differ. */
const WEEK_ENDED_MIN = 10
const WEEKS_MIN = 3
/** Beyond this it is no drift but another network. */
const DRIFT_MAX = 0.5

/**
 * What single weeks differ by beyond chance: variance of their shifts, less the mean square of their standard errors (the moment estimate of a variance
 * component). Places are put together after their own shift is taken off.
 */
function weeklyDrift(byPlace: ReadonlyMap<string, readonly Deviation[]>): number {
  const weeks = new Map<number, Deviation[]>()
  for (const deviations of byPlace.values()) {
    const { ln } = censoredShift(deviations)
    for (const one of deviations) {
      const own = { ...one, ln: one.ln - ln }
      const others = weeks.get(one.week)
      if (others === undefined) weeks.set(one.week, [own])
      else others.push(own)
    }
  }
  const shifts = [...weeks.values()].map(censoredShift).filter(({ ended }) => ended >= WEEK_ENDED_MIN)
  if (shifts.length < WEEKS_MIN) return 0
  const mean = shifts.reduce((sum, { ln }) => sum + ln, 0) / shifts.length
  const between = shifts.reduce((sum, { ln }) => sum + (ln - mean) ** 2, 0) / (shifts.length - 1)
  const chance = shifts.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / shifts.length
  return Math.min(DRIFT_MAX, Math.sqrt(Math.max(0, between - chance)))
}

/** How many paces the futures of a drifting network are parted into. */
const PACES = 5

/** The same network at several paces that stand for the next weeks: levels lie evenly over their law, and roads and houses are not in step. */
export function pacesOf(spec: NetworkSpec, drift: Drift): readonly NetworkSpec[] {
  const level = (rank: number): number => normalQuantile((rank + 0.5) / PACES)
  return Array.from({ length: PACES }, (_, rank) => {
    const road = Math.exp(drift.road * level(rank))
    const prepare = Math.exp(drift.prepare * level((2 * rank + 3) % PACES))
    const change = (stage: CalibratedStage, of: string, factor: number): CalibrationChange => ({
      stage,
      of,
      factor,
      ended: 0,
      open: 0,
    })
    const changes = [
      ...spec.services.map(({ id }) => change('road', id, road)),
      ...spec.warehouses.map(({ id }) => change('prepare', id, prepare)),
    ]
    return calibrated(spec, { format: 'orrery-calibration/1', asOf: '', changes })
  })
}

/** The network with its times and its demand as they were seen. */
export function calibrated(spec: NetworkSpec, { changes }: Calibration): NetworkSpec {
  const factor = (stage: CalibrationChange['stage'], of: string): number =>
    changes.find((change) => change.stage === stage && change.of === of)?.factor ?? 1
  const demand = factor('demand', 'all')
  return {
    ...spec,
    demand: { ...spec.demand, ordersPerDay: spec.demand.ordersPerDay * demand },
    // Trucks and hubs that are sized by demand have not grown with it.
    headroom: spec.headroom / demand,
    warehouses: spec.warehouses.map((warehouse) => {
      const pick = factor('pick', warehouse.id)
      const pack = factor('pack', warehouse.id)
      const { pickSeconds, packSeconds } = warehouse
      return {
        ...warehouse,
        prepareHours: scaled(warehouse.prepareHours, factor('prepare', warehouse.id)),
        pickSeconds: { ...pickSeconds, perParcel: pickSeconds.perParcel * pick, perLine: pickSeconds.perLine * pick },
        packSeconds: { ...packSeconds, perParcel: packSeconds.perParcel * pack, perLine: packSeconds.perLine * pack },
      }
    }),
    services: spec.services.map((service) => {
      const road = factor('road', service.id)
      const { transit } = service
      const { steady } = transit
      return {
        ...service,
        transit: {
          ...transit,
          intercept: transit.intercept + Math.log(road),
          ...(steady === undefined ? {} : { steady: { fixed: steady.fixed * road, perKm: steady.perKm * road } }),
        },
      }
    }),
  }
}

/** A law of times so many times as long. */
function scaled(law: LawSpec, factor: number): LawSpec {
  switch (law.law) {
    case 'constant':
      return { ...law, value: law.value * factor }
    case 'uniform':
      return { ...law, low: law.low * factor, high: law.high * factor }
    case 'exponential':
    case 'gamma':
      return { ...law, mean: law.mean * factor }
    case 'lognormal':
      return { ...law, median: law.median * factor }
    case 'hyperexponential':
      return { ...law, means: law.means.map((mean) => mean * factor) }
    case 'quantiles':
      return { ...law, value: law.value.map((value) => value * factor) }
  }
}

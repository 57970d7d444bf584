import type { LawSpec, NetworkSpec } from '../../sim/network-spec.ts'
import { censoredShift } from './censored-shift.ts'
import { CALIBRATED, type CalibratedStage, type StageTimes } from './stage-times.ts'

/** What a network states and what was seen differ by these factors: times by warehouse or service, demand as a whole. */
export type Calibration = {
  readonly format: 'orrery-calibration/1'
  readonly asOf: string
  readonly changes: readonly CalibrationChange[]
}
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

/** What is to be changed, by what was seen. */
export function calibrate(times: StageTimes, dailyCv: number, asOfMs: number): Calibration {
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
  return { format: 'orrery-calibration/1', asOf: new Date(asOfMs).toISOString(), changes }
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

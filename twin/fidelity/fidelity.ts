import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { dice } from '../../sim/random.ts'
import { type Calibration, calibrate, calibrated, type Drift } from './calibration.ts'
import { type Errata, errataOf, learnErrata, NO_ERRATA } from './errata.ts'
import { judge, type Standing } from './judge.ts'
import { ordersUntil } from './known-orders.ts'
import { type Forecast, type Rolled, type RollOptions, roll } from './roll.ts'
import { type Score, scoreOf } from './score.ts'
import { type StageTimes, stageTimes } from './stage-times.ts'
import { coarseOf } from './told-stages.ts'

/** How far weeks differ in pace takes more of them than their pace: the fewest that tell. */
const DRIFT_DAYS = 56

export type FidelityOptions = Omit<RollOptions, 'forecast' | 'coarse' | 'errata'> & {
  /** By which the twin's futures run now; null or left out: as the network (`spec`) is stated. */
  readonly inForce?: Calibration | null
  /** What such futures are known to be usually off by; left out: nothing. It is of the time before the first of `cuts`. */
  readonly errata?: Errata
  readonly before: Standing
  /** The instant that it is judged at, ms since 1970; null or left out: the newest that is known. */
  readonly asOfMs?: number | null
  /** Days of orders that a calibration looks at. */
  readonly calibrateDays: number
  /** Makes the forecasts of a network as it is stated, or as it was calibrated. */
  readonly forecastOf: (spec: NetworkSpec, drift: Drift | null) => Forecast
}

export type Fidelity = {
  readonly score: Score
  /** Stages that nobody tells: they were compared with those before them. */
  readonly untold: readonly string[]
  readonly standing: Standing
  /** The one that was made now, of the network as it is stated; null where none was called for, or nothing is there to make one of. */
  readonly calibration: Calibration | null
  /** The score with it. */
  readonly calibratedScore: Score | null
  /** By which futures are to run from now on: the new one, unless they were nearer to what happened without it. */
  readonly inForce: Calibration | null
  /** What futures by that are usually off by, these forecasts' errors with it. */
  readonly errata: Errata
}

/**
 * Scores the twin's forecasts and judges it; where it is to be recalibrated, that is done, and the calibrated one is scored and judged at once. A twin that
 * is wrong goes through watched to recalibrated in one call where `before` says that it was watched.
 */
export async function fidelity(options: FidelityOptions): Promise<Fidelity> {
  const { spec: stated, views, forecastOf, before, inForce = null } = options
  const spec = inForce === null ? stated : calibrated(stated, inForce)
  const luck = dice('fidelity', 0)
  const coarse = coarseOf(stated, views.state)
  const errata = errataOf(options.errata ?? NO_ERRATA, coarse.untold)
  const nowMs = options.asOfMs ?? (await views.at(null)).asOfMs
  const rolled = await roll({ ...options, spec, coarse, errata, forecast: forecastOf(spec, inForce?.drift ?? null) })
  const learned = (from: readonly Rolled[]): Errata => learnErrata(errata, from, options.offsetMinutes, nowMs)
  const score = scoreOf(rolled, luck)
  const first = judge(before, score, nowMs)
  const asBefore = { score, untold: coarse.untold, calibration: null, calibratedScore: null, inForce, errata: learned(rolled) }
  if (first.deed === 'nothing') return { ...asBefore, standing: first.standing }
  if (views.state === null) {
    // Nobody may call it recalibrated, or blame the cure, where there was none.
    const reasons = [...first.standing.reasons, 'it is to be recalibrated, which takes its log (--db)']
    return { ...asBefore, standing: { ...before, reasons } }
  }
  const network = compileNetwork(stated)
  const known = ordersUntil(views.state, nowMs)
  const times = (days: number): StageTimes => stageTimes(known, stated, network, options.offsetMinutes, days)
  const { calibrateDays } = options
  const calibration = calibrate(times(calibrateDays), network.dailyCv, nowMs, times(Math.max(calibrateDays, DRIFT_DAYS)))
  const mended = calibrated(stated, calibration)
  const again = await roll({ ...options, spec: mended, coarse, errata, forecast: forecastOf(mended, calibration.drift ?? null) })
  const calibratedScore = scoreOf(again, luck)
  const { standing } = judge(first.standing, calibratedScore, nowMs)
  const helps = standing.state === 'trusted' || calibratedScore.crps < score.crps
  return {
    score,
    untold: coarse.untold,
    standing,
    calibration,
    calibratedScore,
    inForce: helps ? calibration : inForce,
    errata: learned(helps ? again : rolled),
  }
}

import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { dice } from '../../sim/random.ts'
import { type Calibration, calibrate, calibrated } from './calibration.ts'
import { judge, type Standing } from './judge.ts'
import { type Forecast, type RollOptions, roll } from './roll.ts'
import { type Score, scoreOf } from './score.ts'
import { stageTimes } from './stage-times.ts'

export type FidelityOptions = Omit<RollOptions, 'forecast'> & {
  readonly before: Standing
  readonly offsetMinutes: number
  /** Days of orders that a calibration looks at. */
  readonly calibrateDays: number
  /** Makes the forecasts of a network as it is stated, or as it was calibrated. */
  readonly forecastOf: (spec: NetworkSpec) => Forecast
}

export type Fidelity = {
  readonly score: Score
  readonly standing: Standing
  /** Null where none was called for, or nothing is there to make one of. */
  readonly calibration: Calibration | null
  /** The score with it. */
  readonly calibratedScore: Score | null
}

/**
 * Scores the twin's forecasts and judges it; where it is to be recalibrated, that is done, and the calibrated one is scored and judged at once. A twin that
 * is wrong goes through watched to recalibrated in one call where `before` says that it was watched.
 */
export async function fidelity(options: FidelityOptions): Promise<Fidelity> {
  const { spec, views, forecastOf, before } = options
  const luck = dice('fidelity', 0)
  const nowMs = (await views.at(null)).asOfMs
  const score = scoreOf(await roll({ ...options, forecast: forecastOf(spec) }), luck)
  const first = judge(before, score, nowMs)
  if (first.deed === 'nothing' || views.state === null)
    return { score, standing: first.standing, calibration: null, calibratedScore: null }
  const network = compileNetwork(spec)
  const times = stageTimes(views.state, spec, network, options.offsetMinutes, options.calibrateDays)
  const calibration = calibrate(times, network.dailyCv, nowMs)
  const mended = calibrated(spec, calibration)
  const calibratedScore = scoreOf(await roll({ ...options, spec: mended, forecast: forecastOf(mended) }), luck)
  return { score, standing: judge(first.standing, calibratedScore, nowMs).standing, calibration, calibratedScore }
}

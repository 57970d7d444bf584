import { createHash } from 'node:crypto'
import { InputError } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { type Calibration, calibrated, type Drift } from './calibration.ts'
import { type Errata, NO_ERRATA, weightOf } from './errata.ts'
import type { StandingId } from './judge.ts'
import { readStanding } from './standing-file.ts'

/** By which laws futures run, as it is told with each of them. */
export type LawsNote = {
  /** How the twin's forecasts stood when the future was made; null where nobody asked. */
  readonly standing: StandingId | null
  /** The calibration they run by: its version follows from its factors; null: times and demand as the network states them. */
  readonly calibration: { readonly version: string; readonly since: string; readonly changes: number } | null
  /** Since when its own errors are taken off its futures, and how many forecasts that rests on; null or left out: they are as the laws make them. */
  readonly errata?: { readonly asOf: string; readonly forecasts: number } | null
}
export type Laws = { readonly spec: NetworkSpec; readonly note: LawsNote; readonly drift: Drift | null; readonly errata: Errata }

/** Nobody asked how the twin stands. */
export const AS_STATED: LawsNote = { standing: null, calibration: null }

const versionOf = ({ changes, drift }: Calibration): string =>
  createHash('sha256')
    .update(JSON.stringify([changes, drift]))
    .digest('hex')
    .slice(0, 12)

/** A network by what was seen of it: as the file of a twin's standing says; null, or a file without a calibration: as it is stated. */
export function lawsOf(stated: NetworkSpec, file: string | null): Laws {
  if (file === null) return { spec: stated, note: AS_STATED, drift: null, errata: NO_ERRATA }
  const { standing, calibration, errata = NO_ERRATA } = readStanding(file)
  const ofErrata =
    errata.asOfMs === 0 ? null : { asOf: new Date(errata.asOfMs).toISOString(), forecasts: Math.round(weightOf(errata)) }
  const note = { standing: standing.state, calibration: null, errata: ofErrata }
  if (calibration === null) return { spec: stated, note, drift: null, errata }
  checkFits(calibration, stated, file)
  const { asOf: since, changes } = calibration
  return {
    spec: calibrated(stated, calibration),
    drift: calibration.drift ?? null,
    errata,
    note: { ...note, calibration: { version: versionOf(calibration), since, changes: changes.length } },
  }
}

/** A factor for a place that the network has not would be lost without a word. */
function checkFits({ changes }: Calibration, { warehouses, services }: NetworkSpec, file: string): void {
  for (const { stage, of } of changes) {
    const known = stage === 'demand' ? ['all'] : (stage === 'road' ? services : warehouses).map(({ id }) => id)
    if (known.includes(of)) continue
    const fix = `${didYouMean(of, known)} It is of another network: name the --standing of this one, or run --as-stated`
    throw new InputError([{ file, line: null, field: `calibration of ${stage}`, found: `"${of}"`, fix }])
  }
}

/** "times and demand as recalibrated on … (version …, 3 changes)" */
export const lawsInWords = ({ calibration, errata = null }: LawsNote): string =>
  (calibration === null
    ? 'times and demand as the network states them'
    : `times and demand as recalibrated at ${calibration.since} (version ${calibration.version}, ${calibration.changes} ` +
      `${calibration.changes === 1 ? 'change' : 'changes'})`) +
  (errata === null ? '' : `, less what ${errata.forecasts} forecasts until ${errata.asOf} were off by`)

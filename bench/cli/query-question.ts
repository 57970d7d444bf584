import { existsSync } from 'node:fs'
import { loadNetwork } from '../../scenarios/read/network.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { loadScenario } from '../../scenarios/read/scenario.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { lawsOf } from '../../twin/fidelity/laws.ts'
import { forecastOfKept, readFuture } from '../../twin/futures/future-file.ts'
import { foresee } from '../../twin/futures/run-futures.ts'
import { standsOn } from '../../twin/futures/stands-on.ts'
import { isPostgres, readLog } from '../../twin/log/read-log.ts'
import { answer, looksAheadTo, regionsOf } from '../../twin/state/answer.ts'
import { knownNames } from '../../twin/state/known-names.ts'
import { parseQuery } from '../../twin/state/query.ts'
import { offsetMinutes } from './clock-offset.ts'
import { stateOf } from './order-question.ts'
import type { Answered } from './query-text.ts'

export type QueryOptions = {
  readonly network: string
  readonly scenario: string | null
  readonly policies: string
  readonly replications: number
  readonly seed: string
  readonly workers: number | null
  readonly offset: string
  readonly standing: string
  readonly asStated: boolean
  /** Name of a kept future that is asked, and where it lies; null: new ones are made. */
  readonly future: string | null
  readonly folder: string
}

/** Nobody plans farther ahead by the hour. */
const MOST_HOURS = 720

/** Asks the log of a twin, running or not: futures are made here, on all threads. */
export async function askLog(text: string, db: string, options: QueryOptions, signal: AbortSignal): Promise<Answered> {
  const wrong = (field: string, found: string, fix: string, file = 'options'): InputError =>
    new InputError([{ file, line: null, field, found, fix }])
  if (!isPostgres(db) && !existsSync(db))
    throw wrong('--db', `no file ${db}`, 'name the log of a twin, or a running twin (--url)')
  const stated = await loadNetwork(options.network)
  const log = await readLog(db)
  try {
    // Who has left the memory is in no question about what is or will be.
    const state = await stateOf(log)
    const question = parseQuery(text, knownNames(state.core, stated.spec))
    if (options.future !== null) {
      const future = readFuture(options.folder, options.future, '--future')
      const asOfMs = Date.parse(future.asOf)
      // Asked as one stood then: tomorrow is the day after the present that it was made of, and orders are where they were.
      const then = { ...state.at(asOfMs), at: state.at, history: state.history }
      const forecast = forecastOfKept(future, stated.id, stated.spec)
      const offset = offsetMinutes(options.offset)
      const asked = { state: then, nowMs: asOfMs, offsetMinutes: offset, regions: regionsOf(stated.spec), forecast }
      return { ...answer(question, asked), standsOn: standsOn({ future }) }
    }
    const parts = { state, nowMs: state.asOfMs, offsetMinutes: offsetMinutes(options.offset), regions: regionsOf(stated.spec) }
    const untilMs = looksAheadTo(question, parts)
    if (untilMs === null) return { ...answer(question, { ...parts, forecast: null }), standsOn: null }
    const hours = Math.ceil((untilMs - state.asOfMs) / HOUR_MS)
    if (hours > MOST_HOURS) throw wrong('when', `a time ${hours} h ahead`, `ask about the next ${MOST_HOURS} h`, 'question')
    const overlay = options.scenario === null ? null : loadScenario(options.scenario)
    const { spec, note, drift, errata } = lawsOf(stated.spec, options.asStated ? null : options.standing)
    const { future, forecast } = await foresee({
      name: 'asked',
      view: state,
      network: { id: stated.id, spec, laws: note },
      drift,
      errata,
      offsetMinutes: parts.offsetMinutes,
      scenario: overlay === null ? null : { id: overlay.id, spec: overlay.spec },
      policies: options.policies,
      hours,
      replications: options.replications,
      seed: options.seed,
      workers: options.workers,
      signal,
      onProgress: () => {},
    })
    return { ...answer(question, { ...parts, forecast }), standsOn: standsOn({ future }) }
  } finally {
    await log.close()
  }
}

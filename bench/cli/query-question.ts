import { existsSync } from 'node:fs'
import { loadNetwork } from '../../scenarios/read/network.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { loadScenario } from '../../scenarios/read/scenario.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { lawsOf } from '../../twin/fidelity/laws.ts'
import { foresee } from '../../twin/futures/run-futures.ts'
import { standsOn } from '../../twin/futures/stands-on.ts'
import { isPostgres, readLog } from '../../twin/log/read-log.ts'
import { answer, looksAheadTo } from '../../twin/state/answer.ts'
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
    const parts = { state, nowMs: state.asOfMs, offsetMinutes: offsetMinutes(options.offset) }
    const untilMs = looksAheadTo(question, parts)
    if (untilMs === null) return { ...answer(question, { ...parts, forecast: null }), standsOn: null }
    const hours = Math.ceil((untilMs - state.asOfMs) / HOUR_MS)
    if (hours > MOST_HOURS) throw wrong('when', `a time ${hours} h ahead`, `ask about the next ${MOST_HOURS} h`, 'question')
    const overlay = options.scenario === null ? null : loadScenario(options.scenario)
    const { spec, note, drift, errata } = lawsOf(stated.spec, options.asStated ? null : options.standing)
    const { future, sites } = await foresee({
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
    return { ...answer(question, { ...parts, forecast: sites }), standsOn: standsOn({ future }) }
  } finally {
    await log.close()
  }
}

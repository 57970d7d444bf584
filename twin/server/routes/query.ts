import { InputError } from '../../../scenarios/read/problem.ts'
import type { NetworkSpec } from '../../../sim/network-spec.ts'
import { type Foresight, TooManyFutures } from '../../futures/foresight.ts'
import { standsOn } from '../../futures/stands-on.ts'
import { answer, looksAheadTo, regionsOf } from '../../state/answer.ts'
import { knownNames } from '../../state/known-names.ts'
import { parseQuery } from '../../state/query.ts'
import type { TwinState } from '../../state/state.ts'
import { MAY } from '../access.ts'
import type { Server } from '../http.ts'
import { HttpProblem } from '../problem-json.ts'
import type { Twin } from '../twin.ts'
import { textIn } from './reading.ts'

export type Horizon = {
  readonly twin: Twin
  /** Null: nothing is foreseen here. */
  readonly foresight: Foresight | null
  /** Whose places may be asked of beside those that were told; null: there is none. */
  readonly spec: NetworkSpec | null
  readonly offsetMinutes: number
}

/** Whoever waits for a future may ask again after so many seconds. */
const LATER_S = '5'

/** Questions in words over past, present and what is to come. */
export async function queryRoutes(app: Server, { twin, foresight, spec, offsetMinutes }: Horizon): Promise<void> {
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>('/v1/query', { config: { may: MAY.house } }, async ({ query }) => {
    const text = textIn(query, 'q')
    if (text === null) throw new HttpProblem(400, 'q: write a question, such as q=sites where load > 0.95.', { field: 'q' })
    try {
      const question = parseQuery(text, knownNames((twin.state as TwinState).core, spec))
      const parts = { state: twin.state, nowMs: twin.state.asOfMs, offsetMinutes, regions: regionsOf(spec) }
      const untilMs = looksAheadTo(question, parts)
      if (untilMs === null) return { ...answer(question, { ...parts, forecast: null }), standsOn: null }
      if (foresight === null) {
        const problem = { file: 'question', line: 1, field: 'when', found: 'what is to come, which is not foreseen here' }
        throw new InputError([{ ...problem, fix: 'serve with --policies, or ask about now or the past' }])
      }
      const { future, forecast } = await foresight.until(untilMs)
      // The present has moved on while it was made: the stretch that was asked for has not.
      return { ...answer(question, { ...parts, forecast }), standsOn: standsOn({ future }) }
    } catch (error) {
      if (error instanceof TooManyFutures)
        throw new HttpProblem(503, `${error.message}; ask again.`, {}, { 'retry-after': LATER_S })
      if (!(error instanceof InputError)) throw error
      const [{ field, found, fix }] = error.problems
      throw new HttpProblem(400, `${field}: found ${found}; ${fix}`, { field })
    }
  })
}

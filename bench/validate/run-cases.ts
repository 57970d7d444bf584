import type { PolicyId } from '../../policies/catalog.ts'
import { threadCode } from '../../scenarios/bundle.ts'
import { openPool } from '../../scenarios/pool.ts'
import type { Expectation } from './case-schema.ts'
import { type Judgement, judge } from './judge.ts'
import type { ReadyCase } from './read-cases.ts'
import type { Replicated, ValidationSetup, ValidationTask } from './thread.ts'

/** One line of the table. */
export type Line = Judgement & {
  readonly case: string
  readonly source: string
  readonly says: string
  readonly expected: number
  readonly margin: number
  readonly warmupDays: number
  /** What MSER-5 would leave out at the start, in days; null where it cannot tell. */
  readonly settledAfterDays: number | null
  /** One for each replication. */
  readonly samples: readonly number[]
}

export type Validation = {
  readonly lines: readonly Line[]
  readonly orders: number
  readonly events: number
  readonly cpuSeconds: number
}

export type Watch = {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number, finished: string | null) => void
  readonly onNote: (text: string) => void
  /** The lines of a case that is finished; true if that is enough and the rest need not be run. */
  readonly onLines?: (lines: readonly Line[]) => boolean
}

const DEFAULT_WITHIN = 0.02

/** What the threads run. */
export const VALIDATING = { file: new URL('./thread.ts', import.meta.url), open: 'openValidating' }
export const policiesIn = (cases: readonly ReadyCase[]): PolicyId[] => [
  ...new Set(cases.flatMap(({ contestant }) => Object.values(contestant.policies))),
]

/** Every case in all its replications, on all threads; a line for each expectation. Cases that were not finished have none. */
export async function runCases(
  cases: readonly ReadyCase[],
  { seed, workers }: { seed: string; workers: number },
  { signal, onProgress, onNote, onLines }: Watch,
  code?: string,
): Promise<Validation> {
  const started = process.cpuUsage()
  const threads =
    code === undefined ? await threadCode(VALIDATING.file, VALIDATING.open, policiesIn(cases)) : { code, note: null }
  if (threads.note !== null) onNote(threads.note)
  const data: ValidationSetup = { cases, seed }
  const enough = new AbortController()
  const stop = AbortSignal.any([signal, enough.signal])
  const pool = openPool<ValidationTask, Replicated>({ code: threads.code, workers, data, signal: stop, onRetry: onNote })
  const total = cases.reduce((sum, { replications }) => sum + replications, 0)
  const lines: Line[][] = cases.map(() => [])
  const family = cases.reduce((sum, { stated }) => sum + stated.expect.length, 0)
  let done = 0
  let orders = 0
  let events = 0
  onProgress(0, total, null)
  try {
    await Promise.all(
      cases.map(async (one, at) => {
        const results = await Promise.all(
          Array.from({ length: one.replications }, async (_, replication) => {
            const result = await pool.run({ at, replication })
            onProgress(++done, total, null)
            orders += result.orders
            events += result.events
            return result
          }),
        )
        lines[at] = one.stated.expect.map((expectation, e) =>
          lineOf(
            one,
            expectation,
            results.map(({ values }) => values[e]),
            results[0].settledAfterDays,
            family,
          ),
        )
        onProgress(done, total, one.stated.name)
        if (onLines?.(lines[at]) === true) enough.abort()
      }),
    )
  } catch (error) {
    if (!stop.aborted) throw error
  } finally {
    await pool.close()
  }
  const { user, system } = process.cpuUsage(started)
  return { lines: lines.flat(), orders, events, cpuSeconds: (user + system) / 1e6 }
}

function lineOf(
  one: ReadyCase,
  expectation: Expectation,
  samples: readonly number[],
  settledAfterDays: number | null,
  family: number,
): Line {
  const { value } = expectation
  const margin = expectation.margin ?? Math.abs(value) * (expectation.within ?? DEFAULT_WITHIN)
  return {
    case: one.stated.name,
    source: one.stated.source,
    says: expectation.says ?? [expectation.measure, expectation.take].filter((part) => part !== undefined).join(' '),
    expected: value,
    margin,
    warmupDays: one.warmupDays,
    settledAfterDays,
    samples,
    ...judge(samples, value, margin, family),
  }
}

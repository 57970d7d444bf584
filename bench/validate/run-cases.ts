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
  readonly replications: number
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
}

const DEFAULT_WITHIN = 0.02

/** Every case in all its replications, on all threads; a line for each expectation. Cases that were not finished have none. */
export async function runCases(
  cases: readonly ReadyCase[],
  { seed, workers }: { seed: string; workers: number },
  { signal, onProgress, onNote }: Watch,
): Promise<Validation> {
  const started = process.cpuUsage()
  const ids = new Set(cases.flatMap(({ contestant }) => Object.values(contestant.policies)))
  const { code, note } = await threadCode(new URL('./thread.ts', import.meta.url), 'openValidating', [...ids])
  if (note !== null) onNote(note)
  const data: ValidationSetup = { cases, seed }
  const pool = openPool<ValidationTask, Replicated>({ code, workers, data, signal, onRetry: onNote })
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
            return result.values
          }),
        )
        lines[at] = one.stated.expect.map((expectation, e) =>
          lineOf(
            one,
            expectation,
            results.map((values) => values[e]),
            family,
          ),
        )
        onProgress(done, total, one.stated.name)
      }),
    )
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await pool.close()
  }
  const { user, system } = process.cpuUsage(started)
  return { lines: lines.flat(), orders, events, cpuSeconds: (user + system) / 1e6 }
}

function lineOf(one: ReadyCase, expectation: Expectation, samples: readonly number[], family: number): Line {
  const { value } = expectation
  const margin = expectation.margin ?? Math.abs(value) * (expectation.within ?? DEFAULT_WITHIN)
  return {
    case: one.stated.name,
    source: one.stated.source,
    says: expectation.says ?? [expectation.measure, expectation.take].filter((part) => part !== undefined).join(' '),
    expected: value,
    margin,
    replications: samples.length,
    ...judge(samples, value, margin, family),
  }
}

import { digestOfText } from '../../sim/digest.ts'
import type { Outcome } from '../../sim/outcome.ts'
import { type ThreadCode, threadCode } from '../bundle.ts'
import type { Contestant, ExperimentPlan, Progress } from '../plan.ts'
import { openPool, type Pool } from '../pool.ts'
import { isPolicyFile } from '../rules/with-rules.ts'
import type { Task, WorkerSetup } from '../worker.ts'
import type { MeasuredId } from './certificate.ts'

/** What is kept of one run. */
export type Sample = Readonly<Record<MeasuredId, number>> & { readonly digest: string }

/** Single runs on threads, on demand, where an experiment would run a whole table: a race does not know beforehand whom it will still need. */
export type Runs = {
  /** One row for each replication `from … to − 1`, in it the contestants asked for, all under the same luck. */
  sample(scenario: number, contestants: readonly number[], from: number, to: number): Promise<Sample[][]>
  close(): Promise<void>
}

export type RunsWatch = {
  readonly signal: AbortSignal
  /** Called after each run. */
  readonly onRun: (orders: number, events: number) => void
  readonly onNote: (text: string) => void
}

/** The module of a thread that can run all of these. */
export function codeOfRuns(contestants: readonly Contestant[]): Promise<ThreadCode> {
  const policies = new Set(contestants.flatMap((one) => Object.values(one.policies)).filter(isPolicyFile))
  return threadCode(new URL('../worker.ts', import.meta.url), 'openThread', [...policies])
}

export function openRuns(
  plan: Pick<ExperimentPlan, 'network' | 'scenarios' | 'contestants' | 'seed' | 'workers'>,
  { code, note }: ThreadCode,
  { signal, onRun, onNote }: RunsWatch,
): Runs {
  if (note !== null) onNote(note)
  const { spec } = plan.network
  const { scenarios, contestants, seed } = plan
  const data: WorkerSetup = { spec, scenarios, contestants, seed, replay: null, origins: 'free', check: false }
  const pool: Pool<Task, Outcome> = openPool<Task, Outcome>({ code, workers: plan.workers, data, signal, onRetry: onNote })
  const one = async (task: Task): Promise<Sample> => {
    const outcome = await pool.run(task)
    onRun(outcome.orders, outcome.events)
    const { onTimeShare, costPerOrder, digest } = outcome
    if (Number.isNaN(onTimeShare)) throw new Error(`nobody orders anything in ${scenarios[task.scenario].id}: nothing to judge`)
    return { onTimeShare, costPerOrder, total: costPerOrder + spec.costs.latePerOrder * (1 - onTimeShare), digest }
  }
  return {
    sample: (scenario, who, from, to) =>
      Promise.all(
        Array.from({ length: to - from }, (_, i) =>
          Promise.all(who.map((contestant) => one({ scenario, contestant, replication: from + i }))),
        ),
      ),
    close: () => pool.close(),
  }
}

/** Over the digests of runs in the order they are told. */
export const digestOfRuns = (rows: readonly (readonly Sample[])[]): string =>
  digestOfText(rows.map((row) => row.map(({ digest }) => digest).join(' ')).join('\n'))

export type Watching = { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void }

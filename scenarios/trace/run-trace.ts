import { join, parse } from 'node:path'
import type { Outcome } from '../../sim/outcome.ts'
import type { Sim } from '../../sim/sim.ts'
import { Tracer } from '../../sim/trace/watch.ts'
import type { Task, WorkerSetup } from '../worker.ts'
import { isParquet } from './parquet-columns.ts'
import { writeParquet } from './parquet-write.ts'
import type { Namer } from './row.ts'
import { headerOf, writeTrace } from './trace-file.ts'

/** The trace of one run, from its first event to its outcome. */
export type RunTrace = {
  readonly watch: (sim: Sim) => void
  readonly close: (outcome: Outcome) => void
  readonly abandon: () => void
}

/** The file of a contestant in a scenario: as it was named where there is but one run to trace, else with both names in front of its endings. */
export function traceFileOf(
  file: string,
  { scenarios, contestants }: Pick<WorkerSetup, 'scenarios' | 'contestants'>,
  at: Task,
): string {
  if (scenarios.length * contestants.length === 1) return file
  const { dir, base } = parse(file)
  const dot = base.indexOf('.', 1)
  const [stem, endings] = dot < 0 ? [base, ''] : [base.slice(0, dot), base.slice(dot)]
  // A scenario or a policy may be a path.
  const words = [scenarios[at.scenario].id, contestants[at.contestant].id].map((word) => word.replaceAll(/[^\w+-]+/g, '-'))
  return join(dir, `${stem}.${words.join('.')}${endings}`)
}

/** Opens the trace of a task; null where it is not the replication that is to be traced. */
export function openRunTrace(setup: WorkerSetup, task: Task, sim: Sim): RunTrace | null {
  const { trace } = setup
  if (trace === undefined || trace === null || task.replication !== trace.replication) return null
  const namer = namerOf(setup.spec, sim)
  const header = headerOf({
    network: setup.spec.name,
    scenario: setup.scenarios[task.scenario].id,
    policies: setup.contestants[task.contestant].id,
    seed: setup.seed,
    replication: task.replication,
    dayZeroMs: namer.dayZeroMs,
    weekStartMs: namer.weekStartMs,
    again: trace.again,
  })
  const name = traceFileOf(trace.file, setup, task)
  const file = isParquet(name) ? writeParquet(name, header, namer) : writeTrace(name, header, namer)
  const tracer = new Tracer(sim, file.sink)
  return {
    watch: (one) => tracer.watch(one),
    close(outcome) {
      tracer.end()
      file.close(outcome)
    },
    abandon: file.abandon,
  }
}

export const namerOf = (spec: WorkerSetup['spec'], { clock }: Sim): Namer => ({
  spec,
  dayZeroMs: clock.dayZeroMs,
  weekStartMs: clock.weekStartMs,
})

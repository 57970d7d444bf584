import type { ExperimentPlan, TracePlan } from '../../scenarios/plan.ts'
import { wrongOption } from '../../scenarios/read/problem.ts'
import { traceFileOf } from '../../scenarios/trace/run-trace.ts'
import { checkDestination } from './destination.ts'

/** What `--trace` asks for, once it is known to be possible; null where it is not asked for. */
export function tracePlan(
  plan: ExperimentPlan,
  { trace, traceReplication }: { trace: string | null; traceReplication: number },
  command: string,
): TracePlan | null {
  if (trace === null) {
    if (traceReplication === 0) return null
    throw wrongOption('--trace-replication', `${traceReplication} without --trace`, 'add --trace, or leave it out')
  }
  if (trace === '-') throw wrongOption('--trace', 'standard output', 'name a file')
  if (/\.parquet\.gz$/i.test(trace))
    throw wrongOption('--trace', 'Parquet packed twice', 'end it in .parquet, which is packed inside')
  if (traceReplication >= plan.replications) {
    const found = `${traceReplication}, and the last of ${plan.replications} replications is ${plan.replications - 1}`
    throw wrongOption('--trace-replication', found, 'name one of them; the first is 0')
  }
  const files = traceFiles(plan, trace)
  if (new Set(files).size < files.length)
    throw wrongOption('--trace', 'one file for two runs', 'trace fewer scenarios or policies at once')
  for (const file of files) checkDestination(file, '--trace')
  const which = traceReplication === 0 ? '' : ` --trace-replication ${traceReplication}`
  return { file: trace, replication: traceReplication, again: `${command} --trace ${trace}${which}` }
}

/** The files that a trace goes to, in the order of the runs. */
export function traceFiles(plan: ExperimentPlan, file: string): string[] {
  return plan.scenarios.flatMap((_, scenario) =>
    plan.contestants.map((_, contestant) => traceFileOf(file, plan, { scenario, contestant, replication: 0 })),
  )
}

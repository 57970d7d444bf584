import { loadPolicies } from '../../policies/catalog.ts'
import { compileNetwork } from '../../sim/network.ts'
import { simulate } from '../../sim/outcome.ts'
import { Tracer } from '../../sim/trace/watch.ts'
import type { ExperimentPlan } from '../plan.ts'
import { filesOf } from '../rules/with-rules.ts'
import { openTask } from '../worker.ts'
import { rowOf, type TraceRow } from './row.ts'
import { namerOf } from './run-trace.ts'
import { headerOf, type TraceHeader } from './trace-file.ts'

/** Runs a plan's first contestant through its first scenario once more, here, and hands on its trace row by row; nothing is written. */
export async function rerun(
  plan: ExperimentPlan,
  replication: number,
  again: string,
  onRow: (row: TraceRow, header: TraceHeader) => void,
  onlyOrder: number | null,
): Promise<{ header: TraceHeader; orders: number }> {
  const { spec } = plan.network
  const policies = filesOf(plan.contestants[0], 'routing/nearest')
  const loaded = await loadPolicies(policies)
  const library = {
    [policies.routing]: loaded.routing,
    [policies.forecast]: loaded.forecast,
    [policies.replenishment]: loaded.replenishment,
    [policies.promise]: loaded.promise,
  }
  const setup = { ...plan, spec }
  const sim = openTask(setup, compileNetwork(spec), library, { scenario: 0, contestant: 0, replication })
  const namer = namerOf(spec, sim)
  const header = headerOf({
    network: spec.name,
    scenario: plan.scenarios[0].id,
    policies: plan.contestants[0].id,
    seed: plan.seed,
    replication,
    dayZeroMs: namer.dayZeroMs,
    weekStartMs: namer.weekStartMs,
    again,
  })
  const tracer = new Tracer(sim, (block) => {
    for (let i = 0; i < block.count; i++) {
      const order = block.order[i]
      if (order >= 0 && (onlyOrder === null || order === onlyOrder)) onRow(rowOf(block, i, namer), header)
    }
  })
  const { orders } = simulate(sim, (one) => tracer.watch(one))
  tracer.end()
  return { header, orders }
}

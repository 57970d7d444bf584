import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Outcome } from '../../sim/outcome.ts'
import type { ReplayOutcome } from '../../sim/replay.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { threadCode } from '../bundle.ts'
import { parseContestant } from '../contestant.ts'
import { openPool } from '../pool.ts'
import type { Task, WorkerSetup } from '../worker.ts'
import type { Copies } from './replay.ts'

export type ReplayPlan = {
  readonly spec: NetworkSpec
  readonly copies: Copies
  readonly scenario: ScenarioSpec
  readonly replications: number
  readonly seed: string
  readonly workers: number
}

/** Recorded orders keep the warehouse they came from, so the policy chooses the service alone: the first, which is the one that was measured. */
const POLICY = 'nearest'

/** Runs recorded orders through a fitted network, one replication to a task; what became of each order in each replication. */
export async function replayAll(
  { spec, copies, scenario, replications, seed, workers }: ReplayPlan,
  { signal, onDone = () => {} }: { signal: AbortSignal; onDone?: () => void },
): Promise<ReplayOutcome[]> {
  const contestant = await parseContestant(POLICY)
  const { code } = await threadCode(new URL('../worker.ts', import.meta.url), 'openThread', Object.values(contestant.policies))
  const data: WorkerSetup = {
    spec,
    scenarios: [{ id: 'backtest', spec: scenario }],
    contestants: [contestant],
    seed,
    replay: copies.orders,
    origins: 'recorded',
    check: false,
  }
  const pool = openPool<Task, Outcome>({ code, workers: Math.min(workers, replications), data, signal, onRetry: () => {} })
  try {
    return await Promise.all(
      Array.from({ length: replications }, async (_, replication) => {
        const { replayed } = await pool.run({ scenario: 0, contestant: 0, replication })
        onDone()
        if (replayed === null) throw new Error('a replay without an outcome')
        return replayed
      }),
    )
  } finally {
    await pool.close()
  }
}

import { readFileSync } from 'node:fs'
import { digestOfText } from '../sim/digest.ts'
import type { Outcome } from '../sim/outcome.ts'
import type { ReplayOutcome } from '../sim/replay.ts'
import { chartHours } from '../sim/sim.ts'
import { type ThreadCode, threadCode } from './bundle.ts'
import { frameOf, measuredDays } from './clock.ts'
import { compareCells, comparisonsOf, precisionReached } from './compare.ts'
import { completeReplications, finishCell, type Gathered, gather, isFolded, openCells } from './gather.ts'
import type { ExperimentPlan, RunExperiment } from './plan.ts'
import { openPool } from './pool.ts'
import type { Result } from './result.ts'
import { isPolicyFile } from './rules/with-rules.ts'
import type { Task, WorkerSetup } from './worker.ts'

/**
 * Every contestant meets every scenario under the same seeds, a replication to a task, on all threads. Tasks go out replication by
 * replication, so that whatever is stopped early still compares like with like.
 */
export const runExperiment: RunExperiment = async (plan, { signal, onProgress }) => {
  const startedMs = Date.now()
  const startedCpu = process.cpuUsage()
  const cells = openCells(plan, (scenario) => hoursOf(plan, scenario))
  const perReplication = plan.scenarios.length * plan.contestants.length
  const digests: string[] = []
  const replayed: ReplayOutcome[] = []
  let orders = 0
  let events = 0
  let done = 0
  let planned = plan.replications
  let note: string | null = null
  let failure: unknown = null

  const tell = () => {
    const total = planned * perReplication
    const elapsed = (Date.now() - startedMs) / 1000
    const secondsLeft = done >= 2 ? (elapsed / done) * (total - done) : null
    onProgress({ done, total, orders, events, secondsLeft, note })
    note = null
  }
  tell()
  const policies = new Set(plan.contestants.flatMap((one) => Object.values(one.policies)).filter(isPolicyFile))
  const { code, note: slower } = await threadOf(plan, [...policies])
  note = slower
  const pool = openPool<Task, Outcome>({
    code,
    // A thread without a task would only take memory.
    workers: Math.min(plan.workers, plan.replications * perReplication),
    data: setupOf(plan),
    signal,
    onRetry: (reason) => {
      note = reason
      tell()
    },
  })
  const takeIn = (task: Task, outcome: Outcome) => {
    gather(cells[task.scenario * plan.contestants.length + task.contestant], task.replication, outcome)
    digests[(task.replication * plan.scenarios.length + task.scenario) * plan.contestants.length + task.contestant] =
      outcome.digest
    if (outcome.replayed !== null && task.scenario === 0 && plan.contestants[task.contestant].id === plan.baseline) {
      replayed[task.replication] = outcome.replayed
    }
    orders += outcome.orders
    events += outcome.events
    done++
    tell()
  }

  try {
    for (let from = 0; from < planned; from = planned, planned = nextBatch(plan, planned, cells)) {
      const tasks = tasksOf(plan, from, planned)
      await Promise.all(tasks.map(async (task) => takeIn(task, await pool.run(task))))
    }
  } catch (error) {
    if (!signal.aborted) failure = error
  } finally {
    await pool.close()
  }
  if (failure !== null) throw failure

  const complete = completeReplications(cells)
  const total = planned * perReplication
  const cpu = process.cpuUsage(startedCpu)
  const result: Result = {
    format: 'orrery-result/1',
    version: VERSION,
    network: plan.network.card,
    scenarios: plan.scenarios.map(({ id, spec }, s) => ({
      id,
      about: spec.about,
      days: measuredDays(spec, plan.replay),
      ...(isFolded(hoursOf(plan, s)) ? { foldedIntoWeek: true } : {}),
    })),
    contestants: plan.contestants.map(({ id, about, policies }) => ({ id, about, policies })),
    baseline: plan.baseline,
    seed: plan.seed,
    replications: complete.length,
    workers: plan.workers,
    comparisons: comparisonsOf(cells, plan.baseline),
    orders,
    events,
    tookSeconds: (Date.now() - startedMs) / 1000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    digest: digestOfText(Array.from(digests, (digest) => digest ?? '-').join(' ')),
    stopped: stoppedBecause(plan, cells, done, total, signal),
    cells:
      complete.length === 0
        ? []
        : compareCells(
            cells.map((cell) => finishCell(cell, complete)),
            plan.baseline,
          ),
  }
  return { result, replayed: replayed.filter((one) => one !== undefined) }
}

const VERSION: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

const threadOf = ({ trace }: ExperimentPlan, policies: readonly string[]): Promise<ThreadCode> =>
  trace === undefined || trace === null
    ? threadCode(new URL('./worker.ts', import.meta.url), 'openThread', policies)
    : threadCode(new URL('./traced-worker.ts', import.meta.url), 'openTracingThread', policies)

const setupOf = (plan: ExperimentPlan): WorkerSetup => ({
  spec: plan.network.spec,
  scenarios: plan.scenarios,
  contestants: plan.contestants,
  seed: plan.seed,
  replay: plan.replay,
  origins: plan.origins,
  check: plan.check,
  trace: plan.trace ?? null,
})

function tasksOf(plan: ExperimentPlan, from: number, to: number): Task[] {
  const tasks: Task[] = []
  for (let replication = from; replication < to; replication++) {
    for (let scenario = 0; scenario < plan.scenarios.length; scenario++) {
      for (let contestant = 0; contestant < plan.contestants.length; contestant++)
        tasks.push({ scenario, contestant, replication })
    }
  }
  return tasks
}

/** Where the replications go on to: nowhere without a wanted precision, once it is reached, or at the most that is allowed. */
function nextBatch(plan: ExperimentPlan, done: number, cells: readonly Gathered[]): number {
  if (plan.untilPrecision === null || precisionReached(cells, plan.untilPrecision)) return done
  return Math.min(plan.maxReplications, done + plan.replications)
}

const hoursOf = (plan: ExperimentPlan, scenario: number): number =>
  chartHours(frameOf(plan.scenarios[scenario].spec, plan.replay))

function stoppedBecause(
  plan: ExperimentPlan,
  cells: readonly Gathered[],
  done: number,
  total: number,
  signal: AbortSignal,
): string | null {
  if (signal.aborted) return `interrupted after ${done} of ${total} runs`
  if (plan.untilPrecision === null || precisionReached(cells, plan.untilPrecision)) return null
  const percent = `± ${(100 * plan.untilPrecision).toPrecision(2)} %`
  return `${percent} was not reached within ${plan.maxReplications} replications; allow more with --max-replications`
}

import { openRun, runToEnd } from '../../sim/engine.ts'
import { DayBook } from '../../sim/explain/day-book.ts'
import type { BriefSet } from '../../sim/explain/decision.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Rung } from '../../sim/term.ts'
import { libraryOf } from '../contestant.ts'
import { loadSolverFor } from '../highs.ts'
import { instant } from '../trace/row.ts'
import { setupOfTask } from '../worker.ts'
import { explainingAll } from './day.ts'
import type { DecisionPlan } from './decide.ts'
import { isInMoney, wholeCents } from './money.ts'
import { type Stamp, stampOf } from './stamp.ts'

/** What the log of a run begins with: by whom all its decisions were taken. */
export type DayLogHead = {
  readonly network: string
  readonly scenario: string
  readonly seed: string
  readonly replication: number
  readonly currency: string
  readonly stamp: Stamp
}

export type DayLogSums = {
  readonly decisions: number
  /** Those that had no runner-up, and those whose runner-up asked exactly as much. */
  readonly alone: number
  readonly ties: number
  /** How many stood on each rung; none of a policy that has none. */
  readonly rungs: { readonly [R in Rung]?: number }
}

/**
 * Runs a plan's first contestant through its first scenario and hands on a line of JSON for the run and one for each decision: what was bought
 * and the runner-up, each with its terms.
 */
export async function logDecisions(
  plan: DecisionPlan,
  replication: number,
  withRunnerUps: boolean,
  onLine: (line: string) => void,
): Promise<DayLogSums> {
  const { spec } = plan.network
  const [contestant] = plan.contestants
  const library = await libraryOf([contestant])
  await loadSolverFor(library)
  const task = { scenario: 0, contestant: 0, replication }
  const setup = setupOfTask({ ...plan, spec, check: false }, compileNetwork(spec), library, task)
  const head: DayLogHead = {
    network: spec.name,
    scenario: plan.scenarios[0].id,
    seed: plan.seed,
    replication,
    currency: spec.currency,
    stamp: stampOf(contestant, setup.policies),
  }
  onLine(JSON.stringify(head))
  let alone = 0
  let ties = 0
  const rungs: { [R in Rung]?: number } = {}
  const book = new DayBook()
  runToEnd(explainingAll(openRun(setup), book, withRunnerUps))
  for (let i = 0; i < book.decisions; i++) {
    const { order, nowMs, rung, chosen, runnerUp } = book.read(i)
    if (runnerUp === null) alone += withRunnerUps ? 1 : 0
    else if (runnerUp.set.price === chosen.price) ties++
    if (rung !== null) rungs[rung] = (rungs[rung] ?? 0) + 1
    const other = runnerUp === null ? null : { without: spec.warehouses[runnerUp.without].id, ...named(runnerUp.set, spec) }
    const at = instant(nowMs, setup.clock)
    const line = { order, ms: nowMs, at, ...(rung === null ? {} : { rung }), chosen: named(chosen, spec) }
    onLine(JSON.stringify(withRunnerUps ? { ...line, runnerUp: other } : line))
  }
  return { decisions: book.decisions, alone, ties, rungs }
}

/** With ids; money in whole cents that add up, other terms as amount and weight. */
function named({ shipments, price, terms }: BriefSet, { warehouses, services }: NetworkSpec) {
  return {
    price,
    terms: isInMoney(terms)
      ? Object.fromEntries(wholeCents(terms).map(({ name, cents }) => [name, cents]))
      : terms.map(({ name, amount, weight, of }) => ({ name, amount, weight, ...(of === undefined ? {} : { of }) })),
    shipments: shipments.map(({ warehouse, service, mask }) => ({
      warehouse: warehouses[warehouse].id,
      service: services[service].id,
      lines: mask,
    })),
  }
}

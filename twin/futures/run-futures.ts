import { availableParallelism } from 'node:os'
import { type ThreadCode, threadCode } from '../../scenarios/bundle.ts'
import { parseContestantOn } from '../../scenarios/contestant.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { openPool } from '../../scenarios/pool.ts'
import { overlay } from '../../scenarios/read/scenario.ts'
import { filesOf } from '../../scenarios/rules/with-rules.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { SEAMS } from '../../sim/policy.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import type { Drift } from '../fidelity/calibration.ts'
import { type Errata, NO_ERRATA } from '../fidelity/errata.ts'
import { AS_STATED, type LawsNote } from '../fidelity/laws.ts'
import type { LiveView } from '../state/live-state.ts'
import { amendRuns } from './amend.ts'
import { type Forecast, forecastOf } from './forecast.ts'
import { type Future, packDetail } from './future-file.ts'
import { bandOf } from './interval.ts'
import { measureNames } from './measures.ts'
import { presentOf } from './present.ts'
import type { FuturesOrder, FutureTask } from './thread.ts'

export type FuturesQuestion = {
  readonly name: string
  /** It is to be kept, so that it can be asked later: with what each replication tells of sites, zones, services and orders. */
  readonly isKept?: boolean
  readonly view: LiveView
  /** The network by the laws that futures run by, and which these are; where nothing is said, as it is stated. */
  readonly network: { readonly id: string; readonly spec: NetworkSpec; readonly laws?: LawsNote }
  readonly offsetMinutes: number
  /** How far the pace of single weeks lies from these laws; null or left out: not at all. */
  readonly drift?: Drift | null
  /** What such futures are usually off by; left out: nothing. */
  readonly errata?: Errata
  /** Laid over what was told; day 0 is today. Null for nothing. */
  readonly scenario: { readonly id: string; readonly spec: ScenarioSpec } | null
  /** A mix of policies, as for `orrery run`. */
  readonly policies: string
  readonly hours: number
  readonly replications: number
  readonly seed: string
  readonly workers: number | null
  readonly signal: AbortSignal
  readonly onProgress: (done: number, note: string | null) => void
}

export const runFutures = async (question: FuturesQuestion): Promise<Future> => (await foresee(question)).future

/** A future, and its sites, zones, services and orders as each replication saw them. */
export type Foreseen = { readonly future: Future; readonly forecast: Forecast }

/** Runs a present on, many times over, on all threads. */
export async function foresee(question: FuturesQuestion): Promise<Foreseen> {
  const startedMs = Date.now()
  const { network, view, hours, replications, seed } = question
  const { spec } = network
  // A live view moves on while threads run.
  const { asOfMs } = view
  const { ids, ...whole } = presentOf(view, spec, question.offsetMinutes, true)
  const present = { ...whole, ids: [] }
  const contestant = await parseContestantOn(spec, question.policies)
  const scenario = question.scenario === null ? present.conditions : overlay([present.conditions, question.scenario.spec])
  const { code, note } = await futuresCode(contestant)
  if (note !== null) question.onProgress(0, note)
  const runs = await replicate(
    code,
    { spec, drift: question.drift ?? null, present, scenario, contestant, seed, hours },
    question,
  )
  const { offsetMinutes, errata = NO_ERRATA } = question
  amendRuns(runs, { spec, errata, offsetMinutes, asOfMs, hours })
  const names = measureNames(spec)
  const future: Future = {
    format: 'orrery-future/1',
    name: question.name,
    network: network.id,
    laws: network.laws ?? AS_STATED,
    scenario: question.scenario?.id ?? null,
    told: scenarioParts(present.conditions),
    policies: question.policies,
    seed,
    asOf: new Date(asOfMs).toISOString(),
    hours,
    replications,
    openOrders: present.orders,
    leftOut: present.leftOut,
    tookMs: Date.now() - startedMs,
    measures: Object.fromEntries(names.map((name, at) => [name, bandOf(runs, at, names.length, hours)])),
    ...(question.isKept === true
      ? {
          detail: packDetail(
            ids,
            runs.map((run) => run.subarray((hours + 1) * names.length)),
          ),
        }
      : {}),
  }
  return { future, forecast: forecastOf(spec, asOfMs, hours, ids, runs) }
}

/** The code of a thread that makes futures under these policies. */
export function futuresCode(contestant: Contestant): Promise<ThreadCode> {
  const files = filesOf(contestant, 'routing/nearest')
  return threadCode(
    new URL('./thread.ts', import.meta.url),
    'openFuturesThread',
    SEAMS.map((seam) => files[seam]),
  )
}

type Replications = Pick<FuturesQuestion, 'replications' | 'workers' | 'signal' | 'onProgress'>

/** The numbers of each replication. */
export async function replicate(code: string, order: FuturesOrder, how: Replications): Promise<Float64Array[]> {
  const { replications, workers, signal, onProgress } = how
  let done = 0
  const pool = openPool<FutureTask, Float64Array>({
    code,
    workers: Math.min(workers ?? availableParallelism(), replications),
    data: order,
    signal,
    onRetry: (reason) => onProgress(done, reason),
  })
  try {
    return await Promise.all(
      Array.from({ length: replications }, async (_, replication) => {
        const numbers = await pool.run({ replication })
        onProgress(++done, null)
        return numbers
      }),
    )
  } finally {
    await pool.close()
  }
}

/** "weather 3, carriers 1": how many pieces of each kind were told to hold now. */
const scenarioParts = (told: ScenarioSpec): Record<string, number> =>
  Object.fromEntries(
    Object.entries(told)
      .filter(([, value]) => Array.isArray(value))
      .map(([name, value]) => [name, (value as readonly unknown[]).length]),
  )

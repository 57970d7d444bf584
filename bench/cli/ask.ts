import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { listPolicies } from '../../policies/catalog.ts'
import { parseContestantOn } from '../../scenarios/contestant.ts'
import { examine } from '../../scenarios/doctor.ts'
import { pinsFromElsewhere } from '../../scenarios/pin/pin.ts'
import type { Contestant, ExperimentPlan, LoadedNetwork } from '../../scenarios/plan.ts'
import { loadNetwork } from '../../scenarios/read/network.ts'
import { readOrders } from '../../scenarios/read/orders.ts'
import { InputError, type Problem } from '../../scenarios/read/problem.ts'
import { loadScenario } from '../../scenarios/read/scenario.ts'
import { loadRules } from '../../scenarios/rules/load-rules.ts'
import { RULES } from '../../scenarios/rules/with-rules.ts'
import type { ReplayOrders } from '../../sim/replay.ts'
import { shownProblem } from './failure.ts'
import { grouped } from './progress.ts'
import { colour, say } from './screen.ts'

/** What a planner asked for, as it was typed; null where nothing was said. */
export type Question = {
  readonly scenarios: readonly string[]
  readonly network: string
  readonly policies: readonly string[] | null
  readonly baseline: string | null
  readonly replications: number
  readonly maxReplications: number | null
  readonly untilPrecision: number | null
  readonly seed: string
  readonly workers: number | null
  readonly replay: boolean
  readonly origins: 'free' | 'recorded'
  readonly check: boolean
}

/** As many as fit into about a minute on two cores. */
const DEFAULT_SCENARIOS = ['calm', 'peak-sale', 'storm']
/** Shown in this order; whatever else is in the folder follows. */
const FIRST_POLICIES = ['nearest', 'cheapest', 'cheapest-in-time', 'shortest-queue', 'live-greedy']
const DEFAULT_BASELINE = 'nearest'
/** The rest of the zoo: for comparing, for sites that are all alike, or dear to run. Run where they are named. */
const ONLY_IF_NAMED = [
  'backlog-cap',
  'balance-price',
  'bid-price',
  'contextual-bandit',
  'dilated-rounding',
  'drift-plus-penalty',
  'dual-mirror-descent',
  'earliest-eta',
  'laddered',
  'method-lp',
  'order-cap',
  'power-of-two',
  'priority-list',
  'spillover-limit',
  'static-duals',
  'tolled-best-response',
  'wary-greedy',
  'wave-price',
]

/** Reads and examines everything a run needs; all that is wrong is thrown together, before any run. */
export async function planOf(question: Question): Promise<ExperimentPlan> {
  const problems: Problem[] = [...contradictions(question)]
  const network = await kept(problems, () => loadNetwork(question.network))
  const asked = question.scenarios.length > 0 ? question.scenarios : question.replay ? ['calm'] : DEFAULT_SCENARIOS
  const scenarios = await keptAll(problems, asked, async (text) => loadScenario(text))
  problems.push(...twice(scenarios, 'scenario'))
  // Rules name places of a network: without one they cannot be read, and what is wrong with it is said already.
  const named = await contestantsOf(question)
  const readable = network === null ? named.filter((text) => !text.includes(RULES)) : named
  const contestants = await keptAll(problems, readable, (text) => parseContestantOn(network?.spec ?? null, text))
  problems.push(...twice(contestants, 'policy'))

  if (network === null || problems.length > 0) throw new InputError(problems)
  const findings = examine(network, scenarios)
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new InputError(errors.map(({ problem }) => problem))
  for (const { problem } of findings) say(`${colour.yellow('!')} ${shownProblem(problem)}`)

  for (const word of named.flatMap((text) => text.split('+')).filter((part) => part.startsWith(RULES)))
    for (const { problem } of loadRules(word.slice(RULES.length), network.spec).odd)
      say(`${colour.yellow('!')} ${shownProblem(problem)}`)

  for (const { problem } of await pinsFromElsewhere(named, network.spec)) say(`${colour.yellow('!')} ${shownProblem(problem)}`)

  const replay = question.replay ? await recordedOrders(network) : null
  return {
    network,
    scenarios: scenarios.map(({ id, spec }) => ({ id, spec })),
    contestants,
    baseline: baselineOf(question, contestants),
    replications: question.replications,
    seed: question.seed,
    workers: question.workers ?? availableParallelism(),
    untilPrecision: question.untilPrecision,
    maxReplications: question.maxReplications ?? Math.max(100, 10 * question.replications),
    replay,
    origins: question.origins,
    check: question.check,
  }
}

/** Options that are each right, and say nothing together. */
function contradictions({ origins, replay, maxReplications: most, untilPrecision, replications }: Question): Problem[] {
  const told: [boolean, string, string, string][] = [
    [
      origins === 'recorded' && !replay,
      '--origins',
      'recorded without --replay',
      'add --replay, or leave it out: orders that are drawn have no recorded origin',
    ],
    [
      most !== null && untilPrecision === null,
      '--max-replications',
      `${most} without --until-precision`,
      'add --until-precision, or say --replications instead',
    ],
    [
      most !== null && most < replications,
      '--max-replications',
      `${most}, below the ${replications} of --replications`,
      'lower --replications too',
    ],
  ]
  return told.filter(([holds]) => holds).map(([, field, found, fix]) => ({ file: 'options', line: null, field, found, fix }))
}

async function recordedOrders(network: LoadedNetwork): Promise<ReplayOrders> {
  const file = join(network.folder, 'orders.csv')
  if (!existsSync(file)) {
    const fix = 'leave out --replay, or make a network with `orrery import`, which keeps the orders'
    throw new InputError([{ file, line: null, field: '--replay', found: `no recorded orders in network ${network.id}`, fix }])
  }
  const { orders, rowsRead, remarks, startsAt } = await readOrders(file, network.spec)
  say(`${grouped(orders.count)} of ${grouped(rowsRead)} recorded orders are replayed; day 0 is ${startsAt}.`)
  for (const { rows, done, first } of remarks)
    say(`${colour.yellow('!')} ${grouped(rows)} ${rows === 1 ? 'row' : 'rows'} ${done}; first: ${shownProblem(first)}`)
  return orders
}

/** The policies asked for, and the baseline in front of them where it is not one of them. */
async function contestantsOf({ policies, baseline }: Question): Promise<string[]> {
  const chosen = policies ?? (await allRouting())
  return baseline === null || chosen.includes(baseline) ? [...chosen] : [baseline, ...chosen]
}

async function allRouting(): Promise<string[]> {
  const cards = (await listPolicies()).filter(({ seam }) => seam === 'routing')
  const routing = cards.map(({ id }) => id.replace(/^routing\//, '')).filter((id) => !ONLY_IF_NAMED.includes(id))
  return [...FIRST_POLICIES.filter((id) => routing.includes(id)), ...routing.filter((id) => !FIRST_POLICIES.includes(id)).sort()]
}

function baselineOf({ baseline }: Question, contestants: readonly Contestant[]): string {
  if (baseline !== null) return baseline
  return contestants.find(({ id }) => id === DEFAULT_BASELINE)?.id ?? contestants[0].id
}

function twice(items: readonly { id: string }[], what: string): Problem[] {
  const ids = items.map(({ id }) => id)
  return ids
    .filter((id, i) => ids.indexOf(id) !== i)
    .map((id) => ({ file: what, line: null, field: `"${id}"`, found: 'the same name twice', fix: 'ask for it once' }))
}

async function kept<T>(problems: Problem[], load: () => Promise<T>): Promise<T | null> {
  try {
    return await load()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    problems.push(...error.problems)
    return null
  }
}

async function keptAll<T>(problems: Problem[], texts: readonly string[], load: (text: string) => Promise<T>): Promise<T[]> {
  const values: T[] = []
  for (const text of texts) {
    const value = await kept(problems, () => load(text))
    if (value !== null) values.push(value)
  }
  return values
}

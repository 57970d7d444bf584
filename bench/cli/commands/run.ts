import type { ExperimentPlan } from '../../../scenarios/plan.ts'
import type { Result } from '../../../scenarios/result.ts'
import type { ReplayOutcome } from '../../../sim/replay.ts'
import { count, defineCommand, flag, names, portion, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { NETWORK, ORIGINS, REPLAY, SEED, WORKERS } from '../run-options.ts'
import { colour, columnsOf, folded, print, quoted, say } from '../screen.ts'

const DETAILS = `SCENARIO is a library name, a .yaml file, or several joined by "+": peak-sale+storm.
Without any: calm, peak-sale and storm; with --replay: calm.
A policy is a routing policy's name; "+" adds others for other decisions: live-greedy+smoothed.

Every policy meets the same customers, trucks and weather, replication by replication, so that a difference
between two of them is theirs and not luck's. Same seed, same result, at any number of workers.

--trace writes one replication of each policy in each scenario, event by event: who, when, why, what, and what it
moved. Where FILE ends in .parquet it is a table for DuckDB, pandas or Spark, a column to a field (who_order, when_ms,
why_rule, what_did, impact_backlog), a twentieth the size; else NDJSON, packed where FILE ends in .gz. With several
runs to trace, scenario and policy are put into the file's name. A traced run has the same digest.
\`orrery why --trace FILE\` reads all three.`

export const command = defineCommand({
  name: 'run',
  about: 'Ask what-if: run policies through scenarios and compare them, with intervals and a report.',
  details: DETAILS,
  args: [{ form: '[scenario...]', about: 'what happens; see `orrery list scenarios`' }],
  examples: [
    { line: 'orrery run', about: 'five routing policies, three scenarios, 20 replications' },
    { line: 'orrery run peak-sale+storm --policies nearest,live-greedy', about: 'two policies on a sale day in a storm' },
    {
      line: 'orrery run --network my-network/ --replay --origins recorded',
      about: 'your own orders, one by one, as they were shipped',
    },
    {
      line: 'orrery run storm --until-precision 0.5% --json - > storm.json',
      about: 'until the intervals are narrow; figures to a program',
    },
    {
      line: 'orrery run storm --policies live-greedy --trace out/storm.ndjson',
      about: 'every event of its first replication, with its causes',
    },
    { line: 'orrery run storm --policies live-greedy --trace out/storm.parquet', about: 'the same as a table' },
  ],
  options: {
    network: NETWORK,
    policies: names(
      '--policies <a,b>',
      'policies to compare; without it nearest, cheapest, cheapest-in-time, shortest-queue, live-greedy, and your own',
    ),
    baseline: text('--baseline <policy>', 'policy the others are compared with; without it nearest, or else the first', null),
    replications: count('--replications <n>', 'how often each policy meets each scenario', 20, { least: 2 }),
    seed: SEED,
    workers: WORKERS,
    untilPrecision: portion(
      '--until-precision <part>',
      'go on until on-time share and cost are known to ± this part, such as 0.5%',
    ),
    maxReplications: count('--max-replications <n>', 'end of that; without it ten times --replications, at least 100', null, {
      least: 2,
    }),
    replay: REPLAY,
    origins: ORIGINS,
    check: flag('--check', 'check every law after every event, and recount the whole world every 1,000; slower'),
    json: text('--json <file>', 'all figures as JSON; "-" for standard output', 'out/result.json'),
    html: text('--html <file>', 'the report, one file for any browser', 'out/report.html'),
    trace: text('--trace <file>', 'every event of one replication of each policy and scenario; see below', null),
    traceReplication: count('--trace-replication <n>', 'which replication that is; the first is 0', 0, { least: 0 }),
    quiet: flag('-q, --quiet', 'no progress and no tables'),
  },
  run: async ({ args, options }) => {
    const { checkDestinations } = await import('../destination.ts')
    const jsonToStdout = options.json === '-'
    checkDestinations(options)

    const { planOf } = await import('../ask.ts')
    const asked = await planOf({ ...options, scenarios: args })
    const { tracePlan } = await import('../trace-plan.ts')
    const plan = { ...asked, trace: tracePlan(asked, options, commandOf(args, options)) }
    const { runExperiment } = await import('../../../scenarios/experiment.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    const { progressLine } = await import('../progress.ts')

    const interrupt = onInterrupt()
    const line = progressLine()
    if (!options.quiet) say(announcement(plan))
    let result: Result
    let replayed: readonly ReplayOutcome[] = []
    try {
      const onProgress = options.quiet ? () => {} : line.show
      const found = await runExperiment(plan, { signal: interrupt.signal, onProgress })
      result = found.result
      replayed = found.replayed
    } catch (error) {
      if (!interrupt.signal.aborted) throw error
      say('Interrupted before anything was finished; nothing is written.')
      return EXIT.interrupted
    } finally {
      line.end()
      interrupt.release()
    }

    if (!options.quiet) {
      const tell = jsonToStdout ? say : print
      await showResult(result, tell, columnsOf(jsonToStdout ? process.stderr : process.stdout))
      if (plan.replay !== null && replayed.length > 0) {
        const { fidelityOf, formatFidelity } = await import('../../../scenarios/fidelity.ts')
        tell(`\nReplay under ${plan.baseline} in ${result.scenarios[0].id}, origins ${plan.origins}`)
        if (plan.origins === 'free') {
          tell('Origins were free, so orders left other warehouses than they did: a test of the model needs --origins recorded.')
        }
        tell(formatFidelity(fidelityOf(plan.replay, replayed, plan.network.spec)))
      }
    }
    await writeResult(result, options, commandOf(args, options))
    if (plan.trace !== null) {
      const { traceFiles } = await import('../trace-plan.ts')
      for (const file of traceFiles(plan, plan.trace.file)) say(`Trace: ${file}   Next: orrery why --trace ${quoted(file)}`)
    }
    if (interrupt.signal.aborted) return EXIT.interrupted
    return result.stopped === null ? EXIT.ok : EXIT.failed
  },
})

function announcement({ network, scenarios, contestants, replications, workers }: ExperimentPlan): string {
  const parts = [
    counted(scenarios.length, 'scenario'),
    counted(contestants.length, 'policy', 'policies'),
    counted(replications, 'replication'),
  ]
  return `${network.spec.name}: ${parts.join(' × ')} on ${counted(workers, 'thread')}`
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

async function showResult(result: Result, tell: (text: string) => void, columns: number): Promise<void> {
  const { comparisonTable, legend } = await import('../comparison-table.ts')
  const { conclude } = await import('../conclusion.ts')
  const { formatDuration, grouped } = await import('../progress.ts')
  const finished = result.scenarios.filter(({ id }) => result.cells.some((cell) => cell.scenario === id))
  for (const { id, about, days } of finished) {
    const span = `${days} ${days === 1 ? 'day' : 'days'} on ${result.network.name}.`
    tell(folded(`\n${colour.bold(id)}  ${colour.dim(`${about.trim()} ${span}`)}`, columns))
    tell(comparisonTable(result, id, columns))
    tell(folded(conclude(result, id), columns))
  }
  if (finished.length > 0) tell(folded(`\n${legend(result)}`, columns))
  const speed = `${grouped(result.orders)} orders in ${formatDuration(result.tookSeconds)} (${formatDuration(result.cpuSeconds)} of CPU time)`
  tell(`\n${speed}, seed ${result.seed}, digest ${result.digest}`)
  if (result.stopped !== null) tell(colour.yellow(`Not everything that was asked for was finished: ${result.stopped}`))
}

type Asked = {
  network: string
  policies: readonly string[] | null
  baseline: string | null
  replications: number
  seed: string
  untilPrecision: number | null
  maxReplications: number | null
  replay: boolean
  origins: string
}

/** The line that gives this result again. */
function commandOf(
  args: readonly string[],
  { network, policies, baseline, replications, seed, untilPrecision, maxReplications, replay, origins }: Asked,
): string {
  return [
    'npx orrery run',
    ...args.map(quoted),
    `--network ${quoted(network)}`,
    ...(policies === null ? [] : [`--policies ${quoted(policies.join(','))}`]),
    ...(baseline === null ? [] : [`--baseline ${quoted(baseline)}`]),
    `--replications ${replications} --seed ${quoted(seed)}`,
    ...(untilPrecision === null ? [] : [`--until-precision ${100 * untilPrecision}%`]),
    ...(maxReplications === null ? [] : [`--max-replications ${maxReplications}`]),
    ...(replay ? [`--replay --origins ${origins}`] : []),
  ].join(' ')
}

async function writeResult(result: Result, { json, html }: { json: string; html: string }, command: string): Promise<void> {
  const { writeDestination } = await import('../destination.ts')
  const { renderReport } = await import('../../../viz/report/report.ts')
  if (result.cells.length === 0) {
    say('Nothing was finished, so nothing is written.')
    return
  }
  const text = JSON.stringify(result)
  if (json === '-') print(text)
  else writeDestination(json, `${text}\n`, '--json')
  writeDestination(html, renderReport(result, { command }), '--html')
  say(`Report: ${html}${json === '-' ? '' : `   Figures: ${json}`}`)
}

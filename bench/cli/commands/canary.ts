import { count, defineCommand, flag, type Option, OptionError, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { NETWORK, SEED, WORKERS } from '../run-options.ts'
import { print, printJson, say } from '../screen.ts'

const DETAILS = `By the same bounds that will judge: what is foretold is what will be found. Metrics without \`usual\` in the plan are taken as is common
elsewhere, where that is known, and it says which.`

const plan = defineCommand({
  name: 'plan',
  about: 'Say before a rollout how long it will take, what it can detect, and when it could be promoted at the earliest.',
  details: DETAILS,
  args: [{ form: '<file>', about: 'a plan of a rollout, a .yaml file' }],
  examples: [
    { line: 'orrery canary plan plan.yaml', about: 'hours, chances and the least harm that is caught' },
    { line: 'orrery canary plan plan.yaml --from 2026-11-30T08:00:00-03:00', about: 'with the dates of that start' },
  ],
  options: {
    from: text('--from <instant>', 'when it starts, with an offset; without it now', null),
    json: flag('--json', 'print one JSON object'),
  },
  run: async ({ args, options: { from, json } }) => {
    const { readPlan } = await import('../../../twin/rollout/read-plan.ts')
    const { outlookOf } = await import('../../../twin/rollout/outlook.ts')
    const { plannedDoses } = await import('../../../twin/rollout/doses.ts')
    const { lintPlan, placed } = await import('../../../twin/rollout/lint.ts')
    const { outlookText, startOf } = await import('../outlook-text.ts')
    const { InputError } = await import('../../../scenarios/read/problem.ts')
    const read = readPlan(args[0])
    // A plan without margins cannot be planned with; one that takes too long is what this command is asked about.
    const wrong = placed(read, lintPlan(read.plan, null)).filter(
      ({ severity, problem }) => severity === 'error' && !problem.found.startsWith('a canary that cannot conclude'),
    )
    if (wrong.length > 0) throw new InputError(wrong.map(({ problem }) => problem))
    const outlook = outlookOf(read.plan)
    const startMs = startOf(from)
    if (json) printJson({ startMs, ...outlook, doses: plannedDoses(read.plan) })
    else print(outlookText(read.plan, outlook, startMs))
    return EXIT.ok
  },
})

const VIRTUAL = `Orders of both sides share trucks, hands and shelves. A candidate that takes more of what is scarce does well at the others' expense: in a
comparison of orders it seems better than it is, or better while it is worse. Here the simulator runs the canary first: stable for all,
the candidate for all, and both by order and by blocks of time, in the same worlds. What a comparison would show is held against the
truth; what is left of the difference after prices of shared capacity is shown too, and what each share does to all orders and to stable's own: dose
and response, up to all of them. Each side keeps its own plan, pool and moves.`

const virtual = defineCommand({
  name: 'virtual',
  about: 'Run a canary in the simulator first: whether comparing orders would tell the truth, and what to give to sides instead.',
  details: VIRTUAL,
  args: [{ form: '[scenario]', about: 'what befalls the network; without it calm' }],
  examples: [
    { line: 'orrery canary virtual peak-sale --stable nearest --candidate live-greedy', about: 'in a sale' },
    {
      line: 'orrery canary virtual --candidate earliest-eta --late 0.5% --yaml',
      about: 'also what a plan keeps of it',
    },
  ],
  options: {
    network: NETWORK,
    stable: text('--stable <policy>', 'what decides now', 'nearest'),
    candidate: text('--candidate <policy>', 'what is to be tried', 'live-greedy'),
    late: part('--late <part>', 'rise of the late share that would be accepted', 0.005),
    cost: cents('--cost <money>', 'rise of the cost of an order that would be accepted', 10),
    shares: parts('--shares <list>', 'parts of the orders the candidate decides for', [0.01, 0.05, 0.25, 0.5]),
    blocks: hours('--blocks <list>', 'lengths of blocks of time to try, hours', [6, 24]),
    worlds: count('--worlds <n>', 'worlds it is tried in', 8, { least: 2, most: 1000 }),
    seed: SEED,
    workers: WORKERS,
    yaml: flag('--yaml', 'print what a plan keeps of it: effect and bias that were foreseen, by metric'),
    json: flag('--json', 'print one JSON object'),
  },
  run: async ({ args, options }) => {
    const { loadNetwork } = await import('../../../scenarios/read/network.ts')
    const { loadScenario } = await import('../../../scenarios/read/scenario.ts')
    const { parseContestantOn } = await import('../../../scenarios/contestant.ts')
    const { virtualCanary } = await import('../../../twin/interference/virtual-canary.ts')
    const { adviseUnit } = await import('../../../twin/interference/advise.ts')
    const { foreseenText, virtualText } = await import('../virtual-canary-text.ts')
    const { progressLine } = await import('../progress.ts')
    const { orInterrupted } = await import('../interrupt.ts')
    const { spec } = await loadNetwork(options.network)
    const margins = { late: options.late, cost: options.cost }
    const line = progressLine()
    const startedMs = Date.now()
    return orInterrupted('Stopping; a part of the worlds says nothing.', async (signal) => {
      const canary = await virtualCanary({
        spec,
        scenario: loadScenario(args[0] ?? 'calm').spec,
        stable: await parseContestantOn(spec, options.stable),
        candidate: await parseContestantOn(spec, options.candidate),
        shares: options.shares,
        blockHours: options.blocks,
        margins,
        replications: options.worlds,
        seed: options.seed,
        workers: options.workers,
        signal,
        onProgress: (done, total, note) => {
          const secondsLeft = done < 2 ? null : ((Date.now() - startedMs) / 1000 / done) * (total - done)
          line.show({ done, total, orders: 0, events: 0, secondsLeft, note })
        },
      }).finally(() => line.end())
      const advice = adviseUnit(canary, margins)
      if (options.json) printJson({ ...canary, unit: advice })
      else print(virtualText(canary, advice))
      if (options.yaml && !options.json) {
        say('\nFor the plan, under each metric:')
        print(foreseenText(canary))
      }
    })
  },
})

// --- options ----------------------------------------------------------------------------------------------------------------------------
function part(flags: string, about: string, fallback: number): Option<number> {
  const read = (value: string): number => {
    const said = value.endsWith('%') ? Number(value.slice(0, -1)) / 100 : Number(value)
    if (!(said > 0 && said < 1)) throw new OptionError('write a part between 0 and 1, such as 0.005 or 0.5%')
    return said
  }
  return { flags, about, fallback, read }
}
function cents(flags: string, about: string, fallback: number): Option<number> {
  const read = (value: string): number => {
    if (!(Number(value) > 0)) throw new OptionError('write an amount of money above 0, such as 0.10')
    return Math.round(Number(value) * 100)
  }
  return { flags, about, fallback, read }
}
function parts(flags: string, about: string, fallback: readonly number[]): Option<readonly number[]> {
  const one = part(flags, about, 0)
  return { flags, about, fallback, read: (value) => value.split(',').map((each) => one.read?.(each.trim()) ?? 0) }
}
function hours(flags: string, about: string, fallback: readonly number[]): Option<readonly number[]> {
  const read = (value: string): readonly number[] =>
    value.split(',').map((each) => {
      if (!(Number(each) > 0 && Number(each) <= 168)) throw new OptionError('write hours up to 168, parted by commas')
      return Number(each)
    })
  return { flags, about, fallback, read }
}

export const command = defineCommand({
  name: 'canary',
  about: 'Plan a canary: how long it takes, what it can detect, and whether comparing orders would tell the truth.',
  examples: [
    { line: 'orrery canary plan plan.yaml', about: 'before anybody is exposed' },
    { line: 'orrery canary virtual --stable nearest --candidate live-greedy', about: 'in the simulator first' },
  ],
  options: {},
  inner: [plan, virtual],
  run: async () => EXIT.ok,
})

import type { Drawing } from '../../../scenarios/pareto/drawing.ts'
import type { Range } from '../../../scenarios/pareto/knobs.ts'
import { count, defineCommand, flag, names, portion, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { amount, pinning, ranges } from '../pareto-options.ts'
import { NETWORK, REPLAY, SEED, WORKERS } from '../run-options.ts'
import { columnsOf, print, quoted, say } from '../screen.ts'

const DETAILS = `SCENARIO is as for \`orrery run\`; without one, peak-sale, or calm with --replay. A policy may have knobs that are fixed, and others for
other decisions: live-greedy:lateWeight=2+smoothed. Without --over the knobs that steer a trade-off are turned:
lateWeight, carbonCentsPerKg, slackHours, drift, stepMinutes; those that the policy has. --over takes any knob of its policies.

Half of the points fill the box of knobs evenly, the others follow near the front, in three rounds. All meet the same
customers, trucks and weather, so that a difference between two points is theirs and not luck's. Same seed, same front.

A point is off the front only where another is shown to be at least as good in all three and better in one. The knee is the
point furthest from the line between the ends of the front, all scaled from 0 to 1; how often it stays the knee where
replications are drawn again is said beside it. In the end the knee and the policy as shipped are run once more, under luck the
knee was not picked by.`

export const command = defineCommand({
  name: 'pareto',
  about: 'Draw cost, on-time share and carbon over the knobs of a policy: the front, its knee, and points to pin.',
  details: DETAILS,
  args: [{ form: '[scenario]', about: 'what happens; see `orrery list scenarios`' }],
  examples: [
    { line: 'orrery pareto', about: 'live-greedy on a sale day' },
    { line: 'orrery pareto calm --policy live-greedy,cheapest-in-time', about: 'two policies in one picture' },
    { line: 'orrery pareto calm --over lateWeight=0.5..8,carbonCentsPerKg=0..400', about: 'two knobs, as far as you say' },
    { line: 'orrery pareto calm --at-least-on-time 90% --at-most-co2 0.6', about: 'only what keeps both' },
    {
      line: 'orrery pareto calm --pin steady=knee',
      about: 'writes pins/steady.yaml; then: orrery run --policies pinned:pins/steady.yaml',
    },
  ],
  options: {
    network: NETWORK,
    policy: names('--policy <a,b>', 'policies whose knobs are turned; without it live-greedy'),
    over: ranges('--over <knob=from..to,…>', 'which knobs, and how far'),
    budget: count('--budget <runs>', 'runs in all: points times replications', 352, { least: 4 }),
    replications: count('--replications <n>', 'how often each point is run', 16, { least: 2 }),
    seed: SEED,
    workers: WORKERS,
    atLeastOnTime: portion('--at-least-on-time <part>', 'leave out points with a smaller on-time share, such as 97%'),
    atMostCost: amount('--at-most-cost <money>', 'leave out points that cost more an order'),
    atMostCo2: amount('--at-most-co2 <kg>', 'leave out points with more CO2e an order'),
    replay: REPLAY,
    pin: pinning('--pin <name=point>', 'write pins/NAME.yaml for a point of the front, or for the knee'),
    json: text('--json <file>', 'all figures as JSON; "-" for standard output', 'out/pareto.json'),
    html: text('--html <file>', 'the picture, one file for any browser', 'out/pareto.html'),
    quiet: flag('-q, --quiet', 'no progress and no tables'),
  },
  run: async ({ args, options }) => {
    const { checkDestinations, writeDestination } = await import('../destination.ts')
    checkDestinations(options)
    const { planOf } = await import('../ask.ts')
    const { explorationOf } = await import('../pareto-plan.ts')
    const policies = options.policy ?? ['live-greedy']
    const plan = await planOf({
      scenarios: [args[0] ?? (options.replay ? 'calm' : 'peak-sale')],
      network: options.network,
      policies,
      baseline: policies[0],
      replications: options.replications,
      maxReplications: null,
      untilPrecision: null,
      seed: options.seed,
      workers: options.workers,
      replay: options.replay,
      origins: 'free',
      check: false,
    })
    const { atLeastOnTime: onTimeShare, atMostCost: costPerOrder, atMostCo2: co2PerOrder } = options
    const caps = { onTimeShare, costPerOrder, co2PerOrder }
    const exploration = await explorationOf(plan, options, caps)
    const { freePinFile, pinPoint } = await import('../pinning.ts')
    const pinFile = options.pin === null ? null : freePinFile(options.pin.name, null)

    const { runExperiment } = await import('../../../scenarios/experiment.ts')
    const { explore, pointsEach } = await import('../../../scenarios/pareto/explore.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    const { progressLine } = await import('../progress.ts')
    const interrupt = onInterrupt()
    const line = progressLine()
    if (!options.quiet) {
      const each = pointsEach(exploration)
      say(
        `${plan.network.spec.name}, ${plan.scenarios[0].id}: ${each} points of ${policies.join(' and of ')} × ${plan.replications} replications on ${plan.workers} threads`,
      )
    }
    let drawing: Drawing
    try {
      const onProgress = options.quiet ? () => {} : line.show
      drawing = await explore(exploration, { run: runExperiment, signal: interrupt.signal, onProgress })
    } catch (error) {
      if (!interrupt.signal.aborted) throw error
      say('Interrupted before any two replications of every point were finished; nothing is written.')
      return EXIT.interrupted
    } finally {
      line.end()
      interrupt.release()
    }

    const jsonToStdout = options.json === '-'
    if (!options.quiet) {
      const { paretoText } = await import('../pareto-text.ts')
      const tell = jsonToStdout ? say : print
      tell(paretoText(drawing, columnsOf(jsonToStdout ? process.stderr : process.stdout)))
    }
    const figures = JSON.stringify(drawing)
    if (jsonToStdout) print(figures)
    else writeDestination(options.json, `${figures}\n`, '--json')
    const { renderPareto } = await import('../../../viz/pareto/page.ts')
    writeDestination(options.html, renderPareto(drawing, { command: commandOf(args[0], options) }), '--html')
    say(
      `Picture: ${options.html}${jsonToStdout ? '' : `   Figures: ${options.json}   Next: orrery pin NAME --from ${options.json} --point ${drawing.knee?.point ?? 1}`}`,
    )
    if (options.pin !== null && pinFile !== null) {
      await pinPoint(drawing, options.pin, pinFile)
      say(`Pinned: ${pinFile}   Next: orrery run ${drawing.scenario.id} --policies pinned:${pinFile}`)
    }
    if (interrupt.signal.aborted) return EXIT.interrupted
    return drawing.stopped === null ? EXIT.ok : EXIT.failed
  },
})

type Asked = {
  readonly network: string
  readonly policy: readonly string[] | null
  readonly over: readonly Range[]
  readonly budget: number
  readonly replications: number
  readonly seed: string
  readonly atLeastOnTime: number | null
  readonly atMostCost: number | null
  readonly atMostCo2: number | null
  readonly replay: boolean
}

/** The line that draws this front again. */
function commandOf(scenario: string | undefined, asked: Asked): string {
  const { network, policy, over, budget, replications, seed, atLeastOnTime, atMostCost, atMostCo2, replay } = asked
  return [
    'npx orrery pareto',
    ...(scenario === undefined ? [] : [quoted(scenario)]),
    `--network ${quoted(network)}`,
    ...(policy === null ? [] : [`--policy ${quoted(policy.join(','))}`]),
    ...(over.length === 0 ? [] : [`--over ${quoted(over.map(({ name, from, to }) => `${name}=${from}..${to}`).join(','))}`]),
    `--budget ${budget} --replications ${replications} --seed ${quoted(seed)}`,
    ...(atLeastOnTime === null ? [] : [`--at-least-on-time ${atLeastOnTime}`]),
    ...(atMostCost === null ? [] : [`--at-most-cost ${atMostCost}`]),
    ...(atMostCo2 === null ? [] : [`--at-most-co2 ${atMostCo2}`]),
    ...(replay ? ['--replay'] : []),
  ].join(' ')
}

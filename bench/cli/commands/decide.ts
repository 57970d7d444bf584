import { count, defineCommand, flag, oneOf, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { NETWORK, SEED } from '../run-options.ts'
import { print, printJson, say } from '../screen.ts'

const DETAILS = `The run is made again to the moment the order is routed, and the router itself is asked: what it buys; the cheapest set that
does without one of the chosen warehouses; and with --why-not the cheapest set that includes the warehouse, or the
hard reason against it. Prices are told term by term; money is rounded so that the terms add up to the cent.

An order that waited is explained where it was routed in the end; one that never was, where it was last tried.
The digest is of all that --json prints: the same options and the same Orrery give the same digest, and so does
--from with the file that --save wrote right before the decision.`

export const command = defineCommand({
  name: 'decide',
  about: 'Explain one routing decision: its price term by term, the runner-up, and why not another warehouse.',
  details: DETAILS,
  args: [
    { form: '[order]', about: "the order's number in the run; left out with --log" },
    { form: '[scenario]', about: 'as for `orrery run`; without it calm' },
  ],
  examples: [
    { line: 'orrery decide 1234 storm --policy live-greedy', about: 'where it ships from, and what the next best would cost' },
    { line: 'orrery decide 1234 storm --policy bid-price --why-not sao-paulo', about: 'why it does not ship from there' },
    { line: 'orrery decide storm --log decisions.ndjson', about: 'every decision of the run, its terms and its runner-up' },
    { line: 'orrery decide 1234 --lang zh', about: 'in Chinese' },
    { line: 'orrery decide 1234 --save d.snap', about: 'keep the run as it was right before' },
    { line: 'orrery decide 1234 --from d.snap --expect 0123456789abcdef', about: 'decide again, and fail if anything differs' },
  ],
  options: {
    policy: text('--policy <name>', 'as for `orrery run --policies`', 'nearest'),
    whyNot: text('--why-not <warehouse>', 'its id: why the order does not ship from there', null),
    lang: oneOf('--lang <language>', 'of the text: English or Chinese', ['en', 'zh'], 'en'),
    network: NETWORK,
    seed: SEED,
    replication: count('--replication <n>', 'which one; the first is 0', 0, { least: 0 }),
    replay: flag('--replay', "meet the network's recorded orders instead of drawn ones"),
    origins: oneOf('--origins <which>', 'with --replay, as for `orrery run`', ['free', 'recorded'], 'free'),
    save: text('--save <file>', 'write a snapshot of the run right before the decision', null),
    from: text('--from <file>', 'go on from such a snapshot; other options as when it was written', null),
    log: text('--log <file>', 'write a line for every decision of the run; only the scenario is named then', null),
    chosenOnly: flag('--chosen-only', 'with --log: what was bought and its terms; no runner-ups, which cost most of the time'),
    expect: text('--expect <digest>', 'fail where the decision has another digest', null),
    json: flag('--json', 'print one JSON object instead of text'),
  },
  run: async ({ args, options }) => {
    if (options.log !== null) {
      const { logRun } = await import('../decide-question.ts')
      const sums = await logRun(args, { ...options, log: options.log })
      const { decisions, alone, ties, rungs } = sums
      if (options.json) printJson(sums)
      else {
        const beside = options.chosenOnly ? '' : `: ${alone} had no runner-up, ${ties} one that asked exactly as much`
        print(`${decisions} decisions in ${options.log}${beside}`)
        const stood = Object.entries(rungs).map(([rung, times]) => `${times} by ${rung}`)
        if (stood.length > 0) print(`Decided ${stood.join(', ')}`)
      }
      return EXIT.ok
    }
    const { askDecision } = await import('../decide-question.ts')
    const { told, again } = await askDecision(args, options)
    if (options.json) printJson(told)
    else {
      const { decidedText } = await import('../decide-text.ts')
      print(decidedText(told, options.lang))
      if (options.save !== null) say(`\nNext: ${again} --from ${options.save} --expect ${told.digest}`)
    }
    if (options.expect === null || options.expect === told.digest) return EXIT.ok
    say(
      `✗ the decision has digest ${told.digest}, expected was ${options.expect}: policy, network, scenario or Orrery have changed`,
    )
    return EXIT.failed
  },
})

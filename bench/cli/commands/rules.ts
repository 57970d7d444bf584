import type { CompiledRules } from '../../../policies/rules/compiled.ts'
import { count, defineCommand, flag, text } from '../command.ts'
import { EXIT, shownProblem } from '../failure.ts'
import { NETWORK, ORIGINS, REPLAY, SEED } from '../run-options.ts'
import { colour, columnsOf, print, printJson, say } from '../screen.ts'

const FILE = [{ form: '<file>', about: 'a rule set, a .yaml file, or a bundled one by name: regional-first' }]

const lint = defineCommand({
  name: 'lint',
  about: 'Say what is wrong with a rule set: contradictions, rules no order reaches, orders no rule takes.',
  args: FILE,
  examples: [
    { line: 'orrery rules lint my-rules.yaml', about: 'as it would be on the bundled network' },
    { line: 'orrery rules lint my-rules.yaml --network my-network/ --json', about: 'on yours, for a program' },
  ],
  options: { network: NETWORK, json: flag('--json', 'print one JSON object: {ok, findings: [{severity, problem}]}') },
  run: async ({ args, options }) => {
    const { loadNetwork } = await import('../../../scenarios/read/network.ts')
    const { lintRules } = await import('../../../scenarios/rules/lint.ts')
    const { readRules } = await import('../../../scenarios/rules/read-rules.ts')
    const read = readRules(args[0])
    const { spec } = await loadNetwork(options.network)
    const findings = lintRules(read, spec)
    const errors = findings.filter(({ severity }) => severity === 'error')
    if (options.json) printJson({ ok: errors.length === 0, findings })
    else {
      for (const { severity, problem } of findings)
        print(`${severity === 'error' ? colour.red('✗') : colour.yellow('!')} ${shownProblem(problem)}`)
      if (errors.length === 0) {
        const rules = read.spec.rules.length
        const says = findings.length === 0 ? 'nothing wrong' : 'can be run'
        print(`${colour.green('✓')} ${read.spec.name}, ${rules} ${rules === 1 ? 'rule' : 'rules'} on ${spec.name}: ${says}`)
      }
    }
    return errors.length === 0 ? EXIT.ok : EXIT.badInput
  },
})

const show = defineCommand({
  name: 'show',
  about: 'Show a rule set as it is understood: filters, bands, and what they are worth in a price.',
  args: FILE,
  examples: [{ line: 'orrery rules show regional-first', about: 'rule by rule' }],
  options: { network: NETWORK, json: flag('--json', 'print the compiled columns as one JSON object') },
  run: async ({ args, options }) => {
    const { loadNetwork } = await import('../../../scenarios/read/network.ts')
    const { loadRules } = await import('../../../scenarios/rules/load-rules.ts')
    const { spec } = await loadNetwork(options.network)
    const { read, compiled, odd } = loadRules(args[0], spec)
    for (const { problem } of odd) say(`${colour.yellow('!')} ${shownProblem(problem)}`)
    if (options.json) printJson(plain(compiled))
    else {
      const { rulesText } = await import('../rules-text.ts')
      print(rulesText(read.spec, compiled, spec))
    }
    return EXIT.ok
  },
})

const table = defineCommand({
  name: 'table',
  about: 'Run a day and show which rule decided what: shares, refusals by filter, splits, cost, lateness.',
  details: `The routing of the run and the table are one evaluation: what a rule is said to have refused is what the router was refused.
Transfers are proposals. The simulator moves no goods between warehouses, so a shelf that is too full is proposed again.`,
  args: FILE,
  examples: [
    { line: 'orrery rules table regional-first --scenario peak-sale', about: 'on a sale day' },
    { line: 'orrery rules table my-rules.yaml --network my-network/ --replay', about: 'on your recorded orders, one by one' },
  ],
  options: {
    network: NETWORK,
    scenario: text('--scenario <name>', 'as for `orrery run`', 'calm'),
    seed: SEED,
    replication: count('--replication <n>', 'which one; the first is 0', 0, { least: 0 }),
    replay: REPLAY,
    origins: ORIGINS,
    json: flag('--json', 'print one JSON object'),
  },
  run: async ({ args, options }) => {
    const { planOf } = await import('../ask.ts')
    const { RULES } = await import('../../../scenarios/rules/with-rules.ts')
    const plan = await planOf({
      scenarios: [options.scenario],
      network: options.network,
      policies: [`${RULES}${args[0]}`],
      baseline: null,
      replications: options.replication + 1,
      maxReplications: null,
      untilPrecision: null,
      seed: options.seed,
      workers: 1,
      replay: options.replay,
      origins: options.origins,
      check: false,
    })
    const { decisionTable } = await import('../../../scenarios/rules/decision-table.ts')
    const found = await decisionTable(plan, options.replication)
    if (options.json) printJson(found)
    else {
      const { decisionText } = await import('../decision-text.ts')
      const { spec } = plan.network
      print(`${plan.contestants[0].id} in ${plan.scenarios[0].id} on ${spec.name}\n`)
      print(decisionText(found, spec.currency, columnsOf(process.stdout)))
      print(`\nseed ${options.seed}, replication ${options.replication}, digest ${found.digest}`)
    }
    return EXIT.ok
  },
})

export const command = defineCommand({
  name: 'rules',
  about: 'Route by rules without code: lint a rule set, show it, and see which rule decides what.',
  examples: [
    { line: 'orrery rules lint my-rules.yaml', about: 'what is wrong with it' },
    { line: 'orrery rules table my-rules.yaml --scenario peak-sale', about: 'which rule decided what' },
    { line: 'orrery run peak-sale --policies nearest,rules:my-rules.yaml', about: 'against any other policy' },
  ],
  options: {},
  inner: [lint, show, table],
  run: async () => EXIT.ok,
})

/** Typed columns as plain lists. Infinity, which JSON has not, is written as a word. */
function plain(compiled: CompiledRules): unknown {
  return JSON.parse(
    JSON.stringify(compiled, (_, value: unknown) => {
      if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>)
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
    }),
  )
}

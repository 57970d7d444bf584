import { defineCommand, flag, text } from '../command.ts'
import { EXIT, sayProblems, shownProblem } from '../failure.ts'
import { colour, print, printJson } from '../screen.ts'

export const command = defineCommand({
  name: 'validate-input',
  about: 'Read networks and scenarios and say everything that would spoil a run, without running.',
  details: `PATH is a scenario (library name, .yaml file, or several joined by "+") or a network (name or folder).
Scenarios are examined as they would happen to the network given by --network.`,
  args: [{ form: '[path...]', about: 'scenarios and networks' }],
  examples: [
    { line: 'orrery validate-input my-network/', about: 'one network' },
    {
      line: 'orrery validate-input --network my-network/ peak-sale my-storm.yaml',
      about: 'two scenarios as they would happen to it',
    },
  ],
  options: {
    network: text('--network <name>', 'network that the scenarios happen to: a bundled name or a folder', null),
    json: flag('--json', 'print one JSON object: {ok, findings: [{severity, problem}]}'),
  },
  run: async ({ args, options }) => {
    const { readAll } = await import('../read-all.ts')
    const { findings, read } = await readAll(args, options.network)
    const errors = findings.filter(({ severity }) => severity === 'error')
    const warnings = findings.filter(({ severity }) => severity === 'warning')
    if (options.json) printJson({ ok: errors.length === 0, read, findings })
    else {
      sayProblems(
        errors.map(({ problem }) => problem),
        colour.red('✗'),
      )
      for (const { problem } of warnings) print(`${colour.yellow('!')} ${shownProblem(problem)}`)
      if (errors.length === 0)
        print(`${colour.green('✓')} ${read.join(', ')}: ${warnings.length === 0 ? 'nothing wrong' : 'can be run'}`)
    }
    return errors.length === 0 ? EXIT.ok : EXIT.badInput
  },
})

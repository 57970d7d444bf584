import { defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { print, printJson } from '../screen.ts'

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
    if (json) printJson({ startMs, ...outlook })
    else print(outlookText(read.plan, outlook, startMs))
    return EXIT.ok
  },
})

export const command = defineCommand({
  name: 'canary',
  about: 'Plan a canary: how long it takes, what it can detect.',
  examples: [{ line: 'orrery canary plan plan.yaml', about: 'before anybody is exposed' }],
  options: {},
  inner: [plan],
  run: async () => EXIT.ok,
})

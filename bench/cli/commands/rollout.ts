import type { RolloutVerb } from '../../../twin/rollout/plan.ts'
import type { RolloutPicture } from '../../../twin/wire.ts'
import { type Command, count, defineCommand, flag, text } from '../command.ts'
import { EXIT, shownProblem } from '../failure.ts'
import { ROLLOUT_EXIT_WORDS } from '../rollout-text.ts'
import { colour, print, printJson, say } from '../screen.ts'
import { SERVER } from '../server-client.ts'

const PLAN = [{ form: '<file>', about: 'a plan of a rollout, a .yaml file' }]
const ID = [{ form: '<id>', about: 'the rollout, such as r-12' }]
const JSON_FLAG = flag('--json', 'print one JSON object')
const WATCH = flag('-w, --watch', 'stay until it is promoted, rolled back, or stands still for a person')
const EVERY = count('--every <seconds>', 'with --watch: look so often', 5, { most: 3600 })

const lint = defineCommand({
  name: 'lint',
  about: 'Say what is wrong with a plan before anybody is exposed.',
  args: PLAN,
  examples: [
    { line: 'orrery rollout lint plan.yaml', about: 'each flaw with its line and what would do' },
    { line: 'orrery rollout lint plan.yaml --versions', about: 'also asks the server whether it knows the versions' },
  ],
  options: { versions: flag('--versions', 'ask the server for the versions it names'), server: SERVER, json: JSON_FLAG },
  run: async ({ args, options }) => {
    const { findingsOf } = await import('../rollout-ask.ts')
    const { read, findings } = await findingsOf(args[0], options.versions ? { server: options.server } : null)
    const errors = findings.filter(({ severity }) => severity === 'error')
    if (options.json) printJson({ ok: errors.length === 0, findings })
    else {
      for (const { severity, problem } of findings)
        print(`${severity === 'error' ? colour.red('✗') : colour.yellow('!')} ${shownProblem(problem)}`)
      if (errors.length === 0)
        print(`${colour.green('✓')} ${read.plan.name}: ${findings.length === 0 ? 'nothing wrong' : 'can be submitted'}`)
    }
    return errors.length === 0 ? EXIT.ok : EXIT.badInput
  },
})

const submit = defineCommand({
  name: 'submit',
  about: 'Hand in a plan, so that two others can approve it.',
  args: PLAN,
  examples: [{ line: 'orrery rollout submit plan.yaml', about: 'prints the id it is known by from now on' }],
  options: { server: SERVER, json: JSON_FLAG },
  run: async ({ args, options: { server, json } }) => {
    const { submitPlan } = await import('../rollout-ask.ts')
    const picture = await submitPlan(args[0], server)
    if (json) printJson(picture)
    else {
      print(picture.id)
      say(`Submitted. Two people other than you approve it: orrery rollout approve ${picture.id}`)
    }
    return EXIT.ok
  },
})

const list = defineCommand({
  name: 'list',
  about: 'List all rollouts, the one under way, and who decides now.',
  examples: [{ line: 'orrery rollout list', about: 'one a line' }],
  options: { server: SERVER, json: JSON_FLAG },
  run: async ({ options: { server, json } }) => {
    const { askServer } = await import('../server-client.ts')
    const { value } = await askServer(server, 'GET', '/v1/rollouts')
    if (json) printJson(value)
    else {
      const { rollouts, assignment } = value as Listed
      for (const { id, state, name, held, says } of rollouts)
        print(
          `${id.padEnd(8)} ${state.padEnd(16)} ${name}${held === null ? '' : colour.yellow(`  held: ${held}`)}${says === null ? '' : `  ${says}`}`,
        )
      say(
        `${assignment.stable} decides${assignment.rollout === null ? '' : `, ${assignment.rollout.candidate} for ${100 * assignment.rollout.share} %`}`,
      )
    }
    return EXIT.ok
  },
})
type Listed = {
  readonly rollouts: readonly { id: string; state: string; name: string; held: string | null; says: string | null }[]
  readonly assignment: { stable: string; rollout: { candidate: string; share: number } | null }
}

const status = defineCommand({
  name: 'status',
  about: 'Show where a rollout stands: the verdict first, then the ladder and the numbers.',
  details: ROLLOUT_EXIT_WORDS,
  args: ID,
  examples: [
    { line: 'orrery rollout status r-12', about: 'as it is now' },
    { line: 'orrery rollout status r-12 -w', about: 'until it ends, for a pipeline' },
  ],
  options: { watch: WATCH, every: EVERY, server: SERVER, json: JSON_FLAG },
  run: async ({ args, options: { watch, every, server, json } }) => {
    const { pictureOf, untilEnd } = await import('../rollout-ask.ts')
    const { rolloutText } = await import('../rollout-text.ts')
    const show = (picture: RolloutPicture): void => (json ? printJson(picture) : print(rolloutText(picture)))
    if (watch) return untilEnd(args[0], server, every * 1000, show)
    show(await pictureOf(args[0], server))
    return EXIT.ok
  },
})

const explain = defineCommand({
  name: 'explain',
  about: 'Explain the verdict: every reason with its numbers, and who did what.',
  args: ID,
  examples: [{ line: 'orrery rollout explain r-12', about: 'reasons, bounds, trail' }],
  options: { server: SERVER, json: JSON_FLAG },
  run: async ({ args, options: { server, json } }) => {
    const { pictureOf } = await import('../rollout-ask.ts')
    const picture = await pictureOf(args[0], server)
    if (json) printJson({ verdict: picture.verdict, trail: picture.trail, waitsFor: picture.waitsFor })
    else {
      const { explainedText } = await import('../rollout-text.ts')
      print(explainedText(picture))
    }
    return EXIT.ok
  },
})

const evidence = defineCommand({
  name: 'evidence',
  about: 'Fetch the bundle a verdict was computed from.',
  args: ID,
  examples: [
    { line: 'orrery rollout evidence r-12 --out bundle.json', about: 'of the last look' },
    { line: 'orrery rollout evidence r-12 --digest 4f2a…', about: 'of an earlier one, as the trail names it' },
  ],
  options: {
    digest: text('--digest <sha256>', 'which; without it the last', null),
    out: text('--out <file>', 'where it goes; without it standard output', null),
    server: SERVER,
  },
  run: async ({ args, options: { digest, out, server } }) => {
    const { fetchEvidence } = await import('../rollout-ask.ts')
    const bundle = await fetchEvidence(args[0], digest, server)
    if (out === null) print(bundle)
    else {
      const { writeFileSync } = await import('node:fs')
      writeFileSync(out, `${bundle}\n`)
      say(`Written: ${out}   Next: orrery rollout replay ${out}`)
    }
    return EXIT.ok
  },
})

const replay = defineCommand({
  name: 'replay',
  about: 'Compute a verdict again from its bundle, without a server.',
  details:
    'The exit code is that of the verdict: 0 promote, 2 hold, 3 roll back, 4 inconclusive; 1 where the digest is not the one asked for.',
  args: [{ form: '<file>', about: 'a bundle of evidence' }],
  examples: [
    { line: 'orrery rollout replay bundle.json', about: 'the verdict, its reasons and the digest of the evidence' },
    { line: 'orrery rollout replay bundle.json --digest 4f2a…', about: 'and whether it is the evidence that was approved' },
  ],
  options: { digest: text('--digest <sha256>', 'the digest it must have', null), json: JSON_FLAG },
  run: async ({ args, options: { digest, json } }) => {
    const { replayBundle } = await import('../rollout-ask.ts')
    const verdict = replayBundle(args[0])
    const { codeOfVerdict, verdictText } = await import('../rollout-text.ts')
    if (json) printJson(verdict)
    else print(verdictText(verdict))
    if (digest !== null && digest !== verdict.evidence) {
      say(`${colour.red('✗')} This is evidence ${verdict.evidence}, not ${digest}.`)
      return EXIT.failed
    }
    return codeOfVerdict(verdict)
  },
})

type VerbWords = { readonly verb: RolloutVerb; readonly about: string; readonly why?: true; readonly waits?: true }

const VERBS: readonly VerbWords[] = [
  { verb: 'approve', about: 'Say yes: to the plan, to its next step, or to the evidence that promotion was proposed on.' },
  { verb: 'reject', about: 'Turn a plan down before it starts.', why: true },
  {
    verb: 'start',
    about: 'Start it with the shadow: both answers are logged, stable serves all. Queues where another is under way.',
    waits: true,
  },
  { verb: 'hold', about: 'Let it stand still at its share.', why: true },
  { verb: 'resume', about: 'Let it go on.', why: true },
  { verb: 'advance', about: 'Take the next step now, if the evidence allows it, instead of at the next look.' },
  { verb: 'promote', about: 'Let the candidate decide for all but the holdback, after two people said yes.' },
  { verb: 'rollback', about: 'Let stable decide for everybody, at once.', why: true },
  { verb: 'extend', about: 'Give it more time before it ends without a conclusion.', why: true },
  { verb: 'settle', about: 'End the holdback, once its time is over.' },
]

const OF = text('--of <digest>', 'what the yes is to, as you looked at it; without it what is asked for now', null)
const HOURS = count('--hours <n>', 'by how many hours', null, { most: 2400 })

const verbs: readonly Command[] = VERBS.map(({ verb, about, why, waits }) => {
  const because = text('--because <words>', 'why; it stands in the book', null)
  return defineCommand({
    name: verb,
    about,
    ...(waits === undefined ? {} : { details: ROLLOUT_EXIT_WORDS }),
    args: ID,
    examples: [
      {
        line: `orrery rollout ${verb} r-12${why === undefined ? '' : ' --because "a storm comes"'}${verb === 'extend' ? ' --hours 48' : ''}`,
        about: 'as the one whose key is in ORRERY_KEY',
      },
    ],
    options: {
      ...(why === undefined ? {} : { because }),
      ...(verb === 'approve' ? { of: OF } : {}),
      ...(verb === 'extend' ? { hours: HOURS } : {}),
      ...(waits === undefined ? {} : { watch: WATCH, every: EVERY }),
      server: SERVER,
      json: JSON_FLAG,
    },
    run: async ({ args, options }) => {
      const { doVerb, untilEnd } = await import('../rollout-ask.ts')
      const { rolloutText } = await import('../rollout-text.ts')
      const { server, json } = options
      const said = {
        ...(typeof options.because === 'string' ? { because: options.because } : {}),
        ...(typeof options.of === 'string' ? { of: options.of } : {}),
        ...(typeof options.hours === 'number' ? { byHours: options.hours } : {}),
      }
      const show = (picture: RolloutPicture): void => (json ? printJson(picture) : print(rolloutText(picture)))
      const picture = await doVerb(args[0], verb, said, server)
      show(picture)
      return options.watch === true ? untilEnd(args[0], server, (options.every ?? 5) * 1000, show) : EXIT.ok
    },
  })
})

export const command = defineCommand({
  name: 'rollout',
  about: 'Bring a policy into production step by step, on evidence: plan, shadow, canary, promotion, and back at any time.',
  details: `Talks to the server of the twin (--server or ORRERY_SERVER) with the key in ORRERY_KEY. ${ROLLOUT_EXIT_WORDS}`,
  examples: [
    { line: 'orrery rollout lint plan.yaml', about: 'what is wrong with a plan' },
    { line: 'orrery rollout submit plan.yaml', about: 'hand it in' },
    { line: 'orrery rollout status r-12 -w', about: 'follow it to its end' },
    { line: 'orrery rollout rollback r-12 --because "calls from customers"', about: 'back to stable at once' },
  ],
  options: {},
  inner: [lint, submit, list, status, ...verbs, explain, evidence, replay],
  run: async () => EXIT.ok,
})

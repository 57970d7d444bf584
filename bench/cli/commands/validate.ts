import type { Line, Validation } from '../../validate/run-cases.ts'
import { count, defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { SEED, WORKERS } from '../run-options.ts'
import { colour, columnsOf, folded, print, printJson, say } from '../screen.ts'

const DETAILS = `A case states a system with a known answer: what differs from a bare network in which nothing takes time, runs short or
varies, and what theory says of it. The simulator itself is run on it, in independent replications.

A number agrees when it is shown to be within its margin (two one-sided tests) and is not different; it differs when it is
different at a level of 5 % for all numbers of the run together; else it is unclear, and more replications would tell.
Your own cases are YAML files like those in bench/validate/cases; editors complete them by bench/validate/cases.schema.json.`

export const command = defineCommand({
  name: 'validate',
  about: 'Check the simulator against queueing and inventory theory: simulated beside expected, with intervals and verdicts.',
  details: DETAILS,
  args: [{ form: '[file...]', about: 'case files or folders of them; without any, those that come with Orrery' }],
  examples: [
    { line: 'orrery validate', about: 'every case' },
    { line: 'orrery validate my-cases.yaml --replications 50', about: 'cases of your own' },
    { line: 'orrery validate --coverage 1000', about: 'how often the printed intervals are right' },
    { line: 'orrery validate --only "M/M/1" --json', about: 'cases with M/M/1 in their name, for a program' },
  ],
  options: {
    only: text('--only <text>', 'only cases whose name contains this', null),
    replications: count('--replications <n>', 'instead of what each case says', null, { least: 2 }),
    seed: SEED,
    workers: WORKERS,
    list: flag('--list', 'list the cases and what they expect, and run nothing'),
    measures: flag('--measures', 'list what can be measured, and run nothing'),
    coverage: count(
      '--coverage <n>',
      'instead: repeat three experiments n times each, and count how often the 95 % interval held the truth',
      null,
      {
        least: 100,
      },
    ),
    json: flag('--json', 'print one JSON object: {targets: [{name, value, unit, target, met}], lines, notes}'),
  },
  run: async ({ args, options }) => {
    if (options.measures) return tellMeasures()
    if (options.coverage !== null) return tellCoverage({ ...options, coverage: options.coverage })
    const { readCases } = await import('../../validate/read-cases.ts')
    const { runCases } = await import('../../validate/run-cases.ts')
    const { InputError } = await import('../../../scenarios/read/problem.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    const { availableParallelism } = await import('node:os')

    const all = await readCases(args)
    const wanted = all.filter(({ stated }) => options.only === null || stated.name.includes(options.only))
    if (wanted.length === 0) {
      const fix = '`orrery validate --list` shows the names'
      throw new InputError([{ file: 'validate', line: null, field: '--only', found: `no case with "${options.only}"`, fix }])
    }
    if (options.list) {
      for (const { stated } of wanted) {
        print(`${colour.bold(stated.name)}  ${colour.dim(stated.source)}`)
        for (const { says, measure, value } of stated.expect) print(`  ${says ?? measure}: ${shown(value)}`)
      }
      return EXIT.ok
    }
    const cases = wanted.map((one) => ({ ...one, replications: options.replications ?? one.replications }))
    const workers = options.workers ?? availableParallelism()
    const interrupt = onInterrupt()
    let validation: Validation
    try {
      const watch = {
        signal: interrupt.signal,
        onProgress: (done: number, total: number, finished: string | null) => {
          if (finished !== null) say(`${done} of ${total} replications; done: ${finished}`)
        },
        onNote: say,
      }
      validation = await runCases(cases, { seed: options.seed, workers }, watch)
    } finally {
      interrupt.release()
    }
    const warnings = cases.flatMap((one) => one.warnings.map((warning) => `${one.stated.name}: ${warning}.`))
    const notes = [...notesOf(validation, cases.length), ...warnings]
    const lines = validation.lines.map(({ samples, ...line }) => ({ ...line, replications: samples.length }))
    if (options.json) printJson({ targets: targetsOf(validation.lines), lines, notes })
    else {
      print(tableOf(validation.lines, columnsOf(process.stdout)))
      for (const note of notes) print(folded(note, columnsOf(process.stdout)))
    }
    if (interrupt.signal.aborted) return EXIT.interrupted
    return validation.lines.every(({ verdict }) => verdict === 'agrees') ? EXIT.ok : EXIT.failed
  },
})

function targetsOf(lines: readonly Line[]) {
  const agree = lines.filter(({ verdict }) => verdict === 'agrees').length
  return [
    ...lines.map((line) => ({
      name: `${line.case}: ${line.says}`,
      value: line.mean,
      unit: '',
      target: `${line.expected} ± ${line.margin}`,
      met: line.verdict === 'agrees',
    })),
    {
      name: 'numbers that agree with theory',
      value: agree,
      unit: `of ${lines.length}`,
      target: `${lines.length}`,
      met: agree === lines.length,
    },
  ]
}

function notesOf({ lines, orders, events, cpuSeconds }: Validation, cases: number): string[] {
  const verdicts = (verdict: Line['verdict']): number => lines.filter((line) => line.verdict === verdict).length
  const narrow = lines.filter(({ half, expected }) => half <= 0.005 * Math.abs(expected)).length
  return [
    `${lines.length} numbers of ${cases} systems: ${verdicts('agrees')} agree, ${verdicts('differs')} differ, ${verdicts('unclear')} unclear.`,
    `${narrow} intervals are at most 1 % of the value wide. ${orders.toLocaleString('en-US')} orders, ${events.toLocaleString('en-US')} events, ${cpuSeconds.toFixed(0)} s of CPU time.`,
  ]
}

const MARK = { agrees: colour.green('✓ agrees'), differs: colour.red('✗ differs'), unclear: colour.yellow('· unclear') }

/** A block for each system: its name and source, then a line for each number. */
function tableOf(lines: readonly Line[], columns: number): string {
  const rows: string[] = []
  let before = ''
  const wide = Math.max(...lines.map(({ says }) => says.length), 8)
  for (const line of lines) {
    if (line.case !== before)
      rows.push(folded(`\n${colour.bold(line.case)}  ${colour.dim(`${line.source}; ${warmUpOf(line)}`)}`, columns))
    before = line.case
    const numbers = `${shown(line.expected).padStart(10)}  ${shown(line.mean).padStart(10)} ±${shown(line.half).padEnd(9)} z ${line.z.toFixed(1).padStart(5)}`
    rows.push(`  ${line.says.padEnd(wide)} ${numbers}  ${MARK[line.verdict]}`)
  }
  return `${`${' '.repeat(wide + 3)}${'expected'.padStart(10)}  ${'simulated'.padStart(10)}`}${rows.join('\n')}\n`
}

/** What was left out at the start, and what MSER-5 says of that. */
function warmUpOf({ warmupDays, settledAfterDays }: Line): string {
  const asked = `warm-up ${warmupDays} d`
  if (settledAfterDays === null) return asked
  return `${asked}${settledAfterDays > warmupDays ? ', too short' : ''} (MSER-5: ${settledAfterDays.toFixed(1)} d)`
}

const shown = (value: number): string => (Number.isFinite(value) ? value.toPrecision(5).replace(/\.?0+$/, '') : String(value))

type Asked = { coverage: number; seed: string; workers: number | null; json: boolean }

async function tellCoverage({ coverage, seed, workers, json }: Asked): Promise<number> {
  const { COVERED, coverageOf } = await import('../../validate/coverage.ts')
  const { onInterrupt } = await import('../interrupt.ts')
  const { availableParallelism } = await import('node:os')
  const interrupt = onInterrupt()
  try {
    const watch = {
      signal: interrupt.signal,
      onProgress: (done: number, total: number) => {
        if (done > 0 && done % 2000 === 0) say(`${done} of ${total} replications`)
      },
      onNote: say,
    }
    const asked = { seed, workers: workers ?? availableParallelism() }
    const { coverages, cpuSeconds } = await coverageOf(coverage, asked, watch)
    const targets = coverages.map(({ case: name, says, rule, experiments, replications, share }) => {
      const until = rule === 'sequential'
      const size = until ? `until precise, ${replications.toFixed(0)}` : `${replications}`
      return {
        name: `${name}: ${says}, ${experiments} experiments of ${size} replications`,
        value: share,
        unit: 'of the 95 % intervals hold the truth',
        // Of so many experiments, what luck alone moves it by, 95 times in 100.
        luck: 1.96 * Math.sqrt((0.95 * 0.05) / experiments),
        target: until ? `≥ ${COVERED.leastSequential}` : `${COVERED.least} … ${COVERED.most}`,
        met: until ? share >= COVERED.leastSequential : share >= COVERED.least && share <= COVERED.most,
      }
    })
    if (json) printJson({ targets, notes: [`${cpuSeconds.toFixed(0)} s of CPU time`] })
    else
      for (const { name, value, luck, target, met } of targets)
        print(
          `${met ? colour.green('✓') : colour.red('✗')} ${name}: ${(100 * value).toFixed(1)} % (asked ${target}; luck ± ${(100 * luck).toFixed(1)})`,
        )
    if (interrupt.signal.aborted) return EXIT.interrupted
    return targets.every(({ met }) => met) ? EXIT.ok : EXIT.failed
  } finally {
    interrupt.release()
  }
}

async function tellMeasures(): Promise<number> {
  const { READINGS } = await import('../../validate/probe.ts')
  const { SPANS } = await import('../../validate/spans.ts')
  const { COUNTED, TAKES } = await import('../../validate/case-schema.ts')
  const wide = 24
  print(colour.bold('Readings, over time or once a day'))
  for (const [name, { about }] of Object.entries(READINGS)) print(`  ${name.padEnd(wide)}${about}`)
  print(colour.bold('Spans, in hours, of each parcel on its own (waits as customers see them)'))
  for (const [name, about] of Object.entries(SPANS)) print(`  ${name.padEnd(wide)}${about}`)
  print(colour.bold('What of them (take)'))
  for (const [name, about] of Object.entries(TAKES)) print(`  ${name.padEnd(wide)}${about}`)
  print(colour.bold('Counted over the measured days'))
  for (const [name, about] of Object.entries(COUNTED)) print(`  ${name.padEnd(wide)}${about}`)
  return EXIT.ok
}

import { InputError } from '../../../scenarios/read/problem.ts'
import type { Benchmark } from '../benchmarks.ts'
import { count, defineCommand, flag, names, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { colour, print, printJson, say } from '../screen.ts'

const COMMON = {
  quick: flag('--quick', 'a shorter measurement, under 50 seconds'),
  json: flag('--json', 'print one JSON object: {bench, targets: [{name, value, unit, target, met}], notes, found}'),
} as const

/** Options that only some benchmarks understand. */
const SPECIAL = {
  only: names(
    '--only <names>',
    'routing: these instances, such as multi-item; api: these parts, such as single,batch; canary: judge, interference',
  ),
  policies: names('--policies <names>', 'routing: these policies beside nearest; without it all'),
  seeds: count('--seeds <n>', 'routing: days of each case; without it 20, with --quick 3 or 6', null, { least: 2, most: 10_000 }),
  seed: text('--seed <text>', 'routing: names the luck of all days', 'league'),
  load: names('--load <list>', 'routing: loads where an instance has one, such as 0.85,1,1.4'),
  bound: { ...flag('--no-bound', 'routing: leave out the bound in hindsight, and all that is measured by it'), fallback: true },
  set: names('--set <list>', 'routing: knobs of the instances, such as orders=5000,split=0.5/0.3/0.2'),
  canaries: count('--canaries <n>', 'canary: at most so many of each world; without it up to 10,000', null, {
    least: 10,
    most: 100_000,
  }),
  recorded: count('--recorded <n>', 'decisions: so many are held against the simulator; without it 1,000,000', null, {
    least: 1,
    most: 100_000_000,
  }),
  brunel: text('--brunel <dir>', 'routing: instead of instances the recorded orders of Brunel, from this folder', null),
} as const

export const command = defineCommand({
  name: 'bench',
  about: 'Measure Orrery against the figures it is held to.',
  args: [{ form: '[name]', about: 'which one; without it they are listed' }],
  details:
    'Benchmarks are the files bench/*.bench.ts. Measured in CPU time of this machine; close other programs first. A missed target ends with exit code 1.',
  examples: [
    { line: 'orrery bench', about: 'what can be measured' },
    { line: 'orrery bench engine', about: 'orders for each CPU-second, memory for each order' },
    { line: 'orrery bench engine --quick --json', about: 'in under 50 seconds, for a program' },
    { line: 'orrery bench canary --only interference', about: 'whether the virtual canary warns where it should' },
    { line: 'orrery bench routing --only peak-day --load 1.15', about: 'routing policies on twenty peak days' },
  ],
  options: { ...COMMON, ...SPECIAL },
  run: async ({ args, options }) => {
    const { findBenchmarks, pickBenchmark } = await import('../benchmarks.ts')
    const all = await findBenchmarks()
    if (args.length === 0) {
      if (options.json) printJson(all.map(({ name, about }) => ({ name, about })))
      else for (const { name, about } of all) print(`${colour.bold(name)}  ${about}`)
      return EXIT.ok
    }
    const benchmark = pickBenchmark(all, args[0])
    refuseOthers(benchmark, options)
    const { targets, notes, found } = await benchmark.run({ ...options, onProgress: say })
    if (options.json) printJson({ bench: benchmark.name, targets, notes, ...(found === undefined ? {} : { found: found.data }) })
    else {
      if (found !== undefined) print(`${found.text}\n`)
      for (const { name, value, unit, target, met } of targets) {
        print(`${met ? colour.green('✓') : colour.red('✗')} ${name}: ${shown(value)} ${unit}  ${colour.dim(`target ${target}`)}`)
      }
      for (const note of notes) print(colour.dim(note))
    }
    return targets.every(({ met }) => met) ? EXIT.ok : EXIT.failed
  },
})

/** An option that a benchmark would not look at is a misunderstanding, better told than passed over. */
function refuseOthers({ name, takes = [] }: Benchmark, options: Readonly<Record<string, unknown>>): void {
  const problems = Object.entries(SPECIAL)
    .filter(([key, { fallback }]) => !takes.includes(key) && options[key] !== fallback)
    .map(([key]) => ({
      file: 'bench',
      line: null,
      field: `--${key}`,
      found: `an option that ${name} does not have`,
      fix: takes.length === 0 ? 'leave it out' : `leave it out, or use ${takes.map((one) => `--${one}`).join(', ')}`,
    }))
  if (problems.length > 0) throw new InputError(problems)
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: value >= 1000 ? 7 : 4 })
}

import { defineCommand, flag } from '../command.ts'
import { EXIT } from '../failure.ts'
import { colour, print, printJson, say } from '../screen.ts'

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
  ],
  options: {
    quick: flag('--quick', 'a shorter measurement, under 50 seconds'),
    json: flag('--json', 'print one JSON object: {bench, targets: [{name, value, unit, target, met}], notes}'),
  },
  run: async ({ args, options }) => {
    const { findBenchmarks, pickBenchmark } = await import('../benchmarks.ts')
    const all = await findBenchmarks()
    if (args.length === 0) {
      if (options.json) printJson(all.map(({ name, about }) => ({ name, about })))
      else for (const { name, about } of all) print(`${colour.bold(name)}  ${about}`)
      return EXIT.ok
    }
    const benchmark = pickBenchmark(all, args[0])
    const { targets, notes } = await benchmark.run({ quick: options.quick, onProgress: say })
    if (options.json) printJson({ bench: benchmark.name, targets, notes })
    else {
      for (const { name, value, unit, target, met } of targets) {
        print(`${met ? colour.green('✓') : colour.red('✗')} ${name}: ${shown(value)} ${unit}  ${colour.dim(`target ${target}`)}`)
      }
      for (const note of notes) print(colour.dim(note))
    }
    return targets.every(({ met }) => met) ? EXIT.ok : EXIT.failed
  },
})

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: value >= 1000 ? 7 : 4 })
}

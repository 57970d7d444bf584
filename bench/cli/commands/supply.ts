import { availableParallelism } from 'node:os'
import { count, defineCommand, flag } from '../command.ts'
import { SEED, WORKERS } from '../run-options.ts'
import { columnsOf, print, printJson } from '../screen.ts'

const DETAILS = `FILE is a replenishment network in YAML: suppliers, plants, depots and shops that hold one kind of goods, each with
its rule of ordering, its lead times and its costs, and the customers at the end. Many sites go into a CSV table beside
it. scenarios/supply/examples/ has three to begin with; scenarios/schema/supply.schema.json lets an editor complete and
check yours.

The same seed brings the same customers, and the n-th shipment to a site takes as long, whatever the rules: two files
that differ in a rule are compared under the same luck. Same seed, same result, at any number of workers.`

export const command = defineCommand({
  name: 'supply',
  about: 'Run a replenishment network: stock, backlogs, fill rates and costs of each echelon, with intervals.',
  details: DETAILS,
  args: [{ form: '<file>', about: 'the network, a .yaml file' }],
  examples: [
    { line: 'orrery supply scenarios/supply/examples/three-echelons.yaml', about: 'a plant, depots and shops' },
    {
      line: 'orrery supply shops.yaml --days 730 --warmup 90 --replications 50',
      about: 'two years, measured when it has settled',
    },
    { line: 'orrery supply shops.yaml --json > shops.json', about: 'all figures for a program' },
  ],
  options: {
    days: count('--days <n>', "measured days; without it the file's", null, { most: 100_000 }),
    warmup: count('--warmup <n>', "days before them that are not measured; without it the file's", null, {
      least: 0,
      most: 100_000,
    }),
    replications: count('--replications <n>', 'how often it is run', 20, { least: 1, most: 100_000 }),
    seed: SEED,
    workers: WORKERS,
    check: flag('--check', 'check every law after every event; much slower'),
    json: flag('--json', 'print one JSON object with every figure, its mean and its 95 % interval'),
  },
  run: async ({ args, options }) => {
    const { readSupply } = await import('../../../scenarios/supply/read-supply.ts')
    const { runSupplyPlan } = await import('../../../scenarios/supply/run-supply.ts')
    const { orInterrupted } = await import('../interrupt.ts')
    const { progressLine } = await import('../progress.ts')
    const { supplyTable } = await import('../supply-table.ts')
    const read = await readSupply(args[0])
    const spec = { ...read, days: options.days ?? read.days, warmupDays: options.warmup ?? read.warmupDays }
    const line = progressLine()
    return orInterrupted('Stopping; nothing is printed.', async (signal) => {
      const result = await runSupplyPlan(
        {
          spec,
          seed: options.seed,
          replications: options.replications,
          workers: options.workers ?? availableParallelism(),
          check: options.check,
        },
        { signal, onProgress: line.show },
      ).finally(line.end)
      if (options.json) printJson(result)
      else {
        print(`${result.name}\n`)
        print(supplyTable(result, columnsOf(process.stdout)))
        print(`\nseed ${result.seed}, digest ${result.digest}`)
      }
    })
  },
})

import { count, defineCommand, flag, names, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { NETWORK, REPLAY, SEED } from '../run-options.ts'
import { columnsOf, folded, print, printJson, say } from '../screen.ts'

const DETAILS = `SCENARIO is a library name, a .yaml file, or several joined by "+"; without any: calm.

Once a day is over it can be said what it could have cost at the least: a lower bound that no way of routing goes below, and a plan of whole orders
that comes near it. Cost is handling, freight and lateness at the business's price (latePerOrder, latePerHour of the network); an order that is not
delivered is late until the run's end. Each policy is held against both: gap to the bound, part of the baseline's possible savings that it
captures, how right its choices were at the prices of hindsight, and what looked right and was not.

The bound knows beforehand what nobody can know. --reference shows what is nearer to what could be hoped for: bid-price that plans with the day's
own orders by zone and hour, and has no foreknowledge of storms, breakdowns or luck.

--export writes the day's whole program, so that any MILP solver can solve a small day exactly: .lp (CPLEX LP) or .mps.`

/** Without any named: the floor, and the best rule that needs no plan. */
const DEFAULT_POLICIES = ['nearest', 'live-greedy']
const BASELINE = 'nearest'
/** A program of more orders would be of no use to anybody's solver. */
const MOST_EXPORTED = 3000
const REFERENCE = 'bid-price'

export const command = defineCommand({
  name: 'hindsight',
  about: 'Look back at a day: what it could have cost at the least, and how far each policy was from that.',
  details: DETAILS,
  args: [{ form: '[scenario]', about: 'what happens; see `orrery list scenarios`' }],
  examples: [
    { line: 'orrery hindsight storm', about: 'nearest and live-greedy in a storm' },
    { line: 'orrery hindsight --network my-network/ --replay', about: 'your own orders' },
    {
      line: 'orrery hindsight calm --replications 5 --json > calm.json',
      about: 'five days, for a program',
    },
    { line: 'orrery hindsight calm --export out/day.lp', about: 'the first of them for another solver' },
  ],
  options: {
    network: NETWORK,
    policies: names(
      '--policies <a,b>',
      `policies to look at beside ${BASELINE}; without it ${DEFAULT_POLICIES.slice(1).join(' and ')}`,
    ),
    replications: count('--replications <n>', 'days', 1),
    seed: SEED,
    replay: REPLAY,
    reference: flag(
      '--reference',
      `add ${REFERENCE} with a perfect forecast of demand; it plans by linear programs, which takes its time`,
    ),
    json: flag('--json', 'print one JSON object: {network, scenario, seed, looks: [one for each replication]}'),
    export: text('--export <file>', 'the first day as a program for another solver, .lp or .mps', null),
  },
  run: async ({ args, options }) => {
    const { InputError } = await import('../../../scenarios/read/problem.ts')
    const { checkDestination, writeDestination } = await import('../destination.ts')
    const format = options.export === null ? null : await formatOf(options.export)
    if (options.export !== null) checkDestination(options.export, '--export')

    const { planOf } = await import('../ask.ts')
    const plan = await planOf({
      ...options,
      scenarios: args.length === 0 ? ['calm'] : args,
      policies: options.policies ?? DEFAULT_POLICIES,
      baseline: BASELINE,
      maxReplications: null,
      untilPrecision: null,
      workers: 1,
      origins: 'free',
      check: false,
    })
    const { parseContestant } = await import('../../../scenarios/contestant.ts')
    const { loadSolver } = await import('../../../scenarios/highs.ts')
    const { lookBack } = await import('../../../scenarios/hindsight/hindsight.ts')
    const { runDay } = await import('../../../scenarios/hindsight/runs-of-day.ts')
    const { spentOf, totalCents } = await import('../../../scenarios/hindsight/spent.ts')
    const { dayOf } = await import('../../../scenarios/hindsight/day.ts')
    const reference = options.reference ? await parseContestant(REFERENCE) : null
    const solver = await loadSolver()
    const [scenario] = plan.scenarios
    const looks = []
    let ordersOfFirst = 0
    for (let replication = 0; replication < plan.replications; replication++) {
      const day = plan.replications === 1 ? '' : `day ${replication + 1} of ${plan.replications}: `
      const { runs, again } = await runDay(plan, scenario, replication, reference, (policy) => say(`${day}${policy}`))
      say(`${day}bound and plan`)
      const { hindsight, market, day: lookedAt } = lookBack(runs, plan.baseline, solver)
      const base = hindsight.policies.find(({ policy }) => policy === plan.baseline)?.costCents ?? Number.NaN
      const otherwise = totalCents(spentOf(dayOf([again]), again)) / lookedAt.count
      looks.push({ ...hindsight, noise: Math.abs(otherwise / base - 1) })
      if (replication === 0) ordersOfFirst = lookedAt.count
      if (options.export !== null && replication === 0 && lookedAt.count <= MOST_EXPORTED) {
        const { programOf } = await import('../../../scenarios/hindsight/program.ts')
        const { lpText, mpsText } = await import('../../../scenarios/hindsight/program-text.ts')
        const program = programOf(market, lookedAt, plan.network.spec)
        writeDestination(options.export, format === 'lp' ? lpText(program) : mpsText(program), '--export')
        say(`Program: ${options.export} (${program.columns.length} columns, ${program.rows.length} rows)`)
      }
    }
    if (options.json) printJson({ network: plan.network.id, scenario: scenario.id, seed: plan.seed, looks })
    else {
      const { hindsightText } = await import('../hindsight-text.ts')
      const columns = columnsOf(process.stdout)
      for (const line of hindsightText(looks, plan.network.spec.currency).split('\n'))
        print(line.includes('  ') ? line : folded(line, columns))
    }
    if (options.export !== null && ordersOfFirst > MOST_EXPORTED) {
      // Told last, so that what was found is not lost.
      const found = `a day of ${ordersOfFirst.toLocaleString('en-US')} orders, above ${MOST_EXPORTED.toLocaleString('en-US')}`
      const fix = 'export a smaller day: a network of fewer orders, or one with fewer recorded'
      throw new InputError([{ file: options.export, line: null, field: '--export', found, fix }])
    }
    return EXIT.ok
  },
})

async function formatOf(file: string): Promise<'lp' | 'mps'> {
  if (file.endsWith('.lp')) return 'lp'
  if (file.endsWith('.mps')) return 'mps'
  const { InputError } = await import('../../../scenarios/read/problem.ts')
  const fix = 'let its name end in .lp (CPLEX LP) or .mps'
  throw new InputError([{ file, line: null, field: '--export', found: 'a file of no known kind', fix }])
}

import type { ReadyCase } from '../../validate/read-cases.ts'
import { defineCommand, flag, text } from '../command.ts'
import { EXIT } from '../failure.ts'
import { SEED, WORKERS } from '../run-options.ts'
import { colour, print, printJson, say } from '../screen.ts'

const DETAILS = `Each bug changes one place of the source in memory; the files stay as they are. The laws are asked first (a world with a sale, a
storm, a strike and an outage, every law checked after every event), then theory (\`orrery validate\`, cut short), and, where neither
minds, the tests of the simulator. A bug that nobody notices is a hole in the proof, and ends with exit code 1.`

/** A bug that matters shows in fewer days than a proof of its absence takes: so many orders are enough, or a twentieth of the days. */
const ENOUGH_ORDERS = 400_000
/** A day without an order costs about as much as so many orders do: its clockwork runs all the same. */
const DAY_AS_ORDERS = 60
const SHARE_OF_DAYS = 0.05

export const command = defineCommand({
  name: 'mutants',
  about: 'Plant known bugs one at a time and see who notices: the laws, theory or the tests.',
  details: DETAILS,
  examples: [
    { line: 'orrery mutants', about: 'every bug; some minutes' },
    { line: 'orrery mutants --only truck --json', about: 'those with "truck" in their name, for a program' },
  ],
  options: {
    only: text('--only <text>', 'only bugs whose name contains this', null),
    seed: SEED,
    workers: WORKERS,
    list: flag('--list', 'list the bugs and run nothing'),
    json: flag('--json', 'print one JSON object: {targets: [{name, value, unit, target, met}], mutants}'),
  },
  run: async ({ options }) => {
    const { CONTROL, MUTANTS } = await import('../../validate/mutants.ts')
    const { InputError } = await import('../../../scenarios/read/problem.ts')
    const wanted = MUTANTS.filter(({ name }) => options.only === null || name.includes(options.only))
    if (wanted.length === 0) {
      const fix = '`orrery mutants --list` shows the names'
      throw new InputError([{ file: 'mutants', line: null, field: '--only', found: `no bug with "${options.only}"`, fix }])
    }
    if (options.list) {
      for (const { name, file } of wanted) print(`${name}  ${colour.dim(file)}`)
      return EXIT.ok
    }
    const { readCases } = await import('../../validate/read-cases.ts')
    const { whoNotices } = await import('../../validate/notice.ts')
    const { onInterrupt } = await import('../interrupt.ts')
    const { availableParallelism } = await import('node:os')
    // The cheapest first: most bugs are noticed by many, and the first is enough.
    const cost = ({ replications, stated, spec }: ReadyCase): number =>
      replications * stated.days * (spec.demand.ordersPerDay + DAY_AS_ORDERS)
    const cases = (await readCases([]))
      .map((one) => {
        const enough = ENOUGH_ORDERS / (one.replications * (one.spec.demand.ordersPerDay + DAY_AS_ORDERS))
        const days = Math.min(one.stated.days, Math.ceil(Math.max(4, one.stated.days * SHARE_OF_DAYS, enough)))
        return { ...one, stated: { ...one.stated, days }, warmupDays: Math.min(one.warmupDays, days) }
      })
      .sort((a, b) => cost(a) - cost(b))
    const interrupt = onInterrupt()
    const found: ({ name: string } & Awaited<ReturnType<typeof whoNotices>>)[] = []
    try {
      const workers = options.workers ?? availableParallelism()
      const asked = { seed: options.seed, workers, signal: interrupt.signal }
      const control = await whoNotices(CONTROL, cases, { ...asked, withTests: false })
      const accused = control.laws ?? control.theory
      if (accused !== null) {
        say(
          `${colour.red('✗')} without any bug: ${accused}. Nobody can be believed until that is mended; see \`orrery validate\`.`,
        )
        return EXIT.failed
      }
      for (const mutant of wanted) {
        if (interrupt.signal.aborted) break
        const noticed = await whoNotices(mutant, cases, { ...asked, withTests: true })
        if (interrupt.signal.aborted) break
        found.push({ name: mutant.name, ...noticed })
        const { laws, theory, tests } = noticed
        const by = [laws && `laws: ${laws}`, theory && `theory: ${theory}`, tests && `tests: ${tests}`].filter(Boolean)
        const tell = options.json ? say : print
        tell(`${by.length > 0 ? colour.green('✓') : colour.red('✗')} ${mutant.name}`)
        for (const one of by.length > 0 ? by : ['nobody noticed']) tell(colour.dim(`    ${one}`))
      }
    } finally {
      interrupt.release()
    }
    const caught = found.filter(({ laws, theory, tests }) => laws !== null || theory !== null || tests !== null).length
    const share = caught / found.length
    const targets = [
      { name: 'planted bugs noticed', value: share, unit: `of ${found.length}`, target: '≥ 0.95', met: share >= 0.95 },
    ]
    if (options.json) printJson({ targets, mutants: found })
    else print(`${caught} of ${found.length} planted bugs noticed`)
    if (interrupt.signal.aborted) return EXIT.interrupted
    return caught === found.length ? EXIT.ok : EXIT.failed
  },
})

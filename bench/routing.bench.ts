import { availableParallelism } from 'node:os'
import { listPolicies } from '../policies/catalog.ts'
import { threadCode } from '../scenarios/bundle.ts'
import { parseContestant } from '../scenarios/contestant.ts'
import { openPool } from '../scenarios/pool.ts'
import type { RoutingOptions } from './cli/benchmarks.ts'
import { casesOf } from './routing/ask.ts'
import { BRUNEL_NOTE, brunelFolder, runBrunel } from './routing/brunel/run-brunel.ts'
import { INSTANCES } from './routing/instances.ts'
import { type League, leagueOf } from './routing/league.ts'
import { leagueText } from './routing/league-text.ts'
import type { LeagueSetup, LeagueTask, Played } from './routing/league-thread.ts'

/** The floor every routing policy is held to. */
const BASELINE = 'nearest'
/** Seeds whose decisions are timed. */
const TIMED = 3
/** Days of each case where nobody says: of the league; of the quick one, whose intervals are wide accordingly, where something is asserted, and elsewhere. */
const SEEDS = { full: 20, asserted: 6, shown: 3 } as const
/** Where it is asserted that policies that weigh cost are cheaper than the baseline (high end of the interval), or not dearer (low end). */
const ASSERTED: Readonly<Record<string, 'high' | 'low'>> = { 'peak-day': 'high', 'two-layers': 'low' }
/** Seeds that the quick league looks back at. */
const QUICK_BOUNDS = 2

/**
 * The routing policies against each other, on public instances made from parameters: every policy plays the same days. Costs are handling,
 * freight and the lateness that came about, at the business's own price.
 */
export const benchmark = {
  name: 'routing',
  about: 'League table of the routing policies on public instances made from parameters: cost, lateness, splits, CPU time.',
  takes: ['only', 'seeds', 'seed', 'load', 'set', 'policies', 'bound', 'brunel'],
  async run(options: { quick: boolean; onProgress: (text: string) => void } & RoutingOptions) {
    const { onProgress, seed } = options
    const seedsOf = (instance: string): number =>
      options.seeds ?? (!options.quick ? SEEDS.full : instance in ASSERTED ? SEEDS.asserted : SEEDS.shown)
    const recorded = brunelFolder({ ...options, seeds: options.seeds ?? SEEDS.full })
    if (recorded !== null) return runBrunel(recorded, { ...options, seeds: options.seeds ?? SEEDS.full })
    const cases = casesOf(options, INSTANCES)
    const cards = await listPolicies()
    const named = options.policies ?? cards.filter(({ seam }) => seam === 'routing').map(({ name }) => name)
    const contestants = await Promise.all(
      [...new Set([...cases.map(({ instance }) => instance.baseline ?? BASELINE), ...named])].map(parseContestant),
    )
    const promises = cards.filter(({ seam }) => seam === 'promise').map(({ id }) => id)
    const ids = new Set([...contestants.flatMap((one) => Object.values(one.policies)), ...promises])
    const file = new URL('./routing/league-thread.ts', import.meta.url)
    const { code, note } = await threadCode(file, 'openLeagueThread', [...ids])
    const { signal } = new AbortController()
    const baselines = Object.fromEntries(cases.map(({ instance }) => [instance.id, instance.baseline ?? BASELINE]))
    const data: LeagueSetup = { contestants, baselines }
    const most = Math.max(...cases.map(({ instance }) => seedsOf(instance.id)))
    const bounded = !options.bound ? 0 : options.quick ? QUICK_BOUNDS : most
    const workers = Math.min(availableParallelism(), most)
    const pool = openPool<LeagueTask, Played>({ code, workers, data, signal, onRetry: onProgress })
    const leagues: League[] = []
    try {
      for (const { instance, label, knobs } of cases) {
        onProgress(`${instance.id}, ${label}`)
        const tasks = Array.from(
          { length: seedsOf(instance.id) },
          (_, i): LeagueTask => ({ instance: instance.id, knobs, seed: `${seed}-${i}`, timed: i < TIMED, bounded: i < bounded }),
        )
        const played = await Promise.all(tasks.map((task) => pool.run(task)))
        leagues.push(leagueOf({ instance: instance.id, label, baseline: instance.baseline ?? BASELINE }, played))
      }
    } finally {
      await pool.close()
    }
    return {
      targets: leagues.flatMap(targetsOf),
      notes: [
        ...(note === null ? [] : [note]),
        `± is half of a 95 % interval over the seeds of its table; beside the baseline on the same days, simultaneous over all policies of a table`,
        ...boundNotes(bounded, most),
        BRUNEL_NOTE,
      ],
      found: { text: leagues.map(leagueText).join('\n\n'), data: leagues },
    }
  },
}

function boundNotes(bounded: number, seeds: number): string[] {
  if (bounded === 0) return ['no bound was asked for: costs are shown beside the baseline instead of gaps']
  const which = bounded < seeds ? ` (the first ${bounded} of the seeds)` : ''
  return [
    `gaps are to a bound in hindsight${which}, which knows weather, breakdowns and luck beforehand; contested are orders that the baseline sent otherwise than by a choice within 10 % of the best, or by what ran short`,
  ]
}

/** Policies that weigh a shipment's cost against what comes of it. */
const WEIGH_COST = [
  'live-greedy',
  'bid-price',
  'drift-plus-penalty',
  'dual-mirror-descent',
  'static-duals',
  'tolled-best-response',
]

/** What is asserted whatever the seeds: where hands run short, weighing pays; where there is nothing to be gained, it does not cost. */
function targetsOf({ instance, label, rows, baseline }: League) {
  const weighing = rows.filter(({ policy }) => WEIGH_COST.includes(policy))
  const limit = ASSERTED[instance]
  if (limit === undefined) return []
  return weighing.flatMap(({ policy, versus }) => {
    if (versus === null) return []
    const value = limit === 'high' ? versus.high : versus.low
    const says = limit === 'high' ? 'is cheaper than' : 'is not shown to be dearer than'
    return [
      {
        name: `${instance}, ${label}: ${policy} ${says} ${baseline}`,
        value: 100 * value,
        unit: '% at the end of its interval',
        target: '≤ 0',
        met: value <= 1e-9,
      },
    ]
  })
}

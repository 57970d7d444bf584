import { clockOf } from '../scenarios/clock.ts'
import { libraryOf, parseContestantOn } from '../scenarios/contestant.ts'
import { loadSolverFor, solverOrNone } from '../scenarios/highs.ts'
import { withRules } from '../scenarios/rules/with-rules.ts'
import { policiesOf } from '../scenarios/worker.ts'
import { openRun } from '../sim/engine.ts'
import { compileNetwork } from '../sim/network.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { ReplayOrders } from '../sim/replay.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { setUp } from '../sim/set-up.ts'
import type { Sim } from '../sim/sim.ts'
import { smallWorld } from './small-world.ts'

export type SmallRun = {
  spec: NetworkSpec
  scenario?: ScenarioSpec
  policies?: string
  seed?: string
  replication?: number
  replay?: ReplayOrders | null
  keepsOrigins?: boolean
}

/** @public For tests of every room. */
export const CALM: ScenarioSpec = { name: 'calm', about: 'Nothing happens.', days: 4 }

/**
 * Everything at once.
 * @public For tests of every room.
 */
export const TROUBLE: ScenarioSpec = {
  name: 'trouble',
  about: 'Everything at once.',
  days: 4,
  demand: [{ from: 'day 1 00:00', to: 'day 2 00:00', factor: 4, shape: 'rush', promoted: { skuShare: 0.3, lift: 5 } }],
  weather: [
    {
      from: 'day 1 00:00',
      to: 'day 3 00:00',
      path: [
        { east: 0.2, north: 0.1 },
        { east: 0.8, north: 0.5 },
      ],
      radiusKm: 250,
      severity: 2,
      wanderKm: 50,
    },
  ],
  warehouses: [{ from: 'day 1 06:00', to: 'day 2 12:00', which: 'busiest', capacity: 0 }],
  carriers: [{ from: 'day 2 00:00', to: 'day 3 00:00', which: ['standard'], capacity: 0.2, transit: 1.5 }],
  hubs: [{ from: 'day 1 00:00', to: 'day 4 00:00', which: 'all', capacity: 0.3 }],
  suppliers: [{ from: 'day 0 00:00', to: 'day 3 00:00', which: 'all', leadTime: 2 }],
}
/**
 * Little stock, impatient customers, much sent back: all endings happen.
 * @public For tests of every room.
 */
export const SCARCE = smallWorld({
  replenishment: { reviewHour: 4, initialDaysOfStock: 0.7 },
  customers: {
    impatientShare: 0.5,
    patienceHours: { law: 'lognormal', median: 14, sigma: 1 },
    returnShare: 0.3,
    returnDays: { law: 'uniform', low: 1, high: 4 },
  },
})

/** Sale, storm, strike and an outage within three days, one after the other. */
export const SHORT_TROUBLE: ScenarioSpec = {
  name: 'trouble',
  about: 'A sale, a storm, a strike and an outage.',
  days: 3,
  demand: [{ from: 'day 1 00:00', to: 'day 2 00:00', factor: 4, shape: 'rush' }],
  weather: [{ from: 'day 0 12:00', to: 'day 2 12:00', path: [{ east: 0.5, north: 0.3 }], radiusKm: 250, severity: 2 }],
  warehouses: [{ from: 'day 1 06:00', to: 'day 1 18:00', which: 'busiest', capacity: 0 }],
  carriers: [{ from: 'day 2 00:00', to: 'day 3 00:00', which: ['standard'], capacity: 0.2, transit: 1.5 }],
}
/** Shelves that run short now and then. */
export const SHORT_SHELVES = smallWorld({ replenishment: { reviewHour: 4, initialDaysOfStock: 1.5 } })

/** A world ready to run in this thread, the way a worker makes one. */
export async function openSmallRun({
  spec,
  scenario = CALM,
  policies = 'nearest',
  seed = 's',
  replication = 0,
  replay = null,
  keepsOrigins = false,
}: SmallRun): Promise<Sim> {
  const network = compileNetwork(spec)
  const clock = clockOf(network, scenario, replay)
  const contestant = await parseContestantOn(spec, policies)
  const loaded = withRules(policiesOf(await libraryOf([contestant]), contestant), contestant, clock)
  await loadSolverFor(loaded)
  return openRun(
    setUp({ network, spec, scenario, clock, seed, replication, policies: loaded, replay, keepsOrigins, solver: solverOrNone() }),
  )
}

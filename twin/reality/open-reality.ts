import { clockOf } from '../../scenarios/clock.ts'
import { libraryOf, parseContestantOn } from '../../scenarios/contestant.ts'
import { loadSolverFor, solverOrNone } from '../../scenarios/highs.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { withRules } from '../../scenarios/rules/with-rules.ts'
import { policiesOf } from '../../scenarios/worker.ts'
import { openRun } from '../../sim/engine.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { setUp } from '../../sim/set-up.ts'
import type { RunClock } from '../../sim/sim.ts'
import { DAY_MS } from '../../sim/units.ts'
import type { Decides } from './deciding.ts'
import { Reality } from './reality.ts'
import { midnightOf } from './run-calendar.ts'

export type OutsideWorld = {
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  /** A mix of policies, as for `orrery run`. */
  readonly policies: string
  readonly seed: string
  readonly days: number
  /** Any instant of its first day, ms since 1970; it begins at the last midnight before that is of the network's first weekday. */
  readonly fromMs: number
  readonly offsetMinutes: number
  /** Who is asked how its orders are shipped; without it its own policy. */
  readonly decides?: Decides | null
}

/** A world on its first morning. Its clock begins with day 0 of its scenario: nothing of it is warm-up, since all of it is told. */
export async function openReality(world: OutsideWorld): Promise<Reality> {
  const { spec, scenario, seed } = world
  const network = compileNetwork(spec)
  const clock = clockOfReality(clockOf(network, scenario, null), world.days)
  const contestant = await parseContestantOn(spec, world.policies)
  const policies = withRules(policiesOf(await libraryOf([contestant]), contestant), contestant, clock)
  if (world.decides != null && policies.routing.reconsider !== undefined) throw movesOnItsOwn(world.policies)
  await loadSolverFor(policies)
  const sim = openRun(setUp({ network, spec, scenario, clock, seed, replication: 0, policies, solver: solverOrNone() }))
  const zeroMs = midnightOf(spec.startsOn, world.fromMs, world.offsetMinutes)
  const calendar = { zeroMs, offsetMinutes: world.offsetMinutes }
  return new Reality({ sim, spec, calendar, tag: `${seed}-`, decides: world.decides ?? null })
}

/** Time 0 is day 0, which begins on the network's own weekday; orders are placed to the end of the last day. */
function clockOfReality({ weekStartMs, dayZeroMs }: RunClock, days: number): RunClock {
  const endMs = days * DAY_MS
  return {
    dayZeroMs: 0,
    measuredEndMs: endMs,
    lastOrderMs: endMs,
    endMs: endMs + 60 * DAY_MS,
    weekStartMs: weekStartMs - dayZeroMs,
  }
}

/** A policy that moves orders afterwards would undo what was decided elsewhere. */
function movesOnItsOwn(policies: string): InputError {
  const fix = 'name a policy that leaves orders where they are, such as live-greedy; it only decides where nobody answers'
  return new InputError([{ file: 'reality', line: null, field: '--policies', found: `${policies}, which moves orders`, fix }])
}

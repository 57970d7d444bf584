import { clockOf } from '../../scenarios/clock.ts'
import { solverOrNone } from '../../scenarios/highs.ts'
import { inlineMore } from '../../scenarios/inlining.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { overlay } from '../../scenarios/read/scenario.ts'
import { withRules } from '../../scenarios/rules/with-rules.ts'
import { setupOfThread } from '../../scenarios/setup.ts'
import { type Library, policiesOf } from '../../scenarios/worker.ts'
import { compileNetwork, type Network } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Policies } from '../../sim/policy.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { setUp } from '../../sim/set-up.ts'
import { DAY_MS } from '../../sim/units.ts'
import { MEASURES, type Sums } from './effects.ts'
import { mixedRun, type SideOf, type SideRows, sidesByBlock, sidesByOrder } from './mixed-run.ts'
import { blocksOf, switchbackEffect } from './switchback.ts'

/** What a thread is handed once: plain data. */
export type MixOrder = {
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly stable: Contestant
  readonly candidate: Contestant
  readonly seed: string
}

/** One world: stable for all, the candidate for all, and both for each share. */
export type ShareTask = { readonly kind: 'shares'; readonly replication: number; readonly shares: readonly number[] }
/** The same with so much left of a resource (services first, then warehouses), decided by one of them. */
export type SqueezeTask = {
  readonly kind: 'squeeze'
  readonly replication: number
  readonly who: 'stable' | 'candidate'
  readonly resource: number
  readonly left: number
}
/** Both by region and block of time, as a switchback gives them; the first third of each block is left out. */
export type SwitchTask = { readonly kind: 'switchback'; readonly replication: number; readonly blockMs: number }
export type MixTask = ShareTask | SqueezeTask | SwitchTask
/**
 * Of shares: stable alone, the candidate alone, and for each share the mixed run and, by the same sides, stable alone and the candidate alone. Of a switchback: effect and
 * standard error of each metric, then the number of blocks.
 */
export type MixAnswer = readonly Sums[]
/** Part of a block that is left out at its beginning. */
export const WASHOUT = 1 / 3

/** Gets a thread ready to mix; called by the code it is given, see `scenarios/bundle.ts`. */
export function openMixThread(library: Library): (task: MixTask) => MixAnswer {
  inlineMore()
  const order = setupOfThread<MixOrder>()
  const network = compileNetwork(order.spec)
  return (task) => answerOf(order, network, library, task)
}

export function answerOf(order: MixOrder, network: Network, library: Library, task: MixTask): MixAnswer {
  const R = network.S + network.W
  const { replication } = task
  if (task.kind === 'squeeze') {
    const rows = rowsFor(order, network, library, replication, sidesByOrder('', task.who === 'stable' ? 0 : 1), task)
    return [sumsOf(rows, R)]
  }
  if (task.kind === 'switchback') return [switchbackOf(order, network, library, task)]
  const none = rowsFor(order, network, library, replication, sidesByOrder('', 0))
  const all = rowsFor(order, network, library, replication, sidesByOrder('', 1))
  const mixed = task.shares.flatMap((share) => {
    const sideOf = sidesByOrder(`virtual ${order.seed} ${replication}`, share)
    const rows = rowsFor(order, network, library, replication, sideOf)
    const bySides = (one: SideRows): Sums => {
      const side = Uint8Array.from(one.order, (number, i) => sideOf(number, one.placedMs[i], one.zone[i]))
      return sumsOf({ ...one, side }, R)
    }
    return [sumsOf(rows, R), bySides(none), bySides(all)]
  })
  return [sumsOf(none, R), sumsOf(all, R), ...mixed]
}

/** Rows of one run in which both decide. */
export function rowsFor(
  order: MixOrder,
  network: Network,
  library: Library,
  replication: number,
  sideOf: SideOf,
  squeeze: Pick<SqueezeTask, 'resource' | 'left'> | null = null,
): SideRows {
  const { spec, seed, stable, candidate } = order
  const scenario = squeeze === null ? order.scenario : overlay([order.scenario, lessOf(spec, order.scenario, squeeze)])
  const clock = clockOf(network, scenario, null)
  const policies = (contestant: Contestant): Policies => withRules(policiesOf(library, contestant), contestant, clock)
  const setup = setUp({
    network,
    spec,
    scenario,
    clock,
    seed,
    replication,
    policies: policies(stable),
    replay: null,
    keepsOrigins: false,
    solver: solverOrNone(),
  })
  return mixedRun(setup, policies(stable), policies(candidate), sideOf)
}

function switchbackOf(order: MixOrder, network: Network, library: Library, { replication, blockMs }: SwitchTask): Sums {
  const regionOfZone = regionsOf(order.spec)
  const sideOf = sidesByBlock(`switchback ${order.seed} ${replication}`, blockMs, regionOfZone)
  const rows = rowsFor(order, network, library, replication, sideOf)
  const design = { blockMs, washoutMs: WASHOUT * blockMs, regionOfZone }
  const cycle = Math.max(1, Math.round(DAY_MS / blockMs))
  const answer = [rows.late, rows.cents, rows.hours].map((value) =>
    // Only the difference is asked here: no blocks are given anew.
    switchbackEffect(blocksOf({ ...rows, value }, design), cycle, () => 0, 0.95, 0),
  )
  return Float64Array.from([...answer.flatMap(({ effect, se }) => [effect, se]), answer[0].blocks])
}

/** Number of each zone's region. */
function regionsOf({ zones }: NetworkSpec): Int32Array {
  const names = [...new Set(zones.map(({ region }) => region))]
  return Int32Array.from(zones, ({ region }) => names.indexOf(region))
}

/** The same world with less of a resource: of a service's room on all its trucks, or of a warehouse's hands. */
function lessOf(
  { services, warehouses }: NetworkSpec,
  { days }: ScenarioSpec,
  squeeze: Pick<SqueezeTask, 'resource' | 'left'>,
): ScenarioSpec {
  const { resource, left } = squeeze
  const span = { from: 'day 0 00:00', to: `day ${(days ?? 5) + 2} 00:00` }
  const isService = resource < services.length
  const which = [isService ? services[resource].id : warehouses[resource - services.length].id]
  const less = [{ ...span, which, capacity: left }]
  return { name: 'less', about: 'Less of one resource.', ...(isService ? { carriers: less } : { warehouses: less }) }
}

/** Sums of each side. */
export function sumsOf({ side, late, cents, hours, used }: SideRows, resources: number): Sums {
  const stride = MEASURES.length + resources
  const sums = new Float64Array(2 * stride)
  for (let i = 0; i < side.length; i++) {
    const at = side[i] * stride
    sums[at]++
    sums[at + 1] += late[i]
    sums[at + 2] += cents[i]
    sums[at + 3] += hours[i]
    for (let k = 0; k < resources; k++) sums[at + MEASURES.length + k] += used[i * resources + k]
  }
  return sums
}

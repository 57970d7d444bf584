import { CALM } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { parseContestantOn } from '../../scenarios/contestant.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { openReality } from '../reality/open-reality.ts'
import type { Assignment } from '../rollout/assignment.ts'
import { openState, type TwinState } from '../state/state.ts'
import type { Question } from './decider.ts'
import { Keeper, type KeeperOptions } from './keeper.ts'

const HOUR_MS = 3_600_000

export type SmallTwin = { readonly spec: NetworkSpec; readonly state: TwinState }

/** A twin of the smallest network after some hours of a calm reality. */
export async function smallTwin(change: Partial<NetworkSpec> = {}, hours = 40): Promise<SmallTwin> {
  const spec = smallWorld(change)
  const fromMs = Date.UTC(2026, 10, 9, 0)
  const world = { spec, scenario: CALM, policies: 'live-greedy', seed: '1', days: 3, fromMs, offsetMinutes: 0 }
  const events = (await openReality(world)).until(hours * HOUR_MS)
  const state = openState()
  state.apply(
    events,
    events.map((_, line) => ({ entry: 1, line })),
  )
  return { spec, state }
}

export const STABLE: Assignment = { generation: 1, stable: 'routing/live-greedy@1', rollout: null }

/** A keeper over it, with live-greedy as the stable version and whoever else is named as `routing/<name>@1`. */
export async function keep(
  { spec, state }: SmallTwin,
  { names = ['live-greedy'], ...more }: { names?: readonly string[] } & Partial<KeeperOptions> = {},
): Promise<Keeper> {
  const versions = await Promise.all(
    names.map(async (name) => ({
      version: `routing/${name}@1`,
      digest: `digest of ${name}`,
      contestant: await parseContestantOn(spec, name),
    })),
  )
  return Keeper.open({
    spec,
    view: state,
    offsetMinutes: 0,
    now: () => state.asOfMs,
    threads: 4,
    versions,
    assignment: STABLE,
    ...more,
  })
}

/** An order for the small world that asks for nothing special. */
export const asking = (state: { readonly asOfMs: number }, change: Partial<Question> = {}): Question => ({
  order: 'o-1',
  customer: null,
  zone: 3,
  lines: [{ lineId: '1', sku: 0, units: 1 }],
  placedMs: state.asOfMs,
  promisedMs: state.asOfMs + 120 * HOUR_MS,
  allowed: null,
  services: null,
  maxShipments: Number.POSITIVE_INFINITY,
  co2GramsMax: Number.POSITIVE_INFINITY,
  mustBeInTime: false,
  shipComplete: true,
  told: null,
  budgetMs: 50,
  ...change,
})

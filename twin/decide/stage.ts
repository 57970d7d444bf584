import type { Contestant } from '../../scenarios/plan.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Sim } from '../../sim/sim.ts'
import { bookedUnits, nowMs } from '../../sim/world.ts'
import { beatMemory } from './beats.ts'
import { Ground, groundMemory, PlanHalves, planMemory } from './ground.ts'
import { type DeciderSetup, USUAL_BOUNDS } from './open-decider.ts'
import { promiseMemory } from './promises.ts'
import type { SeatCard } from './seat.ts'
import { Shelves, shelfMemory } from './shelves.ts'

/** Where the clock of a run begins when its orders are sent over the wire. */
export const ZERO_MS = Date.UTC(2026, 0, 5)
/** Notes of a plan, of which nobody knows beforehand how many there will be. */
const NOTES = 1 << 15

/**
 * Lays worlds of a simulator's run where deciders look, as the keeper lays those of the present: for whoever holds deciders against the simulator, or
 * measures them.
 */
export class Stage {
  readonly setup: DeciderSetup
  readonly shelves: Shelves
  private readonly ground: Ground
  private readonly plan: PlanHalves | null
  private readonly available: Int32Array

  /** The run's own routing policy is the stable version. */
  constructor({ world, policies, clock }: Sim, spec: NetworkSpec, contestant: Contestant, threads: number, promises = 1024) {
    const { d, size } = world
    const plans = policies.routing.plan !== undefined
    const plan = plans ? planMemory(d, { priced: 1, foreseen: 0, notes: NOTES, erring: 0 }) : null
    const card: SeatCard = { seat: 0, version: 'recorded', digest: '', contestant, plan }
    this.setup = {
      spec,
      shelves: shelfMemory(d),
      promises: promiseMemory(promises),
      beats: beatMemory(threads),
      places: threads,
      ground: groundMemory(d, { priced: 0, foreseen: size.foreseen, notes: 0, erring: size.erring }),
      seats: [card],
      rules: { ...card, seat: 1, version: 'rules' },
      still: { ...card, seat: 2, version: 'static' },
      assignment: { generation: 1, stable: card.version, rollout: null },
      staleFeeds: [],
      weekStartMs: clock.weekStartMs,
      clock,
      bounds: { ...USUAL_BOUNDS, staleWorldMs: Number.POSITIVE_INFINITY, deadWorldMs: Number.POSITIVE_INFINITY },
    }
    this.plan = plan === null ? null : new PlanHalves(d, plan)
    this.ground = new Ground(this.setup.ground)
    this.shelves = new Shelves(this.setup.shelves)
    this.available = new Int32Array(this.shelves.free.length)
  }

  lay({ world }: Sim): void {
    const { available } = this
    for (let shelf = 0; shelf < available.length; shelf++) available[shelf] = bookedUnits(world, shelf) - world.reserved[shelf]
    this.shelves.see(available, null)
    const number = this.ground.lay(world, { asOfMs: ZERO_MS + nowMs(world), zeroMs: ZERO_MS, madeMs: Date.now() }, null)
    this.plan?.lay(world, number)
    this.ground.show(number)
  }
}

import { peek } from '../../sim/apply/event-list.ts'
import { step } from '../../sim/engine.ts'
import { KIND } from '../../sim/kinds.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Sim } from '../../sim/sim.ts'
import { eventMs, kindOf, nowMs, warehouseOf } from '../../sim/world.ts'
import type { LiveEvent } from '../event/feeds.ts'
import { hiddenPortrait } from './hidden-portrait.ts'
import { Legs } from './legs.ts'
import { Reporter } from './reporter.ts'
import type { RunCalendar } from './run-calendar.ts'
import { Surroundings } from './surroundings.ts'
import { Telling } from './telling.ts'

/** What the outside world is made of. `tag` stands before the ids of its orders and events. */
export type RealitySetup = {
  readonly sim: Sim
  readonly spec: NetworkSpec
  readonly calendar: RunCalendar
  readonly tag: string
}

/** The simulator as the outside world: nobody sees it, it only tells what happens in it. */
export class Reality {
  readonly sim: Sim
  readonly calendar: RunCalendar
  private readonly spec: NetworkSpec
  private readonly telling: Telling
  private readonly reporter: Reporter
  private readonly surroundings: Surroundings
  private readonly legs: Legs
  private told: LiveEvent[] = []

  constructor({ sim, spec, calendar, tag }: RealitySetup) {
    this.sim = sim
    this.spec = spec
    this.calendar = calendar
    this.telling = new Telling(calendar, tag, (event) => this.told.push(event))
    this.legs = new Legs(sim, spec, this.telling)
    this.surroundings = new Surroundings(sim, spec, this.telling)
    this.reporter = new Reporter(sim, spec, this.telling, this.legs)
  }

  /** The instant of its last event, ms since 1970. */
  get nowMs(): number {
    return this.calendar.zeroMs + nowMs(this.sim.world)
  }

  /** Runs on while its next event is before an instant of its own clock, and gives what was told since the last call. */
  until(runMs: number): readonly LiveEvent[] {
    const { sim } = this
    for (;;) {
      const next = peek(sim.pen)
      if (next < 0 || !(eventMs(sim.world, next) < runMs)) break
      const kind = kindOf(sim.world, next)
      const warehouse = warehouseOf(sim.world, next)
      if (!step(sim)) break
      this.reporter.watch()
      this.surroundings.watch(kind, warehouse)
      if (kind === KIND.scene) this.legs.tell()
    }
    const { told } = this
    this.told = []
    return told
  }

  portrait(): string[] {
    return hiddenPortrait(this.sim, this.spec, (order) => this.telling.order(order))
  }
}

import { peek } from '../../sim/apply/event-list.ts'
import { check } from '../../sim/check.ts'
import { step } from '../../sim/engine.ts'
import { KIND } from '../../sim/kinds.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Sim } from '../../sim/sim.ts'
import { eventMs, kindOf, nowMs, type Parcel, warehouseOf } from '../../sim/world.ts'
import type { LiveEvent } from '../event/feeds.ts'
import { type Decides, Deciding, type DecidingCounts } from './deciding.ts'
import { hiddenPortrait } from './hidden-portrait.ts'
import { Legs } from './legs.ts'
import { customerOf, Reporter } from './reporter.ts'
import type { RunCalendar } from './run-calendar.ts'
import { Surroundings } from './surroundings.ts'
import { Telling } from './telling.ts'

/**
 * What the outside world is made of. `tag` stands before the ids of its orders and events. `decides` says how its orders are shipped; without it
 * the world's own policy does.
 */
export type RealitySetup = {
  readonly sim: Sim
  readonly spec: NetworkSpec
  readonly calendar: RunCalendar
  readonly tag: string
  readonly decides?: Decides | null
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
  private readonly deciding: Deciding | null
  private told: LiveEvent[] = []

  constructor({ sim: alone, spec, calendar, tag, decides = null }: RealitySetup) {
    this.spec = spec
    this.calendar = calendar
    this.telling = new Telling(calendar, tag, (event) => this.told.push(event))
    const named = { order: (order: number) => this.telling.order(order), customer: customerOf }
    this.deciding = decides === null ? null : new Deciding(alone, spec, calendar, named, decides)
    const sim = this.deciding === null ? alone : { ...alone, chooser: this.deciding.chooser }
    this.sim = sim
    this.legs = new Legs(sim, spec, this.telling)
    this.surroundings = new Surroundings(sim, spec, this.telling)
    this.reporter = new Reporter(sim, spec, this.telling, this.legs, this.deciding?.carriedOut ?? null)
  }

  /** The instant of its last event, ms since 1970. */
  get nowMs(): number {
    return this.calendar.zeroMs + nowMs(this.sim.world)
  }

  /** Its orders are decided on by somebody outside: see `untilDecided`. */
  get asks(): boolean {
    return this.deciding !== null
  }

  /** What was asked of whoever decides in it, and what came of it; null where nobody is asked. */
  decided(): DecidingCounts | null {
    return this.deciding?.counts() ?? null
  }

  /** Runs on while its next event is before an instant of its own clock, and gives what was told since the last call. */
  until(runMs: number): readonly LiveEvent[] {
    check(this.deciding === null, 'this world asks somebody: `untilDecided` waits for the answers')
    for (;;) {
      const next = this.next(runMs)
      if (next < 0 || !this.happen(next)) return this.takeTold()
    }
  }

  /** The same in a world that asks: it stands still until there are answers. */
  async untilDecided(runMs: number): Promise<readonly LiveEvent[]> {
    const { deciding } = this
    for (;;) {
      const next = this.next(runMs)
      if (next < 0) return this.takeTold()
      if (deciding?.wants(next)) await deciding.ask(next)
      deciding?.lookAhead()
      if (!this.happen(next)) return this.takeTold()
      deciding?.watch()
    }
  }

  /** The next event, or −1 where it comes later. */
  private next(runMs: number): Parcel {
    const next = peek(this.sim.pen)
    return next >= 0 && eventMs(this.sim.world, next) < runMs ? next : -1
  }

  /** One event, and what is told of it; false where the run is over. */
  private happen(next: Parcel): boolean {
    const { sim } = this
    const kind = kindOf(sim.world, next)
    const warehouse = warehouseOf(sim.world, next)
    if (!step(sim)) return false
    this.reporter.watch()
    this.surroundings.watch(kind, warehouse)
    if (kind === KIND.scene) this.legs.tell()
    return true
  }

  private takeTold(): readonly LiveEvent[] {
    const { told } = this
    this.told = []
    return told
  }

  portrait(): string[] {
    return hiddenPortrait(this.sim, this.spec, (order) => this.telling.order(order))
  }
}

import type { Sim } from '../../sim/sim.ts'
import { bookedUnits } from '../../sim/world.ts'

/** Where books may be wrong: notices each change of what they say. Looks at every shelf, which only small assortments bear after each event. */
export class BookKeeper {
  private readonly sim: Sim
  private readonly said: Int32Array

  constructor(sim: Sim) {
    this.sim = sim
    this.said = Int32Array.from(sim.world.onHand, (_, shelf) => bookedUnits(sim.world, shelf))
  }

  /** Calls with each shelf and the units more (or, below 0, fewer) that its books say since the last look. */
  look(tell: (shelf: number, units: number) => void): void {
    const { world } = this.sim
    for (let shelf = 0; shelf < this.said.length; shelf++) {
      const now = bookedUnits(world, shelf)
      if (now === this.said[shelf]) continue
      tell(shelf, now - this.said[shelf])
      this.said[shelf] = now
    }
  }
}

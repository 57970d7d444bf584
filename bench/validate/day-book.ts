import type { Sim } from '../../sim/sim.ts'
import { DAY_MS } from '../../sim/units.ts'
import { COUNT, nowMs } from '../../sim/world.ts'

/** Units ordered from the supplier and orders placed by customers, day by day from review to review; for networks of one SKU and one warehouse. */
export class DayBook {
  private readonly ordered: number[] = []
  private readonly asked: number[] = []
  private nextMs: number
  private onOrder = 0
  private sent = 0
  private placed = 0
  private placedBefore = 0
  private readonly fromMs: number
  private received = 0
  private inStock = 0
  private wasShort = false

  constructor(fromMs: number, reviewMs: number) {
    this.nextMs = fromMs + reviewMs
    this.fromMs = fromMs
  }

  /** To be called after every event. */
  watch({ world }: Sim): void {
    const now = nowMs(world)
    for (; this.nextMs <= now; this.nextMs += DAY_MS) {
      this.ordered.push(this.sent)
      this.asked.push(this.placed - this.placedBefore)
      this.placedBefore = this.placed
      this.sent = 0
    }
    // What arrives lowers it, what is ordered raises it; no event does both.
    if (world.onOrder[0] > this.onOrder) this.sent += world.onOrder[0] - this.onOrder
    else if (world.onOrder[0] < this.onOrder && now >= this.fromMs) {
      this.received++
      if (!this.wasShort) this.inStock++
    }
    this.wasShort = world.waitingUnits[0] > 0
    this.onOrder = world.onOrder[0]
    this.placed = world.counts[COUNT.placed]
  }

  ordersPerDay(): number {
    return this.whole(this.ordered).filter((units) => units > 0).length / this.whole(this.ordered).length
  }

  /** Units sent for, each day. */
  unitsPerDay(): number {
    return this.whole(this.ordered).reduce((sum, units) => sum + units, 0) / this.whole(this.ordered).length
  }

  /** Part of the deliveries before which nobody was waiting. */
  inStockShare(): number {
    return this.inStock / this.received
  }

  bullwhip(): number {
    return variance(this.whole(this.ordered)) / variance(this.whole(this.asked))
  }

  /** The first entry has what came before the first review. */
  private whole(days: readonly number[]): readonly number[] {
    return days.slice(1)
  }
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}

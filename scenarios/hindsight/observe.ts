import { openRun, type RunSetup } from '../../sim/engine.ts'
import { Ledger } from '../../sim/ledger.ts'
import { type Outcome, simulate } from '../../sim/outcome.ts'
import type { Sim } from '../../sim/sim.ts'
import { DAY_MS } from '../../sim/units.ts'
import { availableUnits, COUNT, nowMs, skuOfLine, unitsOfLine, type WorldView } from '../../sim/world.ts'

/** A run that is over, and all that hindsight asks of it. */
export type Observed = {
  readonly sim: Sim
  readonly ledger: Ledger
  readonly outcome: Outcome
  /**
   * 1 where a warehouse was open and had all goods of an order at the moment the order was routed: [order · W + warehouse]. Null where nobody
   * asked for it.
   */
  readonly could: Uint8Array | null
}

/**
 * Runs a world to its end with its books kept; `withChoices` notes where else each order could have gone. `onDay` is told when a day of it begins,
 * counted from the run's first, while there are orders that have not ended.
 */
export function observe(setup: RunSetup, withChoices = false, onDay: (day: number) => void = () => {}): Observed {
  const ledger = new Ledger()
  const sim = openRun({ ...setup, ledger })
  const seen = withChoices ? new ChoicesSeen(sim, ledger) : null
  let day = -1
  const outcome = simulate(sim, () => {
    seen?.watch()
    const today = Math.floor(nowMs(sim.world) / DAY_MS)
    if (today === day) return
    day = today
    if (nowMs(sim.world) < sim.clock.lastOrderMs || sim.world.counts[COUNT.openOrders] > 0) onDay(day)
  })
  return { sim, ledger, outcome, could: seen?.could ?? null }
}

/** Notes at each decision which warehouses were open and had all of the order's goods. */
export class ChoicesSeen {
  could: Uint8Array<ArrayBuffer>
  private readonly sim: Sim
  private readonly ledger: Ledger
  private seen = 0

  constructor(sim: Sim, ledger: Ledger) {
    this.sim = sim
    this.ledger = ledger
    this.could = new Uint8Array(1024 * sim.network.W)
  }

  /** To be called after every event. */
  watch(): void {
    const { sim, ledger } = this
    while (this.seen < ledger.shipments) {
      const n = ledger.order[this.seen]
      let end = this.seen
      while (end < ledger.shipments && ledger.order[end] === n) end++
      while ((n + 1) * sim.network.W > this.could.length) this.could = twice(this.could)
      noteChoices(sim, ledger, this.seen, end, this.could)
      this.seen = end
    }
  }
}

/** Of the order that shipments from … end belong to. Goods that it has taken itself just now were there a moment before. */
function noteChoices({ world, network }: Sim, ledger: Ledger, from: number, end: number, could: Uint8Array): void {
  const n = ledger.order[from]
  for (let w = 0; w < network.W; w++) {
    let taken = 0
    for (let i = from; i < end; i++) if (ledger.warehouse[i] === w) taken |= ledger.mask[i]
    let has = world.siteCapacity[w] > 0
    for (let at = ledger.lineStart[n], line = 0; has && at < ledger.lineStart[n + 1]; at++, line++)
      has = ((taken >> line) & 1) === 1 || isThere(world, skuOfLine(ledger.lines[at]), w, unitsOfLine(ledger.lines[at]))
    could[n * network.W + w] = has ? 1 : 0
  }
}

/** Whether so many units could be promised by the books, and lay there in fact: what only the books had would have been no way out. */
const isThere = (world: WorldView, sku: number, w: number, units: number): boolean =>
  availableUnits(world, sku, w) >= units && world.onHand[sku * world.d.W + w] >= units

function twice(column: Uint8Array): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(2 * column.length)
  grown.set(column)
  return grown
}

import { openRun, type RunSetup } from '../../sim/engine.ts'
import { Ledger } from '../../sim/ledger.ts'
import { type Outcome, simulate } from '../../sim/outcome.ts'
import type { Sim } from '../../sim/sim.ts'
import { availableUnits, skuOfLine, unitsOfLine } from '../../sim/world.ts'

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

/** Runs a world to its end with its books kept; `withChoices` notes where else each order could have gone. */
export function observe(setup: RunSetup, withChoices = false): Observed {
  const ledger = new Ledger()
  const sim = openRun({ ...setup, ledger })
  if (!withChoices) return { sim, ledger, outcome: simulate(sim), could: null }
  const { W } = sim.network
  let could = new Uint8Array(1024 * W)
  let seen = 0
  const outcome = simulate(sim, () => {
    while (seen < ledger.shipments) {
      const n = ledger.order[seen]
      let end = seen
      while (end < ledger.shipments && ledger.order[end] === n) end++
      while ((n + 1) * W > could.length) could = twice(could)
      noteChoices(sim, ledger, seen, end, could)
      seen = end
    }
  })
  return { sim, ledger, outcome, could }
}

/** Of the order that shipments from … end belong to. Goods that it has taken itself just now were there a moment before. */
function noteChoices({ world, network }: Sim, ledger: Ledger, from: number, end: number, could: Uint8Array): void {
  const n = ledger.order[from]
  for (let w = 0; w < network.W; w++) {
    let taken = 0
    for (let i = from; i < end; i++) if (ledger.warehouse[i] === w) taken |= ledger.mask[i]
    let has = world.siteCapacity[w] > 0
    for (let at = ledger.lineStart[n], line = 0; has && at < ledger.lineStart[n + 1]; at++, line++)
      has = ((taken >> line) & 1) === 1 || availableUnits(world, skuOfLine(ledger.lines[at]), w) >= unitsOfLine(ledger.lines[at])
    could[n * network.W + w] = has ? 1 : 0
  }
}

function twice(column: Uint8Array): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(2 * column.length)
  grown.set(column)
  return grown
}

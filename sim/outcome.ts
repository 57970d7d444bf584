import { digestOf } from './digest.ts'
import { runToEnd } from './engine.ts'
import type { ReplayOutcome } from './replay.ts'
import type { Sim } from './sim.ts'
import { BIN_MS, COUNT, FLAG, hasFlag, REG, STATE, SUM, stateOf, type WorldView } from './world.ts'

/** What one replication found; plain data that crosses a thread. */
export type Outcome = {
  readonly onTimeShare: number
  readonly costPerOrder: number
  readonly co2PerOrder: number
  readonly lateHoursP95: number
  readonly peakBacklog: number
  readonly leadDaysP50: number
  readonly sums: {
    placed: number
    delivered: number
    onTime: number
    cancelled: number
    lost: number
    returned: number
    split: number
    open: number
  }
  /** Of the open ones: waited at the end though all they asked for was there, refused by prices or limits. */
  readonly refused: number
  readonly dueByHour: Uint32Array
  readonly onTimeByHour: Uint32Array
  readonly backlogByHour: Float64Array
  readonly hours: number
  readonly flow: Float64Array
  /** All orders placed, measured or not, and events handled. */
  readonly orders: number
  readonly events: number
  /** Bytes of the world's arena at its largest. */
  readonly bytes: number
  readonly digest: string
  readonly replayed: ReplayOutcome | null
}

/** Runs a world to its end and reads off what happened. */
export function simulate(sim: Sim, watch?: (sim: Sim) => void): Outcome {
  runToEnd(sim, watch)
  const { world } = sim
  const { sums, regs, counts } = world
  const placed = sums[SUM.placed]
  const open = placed - sums[SUM.delivered] - sums[SUM.lost] - sums[SUM.cancelled]
  const judged = placed - sums[SUM.cancelled]
  return {
    // Unknown where nobody ordered: neither all in time nor none.
    onTimeShare: judged > 0 ? sums[SUM.onTime] / judged : Number.NaN,
    costPerOrder: placed > 0 ? sums[SUM.costCents] / 100 / placed : Number.NaN,
    co2PerOrder: placed > 0 ? sums[SUM.co2Grams] / 1000 / placed : Number.NaN,
    lateHoursP95: lateHours(world, 0.95),
    peakBacklog: counts[COUNT.peakBacklog],
    leadDaysP50: (quantileOfBins(world.leadBins, 0.5) * BIN_MS) / 86_400_000,
    sums: {
      placed,
      delivered: sums[SUM.delivered],
      onTime: sums[SUM.onTime],
      cancelled: sums[SUM.cancelled],
      lost: sums[SUM.lost],
      returned: sums[SUM.returned],
      split: sums[SUM.split],
      open,
    },
    refused: refusedAtEnd(world),
    dueByHour: Uint32Array.from(world.dueByHour),
    onTimeByHour: Uint32Array.from(world.onTimeByHour),
    backlogByHour: Float64Array.from(world.backlogByHour),
    hours: world.size.hours,
    flow: Float64Array.from(world.flow),
    orders: counts[COUNT.placed],
    events: regs[REG.events],
    bytes: world.buffer.byteLength,
    digest: digestOf(world),
    replayed: sim.outcome,
  }
}

function refusedAtEnd(world: WorldView): number {
  if (world.counts[COUNT.refused] === 0) return 0
  let refused = 0
  for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++)
    if (stateOf(world, p) === STATE.paid && hasFlag(world, p, FLAG.refused) && hasFlag(world, p, FLAG.counted)) refused++
  return refused
}

/** Hours late that a share `level` of the delivered orders stays within; 0 is in time. */
const lateHours = (world: WorldView, level: number): number => {
  const bin = quantileOfBins(world.lateBins, level)
  return bin < 1 ? 0 : ((bin - 1) * BIN_MS) / 3_600_000
}

/** Place in a histogram, in bins, below which a share of its counts lies; straight lines within a bin. */
function quantileOfBins(bins: { readonly [i: number]: number; readonly length: number }, level: number): number {
  let total = 0
  for (let i = 0; i < bins.length; i++) total += bins[i]
  const wanted = level * total
  let sum = 0
  for (let i = 0; i < bins.length; i++) {
    if (bins[i] > 0 && sum + bins[i] >= wanted) return i + (wanted - sum) / bins[i]
    sum += bins[i]
  }
  return 0
}

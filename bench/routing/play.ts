import { ChoicesSeen, type Observed } from '../../scenarios/hindsight/observe.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import type { Library } from '../../scenarios/worker.ts'
import { setupOfTask } from '../../scenarios/worker.ts'
import { openRun, type RunSetup } from '../../sim/engine.ts'
import { Ledger } from '../../sim/ledger.ts'
import type { Network } from '../../sim/network.ts'
import { simulate } from '../../sim/outcome.ts'
import { chooseShipments } from '../../sim/router.ts'
import type { Sim } from '../../sim/sim.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { COUNT, FLAG, hasFlag, orderOf, STATE, SUM, stateOf } from '../../sim/world.ts'
import type { InstanceDay } from './instance.ts'

/** What a policy made of one day. */
export type Score = {
  readonly policy: string
  readonly orders: number
  /** Handling and freight. */
  readonly shippingCents: number
  /** What the lateness that came about costs the business. An order that was not delivered at all is late until the run's end. */
  readonly lateCents: number
  /** Parts of the orders, 0 … 1. */
  readonly onTimeShare: number
  readonly splitShare: number
  /** Part of the units that no real warehouse shipped, 0 … 1. */
  readonly unfilledShare: number
  /** Part of the shipments decided whose goods were not on the shelf, 0 … 1; and such shipments for each order. */
  readonly missedShare: number
  readonly missedPerOrder: number
  /** Time of a decision with caches warm, microseconds, over a sample of the day's orders; null where it was not asked for. */
  readonly decisionUs: number | null
  readonly digest: string
}

/** A day made ready once for all who play it. */
export type ReadyDay = InstanceDay & {
  readonly network: Network
  /** Names the luck of whatever the instance leaves to the simulator. */
  readonly seed: string
  /** Whether decisions are timed. */
  readonly timed: boolean
}

/** Runs one policy through one day; `keep`, where given, is handed the run with its books. */
export function play(day: ReadyDay, contestant: Contestant, library: Library, keep?: (run: Observed) => void): Score {
  const { orders, unfilled, network, timed } = day
  const ledger = keep === undefined ? null : new Ledger()
  const sim = openRun({ ...setupOf(day, contestant, library), ledger })
  const choices = ledger === null ? null : new ChoicesSeen(sim, ledger)
  const stopwatch = timed ? new Stopwatch(sim, Math.max(1, Math.floor(orders.count / TIMED_ORDERS))) : null
  const watch = (): void => {
    stopwatch?.watch()
    choices?.watch()
  }
  const outcome = simulate(sim, stopwatch === null && choices === null ? undefined : watch)
  if (ledger !== null) keep?.({ sim, ledger, outcome, could: choices?.could ?? null })
  const { sums } = outcome
  const endMs = sim.clock.endMs - sim.clock.dayZeroMs
  const deliveredMs = outcome.replayed?.deliveredMs ?? new Float64Array(0)
  let lateCents = 0
  for (let i = 0; i < orders.count; i++) {
    const lateMs = (Number.isNaN(deliveredMs[i]) ? endMs : deliveredMs[i]) - orders.promisedMs[i]
    if (lateMs > 0) lateCents += network.latePerOrderCents + (lateMs / HOUR_MS) * network.latePerHourCents
  }
  const units = orders.units.reduce((sum, each) => sum + each, 0)
  return {
    policy: contestant.id,
    orders: sums.placed,
    shippingCents: sim.world.sums[SUM.costCents],
    lateCents,
    onTimeShare: sums.onTime / sums.placed,
    splitShare: sums.split / sums.placed,
    unfilledShare: unfilled < 0 ? 0 : unitsGone(sim, unfilled) / units,
    missedShare: sim.world.sums[SUM.missed] / Math.max(1, sim.world.sums[SUM.decided]),
    missedPerOrder: sim.world.sums[SUM.missed] / sums.placed,
    decisionUs: stopwatch?.meanUs ?? null,
    digest: outcome.digest,
  }
}

/** What the world of a policy's day is made of. */
export function setupOf(day: ReadyDay, contestant: Contestant, library: Library): RunSetup {
  const { spec, scenario, orders, network, seed, promise } = day
  const setup = {
    spec,
    scenarios: [{ id: scenario.name, spec: scenario }],
    contestants: [promise === undefined ? contestant : promising(contestant, promise)],
    seed,
    replay: orders,
    origins: 'free' as const,
    check: false,
  }
  return setupOfTask(setup, network, library, { scenario: 0, contestant: 0, replication: 0 })
}

/** The same contestant, who knows what the day's customers are promised. */
export const promising = (contestant: Contestant, { id, params }: NonNullable<InstanceDay['promise']>): Contestant => ({
  ...contestant,
  policies: { ...contestant.policies, promise: id },
  params: { ...contestant.params, promise: params },
})

/** Units that have left a warehouse since the first morning, where none come in. */
function unitsGone({ world, network }: Sim, w: number): number {
  let gone = 0
  for (let i = w; i < network.initialStock.length; i += network.W) gone += network.initialStock[i] - world.onHand[i]
  return gone
}

const TIMED_ORDERS = 400
/** The quickest of some batches counts: the clock of the wall is the only one fine enough, and neighbours stop it now and then. */
const BATCHES = 3
const ROUNDS = 8

/**
 * Time of decisions. Every so many orders, the one just placed is routed on trial a few times before it is routed in earnest: a search reads
 * the world and writes only to scratch, so that the run goes on as it would have.
 */
class Stopwatch {
  private readonly sim: Sim
  private readonly every: number
  private next = 0
  private decisions = 0
  private spentMs = 0

  constructor(sim: Sim, every: number) {
    this.sim = sim
    this.every = every
  }

  watch(): void {
    const { world } = this.sim
    if (world.counts[COUNT.nextOrder] <= this.next) return
    const order = this.placed(this.next)
    this.next += this.every
    if (order < 0) return
    // The first finds caches cold that the search for the order has swept.
    chooseShipments(this.sim, order, -1)
    let least = Number.POSITIVE_INFINITY
    for (let batch = 0; batch < BATCHES; batch++) {
      const started = performance.now()
      for (let i = 0; i < ROUNDS; i++) chooseShipments(this.sim, order, -1)
      least = Math.min(least, performance.now() - started)
    }
    this.spentMs += least
    this.decisions += ROUNDS
  }

  get meanUs(): number {
    return (1000 * this.spentMs) / this.decisions
  }

  private placed(number: number): number {
    const { world } = this.sim
    for (let p = world.counts[COUNT.recordsUsed] - 1; p >= 0; p--)
      if (stateOf(world, p) === STATE.placed && !hasFlag(world, p, FLAG.child) && orderOf(world, p) === number) return p
    return -1
  }
}

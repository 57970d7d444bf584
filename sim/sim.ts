import type { Ledger } from './ledger.ts'
import type { Network } from './network.ts'
import type { Option } from './option.ts'
import type { Policies } from './policy.ts'
import type { PromiseQuote } from './quote.ts'
import type { Dice } from './random.ts'
import type { ReplayOrders, ReplayOutcome } from './replay.ts'
import type { RouterScratch } from './router.ts'
import type { Scene, Sky } from './scene.ts'
import type { ShelfHistory } from './shelf.ts'
import type { Sides } from './sides.ts'
import { HOUR_MS } from './units.ts'
import { COUNT, type Parcel, REG, type World, type WorldView } from './world.ts'

/** The instants that frame a run, in ms on its own clock, which starts at 0. */
export type RunClock = {
  /** Day 0 of the scenario: from here on orders are measured. */
  readonly dayZeroMs: number
  readonly measuredEndMs: number
  /** No order is placed from here on. */
  readonly lastOrderMs: number
  /** The run stops here even if orders are open. */
  readonly endMs: number
  /** Some Monday 00:00. */
  readonly weekStartMs: number
}

/** Hours that by-hour charts show: from day 0 to the last order, and a day more. */
export const chartHours = ({ dayZeroMs, lastOrderMs }: Pick<RunClock, 'dayZeroMs' | 'lastOrderMs'>): number =>
  Math.ceil((lastOrderMs - dayZeroMs) / HOUR_MS) + 24

/** Nothing is left in any warehouse and nothing more can come: their clockwork stops, only carriers and customers go on. */
export const isClosed = ({ world, clock }: Sim): boolean =>
  world.regs[REG.nowMs] >= clock.lastOrderMs && world.counts[COUNT.inHouse] === 0

/** What an agent is handed: a world to read, the pen for `sim/apply`, and everything that does not change during a run. */
export type Sim = {
  readonly world: WorldView
  /** The same world, to be handed to the functions of `sim/apply` and to nothing else. */
  readonly pen: World
  readonly network: Network
  readonly scene: Scene
  readonly clock: RunClock
  readonly dice: Dice
  readonly policies: Policies
  readonly replay: ReplayOrders | null
  readonly outcome: ReplayOutcome | null
  /** What became of every order, where somebody asked for it. */
  readonly ledger: Ledger | null
  readonly keepsOrigins: boolean
  /** Records of the hubs' waves start here, one for each hub. */
  readonly hubActor: number
  /** Used again and again, so that nothing is allocated in the loop. */
  readonly option: Option
  readonly quote: PromiseQuote
  readonly router: RouterScratch
  readonly history: ShelfHistory
  readonly sky: Sky
  /** For policies that plan: see `plan.ts`. */
  readonly solver: unknown
  /** Looks on at every decision, where somebody asked for it. */
  readonly witness: Witness | null
  /** Chooses in the router's place, where somebody outside decides; null: the router does. */
  readonly chooser: Chooser | null
  /** Several policies that decide each for its own orders, where there is not one for all; null: `policies` decides for all. */
  readonly sides: Sides | null
}

/**
 * Told of every search for shipments when it is done and before anything comes of it: the order, the one warehouse that was allowed (or −1),
 * and how many shipments were found, 0 where it is to wait; they stand in `sim.router`. Reads only, and leaves router and option alone.
 */
export type Witness = (sim: Sim, order: Parcel, only: number, parts: number) => void

/**
 * Says how an order is shipped, in the place of the router's search: leaves the shipments in `sim.router` (`partMask`, `partWarehouse`, `partService`)
 * as that does and returns how many, 0 where the order is to wait. Each must be one that can be made: goods on its shelf, a service that goes there.
 */
export type Chooser = (sim: Sim, order: Parcel, only: number) => number

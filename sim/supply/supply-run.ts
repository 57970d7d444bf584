import type { Dice } from '../random.ts'
import type { SupplyNetwork } from './network.ts'
import type { SupplyView, SupplyWorld } from './world.ts'

/** What the functions of a replenishment run are handed: a world to read, the pen for `sim/apply`, and what does not change. */
export type SupplyRun = {
  readonly world: SupplyView
  readonly pen: SupplyWorld
  readonly network: SupplyNetwork
  readonly dice: Dice
  /** Who goes first at equal times. */
  readonly phases: Phases
}

/**
 * Phases at equal times: batches end, goods arrive, rules with intervals look, customers come, customers get their goods, and rules without
 * intervals look at what is left. Or customers before goods and rules, where the network says so.
 */
export type Phases = {
  readonly batch: number
  readonly shipment: number
  readonly review: number
  readonly stream: number
  readonly delivery: number
  readonly look: number
}

export const phasesOf = ({ goodsFirst }: SupplyNetwork): Phases =>
  goodsFirst
    ? { batch: 1, shipment: 2, review: 3, stream: 4, delivery: 5, look: 6 }
    : { batch: 2, shipment: 3, review: 4, stream: 1, delivery: 5, look: 6 }

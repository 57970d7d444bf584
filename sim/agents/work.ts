import type { Sim } from '../sim.ts'
import { lineCount, type Parcel, warehouseOf } from '../world.ts'

/** Mean work a parcel brings to its warehouse, in ms of one pair of hands. */
export const pickWorkMs = (sim: Sim, p: Parcel): number => {
  const w = warehouseOf(sim.world, p)
  return sim.network.pickParcelMs[w] + sim.network.pickLineMs[w] * lineCount(sim.world, p)
}
export const packWorkMs = (sim: Sim, p: Parcel): number => {
  const w = warehouseOf(sim.world, p)
  return sim.network.packParcelMs[w] + sim.network.packLineMs[w] * lineCount(sim.world, p)
}

import { LANE, shipmentCents } from '../network.ts'
import { MAX_LINES } from '../partition.ts'
import { readWorth } from '../router.ts'
import type { Sim } from '../sim.ts'
import { availableUnits, lineAt, lineCount, type Parcel, skuOfLine, unitsOfLine } from '../world.ts'

/**
 * An order in hand, and the option made to stand for any set of its lines from any warehouse by any service: as in the router's search, with sums
 * that run as the router's do, so that they end in the same digits.
 */
export class Standing {
  readonly skus = new Int32Array(MAX_LINES)
  readonly units = new Int32Array(MAX_LINES)
  count = 0
  private readonly sim: Sim
  /** Units left of the set in hand, and what they are worth: [warehouse]. */
  private readonly leftOfSet: Int32Array
  private readonly charges: Float64Array
  /** What each line is worth at each warehouse, by plan and policy: [line · W + warehouse]; null where nobody prices goods. */
  private worth: Float64Array | null = null

  constructor(sim: Sim) {
    this.sim = sim
    this.leftOfSet = new Int32Array(sim.network.W)
    this.charges = new Float64Array(sim.network.W)
  }

  takeInHand(order: Parcel): void {
    const { sim } = this
    const { world } = sim
    this.count = lineCount(world, order)
    for (let i = 0; i < this.count; i++) {
      const line = lineAt(world, order, i)
      this.skus[i] = skuOfLine(line)
      this.units[i] = unitsOfLine(line)
    }
    // A search that finds some line nowhere ends before it asks what lines are worth.
    if (world.size.priced === 1) readWorth(sim, order, this.count)
    this.worth = world.size.priced === 1 ? sim.router.lineCents : null
  }

  /** The option stands for a shipment; what the policy asks for that is returned. The option is aimed at the order. */
  stand(warehouse: number, service: number, mask: number): number {
    const { world, network, option, policies } = this.sim
    const { W, S, skuGrams, lanes, handlingLineCents } = network
    let lines = 0
    let grams = 0
    let least = Number.POSITIVE_INFINITY
    let cents = 0
    for (let i = 0; i < this.count; i++) {
      if (((mask >> i) & 1) === 0) continue
      lines++
      grams += skuGrams[this.skus[i]] * this.units[i]
      least = Math.min(least, availableUnits(world, this.skus[i], warehouse) - this.units[i])
      if (this.worth !== null) cents += this.worth[i * W + warehouse]
    }
    this.leftOfSet[warehouse] = least
    this.charges[warehouse] = cents
    option.left = this.leftOfSet
    option.charges = this.worth === null ? null : this.charges
    option.load(grams / 1000, lines)
    const place = warehouse * S + service
    const lane = (option.zone * W * S + place) * LANE.fields
    const parcelCents = lanes[lane + LANE.parcelCents]
    const kgCents = lanes[lane + LANE.kgCents]
    option.standAt(place, warehouse, shipmentCents(lines, handlingLineCents[warehouse], parcelCents, option.weightKg, kgCents))
    option.lookAhead()
    return policies.routing.price(option, policies.routing.params)
  }
}

import type { Contestant } from '../../scenarios/plan.ts'
import { bug } from '../../sim/check.ts'
import { bookkeeper } from '../../sim/explain/bookkeeper.ts'
import { DayBook, type DayDecision } from '../../sim/explain/day-book.ts'
import type { BriefShipment } from '../../sim/explain/decision.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Sim, Witness } from '../../sim/sim.ts'
import {
  FLAG,
  hasFlag,
  headOf,
  lineAt,
  lineCount,
  missedPicks,
  nowMs,
  orderNumber,
  type Parcel,
  placedMs,
  promisedMs,
  skuOfLine,
  unitsOfLine,
  zoneOf,
} from '../../sim/world.ts'
import { writeMoment } from '../event/moment.ts'
import type { Decider } from './decider.ts'
import type { Choice, DecidedShipment } from './decision.ts'
import type { LoadPolicies } from './load-policies.ts'
import { openDecider } from './open-decider.ts'
import { QuestionReader } from './question.ts'
import { Stage, ZERO_MS } from './stage.ts'

/**
 * Holds a decider against the simulator: at every decision that a run takes, the same order is sent to the decider in the words of the wire, over a
 * ground laid from that very world, and all that is answered is compared to the last bit. What the run decided is told by its own bookkeeper.
 */

/** So long that no clock can matter. */
const ANSWERED_ANYHOW = 1e12
/** Decisions of one book; then another is begun. */
const BOOK = 1000

export type Comparison = {
  decisions: number
  /** Decisions that found nothing, parcels of orders that were split before, decisions in several shipments: as counted among all. */
  unshipped: number
  split: number
  mismatches: number
  /** Left out: a parcel whose pick found nothing is no order that anybody sends. */
  leftOut: number
  /** The first few that differ. */
  readonly examples: string[]
}

export type Held = { readonly witness: Witness; readonly found: Comparison }

/** Makes the witness for a run; to be put into its `Sim`. `load` may hand in other policies than the catalogue's. */
export async function holdAgainst(sim: Sim, spec: NetworkSpec, contestant: Contestant, load?: LoadPolicies): Promise<Held> {
  const stage = new Stage(sim, spec, contestant, 1)
  return new Comparing(spec, await openDecider(stage.setup, 0, load), stage).held()
}

class Comparing {
  private readonly spec: NetworkSpec
  private readonly decider: Decider
  private readonly stage: Stage
  private readonly reader: QuestionReader
  private book = new DayBook()
  private record = bookkeeper(this.book, true)
  private readonly found: Comparison = { decisions: 0, unshipped: 0, split: 0, mismatches: 0, leftOut: 0, examples: [] }

  constructor(spec: NetworkSpec, decider: Decider, stage: Stage) {
    this.spec = spec
    this.decider = decider
    this.stage = stage
    this.reader = new QuestionReader(spec)
  }

  held(): Held {
    return { witness: (sim, order, only, parts) => this.look(sim, order, only, parts), found: this.found }
  }

  private look(sim: Sim, order: Parcel, only: number, parts: number): void {
    const { found } = this
    if (missedPicks(sim.world, order) > 0 || only >= 0) {
      found.leftOut++
      return
    }
    if (this.book.decisions >= BOOK) this.openBook()
    const { book } = this
    const before = book.decisions
    this.record(sim, order, only, parts)
    if (parts > 0 && book.decisions !== before + 1) bug('a decision was not written down')
    this.stage.lay(sim)
    const body = JSON.parse(this.wireOf(sim, order)) as unknown
    const { question } = this.reader.readOrThrow(body, ZERO_MS + nowMs(sim.world))
    const { choice, degraded } = this.decider.decide({ ...question, budgetMs: ANSWERED_ANYHOW }, false, 'd')
    found.decisions++
    if (parts === 0) found.unshipped++
    if (parts > 1) found.split++
    const flaw = degraded === 'rules' || degraded === 'static' ? `decided by ${degraded}` : this.flawOf(parts, book, choice)
    if (flaw === null) return
    found.mismatches++
    if (found.examples.length < 5)
      found.examples.push(`order ${orderNumber(sim.world, order)} at ${nowMs(sim.world)} ms: ${flaw}`)
  }

  private openBook(): void {
    this.book = new DayBook()
    this.record = bookkeeper(this.book, true)
  }

  /** The order as a shop would send it. */
  private wireOf({ world }: Sim, order: Parcel): string {
    const { spec } = this
    const isPart = hasFlag(world, order, FLAG.split)
    const lines = Array.from({ length: lineCount(world, order) }, (_, i) => {
      const line = lineAt(world, order, i)
      return { lineId: String(i), sku: spec.skus[skuOfLine(line)].id, qty: unitsOfLine(line) }
    })
    const head = headOf(world, order)
    return JSON.stringify({
      order: {
        orderId: String(orderNumber(world, order)),
        shipTo: { zone: spec.zones[zoneOf(world, order)].id },
        createdAt: writeMoment(ZERO_MS + placedMs(world, order)),
        promise: { deliverBy: writeMoment(ZERO_MS + promisedMs(world, head)) },
        ...(isPart ? { constraints: { maxShipments: 1, shipComplete: true } } : { constraints: { shipComplete: true } }),
        lines,
      },
    })
  }

  /** What differs, in words; null where nothing does. */
  private flawOf(parts: number, book: DayBook, choice: Choice): string | null {
    if (parts === 0) return choice.shipments.length === 0 ? null : `the simulator ships nothing, the decider ${choice.status}`
    const { chosen, runnerUp }: DayDecision = book.read(book.decisions - 1)
    if (choice.status === 'held' && choice.reason === 'pooled') return null
    if (choice.status !== 'routed') return `the simulator ships, the decider says ${choice.status}: ${choice.reason}`
    if (chosen.shipments.length !== choice.shipments.length)
      return `${chosen.shipments.length} shipments, and ${choice.shipments.length}`
    for (let i = 0; i < chosen.shipments.length; i++) {
      const flaw = this.shipmentFlaw(chosen.shipments[i], choice.shipments[i])
      if (flaw !== null) return `shipment ${i}: ${flaw}`
    }
    if (!Object.is(chosen.price, choice.priceCents)) return `the price ${chosen.price}, and ${choice.priceCents}`
    const beside = runnerUp === null ? null : runnerUp.set.price
    if (!Object.is(beside, choice.runnerUpCents)) return `the runner-up ${beside}, and ${choice.runnerUpCents}`
    const without = runnerUp === null ? null : this.spec.warehouses[runnerUp.without].id
    return without === choice.runnerUpWithout ? null : `a runner-up without ${without}, and without ${choice.runnerUpWithout}`
  }

  private shipmentFlaw({ warehouse, service, mask, price, terms }: BriefShipment, told: DecidedShipment): string | null {
    const { spec } = this
    if (spec.warehouses[warehouse].id !== told.warehouse) return `from ${spec.warehouses[warehouse].id}, and ${told.warehouse}`
    if (spec.services[service].id !== told.service) return `by ${spec.services[service].id}, and ${told.service}`
    const carried = told.lines.reduce((bits, { lineId }) => bits | (1 << Number(lineId)), 0)
    if (carried !== mask) return `lines ${mask}, and ${carried}`
    if (!Object.is(price, told.priceCents)) return `a price of ${price}, and ${told.priceCents}`
    const sums: Record<string, number> = {}
    for (const { name, amount, weight } of terms) {
      const points = amount * weight
      sums[name] = name in sums ? sums[name] + points : points
    }
    for (const [name, points] of Object.entries(sums))
      if (!Object.is(points, told.terms[name])) return `${points} for ${name}, and ${told.terms[name]}`
    return Object.keys(told.terms).length === Object.keys(sums).length ? null : 'terms that the simulator has not'
  }
}

/** The same run with somebody who looks on. */
export const witnessed = (sim: Sim, witness: Witness): Sim => ({ ...sim, witness })

import { RUNGS, type Rung, type Term } from '../term.ts'
import type { BriefDecision, BriefSet, BriefShipment } from './decision.ts'

/** No rung, no warehouse. */
const NO_RUNG = 255
const NONE = -1

/** What is said of a sum's terms over and over: their name, weight and what they are of. */
type Kind = Omit<Term, 'amount'>

/** One decision of a run: what was bought and the runner-up, with the order, the moment (ms on the run's clock) and the rung it stands on. */
export type DayDecision = BriefDecision & { readonly order: number; readonly nowMs: number; readonly rung: Rung | null }

/**
 * Every decision of a run in columns that grow: a row for each decision, for each shipment of what was bought and of the runner-up, and for each
 * term of a shipment's price. Numbers only while the run goes; sums and objects are made when a row is read.
 */
export class DayBook {
  decisions = 0
  private order = new Int32Array(1024)
  private nowMs = new Float64Array(1024)
  private rung = new Uint8Array(1024)
  /** The warehouse the runner-up does without; −1 where there is no runner-up. */
  private without = new Int32Array(1024)
  /** Where the decision's shipments begin, and where the runner-up's do. The last decision's end where all do. */
  private first = new Int32Array(1024)
  private firstBeside = new Int32Array(1024)

  private shipments = 0
  private warehouse = new Int32Array(2048)
  private service = new Uint8Array(2048)
  private mask = new Uint8Array(2048)
  private price = new Float64Array(2048)
  private firstTerm = new Int32Array(2048)

  private terms = 0
  private amount = new Float64Array(8192)
  private kind = new Uint16Array(8192)
  private readonly kinds: Kind[] = []

  /** A decision is taken; the shipments that are added next are what it buys. */
  open(order: number, nowMs: number, rung: Rung | null): void {
    const i = this.decisions++
    if (i === this.order.length) this.growDecisions()
    this.order[i] = order
    this.nowMs[i] = nowMs
    this.rung[i] = rung === null ? NO_RUNG : RUNGS.indexOf(rung)
    this.without[i] = NONE
    this.first[i] = this.shipments
    this.firstBeside[i] = this.shipments
  }

  /** The shipments that are added next are its runner-up, which does without a warehouse. */
  openBeside(without: number): void {
    const i = this.decisions - 1
    this.without[i] = without
    this.firstBeside[i] = this.shipments
  }

  /** A shipment of the set in hand; bit i of `mask` is set where it carries line i. A price without terms is its own only term. */
  add(warehouse: number, service: number, mask: number, price: number, terms: readonly Term[]): void {
    const i = this.shipments++
    if (i === this.price.length) this.growShipments()
    this.warehouse[i] = warehouse
    this.service[i] = service
    this.mask[i] = mask
    this.price[i] = price
    this.firstTerm[i] = this.terms
    if (this.terms + terms.length > this.amount.length) this.growTerms()
    // Most often the terms are of the kinds that the shipment before had, in the same places.
    let guess = this.terms - terms.length
    for (let t = 0; t < terms.length; t++, guess++) {
      this.amount[this.terms] = terms[t].amount
      this.kind[this.terms++] = this.kindOf(terms[t], guess < 0 ? 0 : this.kind[guess])
    }
  }

  /** Reads a row, 0 … `decisions` − 1. */
  read(i: number): DayDecision {
    const end = i + 1 < this.decisions ? this.first[i + 1] : this.shipments
    const beside = this.without[i] === NONE ? end : this.firstBeside[i]
    return {
      order: this.order[i],
      nowMs: this.nowMs[i],
      rung: this.rung[i] === NO_RUNG ? null : RUNGS[this.rung[i]],
      chosen: this.setOf(this.first[i], beside),
      runnerUp: beside === end ? null : { without: this.without[i], set: this.setOf(beside, end) },
    }
  }

  private setOf(from: number, to: number): BriefSet {
    return sumOf(Array.from({ length: to - from }, (_, n) => this.shipmentOf(from + n)))
  }

  private shipmentOf(i: number): BriefShipment {
    const from = this.firstTerm[i]
    const to = i + 1 < this.shipments ? this.firstTerm[i + 1] : this.terms
    return {
      warehouse: this.warehouse[i],
      service: this.service[i],
      mask: this.mask[i],
      price: this.price[i],
      terms: Array.from({ length: to - from }, (_, n) => ({ ...this.kinds[this.kind[from + n]], amount: this.amount[from + n] })),
    }
  }

  /** Kinds are few, so that they are looked for one by one where the guess is wrong. */
  private kindOf({ name, weight, of }: Term, guess: number): number {
    const { kinds } = this
    if (guess < kinds.length && kinds[guess].name === name && kinds[guess].weight === weight && kinds[guess].of === of)
      return guess
    for (let k = 0; k < kinds.length; k++)
      if (kinds[k].name === name && kinds[k].weight === weight && kinds[k].of === of) return k
    kinds.push(of === undefined ? { name, weight } : { name, weight, of })
    return kinds.length - 1
  }

  private growDecisions(): void {
    this.order = longer(this.order)
    this.nowMs = longer(this.nowMs)
    this.rung = longer(this.rung)
    this.without = longer(this.without)
    this.first = longer(this.first)
    this.firstBeside = longer(this.firstBeside)
  }

  private growShipments(): void {
    this.warehouse = longer(this.warehouse)
    this.service = longer(this.service)
    this.mask = longer(this.mask)
    this.price = longer(this.price)
    this.firstTerm = longer(this.firstTerm)
  }

  private growTerms(): void {
    this.amount = longer(this.amount)
    this.kind = longer(this.kind)
  }
}

/** Prices of a set add up, and so do the terms of the same name. */
export function sumOf<S extends Pick<BriefShipment, 'price' | 'terms'>>(
  shipments: readonly S[],
): { shipments: readonly S[]; price: number; terms: readonly Term[] } {
  const [{ price, terms }] = shipments
  if (shipments.length === 1) return { shipments, price, terms }
  const sums: Term[] = []
  let sum = 0
  for (const shipment of shipments) {
    sum += shipment.price
    for (const term of shipment.terms) {
      const at = sums.findIndex(({ name, weight, of }) => name === term.name && weight === term.weight && of === term.of)
      if (at < 0) sums.push(term)
      else sums[at] = { ...sums[at], amount: sums[at].amount + term.amount }
    }
  }
  return { shipments, price: sum, terms: sums }
}

function longer<T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(column: T): T {
  const grown = new (column.constructor as new (length: number) => T)(2 * column.length)
  grown.set(column)
  return grown
}

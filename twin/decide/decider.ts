import type { Assignment } from '../rollout/assignment.ts'
import type { Choice, DecidedBy, Degrade, Seen } from './decision.ts'

/**
 * The one who decides, on one thread: synchronous, beside others of its kind on the same stock. Everything that takes time (worlds, plans,
 * policies of new versions) is prepared elsewhere and handed in.
 */

/** An order that somebody asks about, in places of the network; instants in ms since 1970. */
export type Question = {
  readonly order: string
  readonly customer: string | null
  readonly zone: number
  readonly lines: readonly { readonly lineId: string; readonly sku: number; readonly units: number }[]
  readonly placedMs: number
  readonly promisedMs: number
  /** 0 … 1 by warehouse; null: any. */
  readonly allowed: Uint8Array | null
  /** 0 … 1 by service: may be used; null: any. */
  readonly services: Uint8Array | null
  readonly maxShipments: number
  readonly co2GramsMax: number
  /** Only what nine in ten times keeps the promise will do. */
  readonly mustBeInTime: boolean
  readonly shipComplete: boolean
  /** Units on a shelf as the caller has it, instead of ours: sku · W + warehouse; null: none. */
  readonly told: ReadonlyMap<number, number> | null
  readonly budgetMs: number
  /** The next best is left out: to find it takes longer than to decide. */
  readonly isBrief?: boolean
}

export type Answered = {
  readonly choice: Choice
  readonly by: DecidedBy
  readonly other: { readonly version: string; readonly choice: Choice; readonly differs: boolean } | null
  readonly seen: Seen
  readonly degraded: Degrade | null
  readonly degradedBecause: string | null
  readonly tookUs: number
  /** The instant of the decision by the twin's clock, by which a switchback's block was found: kept as the decision's `atMs`. */
  readonly atMs: number
}

export type Decider = {
  /** `commit` sets the goods aside, all of them or none; without it nothing is left behind. `id` names the reservations. */
  decide(question: Question, commit: boolean, id: string): Answered
  /** Gives back what a decision set aside that never became durable, or that somebody cancelled. */
  release(id: string): boolean
  /** From now on; a generation older than the present one is ignored. */
  assign(assignment: Assignment): void
}

import type { Dose } from '../interference/dose.ts'
import type { Evidence, JudgePlan } from '../judge/evidence.ts'
import type { Baseline } from '../judge/plan-ahead.ts'
import type { Unit } from './assignment.ts'

/** What an owner asks for before anybody is exposed; fixed once it is approved. Written as YAML, checked by `orrery rollout lint`. */
export type RolloutPlan = {
  readonly name: string
  /** Versions by registry id. */
  readonly stable: string
  readonly candidate: string
  readonly unit: Unit
  readonly blockMs: number
  /** Digest of the experiment's certificate; null only for a rollout that was made in an incident. */
  readonly certificate: string | null
  /** First both answers are logged for every order and stable serves all: so long, ms, and so many orders. */
  readonly shadow: {
    readonly minDwellMs: number
    readonly minOrders: number
    /** Harm beyond a margin by what both answers say of themselves is only shown, and keeps nobody from the first step. Left out: it does. */
    readonly offPolicy?: 'shown'
  }
  readonly steps: readonly RolloutStep[]
  /** Part that stays with stable after promotion, and for how long, ms. */
  readonly holdback: { readonly share: number; readonly dwellMs: number }
  readonly judge: JudgePlan
  /** What metrics are like under stable, as far as the owner has said: only for foretelling what can be found out. */
  readonly usual?: Readonly<Record<string, Baseline>>
  /** What the twin said before the first order, by metric; left out where nobody has asked it. */
  readonly foreseen?: NonNullable<Evidence['twin']>
  /** What the twin said each share would do, by metric: shown, and never judged by. */
  readonly doses?: Readonly<Record<string, readonly Dose[]>>
  /** An order is late once it is not delivered so long after its promise, ms: then that is certain, and nobody waits for lost parcels. */
  readonly graceMs: number
  /** How often the judge looks, ms. */
  readonly lookMs: number
  readonly maxDurationMs: number
  /** Harm that may be done in all, at the upper bound: orders, and cents. */
  readonly budget: { readonly orders: number; readonly cents: number }
  /** What it does while a sale or a storm is on, which nobody may advance in unless the plan says so. */
  readonly inPeaks: 'hold' | 'continue'
  /** Served by stable where a thread has heard nothing for so long, ms. */
  readonly leaseMs: number
  /** What cannot be taken back once a decision was made, in words; empty means: nothing, and was thought about. */
  readonly irreversible: readonly string[]
}

export type RolloutStep = {
  readonly share: number
  readonly minDwellMs: number
  readonly minMatured: number
  /** Somebody must say yes before this step begins. */
  readonly approval: boolean
}

/** `canary` and `shadow` are walked by steps; from every state but the last three there is a way to `rolling-back`. */
export const ROLLOUT_STATES = [
  'draft',
  'submitted',
  'approved',
  'shadow',
  'canary',
  'promote-pending',
  'live',
  'rolling-back',
  'settled',
  'rolled-back',
  'rejected',
] as const
export type RolloutState = (typeof ROLLOUT_STATES)[number]

/** What somebody can do to a rollout: the last part of its route, and the word of the command line. */
export const ROLLOUT_VERBS = [
  'submit',
  'approve',
  'reject',
  'start',
  'hold',
  'resume',
  'advance',
  'promote',
  'rollback',
  'extend',
  'settle',
] as const
export type RolloutVerb = (typeof ROLLOUT_VERBS)[number]

import type { BookEntry } from '../book/book.ts'
import { digestOfValue } from '../govern/canonical.ts'
import type { Evidence, Verdict } from '../judge/evidence.ts'
import type { ShadowEstimate } from '../judge/shadow-gate.ts'
import type { RolloutPlan } from './plan.ts'

/** What the book says about rollouts: each type of entry with what its body holds. */
export type Acts = {
  /** A plan was handed in. `salt` is drawn once and never used again. */
  'rollout.drafted': { readonly plan: RolloutPlan; readonly salt: string }
  'rollout.submitted': { readonly plan: string }
  /** `of`: digest of the plan, `step:N`, or digest of the evidence that promotion was proposed on. */
  'rollout.approved': { readonly of: string; readonly token?: string }
  'rollout.rejected': { readonly code: 'refused' | 'invalidated'; readonly because: string }
  /** Somebody wants it to begin, and another one is under way. */
  'rollout.queued': { readonly behind: string }
  /** `twin`: what the twin foretells, said before the first order and never again. */
  'rollout.started': { readonly stable: string; readonly twin: Evidence['twin'] }
  /** `offPolicy`: of the step that ends the shadow, what the shadow said of the candidate. */
  'rollout.advanced': {
    readonly to: number
    readonly share: number
    readonly look: Look
    readonly offPolicy?: readonly ShadowEstimate[]
  }
  'rollout.held': { readonly code: HoldCode; readonly because: string }
  'rollout.resumed': { readonly because: string }
  'rollout.looked': { readonly look: Look }
  'rollout.proposed': { readonly look: Look }
  /** New evidence no longer says promote, or so much has come that the old approvals are of another thing. */
  'rollout.withdrawn': { readonly because: string; readonly look: Look }
  'rollout.promoted': { readonly evidence: string; readonly share: number }
  'rollout.rolling-back': { readonly code: EndCode; readonly because: string; readonly look?: Look }
  'rollout.rolled-back': { readonly because: string }
  'rollout.extended': { readonly byMs: number; readonly because: string }
  'rollout.settled': { readonly because: string; readonly look?: Look }
}
export type ActType = keyof Acts

/** Why it stands still. A person's hold is ended by a person; what the clock or the judge held for a passing reason ends with it. */
export const HOLD_CODES = [
  'person',
  'peak',
  'no-data',
  'source',
  'clock',
  'ratio',
  'missing',
  'arms',
  'budget',
  'sign',
  'flip',
] as const
export type HoldCode = (typeof HOLD_CODES)[number]
export const PASSING: readonly HoldCode[] = ['peak', 'no-data', 'source', 'clock', 'budget', 'sign']

export const END_CODES = ['person', 'harm', 'limit', 'budget', 'expired', 'invalidated', 'registry'] as const
export type EndCode = (typeof END_CODES)[number]

/** A look of the judge, as the book keeps it: enough for the funnel and the trail; the whole lies in the bundle of this digest. */
export type Look = {
  /** By the twin's clock. */
  readonly asOfMs: number
  readonly verdict: Verdict['verdict']
  readonly says: string
  /** Digest of the evidence. */
  readonly evidence: string
  /** Units of the candidate with certain outcomes. */
  readonly matured: number
  /** Lower bound, harm, upper bound of each metric; null where it has none yet. */
  readonly bounds: Readonly<Record<string, readonly [number | null, number | null, number | null]>>
  /** Sources that were known to tell outcomes: one that is silent after a restart is missed by this. */
  readonly sources: readonly string[]
}

export const aboutRollout = (id: string): string => `rollout:${id}`

/** The rollout an entry is about, or null. */
export const rolloutIn = ({ about }: Pick<BookEntry, 'about'>): string | null =>
  about.startsWith('rollout:') ? about.slice('rollout:'.length) : null

/** SHA-256 over the plan as JSON, keys in one order: what approvals of a plan bind. */
export const digestOfPlan = (plan: RolloutPlan): string => digestOfValue(plan)

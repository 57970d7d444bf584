import type { JudgePlan } from './evidence.ts'

/** Which chance of error each question of a metric has: harm is a union over metrics and is split, no harm an intersection and is not (Berger 1982). */
export type Alphas = {
  readonly harm: number
  readonly promote: number
  /** Of each early sign. */
  readonly sign: number
}

export function alphasOf(plan: JudgePlan): Alphas {
  const acting = plan.metrics.filter(({ role }) => role !== 'diagnostic').length
  const signs = plan.signs === undefined ? 0 : SIGN_PART
  return {
    harm: (plan.alphaHarm * (1 - signs)) / Math.max(1, acting),
    promote: plan.alphaPromote,
    sign: (plan.alphaHarm * SIGN_PART) / SIGNS,
  }
}

/** Part of the alpha of harm that early signs have together, where a plan goes by them; and how many there are. */
const SIGN_PART = 0.1
const SIGNS = 3

/**
 * Parts of a share's alphas. It may also be stopped by failures that are certain early; and be promoted by its own rarity before a difference can be
 * tested, so that one whose failures are hardly ever seen does not wait for ten of them.
 */
export const EARLY_PART = 0.04
export const RARE_PART = 0.05

import type { JudgePlan } from './evidence.ts'

/** Which chance of error each question of a metric has: harm is a union over metrics and is split, no harm an intersection and is not (Berger 1982). */
export type Alphas = { readonly harm: number; readonly promote: number }

export function alphasOf(plan: JudgePlan): Alphas {
  const acting = plan.metrics.filter(({ role }) => role !== 'diagnostic').length
  return { harm: plan.alphaHarm / Math.max(1, acting), promote: plan.alphaPromote }
}

/**
 * Parts of a share's alphas. It may also be stopped by failures that are certain early; and be promoted by its own rarity before a difference can be
 * tested, so that one whose failures are hardly ever seen does not wait for ten of them.
 */
export const EARLY_PART = 0.04
export const RARE_PART = 0.05

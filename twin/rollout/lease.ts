import type { Assignment } from './assignment.ts'

/** How often those who decide are told again what holds, as a part of the lease: three may get lost. */
export const BEATS = 4

/**
 * Whether whoever decides has heard nothing for so long that stable must decide. An order that is the candidate's by assignment is then served by
 * stable and says so (`servedInstead`): it is counted as the candidate's all the same, and how many there are is a guardrail. Elapsed time is by
 * a clock that cannot be set back (`performance.now`).
 */
export function isStale({ rollout }: Assignment, heardMs: number, nowMs: number): boolean {
  return rollout?.leaseMs !== undefined && rollout.share > 0 && nowMs - heardMs > rollout.leaseMs
}

export const STALE = 'no word from the rollout within its lease'

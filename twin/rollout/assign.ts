import type { Alias } from '../registry/version.ts'
import type { Assignment } from './assignment.ts'
import { activeOf, type Rollouts } from './fold.ts'

/**
 * Who decides for what, by the book and the registry alone: after a restart it is the same. A generation is the number of the entry that changed
 * it, so it rises with each change and two of the same number are the same.
 */
export function assignmentOf(rollouts: Rollouts, stable: Pick<Alias, 'version' | 'seq'>): Assignment {
  const generation = Math.max(rollouts.generation, stable.seq)
  const active = activeOf(rollouts)
  if (active === null) return { generation, stable: stable.version, rollout: null }
  const { id, plan, salt, share, state } = active
  // What is rolled back leaves at once, also where the alias has not been moved back yet; where somebody else moved it, his word counts.
  if (state === 'rolling-back')
    return { generation, stable: stable.version === plan.candidate ? plan.stable : stable.version, rollout: null }
  const { candidate, unit, blockMs, leaseMs } = plan
  return {
    generation,
    stable: plan.stable,
    rollout: { id, candidate, unit, salt, share, logsBoth: true, blockMs, leaseMs },
  }
}

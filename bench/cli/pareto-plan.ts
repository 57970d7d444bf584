import type { Caps } from '../../scenarios/pareto/caps.ts'
import { type Exploration, pointsEach, runsFor } from '../../scenarios/pareto/explore.ts'
import { knobsOf, type Range } from '../../scenarios/pareto/knobs.ts'
import type { ExperimentPlan } from '../../scenarios/plan.ts'
import { wrongOption } from '../../scenarios/read/problem.ts'

/** Fewer points than this draw no front. */
const LEAST_POINTS = 4

/** What is to be looked for, checked before anything is run. */
export async function explorationOf(
  plan: ExperimentPlan,
  { over, budget }: { over: readonly Range[]; budget: number },
  caps: Caps,
): Promise<Exploration> {
  const knobs = await knobsOf(plan.contestants, over)
  const exploration = { plan, knobs, budget, caps }
  if (pointsEach(exploration) < LEAST_POINTS) {
    const least = runsFor(LEAST_POINTS, plan)
    const fix = `write at least ${least} (${LEAST_POINTS} points of each policy, and two again under other luck, × ${plan.replications} replications), or fewer --replications`
    throw wrongOption('--budget', String(budget), fix)
  }
  return exploration
}

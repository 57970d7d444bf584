import type { AskedDay } from '../../scenarios/hindsight/runs-of-day.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import type { Question } from './ask.ts'

/** The days that `orrery hindsight` is asked about: of a network under a scenario, or of a benchmark instance. */
export type AskedDays = {
  readonly network: string
  readonly scenario: string
  /** One replication of it. */
  readonly day: (replication: number) => AskedDay
}

/** Replications of a scenario; `referenceId`, where given, is the policy that is told the demand. */
export async function daysOfScenario(question: Question, referenceId: string | null): Promise<AskedDays> {
  const { planOf } = await import('./ask.ts')
  const reference = referenceId === null ? null : await contestant(referenceId)
  const { network, scenarios, contestants, baseline, seed, replay, origins } = await planOf(question)
  const [{ id, spec: scenario }] = scenarios
  return {
    network: network.id,
    scenario: id,
    day: (replication) => ({
      spec: network.spec,
      scenario,
      contestants,
      baseline,
      seed,
      replay,
      origins,
      replication,
      reference,
    }),
  }
}

/** Days of a routing benchmark, `peak-day` or another, as the league plays them: `seed`-0, `seed`-1 and so on. */
export async function daysOfInstance(
  name: string,
  { policies, baseline, seed }: Pick<Question, 'seed'> & { readonly policies: readonly string[]; readonly baseline: string },
  set: readonly string[] | null,
  referenceId: string | null,
): Promise<AskedDays> {
  const { casesOf } = await import('../routing/ask.ts')
  const { INSTANCES } = await import('../routing/instances.ts')
  const { promising } = await import('../routing/play.ts')
  // What is set is laid over the usual knobs, and not over each of the league's cases.
  const usual = INSTANCES.map((instance) => ({ ...instance, cases: { full: [{}], quick: [{}] } }))
  const [{ instance, knobs, label }] = casesOf({ quick: false, only: [name], load: null, set }, usual)
  const ids = policies.includes(baseline) ? policies : [baseline, ...policies]
  const named = await Promise.all(ids.map(contestant))
  const told = referenceId === null ? null : await contestant(referenceId)
  return {
    network: instance.id,
    scenario: label,
    day: (replication) => {
      const { spec, scenario, orders, promise } = instance.make(knobs, `${seed}-${replication}`)
      const knowing = (one: Contestant): Contestant => (promise === undefined ? one : promising(one, promise))
      return {
        spec,
        scenario,
        contestants: named.map(knowing),
        reference: told === null ? null : knowing(told),
        baseline,
        seed: `${seed}-${replication}`,
        replay: orders,
        origins: 'free',
        replication: 0,
      }
    },
  }
}

async function contestant(text: string): Promise<Contestant> {
  const { parseContestant } = await import('../../scenarios/contestant.ts')
  return parseContestant(text)
}

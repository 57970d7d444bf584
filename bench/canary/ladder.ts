import type { NewEntry } from '../../twin/book/book.ts'
import type { Evidence, Verdict } from '../../twin/judge/evidence.ts'
import { type Acts, type ActType, aboutRollout, digestOfPlan } from '../../twin/rollout/act.ts'
import { afterEntry, NO_ROLLOUTS, type Rollout, type Rollouts } from '../../twin/rollout/fold.ts'
import { moveOf } from '../../twin/rollout/move.ts'
import type { RolloutPlan, RolloutStep } from '../../twin/rollout/plan.ts'
import type { CanaryWorld } from './world.ts'

const HOUR_MS = 3_600_000
const ID = 'r-1'
const STABLE = 'routing/nearest@000000000000'

/** What a look led to, as far as a canary goes on or ends by it. */
export type Step = 'goes on' | 'promoted' | 'rolled back' | 'held'

/**
 * A rollout as its book has it: drafted, approved by two and started, then moved by the rules of the rollout and by nothing else. Two people are taken
 * to say yes to its promotion at once; whatever is held for somebody to look into stays held.
 */
export class Ladder {
  #rollouts: Rollouts = NO_ROLLOUTS

  constructor(world: CanaryWorld, steps: readonly RolloutStep[]) {
    const plan = planOf(world, steps)
    const digest = digestOfPlan(plan)
    this.#write('ann', 'rollout.drafted', { plan, salt: 'simulated' })
    this.#write('ann', 'rollout.submitted', { plan: digest })
    for (const who of ['ben', 'cleo']) this.#write(who, 'rollout.approved', { of: digest })
    this.#write('ann', 'rollout.started', { stable: STABLE, twin: null })
    if (this.#rollout().state !== 'shadow')
      throw new Error(`the simulated rollout is ${this.#rollout().state}, and should have begun`)
  }

  share(): number {
    return this.#rollout().share
  }

  /** Whether the next step may be due by the clock: then a look matters, though its verdict be to hold. */
  isDue(nowMs: number): boolean {
    const { step, plan, cameMs } = this.#rollout()
    if (step === plan.steps.length) return false
    return nowMs - (cameMs.at(-1) ?? 0) >= (step === 0 ? plan.shadow.minDwellMs : plan.steps[step - 1].minDwellMs)
  }

  look(nowMs: number, evidence: Evidence, verdict: Verdict): Step {
    const readings = {
      nowMs,
      heardMs: nowMs,
      decidedMs: nowMs,
      shadowed: 0,
      offPolicy: [],
      mislabelled: 0,
      watermarkMs: nowMs,
      sources: ['carrier/deliveries'],
      peak: null,
      stable: { version: STABLE, seq: 1 },
    }
    const move = moveOf(this.#rollouts, this.#rollout(), readings, { evidence, verdict })
    if (move === null) return 'goes on'
    this.#rollouts = after(this.#rollouts, move, nowMs)
    const { state, held } = this.#rollout()
    if (state === 'rolling-back') return 'rolled back'
    if (state === 'promote-pending') return 'promoted'
    return held === null ? 'goes on' : 'held'
  }

  #rollout(): Rollout {
    const rollout = this.#rollouts.all.get(ID)
    if (rollout === undefined) throw new Error('the simulated rollout is in no book')
    return rollout
  }

  #write<T extends ActType>(who: string, type: T, body: Acts[T]): void {
    this.#rollouts = after(this.#rollouts, { who, about: aboutRollout(ID), type, body: { ...body } }, 0)
  }
}

const after = (rollouts: Rollouts, entry: NewEntry, atMs: number): Rollouts =>
  afterEntry(rollouts, { ...entry, seq: rollouts.seq + 1, atMs })

/** No shadow and no budget: both would only end canaries sooner. Peaks are gone through, which is the harder case. */
function planOf({ judge, hours }: CanaryWorld, steps: readonly RolloutStep[]): RolloutPlan {
  return {
    name: 'simulated',
    stable: STABLE,
    candidate: 'routing/live-greedy@111111111111',
    unit: 'order',
    blockMs: HOUR_MS,
    certificate: null,
    shadow: { minDwellMs: 0, minOrders: 0 },
    steps,
    holdback: { share: 0.05, dwellMs: 0 },
    judge,
    graceMs: 0,
    lookMs: HOUR_MS,
    maxDurationMs: (hours + 1) * HOUR_MS,
    budget: { orders: 1e12, cents: 1e12 },
    inPeaks: 'continue',
    leaseMs: 60_000,
    irreversible: [],
  }
}

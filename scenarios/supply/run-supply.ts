import { digestOfText } from '../../sim/digest.ts'
import type { SupplyFigures, SupplyOutcome } from '../../sim/supply/outcome.ts'
import type { SupplySpec } from '../../sim/supply/spec.ts'
import { threadCode } from '../bundle.ts'
import { intervalOf } from '../compare.ts'
import type { Progress } from '../plan.ts'
import { openPool } from '../pool.ts'
import type { Interval } from '../result.ts'
import type { SupplySetup, SupplyTask } from './thread.ts'

export type SupplyPlan = {
  readonly spec: SupplySpec
  readonly seed: string
  readonly replications: number
  readonly workers: number
  /** Every law after every event. */
  readonly check: boolean
}

/** Every figure with its 95 % interval over replications; null where no replication has a value. */
export type SupplyIntervals = { readonly [K in keyof SupplyFigures]: Interval | null }

export type SupplyResult = {
  readonly name: string
  readonly currency: string
  readonly days: number
  readonly warmupDays: number
  readonly seed: string
  readonly replications: number
  readonly total: SupplyIntervals
  readonly echelons: { readonly [name: string]: SupplyIntervals }
  readonly events: number
  readonly digest: string
}

/** Runs all replications; the answer is the same at any number of workers. */
export async function runSupplyPlan(
  plan: SupplyPlan,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: Progress) => void },
): Promise<SupplyResult> {
  const { spec, seed, replications, check } = plan
  const { code, note } = await threadCode(new URL('./thread.ts', import.meta.url), 'openSupplyThread', [])
  let done = 0
  let events = 0
  const show = (said: string | null): void =>
    onProgress({ done, total: replications, orders: 0, events, secondsLeft: null, note: said })
  if (note !== null) show(note)
  const data: SupplySetup = { spec, seed, check }
  const workers = Math.min(plan.workers, replications)
  const pool = openPool<SupplyTask, SupplyOutcome>({ code, workers, data, signal, onRetry: show })
  try {
    const outcomes = await Promise.all(
      Array.from({ length: replications }, async (_, replication) => {
        const outcome = await pool.run({ replication })
        done++
        events += outcome.events
        show(null)
        return outcome
      }),
    )
    return gathered(plan, outcomes)
  } finally {
    await pool.close()
  }
}

function gathered({ spec, seed, replications }: SupplyPlan, outcomes: readonly SupplyOutcome[]): SupplyResult {
  const holds = Object.keys(outcomes[0].echelons).filter((name) =>
    spec.sites.some((one) => !one.endless && (one.echelon ?? one.id) === name),
  )
  return {
    name: spec.name,
    currency: spec.currency,
    days: spec.days,
    warmupDays: spec.warmupDays ?? 0,
    seed,
    replications,
    total: intervalsOf(outcomes.map(({ total }) => total)),
    echelons: Object.fromEntries(holds.map((name) => [name, intervalsOf(outcomes.map(({ echelons }) => echelons[name]))])),
    events: outcomes.reduce((sum, { events }) => sum + events, 0),
    digest: digestOfText(outcomes.map(({ digest }) => digest).join(' ')),
  }
}

function intervalsOf(figures: readonly SupplyFigures[]): SupplyIntervals {
  const names = Object.keys(figures[0]) as (keyof SupplyFigures)[]
  return Object.fromEntries(
    names.map((name) => {
      const samples = figures.map((one) => one[name])
      return [name, samples.some(Number.isFinite) ? intervalOf(samples) : null]
    }),
  ) as SupplyIntervals
}

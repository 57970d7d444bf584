import { availableParallelism } from 'node:os'
import { threadCode } from '../../scenarios/bundle.ts'
import { DEFAULT_DAYS } from '../../scenarios/clock.ts'
import type { Contestant } from '../../scenarios/plan.ts'
import { openPool } from '../../scenarios/pool.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { filesOf } from '../../scenarios/rules/with-rules.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { SEAMS, type Seam } from '../../sim/policy.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import {
  type Beside,
  biasOf,
  type Estimate,
  estimateOf,
  everybodyOf,
  METRICS,
  type MetricId,
  meanOf,
  naiveOf,
  othersOf,
  type Sums,
  wholeOf,
} from './effects.ts'
import { believedPart, betweenPrices, correctedOf, pricesOf, type Squeezed } from './shadow-price.ts'
import type { MixAnswer, MixOrder, MixTask, SqueezeTask } from './thread.ts'

/**
 * The canary before the canary: the twin runs the rollout in worlds of its own. In each world three runs meet the same customers, trucks and storms: stable
 * decides for all, the candidate for all, and both for their shares; what the last would make one believe is held against what the first two show.
 */
export type VirtualQuestion = {
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly stable: Contestant
  readonly candidate: Contestant
  readonly shares: readonly number[]
  /** Harm that would still be accepted, in each metric's unit; without it a metric is only shown. */
  readonly margins: Readonly<Partial<Record<MetricId, number>>>
  /** Lengths of blocks to try, hours. */
  readonly blockHours: readonly number[]
  readonly replications: number
  readonly seed: string
  readonly workers: number | null
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number, note: string | null) => void
}

/** `clean`: shared capacity shifts it by less than half the margin; `shrinks` or `grows` by more; `flips`: it would seem better and is worse, or the other way. */
export type Distortion = 'clean' | 'shrinks' | 'grows' | 'flips' | 'unclear'

export type VirtualMetric = {
  readonly metric: MetricId
  /** Mean under stable alone. */
  readonly stable: number
  /** Harm where the candidate decides for all, beside stable for all. */
  readonly whole: Estimate
  /** Part of what prices of shared capacity charge that the twin's own worlds bear out, 0 … 1. */
  readonly believed: number
  /**
   * Dose and response, for each share: what a comparison of orders would show, by how much that is off, and what is left of that after prices; and what
   * the share does to all orders (at a share of 1 that is `whole`), and to stable's among them, who have it from shared capacity alone.
   */
  readonly shares: readonly {
    readonly share: number
    readonly naive: Estimate
    readonly bias: Estimate
    readonly corrected: Estimate
    readonly correctedBias: Estimate
    readonly everybody: Estimate
    readonly others: Estimate
    readonly distortion: Distortion
  }[]
  /** The worst of them, in words of `Distortion`. */
  readonly distortion: Distortion
}

/** A switchback in the same worlds: what blocks of such a length show, and by how much that is off. */
export type VirtualSwitchback = {
  readonly blockHours: number
  readonly metric: MetricId
  readonly effect: Estimate
  readonly bias: Estimate
  /** Standard error of one network's effect in the scenario's days, and how many such days it takes to see a margin with 80 % of chance. */
  readonly se: number
  readonly daysToSee: number | null
}

export type VirtualCanary = {
  readonly stable: string
  readonly candidate: string
  readonly seed: string
  readonly replications: number
  readonly orders: number
  readonly metrics: readonly VirtualMetric[]
  /** Harm that a unit of each resource would spare everybody, by metric: for resources that cost something. */
  readonly prices: readonly { readonly resource: string; readonly metric: MetricId; readonly price: number }[]
  readonly switchbacks: readonly VirtualSwitchback[]
  /** Orders by themselves may promote, or only roll back. */
  readonly advice: 'order' | 'safety only'
}

/** By how much a resource is made less to find out what it is worth: small enough to be a slope, large enough to be seen. */
const SQUEEZED_TO = 0.9

/** Hands come in pairs: where there are few, a tenth of them is none. */
function leftOf({ services, warehouses }: NetworkSpec, resource: number): number {
  if (resource < services.length) return SQUEEZED_TO
  const pairs = warehouses[resource - services.length].shifts.flatMap(({ pickers, packers }) => [pickers, packers])
  const fewest = Math.min(...pairs.filter((pair) => pair > 0))
  return Math.max(0.5, Math.min(SQUEEZED_TO, 1 - 1 / fewest))
}

export async function virtualCanary(question: VirtualQuestion): Promise<VirtualCanary> {
  const { spec, shares, blockHours, replications, stable, candidate } = question
  refuseOthers(stable, candidate)
  const { code, note } = await mixCode(stable, candidate)
  const resources = [...spec.services.map(({ id }) => id), ...spec.warehouses.map(({ id }) => id)]
  const total = replications * (1 + 2 * resources.length + blockHours.length)
  let done = 0
  question.onProgress(0, total, note)
  const order: MixOrder = { spec, scenario: question.scenario, stable, candidate, seed: question.seed }
  const pool = openPool<MixTask, MixAnswer>({
    code,
    workers: Math.min(question.workers ?? availableParallelism(), total),
    data: order,
    signal: question.signal,
    onRetry: (reason) => question.onProgress(done, total, reason),
  })
  const run = async (task: MixTask): Promise<MixAnswer> => {
    const sums = await pool.run(task)
    question.onProgress(++done, total, null)
    return sums
  }
  const squeezed = async (replication: number, who: SqueezeTask['who']): Promise<Squeezed[]> =>
    Promise.all(
      resources.map(async (_, resource) => {
        const left = leftOf(spec, resource)
        const [sums] = await run({ kind: 'squeeze', replication, who, resource, left })
        return { resource, left, sums }
      }),
    )
  try {
    const worlds = await Promise.all(
      Array.from({ length: replications }, async (_, replication): Promise<VirtualWorld> => {
        const [[none, all, ...mixed], byStable, byCandidate, switched] = await Promise.all([
          run({ kind: 'shares', replication, shares }),
          squeezed(replication, 'stable'),
          squeezed(replication, 'candidate'),
          Promise.all(
            blockHours.map(async (hours) => (await run({ kind: 'switchback', replication, blockMs: hours * HOUR_MS }))[0]),
          ),
        ])
        const beside = shares.map((_, s) => ({ mixed: mixed[3 * s], none: mixed[3 * s + 1], all: mixed[3 * s + 2] }))
        return { none, all, beside, squeezed: [byStable, byCandidate], switched }
      }),
    )
    return summed(question, worlds, resources)
  } finally {
    await pool.close()
  }
}

type VirtualWorld = {
  readonly none: Sums
  readonly all: Sums
  readonly beside: readonly Beside[]
  /** By stable, and by the candidate. */
  readonly squeezed: readonly [readonly Squeezed[], readonly Squeezed[]]
  /** For each length of blocks: effect and standard error of each metric. */
  readonly switched: readonly Float64Array[]
}

function summed(question: VirtualQuestion, worlds: readonly VirtualWorld[], resources: readonly string[]): VirtualCanary {
  const { shares, margins, replications, seed, stable, candidate } = question
  const prices: { resource: string; metric: MetricId; price: number }[] = []
  const metrics = METRICS.map((metric): VirtualMetric => {
    const whole = worlds.map((world) => wholeOf(world, metric))
    const slopes = meanPrices(worlds, metric, resources.length)
    const charges = worlds.map(({ beside }, i) => {
      const naive = beside.map((one) => naiveOf(one, metric))
      const charged = beside.map((one, s) => correctedOf(one, metric, slopes) - naive[s])
      return { naive, charged, off: naive.map((one) => whole[i] - one) }
    })
    const believed = believedPart(charges)
    resources.forEach((resource, k) => {
      const price = believed * slopes[k]
      if (price > 0) prices.push({ resource, metric, price })
    })
    // A world is corrected by what the others say of its prices, or it would be held against its own answer.
    const corrections = charges.map(({ naive, charged }, i) => {
      const part = believedPart(charges.filter((_, other) => other !== i))
      return naive.map((one, s) => one + part * charged[s])
    })
    const rows = shares.map((share, s) => {
      const naive = worlds.map(({ beside }) => naiveOf(beside[s], metric))
      const corrected = corrections.map((one) => one[s])
      const bias = estimateOf(worlds.map(({ beside }) => biasOf(beside[s], metric)))
      return {
        share,
        naive: estimateOf(naive),
        bias,
        corrected: estimateOf(corrected),
        everybody: estimateOf(worlds.map(({ beside }) => everybodyOf(beside[s], metric))),
        others: estimateOf(worlds.map(({ beside }) => othersOf(beside[s], metric))),
        correctedBias: estimateOf(corrected.map((value, i) => value - whole[i])),
        distortion: distortionOf(estimateOf(naive), estimateOf(whole), bias, margins[metric] ?? null),
      }
    })
    return {
      metric,
      stable: worlds.reduce((sum, { none }) => sum + meanOf(none, metric, 'both'), 0) / worlds.length,
      whole: estimateOf(whole),
      believed,
      shares: rows,
      distortion: worst(rows.map(({ distortion }) => distortion)),
    }
  })
  const judged = metrics.filter(({ metric }) => margins[metric] !== undefined)
  return {
    stable: stable.id,
    candidate: candidate.id,
    seed,
    replications,
    orders: worlds.reduce((sum, { none }) => sum + none[0] + none[none.length / 2], 0),
    metrics,
    prices,
    switchbacks: question.blockHours.flatMap((blockHours, b) =>
      METRICS.map((metric, m) => switchbackIn(question, worlds, blockHours, b, metric, m)),
    ),
    advice: judged.every(({ distortion }) => distortion === 'clean') ? 'order' : 'safety only',
  }
}

/** Chance of 80 % to see a margin at 95 %, one-sided, and always valid: at its best time such a bound lies some 2.8 standard errors off. */
const REACH = 2.77 + 0.84

function switchbackIn(
  { margins, scenario }: VirtualQuestion,
  worlds: readonly VirtualWorld[],
  blockHours: number,
  b: number,
  metric: MetricId,
  m: number,
): VirtualSwitchback {
  const effects = worlds.map(({ switched }) => switched[b][2 * m])
  const whole = worlds.map((world) => wholeOf(world, metric))
  const se = Math.sqrt(worlds.reduce((sum, { switched }) => sum + switched[b][2 * m + 1] ** 2, 0) / worlds.length)
  const margin = margins[metric]
  const days = scenario.days ?? DEFAULT_DAYS
  return {
    blockHours,
    metric,
    effect: estimateOf(effects),
    bias: estimateOf(effects.map((effect, i) => effect - whole[i])),
    se,
    daysToSee: margin === undefined || !Number.isFinite(se) ? null : days * ((REACH * se) / margin) ** 2,
  }
}

/** Prices over all worlds, since of one world they are mostly luck, and between both policies' worlds. */
function meanPrices(worlds: readonly VirtualWorld[], metric: MetricId, resources: number): Float64Array {
  const sum = (all: readonly Sums[]): Sums =>
    all.reduce((total, one) => total.map((value, i) => value + one[i]), new Float64Array(all[0].length))
  const [stable, candidate] = ([0, 1] as const).map((who) => {
    const whole = sum(worlds.map(({ none, all }) => (who === 0 ? none : all)))
    const less = Array.from({ length: resources }, (_, resource) => ({
      resource,
      left: worlds[0].squeezed[who][resource].left,
      sums: sum(worlds.map(({ squeezed }) => squeezed[who][resource].sums)),
    }))
    return pricesOf(metric, whole, less, resources)
  })
  return betweenPrices(stable, candidate)
}

/** Whether shared capacity changes what one would conclude. Without a margin half the effect itself stands for half of it. */
function distortionOf(naive: Estimate, whole: Estimate, bias: Estimate, margin: number | null): Distortion {
  const half = margin === null ? Math.abs(whole.mean) / 2 : margin / 2
  const isSure = (of: Estimate): boolean => of.low > 0 || of.high < 0
  const matters = Math.max(Math.abs(naive.mean), Math.abs(whole.mean)) > half / 5
  if (isSure(naive) && isSure(whole) && naive.mean * whole.mean < 0 && matters) return 'flips'
  if (Math.abs(bias.mean) > half && isSure(bias)) return Math.abs(naive.mean) < Math.abs(whole.mean) ? 'shrinks' : 'grows'
  if (bias.low > -half && bias.high < half) return 'clean'
  return 'unclear'
}

const SEVERITY: readonly Distortion[] = ['clean', 'unclear', 'grows', 'shrinks', 'flips']
const worst = (all: readonly Distortion[]): Distortion =>
  all.reduce<Distortion>((most, one) => (SEVERITY.indexOf(one) > SEVERITY.indexOf(most) ? one : most), 'clean')

/** Code of a thread in which these two decide. */
function mixCode(stable: Contestant, candidate: Contestant) {
  const files = new Set([stable, candidate].flatMap((one) => SEAMS.map((seam) => filesOf(one, 'routing/nearest')[seam])))
  return threadCode(new URL('./thread.ts', import.meta.url), 'openMixThread', [...files])
}

/** Of the candidate only the route is tried beside stable: what else it would do otherwise is refused, and not left out in silence. */
function refuseOthers(stable: Contestant, candidate: Contestant): void {
  const saidOf = ({ policies, params }: Contestant, seam: Seam): string => JSON.stringify([policies[seam], params?.[seam] ?? {}])
  const others = SEAMS.filter((seam) => seam !== 'routing' && saidOf(stable, seam) !== saidOf(candidate, seam))
  if (others.length === 0) return
  const found = `${candidate.id}: another ${others.map((seam) => candidate.policies[seam]).join(', ')} than ${stable.id}'s`
  const fix =
    'two routes share a world, and all else is one for all: name the same for both, or compare whole runs: orrery certify'
  throw new InputError([{ file: 'canary virtual', line: null, field: 'candidate', found, fix }])
}

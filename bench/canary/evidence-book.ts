import type { Cell, Epoch, Evidence, SignHour } from '../../twin/judge/evidence.ts'
import { binomial, KIND, type Luck, normal, OF_HOUR } from './counts.ts'
import type { CanaryWorld } from './world.ts'

const HOUR_MS = 3_600_000

type Sums = { -readonly [K in keyof Cell]: Cell[K] }
type Counts = { stable: number; candidate: number }
type OpenEpoch = {
  readonly id: string
  readonly share: number
  readonly assigned: Counts
  readonly exposed: Counts
  readonly matured: Counts
  readonly metrics: Record<string, { stable: Sums; candidate: Sums }>
  readonly differing: Record<string, { stable: Sums; candidate: Sums }> | null
  differ: Counts
}

/** Orders of one hour, decided and not yet matured. */
export type Cohort = {
  readonly hour: number
  readonly share: number
  readonly orders: Counts
  /** Orders whose outcome will be told. */
  readonly told: Counts
  /** [metric]: bad outcomes among those told. */
  readonly bad: readonly Counts[]
  /** Of those, orders for which the policies differ, and bad outcomes among them. */
  readonly differ: Counts
  readonly badDiffering: readonly Counts[]
  readonly cost: { readonly stable: Sums; readonly candidate: Sums } | null
  /** [metric]: bad outcomes of the candidate that are missed; not among those above. */
  readonly hidden: readonly number[]
}

/** A canary's books: orders by hour, and what is matured of them as the judge is shown it. Strata are days and shares. */
export class EvidenceBook {
  readonly #world: CanaryWorld
  readonly #luck: Luck
  readonly #epochs = new Map<string, OpenEpoch>()
  readonly #waiting: Cohort[] = []
  readonly #signs: SignHour[] = []

  constructor(world: CanaryWorld, luck: Luck) {
    this.#world = world
    this.#luck = luck
    if (world.foretold !== null)
      for (let hour = -SHADOW_HOURS; hour < 0; hour++) this.#signs.push(foretoldIn(world, luck, hour, 0, null))
  }

  /** Orders of an hour are decided under a share; whatever was decided a horizon ago is matured. Returns the cohort that matured. */
  live(hour: number, share: number): Cohort | null {
    const cohort = decided(this.#world, this.#luck, hour, share)
    const epoch = this.#epochOf(cohort)
    add(epoch.assigned, cohort.orders)
    add(epoch.exposed, cohort.orders)
    this.#waiting.push(cohort)
    if (this.#world.foretold !== null) this.#signs.push(foretoldIn(this.#world, this.#luck, hour, share, cohort.orders))
    const first = this.#waiting[0]
    if (first.hour > hour - this.#world.horizon) return null
    this.#waiting.shift()
    this.#mature(first)
    return first
  }

  evidence(hour: number): Evidence {
    const { judge, horizon, id } = this.#world
    return {
      format: 1,
      rollout: id,
      plan: judge,
      asOfMs: (hour + 1) * HOUR_MS,
      watermarkMs: (hour + 1) * HOUR_MS,
      startedMs: 0,
      epochs: Array.from(this.#epochs.values(), (epoch) => this.#shown(epoch)),
      early: this.#early(hour, horizon),
      ...(this.#world.foretold === null ? {} : { signs: [...this.#signs] }),
      twin: null,
      twinHolds: true,
    }
  }

  #shown({ id, share, assigned, exposed, matured, metrics, differing, differ }: OpenEpoch): Epoch {
    const all = matured.stable + matured.candidate
    const part = all === 0 ? 0 : (differ.stable + differ.candidate) / all
    return {
      id,
      share,
      assigned,
      exposed,
      matured,
      metrics,
      triggered: differing === null ? null : { part, metrics: differing },
      histograms: {},
    }
  }

  /** A late order is known to be late before the horizon is over: evenly from a quarter of it on. */
  #early(hour: number, horizon: number): Evidence['early'] {
    const { shares } = this.#world
    const early: Record<string, { stable: { n: number; failed: number }; candidate: { n: number; failed: number } }> = {}
    shares.forEach(({ id }, m) => {
      const sums = { stable: { n: 0, failed: 0 }, candidate: { n: 0, failed: 0 } }
      for (const cohort of this.#waiting) {
        const known = Math.max(0, (hour - cohort.hour) / horizon - 0.25) / 0.75
        for (const arm of ARMS) {
          sums[arm].n += cohort.told[arm]
          sums[arm].failed += Math.floor(cohort.bad[m][arm] * known)
        }
      }
      early[id] = sums
    })
    return early
  }

  #epochOf({ hour, share }: Cohort): OpenEpoch {
    const id = `d${String(Math.floor(hour / 24)).padStart(3, '0')} ${share}`
    const known = this.#epochs.get(id)
    if (known !== undefined) return known
    const { shares, cost, differing } = this.#world
    const ids = [...shares.map((one) => one.id), ...(cost === null ? [] : ['cost'])]
    const cells = () => Object.fromEntries(ids.map((one) => [one, { stable: newSums(), candidate: newSums() }]))
    const epoch: OpenEpoch = {
      id,
      share,
      assigned: { stable: 0, candidate: 0 },
      exposed: { stable: 0, candidate: 0 },
      matured: { stable: 0, candidate: 0 },
      metrics: cells(),
      differing: differing === null ? null : cells(),
      differ: { stable: 0, candidate: 0 },
    }
    this.#epochs.set(id, epoch)
    return epoch
  }

  #mature(cohort: Cohort): void {
    const epoch = this.#epochOf(cohort)
    add(epoch.matured, cohort.told)
    add(epoch.differ, cohort.differ)
    this.#world.shares.forEach(({ id }, m) => {
      for (const arm of ARMS) {
        const hidden = arm === 'candidate' ? cohort.hidden[m] : 0
        trials(epoch.metrics[id][arm], cohort.told[arm] - hidden, cohort.bad[m][arm])
        epoch.metrics[id][arm].missing += hidden
        if (epoch.differing !== null) trials(epoch.differing[id][arm], cohort.differ[arm], cohort.badDiffering[m][arm])
      }
    })
    if (cohort.cost === null) return
    for (const arm of ARMS) {
      const sums = epoch.metrics.cost[arm]
      for (const key of SUMMED) sums[key] += cohort.cost[arm][key]
    }
  }
}

const ARMS = ['stable', 'candidate'] as const
const SUMMED = ['n', 'y', 'yy', 'd', 'dd', 'yd', 'x', 'xx', 'xy', 'xd'] as const
const newSums = (): Sums => ({ n: 0, y: 0, yy: 0, d: 0, dd: 0, yd: 0, x: 0, xx: 0, xy: 0, xd: 0, missing: 0 })

function add(to: Counts, more: Counts): void {
  to.stable += more.stable
  to.candidate += more.candidate
}

function trials(sums: Sums, n: number, bad: number): void {
  sums.n += n
  sums.d += n
  sums.dd += n
  sums.y += bad
  sums.yy += bad
  sums.yd += bad
}

function decided(world: CanaryWorld, luck: Luck, hour: number, share: number): Cohort {
  const { ordersPerHour, shares, peak, lost, differing, cost } = world
  const candidate = binomial(luck, hour, KIND.assigned, ordersPerHour, share)
  const orders = { candidate, stable: ordersPerHour - candidate }
  const told = { candidate: candidate - binomial(luck, hour, KIND.lost, candidate, lost), stable: orders.stable }
  const more = peak !== null && hour >= peak.from && hour < peak.to ? peak.more : 0
  const differ =
    differing === null
      ? { stable: 0, candidate: 0 }
      : {
          candidate: binomial(luck, hour, KIND.differsCandidate, told.candidate, differing),
          stable: binomial(luck, hour, KIND.differsStable, told.stable, differing),
        }
  const bad: Counts[] = []
  const badDiffering: Counts[] = []
  const hidden: number[] = []
  shares.forEach(({ base, harm }, m) => {
    const kind = KIND.metric + 4 * m
    const usual = base + more
    // Where policies differ on a part of the orders, the whole effect is theirs.
    const theirs = differing === null ? usual + harm : usual + harm / differing
    const inDiffering = {
      candidate: binomial(luck, hour, kind + 2, differ.candidate, theirs),
      stable: binomial(luck, hour, kind + 3, differ.stable, usual),
    }
    const rest = differing === null ? theirs : usual
    bad.push({
      candidate: inDiffering.candidate + binomial(luck, hour, kind, told.candidate - differ.candidate, rest),
      stable: inDiffering.stable + binomial(luck, hour, kind + 1, told.stable - differ.stable, usual),
    })
    badDiffering.push(inDiffering)
    hidden.push(binomial(luck, hour, KIND.hidden, bad[m].candidate, world.hidden))
    bad[m].candidate -= hidden[m]
  })
  const costs =
    cost === null
      ? null
      : {
          candidate: costsOf(luck, hour, 0, told.candidate, cost, true),
          stable: costsOf(luck, hour, told.candidate, told.stable, cost, false),
        }
  return { hour, share, orders, told, bad, differ, badDiffering, cost: costs, hidden }
}

/** A day in the shadow before the first order of the candidate's. */
const SHADOW_HOURS = 24
const NOBODY: Counts = { stable: 0, candidate: 0 }

/** What both answers to an hour's orders say: sums over those that differ are normal, being some hundreds. In parts of 1,024, as the ledger has them. */
function foretoldIn(world: CanaryWorld, luck: Luck, hour: number, share: number, orders: Counts | null): SignHour {
  const { ordersPerHour: n, foretold, shares } = world
  if (foretold === null) throw new Error(`nothing is foretold in ${world.id}`)
  const at = hour + SHADOW_HOURS
  const differing = binomial(luck, at, KIND.foretoldDiffering, n, foretold.differing)
  const together = foretold.hourly * normal(luck, at, OF_HOUR.together)
  const apart = ((orders === null ? 0 : shares[0].harm * foretold.seen) + together) / foretold.differing
  const d = differing * apart + Math.sqrt(differing) * foretold.sd * normal(luck, at, OF_HOUR.foretold)
  const dd = differing * (foretold.sd ** 2 + apart ** 2)
  const { stable, candidate } = orders ?? NOBODY
  return {
    fromMs: hour * HOUR_MS,
    share,
    late: { n, differing, d: inParts(d), dd: inParts(dd) },
    unrouted: { n, differing: 0, d: 0, dd: 0 },
    degraded: { stable: { n: stable, failed: 0 }, candidate: { n: candidate, failed: 0 } },
  }
}
const inParts = (value: number): number => Math.round(value * 1024) / 1024

/** Mean cost of an order with stable, in money. */
const MEAN_COST = 8

/** Orders one by one: cost is a forecast times an error, both lognormal, so that skewed as real costs are. */
function costsOf(
  luck: Luck,
  hour: number,
  from: number,
  n: number,
  { rise, cv, r2, usesForecast }: NonNullable<CanaryWorld['cost']>,
  isCandidate: boolean,
): Sums {
  const sums = newSums()
  const forecastSquare = r2 * cv * cv
  const errorSquare = (1 + cv * cv) / (1 + forecastSquare) - 1
  const [a, b] = [Math.log1p(forecastSquare), Math.log1p(errorSquare)]
  for (let i = 0; i < n; i++) {
    const x = MEAN_COST * Math.exp(Math.sqrt(a) * normal(luck, hour, 2 * (from + i)) - a / 2)
    const error = Math.exp(Math.sqrt(b) * normal(luck, hour, 2 * (from + i) + 1) - b / 2)
    const y = x * error * (isCandidate ? 1 + rise : 1)
    sums.y += y
    sums.yy += y * y
    if (!usesForecast) continue
    sums.x += x
    sums.xx += x * x
    sums.xy += x * y
  }
  sums.n = n
  sums.d = n
  sums.dd = n
  sums.yd = sums.y
  sums.xd = sums.x
  return sums
}

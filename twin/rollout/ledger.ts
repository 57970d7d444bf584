import type { Decision } from '../decide/decision.ts'
import type { Evidence, Pair } from '../judge/evidence.ts'
import { type ShadowEstimate, shadowEstimate } from '../judge/shadow-gate.ts'
import type { LiveState } from '../state/live-state.ts'
import { type Arm, unitOf } from './assignment.ts'
import { add, binOf, type EpochSums, epochOf, merged, newEpoch, type Sums } from './cells.ts'
import {
  answersOf,
  covariatesOf,
  type Decided,
  decidedOf,
  dueMs,
  type Facts,
  factsOf,
  outcomeOf,
  type Reported,
} from './facts.ts'
import { HOUR_BINS } from './metrics.ts'
import type { RolloutPlan } from './plan.ts'
import { type Sign, SignBook, signOf } from './signs.ts'

/**
 * Who was exposed to what, and what became of it: a fold over the decisions of one rollout and over what the twin knows of their orders. Outcomes
 * are not collected as they come but asked of the twin once they are certain, so neither their order nor their repetition can matter; orders whose
 * outcomes are all in become sums. Made anew from the decision log, it is the same.
 */
export type LedgerParts = {
  readonly rollout: string
  readonly plan: RolloutPlan
  readonly startedMs: number
  /** The step and share that a generation stood for. */
  readonly stepOf: (generation: number) => { readonly step: number; readonly share: number }
  readonly state: Pick<LiveState, 'order' | 'history'>
  /** Outcomes that were reported of an order; null where none were. */
  readonly reported?: (order: string) => Reported
  readonly regionOf: (zone: string) => string
  /** Of the network's clocks, for where a day ends. */
  readonly offsetMinutes: number
  /** Orders whose outcomes are in are kept so many, to be corrected when something comes late; without a word 200,000. */
  readonly correctable?: number
}

/** What evidence is of, beside the sums. */
export type Moment = {
  readonly asOfMs: number
  /** When the plan ends; null once it was promoted. */
  readonly endsMs: number | null
  readonly twin: Evidence['twin']
  readonly twinHolds: boolean
}

type Side = keyof Pair<unknown>

/** An order under way, or one that may still be corrected. */
type Entry = {
  readonly order: string
  readonly arm: Arm
  readonly side: Side
  readonly epoch: EpochSums
  /** Null for a unit of its own. */
  readonly cluster: Cluster | null
  readonly exposed: boolean
  /** Whether the two answers differ; null where only one was logged. */
  readonly differs: boolean | null
  readonly firstId: string
  /** First decision: what it was assigned by. */
  readonly firstMs: number
  /** Last one: what it was shipped by. */
  decided: Decided
  lastId: string
  /** First time that all of it had a way, ms; infinite: never yet. */
  routedMs: number
  readonly x: readonly number[]
  /** What its first decision said at once, in the row of that share; null where the plan does not go by it. */
  readonly sign: { readonly said: Sign; readonly share: number } | null
  /** By metric: the value, NaN where it is missing, null while it is not certain. */
  readonly values: (number | null)[]
  open: number
  /** Has failed already though it is not certain yet. */
  failed: boolean
}

/** Orders that were assigned together. Sums over its orders, by metric; it counts as one, in the epoch of its first order. */
type Cluster = {
  readonly side: Side
  epoch: EpochSums
  firstMs: number
  firstId: string
  exposed: boolean
  readonly y: Float64Array
  readonly d: Float64Array
  readonly x: Float64Array
  readonly missing: Float64Array
  matured: boolean
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const CORRECTABLE = 200_000
/** A day of a region is compared within itself where so many units are expected of it. */
const UNITS_OF_STRATUM = 200
const FAILING = new Set(['orders/cancelled', 'scans/lost', 'scans/damaged', 'work/pick-short'])

export class Ledger {
  private readonly parts: LedgerParts
  private readonly entries = new Map<string, Entry>()
  private readonly clusters = new Map<string, Cluster>()
  private readonly epochs = new Map<string, EpochSums>()
  /** Orders by the hour in which something of them becomes certain. */
  private readonly due = new Map<number, Entry[]>()
  private dueFrom = Number.POSITIVE_INFINITY
  /** Ids of orders that are all in, oldest first; `closedFrom` is where they begin. */
  private closed: string[] = []
  private closedFrom = 0
  private watermarkMs = Number.NEGATIVE_INFINITY
  /** Decisions in the shadow, and of them those in which the two differ. */
  shadow = { orders: 0, differing: 0 }
  /** By metric: sums of what the candidate's answers in the shadow say of themselves less what stable's do. */
  private readonly apart = new Map<string, { n: number; d: number; dd: number }>()
  private readonly signs = new SignBook()
  candidates = 0
  lastDecidedMs: number | null = null
  /** Outcomes that changed after they were certain; deliveries before the decision; further decisions on an order; orders that the other side's version decided. */
  readonly counts = { corrected: 0, impossible: 0, again: 0, mislabelled: 0 }

  constructor(parts: LedgerParts) {
    this.parts = parts
  }

  /** Takes decisions, in any order; those of other rollouts are passed over. */
  decisions(decisions: readonly Decision[]): void {
    for (const decision of decisions) if (decision.by.rollout === this.parts.rollout) this.decision(decision)
  }

  private decision(decision: Decision): void {
    const { plan } = this.parts
    const { order, by, other } = decision
    this.lastDecidedMs = Math.max(this.lastDecidedMs ?? 0, decision.atMs)
    const known = this.entries.get(order)
    if (known !== undefined) {
      const isEarlier = decision.atMs < known.firstMs || (decision.atMs === known.firstMs && decision.id < known.firstId)
      if (!isEarlier) {
        // Assigned once, by the first decision; what ships is what the last one said.
        this.counts.again++
        this.shippedAnew(known, decidedOf(decision), decision.id)
        return
      }
      this.remove(known)
    }
    const { step, share } = this.parts.stepOf(by.generation)
    if (step === 0) {
      if (known !== undefined) return
      this.shadow.orders++
      if (other?.differs === true) this.shadow.differing++
      this.shadowed(decision)
      if (plan.judge.signs !== undefined) this.signs.add(signOf(decision, null), decision.atMs, 0, 1)
      return
    }
    const side: Side = by.arm === 'candidate' ? 'candidate' : 'stable'
    // Whoever is served by neither, since nothing better was to be had, is not exposed; by the other side, something is wrong.
    const isExposed = by.servedInstead === null && by.version === plan[side]
    const others = side === 'candidate' ? plan.stable : plan.candidate
    if (by.servedInstead === null && by.version === others && plan.stable !== plan.candidate) this.counts.mislabelled++
    const region = this.parts.regionOf(decision.zone)
    const day = Math.floor((decision.atMs + this.parts.offsetMinutes * 60_000) / DAY_MS)
    const unit = unitOf(plan, { order, customer: decision.customer, region, atMs: decision.atMs })
    const isAlone = unit === order && plan.unit !== 'switchback'
    const epoch = this.epoch(step, share, day, region)
    const cluster = isAlone ? null : this.clusterOf(`${step}|${side}|${unit}`, side, epoch, decision, isExposed)
    if (cluster === null) {
      epoch.assigned[side]++
      if (isExposed) epoch.exposed[side]++
    }
    if (side === 'candidate') this.candidates++
    const covariates = covariatesOf(decision)
    const own = decidedOf(decision)
    const entry: Entry = {
      order,
      arm: by.arm,
      side,
      epoch,
      cluster,
      exposed: isExposed,
      differs: other === null ? null : other.differs,
      firstId: decision.id,
      firstMs: decision.atMs,
      decided: known === undefined ? own : { ...known.decided, promisedMs: own.promisedMs, placedMs: own.placedMs },
      lastId: known?.lastId ?? decision.id,
      routedMs: Math.min(known?.routedMs ?? Number.POSITIVE_INFINITY, own.isRouted ? own.atMs : Number.POSITIVE_INFINITY),
      x: plan.judge.metrics.map(({ id }) => covariates[id] ?? 0),
      sign: plan.judge.signs === undefined ? null : { said: signOf(decision, isAlone ? side : null), share },
      values: plan.judge.metrics.map(() => null),
      open: plan.judge.metrics.length,
      failed: false,
    }
    this.compared(entry, 1)
    this.signed(entry, 1)
    this.entries.set(order, entry)
    plan.judge.metrics.forEach((_, m) => {
      this.await(entry, this.dueOf(entry, m))
    })
  }

  /** What both answers say of themselves, where both find a way: what is not routed is a metric of its own. */
  private shadowed(decision: Decision): void {
    const { other, shipments } = decision
    const answers = answersOf(decision)
    if (answers === null || other === null || shipments.length === 0 || other.choice.shipments.length === 0) return
    for (const id of ['late', 'cost', 'price', 'shipments'] as const) {
      const apart = answers.candidate[id] - answers.stable[id]
      const sums = this.apart.get(id) ?? { n: 0, d: 0, dd: 0 }
      sums.n++
      sums.d += apart
      sums.dd += apart * apart
      this.apart.set(id, sums)
    }
  }

  /** What the shadow says of the candidate off policy, metric by metric, as far as it says anything. */
  offPolicy(): ShadowEstimate[] {
    return this.parts.plan.judge.metrics.flatMap((metric) => {
      const sums = this.apart.get(metric.id)
      const estimate = sums === undefined ? null : shadowEstimate(metric, sums)
      return estimate === null ? [] : [estimate]
    })
  }

  /** Something was told of orders: what is certain already may have to be corrected, what fails early is marked. */
  told(events: readonly { readonly feed: string; readonly type: string; readonly order?: unknown }[]): void {
    for (const event of events) {
      if (typeof event.order !== 'string') continue
      const entry = this.entries.get(event.order)
      if (entry === undefined) continue
      if (FAILING.has(`${event.feed}/${event.type}`)) entry.failed = true
      if (entry.open < entry.values.length) this.correct(entry)
    }
  }

  /** Outcomes of an order were reported. */
  reportedOf(order: string): void {
    const entry = this.entries.get(order)
    if (entry !== undefined && entry.open < entry.values.length) this.correct(entry)
  }

  /** All that is certain by now becomes sums. */
  settle(watermarkMs: number): void {
    if (!(watermarkMs > this.watermarkMs)) return
    this.watermarkMs = watermarkMs
    const last = Math.floor(watermarkMs / HOUR_MS)
    for (let hour = this.dueFrom; hour <= last; hour++) this.settleHour(hour)
    if (this.dueFrom <= last) this.dueFrom = last
    this.forget()
  }

  private settleHour(hour: number): void {
    const waiting = this.due.get(hour)
    if (waiting === undefined) return
    this.due.delete(hour)
    for (const entry of waiting) {
      if (this.entries.get(entry.order) !== entry) continue
      let facts: Facts | null = null
      let nextMs = Number.POSITIVE_INFINITY
      entry.values.forEach((value, m) => {
        if (value !== null) return
        const dueAt = this.dueOf(entry, m)
        if (dueAt > this.watermarkMs) {
          if (Math.floor(dueAt / HOUR_MS) === hour) nextMs = dueAt
          return
        }
        facts ??= factsOf(this.parts.state, entry.order)
        this.resolve(entry, m, facts)
      })
      // Certain later in this very hour: looked at again next time.
      if (nextMs < Number.POSITIVE_INFINITY) this.await(entry, nextMs)
    }
  }

  /** The evidence as it stands; `early` and all sums are of this moment. */
  evidence({ asOfMs, endsMs, twin, twinHolds }: Moment): Evidence {
    const { rollout, plan, startedMs } = this.parts
    const { metrics } = plan.judge
    const epochs = this.strata().sort((a, b) => (a.id < b.id ? -1 : 1))
    return {
      format: 1,
      rollout,
      plan: plan.judge,
      asOfMs,
      // Where nobody knows up to when outcomes are complete, none is.
      watermarkMs: Math.max(this.watermarkMs, startedMs),
      startedMs,
      ...(endsMs === null ? {} : { endsMs }),
      epochs: epochs.map((epoch) => epochOf(epoch, metrics, HOUR_BINS)),
      early: this.early(),
      ...(plan.judge.signs === undefined ? {} : { signs: this.signs.hours() }),
      twin,
      twinHolds,
    }
  }

  /**
   * Epochs as they are judged: by region only where a day of a region has enough units to be compared within, by what the plan reckons with and not
   * by what came, or strata would depend on outcomes. Blocks of a switchback are given out by region and always judged so.
   */
  private strata(): EpochSums[] {
    const { plan } = this.parts
    const { unitsPerHour, metrics } = plan.judge
    const groups = new Map<string, EpochSums[]>()
    const regions = new Set<string>()
    for (const epoch of this.epochs.values()) {
      const [step, day, ...region] = epoch.id.split('|')
      regions.add(region.join('|'))
      const id = `${step}|${day}|all`
      const group = groups.get(id)
      if (group === undefined) groups.set(id, [epoch])
      else group.push(epoch)
    }
    if (plan.unit === 'switchback' || unitsPerHour * 24 >= UNITS_OF_STRATUM * regions.size) return [...this.epochs.values()]
    return [...groups].map(([id, group]) => merged(id, group, metrics, HOUR_BINS.length))
  }

  /** Orders of both sides, and those in which the two answers differ; null where only one was logged. */
  totals(): { readonly all: number; readonly differing: number | null } {
    let [all, both, differing] = [this.shadow.orders, this.shadow.orders, this.shadow.differing]
    for (const epoch of this.epochs.values()) {
      all += epoch.assigned.stable + epoch.assigned.candidate
      both += epoch.both
      differing += epoch.differing
    }
    return { all, differing: both === 0 ? null : differing }
  }

  /** How much is held in memory: orders under way or correctable, and clusters. */
  held(): { readonly orders: number; readonly clusters: number } {
    return { orders: this.entries.size, clusters: this.clusters.size }
  }

  private early(): Evidence['early'] {
    const { plan, state } = this.parts
    const known: Record<string, { stable: { n: number; failed: number }; candidate: { n: number; failed: number } }> = {}
    plan.judge.metrics.forEach(({ id }, m) => {
      if (id !== 'late' && id !== 'cancelled' && id !== 'lost' && id !== 'short-picked') return
      const counts = { stable: { n: 0, failed: 0 }, candidate: { n: 0, failed: 0 } }
      for (const entry of this.entries.values()) {
        if (entry.values[m] !== null) continue
        const side = counts[entry.side]
        side.n++
        if (id === 'late' ? this.isLateAlready(entry, state) : entry.failed && this.hasFailed(entry, m, state)) side.failed++
      }
      known[id] = counts
    })
    return known
  }

  private isLateAlready({ decided, order }: Entry, state: LedgerParts['state']): boolean {
    const byMs = decided.promisedMs + this.parts.plan.graceMs
    if (byMs > this.watermarkMs) return false
    const { isKnown, deliveredMs, cancelledMs } = factsOf(state, order)
    return isKnown && (deliveredMs === null || deliveredMs > byMs) && (cancelledMs === null || cancelledMs > byMs)
  }

  private hasFailed(entry: Entry, m: number, state: LedgerParts['state']): boolean {
    return this.valueNow(entry, m, factsOf(state, entry.order)) === 1
  }

  private dueOf({ decided, firstMs }: Entry, m: number): number {
    const { plan } = this.parts
    const { id, horizonMs } = plan.judge.metrics[m]
    return dueMs(id, decided, { firstMs, routedMs: 0, graceMs: plan.graceMs, horizonMs })
  }

  private valueNow(entry: Entry, m: number, facts: Facts): number | null {
    const { plan, reported } = this.parts
    const { id, horizonMs } = plan.judge.metrics[m]
    const { decided, firstMs, routedMs } = entry
    return outcomeOf(id, decided, facts, reported?.(entry.order) ?? null, {
      firstMs,
      routedMs,
      graceMs: plan.graceMs,
      horizonMs,
    })
  }

  private resolve(entry: Entry, m: number, facts: Facts): void {
    const value = this.valueNow(entry, m, facts)
    if (value === null && facts.deliveredMs !== null && facts.deliveredMs < entry.firstMs) this.counts.impossible++
    entry.values[m] = value ?? Number.NaN
    this.count(entry, m, 1)
    if (--entry.open > 0) return
    this.closed.push(entry.order)
    const { cluster, epoch, side } = entry
    if (cluster === null) epoch.matured[side]++
    else if (!cluster.matured) {
      cluster.matured = true
      cluster.epoch.matured[side]++
    }
  }

  private correct(entry: Entry): void {
    const facts = factsOf(this.parts.state, entry.order)
    entry.values.forEach((before, m) => {
      if (before === null) return
      const value = this.valueNow(entry, m, facts) ?? Number.NaN
      if (Object.is(value, before)) return
      this.count(entry, m, -1)
      entry.values[m] = value
      this.count(entry, m, 1)
      this.counts.corrected++
    })
  }

  /** A later decision on an order: costs and parcels are its; what was certain is corrected. */
  private shippedAnew(entry: Entry, decided: Decided, id: string): void {
    if (decided.isRouted) entry.routedMs = Math.min(entry.routedMs, decided.atMs)
    const isLater = decided.atMs > entry.decided.atMs || (decided.atMs === entry.decided.atMs && id > entry.lastId)
    if (isLater) {
      entry.decided = { ...decided, promisedMs: entry.decided.promisedMs, placedMs: entry.decided.placedMs }
      entry.lastId = id
    }
    if (entry.open < entry.values.length) this.correct(entry)
  }

  /** Adds an entry's value of a metric to all sums it belongs to, or takes it out. */
  private count(entry: Entry, m: number, sign: 1 | -1): void {
    const { epoch, side, arm, cluster, differs } = entry
    const value = entry.values[m] ?? Number.NaN
    const x = entry.x[m]
    if (cluster === null) {
      tally(epoch.all[m][side], value, x, sign)
      if (differs === true) tally(epoch.triggered[m][side], value, x, sign)
    } else inCluster(cluster, m, value, x, sign)
    const histogram = epoch.histograms[m]
    if (histogram === null || Number.isNaN(value) || arm === 'stable') return
    histogram[arm][binOf(value, HOUR_BINS)] += sign
  }

  /** Which orders the two policies answer differently; of clusters nothing is analysed apart. */
  private compared({ differs, cluster, epoch }: Entry, sign: 1 | -1): void {
    if (differs === null || cluster !== null) return
    epoch.both += sign
    if (differs) epoch.differing += sign
  }

  private signed({ sign, firstMs }: Entry, by: 1 | -1): void {
    if (sign !== null) this.signs.add(sign.said, firstMs, sign.share, by)
  }

  private remove(entry: Entry): void {
    const { epoch, side, cluster } = entry
    entry.values.forEach((value, m) => {
      if (value !== null) this.count(entry, m, -1)
    })
    if (cluster === null) {
      epoch.assigned[side]--
      if (entry.exposed) epoch.exposed[side]--
      if (entry.open === 0) epoch.matured[side]--
    }
    this.compared(entry, -1)
    this.signed(entry, -1)
    if (side === 'candidate') this.candidates--
    this.entries.delete(entry.order)
    if (cluster !== null) this.withoutOne(cluster)
  }

  /** A cluster after one of its orders turned out to be of another: as if it had never been there. So rare that all orders are asked. */
  private withoutOne(cluster: Cluster): void {
    const members = [...this.entries.values()].filter((entry) => entry.cluster === cluster)
    putCluster(cluster, -1)
    if (members.length === 0) {
      for (const [place, one] of this.clusters) if (one === cluster) this.clusters.delete(place)
      return
    }
    const first = members.reduce((a, b) => (b.firstMs < a.firstMs || (b.firstMs === a.firstMs && b.firstId < a.firstId) ? b : a))
    const { epoch, firstMs, firstId, exposed } = first
    Object.assign(cluster, { epoch, firstMs, firstId, exposed, matured: members.some(({ open }) => open === 0) })
    putCluster(cluster, 1)
  }

  private await(entry: Entry, atMs: number): void {
    const hour = Math.floor(Math.max(atMs, this.watermarkMs) / HOUR_MS)
    const waiting = this.due.get(hour)
    if (waiting === undefined) this.due.set(hour, [entry])
    else if (waiting.at(-1) !== entry) waiting.push(entry)
    if (hour < this.dueFrom) this.dueFrom = hour
  }

  private epoch(step: number, share: number, day: number, region: string): EpochSums {
    const id = `${String(step).padStart(2, '0')}|${new Date(day * DAY_MS).toISOString().slice(0, 10)}|${region}`
    const known = this.epochs.get(id)
    if (known !== undefined) return known
    const made = newEpoch(id, share, this.parts.plan.judge.metrics, HOUR_BINS.length)
    this.epochs.set(id, made)
    return made
  }

  /** The cluster of a unit. A customer's later orders on the same step count where his first one lies; should that come last, he moves there. */
  private clusterOf(place: string, side: Side, epoch: EpochSums, { id, atMs }: Decision, exposed: boolean): Cluster {
    const known = this.clusters.get(place)
    if (known !== undefined) {
      if (atMs < known.firstMs || (atMs === known.firstMs && id < known.firstId)) {
        putCluster(known, -1)
        Object.assign(known, { epoch, firstMs: atMs, firstId: id, exposed })
        putCluster(known, 1)
      }
      return known
    }
    const count = this.parts.plan.judge.metrics.length
    const made: Cluster = {
      side,
      epoch,
      firstMs: atMs,
      firstId: id,
      exposed,
      y: new Float64Array(count),
      d: new Float64Array(count),
      x: new Float64Array(count),
      missing: new Float64Array(count),
      matured: false,
    }
    this.clusters.set(place, made)
    putCluster(made, 1)
    return made
  }

  /** The oldest of those that are all in are no longer kept: their sums stay, and corrections of them come too late. */
  private forget(): void {
    const most = this.parts.correctable ?? CORRECTABLE
    while (this.closed.length - this.closedFrom > most) this.entries.delete(this.closed[this.closedFrom++])
    if (this.closedFrom > most) {
      this.closed = this.closed.slice(this.closedFrom)
      this.closedFrom = 0
    }
  }
}

function tally(sums: Sums, value: number, x: number, sign: 1 | -1): void {
  if (Number.isNaN(value)) sums.missing += sign
  else add(sums, value, 1, x, sign)
}

/** Puts a cluster with all it holds into its epoch, or takes it out. */
function putCluster(cluster: Cluster, sign: 1 | -1): void {
  const { epoch, side, exposed, matured } = cluster
  epoch.assigned[side] += sign
  if (exposed) epoch.exposed[side] += sign
  if (matured) epoch.matured[side] += sign
  for (let m = 0; m < cluster.y.length; m++) putSums(cluster, m, sign)
}

/** One of which only missing orders are known is missing. */
function putSums({ epoch, side, y, d, x, missing }: Cluster, m: number, sign: 1 | -1): void {
  const sums = epoch.all[m][side]
  if (d[m] > 0) add(sums, y[m], d[m], x[m], sign)
  else if (missing[m] > 0) sums.missing += sign
}

/** An order's value comes into its cluster, or goes: the cluster is taken out as it was and put in as it is. */
function inCluster(cluster: Cluster, m: number, value: number, x: number, sign: 1 | -1): void {
  putSums(cluster, m, -1)
  if (Number.isNaN(value)) cluster.missing[m] += sign
  else {
    cluster.y[m] += sign * value
    cluster.d[m] += sign
    cluster.x[m] += sign * x
  }
  putSums(cluster, m, 1)
}

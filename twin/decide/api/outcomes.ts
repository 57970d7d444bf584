import { hash } from 'node:crypto'
import { check, formatPath } from '../../../scenarios/read/check.ts'
import { didYouMean } from '../../../scenarios/read/suggest.ts'
import type { NetworkSpec } from '../../../sim/network-spec.ts'
import type { LiveEvent } from '../../event/feeds.ts'
import { readMoment, writeMoment } from '../../event/moment.ts'
import type { OrderView } from '../../state/live-state.ts'
import type { RequestFlaw } from '../wrongs.ts'
import { type Outcome, OutcomeSchema } from './outcome-schema.ts'

/**
 * Outcomes as events. Each metric of an outcome is an event of its own, whose id is made of the order, the parcel, the metric and the version, so that
 * the same report twice is one event, and a later version takes the place of an earlier one.
 */

/** One metric as an event, before it is known whether an earlier version of it stands. */
export type Draft = {
  readonly event: Omit<LiveEvent, 'id' | 'source'>
  readonly order: string
  readonly part: number | undefined
  /** `feed.type`; of a reported number its name behind that. */
  readonly metric: string
  readonly version: number
}

const CLOCK_AHEAD_MS = 15 * 60_000
type Reason = NonNullable<Outcome['rejectReason']>
/** Why something ended or was short, where only its cause is known. */
const REASON_OF: Readonly<Record<NonNullable<Outcome['cause']>, Reason>> = {
  'node-queue': 'capacity',
  'carrier-wave': 'missed-cut-off',
  station: 'capacity',
  weather: 'weather',
  'stock-error': 'out-of-stock',
  customer: 'customer-request',
}

/** An id is of one metric; its version stands behind the last colon. */
export const rootOf = (order: string, part: number | undefined, metric: string): string =>
  `outcome:${hash('sha256', JSON.stringify([order, part ?? null, metric]), 'hex').slice(0, 32)}:`

export function versionIn(root: string, id: string): number | null {
  if (!id.startsWith(root)) return null
  const version = Number(id.slice(root.length))
  return Number.isSafeInteger(version) ? version : null
}

/** Reads one outcome; `known` is what the twin knows of its order. */
export function draftsOf(
  value: unknown,
  spec: NetworkSpec,
  nowMs: number,
  known: (order: string) => OrderView | null,
): readonly Draft[] | readonly RequestFlaw[] {
  const checked = check(OutcomeSchema, value)
  if (!checked.ok)
    return checked.flaws.map(({ path, found, fix }) => ({ field: path.length === 0 ? 'outcome' : formatPath(path), found, fix }))
  return new Drafts(checked.value, spec, nowMs, known).made()
}

export const areFlaws = (all: readonly Draft[] | readonly RequestFlaw[]): all is readonly RequestFlaw[] =>
  all.length > 0 && 'fix' in all[0]

class Drafts {
  private readonly outcome: Outcome
  private readonly spec: NetworkSpec
  private readonly nowMs: number
  private readonly known: (order: string) => OrderView | null
  private readonly drafts: Draft[] = []
  private readonly flaws: RequestFlaw[] = []

  constructor(outcome: Outcome, spec: NetworkSpec, nowMs: number, known: (order: string) => OrderView | null) {
    this.outcome = outcome
    this.spec = spec
    this.nowMs = nowMs
    this.known = known
  }

  made(): readonly Draft[] | readonly RequestFlaw[] {
    const { outcome, spec } = this
    const { cause, rejectReason, shortQty, sku, actualCost, co2eKg, metrics } = outcome
    const reason = rejectReason ?? (cause === undefined ? 'other' : REASON_OF[cause])
    this.mustBeKnown('node', outcome.node, spec.warehouses)
    this.mustBeKnown('service', outcome.service, spec.services)
    this.mustBeKnown('sku', sku, spec.skus)
    this.happened('pickedAt', 'work', 'pick-finished', () => ({ warehouse: this.warehouse('pickedAt') }))
    this.happened('packedAt', 'work', 'pack-finished', () => ({ warehouse: this.warehouse('packedAt') }))
    this.happened('handoverAt', 'departures', 'handed-over', () => ({
      warehouse: this.warehouse('handoverAt'),
      service: this.service('handoverAt'),
    }))
    this.happened('deliveredAt', 'scans', 'delivered', () => ({}))
    this.happened('cancelledAt', 'orders', 'cancelled', () => ({ reason }))
    if (shortQty !== undefined) {
      if (shortQty > 0)
        this.add('work', 'pick-short', this.atMs(), {
          warehouse: this.warehouse('shortQty'),
          reason: rejectReason ?? 'out-of-stock',
          ...(sku === undefined ? {} : { sku }),
        })
      this.report('short-units', shortQty)
    } else if (sku !== undefined) this.say('sku', `"${sku}"`, 'add `shortQty`, or leave it out')
    if (rejectReason !== undefined) this.report('rejected', 1, { reason: rejectReason })
    if (actualCost !== undefined) {
      if (actualCost.currency !== spec.currency)
        this.say('actualCost.currency', `"${actualCost.currency}"`, `write ${spec.currency}, which the network reckons in`)
      this.report('cost', Math.round(actualCost.amount * 100))
    }
    if (co2eKg !== undefined) this.report('co2', Math.round(co2eKg * 1000))
    for (const [name, value] of Object.entries(metrics ?? {}))
      if (RESERVED.includes(name)) this.say(`metrics.${name}`, `${value}`, 'it has a field of its own')
      else this.report(name, value)
    // A cause needs something to be the cause of.
    if (cause !== undefined && !this.drafts.some(({ metric }) => metric.startsWith(REPORTED))) this.report('trouble', 1)
    if (this.flaws.length > 0) return this.flaws
    if (this.drafts.length === 0) this.say('outcome', 'nothing that happened', 'add one of deliveredAt, actualCost, cause, …')
    return this.flaws.length > 0 ? this.flaws : this.drafts
  }

  private happened(
    field: 'pickedAt' | 'packedAt' | 'handoverAt' | 'deliveredAt' | 'cancelledAt',
    feed: 'work' | 'departures' | 'scans' | 'orders',
    type: string,
    more: () => object,
  ): void {
    const said = this.outcome[field]
    if (said === undefined) return
    const ms = this.momentIn(field, said)
    if (!Number.isNaN(ms)) this.add(feed, type, ms, more())
  }

  private report(metric: string, value: number, more: object = {}): void {
    const { decisionId, cause } = this.outcome
    const about = { ...(decisionId === undefined ? {} : { decision: decisionId }), ...(cause === undefined ? {} : { cause }) }
    this.add('outcomes', 'reported', this.atMs(), { metric, value, ...about, ...more }, metric)
  }

  private add(feed: LiveEvent['feed'], type: string, atMs: number, more: object, name = ''): void {
    const { orderId, part, sourceVersion = 0, decisionId } = this.outcome
    const cannotSplit = feed === 'orders' && type === 'cancelled'
    const why = decisionId === undefined ? {} : { why: { cause: decisionId } }
    this.drafts.push({
      event: {
        feed,
        type,
        at: writeMoment(atMs),
        order: orderId,
        ...(part === undefined || cannotSplit ? {} : { part }),
        ...why,
        ...more,
      },
      order: orderId,
      part: cannotSplit ? undefined : part,
      metric: `${feed}.${type}${name === '' ? '' : `.${name}`}`,
      version: sourceVersion,
    })
  }

  private atMs(): number {
    const { at } = this.outcome
    if (at === undefined) return this.nowMs
    const ms = this.momentIn('at', at)
    return Number.isNaN(ms) ? this.nowMs : ms
  }

  private momentIn(field: string, said: string): number {
    const ms = readMoment(said)
    if (Number.isNaN(ms))
      this.say(field, `"${said.slice(0, 60)}"`, 'write an instant with an offset, such as 2026-11-11T20:00:03-03:00')
    else if (ms > this.nowMs + CLOCK_AHEAD_MS) {
      this.say(field, `"${said}", which is to come`, `it is ${writeMoment(this.nowMs)} now`)
      return Number.NaN
    } else if (ms < 0) {
      this.say(field, `"${said}"`, 'write an instant since 1970')
      return Number.NaN
    }
    return ms
  }

  private warehouse(field: string): string {
    return this.outcome.node ?? this.routed('warehouse') ?? this.missing('node', field)
  }
  private service(field: string): string {
    return this.outcome.service ?? this.routed('service') ?? this.missing('service', field)
  }
  private routed(what: 'warehouse' | 'service'): string | null {
    const { orderId, part } = this.outcome
    const parts = this.known(orderId)?.parts ?? []
    const found = new Set(parts.filter((one) => part === undefined || one.part === part).map((one) => one[what]))
    return found.size === 1 ? ([...found][0] ?? null) : null
  }
  private missing(field: 'node' | 'service', needs: string): string {
    this.say(field, 'nothing', `add it: \`${needs}\` needs it, and no feed has told where the order was routed`)
    return ''
  }

  private mustBeKnown(field: string, id: string | undefined, all: readonly { readonly id: string }[]): void {
    if (id === undefined || all.some((one) => one.id === id)) return
    const fix = didYouMean(
      id,
      all.map((one) => one.id),
    )
    this.say(field, `"${id.slice(0, 60)}"`, fix)
  }

  private say(field: string, found: string, fix: string): void {
    if (!this.flaws.some((one) => one.field === field)) this.flaws.push({ field, found, fix })
  }
}

const RESERVED: readonly string[] = ['cost', 'co2', 'short-units', 'rejected', 'trouble']
export const REPORTED = 'outcomes.reported.'

import { didYouMean } from '../../scenarios/read/suggest.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { readMoment, writeMoment } from '../event/moment.ts'
import type { DecisionRequest } from './request-schema.ts'

type Say = (field: string, found: string, fix: string) => void
type Loose = Readonly<Record<string, unknown>>

/** One thing that is wrong with a request: where, what stands there, and what would do. */
export type RequestFlaw = { readonly field: string; readonly found: string; readonly fix: string }

const DAY_MS = 86_400_000
/** How far a caller's clock may be ahead of ours, and behind it. */
const CLOCK_AHEAD_MS = 15 * 60_000
const CLOCK_BEHIND_MS = DAY_MS
/** Who asks about an older order, or one promised for later, means another year. */
const ORDER_AGE_MS = 90 * DAY_MS
const PROMISE_AHEAD_MS = 400 * DAY_MS
const MOMENT_FIX = 'write an instant with an offset, such as 2026-11-11T20:00:03-03:00'

/** A promise is later than its order, and in the past only for an order that is late by now. Nothing holds of NaN. */
export const momentsHold = (placedMs: number, promisedMs: number, nowMs: number): boolean =>
  placedMs <= nowMs + CLOCK_AHEAD_MS &&
  placedMs >= nowMs - ORDER_AGE_MS &&
  promisedMs > placedMs &&
  promisedMs <= nowMs + PROMISE_AHEAD_MS &&
  (promisedMs > nowMs || placedMs < nowMs)

/**
 * What a schema cannot know is wrong with a request: names that the network has not, instants, and fields that contradict each other. It is asked
 * about anything at all, whole or broken, and passes over what is not there.
 */
export class Wrongs {
  private readonly ids: Readonly<Record<'zone' | 'sku' | 'warehouse' | 'service', readonly string[]>>
  private readonly known: Readonly<Record<'zone' | 'sku' | 'warehouse' | 'service', ReadonlySet<string>>>
  private readonly currency: string

  constructor(spec: NetworkSpec) {
    const ids = (all: readonly { readonly id: string }[]): string[] => all.map(({ id }) => id)
    this.ids = { zone: ids(spec.zones), sku: ids(spec.skus), warehouse: ids(spec.warehouses), service: ids(spec.services) }
    this.known = {
      zone: new Set(this.ids.zone),
      sku: new Set(this.ids.sku),
      warehouse: new Set(this.ids.warehouse),
      service: new Set(this.ids.service),
    }
    this.currency = spec.currency
  }

  /** Whether anything is wrong with the parts of a sound request that few send. */
  besides(body: DecisionRequest, nowMs: number): boolean {
    let found = false
    this.lookBesides(body as Loose, nowMs, () => {
      found = true
    })
    return found
  }

  all(body: unknown, nowMs: number, dry: boolean): RequestFlaw[] {
    const flaws: RequestFlaw[] = []
    const say: Say = (field, found, fix) => void flaws.push({ field, found, fix })
    const whole = looseOf(body)
    const order = looseOf(whole.order)
    if (isObject(order.shipTo)) this.lookAtWhere(order.shipTo, say)
    this.lookAtLines(listOf(order.lines), say)
    lookAtWhen(order, nowMs, say)
    if (dry && typeof whole.mode === 'string' && whole.mode !== 'evaluate')
      say('mode', `"${whole.mode}"`, 'this route makes dry runs only: leave it out, or ask POST /v1/decisions')
    this.lookBesides(whole, nowMs, say)
    return flaws
  }

  private lookAtWhere({ zone, lat, lon }: Loose, say: Say): void {
    if (typeof zone === 'string') this.lookUp('zone', zone, 'order.shipTo.zone', say)
    else if (zone === undefined && (typeof lat !== 'number' || typeof lon !== 'number'))
      say('order.shipTo.zone', 'nothing', 'add the id of a zone, or `lat` and `lon`')
  }

  private lookAtLines(lines: readonly unknown[], say: Say): void {
    const skus = new Map<string, number>()
    const ids = new Map<string, number>()
    lines.forEach((value, i) => {
      const { sku, lineId = String(i + 1) } = looseOf(value)
      if (typeof sku === 'string') {
        this.lookUp('sku', sku, `order.lines[${i}].sku`, say)
        const before = skus.get(sku)
        if (before !== undefined)
          say(`order.lines[${i}].sku`, `"${short(sku)}", as in line ${before + 1}`, 'write one line with the units of both')
        else skus.set(sku, i)
      }
      if (typeof lineId === 'string') {
        const before = ids.get(lineId)
        if (before !== undefined)
          say(`order.lines[${i}].lineId`, `"${short(lineId)}", as in line ${before + 1}`, 'give each line an id of its own')
        else ids.set(lineId, i)
      }
    })
  }

  private lookBesides(body: Loose, nowMs: number, say: Say): void {
    const { asOf } = body
    if (typeof asOf === 'string') {
      const ms = readMoment(asOf)
      if (Number.isNaN(ms)) say('asOf', `"${short(asOf)}"`, MOMENT_FIX)
      else if (ms > nowMs + CLOCK_AHEAD_MS || ms < nowMs - CLOCK_BEHIND_MS)
        say('asOf', `"${asOf}"`, `our clock says ${writeMoment(nowMs)}: set yours, or ask anew; decisions are of the present`)
    }
    const order = looseOf(body.order)
    this.lookAtConstraints(looseOf(order.constraints), order.value, say)
    lookAtWindow(looseOf(order.promise), nowMs, say)
    const lines = listOf(order.lines)
    lookAtGroups(lines, say)
    this.lookAtOverrides(looseOf(body.overrides), lines, nowMs, say)
    const baseline = looseOf(body.baselineDecision)
    if (typeof baseline.node === 'string') this.lookUp('warehouse', baseline.node, 'baselineDecision.node', say)
    if (typeof baseline.service === 'string') this.lookUp('service', baseline.service, 'baselineDecision.service', say)
  }

  private lookAtConstraints(constraints: Loose, value: unknown, say: Say): void {
    const lookAt = (kind: 'warehouse' | 'service', list: string): void =>
      listOf(constraints[list]).forEach((id, i) => {
        if (typeof id === 'string') this.lookUp(kind, id, `order.constraints.${list}[${i}]`, say)
      })
    lookAt('warehouse', 'allowedNodes')
    lookAt('warehouse', 'blockedNodes')
    lookAt('service', 'services')
    const blocked = new Set(listOf(constraints.blockedNodes))
    const left = (Array.isArray(constraints.allowedNodes) ? constraints.allowedNodes : this.ids.warehouse).filter(
      (id: unknown) => !blocked.has(id),
    )
    if (blocked.size > 0 && left.length === 0)
      say('order.constraints.blockedNodes', 'every warehouse that is allowed', 'leave at least one')
    if (typeof constraints.splitMinValue !== 'number') return
    if (value === undefined) say('order.value', 'nothing', 'add it: `constraints.splitMinValue` is compared with it')
    const { currency } = looseOf(value)
    if (typeof currency === 'string' && currency !== this.currency)
      say('order.value.currency', `"${short(currency)}"`, `write ${this.currency}, which the network reckons in`)
  }

  private lookAtOverrides({ inventory }: Loose, lines: readonly unknown[], nowMs: number, say: Say): void {
    const ordered = new Set(lines.map((line) => looseOf(line).sku))
    const seen = new Set<string>()
    listOf(inventory).forEach((value, i) => {
      const { node, sku, asOf } = looseOf(value)
      const field = `overrides.inventory[${i}]`
      if (typeof node === 'string') this.lookUp('warehouse', node, `${field}.node`, say)
      if (typeof sku === 'string' && !ordered.has(sku))
        say(`${field}.sku`, `"${short(sku)}", which is not ordered`, 'leave it out, or name an article of the order')
      const shelf = JSON.stringify([node, sku])
      if (seen.has(shelf)) say(field, 'the same shelf twice', 'keep one of them')
      seen.add(shelf)
      if (typeof asOf !== 'string') return
      const ms = readMoment(asOf)
      if (Number.isNaN(ms)) say(`${field}.asOf`, `"${short(asOf)}"`, MOMENT_FIX)
      else if (ms > nowMs + CLOCK_AHEAD_MS) say(`${field}.asOf`, `"${asOf}"`, `it is ${writeMoment(nowMs)} now`)
    })
  }

  private lookUp(kind: 'zone' | 'sku' | 'warehouse' | 'service', id: string, field: string, say: Say): void {
    if (!this.known[kind].has(id)) say(field, `"${short(id)}"`, didYouMean(id.slice(0, 128), this.ids[kind]))
  }
}

function lookAtGroups(lines: readonly unknown[], say: Say): void {
  const [first = null, ...others] = lines.map((line) => looseOf(line).group ?? null)
  others.forEach((group, i) => {
    if (group === first) return
    const found = group === null ? 'nothing' : `"${short(String(group))}"`
    say(`order.lines[${i + 1}].group`, found, 'give all lines the same group, or none: only whole orders can be kept together')
  })
}

function lookAtWhen({ promise, createdAt }: Loose, nowMs: number, say: Say): void {
  const placedMs = typeof createdAt === 'string' ? readMoment(createdAt) : nowMs
  if (Number.isNaN(placedMs)) say('order.createdAt', `"${short(String(createdAt))}"`, MOMENT_FIX)
  else if (placedMs > nowMs + CLOCK_AHEAD_MS)
    say('order.createdAt', `"${createdAt}", which is to come`, `it is ${writeMoment(nowMs)} now`)
  else if (placedMs < nowMs - ORDER_AGE_MS)
    say('order.createdAt', `"${createdAt}", more than 90 days ago`, 'write when it was placed')
  const { deliverBy } = looseOf(promise)
  if (typeof deliverBy !== 'string') return
  const promisedMs = readMoment(deliverBy)
  const sayPromise = (what: string, fix: string): void => say('order.promise.deliverBy', `"${short(deliverBy)}"${what}`, fix)
  if (Number.isNaN(promisedMs)) sayPromise('', MOMENT_FIX)
  else if (promisedMs <= placedMs)
    sayPromise(', not after the order was placed', 'promise an instant to come; POST /v1/promises says which')
  else if (promisedMs <= nowMs && placedMs >= nowMs)
    sayPromise(', which is past', 'promise an instant to come; of an order that is late by now, say `createdAt`')
  else if (promisedMs > nowMs + PROMISE_AHEAD_MS) sayPromise(', more than 400 days ahead', 'write when it was promised')
}

function lookAtWindow({ window, deliverBy }: Loose, nowMs: number, say: Say): void {
  const { from, until } = looseOf(window)
  if (typeof from === 'string') {
    const ms = readMoment(from)
    if (Number.isNaN(ms)) say('order.promise.window.from', `"${short(from)}"`, MOMENT_FIX)
    else if (ms > nowMs)
      say(
        'order.promise.window.from',
        `"${from}", which is to come`,
        'leave the window out: nothing here can deliver later on purpose',
      )
  }
  if (typeof until !== 'string') return
  const ms = readMoment(until)
  if (Number.isNaN(ms)) say('order.promise.window.until', `"${short(until)}"`, MOMENT_FIX)
  else if (typeof deliverBy === 'string' && ms !== readMoment(deliverBy))
    say('order.promise.window.until', `"${until}"`, 'write the same instant as `deliverBy`')
}

const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value)
const looseOf = (value: unknown): Loose => (isObject(value) ? value : {})
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text)

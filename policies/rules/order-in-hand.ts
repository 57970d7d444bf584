import { dayTimeMs, weekdayOf, worksOn } from '../../sim/calendar.ts'
import type { OrderFacts, RoutingOption } from '../../sim/policy.ts'
import { type CompiledRules, GOODS, LIMIT, OTHERWISE } from './compiled.ts'

/** Where days and weeks begin on the clock of a run; see `RunClock`. */
export type RuleClock = { readonly dayZeroMs: number; readonly weekStartMs: number }

const MAX_LINES = 8

/**
 * The order that is being routed, and the rules that take it, from the first to the last. A decision asks about many options of one order:
 * as long as every fact of it is the same, the list is not made again. Nothing else is remembered, so that what was asked before cannot
 * change an answer.
 */
export class OrderInHand {
  /** Rules that take the order: `rule[i]`, with its filters, or, where `relaxed[i]` is 1, without them; as many as `count`. */
  count = 0
  readonly rule: Int32Array
  readonly relaxed: Uint8Array
  /** Shipments that each of them allows; Infinity where it does not say. */
  readonly shipments: Float64Array
  lines = 0
  units = 0
  grams = 0.5
  cents = 0.5
  nowMs = Number.NaN
  promisedMs = 0.5
  zone = 0
  private readonly skus = new Int32Array(MAX_LINES)
  private readonly unitsOf = new Int32Array(MAX_LINES)
  private readonly rules: CompiledRules
  private readonly clock: RuleClock

  constructor(rules: CompiledRules, clock: RuleClock) {
    this.rules = rules
    this.clock = clock
    this.rule = new Int32Array(rules.R + 2)
    this.relaxed = new Uint8Array(rules.R + 2)
    this.shipments = new Float64Array(rules.R + 2)
  }

  /** The order that an option belongs to. */
  ofOption(option: RoutingOption): void {
    const lines = option.orderLines
    let same = this.isAt(option.nowMs, option.promisedMs, option.zone, lines)
    for (let i = 0; i < lines && same; i++) same = this.skus[i] === option.orderSku(i) && this.unitsOf[i] === option.orderUnits(i)
    if (same) return
    for (let i = 0; i < lines; i++) {
      this.skus[i] = option.orderSku(i)
      this.unitsOf[i] = option.orderUnits(i)
    }
    this.take(option.nowMs, option.promisedMs, option.zone, lines)
  }

  /** The same, before there are options. */
  ofOrder(order: OrderFacts): void {
    for (let i = 0; i < order.lines; i++) {
      this.skus[i] = order.sku(i)
      this.unitsOf[i] = order.units(i)
    }
    this.take(order.nowMs, order.promisedMs, order.zone, order.lines)
  }

  sku(line: number): number {
    return this.skus[line]
  }

  private isAt(nowMs: number, promisedMs: number, zone: number, lines: number): boolean {
    return this.nowMs === nowMs && this.promisedMs === promisedMs && this.zone === zone && this.lines === lines
  }

  private take(nowMs: number, promisedMs: number, zone: number, lines: number): void {
    const { skuGrams, skuCents } = this.rules
    this.nowMs = nowMs
    this.promisedMs = promisedMs
    this.zone = zone
    this.lines = lines
    this.units = 0
    this.grams = 0
    this.cents = 0
    for (let i = 0; i < lines; i++) {
      this.units += this.unitsOf[i]
      this.grams += this.unitsOf[i] * skuGrams[this.skus[i]]
      this.cents += this.unitsOf[i] * skuCents[this.skus[i]]
    }
    this.listRules()
  }

  private listRules(): void {
    const { R, otherwise, takesRest } = this.rules
    this.count = 0
    for (let r = 0; r < R; r++) {
      if (!this.takes(r)) continue
      this.add(r, 0)
      if (otherwise[r] === OTHERWISE.relax) this.add(r, 1)
      if (otherwise[r] !== OTHERWISE.next) return
    }
    if (takesRest) this.add(R, 0)
  }

  private add(rule: number, relaxed: 0 | 1): void {
    const { limits } = this.rules
    const at = rule * LIMIT.fields
    const byValue = Math.max(1, Math.floor(this.cents / limits[at + LIMIT.centsPerShipment]))
    const most = limits[at + LIMIT.maxShipments]
    this.rule[this.count] = rule
    this.relaxed[this.count] = relaxed
    this.shipments[this.count] = limits[at + LIMIT.centsPerShipment] === Number.POSITIVE_INFINITY ? most : Math.min(most, byValue)
    this.count++
  }

  /** Whether rule `r` is for such orders. */
  private takes(r: number): boolean {
    const { rules, clock, nowMs } = this
    const { zones, Z, days } = rules
    if (zones[r * Z + this.zone] === 0) return false
    if (
      !this.within(r, LIMIT.lines, this.lines) ||
      !this.within(r, LIMIT.units, this.units) ||
      !this.within(r, LIMIT.grams, this.grams) ||
      !this.within(r, LIMIT.cents, this.cents) ||
      !this.within(r, LIMIT.promiseMs, this.promisedMs - nowMs)
    )
      return false
    if (!worksOn(days[r], weekdayOf(nowMs, clock.weekStartMs))) return false
    return this.isInHours(r) && this.isInSpan(r) && this.hasGoods(r)
  }

  private within(r: number, field: number, value: number): boolean {
    const { limits } = this.rules
    return value >= limits[r * LIMIT.fields + field] && value <= limits[r * LIMIT.fields + field + 1]
  }

  /** The end does not belong to it, so that two rules may meet at an hour. */
  private isInHours(r: number): boolean {
    const from = this.rules.limits[r * LIMIT.fields + LIMIT.clockMs]
    const to = this.rules.limits[r * LIMIT.fields + LIMIT.clockMs + 1]
    const time = dayTimeMs(this.nowMs, this.clock.weekStartMs)
    return from <= to ? time >= from && time < to : time >= from || time < to
  }

  private isInSpan(r: number): boolean {
    const { spans, spanFirst } = this.rules
    const time = this.nowMs - this.clock.dayZeroMs
    for (let i = spanFirst[r]; i < spanFirst[r + 1]; i += 2) if (time >= spans[i] && time < spans[i + 1]) return true
    return spanFirst[r] === spanFirst[r + 1]
  }

  private hasGoods(r: number): boolean {
    const { goods, skus, K } = this.rules
    if (goods[r] === GOODS.whatever) return true
    let such = 0
    for (let i = 0; i < this.lines; i++) such += skus[r * K + this.skus[i]]
    return goods[r] === GOODS.any ? such > 0 : such === this.lines
  }
}

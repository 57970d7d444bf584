import { peek } from '../../sim/apply/event-list.ts'
import { check } from '../../sim/check.ts'
import { KIND, KIND_NAMES } from '../../sim/kinds.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { Sim } from '../../sim/sim.ts'
import { ACT, ACTS, type Block, FACT, FACTS, GROUP } from '../../sim/trace/block.ts'
import { CAUSE_IDS, causeSays } from '../../sim/trace/cause.ts'
import { Tracer } from '../../sim/trace/watch.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import {
  COUNT,
  FLAG,
  hasFlag,
  kindOf,
  lineAt,
  lineCount,
  linkOf,
  nowMs,
  orderNumber,
  orderOf,
  type Parcel,
  partOf,
  REG,
  STATE,
  siblingOf,
  skuOfLine,
  stateOf,
  unitsOfLine,
  warehouseOf,
} from '../../sim/world.ts'
import { BookKeeper } from './books.ts'
import { Later } from './later.ts'
import type { Legs } from './legs.ts'
import { receiverOf } from './receiver.ts'
import { APP, BANK, DESK, hubSource, stationSource, warehouseSource } from './sources.ts'
import type { Said, Telling } from './telling.ts'

/** Nothing more is owed so long after the door, where nothing is sent back; the money is back so long after a parcel is. */
const SETTLED_AFTER_MS = 2 * DAY_MS
const REFUNDED_AFTER_MS = HOUR_MS

/** What is remembered of an order until all of it is told. */
type Life = {
  /** Record of each part. */
  readonly records: Parcel[]
  /** Id of the last event told of each part. */
  readonly last: string[]
  split: boolean
  /** It was told that it waits for goods. */
  waits: boolean
  delivered: boolean
}

/** Everybody orders once. */
export const customerOf = (order: number): string => `c-${order}`

type Line = { readonly sku: string; readonly units: number }

/**
 * Watches a run and tells what happens to its orders and goods as the systems of a shop would: who, when, why and what. All it says follows from the
 * run, so the same run tells the same. Reads only; the watched run is the same to the byte.
 */
export class Reporter {
  private readonly tracer: Tracer
  private readonly sim: Sim
  private readonly spec: NetworkSpec
  private readonly telling: Telling
  private readonly legs: Legs
  private readonly lives = new Map<number, Life>()
  private readonly settlements = new Later<number>(SETTLED_AFTER_MS)
  private readonly refunds = new Later<{ order: number; cause: string }>(REFUNDED_AFTER_MS)
  /** The record that the next order would be given. */
  private fresh: Parcel = -1
  /** Lines and warehouse of a parcel that comes back with the next event: its record is free afterwards. */
  private coming: { readonly lines: readonly Line[]; readonly warehouse: number } | null = null
  private readonly books: BookKeeper | null
  /** The warehouse that reviews its shelves with the next event, or −1, and what is on order before it. */
  private reviewing = -1
  private readonly onOrder: Int32Array
  /** Purchase orders of a shelf that are not there yet, oldest first. */
  private readonly purchases = new Map<number, { readonly id: string; units: number }[]>()

  /** Decisions that the last event carried out, by order; null where the world's own policy decides. */
  private readonly carriedOut: ReadonlyMap<number, string> | null

  constructor(sim: Sim, spec: NetworkSpec, telling: Telling, legs: Legs, carriedOut: ReadonlyMap<number, string> | null = null) {
    this.legs = legs
    this.carriedOut = carriedOut
    this.sim = sim
    this.spec = spec
    this.telling = telling
    this.onOrder = new Int32Array(sim.world.onOrder.length)
    this.books = sim.scene.stockErrors.length > 0 ? new BookKeeper(sim) : null
    telling.begin(0)
    this.countShelves()
    this.tracer = new Tracer(sim, (block) => this.report(block))
    this.lookAhead()
  }

  /** After each event of the run. */
  watch(): void {
    const { sim, telling } = this
    telling.begin(sim.world.regs[REG.events])
    const now = nowMs(sim.world)
    this.settlements.each(now, (order, atMs) => {
      telling.tell(DESK, 'orders', 'settled', atMs, {
        order: telling.order(order),
        why: { rule: 'two days without a complaint' },
      })
    })
    this.refunds.each(now, ({ order, cause }, atMs) => {
      telling.tell(BANK, 'payments', 'refunded', atMs, {
        order: telling.order(order),
        why: { rule: 'an hour after the inspection', cause },
      })
    })
    this.tracer.watch(sim)
    this.tracer.end()
    if (this.reviewing >= 0) this.ordered(this.reviewing)
    this.books?.look((shelf, units) => this.adjust(shelf, units))
    this.lookAhead()
  }

  /** Each shelf is counted before the first event. */
  private countShelves(): void {
    const { world, network } = this.sim
    for (let w = 0; w < network.W; w++) {
      const warehouse = this.spec.warehouses[w].id
      for (let k = 0; k < network.K; k++) {
        const i = k * network.W + w
        if (world.onHand[i] === 0 && network.held[i] === 0) continue
        this.telling.tell(warehouseSource(warehouse), 'stock', 'counted', nowMs(world), {
          warehouse,
          sku: this.spec.skus[k].id,
          onHand: { value: world.onHand[i], unit: '{unit}' },
          why: { rule: 'opening count' },
        })
      }
    }
  }

  private lookAhead(): void {
    const { world, pen } = this.sim
    const free = world.counts[COUNT.freeHead]
    this.fresh = free >= 0 ? free : world.counts[COUNT.recordsUsed]
    this.coming = null
    const next = peek(pen)
    this.reviewing = next >= 0 && kindOf(world, next) === KIND.review ? warehouseOf(world, next) : -1
    if (this.reviewing >= 0) this.onOrder.set(world.onOrder)
    if (next >= 0 && kindOf(world, next) === KIND.returned)
      this.coming = { lines: this.linesOf(next), warehouse: warehouseOf(world, next) }
  }

  private linesOf(p: Parcel): Line[] {
    const { world } = this.sim
    return Array.from({ length: lineCount(world, p) }, (_, i) => {
      const line = lineAt(world, p, i)
      return { sku: this.spec.skus[skuOfLine(line)].id, units: unitsOfLine(line) }
    })
  }

  private report(block: Block): void {
    for (let i = 0; i < block.count; i++) if (block.order[i] >= 0 || block.act[i] >= ACT.sceneSet) this.row(block, i)
  }

  private row(block: Block, i: number): void {
    switch (block.act[i]) {
      case ACT.placed:
        this.placed(block, i)
        break
      case ACT.paid:
        this.step(block, i, BANK, 'payments', 'captured', {})
        break
      case ACT.waits:
        this.waits(block, i)
        break
      case ACT.routed:
        this.routed(block, i, 'routed')
        break
      case ACT.rerouted:
        this.routed(block, i, 'rerouted')
        if (block.after[i] === STATE.released) this.work(block, i, 'orders', 'released')
        break
      case ACT.released:
        this.work(block, i, 'orders', 'released')
        break
      case ACT.picking:
        this.work(block, i, 'work', 'pick-started')
        break
      case ACT.notOnShelf:
        this.step(block, i, DESK, 'work', 'pick-short', {
          warehouse: this.warehouse(block, i),
          reason: 'out-of-stock',
        })
        break
      case ACT.picked:
        this.work(block, i, 'work', 'pick-finished')
        this.picked(block, i)
        break
      case ACT.packing:
        this.work(block, i, 'work', 'pack-started')
        break
      case ACT.packed:
        this.work(block, i, 'work', 'pack-finished')
        this.work(block, i, 'work', 'staged')
        break
      case ACT.handedOver:
        this.handedOver(block, i)
        break
      case ACT.atHub: {
        const hub = this.hub(block, i)
        this.step(block, i, hubSource(hub), 'scans', 'at-hub', { hub })
        break
      }
      case ACT.atStation:
        this.atDoor(block, i, 'at-station')
        break
      case ACT.outForDelivery:
        this.atDoor(block, i, 'out-for-delivery')
        break
      case ACT.notAtHome:
        this.atDoor(block, i, 'delivery-failed', { reason: 'not-at-home' })
        break
      case ACT.delivered:
        this.atDoor(block, i, 'delivered')
        this.ended(block, i, true)
        break
      case ACT.lost:
        this.step(block, i, hubSource(this.hub(block, i)), 'scans', 'lost', { reason: 'other' })
        this.ended(block, i, false)
        break
      case ACT.cancelled:
        this.cancelled(block, i)
        break
      case ACT.returned:
        this.returned(block, i)
        break
      case ACT.goodsReceived:
        this.received(block, i)
        break
      case ACT.truckLeft:
        this.truckLeft(block, i)
    }
  }

  // --- orders ---------------------------------------------------------------------------------------------------------------------------
  private placed(block: Block, i: number): void {
    const { sim, telling } = this
    const order = block.order[i]
    const record = this.fresh
    check(orderOf(sim.world, record) === order, `order ${order} was looked for in record ${record}`)
    const life: Life = { records: [record], last: [], split: false, waits: false, delivered: false }
    this.lives.set(order, life)
    const lines = this.linesOf(record)
    const value = lines.reduce((sum, { sku, units }) => sum + units * this.priceOf(sku), 0)
    this.step(block, i, APP, 'orders', 'placed', {
      zone: this.zone(block, i),
      lines,
      promisedAt: telling.at(factOf(block, i, FACT.promisedAtMs)),
      customer: customerOf(order),
      person: receiverOf(sim.dice, order),
      value: { value: Math.round(value * 100) / 100, currency: this.spec.currency },
      who: `customer:${customerOf(order)}`,
    })
    telling.tell(BANK, 'payments', 'awaited', nowMs(sim.world), {
      order: telling.order(order),
      why: { rule: 'every payment is checked', cause: life.last[0] },
    })
  }

  private waits(block: Block, i: number): void {
    const life = this.lives.get(block.order[i])
    if (life === undefined || life.waits) return
    life.waits = true
    const cause = CAUSE_IDS[causeOf(block, i)]
    const reason =
      cause === 'no stock' || cause === 'not on the shelf' ? 'out-of-stock' : cause === 'site closed' ? 'capacity' : 'other'
    const sku = this.spec.skus[factOf(block, i, FACT.sku)]?.id
    this.step(block, i, DESK, 'orders', 'backordered', { reason, ...(sku === undefined ? {} : { sku }) }, causeSays(cause))
  }

  private routed(block: Block, i: number, type: 'routed' | 'rerouted'): void {
    const { world } = this.sim
    const life = this.lives.get(block.order[i])
    if (life === undefined) return
    life.waits = false
    const head = life.records[0]
    if (!life.split && hasFlag(world, head, FLAG.split)) {
      life.split = true
      for (let child = linkOf(world, head); child >= 0; child = siblingOf(world, child))
        life.records[partOf(world, child)] = child
    }
    const lines = this.linesOf(life.records[block.part[i]])
    const expected = factOf(block, i, FACT.expectedAtMs)
    const decision = this.carriedOut?.get(block.order[i])
    const said: Said = {
      warehouse: this.warehouse(block, i),
      service: this.spec.services[block.service[i]].id,
      hub: this.hub(block, i),
      lines,
      ...(Number.isFinite(expected) ? { expectedAt: this.telling.at(expected) } : {}),
      ...(type === 'rerouted' ? { reason: 'capacity' } : {}),
      who: decision === undefined ? 'policy:routing' : `decision:${decision}`,
    }
    if (decision === undefined) this.step(block, i, DESK, 'orders', type, said)
    else this.step(block, i, DESK, 'orders', type, said, 'as was decided when asked')
  }

  /** Something done by the warehouse. */
  private work(block: Block, i: number, feed: 'orders' | 'work', type: string): void {
    const warehouse = this.warehouse(block, i)
    this.step(block, i, warehouseSource(warehouse), feed, type, { warehouse })
  }

  private handedOver(block: Block, i: number): void {
    const order = block.order[i]
    const part = block.part[i]
    const life = this.lives.get(order)
    if (life === undefined) return
    this.step(block, i, warehouseSource(this.warehouse(block, i)), 'departures', 'handed-over', {
      warehouse: this.warehouse(block, i),
      service: this.spec.services[block.service[i]].id,
    })
    const hub = this.sim.network.zoneHub[block.zone[i]]
    this.legs.left(life.records[part], order, life.split ? part : null, block.warehouse[i], block.service[i], hub)
  }

  private atDoor(block: Block, i: number, type: string, more: Said = {}): void {
    const zone = this.zone(block, i)
    this.step(block, i, stationSource(zone), 'scans', type, { zone, ...more })
  }

  /** One event of a parcel: its order, its part where the order is split, and why. */
  private step(
    block: Block,
    i: number,
    source: string,
    feed: 'orders' | 'payments' | 'work' | 'departures' | 'scans',
    type: string,
    said: Said,
    rule: string = RULES[ACTS[block.act[i]] as keyof typeof RULES] ?? KIND_NAMES[block.kind[i]],
  ): void {
    const life = this.lives.get(block.order[i])
    if (life === undefined) return
    const part = block.part[i]
    const cause = life.last[part] ?? life.last[0]
    const id = this.telling.tell(source, feed, type, block.timeMs[i], {
      order: this.telling.order(block.order[i]),
      ...(life.split ? { part } : {}),
      ...said,
      why: { rule, ...(cause === undefined ? {} : { cause }), ...this.seen(block, i) },
    })
    life.last[part] = id
  }

  /** An order or a part of one has reached its end, or not quite: something may be sent back. */
  private ended(block: Block, i: number, delivered: boolean): void {
    const { world } = this.sim
    const order = block.order[i]
    const life = this.lives.get(order)
    if (life === undefined) return
    life.delivered ||= delivered
    if (factOf(block, i, FACT.orderEnded) !== 1) return
    const head = life.records[0]
    const comesBack =
      stateOf(world, head) === STATE.delivered && orderNumber(world, head) === order && kindOf(world, head) === KIND.returned
    if (comesBack) return
    this.lives.delete(order)
    if (life.delivered) this.settlements.add(nowMs(world), order)
  }

  private cancelled(block: Block, i: number): void {
    const order = block.order[i]
    const life = this.lives.get(order)
    if (life === undefined) return
    const part = block.part[i]
    // What had been taken off the shelf is put back.
    if (block.before[i] >= STATE.picked && block.before[i] < STATE.handedOver)
      this.putBack(block.warehouse[i], this.linesOf(life.records[part]), order, life.last[part])
    if (part === 0)
      life.last[0] = this.telling.tell(APP, 'orders', 'cancelled', block.timeMs[i], {
        order: this.telling.order(order),
        reason: 'patience-ended',
        who: `customer:${customerOf(order)}`,
        why: { rule: 'the customer waited too long', cause: life.last[0], ...this.seen(block, i) },
      })
    // Parts are told one after the other, the order's own first.
    if (!life.split) this.lives.delete(order)
    else {
      life.records[part] = -1
      if (life.records.every((record) => record < 0)) this.lives.delete(order)
    }
  }

  private returned(block: Block, i: number): void {
    const order = block.order[i]
    const life = this.lives.get(order)
    const { coming } = this
    if (life === undefined || coming === null) return
    const warehouse = this.spec.warehouses[coming.warehouse].id
    this.step(block, i, warehouseSource(warehouse), 'scans', 'return-received', { warehouse })
    this.step(block, i, warehouseSource(warehouse), 'work', 'return-inspected', { warehouse })
    this.putBack(coming.warehouse, coming.lines, order, life.last[0])
    this.refunds.add(nowMs(this.sim.world), { order, cause: life.last[0] })
    this.lives.delete(order)
  }

  // --- goods ----------------------------------------------------------------------------------------------------------------------------
  private picked(block: Block, i: number): void {
    const life = this.lives.get(block.order[i])
    if (life === undefined || this.books !== null) return
    const warehouse = this.warehouse(block, i)
    for (const { sku, units } of this.linesOf(life.records[block.part[i]]))
      this.telling.tell(warehouseSource(warehouse), 'stock', 'picked', block.timeMs[i], {
        warehouse,
        sku,
        quantity: { value: units, unit: '{unit}' },
        order: this.telling.order(block.order[i]),
        why: { rule: 'picked for an order', cause: life.last[block.part[i]] },
      })
  }

  /** What a review has sent for. When it comes only the supplier knows: the buyer goes by what usually is. */
  private ordered(w: number): void {
    // Whoever books what is there day by day tells nothing of what comes in either.
    if (this.books !== null) return
    const { world, network } = this.sim
    const warehouse = this.spec.warehouses[w].id
    const now = nowMs(world)
    for (let k = 0; k < network.K; k++) {
      const units = world.onOrder[k * network.W + w] - this.onOrder[k * network.W + w]
      if (units <= 0) continue
      const supplier = network.skuSupplier[k]
      const purchase = `${warehouse}-${this.spec.suppliers[supplier].id}-${Math.floor(now / DAY_MS)}`
      const shelf = k * network.W + w
      const open = this.purchases.get(shelf)
      if (open === undefined) this.purchases.set(shelf, [{ id: purchase, units }])
      else open.push({ id: purchase, units })
      this.telling.tell(warehouseSource(warehouse), 'stock', 'ordered', now, {
        warehouse,
        sku: this.spec.skus[k].id,
        purchase,
        quantity: { value: units, unit: '{unit}' },
        expectedAt: this.telling.at(now + Math.ceil(network.meanLeadDays[supplier]) * DAY_MS),
        why: { rule: 'the replenishment policy' },
      })
    }
  }

  private received(block: Block, i: number): void {
    if (this.books !== null) return
    const warehouse = this.warehouse(block, i)
    const k = factOf(block, i, FACT.sku)
    let left = factOf(block, i, FACT.units)
    while (left > 0) {
      const { purchase, units } = this.takeOrdered(k * this.sim.network.W + block.warehouse[i], left)
      left -= units
      this.telling.tell(warehouseSource(warehouse), 'stock', 'received', block.timeMs[i], {
        warehouse,
        sku: this.spec.skus[k].id,
        quantity: { value: units, unit: '{unit}' },
        ...(purchase === null ? {} : { purchase }),
        who: `supplier:${this.spec.suppliers[block.supplier[i]].id}`,
        why: { rule: "the supplier's lead time ended", ...this.seen(block, i) },
      })
    }
  }

  /** Of which purchase order goods are: of the oldest that is open, as far as it goes. */
  private takeOrdered(shelf: number, most: number): { purchase: string | null; units: number } {
    const open = this.purchases.get(shelf)
    if (open === undefined || open.length === 0) return { purchase: null, units: most }
    const [oldest] = open
    const units = Math.min(most, oldest.units)
    oldest.units -= units
    if (oldest.units === 0) open.shift()
    return { purchase: oldest.id, units }
  }

  private putBack(w: number, lines: readonly Line[], order: number, cause: string): void {
    if (this.books !== null) return
    const warehouse = this.spec.warehouses[w].id
    for (const { sku, units } of lines)
      this.telling.tell(warehouseSource(warehouse), 'stock', 'received', nowMs(this.sim.world), {
        warehouse,
        sku,
        quantity: { value: units, unit: '{unit}' },
        why: { rule: `put back, order ${this.telling.order(order)}`, cause },
      })
  }

  /** Where books may be wrong, what they say is told whenever it changes. */
  private adjust(shelf: number, units: number): void {
    const { W } = this.sim.network
    const warehouse = this.spec.warehouses[shelf % W].id
    this.telling.tell(warehouseSource(warehouse), 'stock', 'adjusted', nowMs(this.sim.world), {
      warehouse,
      sku: this.spec.skus[Math.floor(shelf / W)].id,
      quantity: { value: units, unit: '{unit}' },
      why: { rule: 'the books were brought up to date' },
    })
  }

  private truckLeft(block: Block, i: number): void {
    const warehouse = this.warehouse(block, i)
    const took = factOf(block, i, FACT.took)
    this.telling.tell(warehouseSource(warehouse), 'departures', 'departed', block.timeMs[i], {
      warehouse,
      service: this.spec.services[block.service[i]].id,
      parcels: { value: took, unit: '{parcel}' },
      plannedAt: this.telling.at(block.timeMs[i]),
      why: { rule: 'the timetable', ...this.seen(block, i) },
    })
  }

  // --- names and numbers ----------------------------------------------------------------------------------------------------------------
  private warehouse = (block: Block, i: number): string => this.spec.warehouses[block.warehouse[i]].id
  private zone = (block: Block, i: number): string => this.spec.zones[block.zone[i]].id
  private hub = (block: Block, i: number): string => this.spec.hubs[this.sim.network.zoneHub[block.zone[i]]].id
  private readonly prices = new Map<string, number>()
  private priceOf(sku: string): number {
    if (this.prices.size === 0) for (const { id, price } of this.spec.skus) this.prices.set(id, price)
    return this.prices.get(sku) ?? 0
  }

  /** What whoever decided saw, and what the time of the stage that ended went to. */
  private seen(block: Block, i: number): { saw?: Record<string, number | string> } {
    const saw: Record<string, number | string> = {}
    for (let at = i === 0 ? 0 : block.factEnd[i - 1]; at < block.factEnd[i]; at++) {
      const value = block.factValue[at]
      if (!Number.isFinite(value)) continue
      const group = block.factGroup[at]
      if (group === GROUP.waited) {
        if (value > 0) saw[`waited: ${CAUSE_IDS[block.factName[at]]}, ms`] = value
        continue
      }
      if (group === GROUP.allowed) continue
      const name = FACTS[block.factName[at]]
      if (name.endsWith('AtMs')) saw[name.slice(0, -2)] = this.telling.at(value)
      else saw[name] = name === 'sku' ? this.spec.skus[value].id : value
    }
    return Object.keys(saw).length === 0 ? {} : { saw }
  }
}

/** Why a parcel's step came to be, in words. */
const RULES = {
  placed: 'a customer ordered',
  paid: 'the payment was approved',
  routed: 'the cheapest set of shipments by the routing policy',
  rerouted: 'at the present prices another way saves more than moving costs',
  released: 'prepared',
  picking: 'a picker was free',
  picked: 'the pick was done',
  packing: 'a packer was free',
  packed: 'the packing was done',
  handedOver: 'the timetable of the trucks',
  atHub: 'the line haul arrived',
  atStation: 'sorted by the wave',
  outForDelivery: 'the vans left',
  notAtHome: 'nobody was at home',
  delivered: 'the van was at the door',
  lost: 'lost on the road',
  returned: 'the customer sent it back',
  notOnShelf: 'the picker found less than the books said',
} as const

/** A number that a row tells, or NaN. */
function factOf(block: Block, i: number, name: number): number {
  for (let at = i === 0 ? 0 : block.factEnd[i - 1]; at < block.factEnd[i]; at++)
    if (block.factName[at] === name && block.factGroup[at] <= GROUP.impact) return block.factValue[at]
  return Number.NaN
}

function causeOf(block: Block, i: number): number {
  for (let at = i === 0 ? 0 : block.factEnd[i - 1]; at < block.factEnd[i]; at++)
    if (block.factGroup[at] === GROUP.waited) return block.factName[at]
  return 0
}

import { KIND } from '../../sim/kinds.ts'
import { CLOSED, LANE } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { chooseShipments } from '../../sim/router.ts'
import type { Chooser, Sim } from '../../sim/sim.ts'
import {
  availableUnits,
  bookedUnits,
  COUNT,
  eventMs,
  FLAG,
  hasFlag,
  kindOf,
  lineAt,
  lineCount,
  missedPicks,
  nowMs,
  orderNumber,
  orderOf,
  type Parcel,
  placedMs,
  promisedMs,
  STATE,
  skuOfLine,
  stateOf,
  unitsOfLine,
  zoneOf,
} from '../../sim/world.ts'
import type { RunCalendar } from './run-calendar.ts'

/** An order that the world asks about, in names; instants in ms since 1970. */
export type WorldOrder = {
  /** Unlike any other question's, and the same when it is sent again because no answer came. */
  readonly key: string
  readonly order: string
  readonly customer: string
  readonly zone: string
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly units: number }[]
  readonly placedMs: number
  readonly promisedMs: number
  /** When the world asks. */
  readonly askedMs: number
}

/** What was said of an order. `failed`: nobody decided, and nobody will. */
export type Reply =
  | {
      readonly is: 'routed'
      readonly decision: string
      readonly shipments: readonly { readonly warehouse: string; readonly service: string; readonly lineIds: readonly string[] }[]
    }
  | { readonly is: 'held'; readonly reason: string }
  | { readonly is: 'failed'; readonly why: string }

/** Who decides for the world: asked of several orders at once, answers each in its place. */
export type Decides = (orders: readonly WorldOrder[]) => Promise<readonly Reply[]>

/** How an order is called, and its customer. */
export type Named = { order(number: number): string; customer(number: number): string }

export type DecidingCounts = {
  /** Questions, and how often they were brought. */
  readonly asked: number
  readonly batches: number
  readonly routed: number
  readonly held: number
  /** What was decided could not be done: the goods were not there, or nothing goes that way. */
  readonly impossible: number
  /** Decided by the world's own policy: nobody answered, or what was said could never be done. */
  readonly fellBack: number
  /** Parts of orders that were split before: they go as the world's own policy says. */
  readonly parts: number
  /** Why the world fell back, each reason once, with how often. */
  readonly because: Readonly<Record<string, number>>
}

/** Orders that are paid within so much of the world's time are asked about together: the last of them a little before its money is there. */
const TOGETHER_MS = 60_000
/** What could not be done so often is not asked again. */
const TRIES_MAX = 5
const REASONS_MAX = 20

type Open = { record: Parcel; attempt: number; impossible: number; reply: Reply | null }

/**
 * Lets somebody outside decide how the orders of a hidden world are shipped. The simulator does not wait, so whoever runs it asks first: `wants` says
 * that the next event will want answers, `ask` gets them, and the event then finds them here (`chooser`). An order whose answer is not here, such as
 * one that goods have come for, waits and is asked about before the next pulse.
 */
export class Deciding {
  /** To be put into the run's `Sim`. */
  readonly chooser: Chooser
  /** Decisions that the last event carried out, by number of the order. */
  readonly carriedOut = new Map<number, string>()
  private readonly sim: Sim
  private readonly spec: NetworkSpec
  private readonly calendar: RunCalendar
  private readonly named: Named
  private readonly decides: Decides
  /** Placed and not yet paid: record by number. */
  private readonly unpaid = new Map<number, Parcel>()
  /** Paid and not yet shipped. */
  private readonly open = new Map<number, Open>()
  private readonly warehouses: ReadonlyMap<string, number>
  private readonly services: ReadonlyMap<string, number>
  /** The record that the next order would be given, and how many orders there were. */
  private fresh: Parcel = -1
  private orders = 0
  private readonly counted = { asked: 0, batches: 0, routed: 0, held: 0, impossible: 0, fellBack: 0, parts: 0 }
  private readonly because = new Map<string, number>()

  private readonly togetherMs: number

  constructor(
    sim: Sim,
    spec: NetworkSpec,
    calendar: RunCalendar,
    named: Named,
    decides: Decides,
    togetherMs: number = TOGETHER_MS,
  ) {
    this.togetherMs = togetherMs
    this.sim = sim
    this.spec = spec
    this.calendar = calendar
    this.named = named
    this.decides = decides
    this.warehouses = new Map(spec.warehouses.map(({ id }, w) => [id, w]))
    this.services = new Map(spec.services.map(({ id }, s) => [id, s]))
    this.chooser = (sim, order) => this.choose(sim, order)
    this.lookAhead()
  }

  counts(): DecidingCounts {
    return { ...this.counted, because: Object.fromEntries(this.because) }
  }

  /** Whether the event that comes next cannot happen before somebody is asked. */
  wants(next: Parcel): boolean {
    const { world } = this.sim
    if (kindOf(world, next) === KIND.paid) {
      const number = orderNumber(world, next)
      return !hasFlag(world, next, FLAG.cancelled) && this.open.get(number)?.reply == null
    }
    return kindOf(world, next) === KIND.pulse && this.refused().length > 0
  }

  /** Gets the answers for the next event, and for those soon after it. */
  async ask(next: Parcel): Promise<void> {
    const { world } = this.sim
    const open = kindOf(world, next) === KIND.paid ? this.soonPaid(eventMs(world, next)) : this.refused()
    const replies = await this.decides(open.map(([number, one]) => this.question(number, one)))
    this.counted.asked += open.length
    this.counted.batches++
    open.forEach(([, one], i) => {
      one.attempt++
      one.reply = replies[i]
    })
  }

  /** Before each event. */
  lookAhead(): void {
    const { world } = this.sim
    const free = world.counts[COUNT.freeHead]
    this.fresh = free >= 0 ? free : world.counts[COUNT.recordsUsed]
    this.orders = world.counts[COUNT.nextOrder]
    this.carriedOut.clear()
  }

  /** After each event: a new order is known by the record it was given. */
  watch(): void {
    const { world } = this.sim
    if (world.counts[COUNT.nextOrder] > this.orders) this.unpaid.set(orderOf(world, this.fresh), this.fresh)
  }

  /** Orders that are paid within a minute from an instant of the run, and whose answer is not here yet. */
  private soonPaid(fromMs: number): [number, Open][] {
    const { world } = this.sim
    const soon: [number, Open][] = []
    for (const [number, record] of this.unpaid) {
      if (kindOf(world, record) !== KIND.paid || orderOf(world, record) !== number || stateOf(world, record) !== STATE.placed) {
        this.unpaid.delete(number)
        continue
      }
      if (eventMs(world, record) > fromMs + this.togetherMs) continue
      this.unpaid.delete(number)
      if (!hasFlag(world, record, FLAG.cancelled)) soon.push([number, this.opened(number, record)])
    }
    return soon
  }

  /** Orders that wait although there are goods: the next pulse tries them again. */
  private refused(): [number, Open][] {
    const { world } = this.sim
    const refused: [number, Open][] = []
    for (const [number, one] of this.open) {
      const { record } = one
      const isThere = stateOf(world, record) === STATE.paid || stateOf(world, record) === STATE.placed
      if (!isThere || orderNumber(world, record) !== number || hasFlag(world, record, FLAG.cancelled)) this.open.delete(number)
      else if (one.reply === null && stateOf(world, record) === STATE.paid && hasFlag(world, record, FLAG.refused))
        refused.push([number, one])
    }
    return refused
  }

  private opened(number: number, record: Parcel): Open {
    let one = this.open.get(number)
    if (one === undefined) {
      one = { record, attempt: 0, impossible: 0, reply: null }
      this.open.set(number, one)
    }
    one.record = record
    return one
  }

  private question(number: number, { record, attempt }: Open): WorldOrder {
    const { world } = this.sim
    const { zeroMs } = this.calendar
    const order = this.named.order(number)
    return {
      key: `${order}/${missedPicks(world, record)}.${attempt}`,
      order,
      customer: this.named.customer(number),
      zone: this.spec.zones[zoneOf(world, record)].id,
      lines: Array.from({ length: lineCount(world, record) }, (_, i) => {
        const line = lineAt(world, record, i)
        return { lineId: String(i), sku: this.spec.skus[skuOfLine(line)].id, units: unitsOfLine(line) }
      }),
      placedMs: zeroMs + placedMs(world, record),
      promisedMs: zeroMs + promisedMs(world, record),
      askedMs: zeroMs + nowMs(world),
    }
  }

  /** What was said of the order, as the router would leave it. */
  private choose(sim: Sim, order: Parcel): number {
    const { world } = sim
    if (hasFlag(world, order, FLAG.split)) {
      this.counted.parts++
      return chooseShipments(sim, order, -1)
    }
    const number = orderNumber(world, order)
    const one = this.opened(number, order)
    const { reply } = one
    if (reply === null) return 0
    one.reply = null
    if (reply.is === 'held') {
      this.counted.held++
      return 0
    }
    if (reply.is === 'failed') return this.fallBack(sim, order, number, reply.why)
    const parts = this.carryOut(sim, order, reply.shipments)
    if (parts > 0) {
      this.counted.routed++
      this.carriedOut.set(number, reply.decision)
      this.open.delete(number)
      return parts
    }
    this.counted.impossible++
    if (++one.impossible < TRIES_MAX) return 0
    return this.fallBack(sim, order, number, 'decided again and again what cannot be done')
  }

  private fallBack(sim: Sim, order: Parcel, number: number, why: string): number {
    const parts = chooseShipments(sim, order, -1)
    if (parts === 0) return 0
    this.counted.fellBack++
    if (this.because.size < REASONS_MAX || this.because.has(why)) this.because.set(why, (this.because.get(why) ?? 0) + 1)
    this.open.delete(number)
    return parts
  }

  /** Shipments into the router's answer; 0 where one of them cannot be made or a line is left out. */
  private carryOut(sim: Sim, order: Parcel, shipments: readonly (Reply & { is: 'routed' })['shipments'][number][]): number {
    const { world, network, router, option } = sim
    const count = lineCount(world, order)
    const zone = zoneOf(world, order)
    let covered = 0
    for (let part = 0; part < shipments.length; part++) {
      const { warehouse, service, lineIds } = shipments[part]
      const w = this.warehouses.get(warehouse)
      const s = this.services.get(service)
      if (w === undefined || s === undefined || world.siteCapacity[w] === 0) return 0
      let mask = 0
      for (const id of lineIds) {
        const i = Number(id)
        if (!(i < count) || (covered >> i) & 1) return 0
        const line = lineAt(world, order, i)
        if (this.unitsFree(w, skuOfLine(line)) < unitsOfLine(line)) return 0
        mask |= 1 << i
        covered |= 1 << i
      }
      if (mask === 0 || !goesTo(network, zone, w, s)) return 0
      router.partMask[part] = mask
      router.partWarehouse[part] = w
      router.partService[part] = s
    }
    if (covered !== (1 << count) - 1) return 0
    // What is booked next reads the option of the order in hand.
    option.aim(order, -1)
    return shipments.length
  }

  /** Where books err, what they say is all that anybody knows. */
  private unitsFree(w: number, sku: number): number {
    const { world, network } = this.sim
    const shelf = sku * network.W + w
    return world.size.erring === 1 ? bookedUnits(world, shelf) - world.reserved[shelf] : availableUnits(world, sku, w)
  }
}

/** A service takes parcels from the warehouse to the zone. */
const goesTo = ({ lanes, W, S }: Sim['network'], zone: number, w: number, s: number): boolean =>
  lanes[((zone * W + w) * S + s) * LANE.fields + LANE.medianMs] !== CLOSED

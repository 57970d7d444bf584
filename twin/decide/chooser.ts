import { askAbout, type decisionWorld, forget } from '../../sim/apply/decision-world.ts'
import { misbehaved } from '../../sim/check.ts'
import { simOver } from '../../sim/engine.ts'
import { mostBeside, termsOf } from '../../sim/explain/explainer.ts'
import { Standing } from '../../sim/explain/standing.ts'
import type { AskedLimits } from '../../sim/limits.ts'
import type { Network } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { MAX_LINES } from '../../sim/partition.ts'
import type { Policies } from '../../sim/policy.ts'
import { dice } from '../../sim/random.ts'
import { BESIDE, chooseShipments, searchBeside } from '../../sim/router.ts'
import { clearSky, type Scene } from '../../sim/scene.ts'
import type { Sim } from '../../sim/sim.ts'
import type { Term } from '../../sim/term.ts'
import type { Parcel } from '../../sim/world.ts'
import type { Question } from './decider.ts'
import type { Choice, DecidedShipment } from './decision.ts'
import { numberOf, type Readied } from './readied.ts'

/** Under which name goods will be set aside, and until when; ms since 1970. */
export type Pledge = { readonly id: string; readonly expiresMs: number }

/** What all choosers of a thread share. */
export type Place = { readonly network: Network; readonly spec: NetworkSpec; readonly weekStartMs: number }

/** Terms of a price add up to it but for their last digits. */
const SAME = 1e-6
/** Subsets of an order's lines that are tried where not all of them can be had together. */
const SUBSETS = 64

/** Nothing befalls a world that only decides. */
const NOTHING: Scene = {
  demand: [],
  promotions: [],
  storms: [],
  sites: [],
  carriers: [],
  hubs: [],
  suppliers: [],
  stockErrors: [],
  blackouts: [],
  boundaries: new Float64Array(0),
}

/**
 * One policy's answer to a question: the simulator's own router over a world of the present. It reserves nothing and leaves nothing behind but what it
 * has found, in `parts` and the columns beside it, until it is asked again. Whatever the policy throws goes through.
 */
export class Chooser {
  readonly sim: Sim
  readonly policies: Policies
  /** Shipments found last: place of warehouse · S + service, and lines as bits. */
  parts = 0
  readonly lane = new Int32Array(8)
  readonly mask = new Int32Array(8)
  private readonly standing: Standing
  private readonly warehouses: readonly string[]
  private readonly services: readonly string[]
  private readonly skus: readonly string[]
  private readonly some = new Int32Array(8)

  constructor(place: Place, policies: Policies, pen: ReturnType<typeof decisionWorld>) {
    const { network, spec, weekStartMs } = place
    const far = Number.MAX_SAFE_INTEGER
    const clock = { dayZeroMs: 0, measuredEndMs: far, lastOrderMs: far, endMs: far, weekStartMs }
    const setup = { network, scene: NOTHING, clock, dice: dice('decisions', 0), policies, replay: null }
    this.sim = simOver(
      { ...setup, keepsOrigins: false, solver: null },
      { pen, outcome: null, sky: clearSky(network, NOTHING), spare: null },
    )
    this.policies = policies
    this.standing = new Standing(this.sim)
    this.warehouses = spec.warehouses.map(({ id }) => id)
    this.services = spec.services.map(({ id }) => id)
    this.skus = spec.skus.map(({ id }) => id)
  }

  /** `zeroMs` is where the world's clock begins, since 1970; `promise` names the reservations that are to be made of the answer, or is null. */
  choose(question: Question, readied: Readied, zeroMs: number, promise: Pledge | null): Choice {
    const { router } = this.sim
    const { limits } = router
    this.parts = 0
    router.looksBeside = question.isBrief !== true
    limits.asked = askedOf(question)
    try {
      const all = (1 << readied.count) - 1
      const whole = this.search(question, readied, all, zeroMs, promise)
      if (whole !== null) return whole
      return this.chooseSome(question, readied, zeroMs, promise)
    } finally {
      limits.asked = null
    }
  }

  /** Some lines of the order as an order of their own; null where no set of shipments carries them all. */
  private search(question: Question, readied: Readied, lines: number, zeroMs: number, promise: Pledge | null): Choice | null {
    const { sim } = this
    const order = this.put(question, readied, lines, zeroMs)
    try {
      const parts = chooseShipments(sim, order, -1)
      if (parts === 0) return null
      return this.tell(question, readied, lines, order, parts, zeroMs, promise)
    } finally {
      forget(sim.pen, order)
    }
  }

  private put(question: Question, readied: Readied, lines: number, zeroMs: number): Parcel {
    let count = 0
    for (let i = 0; i < readied.count; i++) if ((lines >> i) & 1) this.some[count++] = readied.lines[i]
    const placedMs = Math.max(0, question.placedMs - zeroMs)
    return askAbout(
      this.sim.pen,
      numberOf(question.order),
      question.zone,
      this.some,
      count,
      placedMs,
      Math.max(0, question.promisedMs - zeroMs),
    )
  }

  /** What the search has bought, in names. */
  private tell(
    question: Question,
    readied: Readied,
    lines: number,
    order: Parcel,
    parts: number,
    zeroMs: number,
    promise: Pledge | null,
  ): Choice | null {
    const { sim, standing } = this
    const { S } = sim.network
    const { router } = sim
    const { routing } = this.policies
    const all = (1 << readied.count) - 1
    for (let i = 0; i < parts; i++) {
      this.lane[i] = router.partWarehouse[i] * S + router.partService[i]
      // Of the lines that were searched, back to those of the order.
      this.mask[i] = lines === all ? router.partMask[i] : spread(router.partMask[i], lines)
    }
    const shipments: DecidedShipment[] = []
    let price = 0
    standing.takeInHand(order)
    let isPooled = false
    for (let i = 0; i < parts; i++) {
      const asked = standing.stand(router.partWarehouse[i], router.partService[i], router.partMask[i])
      if (asked !== router.partPrice[i])
        misbehaved('routing', asked, `it has just answered ${router.partPrice[i]} for the same option`)
      // No truck ever goes: no policy can mean that.
      if (!(sim.option.departMs < Number.POSITIVE_INFINITY)) return null
      if (parts === 1 && routing.release !== undefined) isPooled = !routing.release(sim.option, routing.params)
      price = i === 0 ? asked : price + asked
      shipments.push(this.shipment(i, readied, asked, zeroMs, promise))
    }
    if (isPooled) return { ...NOTHING_CHOSEN, status: 'held', reason: 'pooled' }
    this.parts = parts
    const beside = question.isBrief === true ? NO_OTHER : this.runnerUp(order, parts)
    return {
      status: lines === all ? 'routed' : 'partial',
      reason: null,
      shipments,
      unfulfillable: [],
      priceCents: price,
      ...beside,
    }
  }

  private shipment(i: number, readied: Readied, price: number, zeroMs: number, promise: Pledge | null): DecidedShipment {
    const { sim, skus } = this
    const { option } = sim
    const { routing } = this.policies
    const at = (ms: number): number => Math.round(zeroMs + ms)
    return {
      warehouse: this.warehouses[option.warehouse],
      service: this.services[option.service],
      lines: readied.named(this.mask[i], ({ lineId, sku, units }) => ({ lineId, sku: skus[sku], units })),
      departMs: at(option.departMs),
      eta: {
        p10: at(option.etaMsP10),
        p50: at(option.etaMsP50),
        p90: at(option.etaMsP90),
        onTimeShare: 1 - option.lateShare,
      },
      terms: termRecord(termsOf(routing, option, routing.params, price), price),
      costCents: option.costCents,
      priceCents: price,
      co2Grams: option.co2Grams,
      congestion: { work: option.workPriceCents, room: option.roomPriceCents, stock: option.stockPriceCents },
      reservation: promise === null ? null : { id: `${promise.id}/${i}`, expiresMs: promise.expiresMs },
    }
  }

  /** The cheapest set that does without one of the chosen warehouses. */
  private runnerUp(order: Parcel, parts: number): Pick<Choice, 'runnerUpCents' | 'runnerUpWithout'> {
    const { sim } = this
    const { router, network } = sim
    const { limits, partPrice } = router
    const isPlain = parts === 1 && network.limits === null && this.policies.routing.limit === undefined && limits.asked === null
    if (isPlain) {
      const warehouse = router.partWarehouse[0]
      const beside = searchBeside(sim, order, warehouse)
      if (beside === BESIDE.found) return { runnerUpCents: router.besideCents, runnerUpWithout: this.warehouses[warehouse] }
      if (beside === BESIDE.none) return NO_OTHER
    }
    let least = Number.POSITIVE_INFINITY
    let without = -1
    for (let i = 0; i < parts; i++) {
      const warehouse = Math.floor(this.lane[i] / network.S)
      limits.barred = warehouse
      limits.most = mostBeside(parts)
      try {
        const others = chooseShipments(sim, order, -1)
        if (others === 0) continue
        let price = partPrice[0]
        for (let part = 1; part < others; part++) price += partPrice[part]
        if (price >= least) continue
        least = price
        without = warehouse
      } finally {
        limits.barred = -1
        limits.most = Number.POSITIVE_INFINITY
      }
    }
    return without < 0 ? NO_OTHER : { runnerUpCents: least, runnerUpWithout: this.warehouses[without] }
  }

  /** Not all of it can be shipped: those lines that can, where the sender takes a part, and of the others why not. */
  private chooseSome(question: Question, readied: Readied, zeroMs: number, promise: Pledge | null): Choice {
    const { count } = readied
    const reasons: (string | null)[] = []
    let there = 0
    for (let i = 0; i < count; i++) {
      const order = this.put(question, readied, 1 << i, zeroMs)
      const found = chooseShipments(this.sim, order, -1) > 0
      forget(this.sim.pen, order)
      reasons.push(found ? null : this.reasonFor(question, readied, i))
      if (found) there |= 1 << i
    }
    const full = (1 << count) - 1
    if (!question.shipComplete && there !== 0) {
      const some = this.largest(question, readied, there, full, zeroMs, promise)
      if (some !== null) {
        const missing = full & ~some.lines
        const unfulfillable = this.lacking(readied, missing, (i) => reasons[i] ?? 'no-set')
        return some.choice.status === 'held' ? some.choice : { ...some.choice, status: 'partial', unfulfillable }
      }
    }
    this.parts = 0
    const first = reasons.find((reason) => reason !== null) ?? 'no-set'
    const isHopeless = !question.shipComplete && reasons.every((reason) => reason === 'no-stock' || reason === 'no-service')
    return {
      ...NOTHING_CHOSEN,
      status: isHopeless ? 'unfulfillable' : 'held',
      reason: first,
      unfulfillable: this.lacking(readied, there === full ? full : full & ~there, (i) => reasons[i] ?? 'no-set'),
    }
  }

  /** The largest part of the lines that can be had together; of equals the one with the earlier lines. */
  private largest(
    question: Question,
    readied: Readied,
    there: number,
    full: number,
    zeroMs: number,
    promise: Pledge | null,
  ): { readonly choice: Choice; readonly lines: number } | null {
    const subsets: number[] = []
    for (let lines = there; lines > 0; lines = (lines - 1) & there) if (lines !== full) subsets.push(lines)
    subsets.sort((a, b) => bits(b) - bits(a) || a - b)
    for (const lines of subsets.slice(0, SUBSETS)) {
      const choice = this.search(question, readied, lines, zeroMs, promise)
      if (choice !== null) return { choice, lines }
    }
    return null
  }

  private lacking(readied: Readied, mask: number, reasonOf: (at: number) => string): Choice['unfulfillable'] {
    const lacking: { lineId: string; units: number; reason: string }[] = []
    for (let i = 0; i < readied.count; i++)
      if ((mask >> i) & 1) lacking.push(...readied.named(1 << i, ({ lineId, units }) => ({ lineId, units, reason: reasonOf(i) })))
    return lacking
  }

  /** Why a line cannot be shipped by itself. */
  private reasonFor({ allowed, services, zone, mustBeInTime }: Question, readied: Readied, i: number): string {
    const { world, network } = this.sim
    const { W, S, nearCount, nearLanes } = network
    let isThere = false
    const has = (w: number): boolean =>
      (allowed === null || allowed[w] === 1) && world.onHand[readied.sku(i) * W + w] >= readied.units(i)
    for (let w = 0; w < W; w++) if (has(w)) isThere = true
    if (!isThere) return 'no-stock'
    for (let at = 0; at < nearCount[zone]; at++) {
      const lane = nearLanes[2 * (zone * W * S + at)]
      const w = nearLanes[2 * (zone * W * S + at) + 1]
      if (has(w) && world.siteCapacity[w] > 0 && (services === null || services[lane - w * S] === 1))
        return mustBeInTime || network.limits?.mustBeInTime === true ? 'not-in-time' : 'refused'
    }
    return 'no-service'
  }
}

const NO_OTHER = { runnerUpCents: null, runnerUpWithout: null } as const

/** A choice of nothing. */
export const NOTHING_CHOSEN = {
  shipments: [],
  unfulfillable: [],
  priceCents: null,
  runnerUpCents: null,
  runnerUpWithout: null,
} as const

/** The question's own limits; null where it has none, so that it is searched as the simulator does. */
function askedOf({ allowed, services, maxShipments, co2GramsMax, mustBeInTime }: Question): AskedLimits | null {
  const isSplitFreely = maxShipments >= MAX_LINES
  if (allowed === null && services === null && !mustBeInTime && isSplitFreely && !Number.isFinite(co2GramsMax)) return null
  const most = isSplitFreely ? Number.POSITIVE_INFINITY : maxShipments
  return { allowed, services, maxShipments: most, co2Grams: co2GramsMax, mustBeInTime }
}

/** By name, what is said twice added up. A policy whose terms are another price than it asks has answered nonsense. */
function termRecord(terms: readonly Term[], price: number): Record<string, number> {
  const record: Record<string, number> = {}
  let sum = 0
  for (const { name, amount, weight } of terms) {
    const points = amount * weight
    record[name] = name in record ? record[name] + points : points
    sum += points
  }
  if (!(Math.abs(sum - price) <= SAME * Math.max(1, Math.abs(price))))
    misbehaved('routing', sum, `its terms add up to its price, ${price}`)
  return record
}

/** Bits of a set among those of a larger one: bit i becomes the i-th bit that is set in `among`. */
function spread(mask: number, among: number): number {
  let spreaded = 0
  for (let i = 0, at = 0; mask >> i > 0; at++) {
    if (((among >> at) & 1) === 0) continue
    if ((mask >> i) & 1) spreaded |= 1 << at
    i++
  }
  return spreaded
}

function bits(mask: number): number {
  let count = 0
  for (let rest = mask; rest > 0; rest &= rest - 1) count++
  return count
}

import { laneOfDeparture } from '../../policies/market/columns.ts'
import {
  type ExpectedMarket,
  expectedMarket,
  type Outlook,
  type Standing,
  type Waiting,
} from '../../policies/market/expected-market.ts'
import type { Assignment } from '../../policies/market/market.ts'
import { PLANNING } from '../../policies/market/plan-options.ts'
import { solvedWithin } from '../../policies/market/plan-prices.ts'
import type { LinearSolver } from '../../policies/market/solver.ts'
import { stepsOfSeconds } from '../../policies/market/steps.ts'
import { slotOf, slotsOf, workSupply } from '../../policies/market/supply.ts'
import { openRun, type RunSetup } from '../../sim/engine.ts'
import { simulate } from '../../sim/outcome.ts'
import type { Situation } from '../../sim/plan.ts'
import { HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { conditionAt } from './conditions.ts'
import type { Day } from './day.ts'
import { readyMs } from './fate.ts'
import { type RealisedMarket, realisedMarket } from './realised-market.ts'

/** What the day comes to for somebody who plans it as the bound does, and foresees nothing. */
export type WithoutForesight = {
  /** Cents of all orders together, in the bound's own terms: never below it. */
  readonly cents: number
  /** Share of the orders that are in time, 0 … 1. */
  readonly onTimeShare: number
  readonly plans: number
  /** When each order of the day was packed, NaN where it never was, and the lane (warehouse · services + service) it left by: [order of the day]. */
  readonly packedMs: Float64Array
  readonly lane: Int32Array
}

/** Orders are taken by the hands so many ms at a time. */
const STEP_MS = 5 * MINUTE_MS
/** As bid-price plans, unless somebody turns its knobs. */
const OUTLOOK: Outlook = {
  horizonMs: PLANNING.horizonHours * HOUR_MS,
  slotMs: PLANNING.slotMinutes * MINUTE_MS,
  troubleMs: 4 * HOUR_MS,
  demandFactor: 1,
}
const EVERY_MS = PLANNING.everyMinutes * MINUTE_MS
const GAP = 1e-3
/** What an hour's wait at the door counts for, in cents, so that of ways that cost the same the soonest is best: what has left is safe from what nobody foresees. */
const SOONER_CENTS = 0.5
const PLAN_SECONDS = 30

/**
 * The non-anticipative reference beside the bound in hindsight: the bound's own program, solved each hour, and whenever a site, a carrier or a forecast
 * changes, by somebody who knows the law of the demand and what stands at that moment (who waits, hands, places, weather, storms that are announced), and of what is
 * to come neither orders nor pace nor any shock. All that waits may be planned anew (Jasin & Sinha, Operations Research 63, 2015, section 5: a
 * program that is re-solved, followed as it says and not by its prices). Orders that come between two plans go by the ways
 * the last one had for such orders, in their shares.
 *
 * It is carried out in the bound's world and not in the simulator's: hands take the most urgent first, and nobody waits behind another. So what it
 * costs above the bound is what foresight would be worth to it, and what a policy costs above it, what single decisions, queues served in turn
 * and prices in place of plans cost. It is no bound itself: a cleverer plan might do better.
 *
 * For days of orders of one line, goods in plenty, and one kind of work: null for others. `setup` is a run of the day by any policy: of it only the clock, the weather and
 * what is announced are read.
 */
export function withoutForesight(day: Day, setup: RunSetup, solver: LinearSolver): WithoutForesight | null {
  if (!isPlain(day)) return null
  const run = new RollingPlan(day, solver)
  const { routing } = setup.policies
  const plan = (situation: Situation) => {
    run.planAt(situation)
    return { keptUntilMs: situation.nowMs + EVERY_MS }
  }
  simulate(openRun({ ...setup, solver, policies: { ...setup.policies, routing: { ...routing, plan } } }))
  return run.finish()
}

/** Whether all that runs short are the hands of one kind of work and places on trucks. */
function isPlain({ network, lineStart, count, stock, refilled, paidMs, sku, units }: Day): boolean {
  const asked = new Float64Array(network.K)
  for (let line = 0; line < sku.length; line++) asked[sku[line]] += units[line]
  return (
    lineStart[count] === count &&
    !refilled &&
    stock.every((there, shelf) => there === 0 || there >= asked[Math.floor(shelf / network.W)]) &&
    paidMs.every((ms) => !Number.isNaN(ms)) &&
    network.packParcelMs.every((ms) => ms === 0) &&
    network.packLineMs.every((ms) => ms === 0)
  )
}

/** A way that orders of one group take, and how many of them. */
type Way = {
  readonly lane: number
  readonly leavesMs: number
  /** The cut-off of the lane's last departure that is believed to make them no later than their own. */
  readonly dueMs: number
  readonly orders: number
  taken: number
}

const NOWHERE = -1

class RollingPlan {
  private readonly day: Day
  private readonly solver: LinearSolver
  private readonly market: RealisedMarket
  /** The day in steps, and of each warehouse the hand-ms there turn out to be. */
  private readonly steps: Float64Array
  private readonly capacityMs: Float64Array
  /** Orders by when they come. */
  private readonly byTime: Int32Array
  private readonly room: Float64Array
  /** Places that the last plan leaves to nobody. */
  private readonly spare: Float64Array
  private readonly laneOf: Int32Array
  /** The departure that each order heads for, or NOWHERE. */
  private readonly departure: Int32Array
  /** And when its lane's last departure goes by which it is no later. */
  private readonly dueMs: Float64Array
  private readonly packedMs: Float64Array
  private waiting: number[] = []
  private came = 0
  private step = 0
  /** Work put into the next parcel of each warehouse. */
  private readonly begunMs: Float64Array
  private ways = new Map<string, Way[]>()
  private kindOf: Int32Array = new Int32Array(0)
  private planSlots: Float64Array = new Float64Array(0)
  private cents = 0
  private inTime = 0
  private plans = 0

  constructor(day: Day, solver: LinearSolver) {
    const { conditions, network, clock, count, paidMs } = day
    this.day = day
    this.solver = solver
    this.market = realisedMarket(day)
    const { slotMs } = this.market.work
    const [fromMs, toMs] = [slotMs[0], slotMs[slotMs.length - 2]]
    this.steps = slotsOf(fromMs, STEP_MS, Math.floor((toMs - fromMs) / STEP_MS))
    const at = (timeMs: number): number => conditionAt(conditions, timeMs)
    const pace = (w: number, timeMs: number) => ({
      share: conditions.siteCapacity[at(timeMs)][w],
      slow: conditions.labour[at(timeMs)][w],
    })
    this.capacityMs = workSupply(network, this.steps, clock.weekStartMs, pace, conditions.fromMs).capacityMs
    this.byTime = Int32Array.from({ length: count }, (_, i) => i).sort((a, b) => paidMs[a] - paidMs[b] || a - b)
    this.room = this.market.departures.room.slice()
    this.spare = this.room.slice()
    this.laneOf = laneOfDeparture(this.market)
    this.departure = new Int32Array(count).fill(NOWHERE)
    this.dueMs = new Float64Array(count)
    this.packedMs = new Float64Array(count).fill(Number.NaN)
    this.begunMs = new Float64Array(network.W)
  }

  /** Plans for all that waits and all that is expected, from what stands in the situation. */
  planAt(situation: Situation): void {
    const { day, solver } = this
    this.runTo(situation.nowMs)
    if (this.came === day.count && this.waiting.length === 0) return
    const hours = expectedMarket(situation, OUTLOOK, this.standing())
    const believed = soonerFirst(hours, situation.nowMs)
    if (believed.groups.count === 0) return
    const found = solvedWithin(believed, solver, GAP, stepsOfSeconds(PLAN_SECONDS))
    if (found === null) return
    this.plans++
    const byGroup: Way[][] = Array.from({ length: believed.groups.count }, () => [])
    for (const one of found.assignments) byGroup[one.group].push(wayOf(hours, one))
    this.spare.set(this.room)
    for (const ways of byGroup)
      for (const { lane, leavesMs, orders } of ways) if (lane !== NOWHERE) this.spare[this.departureAt(lane, leavesMs)] -= orders
    const { kindOf } = believed.baskets
    this.kindOf = kindOf
    this.planSlots = believed.work.slotMs
    this.ways = new Map()
    const promised = new Map(believed.waiting.map((like, g) => [keyOfWaiting(like), byGroup[g]]))
    for (let g = believed.waiting.length; g < believed.groups.count; g++)
      this.ways.set(keyOfExpected(believed.groups.fromSlot[g], believed.zone[g], believed.kind[g]), byGroup[g])
    for (const i of this.waiting) {
      const key = keyOfWaiting({ zone: day.zone[i], promisedMs: day.promisedMs[i], kind: kindOf[day.sku[i]] })
      this.sendBy(i, promised.get(key) ?? [])
    }
  }

  /** What is left when nobody plans any more goes as was last said. */
  finish(): WithoutForesight {
    const { day, market } = this
    this.runTo(this.steps[this.steps.length - 1])
    for (let i = 0; i < day.count; i++) if (Number.isNaN(this.packedMs[i])) this.cents += market.costs.unservedCents(i)
    const { cents, plans, packedMs } = this
    const lane = this.departure.map((d) => (d === NOWHERE ? NOWHERE : this.laneOf[d]))
    return { cents, onTimeShare: this.inTime / day.count, plans, packedMs, lane }
  }

  private standing(): Standing {
    const { day, begunMs, market, room } = this
    return {
      waiting: () => this.waiting.map((i) => ({ zone: day.zone[i], promisedMs: day.promisedMs[i], sku: day.sku[i] })),
      // What is in hand has been worked on, and belongs to orders that wait: hands gain by it what they have put in.
      workMs: new Float64Array(2 * begunMs.length),
      takePlaces: (believed) => {
        const lanes = believed.first.length - 1
        for (let lane = 0; lane < lanes; lane++)
          for (let d = believed.first[lane]; d < believed.first[lane + 1]; d++) {
            const mine = this.departureAt(lane, believed.leavesMs[d])
            believed.room[d] = Math.max(0, believed.room[d] - (market.departures.room[mine] - room[mine]))
          }
      },
    }
  }

  /** Works through the day up to the last step that is over at an instant. */
  private runTo(timeMs: number): void {
    for (; this.step + 1 < this.steps.length && this.steps[this.step + 1] <= timeMs; this.step++) {
      const [fromMs, toMs] = [this.steps[this.step], this.steps[this.step + 1]]
      this.work(toMs)
      this.letCome(fromMs, toMs)
    }
  }

  /** Orders of a step come after its work: nobody is worked on before he is there. */
  private letCome(fromMs: number, toMs: number): void {
    const { day, byTime } = this
    for (; this.came < day.count && day.paidMs[byTime[this.came]] <= toMs; this.came++) {
      const i = byTime[this.came]
      const slot = slotOf(this.planSlots, Math.max(fromMs, day.paidMs[i]))
      this.sendBy(i, this.ways.get(keyOfExpected(slot, day.zone[i], this.kindOf[day.sku[i]])) ?? [])
      this.waiting.push(i)
    }
  }

  /** By the way of its group that is furthest behind its share. */
  private sendBy(i: number, ways: readonly Way[]): void {
    let best: Way | null = null
    let sum = 0
    let taken = 0
    for (const way of ways) {
      sum += way.orders
      taken += way.taken
    }
    let most = Number.NEGATIVE_INFINITY
    for (const way of ways) {
      const behind = (way.orders / sum) * (taken + 1) - way.taken
      if (behind <= most) continue
      most = behind
      best = way
    }
    if (best === null) this.departure[i] = this.cheapestOf(i)
    else {
      best.taken++
      this.dueMs[i] = best.dueMs
      this.departure[i] = best.lane === NOWHERE ? NOWHERE : this.caughtBy(i, this.departureAt(best.lane, best.leavesMs), 0)
    }
  }

  /** Where no plan says anything: the cheapest lane that is open, by its next departure. */
  private cheapestOf(i: number): number {
    const { market, day } = this
    const { firstDeparture, parcelCents, lineCents } = market.costs
    let best = NOWHERE
    let least = Number.POSITIVE_INFINITY
    for (let w = 0; w < market.warehouses; w++) {
      if (market.stock.units[day.sku[i] * market.warehouses + w] === 0) continue
      for (let s = 0; s < market.services; s++) {
        if (firstDeparture(i, w, s) < 0) continue
        const cents = parcelCents(i, w, s) + lineCents(i, w, s, 0)
        if (cents >= least) continue
        least = cents
        best = this.caughtBy(i, market.departures.first[w * market.services + s], 0)
      }
    }
    return best
  }

  /** The first departure of the lane from this one on that has a place and is not missed by whoever is done at an instant, his own work included. */
  private caughtBy(i: number, from: number, doneMs: number): number {
    const { day, market, room } = this
    const lane = this.laneOf[from]
    const w = Math.floor(lane / market.services)
    const { cutMs, first } = market.departures
    const ownMs = readyMs(day, day.number[i], w, 0, day.paidMs[i]) + market.work.parcelMs[2 * w] + market.work.lineMs[2 * w]
    let d = from
    while (d + 1 < first[lane + 1] && (cutMs[d] < Math.max(doneMs, ownMs) || room[d] < 1)) d++
    return d
  }

  /** Who is done before his time goes by what leaves sooner, where nobody is meant to have the place. */
  private soonestFor(i: number, doneMs: number): number {
    const { departure, laneOf, spare } = this
    const { first } = this.market.departures
    const own = this.caughtBy(i, departure[i], doneMs)
    for (let d = this.caughtBy(i, first[laneOf[own]], doneMs); d < own; d = this.caughtBy(i, d + 1, doneMs)) {
      if (spare[d] < 1) continue
      spare[d]--
      return d
    }
    return own
  }

  /** One step's hands of each warehouse, the most urgent first. */
  private work(toMs: number): void {
    const { market, waiting, departure, dueMs, begunMs, capacityMs, step } = this
    const { cutMs } = market.departures
    const T = this.steps.length - 1
    const queues: number[][] = Array.from({ length: market.warehouses }, () => [])
    for (const i of waiting) {
      if (departure[i] === NOWHERE) continue
      departure[i] = this.caughtBy(i, departure[i], toMs)
      queues[Math.floor(this.laneOf[departure[i]] / market.services)].push(i)
    }
    let done = 0
    queues.forEach((queue, w) => {
      const each = market.work.parcelMs[2 * w] + market.work.lineMs[2 * w]
      let handsMs = capacityMs[2 * w * T + step] + begunMs[w]
      queue.sort((a, b) => dueMs[a] - dueMs[b] || cutMs[departure[a]] - cutMs[departure[b]] || a - b)
      for (const i of queue) {
        if (handsMs < each) break
        handsMs -= each
        this.ship(i, this.soonestFor(i, toMs), toMs)
        done++
      }
      // Who has nothing to do has begun nothing.
      begunMs[w] = handsMs < each ? handsMs : 0
    })
    if (done > 0) this.waiting = waiting.filter((i) => Number.isNaN(this.packedMs[i]))
  }

  private ship(i: number, d: number, doneMs: number): void {
    const { market } = this
    const { parcelCents, lineCents, lateCents: late } = market.costs
    const lane = this.laneOf[d]
    const [w, s] = [Math.floor(lane / market.services), lane % market.services]
    this.room[d]--
    this.packedMs[i] = doneMs
    this.departure[i] = d
    const lateness = late(i, w, s, d)
    this.cents += parcelCents(i, w, s) + lineCents(i, w, s, 0) + lateness
    if (lateness === 0) this.inTime++
  }

  /** The departure of a lane that leaves then, or, where none does, the next. */
  private departureAt(lane: number, leavesMs: number): number {
    const { first, leavesMs: all } = this.market.departures
    let d = first[lane]
    while (d + 1 < first[lane + 1] && all[d] < leavesMs) d++
    return d
  }
}

/** The same market, where waiting costs a little. */
const soonerFirst = (market: ExpectedMarket, nowMs: number): ExpectedMarket => ({
  ...market,
  costs: {
    ...market.costs,
    lateCents: (g, w, s, d) =>
      market.costs.lateCents(g, w, s, d) + (SOONER_CENTS * (market.departures.leavesMs[d] - nowMs)) / HOUR_MS,
  },
})

function wayOf({ departures, services, costs }: ExpectedMarket, { group, orders, shipments }: Assignment): Way {
  if (shipments.length === 0) return { lane: NOWHERE, leavesMs: 0, dueMs: 0, orders, taken: 0 }
  const [{ warehouse, service, departure }] = shipments
  const lane = warehouse * services + service
  const own = costs.lateCents(group, warehouse, service, departure)
  let due = departure
  while (due + 1 < departures.first[lane + 1] && costs.lateCents(group, warehouse, service, due + 1) < own + 1) due++
  return { lane, leavesMs: departures.leavesMs[departure], dueMs: departures.cutMs[due], orders, taken: 0 }
}

const keyOfWaiting = ({ zone, promisedMs, kind }: Omit<Waiting, 'count'>): string => `${zone} ${promisedMs} ${kind}`
const keyOfExpected = (slot: number, zone: number, kind: number): string => `${slot} ${zone} ${kind}`

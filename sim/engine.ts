import { feed } from './agents/books.ts'
import { deliver, depart, reachHub, sendVans, sortWave } from './agents/carrier.ts'
import { arrive, arriveRecorded, freshHazard, losePatience, planArrival } from './agents/customers.ts'
import { pay } from './agents/dispatcher.ts'
import { comeBack } from './agents/endings.ts'
import { PULSE_MS, sceneEnds, setScene, takePulse } from './agents/scenery.ts'
import { receive, review } from './agents/supplier.ts'
import { changeShift, finishPack, finishPick, release } from './agents/warehouse.ts'
import { pop, schedule } from './apply/event-list.ts'
import { createRecord, createWorld, freeRecord, setActor, setClock, setState } from './apply/records.ts'
import { setHazardLeft, setWeatherOn } from './apply/scenery.ts'
import { recallDay, stockShelf } from './apply/stock.ts'
import { instantOf, nextInWeek, weekdayOf } from './calendar.ts'
import { check } from './check.ts'
import { PoissonCounts } from './distribution.ts'
import { nextVans } from './journey.ts'
import { KIND, PHASE_OF } from './kinds.ts'
import type { Ledger } from './ledger.ts'
import type { Network } from './network.ts'
import { Option } from './option.ts'
import type { Policies } from './policy.ts'
import { PromiseQuote } from './quote.ts'
import { type Dice, draw, PURPOSE } from './random.ts'
import type { ReplayOrders, ReplayOutcome } from './replay.ts'
import { routerScratch } from './router.ts'
import { clearSky, expectedOrders, isAnnounced, type Scene, type Sky } from './scene.ts'
import { ShelfHistory } from './shelf.ts'
import { chartHours, isClosed, type RunClock, type Sim } from './sim.ts'
import { DAY_MS, HOUR_MS } from './units.ts'
import { COUNT, dimensionsOf, eventMs, INBOUND_DAYS, kindOf, nowMs, type Parcel, REG, STATE, type WorldView } from './world.ts'

/** What a run needs; everything in it is plain data but the policies. */
export type RunSetup = {
  readonly network: Network
  readonly scene: Scene
  readonly clock: RunClock
  readonly dice: Dice
  readonly policies: Policies
  readonly replay: ReplayOrders | null
  readonly keepsOrigins: boolean
  /** For policies that plan; null where none does. */
  readonly solver: unknown
  /** Keeps what becomes of every order. A fork keeps none. */
  readonly ledger?: Ledger | null
}

/** A world on its first morning: shelves stocked, clockwork wound up, nobody there yet. */
export function openRun(setup: RunSetup): Sim {
  const sim = emptyRun(setup)
  const { pen, network } = sim
  for (let k = 0; k < network.K; k++)
    for (let w = 0; w < network.W; w++) {
      const units = network.initialStock[k * network.W + w]
      if (units > 0) stockShelf(pen, k, w, units)
    }
  recallDemand(sim, 0)
  windUp(sim, 0, 0)
  return sim
}

/**
 * A world at another instant than its first morning: its clock stands at `nowMs`, its clockwork goes on behind that instant, its last days of demand
 * are drawn as they usually are. Shelves are empty and nobody is there: whoever opens it puts in what is known (`twin/futures/project.ts`).
 */
export function openRunAt(setup: RunSetup, nowMs: number): Sim {
  const sim = emptyRun(setup)
  setClock(sim.pen, nowMs)
  recallDemand(sim, Math.floor(nowMs / DAY_MS))
  windUp(sim, nowMs, nowMs + 1)
  return sim
}

function emptyRun(setup: RunSetup): Sim {
  const { network, clock, replay } = setup
  const d = dimensionsOf(network)
  const hours = chartHours(clock)
  const actors = 6 + 3 * network.W + network.W * network.S + network.H
  // Room for what may be under way at once, so that the world need not grow in the middle of a run: growing is rare, and dear.
  const expected = replay === null ? expectedOrders(network, setup.scene, clock.lastOrderMs, clock.weekStartMs) : replay.count
  // In a run of a day or two all of them may be; in a longer one the first have arrived before the last are placed.
  const atOnce = Math.min(1.04 * expected, Math.max(0.75 * expected, 2.5 * network.ordersPerDay), 20 * network.ordersPerDay)
  const records = actors + 1024 + Math.ceil(atOnce)
  // Of what is under way a part waits in queues, and has no event.
  let buckets = 1024
  while (buckets < records / 2) buckets *= 2
  // Twice the longest mean lead time; the ring grows where a lead time is longer.
  let inboundDays = 8
  while (inboundDays < INBOUND_DAYS && inboundDays <= 2 * Math.max(...network.meanLeadDays)) inboundDays *= 2
  const pen = createWorld(d, {
    records,
    lines: 1024 + records,
    buckets,
    hours,
    inboundDays,
    priced: setup.policies.routing.plan === undefined ? 0 : 1,
    foreseen: setup.scene.storms.some(isAnnounced) ? 1 : 0,
    notes: 0,
    erring: setup.scene.stockErrors.length > 0 ? 1 : 0,
    learning: setup.policies.routing.learns === true ? 1 : 0,
  })
  const missing = (): Float64Array => new Float64Array(replay === null ? 0 : replay.count).fill(Number.NaN)
  const outcome = replay === null ? null : { approvedMs: missing(), handedOverMs: missing(), deliveredMs: missing() }
  return simOver(setup, { pen, outcome, sky: clearSky(network, setup.scene), spare: null })
}

/** What a run has of its own. */
type Belongings = {
  readonly pen: Sim['pen']
  readonly outcome: ReplayOutcome | null
  readonly sky: Sky
  /** An earlier run over the same pen whose scratch may serve again. */
  readonly spare: Sim | null
}

/** A run over a world that is there already. What it holds beside setup, world, outcome and sky is scratch that says nothing between two events. */
export function simOver(setup: RunSetup, { pen, outcome, sky, spare }: Belongings): Sim {
  const { network, scene, clock, dice, policies, replay, keepsOrigins } = setup
  const serves = spare?.pen === pen && spare.network === network && spare.clock.weekStartMs === clock.weekStartMs
  const scratch = serves ? spare : null
  const option = scratch?.option ?? new Option(pen, network, clock.weekStartMs)
  return {
    network,
    scene,
    clock,
    dice,
    policies,
    replay,
    keepsOrigins,
    world: pen,
    pen,
    outcome,
    ledger: setup.ledger ?? null,
    hubActor: FIRST_HUB,
    option,
    quote: scratch?.quote ?? new PromiseQuote(network, clock.weekStartMs),
    router: scratch?.router ?? routerScratch(pen, network, option),
    history: scratch?.history ?? new ShelfHistory(pen),
    sky,
    solver: setup.solver,
    witness: null,
    chooser: null,
    sides: null,
  }
}

/** What was asked for at home on the last days before a day. */
function recallDemand({ pen, network, dice, clock }: Sim, today: number): void {
  const shares = Array.from({ length: 7 }, (_, weekday) => dayShare(network, weekday))
  const thisWeekday = weekdayOf(today * DAY_MS, clock.weekStartMs)
  const counts = new PoissonCounts()
  for (let k = 0; k < network.K; k++) {
    for (let w = 0; w < network.W; w++) {
      const i = k * network.W + w
      const perDay = network.homeUnitsPerDay[i]
      if (perDay === 0) continue
      for (let weekday = 0; weekday < 7; weekday++) {
        const mean = perDay * shares[weekday]
        counts.aim(mean)
        // Days ago that fall on this weekday, counted back from this morning.
        for (let ago = ((thisWeekday - weekday + 6) % 7) + 1; ago <= 28; ago += 7) {
          recallDay(pen, k, w, today - ago, counts.at(draw(dice, i, PURPOSE.history, ago)))
        }
      }
    }
  }
}

/** Demand of a weekday beside the mean day. */
function dayShare(network: Network, weekday: number): number {
  let orders = 0
  for (let h = 0; h < 24; h++) orders += network.ordersInHour[weekday * 24 + h]
  return orders / network.ordersPerDay
}

/**
 * The fixed actors, each with its first event. Hubs have none until a parcel comes. Demand, hands and estimates are set at `nowMs`; what goes by a
 * timetable comes at or after `fromMs`.
 */
function windUp(sim: Sim, nowMs: number, fromMs: number): void {
  const { pen, network, clock, replay } = sim
  const actor = (kind: number, warehouse: number, service: number): Parcel => {
    const p = createRecord(pen)
    setActor(pen, p, kind, warehouse, service, 0)
    setState(pen, p, STATE.timer)
    return p
  }
  // Unset weather would be weather of zero: the first scene writes a calm one.
  setWeatherOn(pen, true)
  const start = (p: Parcel, kind: number, atMs: number) => schedule(pen, p, atMs, PHASE_OF[kind])
  // Records are given out in order: the loop finds the scene's, the arrivals' and the hubs' at the places named below.
  start(actor(KIND.scene, 0, 0), KIND.scene, nowMs)
  const arrivals = actor(KIND.arrival, 0, 0)
  if (replay === null) setHazardLeft(pen, freshHazard(sim, 0))
  else if (replay.count > 0) start(arrivals, KIND.arrival, replay.placedMs[0] + clock.dayZeroMs)
  start(actor(KIND.pulse, 0, 0), KIND.pulse, Math.ceil(nowMs / PULSE_MS) * PULSE_MS)
  start(actor(KIND.vans, 0, 0), KIND.vans, nextVans(network, fromMs, clock.weekStartMs))
  for (let h = 0; h < network.H; h++) {
    const p = actor(KIND.hubWave, 0, 0)
    check(p === FIRST_HUB + h, `hub ${h} has record ${p}`)
  }
  for (let w = 0; w < network.W; w++) {
    start(actor(KIND.shift, w, 0), KIND.shift, nowMs)
    start(actor(KIND.receive, w, 0), KIND.receive, nextDaily(fromMs, 5 * HOUR_MS))
    start(actor(KIND.review, w, 0), KIND.review, nextDaily(fromMs, network.reviewMs))
    for (let s = 0; s < network.S; s++) {
      const { atMs } = network.timetables[s]
      if (atMs.length === 0) continue
      const first = instantOf(atMs, nextInWeek(atMs, fromMs, clock.weekStartMs), fromMs, clock.weekStartMs)
      start(actor(KIND.departure, w, s), KIND.departure, first)
    }
  }
}

/** The first instant at or after one that is so long after a midnight. */
const nextDaily = (fromMs: number, clockMs: number): number => Math.ceil((fromMs - clockMs) / DAY_MS) * DAY_MS + clockMs

const SCENE = 0
const ARRIVALS = 1
/** After the pulse (2) and the vans (3). */
const FIRST_HUB = 4

/**
 * Handles the next event. False when the run is over: its end is reached, or no measured order is open and none can come.
 */
export function step(sim: Sim): boolean {
  const { world, pen, clock } = sim
  const p = pop(pen)
  const timeMs = eventMs(world, p)
  // Written so that it also holds where no event is left and there is no time.
  if (!(timeMs < clock.endMs) || (timeMs >= clock.measuredEndMs && isMeasured(world))) return false
  setClock(pen, timeMs)
  switch (kindOf(world, p)) {
    case KIND.scene:
      changeScene(sim)
      break
    case KIND.pulse:
      takePulse(sim)
      if (!isClosed(sim)) schedule(pen, p, timeMs + PULSE_MS, PHASE_OF[KIND.pulse])
      break
    case KIND.shift:
      changeShift(sim, p)
      break
    case KIND.receive:
      receive(sim, p)
      break
    case KIND.arrival:
      if (sim.replay === null) arrive(sim, p, eventMs(world, SCENE))
      else arriveRecorded(sim, p)
      break
    case KIND.paid:
      pay(sim, p)
      break
    case KIND.released:
      release(sim, p)
      break
    case KIND.pickedUp:
      finishPick(sim, p)
      break
    case KIND.packedUp:
      finishPack(sim, p)
      break
    case KIND.departure:
      depart(sim, p)
      break
    case KIND.atHub:
      reachHub(sim, p)
      break
    case KIND.hubWave:
      sortWave(sim, p)
      break
    case KIND.vans:
      sendVans(sim, p)
      break
    case KIND.delivered:
      deliver(sim, p)
      break
    case KIND.patience:
      losePatience(sim, p)
      freeRecord(pen, p)
      break
    case KIND.returned:
      comeBack(sim, p)
      break
    case KIND.review:
      review(sim, p)
      break
    case KIND.feed:
      feed(sim, p)
      break
  }
  return true
}

function changeScene(sim: Sim): void {
  setScene(sim)
  const ends = sceneEnds(sim)
  schedule(sim.pen, SCENE, ends, PHASE_OF[KIND.scene])
  if (sim.replay === null && nowMs(sim.world) < sim.clock.lastOrderMs) planArrival(sim, ARRIVALS, ends)
}

/** Every measured order has ended, and what is sent back of them has come. */
const isMeasured = (world: WorldView): boolean =>
  world.counts[COUNT.openCounted] === 0 && world.counts[COUNT.countedReturns] === 0

/** Events in one go: a loop that never returned would be compiled from its middle, and worse. */
const SOME_EVENTS = 2048

function runSome(sim: Sim): boolean {
  for (let i = 0; i < SOME_EVENTS; i++) if (!step(sim)) return false
  return true
}

/** Runs to the end; `watch`, where given, is called after every event. */
export function runToEnd(sim: Sim, watch?: (sim: Sim) => void): void {
  if (watch === undefined) {
    while (runSome(sim));
  } else {
    while (step(sim)) watch(sim)
  }
}

/**
 * Runs until the clock says `untilMs` or later; false when the run is over sooner. The event that brings the clock there is handled: to look
 * ahead at it would stir the event list, and a run that was stopped would not be byte for byte the one that was not.
 */
export function runUntil(sim: Sim, untilMs: number): boolean {
  for (;;) {
    for (let i = 0; i < SOME_EVENTS; i++) {
      if (sim.world.regs[REG.nowMs] >= untilMs) return true
      if (!step(sim)) return false
    }
  }
}

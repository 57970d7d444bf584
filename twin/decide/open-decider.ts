import type { RuleClock } from '../../policies/rules/order-in-hand.ts'
import { inlineMore } from '../../scenarios/inlining.ts'
import {
  bringUpToDate,
  copyPlan,
  copyStanding,
  decisionWorld,
  decisionWorldBeside,
  seeShelves,
  setInstant,
  tellShelf,
} from '../../sim/apply/decision-world.ts'
import { compileNetwork } from '../../sim/network.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { nowMs } from '../../sim/world.ts'
import { type Arm, type Assignment, armOf, bucketOf, unitOf } from '../rollout/assignment.ts'
import { type BeatMemory, Beats, Condemned } from './beats.ts'
import { NOTHING_CHOSEN, type Place, type Pledge } from './chooser.ts'
import type { Answered, Decider, Question } from './decider.ts'
import type { Choice, Degrade } from './decision.ts'
import { differs } from './differs.ts'
import { type Counted, Ground, type GroundMemory, PlanHalves } from './ground.ts'
import { type LoadPolicies, policiesFor } from './load-policies.ts'
import { type PromiseMemory, Promises } from './promises.ts'
import { Readied } from './readied.ts'
import { type Deadline, OverBudget, type Seat, type SeatCard, takeSeat } from './seat.ts'
import { type ShelfMemory, Shelves } from './shelves.ts'
import { warmUpQuestions } from './warm-up.ts'

/** Everything a decision thread needs, as plain data that can be posted to it: shared memory, and what the versions are called. */
export type DeciderSetup = {
  readonly spec: NetworkSpec
  readonly shelves: ShelfMemory
  readonly promises: PromiseMemory
  readonly beats: BeatMemory
  /** How many decision threads there may be at once. */
  readonly places: number
  readonly ground: GroundMemory
  readonly seats: readonly SeatCard[]
  /** Who decides where no version may: by rules that need no plan, and by what never changes. */
  readonly rules: SeatCard
  readonly still: SeatCard
  readonly assignment: Assignment
  readonly staleFeeds: readonly string[]
  readonly weekStartMs: number
  /** Where days begin for rule sets; null: day 0 is today. */
  readonly clock: RuleClock | null
  readonly bounds: LadderBounds
}

/** When decisions go down a step, and how long goods are kept; ms. */
export type LadderBounds = {
  /** A ground older than this is stale; one older than `deadWorldMs` says nothing of queues any more, and what never changes decides. */
  readonly staleWorldMs: number
  readonly deadWorldMs: number
  readonly stalePlanMs: number
  /** How often in a row a version may misbehave. */
  readonly strikes: number
  /** A thread that asks a policy for longer is given up. */
  readonly stallMs: number
  /** Goods are kept so long for an order that the twin does not come to see. */
  readonly holdMs: number
}

export const USUAL_BOUNDS: LadderBounds = {
  staleWorldMs: 30_000,
  deadWorldMs: 30 * 60_000,
  stalePlanMs: 2 * 3_600_000,
  strikes: 5,
  stallMs: 1000,
  holdMs: 30 * 60_000,
}

/** What the main thread tells decision threads beside what lies in shared memory; to be passed on to `hear` as it is. */
export type DeciderNews =
  | { readonly kind: 'seat'; readonly card: SeatCard }
  | { readonly kind: 'leave'; readonly version: string }
  | { readonly kind: 'assign'; readonly assignment: Assignment }
  | { readonly kind: 'feeds'; readonly stale: readonly string[] }

export type ThreadDecider = Decider & {
  /** Takes in what the main thread tells; resolves when it holds. Decisions go on meanwhile. */
  hear(news: DeciderNews): Promise<void>
}

/** The decider of one thread; `thread` counts from 0, and no two that live use the same. */
export async function openDecider(setup: DeciderSetup, thread: number, load: LoadPolicies = policiesFor): Promise<ThreadDecider> {
  inlineMore()
  const decider = new OneDecider(setup, thread, load)
  for (const card of [setup.rules, setup.still, ...setup.seats]) await decider.hear({ kind: 'seat', card })
  return decider
}

/** Goods that somebody else was quicker to take are looked for again, so often. */
const TRIES = 16
/** Orders that a version is asked before it counts as ready, and how many of them in one turn of the loop. */
const WARM_UP = 600
const WARM_UP_SLICE = 30
/** A version that is slow is not waited for: so long in all, and so long for one order, ms. */
const WARM_UP_MS = 400
const WARM_UP_ORDER_MS = 50
const NEVER = Number.POSITIVE_INFINITY

type Climbed = {
  readonly choice: Choice
  readonly seat: Seat | null
  readonly degraded: Degrade | null
  readonly because: string | null
}

class OneDecider implements ThreadDecider {
  private readonly setup: DeciderSetup
  private readonly thread: number
  private readonly load: LoadPolicies
  private readonly place: Place
  private readonly ground: Ground
  private readonly beats: Beats
  private readonly shelves: Shelves
  private readonly promises: Promises
  private readonly readied = new Readied()
  private readonly deadline: Deadline = { ms: NEVER }
  private readonly clock: { dayZeroMs: number; weekStartMs: number }
  private readonly seats = new Map<string, Seat>()
  private readonly plans = new Map<string, PlanHalves>()
  private readonly regions: readonly string[]
  /** The ground as it was laid, and as it is with what was decided since: the world that all seats share but for their plans. */
  private readonly laid: ReturnType<typeof decisionWorld>
  private readonly live: ReturnType<typeof decisionWorld>
  private readonly counted: Counted
  private assignment: Assignment
  private staleFeeds: readonly string[]
  private number = 0
  private asOfMs = 0
  private zeroMs = 0
  private madeMs = 0
  private turn = -1
  private underWay = 0
  private tail: Promise<void> = Promise.resolve()
  private readonly lines = new Uint32Array(8)

  constructor(setup: DeciderSetup, thread: number, load: LoadPolicies) {
    const { spec, ground } = setup
    const network = compileNetwork(spec)
    this.setup = setup
    this.thread = thread
    this.load = load
    this.place = { network, spec, weekStartMs: setup.weekStartMs }
    this.ground = new Ground(ground)
    this.beats = new Beats(setup.beats)
    this.shelves = new Shelves(setup.shelves)
    this.promises = new Promises(setup.promises, this.shelves)
    this.clock = { dayZeroMs: setup.clock?.dayZeroMs ?? 0, weekStartMs: setup.clock?.weekStartMs ?? setup.weekStartMs }
    this.regions = spec.zones.map(({ region }) => region)
    this.laid = decisionWorld(ground.d, ground.size)
    this.live = decisionWorld(ground.d, ground.size)
    this.counted = { parcels: new Int32Array(network.W), byLane: new Int32Array(network.W * network.S) }
    this.assignment = setup.assignment
    this.staleFeeds = setup.staleFeeds
  }

  /** One after the other: an assignment never comes before the versions that it names. */
  hear(news: DeciderNews): Promise<void> {
    this.underWay++
    const heard = this.tail.then(() => this.takeIn(news))
    this.tail = heard.catch(() => {}).finally(() => this.underWay--)
    return heard
  }

  private async takeIn(news: DeciderNews): Promise<void> {
    switch (news.kind) {
      case 'seat': {
        const { card } = news
        const policies = await this.load(card.contestant, this.clock)
        const size = card.plan?.size ?? { priced: 0, foreseen: 0, notes: 0, erring: 0 }
        const pen = decisionWorldBeside(this.live, size)
        const plan = card.plan === null ? null : new PlanHalves(this.setup.ground.d, card.plan)
        if (plan !== null) this.plans.set(card.version, plan)
        if (plan !== null && this.ground.number > 0)
          this.ground.read((_world, _head, _counted, half) => copyPlan(plan.half(half), pen))
        const seat = takeSeat(card, this.place, policies, pen, this.deadline)
        await this.warmUp(seat)
        this.seats.set(card.version, seat)
        break
      }
      case 'leave':
        this.seats.delete(news.version)
        this.plans.delete(news.version)
        break
      case 'assign':
        this.turnTo(news.assignment)
        break
      case 'feeds':
        this.staleFeeds = news.stale
        break
    }
  }

  /** Asks a version some orders that nobody has sent, a few at a time, so that its first real one is answered as soon as any other. */
  private async warmUp(seat: Seat): Promise<void> {
    const { beats, thread, readied } = this
    if (this.ground.number === 0 || beats.isBenched(seat.seat)) return
    const questions = warmUpQuestions(this.place.spec, WARM_UP)
    const until = performance.now() + WARM_UP_MS
    for (let n = 0; n < WARM_UP && performance.now() < until; n++) {
      if (n % WARM_UP_SLICE === 0) {
        await new Promise((resolve) => setImmediate(resolve))
        if (this.ground.number !== this.number) this.adopt()
      }
      const { promisedMs } = questions[n]
      const question = { ...questions[n], placedMs: this.asOfMs, promisedMs: this.asOfMs + promisedMs }
      readied.take(question)
      this.look(question, this.asOfMs)
      setInstant(seat.pen, this.laid, nowMs(this.laid))
      this.deadline.ms = performance.now() + WARM_UP_ORDER_MS
      beats.ask(thread, seat.seat)
      try {
        seat.chooser.choose(question, readied, this.zeroMs, null)
      } catch {
        // What is wrong with it will be said of a real order.
      }
      beats.rest(thread)
    }
  }

  assign(assignment: Assignment): void {
    if (this.underWay > 0) void this.hear({ kind: 'assign', assignment })
    else this.turnTo(assignment)
  }

  private turnTo(assignment: Assignment): void {
    if (assignment.generation >= this.assignment.generation) this.assignment = assignment
  }

  release(id: string): boolean {
    return this.promises.release(id)
  }

  decide(question: Question, commit: boolean, id: string): Answered {
    const started = performance.now()
    const { setup, assignment, readied } = this
    if (this.ground.number !== this.number) this.adopt()
    const atMs = Math.max(this.ground.clockMs, this.asOfMs)
    const { arm, propensity } = this.armOf(question, atMs)
    const ageMs = Math.max(0, Date.now() - this.madeMs)
    const promise = commit ? { id, expiresMs: atMs + setup.bounds.holdMs } : null
    readied.take(question)
    let answer: Climbed | null = null
    let other: Answered['other'] = null
    let servedInstead: string | null = null
    let stock: readonly number[] = []
    for (let tries = 0; answer === null; tries++) {
      // A ground of before anything was told says nothing: its clock is not even in our century.
      const isBlank = this.number === 0 || this.asOfMs === 0
      if (isBlank || readied.isTooLarge) {
        answer = nothing(isBlank ? 'no-world' : 'too-large')
        break
      }
      this.look(question, atMs)
      stock = this.inSight(question)
      this.deadline.ms = started + question.budgetMs
      const first = this.askArm(question, arm, promise, ageMs)
      servedInstead = first.servedInstead
      this.deadline.ms = started + question.budgetMs
      other = this.askOther(question, first.climbed)
      const aside = commit ? this.setAside(question, id, first.climbed, promise?.expiresMs ?? 0) : 'done'
      if (aside === 'done') answer = first.climbed
      else if (aside === 'full') answer = nothing('no-room')
      else if (tries >= TRIES) answer = nothing('contended')
    }
    this.beats.rest(this.thread)
    const tookMs = performance.now() - started
    const decided = answer.seat
    return {
      choice: answer.choice,
      by: {
        version: decided?.version ?? assignment.stable,
        digest: decided?.digest ?? '',
        arm,
        propensity,
        rollout: assignment.rollout?.id ?? null,
        generation: assignment.generation,
        servedInstead,
      },
      other,
      seen: {
        world: this.number,
        asOfMs: this.asOfMs,
        ageMs,
        planAgeMs: decided === null ? null : planAgeOf(decided),
        staleFeeds: this.staleFeeds,
        stock,
      },
      degraded: answer.degraded,
      // All was looked at, and it took too long: what was found stands, and it is said.
      degradedBecause: answer.because ?? (tookMs > question.budgetMs ? `it took ${tookMs.toFixed(1)} ms` : null),
      tookUs: Math.round(tookMs * 1000),
      atMs,
    }
  }

  /** Takes the newest ground. */
  private adopt(): void {
    const { laid, live, counted, plans, seats } = this
    this.number = this.ground.read((world, head, since, half) => {
      copyStanding(world, laid)
      copyStanding(world, live)
      counted.parcels.set(since.parcels)
      counted.byLane.set(since.byLane)
      for (const [version, plan] of plans) {
        const seat = seats.get(version)
        if (seat !== undefined) copyPlan(plan.half(half), seat.pen)
      }
      this.asOfMs = head.asOfMs
      this.zeroMs = head.zeroMs
      this.madeMs = head.madeMs
    })
    this.turn = -1
    if (this.setup.clock === null) this.clock.dayZeroMs = Math.floor((this.asOfMs - this.zeroMs) / DAY_MS) * DAY_MS
  }

  /** Looks at the goods that are asked for, at the load since the ground was laid, and at the clock. */
  private look({ told }: Question, atMs: number): void {
    const { shelves, laid, live, readied } = this
    for (let i = 0; i < readied.count; i++) seeShelves(live, readied.sku(i), shelves.free)
    if (told !== null)
      // What was promised of it and no world has seen is promised all the same.
      for (const [shelf, units] of told) tellShelf(live, shelf, units - (shelves.seen[shelf] - shelves.free[shelf]))
    const { turn } = shelves
    if (turn !== this.turn) {
      this.turn = turn
      bringUpToDate(live, laid, shelves.parcels, shelves.byLane, this.counted)
    }
    const instant = nowMs(laid) + Math.max(0, atMs - this.asOfMs)
    for (const seat of this.seats.values()) setInstant(seat.pen, laid, instant)
  }

  /** Place in the question's lines, place of the warehouse, units in sight: for each that had some. */
  private inSight({ lines }: Question): readonly number[] {
    const { W } = this.place.network
    const { onHand } = this.live
    const stock: number[] = []
    for (let i = 0; i < lines.length; i++)
      for (let w = 0; w < W; w++) {
        const units = onHand[lines[i].sku * W + w]
        if (units > 0) stock.push(i, w, units)
      }
    return stock
  }

  private armOf(question: Question, atMs: number): { readonly arm: Arm; readonly propensity: number } {
    const { rollout } = this.assignment
    if (rollout === null || rollout.share === 0) return { arm: 'stable', propensity: 1 }
    const { order, customer, zone } = question
    const unit = unitOf(rollout, { order, customer, region: this.regions[zone], atMs })
    const arm = armOf(rollout.share, bucketOf(rollout.salt, unit))
    const { share } = rollout
    const propensity = arm === 'candidate' ? share : arm === 'control' ? Math.min(share, 1 - share) : 1 - 2 * share
    return { arm, propensity }
  }

  /** The version of the arm, or who serves instead of it. */
  private askArm(
    question: Question,
    arm: Arm,
    promise: Pledge | null,
    ageMs: number,
  ): { readonly climbed: Climbed; readonly servedInstead: string | null } {
    const { bounds, rules, still } = this.setup
    const { stable, rollout } = this.assignment
    let servedInstead: string | null = null
    let because: string | null = null
    const asked = (version: string): Choice | null => {
      const answer = this.ask(version, question, promise)
      if (typeof answer !== 'string') return answer
      because = because === null ? answer : `${because}; ${answer}`
      return null
    }
    const answered = (version: string, choice: Choice, degraded: Degrade | null): Climbed => ({
      choice,
      seat: this.seats.get(version) ?? null,
      degraded,
      because: degraded === null ? null : because,
    })
    if (ageMs <= bounds.deadWorldMs) {
      if (arm === 'candidate' && rollout !== null) {
        const choice = asked(rollout.candidate)
        if (choice !== null) return { climbed: this.stamped(answered(rollout.candidate, choice, null), ageMs), servedInstead }
        servedInstead = because
        because = null
      }
      const choice = asked(stable)
      if (choice !== null) return { climbed: this.stamped(answered(stable, choice, null), ageMs), servedInstead }
      // Whoever comes now is quick, and must answer.
      this.deadline.ms = NEVER
      const ruled = asked(rules.version)
      if (ruled !== null) return { climbed: answered(rules.version, ruled, 'rules'), servedInstead }
    } else because = `the last world was made ${Math.round(ageMs / 1000)} s ago`
    this.deadline.ms = NEVER
    const choice = asked(still.version)
    if (choice !== null) return { climbed: answered(still.version, choice, 'static'), servedInstead }
    return { climbed: { ...nothing('misbehaved'), degraded: 'static', because }, servedInstead }
  }

  /** What a policy says that decides by an old plan, or on an old world. */
  private stamped(climbed: Climbed, ageMs: number): Climbed {
    const { bounds } = this.setup
    if (ageMs > bounds.staleWorldMs)
      return { ...climbed, degraded: 'stale-world', because: `the last world was made ${Math.round(ageMs / 1000)} s ago` }
    const { seat } = climbed
    if (seat === null || seat.plan === null) return climbed
    const { routing } = seat.chooser.policies
    const planAgeMs = planAgeOf(seat)
    const rung = routing.rung?.({ planAgeMs: planAgeMs ?? NEVER, stateAgeMs: ageMs }, routing.params)
    if (rung === 'rules' || rung === 'static')
      return { ...climbed, degraded: rung, because: `the version itself decided by ${rung}` }
    if (planAgeMs === null) return { ...climbed, degraded: 'stale-prices', because: 'no plan has been made yet' }
    if (planAgeMs <= bounds.stalePlanMs && rung !== 'stale prices') return climbed
    return { ...climbed, degraded: 'stale-prices', because: `its plan was made ${Math.round(planAgeMs / 60_000)} min ago` }
  }

  /** A version's answer, or in words why there is none. */
  private ask(version: string, question: Question, promise: Pledge | null): Choice | string {
    const { beats, thread, setup } = this
    const seat = this.seats.get(version)
    if (seat === undefined) return `${version} is not ready on this thread`
    if (beats.isBenched(seat.seat)) return `${version} is benched: it misbehaved ${beats.strikes(seat.seat)} times in a row`
    beats.ask(thread, seat.seat)
    try {
      const choice = seat.chooser.choose(question, this.readied, this.zeroMs, promise)
      beats.write(thread)
      beats.behave(seat.seat)
      return choice
    } catch (cause) {
      if (cause instanceof Condemned) throw cause
      beats.write(thread)
      const why = cause instanceof Error ? cause.message : String(cause)
      if (cause instanceof OverBudget) return `${version} was not done after ${question.budgetMs} ms`
      const strikes = beats.strike(seat.seat)
      if (strikes >= setup.bounds.strikes) beats.bench(seat.seat, true)
      return `${version} misbehaved (${strikes} in a row): ${why}`
    }
  }

  /** The other side of a rollout that logs both, of the same goods in sight; nothing is set aside for it. */
  private askOther(question: Question, { choice, seat }: Climbed): Answered['other'] {
    const { rollout, stable } = this.assignment
    if (rollout === null || !rollout.logsBoth || seat === null) return null
    const version = seat.version === rollout.candidate ? stable : rollout.candidate
    const answer = this.ask(version, question, null)
    return typeof answer === 'string' ? null : { version, choice: answer, differs: differs(choice, answer) }
  }

  /** All goods of all shipments, or none: where somebody else was quicker, or there is no room to remember it. */
  private setAside(
    { order, told }: Question,
    id: string,
    { choice, seat }: Climbed,
    endsMs: number,
  ): 'done' | 'contended' | 'full' {
    if (seat === null || choice.shipments.length === 0) return 'done'
    const { shelves, promises, readied, lines } = this
    const { W, S } = this.place.network
    const { parts, lane, mask } = seat.chooser
    let isHad = true
    let takenParts = 0
    for (; isHad && takenParts < parts; takenParts++) {
      const w = Math.floor(lane[takenParts] / S)
      let taken = 0
      for (let i = 0; i < readied.count && isHad; i++) {
        if (((mask[takenParts] >> i) & 1) === 0) continue
        const shelf = readied.sku(i) * W + w
        const counted = told?.get(shelf)
        isHad = shelves.take(shelf, readied.units(i), counted === undefined ? 0 : shelves.seen[shelf] - counted)
        if (isHad) taken |= 1 << i
      }
      if (!isHad) this.putBack(w, taken)
    }
    let kept = 0
    for (; isHad && kept < parts; kept++) {
      const count = this.linesOf(lane[kept], mask[kept])
      if (!promises.keep(id, order, { lane: lane[kept], count, lines }, endsMs)) {
        // No room to remember it: then it is not promised either.
        for (let i = kept; i < parts; i++) this.putBack(Math.floor(lane[i] / S), mask[i])
        promises.release(id)
        return 'full'
      }
    }
    if (!isHad) for (let i = 0; i < takenParts - 1; i++) this.putBack(Math.floor(lane[i] / S), mask[i])
    return isHad ? 'done' : 'contended'
  }

  private putBack(w: number, mask: number): void {
    const { shelves, readied } = this
    const { W } = this.place.network
    for (let i = 0; i < readied.count; i++) if ((mask >> i) & 1) shelves.giveBack(readied.sku(i) * W + w, readied.units(i))
  }

  private linesOf(lane: number, mask: number): number {
    const { W, S } = this.place.network
    const w = Math.floor(lane / S)
    let count = 0
    for (let i = 0; i < this.readied.count; i++)
      if ((mask >> i) & 1) this.lines[count++] = ((this.readied.sku(i) * W + w) << 8) | this.readied.units(i)
    return count
  }
}

const DAY_MS = 86_400_000

const nothing = (reason: string): Climbed => ({
  choice: { ...NOTHING_CHOSEN, status: 'held', reason },
  seat: null,
  degraded: null,
  because: null,
})

/** How old the plan is that a seat decides by; null where it has none. */
function planAgeOf({ plan, chooser }: Seat): number | null {
  if (plan === null) return null
  const { planAgeMs } = chooser.sim.option
  return planAgeMs === NEVER ? null : planAgeMs
}

import { randomBytes } from 'node:crypto'
import type { Book, BookEntry, NewEntry } from '../book/book.ts'
import type { Decision } from '../decide/decision.ts'
import type { Evidence, Verdict } from '../judge/evidence.ts'
import type { Registry } from '../registry/version.ts'
import { HttpProblem } from '../server/problem-json.ts'
import type { Twin } from '../server/twin.ts'
import { type Acts, aboutRollout, rolloutIn } from './act.ts'
import { assignmentOf } from './assign.ts'
import type { Assignment } from './assignment.ts'
import type { Bundles } from './bundles.ts'
import type { Reported } from './facts.ts'
import { activeOf, afterEntry, foldRollouts, isActive, queueOf, type Rollout, type Rollouts } from './fold.ts'
import { BEATS } from './lease.ts'
import { Ledger } from './ledger.ts'
import { actBy, beforeJudging, JUDGE, type Judged, moveOf, type Readings } from './move.ts'
import type { RolloutPlan } from './plan.ts'
import { STABLE } from './read-plan.ts'
import { heardOf, peakOf, watermarkOf } from './readings.ts'

/** Decisions as they were kept, and as they come. */
export type Decisions = {
  /** Those that are durable, from about an instant on, in batches; more may come than were asked for. */
  since(atMs: number): AsyncIterable<readonly Decision[]>
  /** Called with decisions after they are durable. Returns what ends the listening. */
  onDecisions(listener: (decisions: readonly Decision[]) => void): () => void
}

export type DeskParts = {
  readonly book: Book
  readonly registry: Registry
  readonly bundles: Bundles
  readonly twin: Pick<Twin, 'state' | 'feeds' | 'now' | 'onApplied'>
  readonly decisions: Decisions
  readonly judge: (evidence: Evidence) => Verdict
  /** Who decides where nobody has pointed the alias stable anywhere yet. */
  readonly fallback: string
  readonly regionOf: (zone: string) => string
  readonly offsetMinutes: number
  /** Whether the twin's forecasts hold at present; without it they do not. */
  readonly twinHolds?: () => boolean
  readonly reported?: (order: string) => Reported
  /** Called with orders of which outcomes were reported. */
  readonly onReported?: (listener: (orders: readonly string[]) => void) => () => void
  /** What makes a salt like no other; drawn where it is not given, so that nobody can choose his side. */
  readonly drawSalt?: () => string
  readonly onTrouble: (error: Error) => void
}

type Step = { readonly seq: number; readonly step: number; readonly share: number }
type Open = {
  readonly id: string
  readonly ledger: Ledger
  ready: boolean
  judged: Judged | null
  readonly waiting: (readonly Decision[])[]
}

/** The clock is asked so often whether a look is due, ms of this machine. */
const TICK_MS = 1000
const TRIES = 5

/**
 * Where rollouts are kept on their way: it looks when a look is due, asks the judge, and does what the rules say, through the book alone. All it
 * knows can be made again from the book, the decision log and the twin, so it can be stopped at any moment.
 */
export class RolloutDesk {
  private readonly parts: DeskParts
  private rollouts: Rollouts
  private readonly steps = new Map<string, Step[]>()
  private open: Open | null = null
  private told: Assignment
  private readonly listeners = new Set<(assignment: Assignment) => void>()
  private readonly changes = new Set<(id: string) => void>()
  private readonly ends: (() => void)[] = []
  private lookedMs = Number.NEGATIVE_INFINITY
  private looks: Promise<unknown> = Promise.resolve()
  private isDueLooking = false
  private settling: Promise<void> = Promise.resolve()
  private beatMs = 0
  private closed = false

  private constructor(parts: DeskParts) {
    this.parts = parts
    const entries = parts.book.entries()
    this.rollouts = foldRollouts(entries)
    for (const entry of entries) this.noteStep(entry)
    this.told = this.assignment()
  }

  /** Takes up what the book says: an effect that a stop cut short is done, and the evidence of the rollout under way is gathered again. */
  static async open(parts: DeskParts): Promise<RolloutDesk> {
    const desk = new RolloutDesk(parts)
    const { book, registry, twin, decisions, onReported } = parts
    desk.ends.push(
      book.onEntry((entry) => desk.heard(entry)),
      registry.onMoved(() => {
        desk.tell()
        // Somebody changed what decides: whether that ends what is under way is asked at once.
        desk.lookedMs = Number.NEGATIVE_INFINITY
        desk.tick()
      }),
      decisions.onDecisions((batch) => desk.decided(batch)),
      twin.onApplied((events) => {
        if (desk.open?.ready === true) desk.open.ledger.told(events)
        desk.tick()
      }),
    )
    if (onReported !== undefined)
      desk.ends.push(onReported((orders) => orders.forEach((order) => void desk.open?.ledger.reportedOf(order))))
    await desk.gather()
    await desk.settle()
    const timer = setInterval(() => {
      desk.tick()
      desk.beat()
    }, TICK_MS)
    desk.ends.push(() => clearInterval(timer))
    return desk
  }

  all(): readonly Rollout[] {
    return [...this.rollouts.all.values()]
  }

  get(id: string): Rollout | null {
    return this.rollouts.all.get(id) ?? null
  }

  active(): Rollout | null {
    return activeOf(this.rollouts)
  }

  /** All rollouts as the book has them. */
  state(): Rollouts {
    return this.rollouts
  }

  /** What the twin says of a plan, to be written down when it starts. */
  foretold(plan: RolloutPlan): Evidence['twin'] {
    return plan.foreseen ?? null
  }

  /** Keeps the bundle of a look, before anything refers to it. */
  keep({ evidence }: Judged): void {
    this.parts.bundles.keep(evidence)
  }

  /** Who decides for what, now. */
  assignment(): Assignment {
    return assignmentOf(this.rollouts, this.stable())
  }

  /** Called with each change within the turn in which it became durable, and again and again as a sign of life. Returns what ends it. */
  onAssignment(listener: (assignment: Assignment) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Called with the id of a rollout after something about it was written. */
  onChange(listener: (id: string) => void): () => void {
    this.changes.add(listener)
    return () => this.changes.delete(listener)
  }

  /** The last look at the rollout under way, kept or not; null: none yet, or it is not under way. */
  judged(id: string): Judged | null {
    return this.open?.id === id ? this.open.judged : null
  }

  ledger(id: string): Ledger | null {
    return this.open?.id === id && this.open.ready ? this.open.ledger : null
  }

  /** Everything about a rollout in the book. */
  trail(id: string): readonly BookEntry[] {
    const about = aboutRollout(id)
    return this.parts.book.entries().filter((entry) => entry.about === about)
  }

  async draft(plan: RolloutPlan, who: string): Promise<Rollout> {
    const stable = plan.stable === STABLE ? this.stable().version : plan.stable
    for (let i = 0; i < TRIES; i++) {
      const last = this.parts.book.last()
      const id = `r-${last + 1}`
      const body: Acts['rollout.drafted'] = { plan: { ...plan, stable }, salt: `${id}-${(this.parts.drawSalt ?? drawSalt)()}` }
      const entry = await this.parts.book.append({ who, about: aboutRollout(id), type: 'rollout.drafted', body }, last)
      const made = entry === null ? null : this.get(id)
      if (made !== null) return made
    }
    throw busy()
  }

  /**
   * Writes what somebody wants, if it is allowed by what is so at the moment of writing: `decide` is asked again where the book has gone on. Then
   * what it leads to is done.
   */
  async write(id: string, decide: (rollout: Rollout) => NewEntry): Promise<Rollout> {
    const { book } = this.parts
    for (let i = 0; i < TRIES; i++) {
      const last = book.last()
      const rollout = this.get(id)
      if (rollout === null) throw new HttpProblem(404, `There is no rollout ${id}; GET /v1/rollouts lists those there are.`)
      const entry = decide(rollout)
      if (afterEntry(this.rollouts, { ...entry, seq: last + 1, atMs: this.rollouts.atMs }).refused.includes(last + 1))
        throw new HttpProblem(409, `${entry.type.replace('rollout.', '')} is not possible while it is ${rollout.state}.`)
      if ((await book.append(entry, last)) === null) continue
      await this.settle()
      return this.get(id) ?? rollout
    }
    throw busy()
  }

  /** The evidence of this moment and its verdict. */
  judge(): Judged | null {
    const rollout = this.active()
    if (rollout === null || this.open?.id !== rollout.id || !this.open.ready || rollout.state === 'rolling-back') return null
    const { parts } = this
    const { ledger } = this.open
    const nowMs = parts.twin.now()
    ledger.settle(watermarkOf(parts.twin.feeds.feeds(nowMs), nowMs).ms)
    const evidence = ledger.evidence({
      asOfMs: Math.max(nowMs, rollout.startedMs ?? nowMs),
      endsMs: rollout.state === 'live' ? null : rollout.endsMs,
      twin: rollout.twin,
      twinHolds: parts.twinHolds?.() ?? false,
    })
    const judged = { evidence, verdict: parts.judge(evidence) }
    this.open.judged = judged
    return judged
  }

  readings(): Readings {
    const { twin } = this.parts
    const nowMs = twin.now()
    const feeds = twin.feeds.feeds(nowMs)
    const { ms, sources } = watermarkOf(feeds, nowMs)
    const ledger = this.open?.ready === true ? this.open.ledger : null
    return {
      nowMs,
      heardMs: heardOf(feeds),
      decidedMs: ledger?.lastDecidedMs ?? null,
      shadowed: ledger?.shadow.orders ?? 0,
      offPolicy: ledger?.offPolicy() ?? [],
      mislabelled: ledger?.counts.mislabelled ?? 0,
      watermarkMs: ms,
      sources,
      peak: peakOf(twin.state, nowMs),
      stable: this.stable(),
    }
  }

  /** One look: at most one act. Returns what was written, or null. Looks follow each other. */
  look(): Promise<BookEntry | null> {
    const look = this.looks.then(() => this.lookNow())
    this.looks = look.catch(() => null)
    return look
  }

  private async lookNow(): Promise<BookEntry | null> {
    await this.settle()
    this.lookedMs = this.parts.twin.now()
    const { book } = this.parts
    const last = book.last()
    const rollout = this.active()
    if (rollout === null) return this.startQueued(last)
    if (this.open?.id !== rollout.id || !this.open.ready) return null
    const readings = this.readings()
    let entry = beforeJudging(this.rollouts, rollout, readings)
    if (entry === null) {
      const judged = this.judge()
      if (judged === null) return null
      entry = moveOf(this.rollouts, rollout, readings, judged)
      // The bundle lies there before anything refers to it.
      if (entry !== null && 'look' in entry.body) this.keep(judged)
    }
    if (entry === null) return null
    const written = await book.append(entry, last)
    if (written !== null) await this.settle()
    return written
  }

  async close(): Promise<void> {
    this.closed = true
    for (const end of this.ends) end()
    await this.looks
    await this.settling
  }

  private stable(): { readonly version: string; readonly seq: number } {
    return this.parts.registry.alias('stable') ?? { version: this.parts.fallback, seq: 0 }
  }

  /** A look, when one is due by the twin's clock and none is under way. */
  private tick(): void {
    if (this.closed || this.isDueLooking) return
    const rollout = this.active()
    if (rollout === null && queueOf(this.rollouts).length === 0) return
    const lookMs = rollout?.plan.lookMs ?? 0
    const sinceMs = this.parts.twin.now() - this.lookedMs
    // A clock that was set back must not put off the next look.
    if (sinceMs >= 0 && sinceMs < lookMs) return
    this.isDueLooking = true
    this.look()
      .catch((error: Error) => this.parts.onTrouble(error))
      .finally(() => {
        this.isDueLooking = false
      })
  }

  /** A sign of life to all who decide, several times within a lease. */
  private beat(): void {
    const leaseMs = this.told.rollout?.leaseMs
    const nowMs = performance.now()
    if (leaseMs === undefined || nowMs - this.beatMs < leaseMs / BEATS) return
    this.beatMs = nowMs
    for (const listener of this.listeners) listener(this.told)
  }

  private heard(entry: BookEntry): void {
    this.rollouts = afterEntry(this.rollouts, entry)
    this.noteStep(entry)
    this.tell()
    const id = rolloutIn(entry)
    if (id === null) return
    if (entry.type === 'rollout.started' && this.active()?.id === id)
      this.gather().catch((error: Error) => this.parts.onTrouble(error))
    for (const listener of this.changes) listener(id)
  }

  private tell(): void {
    const assignment = this.assignment()
    if (assignment.generation <= this.told.generation) return
    this.told = assignment
    this.beatMs = performance.now()
    for (const listener of this.listeners) listener(assignment)
  }

  private noteStep({ seq, type, about, body }: BookEntry): void {
    const id = rolloutIn({ about })
    if (id === null) return
    const rollout = this.rollouts.all.get(id)
    const add = (step: number, share: number): void => {
      this.steps.set(id, [...(this.steps.get(id) ?? []), { seq, step, share }])
    }
    if (rollout === undefined || this.rollouts.refused.includes(seq)) return
    if (type === 'rollout.started') add(0, 0)
    else if (type === 'rollout.advanced') add((body as Acts['rollout.advanced']).to, (body as Acts['rollout.advanced']).share)
    else if (type === 'rollout.promoted') add(rollout.plan.steps.length + 1, (body as Acts['rollout.promoted']).share)
  }

  /** The ledger of the rollout under way, from the decision log; what comes meanwhile waits. */
  private async gather(): Promise<void> {
    const rollout = this.active()
    if (rollout === null || this.open?.id === rollout.id) return
    const { twin, decisions, regionOf, offsetMinutes, reported } = this.parts
    const { id, plan } = rollout
    const startedMs = rollout.startedMs ?? twin.now()
    const ledger = new Ledger({
      rollout: id,
      plan,
      startedMs,
      stepOf: (generation) => {
        const steps = this.steps.get(id) ?? []
        return steps.findLast(({ seq }) => seq <= generation) ?? { step: 0, share: 0 }
      },
      state: twin.state,
      ...(reported === undefined ? {} : { reported }),
      regionOf,
      offsetMinutes,
    })
    const open: Open = { id, ledger, ready: false, judged: null, waiting: [] }
    this.open = open
    const seen = new Set<string>()
    for await (const batch of decisions.since(startedMs)) {
      for (const decision of batch) if (decision.by.rollout === id) seen.add(decision.id)
      ledger.decisions(batch)
    }
    // What became durable while the log was read is in both.
    for (const batch of open.waiting) ledger.decisions(batch.filter((decision) => !seen.has(decision.id)))
    open.waiting.length = 0
    open.ready = true
    for (const listener of this.changes) listener(id)
  }

  private decided(batch: readonly Decision[]): void {
    if (this.open === null) return
    if (this.open.ready) this.open.ledger.decisions(batch)
    else this.open.waiting.push(batch)
    this.tick()
  }

  /** What acts lead to outside the book, done until it is done: each asks first whether it is needed, so twice is as good as once. */
  private settle(): Promise<void> {
    this.settling = this.settling.then(() => this.effects()).catch((error: Error) => this.parts.onTrouble(error))
    return this.settling
  }

  private async effects(): Promise<void> {
    const rollout = this.active()
    if (rollout === null) return
    const { registry, book } = this.parts
    const { plan, state, promoted } = rollout
    const stable = this.stable()
    const candidate = registry.alias('candidate')
    // Without a first place there would be none to go back to.
    if (state === 'shadow' && registry.alias('stable') === null) await registry.point('stable', plan.stable, JUDGE, 0)
    if (state === 'shadow' && candidate?.version !== plan.candidate)
      await registry.point('candidate', plan.candidate, JUDGE, candidate?.seq ?? 0)
    if (state === 'live' && promoted !== null && stable.version === plan.stable && stable.seq < promoted.seq)
      await registry.point('stable', plan.candidate, JUDGE, stable.seq, aboutRollout(rollout.id))
    if (state !== 'rolling-back') return
    if (promoted !== null && stable.version === plan.candidate && plan.candidate !== plan.stable)
      await registry.back('stable', JUDGE, stable.seq)
    const isBack = this.stable().version !== plan.candidate || plan.candidate === plan.stable
    if (!isBack) return
    const left = plan.irreversible.length === 0 ? '' : `; what is left to be put right by hand: ${plan.irreversible.join('; ')}`
    const because = `${this.stable().version} decides for everybody${left}`
    const last = book.last()
    if (isActive(rollout)) await book.append(actBy(JUDGE, rollout, 'rollout.rolled-back', { because }), last)
  }

  /** The next in the queue, once nothing is under way. */
  private async startQueued(last: number): Promise<BookEntry | null> {
    const [next] = queueOf(this.rollouts)
    if (next === undefined) return null
    const { version } = this.stable()
    const entry =
      version === next.plan.stable
        ? actBy(JUDGE, next, 'rollout.started', { stable: version, twin: this.foretold(next.plan) })
        : actBy(JUDGE, next, 'rollout.rejected', {
            code: 'invalidated',
            because: `stable is ${version} now; the plan was to compare with ${next.plan.stable}`,
          })
    const written = await this.parts.book.append(entry, last)
    if (written !== null) await this.settle()
    return written
  }
}

const drawSalt = (): string => randomBytes(8).toString('hex')

const busy = (): HttpProblem => new HttpProblem(409, 'Others are writing at the same time; look again, and decide again.')

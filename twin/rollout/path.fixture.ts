import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Book, openBook } from '../book/book.ts'
import type { Choice, Decision } from '../decide/decision.ts'
import type { LiveEvent } from '../event/feeds.ts'
import { type Governance, openGovernance } from '../govern/governance.ts'
import { type Checked, checkEvent } from '../ingest/check-event.ts'
import { FeedMeter } from '../ingest/feed-health.ts'
import { judge } from '../judge/judge.ts'
import { openSqliteLog } from '../log/sqlite.ts'
import { type FullRegistry, openRegistry } from '../registry/registry.ts'
import { openSigner } from '../registry/signing.ts'
import { openContentStore } from '../registry/store.ts'
import type { Caller, Role } from '../server/access.ts'
import type { Listener } from '../server/twin.ts'
import { openState } from '../state/state.ts'
import { armOf, bucketOf, unitOf } from './assignment.ts'
import { type Bundles, bundlesIn } from './bundles.ts'
import { type Decisions, RolloutDesk } from './desk.ts'
import type { Rollout } from './fold.ts'
import type { RolloutPlan, RolloutVerb } from './plan.ts'
import type { WrittenPlan } from './plan-schema.ts'
import { planOf } from './read-plan.ts'
import { doVerb, type Said } from './verbs.ts'

export const HOUR_MS = 3_600_000
export const START_MS = Date.UTC(2026, 10, 9)
const LEAD_MS = 4 * HOUR_MS
const REGIONS = ['north', 'south']

export const person = (name: string, ...roles: Role[]): Caller => ({ name, role: roles[0] ?? 'planner', roles })
export const ANA = person('ana', 'planner')
export const BO = person('bo', 'approver')
export const CY = person('cy', 'approver')
export const OLE = person('ole', 'operator')

/** A world of orders with a known truth, in the hands of a real desk: book, registry, judge, state and feeds are those of the server. */
export type World = {
  /** Part of the orders that are late, by arm; both are thought to be as late as stable: what is worse is so unforeseen. */
  late: { stable: number; candidate: number }
  /** By how much more the candidate's answers foretell that they come late; without a word by nothing. */
  foretold?: number
  /** Cents of an order, by arm. */
  cost: { stable: number; candidate: number }
  perHour: number
  /** Whether the carrier tells its scans. */
  scans: boolean
  /** Of outcomes of the candidate, this part is never told. */
  hidden: number
  /** Arms are labelled the wrong way round. */
  swapped: boolean
}

export type Path = {
  desk: RolloutDesk
  readonly world: World
  readonly book: Book
  readonly registry: FullRegistry
  readonly governance: Governance
  readonly bundles: Bundles
  readonly kept: Decision[]
  readonly stable: string
  readonly candidate: string
  now(): number
  /** Sets the clock. */
  at(ms: number): void
  plan(more?: Partial<WrittenPlan>): RolloutPlan
  /** Orders of so many hours, with a look after each. */
  hours(count: number): Promise<void>
  /** The same without anybody looking. */
  unwatched(count: number): Promise<void>
  until(holds: (rollout: Rollout) => boolean, hours: number): Promise<number>
  /** One event more, at the present. */
  tell(feed: LiveEvent['feed'], type: string, more: object): void
  does(caller: Caller, verb: RolloutVerb, said?: Said): Promise<Rollout>
  rollout(): Rollout
  /** Everything is opened again from what is on disk; the twin's events are told again. */
  restart(): Promise<void>
  close(): Promise<void>
}

export const PLAN: Omit<WrittenPlan, 'candidate'> = {
  name: 'a better one',
  certificate: 'c'.repeat(64),
  shadow: { hours: 2, orders: 50 },
  steps: [
    { share: 0.05, hours: 4, matured: 20 },
    { share: 0.5, hours: 4, matured: 100 },
  ],
  holdback: { share: 0.1, hours: 12 },
  metrics: [
    { id: 'late', role: 'objective', margin: 0.06, horizonHours: 6 },
    { id: 'cost', role: 'guardrail', margin: 40 },
  ],
  burnIn: { units: 50, events: 5 },
  ordersPerHour: 150,
  maxDays: 4,
  lookMinutes: 60,
  budget: { orders: 1_000_000, cents: 1_000_000_000 },
  irreversible: [],
}

export async function openPath(changes: Partial<World> = {}): Promise<Path> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-rollout-'))
  const world: World = {
    late: { stable: 0.1, candidate: 0.1 },
    cost: { stable: 800, candidate: 800 },
    perHour: 150,
    scans: true,
    hidden: 0,
    swapped: false,
    ...changes,
  }
  let nowMs = START_MS
  let serial = 0
  let told = 0
  let events: LiveEvent[] = []
  const due = new Map<number, LiveEvent[]>()
  const past: LiveEvent[][] = []
  const kept: Decision[] = []
  const versions = { stable: '', candidate: '' }

  const parts = { state: openState(), feeds: new FeedMeter() }
  const deciding = new Set<(batch: readonly Decision[]) => void>()
  const listeners = new Set<Listener>()

  const openParts = async () => {
    const book = await openBook(await openSqliteLog(join(folder, 'book.db')), () => nowMs)
    const store = openContentStore(join(folder, 'store'))
    // Whoever guards stable counts for himself who wanted it.
    const governance = openGovernance({ book, now: () => nowMs })
    const { guard } = governance
    const registry = openRegistry({ book, store, signer: openSigner(Buffer.alloc(32, 7).toString('base64')), guard })
    return { book, registry, governance, bundles: bundlesIn(store) }
  }
  const decisions: Decisions = {
    since: async function* (atMs) {
      yield kept.filter((decision) => decision.atMs >= atMs)
    },
    onDecisions: (listener) => {
      deciding.add(listener)
      return () => deciding.delete(listener)
    },
  }
  const openDesk = ({ book, registry, bundles }: Awaited<ReturnType<typeof openParts>>): Promise<RolloutDesk> =>
    RolloutDesk.open({
      book,
      registry,
      bundles,
      twin: {
        state: parts.state,
        feeds: parts.feeds,
        now: () => nowMs,
        onApplied: (listener) => {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
      decisions,
      judge,
      fallback: versions.stable,
      regionOf: (zone) => zone,
      offsetMinutes: 0,
      // The same luck in every run: a test of an alarm that may be false one time in twenty must not be.
      drawSalt: () => 'fixed',
      onTrouble: (error) => {
        throw error
      },
    })

  /** The door of the twin without its log: checked, counted and folded as there. */
  const tell = (batch: readonly LiveEvent[]): void => {
    const checked: Checked = { kind: null, atMs: 0, reason: null }
    for (const one of batch) {
      if (!checkEvent(one, nowMs + 15 * 60_000, checked)) throw new Error(JSON.stringify(one))
      if (checked.kind !== null) parts.feeds.saw(one, checked.kind.feedNumber, checked.atMs)
    }
    parts.feeds.done(nowMs)
    const places = batch.map((_, line) => ({ entry: ++told, line }))
    const result = parts.state.apply(batch, places)
    for (const listener of listeners) listener(batch, places, result)
  }
  const event = (feed: LiveEvent['feed'], type: string, atMs: number, more: object): LiveEvent => ({
    id: `e-${++serial}`,
    source: feed === 'scans' ? 'carrier' : 'shop',
    feed,
    type,
    at: new Date(atMs).toISOString(),
    ...more,
  })
  const soon = (one: LiveEvent): void => {
    const hour = Math.ceil(Date.parse(one.at) / HOUR_MS)
    due.set(hour, [...(due.get(hour) ?? []), one])
  }

  const order = (path: Path, n: number, atMs: number): void => {
    const id = `o-${n}`
    const zone = REGIONS[n % REGIONS.length]
    const assignment = path.desk.assignment()
    const { rollout } = assignment
    const customer = `c-${n % 500}`
    const unit = rollout === null ? id : unitOf(rollout, { order: id, customer, region: zone, atMs })
    const bucket = rollout === null ? 1 : bucketOf(rollout.salt, unit)
    const arm = rollout === null ? 'stable' : armOf(rollout.share, bucket)
    // A mutant of the product: whoever is told to be the candidate's is served by stable, and the other way round.
    const served = (arm === 'candidate') !== world.swapped ? 'candidate' : 'stable'
    const isLate = bucketOf('luck', id) < world.late[served]
    const decided = decisionOf({ id, zone, customer, atMs, assignment, arm, served, world })
    kept.push(decided)
    fresh.push(decided)
    events.push(
      event('orders', 'placed', atMs, {
        order: id,
        zone,
        lines: [{ sku: 's', units: 1 }],
        promisedAt: new Date(atMs + LEAD_MS).toISOString(),
      }),
    )
    if (served === 'candidate' && bucketOf('hidden', id) < world.hidden) events.pop()
    else if (world.scans) soon(event('scans', 'delivered', atMs + (isLate ? 2 : 0.75) * LEAD_MS, { order: id }))
  }
  let fresh: Decision[] = []
  let orders = 0
  const hour = async (path: Path, looks: boolean): Promise<void> => {
    for (let i = 0; i < world.perHour; i++) order(path, ++orders, nowMs + Math.floor((i * HOUR_MS) / Math.max(1, world.perHour)))
    nowMs += HOUR_MS
    const now = Math.floor(nowMs / HOUR_MS)
    events.push(
      event('orders', 'quoted', nowMs - 1, { order: `q-${now}`, zone: 'north', promisedAt: new Date(nowMs).toISOString() }),
    )
    if (world.scans) {
      for (let h = now - 1; h <= now; h++) {
        events.push(...(due.get(h) ?? []))
        due.delete(h)
      }
      events.push(event('scans', 'at-hub', nowMs - 1, { order: `h-${now}`, hub: 'hub' }))
    }
    for (const listener of deciding) listener(fresh)
    past.push(events)
    tell(events)
    events = []
    fresh = []
    if (looks) await path.desk.look()
  }

  let open = await openParts()
  const version = async (name: string): Promise<string> =>
    (
      await open.registry.registerContent(
        { kind: 'routing', name, params: {}, data: null, training: null, text: name },
        'ines',
        'c'.repeat(64),
      )
    ).id
  versions.stable = await version('steady')
  versions.candidate = await version('bold')
  await open.registry.point('stable', versions.stable, 'ines', 0)
  const path: Path = {
    desk: await openDesk(open),
    world,
    get book() {
      return open.book
    },
    get registry() {
      return open.registry
    },
    get governance() {
      return open.governance
    },
    get bundles() {
      return open.bundles
    },
    kept,
    stable: versions.stable,
    candidate: versions.candidate,
    now: () => nowMs,
    at: (ms) => {
      nowMs = ms
    },
    plan: (more = {}) => planOf({ ...PLAN, candidate: versions.candidate, ...more }),
    hours: async (count) => {
      for (let i = 0; i < count; i++) await hour(path, true)
    },
    unwatched: async (count) => {
      for (let i = 0; i < count; i++) await hour(path, false)
    },
    until: async (holds, most) => {
      for (let i = 0; i < most; i++) {
        if (holds(path.rollout())) return i
        await hour(path, true)
      }
      if (holds(path.rollout())) return most
      throw new Error(`not within ${most} h: ${path.rollout().state}, ${path.rollout().look?.says}`)
    },
    tell: (feed, type, more) => {
      const one = event(feed, type, nowMs - 1, more)
      past.push([one])
      tell([one])
    },
    does: (caller, verb, said = {}) => {
      const { id, seq } = path.rollout()
      return doVerb({ desk: path.desk, registry: open.registry }, verb, id, caller, { because: 'a test', ...said }, seq)
    },
    rollout: () => {
      const last = path.desk.active() ?? path.desk.all().at(-1)
      if (last === undefined) throw new Error('no rollout')
      return last
    },
    restart: async () => {
      await path.desk.close()
      await open.book.close()
      parts.state = openState()
      parts.feeds = new FeedMeter()
      listeners.clear()
      deciding.clear()
      for (const batch of past)
        parts.state.apply(
          batch,
          batch.map((_, line) => ({ entry: ++told, line })),
        )
      open = await openParts()
      path.desk = await openDesk(open)
    },
    close: async () => {
      await path.desk.close()
      await open.book.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return path
}

/** Drafted by Ana, approved by Bo and Cy, started by Ole. */
export async function begun(path: Path, more: Partial<WrittenPlan> = {}): Promise<Rollout> {
  await path.desk.draft(path.plan(more), ANA.name)
  await path.does(ANA, 'submit')
  await path.does(BO, 'approve')
  await path.does(CY, 'approve')
  return path.does(OLE, 'start')
}

/** What the plane would have written down. */
export function decisionOf(of: {
  readonly id: string
  readonly zone: string
  readonly customer: string | null
  readonly atMs: number
  readonly assignment: ReturnType<RolloutDesk['assignment']>
  readonly arm: 'stable' | 'control' | 'candidate'
  readonly served: 'stable' | 'candidate'
  readonly world: Pick<World, 'cost' | 'late' | 'foretold'>
}): Decision {
  const { id, zone, customer, atMs, assignment, arm, served, world } = of
  const { rollout } = assignment
  const choice = (who: 'stable' | 'candidate'): Choice => ({
    status: 'routed',
    reason: null,
    shipments: [
      {
        warehouse: 'w',
        service: 'road',
        lines: [{ lineId: '1', sku: 's', units: 1 }],
        departMs: atMs + HOUR_MS,
        eta: {
          p10: atMs,
          p50: atMs + 2 * HOUR_MS,
          p90: atMs + 3 * HOUR_MS,
          onTimeShare: 1 - world.late.stable - (who === 'candidate' ? (world.foretold ?? 0) : 0),
        },
        terms: { freight: world.cost[who] },
        costCents: world.cost[who] + Math.floor(100 * bucketOf('cost', id)),
        priceCents: world.cost[who],
        co2Grams: 100,
        congestion: { work: 0, room: 0, stock: 0 },
        reservation: null,
      },
    ],
    unfulfillable: [],
    priceCents: world.cost[who],
    runnerUpCents: null,
    runnerUpWithout: null,
  })
  const other = served === 'stable' ? 'candidate' : 'stable'
  const isCandidate = arm === 'candidate'
  return {
    ...choice(served),
    id: `d-${id}`,
    key: id,
    order: id,
    customer,
    zone,
    placedMs: atMs,
    promisedMs: atMs + LEAD_MS,
    lines: [{ lineId: '1', sku: 's', units: 1 }],
    atMs,
    by: {
      version: served === 'candidate' ? (rollout?.candidate ?? '') : assignment.stable,
      digest: '',
      arm,
      propensity: isCandidate ? (rollout?.share ?? 0) : 1 - (rollout?.share ?? 0),
      rollout: rollout?.id ?? null,
      generation: assignment.generation,
      servedInstead: null,
    },
    other: rollout === null ? null : { version: '', choice: choice(other), differs: bucketOf('differs', id) < 0.5 },
    seen: { world: 1, asOfMs: atMs, ageMs: 0, planAgeMs: null, staleFeeds: [], stock: [] },
    degraded: null,
    degradedBecause: null,
    tookUs: 10,
    explanation: null,
  }
}

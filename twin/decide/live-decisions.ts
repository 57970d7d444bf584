import { existsSync } from 'node:fs'
import { parseContestant, parseContestantOn } from '../../scenarios/contestant.ts'
import { InputError } from '../../scenarios/read/problem.ts'
import { RULES } from '../../scenarios/rules/with-rules.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { LiveEvent } from '../event/feeds.ts'
import { readStanding } from '../fidelity/standing-file.ts'
import { type Office, tipOf } from '../govern/office.ts'
import { judge } from '../judge/judge.ts'
import { digestOfNames } from '../registry/content.ts'
import type { Version } from '../registry/version.ts'
import { assignmentOf } from '../rollout/assign.ts'
import type { Assignment } from '../rollout/assignment.ts'
import { bundlesIn } from '../rollout/bundles.ts'
import { RolloutDesk } from '../rollout/desk.ts'
import { foldRollouts } from '../rollout/fold.ts'
import { rolloutWing } from '../rollout/rollout-wing.ts'
import type { Wing } from '../server/app.ts'
import type { Twin } from '../server/twin.ts'
import { reportedOf } from '../state/reported.ts'
import type { TwinState } from '../state/state.ts'
import { decisionWing } from './api/decision-wing.ts'
import { decisionLines, decisionsByVersion } from './decided-by.ts'
import type { Decision } from './decision.ts'
import { decisionsSince } from './decision-log.ts'
import { Keeper } from './keeper.ts'
import type { Seated } from './load-policies.ts'
import { USUAL_BOUNDS } from './open-decider.ts'
import { openPlane, type Plane } from './plane/plane.ts'

export type DecisionsOptions = {
  readonly spec: NetworkSpec
  /** Who decides until a rollout says otherwise: a routing policy of the catalogue, as for `orrery run`. */
  readonly policies: string
  readonly offsetMinutes: number
  /** What the twin's file is called: beside it lies FILE.decisions. */
  readonly file: string
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  readonly threads: number
  /** As in ORRERY_KEYS. */
  readonly keys: string | undefined
  /** As in ORRERY_JWT and ORRERY_PACES. */
  readonly tokens?: string | undefined
  readonly paces?: string | undefined
  readonly pseudonymKey: string | undefined
  /** The twin's clock goes by what it is told, perhaps thousands of times as fast as ours. */
  readonly isPlayed: boolean
  /** Where it is kept how the twin's forecasts stand, as `orrery fidelity` writes it. */
  readonly standing: string
  readonly say: (text: string) => void
}

/** The world that is decided over is made anew so often, ms of this machine; more often where an hour passes in a second. */
const REFRESH_MS = 2000
const REFRESH_PLAYED_MS = 250
/** … and then there is a rest of so many times what it took. */
const REFRESH_REST = 1
const TICK_MS = 50
/** Any policy of the catalogue: only forecasts, promises and replenishment are taken from beside it. */
const BESIDE = 'nearest'
/** Who acts where the server itself does. */
const SERVER = 'serve'

/**
 * Live decisions, assembled: the registry's stable version, grounds made of the present, threads that decide over them, the desk of rollouts, and
 * their routes. Opened before the server listens and closed behind it; all that must survive lies in the book and the decision log.
 */
export function liveDecisions(options: DecisionsOptions): LiveDecisions {
  const listeners = new Set<(rollout: string) => void>()
  const wing: Wing = async (app, { twin, office }) => {
    if (office === undefined || office === null) throw new Error('decisions need a book, and here is no office')
    const house = new House(options, twin, office, (error) => app.log.error({ err: error }, 'decisions'))
    app.addHook('onClose', () => house.close())
    const changed = (rollout: string): void => {
      for (const listener of listeners) listener(rollout)
    }
    await house.open(changed).catch(async (error: unknown) => {
      await house.close()
      throw error
    })
    for (const one of house.wings()) await app.register(one, { twin, office })
  }
  const onRollout = (listener: (rollout: string) => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return { wing, onRollout }
}

type LiveDecisions = {
  readonly wing: Wing
  /** Called with each rollout that has changed, once the wing is open. Returns what ends the listening. */
  onRollout(listener: (rollout: string) => void): () => void
}

class House {
  private readonly options: DecisionsOptions
  private readonly twin: Twin
  private readonly office: Office
  private readonly onTrouble: (error: Error) => void
  private readonly file: string
  private readonly ends: (() => void)[] = []
  private readonly seated = new Set<string>()
  private keeper: Keeper | null = null
  private plane: Plane | null = null
  private desk: RolloutDesk | null = null
  private seating: Promise<void> = Promise.resolve()
  private assigned = -1

  constructor(options: DecisionsOptions, twin: Twin, office: Office, onTrouble: (error: Error) => void) {
    this.options = options
    this.twin = twin
    this.office = office
    this.onTrouble = onTrouble
    this.file = `${options.file}.decisions`
  }

  async open(onRollout: (rollout: string) => void): Promise<void> {
    const { options, twin, office } = this
    const { spec, offsetMinutes, threads, say } = options
    const stable = await this.stable()
    await this.forecastInCharge()
    const assignment = assignmentOf(foldRollouts(office.book.entries()), stable)
    const keeper = await Keeper.open({
      spec,
      view: twin.state,
      offsetMinutes,
      now: () => twin.now(),
      threads,
      versions: await Promise.all(versionsIn(assignment).map((id) => this.seatOf(id))),
      assignment,
      staleFeeds: () => staleFeeds(twin),
      onTrouble: (what) => this.onTrouble(new Error(what)),
    })
    this.keeper = keeper
    for (const id of versionsIn(assignment)) this.seated.add(id)
    // Before anybody decides: goods that are promised must not be promised again.
    await this.remember(keeper)
    const plane = await openPlane({
      spec,
      host: options.host,
      port: options.port,
      threads,
      file: this.file,
      decider: () => ({ module: new URL('./decider-module.ts', import.meta.url).href, data: keeper.setup() }),
      onEnded: (threadId) => keeper.ended(threadId),
      assignment,
      release: (id) => void keeper.release(id),
      accessKeys: options.keys,
      tokens: options.tokens,
      paces: options.paces,
      pseudonymKey: options.pseudonymKey,
      onTrouble: (what) => this.onTrouble(new Error(what)),
    })
    this.plane = plane
    office.anchored('decisions', () => tipOf(this.file))
    office.exported('decisions', () => decisionLines(this.file))
    office.decisionsOf(decisionsByVersion(this.file))
    this.ends.push(keeper.onNews((news) => plane.tell(news)))
    this.keepTime(keeper, plane)
    keeper.watch((threadId) => void plane.replace(threadId).catch(this.onTrouble))
    this.desk = await RolloutDesk.open({
      book: office.book,
      registry: office.registry,
      bundles: bundlesIn(office.registry.store),
      twin,
      decisions: { since: (atMs) => this.since(atMs), onDecisions: (listener) => plane.onDecisions(listener) },
      judge,
      fallback: stable.version,
      regionOf: regionsOf(spec),
      offsetMinutes,
      reported: (order) => reportedOf((twin.state as TwinState).core, order),
      onReported: (listener) => twin.onApplied((events) => listener(ordersReportedIn(events))),
      twinHolds: () => readStanding(options.standing).standing.state === 'trusted',
      onTrouble: this.onTrouble,
    })
    this.ends.push(
      this.desk.onAssignment((next) => this.assign(next)),
      this.desk.onChange(onRollout),
    )
    this.assign(this.desk.assignment())
    say(`Deciding on ${plane.url}  (${plane.lastEntry()} entries, stable ${stable.version})`)
  }

  wings(): readonly Wing[] {
    const { desk, plane, office, options } = this
    if (desk === null || plane === null) throw new Error('routes of a house that is not open')
    const { registry } = office
    const { spec, policies, offsetMinutes } = options
    return [
      decisionWing({ spec, policies, offsetMinutes, plane, registry }),
      rolloutWing({ desk, registry, bundles: bundlesIn(registry.store), judge }),
    ]
  }

  async close(): Promise<void> {
    for (const end of this.ends.splice(0)) end()
    await this.desk?.close()
    await this.seating
    await this.plane?.stop()
    await this.keeper?.close()
  }

  /** What stable points at; where it has never pointed anywhere, at what the server was started with. */
  private async stable(): Promise<{ readonly version: string; readonly seq: number }> {
    const { registry } = this.office
    const alias = registry.alias('stable')
    if (alias !== null) return alias
    const version = await registry.register(await routingIn(this.options.policies), SERVER)
    const pointed = await registry.point('stable', version.id, SERVER, 0)
    return pointed ?? registry.alias('stable') ?? { version: version.id, seq: 0 }
  }

  /** Where nobody has put a forecast in charge, the one the server was started with is. */
  private async forecastInCharge(): Promise<void> {
    const { registry } = this.office
    if (registry.alias('forecast') !== null) return
    const version = await registry.register(await forecastIn(this.options.policies), SERVER)
    await registry.point('forecast', version.id, SERVER, 0)
  }

  /** A version to be seated, by the text that was kept when it was registered; what is not routing is the catalogue's. */
  private async seatOf(id: string) {
    const { registry } = this.office
    const version = registry.version(id)
    if (version === null || (version.kind !== 'routing' && version.kind !== 'rules')) throw undecidable(id, version)
    // A rule set counts places and goods: on another network its numbers would mean other ones. Those of earlier releases do not say which.
    if (version.kind === 'rules' && version.data !== null && version.data !== digestOfNames(this.options.spec))
      throw ofAnotherNetwork(id)
    const contestant: Seated = { ...(await parseContestantOn(this.options.spec, BESIDE)), id, version: registry.runnable(id) }
    return { version: id, digest: version.digest, contestant }
  }

  /** A change whose versions are all ready is passed on at once: nothing stands between a rollback and the next decision. */
  private assign(assignment: Assignment): void {
    const missing = versionsIn(assignment).filter((id) => !this.seated.has(id))
    if (missing.length === 0) {
      this.passOn(assignment)
      return
    }
    this.seating = this.seating
      .then(async () => {
        for (const id of missing) {
          if (this.seated.has(id)) continue
          const { version, digest, contestant } = await this.seatOf(id)
          await this.keeper?.seat(version, digest, contestant)
          this.seated.add(id)
        }
        this.passOn(assignment)
      })
      .catch((error: Error) => this.onTrouble(error))
  }

  private passOn(assignment: Assignment): void {
    if (assignment.generation < this.assigned) return
    this.assigned = assignment.generation
    this.plane?.assign(assignment)
  }

  /** What was promised before a stop and no ground has seen yet stays promised. */
  private async remember(keeper: Keeper): Promise<void> {
    if (!existsSync(this.file)) return
    const nowMs = this.twin.now()
    for await (const decisions of decisionsSince(this.file, nowMs - USUAL_BOUNDS.holdMs))
      for (const decision of decisions)
        if (decision.shipments.some(({ reservation }) => reservation !== null && reservation.expiresMs > nowMs))
          keeper.remember(decision)
    await keeper.refresh()
  }

  private async *since(atMs: number): AsyncIterable<readonly Decision[]> {
    await this.plane?.follow()
    yield* decisionsSince(this.file, atMs)
  }

  /** Grounds are made again and again; threads are told what time it is. */
  private keepTime(keeper: Keeper, plane: Plane): void {
    const { isPlayed } = this.options
    const { twin } = this
    const tick = (): void => {
      keeper.tick()
      if (isPlayed) plane.setClock(twin.now())
    }
    tick()
    const ticking = setInterval(tick, TICK_MS)
    let refreshing: NodeJS.Timeout
    let isOver = false
    const refresh = async (): Promise<void> => {
      const startedMs = performance.now()
      await keeper.refresh().catch(this.onTrouble)
      const tookMs = performance.now() - startedMs
      if (isOver) return
      refreshing = setTimeout(refresh, Math.max((isPlayed ? REFRESH_PLAYED_MS : REFRESH_MS) - tookMs, REFRESH_REST * tookMs))
    }
    refreshing = setTimeout(refresh, REFRESH_PLAYED_MS)
    this.ends.push(
      () => clearInterval(ticking),
      () => {
        isOver = true
        clearTimeout(refreshing)
      },
      isPlayed ? twin.onApplied(tick) : () => {},
    )
  }
}

/** Of a mix of policies the one that routes, or the rule set. */
async function routingIn(policies: string): Promise<string> {
  const rules = policies.split('+').find((word) => word.trim().startsWith(RULES))
  if (rules !== undefined) return rules.trim()
  const { policies: ids, params } = await parseContestant(policies)
  return wordsOf({ name: ids.routing, params: params?.routing ?? {} })
}

async function forecastIn(policies: string): Promise<string> {
  const named = policies.split('+').filter((word) => !word.trim().startsWith(RULES))
  const { policies: ids, params } = await parseContestant(named.length === 0 ? BESIDE : named.join('+'))
  return wordsOf({ name: ids.forecast, params: params?.forecast ?? {} })
}

const versionsIn = ({ stable, rollout }: Assignment): string[] =>
  rollout === null || rollout.candidate === stable ? [stable] : [stable, rollout.candidate]

/** A version in the words of the command line. */
const wordsOf = ({ name, params }: Pick<Version, 'name' | 'params'>): string =>
  [name, ...Object.entries(params).map(([knob, value]) => `${knob}=${value}`)].join(':')

function regionsOf(spec: NetworkSpec): (zone: string) => string {
  const regions = new Map(spec.zones.map(({ id, region }) => [id, region]))
  return (zone) => regions.get(zone) ?? ''
}

const ordersReportedIn = (events: readonly LiveEvent[]): string[] =>
  events.flatMap((event) => (event.feed === 'outcomes' ? [event.order as string] : []))

const staleFeeds = (twin: Twin): string[] => [
  ...new Set(
    twin.feeds
      .feeds(twin.now())
      .filter(({ silent }) => silent)
      .map(({ feed }) => feed),
  ),
]

function undecidable(id: string, version: Version | null): InputError {
  const found = version === null ? 'no version of this id' : `a version of the kind ${version.kind}`
  return new InputError([
    { file: 'decisions', line: null, field: id, found, fix: 'name a routing policy or rule set that is registered' },
  ])
}

function ofAnotherNetwork(id: string): InputError {
  const fix = 'register the rule set again where this network is served'
  return new InputError([{ file: 'decisions', line: null, field: id, found: 'rules for other places or goods', fix }])
}

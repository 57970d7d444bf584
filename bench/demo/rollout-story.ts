import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Person, Refused } from './person.ts'
import { Program } from './program.ts'

/**
 * A whole rollout, as people would live through it: a world that is played, a server, a planner, two who approve, one who operates. All of it goes
 * through the command line and the public API; nobody looks into a process or a file of the server. Effects are what the network makes of
 * the policies, and verdicts what the judge makes of the effects.
 */

/** The network, its promises, and where the policies come from. */
const NETWORK = 'city'
const STABLE = 'nearest'
export const BETTER = 'live-greedy'
/** It looks at costs alone: a little cheaper, and late a little more often. */
export const WORSE = 'live-greedy:lateWeight=0'
const PROMISE = 'next-day:days=0:cutOffHour=16:byHour=22'
const DAYS = 40
const POLL_MS = 150

export type StoryOptions = {
  /** Everything lies in it; what an earlier story left there is removed. */
  readonly folder: string
  /** Ms of the world for each of ours, such as x3600. */
  readonly speed: string
  readonly tell: (text: string) => void
  readonly signal?: AbortSignal
}

export type Rollout = {
  readonly id: string
  readonly state: string
  readonly seq: number
  readonly share: number
  readonly held: { readonly because: string } | null
  readonly nowMs: number
  readonly startedMs: number | null
  readonly orders: {
    readonly candidate: number
    readonly matured: number
    readonly all: number
    readonly differing: number | null
  }
  readonly verdict: {
    readonly verdict: string
    readonly says: string
    readonly evidence: string
    readonly metrics: readonly { readonly id: string; readonly harm: number; readonly lower: number; readonly upper: number }[]
  } | null
  readonly looks: readonly { readonly verdict: string }[]
  readonly trail: readonly { readonly seq: number; readonly who: string; readonly what: string; readonly says: string }[]
}

const KEYS = {
  'demo-key-planner-pia': { name: 'pia', role: 'planner' },
  'demo-key-approver-ana': { name: 'ana', role: 'approver' },
  'demo-key-approver-ben': { name: 'ben', role: 'approver' },
  'demo-key-operator-olaf': { name: 'olaf', role: 'operator' },
  'demo-key-of-the-world': { name: 'world', role: 'integrator' },
} as const
const WORLD_KEY = 'demo-key-of-the-world'

/** The people and programs of a story, and what each of them can do in it. */
export class RolloutStory {
  readonly pia: Person
  readonly ana: Person
  readonly ben: Person
  readonly olaf: Person
  /** Asks for decisions, as a shop would. */
  readonly shop: Person
  private readonly options: StoryOptions
  private readonly env: Readonly<Record<string, string>>
  private port = 0
  private decidePort = 0
  private server: Program | null = null
  private world: Program | null = null
  private asked = 0

  constructor(options: StoryOptions) {
    this.options = options
    const url = (): string => `http://127.0.0.1:${this.port}`
    const [pia, ana, ben, olaf] = Object.entries(KEYS).map(([key, { name }]) => new Person(name, key, url))
    Object.assign(this, { pia, ana, ben, olaf })
    this.pia = pia
    this.ana = ana
    this.ben = ben
    this.olaf = olaf
    this.shop = new Person('shop', WORLD_KEY, () => `http://127.0.0.1:${this.decidePort}`)
    // Of this story alone, and of no use afterwards.
    const secret = (of: string): string =>
      Buffer.from(`of a demonstration, for ${of}`.padEnd(32, '.')).toString('hex').slice(0, 64)
    this.env = {
      ORRERY_KEYS: JSON.stringify(KEYS),
      ORRERY_SIGNING_KEY: secret('signing'),
      ORRERY_PSEUDONYM_KEY: secret('pseudonyms'),
      ORRERY_KEY: WORLD_KEY,
    }
  }

  /** A fresh server and, beside it, a world that begins its first day. */
  async begin(): Promise<void> {
    const { folder, speed, tell } = this.options
    mkdirSync(folder, { recursive: true })
    for (const name of readdirSync(folder))
      if (/^(twin|keys)\.db|^certificate/.test(name)) rmSync(join(folder, name), { recursive: true })
    this.port = await freePort()
    this.decidePort = await freePort()
    await this.startServer()
    const decides = `http://127.0.0.1:${this.decidePort}`
    tell(`A world of the network "${NETWORK}" begins, at ${speed}; it asks ${decides} how each order is shipped.`)
    this.world = new Program(
      [
        'reality',
        ...['--network', NETWORK],
        ...['--policies', `${STABLE}+${PROMISE}`],
        ...['--to', `http://127.0.0.1:${this.port}`],
        ...['--decides', decides],
        ...['--days', String(DAYS)],
        ...['--speed', speed],
        '--json',
      ],
      this.env,
    )
    await this.until('the world has told of its first hours', 60_000, async () => {
      if (this.world?.hasEnded) throw new Error(`the world ended: ${this.world.words}`)
      return (await this.worldMs()) > 0
    })
  }

  /** As a power cut would end it, and then another on the same files. */
  async cutPower(): Promise<void> {
    this.options.tell('The server is killed (kill -9), and started again on what it had made durable.')
    await this.server?.cut()
    await this.startServer()
  }

  /** An experiment says that a policy is better than what decides now; its certificate. */
  async certify(candidate: string, by: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const file = join(this.options.folder, 'certificate.json')
    const program = new Program(
      [
        'certify',
        'calm',
        '--network',
        NETWORK,
        '--policies',
        `${STABLE},${candidate}`,
        '--stable',
        STABLE,
        ...by,
        '--json',
        file,
        '-q',
      ],
      this.env,
    )
    const code = await program.ended()
    if (code !== 0 || !existsSync(file)) throw new Error(`no certificate for ${candidate}: ${program.words}`)
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>
  }

  /** A version is registered, by its words, with what recommends it. */
  async register(
    words: string,
    certificate: Readonly<Record<string, unknown>> | null,
  ): Promise<{ readonly id: string; readonly certificate: string | null }> {
    return this.pia.ask('POST', '/v1/versions', { words, ...(certificate === null ? {} : { certificate }) })
  }

  /** A plan is handed in, submitted, approved by two and started; refused is what one person alone must not do. */
  async launch(plan: Readonly<Record<string, unknown>>): Promise<string> {
    const { tell } = this.options
    const { id } = await this.pia.ask<Rollout>('POST', '/v1/rollouts', plan)
    await this.pia.ask('POST', `/v1/rollouts/${id}/submit`, {})
    const alone = await this.olaf.tell('POST', `/v1/rollouts/${id}/start`, {})
    if (alone.status !== 409) throw new Error(`a plan that nobody approved could be started: ${JSON.stringify(alone)}`)
    await this.approve(this.ana, id)
    await this.approve(this.ben, id)
    await this.olaf.ask('POST', `/v1/rollouts/${id}/start`, {})
    tell(`${id} has begun: made by pia, approved by ana and ben, started by olaf.`)
    return id
  }

  async approve(person: Person, id: string): Promise<void> {
    await this.retried(async () => {
      const { seq, verdict, state } = await this.see(id)
      const of = state === 'promote-pending' ? await this.proposedOf(id) : undefined
      await person.ask('POST', `/v1/rollouts/${id}/approve`, of === undefined ? {} : { of: of ?? verdict?.evidence }, seq)
    })
  }

  /** Both approve what is proposed, and it is promoted; what is proposed may be renewed while they look. */
  async promote(id: string): Promise<void> {
    await this.retried(async () => {
      for (const person of [this.ana, this.ben]) {
        const { seq } = await this.see(id)
        const of = await this.proposedOf(id)
        const { status, said } = await person.tell('POST', `/v1/rollouts/${id}/approve`, { of }, seq)
        if (status >= 400 && !/already/.test(JSON.stringify(said)))
          throw new Refused(`${person.name} could not approve: ${JSON.stringify(said)}`, status)
      }
      const { seq } = await this.see(id)
      await this.olaf.ask('POST', `/v1/rollouts/${id}/promote`, {}, seq)
    })
    this.options.tell(`${id} is promoted: ana and ben have approved its evidence.`)
  }

  see(id: string): Promise<Rollout> {
    return this.pia.ask('GET', `/v1/rollouts/${id}`)
  }

  /** Waits until a rollout is as wished; each change is told. Fails where it ends otherwise. */
  async waitFor(id: string, wish: string, forMs: number, isSo: (rollout: Rollout) => boolean): Promise<Rollout> {
    let last = ''
    let found: Rollout | null = null
    await this.until(`${id} ${wish}`, forMs, async () => {
      const rollout = await this.see(id)
      const { state, share, orders, held, verdict, nowMs } = rollout
      const line = `${state}${state === 'canary' ? ` at ${100 * share} %` : ''}${held === null ? '' : `, held: ${held.because}`}`
      if (line !== last) {
        last = line
        const says = verdict === null ? '' : ` — ${verdict.says}`
        this.options.tell(
          `${new Date(nowMs).toISOString().slice(0, 16)}Z  ${id}: ${line}; ${orders.matured} of ${orders.candidate} orders of the candidate matured${says}`,
        )
      }
      if (isSo(rollout)) {
        found = rollout
        return true
      }
      if (['rolled-back', 'rejected', 'settled'].includes(state))
        throw new Error(`${id} is ${state}: ${rollout.trail.at(-1)?.says}`)
      return false
    })
    if (found === null) throw new Error('unreachable')
    return found
  }

  /** Which version decides for an order that nobody has placed, by a dry run. */
  async decidesFor(order: string): Promise<{ readonly version: string; readonly arm: string }> {
    const nowMs = await this.worldMs()
    const { policy } = await this.shop.ask<{ policy: { version: string; arm: string } }>('POST', '/v1/decisions:evaluate', {
      order: {
        orderId: order,
        shipTo: { zone: 'mitte' },
        promise: { deliverBy: new Date(nowMs + 30 * 3_600_000).toISOString() },
        lines: [{ sku: 'sku-01', qty: 1 }],
      },
    })
    return policy
  }

  /** An order that is the candidate's under the rollout that is on. */
  async orderOfCandidate(): Promise<string> {
    for (let i = 0; i < 400; i++) {
      const order = `looked-for-${this.asked++}`
      if ((await this.decidesFor(order)).arm === 'candidate') return order
    }
    throw new Error('no order was the candidate’s')
  }

  /** Rolls back by hand, and says how long it took until an order that was the candidate's is decided by stable, ms. */
  async rollBack(id: string): Promise<number> {
    const order = await this.orderOfCandidate()
    const startedMs = performance.now()
    await this.olaf.ask('POST', `/v1/rollouts/${id}/rollback`, { because: 'to see how long it takes' })
    while ((await this.decidesFor(order)).arm === 'candidate') await pause(1)
    return performance.now() - startedMs
  }

  /** Where the twin's clock stands. */
  async worldMs(): Promise<number> {
    return Date.parse((await this.pia.ask<{ asOf: string }>('GET', '/v1/feeds')).asOf)
  }

  /** The world ends at an event; what it says of how its orders were decided. */
  async endWorld(): Promise<{
    readonly decided: Readonly<Record<string, number>>
    readonly sent: Readonly<Record<string, number>>
  }> {
    const { world } = this
    if (world === null) throw new Error('there is no world')
    await world.stop()
    const from = world.words.indexOf('{')
    if (from < 0) throw new Error(`the world said nothing: ${world.words}`)
    return JSON.parse(world.words.slice(from, world.words.lastIndexOf('}') + 1))
  }

  async end(): Promise<void> {
    await this.world?.stop()
    await this.server?.stop()
  }

  private async startServer(): Promise<void> {
    const { folder, tell } = this.options
    this.server = new Program(
      [
        'serve',
        ...['--network', NETWORK],
        ...['--policies', STABLE],
        ...['--port', String(this.port)],
        ...['--decide-port', String(this.decidePort)],
        ...['--clock', 'told'],
        ...['--db', join(folder, 'twin.db')],
        ...['--keys', join(folder, 'keys.db')],
        '--no-page',
      ],
      this.env,
    )
    const startedMs = performance.now()
    await this.until('the server answers', 60_000, async () => {
      if (this.server?.hasEnded) throw new Error(`the server ended: ${this.server.words}`)
      return (await this.pia.tell('GET', '/v1/aliases').catch(() => ({ status: 0 }))).status === 200
    })
    tell(
      `The server answers after ${((performance.now() - startedMs) / 1000).toFixed(1)} s, on port ${this.port}; decisions on ${this.decidePort}.`,
    )
  }

  private async proposedOf(id: string): Promise<string | undefined> {
    const entries = await this.pia.ask<{ entries: readonly { type: string; body: { look?: { evidence: string } } }[] }>(
      'GET',
      `/v1/audit?about=rollout:${id}&limit=1000`,
    )
    return entries.entries.findLast(({ type }) => type === 'rollout.proposed')?.body.look?.evidence
  }

  /** The book goes on while people look: who was overtaken looks again. */
  private async retried(work: () => Promise<void>): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await work()
        return
      } catch (error) {
        if (!(error instanceof Refused) || ![409, 412].includes(error.status) || tries === 20) throw error
        await pause(POLL_MS)
      }
    }
  }

  private async until(what: string, forMs: number, isSo: () => Promise<boolean>): Promise<void> {
    const sinceMs = performance.now()
    while (!(await isSo())) {
      this.options.signal?.throwIfAborted()
      if (performance.now() - sinceMs > forMs)
        throw new Error(
          `not within ${forMs / 1000} s: ${what}. The server: ${this.server?.words.slice(-1500)}. The world: ${this.world?.words.slice(-500)}`,
        )
      await pause(POLL_MS)
    }
  }
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { InputError } from '../../scenarios/read/problem.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { isBeforeTold } from '../book/book.ts'
import type { Tip } from '../govern/anchors.ts'
import { type Environment, type Office, openOffice, tipOf } from '../govern/office.ts'
import { withTokens } from '../govern/tokens.ts'
import { openKafka } from '../ingest/kafka.ts'
import { KnownIds } from '../ingest/known-ids.ts'
import { type Adapter, openMqtt } from '../ingest/mqtt.ts'
import { openKeyStore } from '../ingest/seal.ts'
import type { EventLog } from '../log/event-log.ts'
import { openOrderArchive } from '../log/order-archive.ts'
import { openPostgresLog } from '../log/postgres.ts'
import { isPostgres } from '../log/read-log.ts'
import { openSqliteLog } from '../log/sqlite.ts'
import { readAccess } from './access.ts'
import { type FuturesOptions, openApp, type Wing } from './app.ts'
import { cannotListen, mayListen } from './may-listen.ts'
import { readOrigins } from './origins.ts'
import { readPaces } from './pace.ts'
import { statesWith } from './states.ts'
import { toldClockOf } from './told-clock.ts'
import { openTwin, type Twin } from './twin.ts'

export type ServeOptions = {
  readonly host: string
  readonly port: number
  /** File of the log, or the address of a PostgreSQL. The keys lie in a file of their own. */
  readonly db: string
  readonly keyFile: string
  readonly aheadMs: number
  readonly heldBytesMax: number
  readonly retainMs?: number | null
  /** Orders leave the memory so long after they ended, ms; null: never. They are told from the log. */
  readonly forgetMs?: number | null
  /** What was delivered counts as settled after so long, ms; null: when somebody says so; without it as the state has it. */
  readonly quietMs?: number | null
  /** Keys as in ORRERY_KEYS. */
  readonly keys: string | undefined
  readonly logLevel: string
  readonly wings?: readonly Wing[]
  /** Address of an MQTT broker, or null. */
  readonly mqtt?: string | null
  /** BROKERS/TOPICS as in 127.0.0.1:9092/orders,scans, or null. */
  readonly kafka?: string | null
  readonly say: (text: string) => void
  readonly now?: () => number
  /** `told`: the twin's clock goes by the events it is told, at their pace; `wall`, as without it: by this machine's. */
  readonly clock?: (typeof CLOCKS)[number]
  /** What rule sets that are registered are compiled for. */
  readonly network?: NetworkSpec | null
  /** Events that name a site, service, zone or article that the network has not are put aside; otherwise ids are learned as they come. */
  readonly checkIds?: boolean
  /** How far the clocks on the wall are ahead of UTC. */
  readonly offsetMinutes?: number
  /** How futures of that network are made; null: none are. */
  readonly futures?: FuturesOptions | null
  /** Where secrets and settings come from; without it the environment of the process. */
  readonly env?: Environment
}
export const CLOCKS = ['wall', 'told'] as const

export type Served = { readonly url: string; readonly twin: Twin; readonly office: Office; stop(): Promise<void> }

/** Checkpoints come so often, ms; a stop makes one more. */
const CHECKPOINT_MS = 5 * 60_000
/** Entries read again at opening between two words about it. */
const TOLD_EACH = 2000
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/

/** Opens the twin, then listens. `stop` lets what is under way end, puts the state away and closes. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { host, port, say } = options
  const { env = process.env, now: wallNow = Date.now } = options
  let refused = (_why: string): void => {}
  const access = withTokens(readAccess(options.keys), env.ORRERY_JWT, wallNow, (why) => refused(why))
  if (!access.keyed && !LOOPBACK.test(host)) {
    const fix = 'set ORRERY_KEYS to {"KEY": {"name": "…", "role": "operator"}}, or leave --host out'
    throw new InputError([{ file: 'serve', line: null, field: '--host', found: `${host}, and no keys`, fix }])
  }
  if (!access.keyed)
    say('No keys (ORRERY_KEYS): everybody on this machine is one operator. Fine for a look; what takes two people takes keys.')
  for (const notice of access.notices ?? []) say(notice)
  if (port !== 0) await mayListen(host, port, '--port')
  const file = isPostgres(options.db) ? resolve(options.keyFile) : resolve(options.db)
  const { log, tip } = await openLog(options.db, file)
  const { forgetMs = null } = options
  const told = options.clock === 'told' ? await toldClockOf(log) : null
  const now = told === null ? wallNow : () => told.now()
  const twin = await openTwin({
    log,
    keys: openKeyStore(resolve(options.keyFile)),
    states: statesWith({
      ...(options.quietMs === undefined ? {} : { quietMs: options.quietMs }),
      forgetMs,
      // Without the setting it is still there for those who left under it.
      archive: forgetMs === null && !existsSync(`${file}.orders`) ? null : openOrderArchive(`${file}.orders`),
    }),
    deskFile: `${file}.quarantine`,
    now,
    wallNow,
    ...(told === null ? {} : { onHeard: (source: string, atMs: number) => told.heard(source, atMs) }),
    aheadMs: options.aheadMs,
    known: options.checkIds === true && options.network != null ? new KnownIds(options.network) : null,
    heldBytesMax: options.heldBytesMax,
    retainMs: options.retainMs ?? null,
    onProgress: (entry, last, events) => {
      if (entry % TOLD_EACH === 0) say(`read again: entry ${entry} of ${last}, ${events} events`)
    },
  })
  const office = await openOffice({
    file,
    env,
    now,
    ...(told === null ? {} : { wallNow }),
    say,
    network: options.network ?? null,
    offsetMinutes: options.offsetMinutes ?? 0,
    peopleByToken: access.peopleByToken ?? false,
  }).catch(async (error: unknown) => {
    await twin.close()
    throw error
  })
  // What people did was done by this clock too: it does not stand before that.
  told?.notBefore(office.book.entries().findLast((entry) => !isBeforeTold(entry))?.atMs ?? 0)
  office.exported('events', () => linesOfLog(log))
  office.anchored('events', tip ?? (() => tipOf(file)))
  office.anchorDaily()
  const closeAll = async (): Promise<void> => {
    await office.close()
    await twin.close()
  }
  const app = await openApp(twin, {
    access,
    office,
    origins: readOrigins(env.ORRERY_CORS),
    paces: readPaces(env.ORRERY_PACES),
    logTo: options.logLevel === 'silent' ? null : { write: (line) => void process.stderr.write(line) },
    logLevel: options.logLevel,
    wings: options.wings ?? [],
    network: options.network ?? null,
    offsetMinutes: options.offsetMinutes ?? 0,
    futures: options.futures ?? null,
  }).catch(async (error: unknown) => {
    await closeAll()
    throw error
  })
  refused = (why) => app.log.info({ why }, 'a token was refused')
  try {
    await app.listen({ host, port })
  } catch (error) {
    await closeAll()
    throw cannotListen(error as NodeJS.ErrnoException, host, port, '--port')
  }
  const adapters = await openAdapters(options, twin).catch(async (error: unknown) => {
    await app.close()
    await closeAll()
    throw error
  })
  const timer = setInterval(() => {
    twin.checkpoint().catch((error: Error) => app.log.error({ err: error }, 'no checkpoint'))
    try {
      office.anchorDaily()
    } catch (error) {
      app.log.error({ err: error as Error }, 'no anchor')
    }
  }, CHECKPOINT_MS)
  const address = app.server.address()
  const listening = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening}`,
    twin,
    office,
    stop: async () => {
      clearInterval(timer)
      for (const adapter of adapters) await adapter.close()
      await app.close()
      // Nobody writes any more: the anchor is of all there is.
      try {
        office.anchor()
      } finally {
        await closeAll()
      }
    },
  }
}

/** Where the log lies, and where its chain ends: in a file that is read beside its writer, in a database as its writer knows. */
async function openLog(db: string, file: string): Promise<{ readonly log: EventLog; readonly tip: (() => Tip) | null }> {
  if (file === resolve(db)) return { log: await openSqliteLog(file), tip: null }
  const log = await openPostgresLog(db)
  return { log, tip: () => log.tip() }
}

/** Every event as it was stored, what is personal sealed. */
async function* linesOfLog(log: EventLog): AsyncIterable<string> {
  for await (const { kind, bytes } of log.read(1)) if (kind === 'events') yield Buffer.from(bytes).toString()
}

async function openAdapters({ mqtt, kafka, say }: ServeOptions, { accept }: Twin): Promise<Adapter[]> {
  const adapters: Adapter[] = []
  const trouble = (what: string) => (error: Error) => say(`${what}: ${error.message}`)
  if (mqtt) adapters.push(await openMqtt({ url: mqtt, accept, onTrouble: trouble('mqtt') }))
  if (kafka) {
    const [brokers, topics] = kafka.split('/')
    if (!topics) {
      const fix = 'write brokers and topics, as in 127.0.0.1:9092/orders,scans'
      throw new InputError([{ file: 'serve', line: null, field: '--kafka', found: `"${kafka}"`, fix }])
    }
    adapters.push(
      await openKafka({ brokers: brokers.split(','), topics: topics.split(','), accept, onTrouble: trouble('kafka') }),
    )
  }
  return adapters
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { type Environment, type Office, openOffice, tipOf } from '../govern/office.ts'
import type { KnownIds } from '../ingest/known-ids.ts'
import { openKeyStore } from '../ingest/seal.ts'
import { openOrderArchive } from '../log/order-archive.ts'
import { openSqliteLog } from '../log/sqlite.ts'
import { type Access, NOBODY_ASKED } from './access.ts'
import { type AppOptions, openApp, type Wing } from './app.ts'
import type { Server } from './http.ts'
import { PACES, type Paces } from './pace.ts'
import { STATES, statesWith } from './states.ts'
import { openTwin, type StateKeeper, type Twin } from './twin.ts'

export const NOW_MS = Date.UTC(2026, 10, 11, 12)

export type Opened = {
  readonly twin: Twin
  readonly app: Server
  readonly folder: string
  readonly office: Office | null
  /** Everything the server logged. */
  readonly logged: string[]
  /** The same twin opened again, as after a stop. */
  again(): Promise<Opened>
  close(): Promise<void>
}

/** A twin in a folder of its own, its server not listening: requests are injected. */
export async function openHere(
  options: {
    readonly folder?: string
    readonly access?: Access
    readonly states?: StateKeeper
    readonly now?: () => number
    readonly heldBytesMax?: number
    readonly retainMs?: number
    readonly known?: KnownIds
    /** Orders leave the memory so long after they ended; their archive lies beside the log. */
    readonly forgetMs?: number
    readonly origins?: readonly string[]
    readonly paces?: Paces
    /** What its office compiles rule sets for. */
    readonly network?: NetworkSpec
    /** Secrets of its office; without it there is none. */
    readonly office?: Environment
    readonly wings?: readonly Wing[]
  } & Pick<AppOptions, 'network' | 'offsetMinutes' | 'futures'> = {},
): Promise<Opened> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'orrery-twin-'))
  const { forgetMs } = options
  const twin = await openTwin({
    log: await openSqliteLog(join(folder, 'twin.db')),
    keys: openKeyStore(join(folder, 'keys.db')),
    states:
      options.states ??
      (forgetMs === undefined ? STATES : statesWith({ forgetMs, archive: openOrderArchive(join(folder, 'twin.db.orders')) })),
    deskFile: join(folder, 'twin.db.quarantine'),
    now: options.now ?? (() => NOW_MS),
    aheadMs: 15 * 60_000,
    heldBytesMax: options.heldBytesMax ?? 16_000_000,
    retainMs: options.retainMs ?? null,
    known: options.known ?? null,
  })
  const office =
    options.office === undefined
      ? null
      : await openOffice({
          file: join(folder, 'twin.db'),
          env: options.office,
          now: options.now ?? (() => NOW_MS),
          say: () => {},
          network: options.network ?? null,
          peopleByToken: options.access?.peopleByToken ?? false,
        })
  office?.anchored('events', () => tipOf(join(folder, 'twin.db')))
  const logged: string[] = []
  const app = await openApp(twin, {
    access: options.access ?? NOBODY_ASKED,
    origins: options.origins ?? [],
    paces: options.paces ?? PACES,
    wings: options.wings ?? [],
    network: options.network ?? null,
    offsetMinutes: options.offsetMinutes ?? 0,
    futures: options.futures ?? null,
    logTo: { write: (line) => logged.push(line) },
    office,
    drainMs: 1000,
  })
  const stop = async (): Promise<void> => {
    await app.close()
    await office?.close()
    await twin.close()
  }
  return {
    twin,
    app,
    office,
    folder,
    logged,
    again: async () => {
      await stop()
      return openHere({ ...options, folder })
    },
    close: async () => {
      await stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A sound event of the feed `scans`, changed as wished. */
export const scan = (id: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id,
  source: 'hub:recife',
  feed: 'scans',
  type: 'at-hub',
  at: '2026-11-11T08:00:00-03:00',
  order: 'A-1',
  hub: 'recife',
  ...changes,
})

export const placed = (id: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id,
  source: 'shop',
  feed: 'orders',
  type: 'placed',
  at: '2026-11-11T07:00:00-03:00',
  order: 'A-1',
  zone: 'PE',
  lines: [{ sku: 'sku-17', units: 2 }],
  promisedAt: '2026-11-14T20:00:00-03:00',
  ...changes,
})

export const ndjson = (events: readonly unknown[]): string => events.map((event) => JSON.stringify(event)).join('\n')

/** Keys of somebody for each role, and of a second operator; the key of NAME is `key-of-NAME-in-a-test`. */
export const PEOPLE = {
  vera: 'viewer',
  ines: 'planner',
  abel: 'approver',
  bea: 'approver',
  olga: 'operator',
  otto: 'operator',
  wms: 'integrator',
} as const
export const keyOf = (name: keyof typeof PEOPLE): string => `key-of-${name}-in-a-test`
export const KEYS_OF_PEOPLE = JSON.stringify(
  Object.fromEntries(Object.entries(PEOPLE).map(([name, role]) => [keyOf(name as keyof typeof PEOPLE), { name, role }])),
)

/** An operator asks for the erasure of a person, an approver agrees, the operator erases. */
export async function erasedByTwo(here: Opened, url: string): Promise<{ readonly statusCode: number; json(): unknown }> {
  const as = (name: keyof typeof PEOPLE) => ({ authorization: `Bearer ${keyOf(name)}` })
  const asked = await here.app.inject({ method: 'DELETE', url, headers: as('olga') })
  if (asked.statusCode !== 202) return asked
  const { id, digest } = (asked.json() as { request: { id: string; digest: string } }).request
  await here.app.inject({ method: 'POST', url: `/v1/requests/${id}/approve`, headers: as('abel'), payload: { digest } })
  return here.app.inject({ method: 'DELETE', url, headers: { ...as('olga'), 'orrery-approval': id } })
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeyStore } from '../ingest/seal.ts'
import { openSqliteLog } from '../log/sqlite.ts'
import { type Access, NOBODY_ASKED } from './access.ts'
import { openApp, type Wing } from './app.ts'
import type { Server } from './http.ts'
import { PACES, type Paces } from './pace.ts'
import { STATES } from './states.ts'
import { openTwin, type StateKeeper, type Twin } from './twin.ts'

export const NOW_MS = Date.UTC(2026, 10, 11, 12)

export type Opened = {
  readonly twin: Twin
  readonly app: Server
  readonly folder: string
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
    readonly origins?: readonly string[]
    readonly paces?: Paces
    readonly wings?: readonly Wing[]
  } = {},
): Promise<Opened> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'orrery-twin-'))
  const twin = await openTwin({
    log: await openSqliteLog(join(folder, 'twin.db')),
    keys: openKeyStore(join(folder, 'keys.db')),
    states: options.states ?? STATES,
    deskFile: join(folder, 'twin.db.quarantine'),
    now: options.now ?? (() => NOW_MS),
    aheadMs: 15 * 60_000,
    heldBytesMax: options.heldBytesMax ?? 16_000_000,
    retainMs: options.retainMs ?? null,
  })
  const logged: string[] = []
  const app = await openApp(twin, {
    access: options.access ?? NOBODY_ASKED,
    origins: options.origins ?? [],
    paces: options.paces ?? PACES,
    wings: options.wings ?? [],
    logTo: { write: (line) => logged.push(line) },
    drainMs: 1000,
  })
  const stop = async (): Promise<void> => {
    await app.close()
    await twin.close()
  }
  return {
    twin,
    app,
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

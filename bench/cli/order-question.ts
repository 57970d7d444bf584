import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { InputError } from '../../scenarios/read/problem.ts'
import { didYouMean } from '../../scenarios/read/suggest.ts'
import type { LiveEvent } from '../../twin/event/feeds.ts'
import { readMoment } from '../../twin/event/moment.ts'
import { boundToEvent } from '../../twin/ingest/intake.ts'
import { readLines } from '../../twin/ingest/read-lines.ts'
import { openKeyStore } from '../../twin/ingest/seal.ts'
import type { LogReader, StoredEntry } from '../../twin/log/event-log.ts'
import { openOrderArchive } from '../../twin/log/order-archive.ts'
import { hidden } from '../../twin/log/postgres.ts'
import { isPostgres, readLog } from '../../twin/log/read-log.ts'
import { type Dossier, dossierOf } from '../../twin/order/dossier.ts'
import { learn } from '../../twin/order/learned.ts'
import type { Archive } from '../../twin/state/archive.ts'
import { openState, restoreState, type TwinState } from '../../twin/state/state.ts'

/** The dossier of an order from a log, of SQLite or PostgreSQL, read beside whoever writes to it. */
export async function askOrder(id: string, { db, keys, at }: { db: string; keys: string; at: string | null }): Promise<Dossier> {
  const wrong = (field: string, found: string, fix: string): InputError =>
    new InputError([{ file: hidden(db), line: null, field, found, fix }])
  const atMs = at === null ? null : readMoment(at)
  if (Number.isNaN(atMs)) throw wrong('--at', `"${at}"`, 'write an instant with an offset, such as 2026-11-11T20:00:03Z')
  const log = await readLog(db)
  // Beside the log; where that lies in PostgreSQL, beside the keys.
  const archiveFile = `${resolve(isPostgres(db) ? keys : db)}.orders`
  const archive = existsSync(archiveFile) ? openOrderArchive(archiveFile, { readOnly: true }) : null
  const keyStore = existsSync(resolve(keys)) ? openKeyStore(resolve(keys)) : null
  try {
    const state = await stateOf(log, archive)
    const nowMs = atMs ?? state.asOfMs
    const dossier = await dossierOf(
      {
        core: state.core,
        learned: learn(state.core, nowMs),
        read: async ({ entry, line }) => eventIn(await log.get(entry), line),
        orders: (atMs) => (atMs >= state.asOfMs ? state : state.at(atMs)).openOrders(),
        open: (event) => {
          const text = typeof event.person === 'string' ? keyStore?.open(event.person, boundToEvent(event)) : null
          return text == null ? null : (JSON.parse(text) as Record<string, string>)
        },
      },
      id,
      nowMs,
    )
    if (dossier !== null) return dossier
    const some = Array.from(state.openOrders(), (order) => order.id).slice(0, 2000)
    const isLater = state.order(id) !== null
    throw wrong(
      'order',
      isLater ? `"${id}", which nobody had told of then` : `"${id}", which no event tells of`,
      isLater ? 'ask for a later instant' : didYouMean(id, some),
    )
  } finally {
    await keyStore?.close()
    archive?.close()
    await log.close()
  }
}

/** From the newest checkpoint that can be read, and what came after it. Without the archive of those that left it, from the log's beginning. */
export async function stateOf(log: LogReader, archive: Archive | null = null): Promise<TwinState> {
  const kept = await log.lastCheckpoint()
  const restored = kept === null ? null : restoreState(kept.bytes, { archive })
  const state = restored ?? openState()
  for await (const entry of log.read(restored === null ? 1 : (kept?.entry ?? 0) + 1)) {
    if (entry.kind !== 'events') continue
    const events = readLines(entry.bytes).values as LiveEvent[]
    state.apply(
      events,
      events.map((_, line) => ({ entry: entry.number, line })),
    )
  }
  return state
}

const eventIn = (entry: StoredEntry | null, line: number): LiveEvent | null =>
  entry === null ? null : ((readLines(entry.bytes).values.at(line) as LiveEvent | undefined) ?? null)

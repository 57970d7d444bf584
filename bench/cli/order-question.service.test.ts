import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EventLog } from '../../twin/log/event-log.ts'
import { POSTGRES_BIN, startPostgres } from '../../twin/log/postgres.fixture.ts'
import { openPostgresLog } from '../../twin/log/postgres.ts'
import { openSqliteLog } from '../../twin/log/sqlite.ts'
import { ndjson, placed, scan } from '../../twin/server/server.fixture.ts'
import { restoreState } from '../../twin/state/state.ts'
import { askOrder, stateOf } from './order-question.ts'

/** Two bodies, a checkpoint after the first. */
async function filled(log: EventLog): Promise<void> {
  const append = (events: unknown[]) =>
    log.append({ kind: 'events', receivedMs: 1, bytes: new TextEncoder().encode(ndjson(events)) })
  await append([placed('p-1'), placed('p-2', { order: 'A-2' })])
  const state = await stateOf(log)
  await log.checkpoint(1, state.checkpoint())
  expect(restoreState(state.checkpoint())).not.toBeNull()
  await append([scan('s-1', { who: 'sorter:7' })])
}

describe.skipIf(POSTGRES_BIN === null)('orrery order and a real PostgreSQL (skipped where it is not installed)', () => {
  test('the life of an order is told from it as from a file, while a twin writes to it', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-order-'))
    const server = await startPostgres(POSTGRES_BIN ?? '')
    try {
      await expect(askOrder('A-1', { db: server.url, keys: 'none', at: null })).rejects.toThrow(/without a log of orrery/)
      const db = join(folder, 'twin.db')
      const logs = [await openSqliteLog(db), await openPostgresLog(server.url)]
      for (const log of logs) await filled(log)
      const ask = (from: string, id = 'A-1') => askOrder(id, { db: from, keys: 'none', at: null })
      const dossier = await ask(server.url)
      expect(dossier).toEqual(await ask(db))
      expect(dossier.events.map(({ kind, who }) => [kind, who])).toEqual([
        ['orders.placed', 'shop'],
        ['scans.at-hub', 'sorter:7'],
      ])
      await expect(ask(server.url.replace('orrery@', 'orrery:secret@'), 'A-9')).rejects.toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('secret') }),
      )
      for (const log of logs) await log.close()
    } finally {
      await server.stop()
      rmSync(folder, { recursive: true })
    }
  })
})

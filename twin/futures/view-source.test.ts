import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteLog } from '../log/sqlite.ts'
import { viewsOfLog } from './view-source.ts'

const placed = (order: string): Uint8Array =>
  Buffer.from(
    `${JSON.stringify({
      id: `placed-${order}`,
      source: 'shop',
      feed: 'orders',
      type: 'placed',
      at: '2026-11-11T20:00:00Z',
      order,
      zone: 'PE',
      lines: [{ sku: 'x', units: 1 }],
      promisedAt: '2026-11-14T20:00:00Z',
    })}\n`,
  )

test('the log of a twin is read while the twin writes to it, and neither minds the other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-views-'))
  const file = join(folder, 'twin.db')
  const log = await openSqliteLog(file)
  try {
    await log.append({ kind: 'events', bytes: placed('A'), receivedMs: 1 })
    expect((await (await viewsOfLog(file)).at(null)).openCount()).toBe(1)
    await log.append({ kind: 'events', bytes: placed('B'), receivedMs: 2 })
    const { state, at } = await viewsOfLog(file)
    expect([state?.order('B')?.state, (await at(null)).openCount()]).toEqual(['placed', 2])
    await expect(viewsOfLog(join(folder, 'twin.dc'))).rejects.toThrow(/no file .*twin\.dc/)
  } finally {
    await log.close()
    rmSync(folder, { recursive: true })
  }
})

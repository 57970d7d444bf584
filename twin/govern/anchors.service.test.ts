import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf } from '../log/contract.fixture.ts'
import { POSTGRES_BIN, type Server, startPostgres } from '../log/postgres.fixture.ts'
import { openPostgresLog } from '../log/postgres.ts'
import { openSigner } from '../registry/signing.ts'
import { checkAnchors, readAnchors, writeAnchor } from './anchors.ts'
import { auditPostgres } from './audit.ts'

describe.skipIf(POSTGRES_BIN === null)('anchors of a log in a real PostgreSQL (skipped where it is not installed)', () => {
  let server: Server
  let folder: string
  beforeAll(async () => {
    server = await startPostgres(POSTGRES_BIN ?? '')
    folder = mkdtempSync(join(tmpdir(), 'orrery-anchors-'))
  }, 60_000)
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  }, 60_000)

  test('show that its end was cut off, or that all of it was written anew, while another process writes to it', async () => {
    await expect(auditPostgres(server.url, null, [])).rejects.toThrow(/without a log/)
    const log = await openPostgresLog(server.url)
    const file = join(folder, 'anchors')
    const signer = openSigner(undefined)
    for (let i = 0; i < 3; i++) await log.append(entryOf(`entry ${i}`))
    const half = log.tip()
    writeAnchor(file, { events: half }, 1000, signer)
    for (let i = 3; i < 6; i++) await log.append(entryOf(`entry ${i}`))
    writeAnchor(file, { events: log.tip() }, 2000, signer)
    const flaws = async () => {
      const { chain, flaw } = await auditPostgres(server.url, half.hash, readAnchors(file))
      return { flaw, flaws: checkAnchors(readAnchors(file), { events: chain }, signer).flaws.map(({ what }) => what) }
    }
    expect(await auditPostgres(server.url, half.hash, [])).toMatchObject({
      entries: 6,
      headFound: true,
      flaw: null,
      head: log.tip().hash,
    })
    expect(await flaws()).toEqual({ flaw: null, flaws: [] })
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query('DELETE FROM orrery_commits WHERE first > 4')
    // The chain that is left holds: only the anchor tells.
    expect(await flaws()).toEqual({ flaw: null, flaws: [expect.stringContaining('cut off')] })
    await client.query('TRUNCATE orrery_commits')
    await client.end()
    await log.close()
    const anew = await openPostgresLog(server.url)
    expect(anew.tip().entry).toBe(0)
    for (let i = 0; i < 6; i++) await anew.append(entryOf(`another ${i}`))
    expect(await flaws()).toEqual({ flaw: null, flaws: [expect.stringContaining('anew'), expect.stringContaining('anew')] })
    await anew.close()
    await server.crash()
    await expect(auditPostgres(server.url, null, [])).rejects.toThrow(/no PostgreSQL that answers/)
    await server.start()
  }, 60_000)
})

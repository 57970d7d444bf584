import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { all, entryOf, PROMISES, textOf } from './contract.fixture.ts'
import { POSTGRES_BIN, type Server, startPostgres } from './postgres.fixture.ts'
import { openPostgresLog } from './postgres.ts'

describe.skipIf(POSTGRES_BIN === null)('the log in a real PostgreSQL (skipped where it is not installed)', () => {
  let server: Server
  let databases = 0
  let url: string

  beforeAll(async () => {
    server = await startPostgres(POSTGRES_BIN ?? '')
  }, 60_000)
  afterAll(() => server.stop(), 60_000)

  /** Each promise gets a schema of its own: a database would take a second to make. */
  const fresh = async (): Promise<void> => {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    const name = `log${databases++}`
    await client.query(`CREATE SCHEMA ${name}`)
    await client.end()
    url = `${server.url}?options=-c%20search_path%3D${name}`
  }

  for (const [says, shows] of PROMISES)
    test(says, async () => {
      await fresh()
      await shows(() => openPostgresLog(url))
    })

  test('a second writer is refused', async () => {
    await fresh()
    const log = await openPostgresLog(url)
    await expect(openPostgresLog(url)).rejects.toThrow(/another process writes/)
    await log.close()
    await (await openPostgresLog(url)).close()
  })

  test('whoever changes a byte is found', async () => {
    await fresh()
    const log = await openPostgresLog(url)
    for (let i = 0; i < 5; i++) await log.append(entryOf(`entry ${i}`))
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query('UPDATE orrery_commits SET bytes = set_byte(bytes, octet_length(bytes) - 1, 57) WHERE first = 3')
    await client.end()
    expect(await log.verify()).toMatchObject({ entry: 3 })
    await log.close()
  })

  test('what was acknowledged outlives a crash of the server, and what was not is refused loudly', {
    timeout: 60_000,
  }, async () => {
    await fresh()
    const log = await openPostgresLog(url)
    const acknowledged: number[] = []
    const refused: unknown[] = []
    const writing = Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let i = 0; i < 400; i++) {
          try {
            const number = await log.append(entryOf(`${writer}-${i}`))
            acknowledged[number] = writer * 1000 + i
          } catch (error) {
            refused.push(error)
            return
          }
        }
      }),
    )
    await new Promise((done) => setTimeout(done, 120))
    await server.crash()
    await writing
    await log.close().catch(() => {})
    await server.start()
    const again = await openPostgresLog(url)
    const kept = await all(again)
    const texts = new Map(kept.map((entry) => [entry.number, textOf(entry)]))
    expect(refused.length).toBeGreaterThan(0)
    expect(acknowledged.length).toBeGreaterThan(1)
    for (const [number, what] of acknowledged.entries())
      if (what !== undefined) expect(texts.get(number)).toBe(`${Math.floor(what / 1000)}-${what % 1000}`)
    expect(new Set(texts.values()).size).toBe(kept.length)
    expect(await again.verify()).toBeNull()
    await again.close()
  })
})

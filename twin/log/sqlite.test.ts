import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { all, entryOf, PROMISES } from './contract.fixture.ts'
import { openSqliteLog, readSqliteLog } from './sqlite.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-log-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const file = () => join(folder, 'twin.db')

for (const [says, shows] of PROMISES) test(says, () => shows(() => openSqliteLog(file())))

test('a second writer is refused, a reader is not', async () => {
  const log = await openSqliteLog(file())
  await log.append(entryOf('one'))
  await expect(openSqliteLog(file())).rejects.toThrow(/another process writes/)
  const reader = readSqliteLog(file())
  expect(reader.last()).toBe(1)
  await log.append(entryOf('two'))
  expect(reader.last()).toBe(2)
  reader.close()
  await log.close()
  await (await openSqliteLog(file())).close()
})

test('whoever changes a byte, a number or a link of the chain is found', async () => {
  const log = await openSqliteLog(file())
  for (let i = 0; i < 6; i++) await log.append(entryOf(`entry ${i}`))
  await log.close()
  const flawAfter = (sql: string): unknown => {
    const db = new DatabaseSync(file())
    db.exec('BEGIN')
    db.exec(sql)
    db.exec('COMMIT')
    db.close()
    const reader = readSqliteLog(file())
    const links = reader.verify()
    let step = links.next()
    while (!step.done) step = links.next()
    reader.close()
    return step.value
  }
  expect(flawAfter('SELECT 1')).toBeNull()
  expect(
    flawAfter("UPDATE commits SET bytes = CAST(replace(CAST(bytes AS TEXT), 'entry 3', 'entry 9') AS BLOB) WHERE first = 4"),
  ).toMatchObject({
    entry: 4,
  })
  expect(flawAfter('DELETE FROM commits WHERE first = 2')).toEqual({ entry: 2, what: 'entries 2 to 2 are not there' })
})

test('a file that is no log is named, and so is one that is not there', async () => {
  writeFileSync(file(), 'a shopping list, and a long one at that'.repeat(200))
  await expect(openSqliteLog(file())).rejects.toThrow(/no log/)
  expect(() => readSqliteLog(join(folder, 'none.db'))).toThrow(/no such file/)
})

const canMount = process.platform === 'linux' && process.getuid?.() === 0
test.skipIf(!canMount)(
  'on a full disk nothing is accepted, the process goes on, and what was accepted stays (skipped without the rights to mount)',
  async () => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
    try {
      const log = await openSqliteLog(join(disk, 'twin.db'))
      const body = 'x'.repeat(50_000)
      let accepted = 0
      const complaint = await (async () => {
        for (;;) {
          try {
            await log.append(entryOf(body))
            accepted++
          } catch (error) {
            return (error as Error).message
          }
        }
      })()
      expect(complaint).toMatch(/cannot be written to: .*full.*nothing of this was accepted/)
      expect(log.pendingBytes()).toBe(0)
      await expect(log.append(entryOf(body))).rejects.toThrow(/full/)
      expect(log.last()).toBe(accepted)
      expect((await all(log)).length).toBe(accepted)
      await log.close()
    } finally {
      execFileSync('umount', [disk])
    }
  },
)

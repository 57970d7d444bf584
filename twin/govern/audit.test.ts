import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Book, openBook } from '../book/book.ts'
import { CHAIN_START, digestOf, linkOf, pack } from '../log/packed.ts'
import { openSqliteLog } from '../log/sqlite.ts'
import { openSigner } from '../registry/signing.ts'
import { readAnchors } from './anchors.ts'
import { auditLog, auditOffice } from './audit.ts'
import { brokenLink, canonical, digestOfValue, type Linked, NO_RECORD } from './canonical.ts'
import { forwardMove } from './governance.ts'
import { type Office, openOffice } from './office.ts'

const SECRETS = { ORRERY_SIGNING_KEY: Buffer.alloc(32, 9).toString('base64'), ORRERY_PSEUDONYM_KEY: 'p'.repeat(32) }
const OLGA = { name: 'olga', role: 'operator' } as const
const ABEL = { name: 'abel', role: 'approver' } as const

/** An office with some life in it, put away once and copied for each way of tampering. */
let life: string
let folder: string
const file = (): string => join(folder, 'twin.db')
const ACTS = 60

beforeAll(async () => {
  life = mkdtempSync(join(tmpdir(), 'orrery-audit-'))
  folder = life
  const log = await openSqliteLog(file())
  for (let i = 0; i < 20; i++) await log.append({ kind: 'events', receivedMs: i, bytes: Buffer.from(`{"id":"${i}"}`) })
  await log.close()
  let nowMs = Date.UTC(2026, 10, 11)
  const office = await openOffice({ file: file(), env: SECRETS, now: () => nowMs++, say: () => {} })
  office.anchored('events', () => ({ entry: 20, hash: headOf(file()) }))
  const kept = { kind: 'routing', params: {}, data: null, training: null } as const
  const versions = [1, 2].map((n) =>
    office.registry.registerContent({ ...kept, name: `n${n}`, text: `export default ${n}` }, 'ines'),
  )
  const [from, to] = await Promise.all(versions)
  await office.registry.point('stable', from.id, 'serve', 0)
  const asked = await office.governance.ask({ ...forwardMove('promote', 'stable', to.id), because: 'better' }, OLGA)
  await office.governance.approve(asked.id, ABEL, asked.digest)
  await office.registry.point('stable', to.id, 'olga', office.registry.alias('stable')?.seq ?? 0, asked.id)
  office.anchor()
  while (office.book.last() < ACTS)
    await office.book.append({ who: 'ana', about: 'rollout:r-1', type: 'rollout.held', body: { n: office.book.last() } })
  nowMs += 86_400_000
  office.anchorDaily()
  await office.close()
})
afterAll(() => rmSync(life, { recursive: true }))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-audit-'))
  for (const name of ['twin.db', 'twin.db-wal', 'twin.db.book', 'twin.db.book-wal', 'twin.db.anchors'])
    if (existsSync(join(life, name))) copyFileSync(join(life, name), join(folder, name))
  return () => rmSync(folder, { recursive: true, force: true })
})

const headOf = (path: string): string => auditLog(path, null).head
type Commit = { first: number; count: number; at: number; digest: Uint8Array; hash: Uint8Array; bytes: Uint8Array }
function changing(path: string, change: (db: DatabaseSync, commits: Commit[]) => void): void {
  const db = new DatabaseSync(path)
  change(db, db.prepare('SELECT * FROM commits ORDER BY first').all() as unknown as Commit[])
  db.close()
}
/** Whoever has the file and the source can write it all anew, with hashes that fit. */
function writtenAnew(
  path: string,
  keep: (act: { seq: number }) => boolean,
  change: (act: Record<string, unknown>) => void = () => {},
): void {
  changing(path, (db, commits) => {
    const acts = commits.flatMap(({ bytes, first, count }) =>
      Array.from({ length: count }, (_, i) => {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        let at = 4 + 13 * count
        for (let k = 0; k < i; k++) at += view.getUint32(4 + 13 * k + 9, true)
        const text = Buffer.from(bytes.subarray(at, at + view.getUint32(4 + 13 * i + 9, true))).toString()
        return { number: first + i, act: JSON.parse(text) as Record<string, unknown> & { seq: number } }
      }),
    )
    db.exec('DELETE FROM commits')
    const insert = db.prepare('INSERT INTO commits (first, count, at, digest, hash, bytes) VALUES (?, 1, 0, ?, ?, ?)')
    let before = CHAIN_START
    let number = 0
    for (const { act } of acts.filter(({ act: one }) => keep(one))) {
      number++
      change(act)
      act.seq = number
      const bytes = pack([{ kind: 'act', receivedMs: 0, bytes: Buffer.from(JSON.stringify(act)) }])
      const digest = digestOf(bytes)
      before = linkOf(before, number, 1, digest)
      insert.run(number, digest, before, bytes)
    }
  })
}
const audit = async (env: Readonly<Record<string, string>> = SECRETS) => {
  const log = auditLog(file(), null)
  const { book, anchors } = await auditOffice(file(), null, env)
  const found = [
    log.flaw?.what,
    book?.flaw?.what,
    ...(book?.flaws ?? []).map(({ what }) => what),
    ...anchors.flaws.map(({ what }) => what),
  ]
  return { log, book, anchors, found: found.filter((what) => what !== undefined) }
}

describe('an audit', () => {
  test('finds nothing where nobody did anything, with the key and without it', async () => {
    const { book, anchors, found } = await audit()
    expect(found).toEqual([])
    expect(book).toMatchObject({ entries: ACTS, moves: 2, requests: 1, unknownKeys: 0 })
    expect(anchors).toMatchObject({ anchors: 2, unknownKeys: 0 })
    const outside = await audit({})
    expect([outside.found, outside.book?.unknownKeys, outside.anchors.unknownKeys]).toEqual([[], 2, 2])
  })

  test.each(['events', 'book'] as const)(
    'finds whatever is changed in the %s: a byte, a commit taken out, two exchanged, the tail cut off',
    async (which) => {
      const path = which === 'events' ? file() : `${file()}.book`
      const kept = readFileSync(path)
      const keptWal = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : null
      const restore = (): void => {
        rmSync(`${path}-shm`, { force: true })
        writeFileSync(path, kept)
        if (keptWal === null) rmSync(`${path}-wal`, { force: true })
        else writeFileSync(`${path}-wal`, keptWal)
      }
      let count = 0
      changing(path, (_, commits) => {
        count = commits.length
      })
      expect(count).toBeGreaterThan(15)
      const way = fc.oneof(
        fc.record({
          kind: fc.constant('modify' as const),
          at: fc.nat(count - 1),
          byte: fc.nat(),
          by: fc.integer({ min: 1, max: 255 }),
        }),
        fc.record({ kind: fc.constant('delete' as const), at: fc.nat(count - 1) }),
        fc.record({ kind: fc.constant('reorder' as const), at: fc.nat(count - 2) }),
        fc.record({ kind: fc.constant('truncate' as const), at: fc.nat(count - 1) }),
      )
      await fc.assert(
        fc.asyncProperty(way, async (change) => {
          restore()
          changing(path, (db, commits) => {
            const { first, bytes } = commits[change.at]
            if (change.kind === 'modify') {
              const other = new Uint8Array(bytes)
              other[change.byte % other.length] ^= change.by
              db.prepare('UPDATE commits SET bytes = ? WHERE first = ?').run(other, first)
            } else if (change.kind === 'delete') db.prepare('DELETE FROM commits WHERE first = ?').run(first)
            else if (change.kind === 'truncate') db.prepare('DELETE FROM commits WHERE first >= ?').run(first)
            else {
              const next = commits[change.at + 1]
              const swap = db.prepare('UPDATE commits SET digest = ?, hash = ?, bytes = ? WHERE first = ?')
              swap.run(next.digest, next.hash, next.bytes, first)
              swap.run(commits[change.at].digest, commits[change.at].hash, bytes, next.first)
            }
          })
          expect((await audit()).found, JSON.stringify(change)).not.toEqual([])
        }),
        { numRuns: 60 },
      )
    },
  )

  test('a tail that was cut off is not seen by the chain, only by the anchors', async () => {
    changing(`${file()}.book`, (db) => db.exec(`DELETE FROM commits WHERE first > ${ACTS - 3}`))
    const { book, found } = await audit()
    expect([book?.flaw, book?.flaws]).toEqual([null, []])
    expect(found).toEqual([expect.stringMatching(/the tail was cut off/)])
  })

  test('a book that is gone altogether is missed', async () => {
    rmSync(`${file()}.book`)
    expect((await audit()).found).toEqual([expect.stringMatching(/gone altogether/)])
  })

  test('a book that was written anew with hashes that fit is not the one the anchors saw', async () => {
    writtenAnew(`${file()}.book`, ({ seq }) => seq !== ACTS - 5)
    const { book, found } = await audit()
    expect([book?.flaw, book?.flaws]).toEqual([null, []])
    expect(found).toEqual([expect.stringMatching(/written anew/), expect.stringMatching(/cut off/)])
  })

  test('an approval that was left out or put in another mouth shows even without anchors', async () => {
    writtenAnew(
      `${file()}.book`,
      () => true,
      (act) => {
        if (act.type === 'request.approved') act.who = 'Olga '
      },
    )
    rmSync(`${file()}.anchors`)
    expect((await audit()).found).toEqual([
      'whoever asked agreed as well',
      expect.stringContaining('nobody else had agreed'),
      expect.stringContaining('not two people wanted it'),
    ])
  })

  test('a version that was put in the place of another shows by its signature', async () => {
    writtenAnew(
      `${file()}.book`,
      () => true,
      (act) => {
        const body = act.body as { version: string; under: string | null }
        if (act.type === 'alias.moved' && body.under !== null) body.version = 'routing/evil@000000000000'
      },
    )
    rmSync(`${file()}.anchors`)
    expect((await audit()).found).toEqual(
      expect.arrayContaining([expect.stringContaining('signature'), expect.stringContaining('not two people wanted it')]),
    )
  })

  test('anchors are a chain of their own: none can be changed, taken out or made up', async () => {
    const anchors = `${file()}.anchors`
    const [first, second] = readFileSync(anchors, 'utf8').trim().split('\n')
    const whole = (lines: readonly string[]) => writeFileSync(anchors, `${lines.join('\n')}\n`)
    whole([second])
    expect((await audit()).found).toContain('it says it is number 1')
    whole([first, second.replace(/"entry":\d+/, '"entry":5')])
    expect((await audit()).found).toContain('its signature does not hold')
    const { signature: _, ...unsigned } = readAnchors(anchors)[1]
    const eve = openSigner(undefined)
    whole([first, JSON.stringify({ ...unsigned, tips: {}, keyId: eve.keyId, signature: eve.sign(unsigned) })])
    expect((await audit()).anchors.unknownKeys).toBe(1)
    whole([first, '{'])
    await expect(audit()).rejects.toThrow(/anchors:2/)
  })

  test('an anchor half of which a power cut left is taken away by the next', async () => {
    const anchors = `${file()}.anchors`
    writeFileSync(anchors, `${readFileSync(anchors, 'utf8')}{"seq":2,"pr`)
    expect((await audit()).found).toEqual([])
    const office: Office = await openOffice({ file: file(), env: SECRETS, now: () => Date.UTC(2026, 10, 20), say: () => {} })
    office.anchorDaily()
    office.anchorDaily()
    await office.close()
    expect(readAnchors(anchors)).toHaveLength(3)
    expect((await audit()).found).toEqual([])
  })
})

describe('one way to write a record', () => {
  const zero = { actor: 'u:alice', canary: 'c1', prev: NO_RECORD, seq: 0, type: 'canary.created' }
  const first = '7a575585a6b2c954c27cbc07b0255a2b86e2cd21bc0f9d41f1ec1ea5e88899d1'
  const one = { type: 'canary.approved', seq: 1, prev: first, canary: 'c1', actor: 'u:bob' }

  test('gives the hashes that were computed elsewhere (golden chain G61)', () => {
    expect(digestOfValue(zero)).toBe(first)
    expect(digestOfValue(one)).toBe('79d4b080cde00220918290f004c102422d0b2a52821c65c74ab9d8f656671e4a')
    expect(brokenLink([zero, one])).toBeNull()
    expect(brokenLink([{ ...zero, type: 'canary.settled' } as Linked, one])).toEqual({
      at: 1,
      what: 'it does not follow from the one before it',
    })
    expect(brokenLink([one])).toEqual({ at: 0, what: 'it says it is number 1' })
  })

  test('does not depend on the order of keys, and reads back as what it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown
        const turned = JSON.parse(JSON.stringify(plain), (_, part: unknown) =>
          typeof part === 'object' && part !== null && !Array.isArray(part)
            ? Object.fromEntries(Object.entries(part).reverse())
            : part,
        ) as unknown
        expect(canonical(turned)).toBe(canonical(plain))
        expect(JSON.parse(canonical(plain))).toEqual(plain)
      }),
    )
    expect(() => canonical({ x: Number.NaN })).toThrow(/NaN/)
  })
})

test('an entry that two wrote at the same time is read back once, in one order', async () => {
  const book: Book = await openBook(await openSqliteLog(`${file()}.book`), () => Date.UTC(2026, 11, 1))
  await Promise.all(Array.from({ length: 20 }, (_, i) => book.append({ who: `w${i}`, about: 'x', type: 'x', body: {} })))
  await book.close()
  expect((await audit()).found).toEqual([])
})

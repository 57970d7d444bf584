import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteLog } from '../log/sqlite.ts'
import { type Book, openBook } from './book.ts'

let folder: string
let clockMs: number
const open = async (): Promise<Book> => openBook(await openSqliteLog(join(folder, 'book.db')), () => clockMs++)
const held = (who: string) => ({ who, about: 'rollout:r-1', type: 'rollout.held', body: { because: 'a storm' } })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-book-'))
  clockMs = 1000
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what was written is read again, in order, with who and when', async () => {
  const book = await open()
  await book.append(held('ana'))
  await book.append(held('bo'))
  await book.close()
  const again = await open()
  expect(again.entries()).toEqual([
    { seq: 1, atMs: 1000, ...held('ana') },
    { seq: 2, atMs: 1001, ...held('bo') },
  ])
  await again.close()
})

test('of two who decided on the same state of things only the first is written', async () => {
  const book = await open()
  const told: number[] = []
  book.onEntry(({ seq }) => told.push(seq))
  const [first, second] = await Promise.all([book.append(held('ana'), 0), book.append(held('bo'), 0)])
  expect([first?.who, second]).toEqual(['ana', null])
  expect(told).toEqual([1])
  await book.close()
})

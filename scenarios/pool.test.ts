import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPool } from './pool.ts'

type Does = 'work' | 'die once' | 'die always' | 'throw'
type Mortal = { id: number; log: string; does: Does; mark: string }

/** A pool of threads that really die, and a note of every task that was begun. */
function mortals(workers = 2, signal = new AbortController().signal, data: 'healthy' | 'stillborn' = 'healthy') {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-pool-'))
  const log = join(folder, 'begun')
  const retries: string[] = []
  const pool = openPool<Mortal, number>({
    code: `export { runTask } from ${JSON.stringify(new URL('mortal-worker.fixture.mjs', import.meta.url).href)}`,
    workers,
    data,
    signal,
    onRetry: (reason) => retries.push(reason),
  })
  return {
    retries,
    run: (id: number, does: Does = 'work') => pool.run({ id, log, does, mark: join(folder, `mark-${id}`) }),
    begun: () => readFileSync(log, 'utf8').trim().split('\n').map(Number),
    [Symbol.asyncDispose]: () => pool.close(),
  }
}

const timesIn = (list: readonly number[], id: number): number => list.filter((one) => one === id).length

test('a worker that dies loses only its own task, which is run again and counted once', async () => {
  await using pool = mortals()
  const results = await Promise.all(Array.from({ length: 12 }, (_, id) => pool.run(id, id === 4 ? 'die once' : 'work')))
  expect(results).toEqual(Array.from({ length: 12 }, (_, id) => id))
  for (let id = 0; id < 12; id++) expect(timesIn(pool.begun(), id)).toBe(id === 4 ? 2 : 1)
  expect(pool.retries).toHaveLength(1)
  expect(pool.retries[0]).toMatch(/a worker died .* run again, try 2 of 3/)
})

test('a task that kills its worker every time is given up after three tries, and the others still end', async () => {
  await using pool = mortals()
  const [dead, ...alive] = await Promise.allSettled([pool.run(0, 'die always'), pool.run(1), pool.run(2), pool.run(3)])
  expect(dead).toMatchObject({
    status: 'rejected',
    reason: { message: expect.stringMatching(/a worker died 3 times over the same task/) },
  })
  expect(alive.every(({ status }) => status === 'fulfilled')).toBe(true)
  expect(timesIn(pool.begun(), 0)).toBe(3)
})

test('a task that throws is not run again, whatever its message sounds like: it would only throw again', async () => {
  await using pool = mortals()
  await expect(pool.run(0, 'throw')).rejects.toThrow('its patience')
  expect(pool.begun()).toEqual([0])
  expect(pool.retries).toEqual([])
})

test('tasks begin in the order they were handed in, so that what is stopped early has whole replications', async () => {
  await using pool = mortals()
  await Promise.all(Array.from({ length: 40 }, (_, id) => pool.run(id)))
  // When a task begins, all handed in before it have begun, but the one that the other thread may just have been given.
  const begun = pool.begun()
  begun.forEach((id, place) => {
    expect(begun.slice(place).filter((later) => later < id).length, `${id}`).toBeLessThanOrEqual(1)
  })
})

test('a thread that cannot even start fails the tasks in its own words, and not the whole process', async () => {
  await using pool = mortals(3, undefined, 'stillborn')
  const ends = await Promise.allSettled([pool.run(0), pool.run(1), pool.run(2), pool.run(3), pool.run(4)])
  for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: { message: 'born without a network' } })
})

test('once stopped, tasks that wait for a thread end without being begun', async () => {
  const controller = new AbortController()
  await using pool = mortals(1, controller.signal)
  const first = pool.run(0)
  const rest = [pool.run(1), pool.run(2), pool.run(3)]
  await first
  controller.abort()
  const ends = await Promise.allSettled(rest)
  expect(ends.at(-1)).toMatchObject({ status: 'rejected' })
  expect(pool.begun()).not.toContain(3)
})

import { expect, test } from 'vitest'
import { smallWorld } from '../bench/small-world.ts'
import type { Outcome } from '../sim/outcome.ts'
import { plainCode, threadCode } from './bundle.ts'
import { parseContestant } from './contestant.ts'
import { openPool } from './pool.ts'
import type { Task, WorkerSetup } from './worker.ts'

const WORKER = new URL('./worker.ts', import.meta.url)

async function digestsBy(code: string, contestant: WorkerSetup['contestants'][number]): Promise<string[]> {
  const data: WorkerSetup = {
    spec: smallWorld(),
    scenarios: [{ id: 'calm', spec: { name: 'calm', about: 'Ordinary days.', days: 2 } }],
    contestants: [contestant],
    seed: 'one module',
    replay: null,
    origins: 'free',
    check: true,
  }
  const pool = openPool<Task, Outcome>({ code, workers: 1, data, signal: new AbortController().signal, onRetry() {} })
  try {
    const outcomes = await Promise.all([0, 1].map((replication) => pool.run({ scenario: 0, contestant: 0, replication })))
    return outcomes.map(({ digest }) => digest)
  } finally {
    await pool.close()
  }
}

test('a thread gives the same answers whether its code was made one module or is read file by file', async () => {
  const contestant = await parseContestant('live-greedy+smoothed')
  const ids = Object.values(contestant.policies)
  const { code, note } = await threadCode(WORKER, 'openThread', ids)
  expect(note).toBeNull()
  expect(code).not.toMatch(/^import .*\.ts/m)
  const bundled = await digestsBy(code, contestant)
  expect(bundled[0]).not.toBe(bundled[1])
  expect(await digestsBy(plainCode(WORKER, 'openThread', ids), contestant)).toEqual(bundled)
})

test('code that cannot be made one module is still run, and why is said', async () => {
  const { code, note } = await threadCode(new URL('./no-such-file.ts', import.meta.url), 'openThread', [])
  expect(note).toMatch(/could not be bundled and runs slower: .*/)
  expect(code).toBe(plainCode(new URL('./no-such-file.ts', import.meta.url), 'openThread', []))
})

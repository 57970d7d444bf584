import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterAll, expect, test } from 'vitest'
import type { Answered } from './decider.ts'
import type { Keeper } from './keeper.ts'
import { asking, keep, STABLE, smallTwin } from './small-twin.fixture.ts'

const CANDIDATE = 'routing/cheapest@1'
/** The order that it never comes back from. */
const POISON = 424_242
type Said = { readonly by: Answered['by']; readonly status: string }

let keeper: Keeper
const workers: Worker[] = []
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.terminate()))
  await keeper.close()
})

test('a policy that never comes back costs one thread, not the others: it is benched, its thread replaced, and nothing is left set aside', {
  timeout: 60_000,
}, async () => {
  const twin = await smallTwin()
  const assignment = {
    generation: 2,
    stable: STABLE.stable,
    rollout: { id: 'r', candidate: CANDIDATE, unit: 'order', salt: 's', share: 1, logsBoth: false, blockMs: 0 },
  } as const
  keeper = await keep(twin, { names: ['live-greedy', 'cheapest'], threads: 2, assignment, bounds: { stallMs: 400 } })
  const open = async (): Promise<Worker> => {
    const workerData = { setup: keeper.setup(), looping: 'cheapest', poison: POISON }
    const worker = new Worker(new URL('./looper.fixture.ts', import.meta.url), { workerData })
    workers.push(worker)
    await once(worker, 'message')
    return worker
  }
  const ask = async (worker: Worker, order: string): Promise<Said> => {
    worker.postMessage(asking(twin.state, { order }))
    return ((await once(worker, 'message')) as [Said])[0]
  }
  const [one, two] = await Promise.all([open(), open()])
  expect((await ask(one, 'a')).by).toMatchObject({ version: CANDIDATE, servedInstead: null })

  const stalled = new Promise<{ threadId: number; version: string }>((resolve) => {
    keeper.watch((threadId, version) => resolve({ threadId, version }), 20)
  })
  const oneId = one.threadId
  const promisedBefore = keeper.outstanding
  one.postMessage(asking(twin.state, { order: String(POISON) }))
  // The other thread goes on meanwhile.
  expect((await ask(two, 'c')).by.version).toBe(CANDIDATE)
  expect(await stalled).toEqual({ threadId: oneId, version: CANDIDATE })

  await one.terminate()
  keeper.ended(oneId)
  expect(keeper.outstanding).toBe(promisedBefore + 1)
  const three = await open()
  const { by, status } = await ask(three, String(POISON))
  expect(status).toBe('routed')
  expect(by).toMatchObject({ version: STABLE.stable, arm: 'candidate' })
  expect(by.servedInstead).toContain(`${CANDIDATE} is benched`)
  expect((await ask(two, 'd')).by.version).toBe(STABLE.stable)
})

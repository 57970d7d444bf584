import { workerData } from 'node:worker_threads'
import type { Decider } from './decider.ts'
import { type DeciderNews, type DeciderSetup, openDecider as openOn } from './open-decider.ts'
import type { ThreadOrder } from './plane/thread-words.ts'

/**
 * What a decision thread loads to decide over the world: a place among all that share the ground. Threads are numbered
 * by the plane from 1, also those that take the place of others, which get the place of the one they replace.
 */
export async function openDecider(data: unknown, hear: (listener: (words: unknown) => void) => void): Promise<Decider> {
  const setup = data as DeciderSetup
  const { owner } = workerData as ThreadOrder
  const decider = await openOn(setup, (owner - 1) % setup.beats.threads)
  hear((words) => void decider.hear(words as DeciderNews))
  return decider
}

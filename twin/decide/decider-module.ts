import { threadId } from 'node:worker_threads'
import { Beats } from './beats.ts'
import { type DeciderNews, type DeciderSetup, openDecider as open, type ThreadDecider } from './open-decider.ts'

/** The decider as a decision thread imports it: `data` is `Keeper.setup()`, and what comes in is what `Keeper.onNews` tells. */
export async function openDecider(data: unknown, hear: (listener: (words: unknown) => void) => void): Promise<ThreadDecider> {
  const setup = data as DeciderSetup
  const decider = await open(setup, new Beats(setup.beats).claim(threadId, setup.places))
  hear((words) => void decider.hear(words as DeciderNews))
  return decider
}

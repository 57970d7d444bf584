import { Piscina } from 'piscina'
import type { ThreadSetup } from './setup.ts'

/** How often a task whose thread died is run before it is given up. */
const TRIES = 3

export type Pool<T, R> = {
  /** Runs one task; where its thread dies, only that task is lost, and it is run again on a new one. Tasks start in the order they come in. */
  run(task: T): Promise<R>
  close(): Promise<void>
}

export type PoolOptions = {
  /** A module as text, which exports `runTask`. */
  readonly code: string
  readonly workers: number
  readonly data: unknown
  readonly signal: AbortSignal
  readonly onRetry: (reason: string) => void
}

/** Worker threads for replications; the one door to piscina. */
export function openPool<T, R>({ code, workers, data, signal, onRetry }: PoolOptions): Pool<T, R> {
  const pool = new Piscina<T, R>({
    filename: new URL('./thread.mjs', import.meta.url).href,
    name: 'runTask',
    minThreads: workers,
    maxThreads: workers,
    workerData: { code, data } satisfies ThreadSetup<unknown>,
    // One replication is work for a good part of a second: nothing to gain from threads waiting on atomics.
    atomics: 'disabled',
  })
  // A thread that cannot even start, with no task of its own to fail, would otherwise end the whole process.
  const broken = new AbortController()
  pool.on('error', (error) => broken.abort(error))
  const either = AbortSignal.any([signal, broken.signal])
  // Not piscina's own signal: that kills the thread and starts another in its place, only for `close` to kill it while it loads.
  const stopped = new Promise<never>((_, reject) => either.addEventListener('abort', () => reject(either.reason)))
  stopped.catch(() => {})
  const inTurn = turnstile(workers)
  const runWhole = async (task: T): Promise<R> => {
    for (let attempt = 1; ; attempt++) {
      try {
        either.throwIfAborted()
        return await Promise.race([pool.run(task), stopped])
      } catch (error) {
        if (broken.signal.aborted) throw broken.signal.reason
        if (signal.aborted || !isDeath(error)) throw error
        if (attempt === TRIES)
          throw new Error(`a worker died ${TRIES} times over the same task; ${causeOf(error)}`, { cause: error })
        onRetry(`a worker died (${causeOf(error)}); its replication is run again, try ${attempt + 1} of ${TRIES}`)
      }
    }
  }
  return { run: (task) => inTurn(() => runWhole(task)), close: () => pool.destroy() }
}

/**
 * Lets so many in at once, first come first served. Piscina's own queue mixes the order up, and an experiment that is stopped early
 * is worth something only because the replications were begun one after the other.
 */
function turnstile(places: number): <R>(work: () => Promise<R>) => Promise<R> {
  const waiting: (() => void)[] = []
  let free = places
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}

/** A thread that exited or ran out of memory, as against a task that threw: that would only throw again. */
function isDeath(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return isOutOfMemory(error) || /^worker exited with code/.test(error.message)
}

const isOutOfMemory = (error: Error): boolean => 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'

function causeOf(error: Error): string {
  return isOutOfMemory(error) ? 'it ran out of memory: fewer --workers leave more for each' : error.message
}

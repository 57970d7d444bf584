import { Piscina } from 'piscina'

/** How often a task whose thread died is run again before it is given up. */
const TRIES = 3

export type Pool<T, R> = {
  /** Runs one task; where its thread dies, only that task is lost, and it is run again on a new one. */
  run(task: T): Promise<R>
  close(): Promise<void>
}

export type PoolOptions = {
  readonly file: URL
  readonly workers: number
  readonly workerData: unknown
  readonly signal: AbortSignal
  readonly onRetry: (reason: string) => void
}

/** Worker threads for replications; the one door to piscina. The file's default export is called with each task. */
export function openPool<T, R>({ file, workers, workerData, signal, onRetry }: PoolOptions): Pool<T, R> {
  const pool = new Piscina<T, R>({
    filename: file.href,
    minThreads: workers,
    maxThreads: workers,
    workerData,
    // One replication is work for a good part of a second: nothing to gain from threads waiting on atomics.
    atomics: 'disabled',
  })
  return {
    async run(task) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await pool.run(task, { signal })
        } catch (error) {
          if (signal.aborted || !isDeath(error) || attempt === TRIES) throw error
          onRetry(`a worker died (${error.message}); its replication is run again, try ${attempt + 1} of ${TRIES}`)
        }
      }
    },
    close: () => pool.destroy(),
  }
}

/** A thread that exited or ran out of memory, as against a task that threw: that would only throw again. */
function isDeath(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return code === 'ERR_WORKER_OUT_OF_MEMORY' || /worker.*(exit|terminat)/i.test(error.message)
}

import { workerData } from 'node:worker_threads'

/** What every thread of a pool is handed: the module it runs, and data for it. */
export type ThreadSetup<T> = { readonly code: string; readonly data: T }

/** The data this thread was opened with. */
export const setupOfThread = <T>(): T => (workerData as ThreadSetup<T>).data

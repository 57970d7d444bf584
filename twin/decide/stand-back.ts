import { constants, setPriority } from 'node:os'

/**
 * The calling thread gets a processor when nobody else wants one more: for threads that take seconds beside others that take microseconds. Only
 * Linux knows priorities of single threads; elsewhere it would be the whole process that stands back, so there nothing is done.
 */
export function standBack(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Where it may not be said, all threads are alike.
  }
}

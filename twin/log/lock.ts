import { DatabaseSync } from 'node:sqlite'
import { InputError } from '../../scenarios/read/problem.ts'

/**
 * One writer to a log. The lock is a transaction that is never ended, on a file of its own: the system lets go of it when the process dies,
 * however it dies, so there is nothing to tidy up after a crash. Readers do not ask for it.
 */
export function lockLog(file: string): { release(): void } {
  const lock = new DatabaseSync(`${file}.lock`)
  try {
    lock.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (by INTEGER)',
    )
  } catch (error) {
    lock.close()
    throw new InputError([
      {
        file,
        line: null,
        field: 'log',
        found: `a log that another process writes to (${(error as Error).message})`,
        fix: 'stop that process, or name another file with --db',
      },
    ])
  }
  return { release: () => lock.close() }
}

import { resolve } from 'node:path'
import { newestCheckpoint } from './checkpoint.ts'
import type { LogReader } from './event-log.ts'
import { readPostgresLog } from './postgres.ts'
import { readSqliteLog } from './sqlite.ts'

export const isPostgres = (db: string): boolean => /^postgres(ql)?:/.test(db)

/** The log that `--db` names, a file or the address of a PostgreSQL, to look at: whoever writes to it is not disturbed. */
export async function readLog(db: string): Promise<LogReader> {
  if (isPostgres(db)) return readPostgresLog(db)
  const commits = readSqliteLog(db)
  return {
    last: () => commits.last(),
    get: async (number) => commits.get(number),
    read: async function* (from) {
      yield* commits.from(from)
    },
    lastCheckpoint: async () => {
      const kept = newestCheckpoint(resolve(db))
      // One that is ahead of the log is of another log that lay here before.
      return kept === null || kept.entry > commits.last() ? null : kept
    },
    close: async () => commits.close(),
  }
}

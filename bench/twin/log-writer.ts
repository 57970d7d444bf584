import { writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { openSqliteLog } from '../../twin/log/sqlite.ts'
import { bodyOf } from './written.ts'

/**
 * A process that only writes to a log and says what was acknowledged: `NUMBER SEQUENCE` a line, straight to the pipe. It is there to be killed.
 * By its third word it keeps its promise (`durable`), does not flush (`unflushed`) or acknowledges what still lies in a buffer of its own (`early`).
 */
const [file, from, manner] = process.argv.slice(2)
const log = await openSqliteLog(file, { synchronous: manner === 'unflushed' ? 'OFF' : 'FULL' })
/** So many are on their way at once. */
const WRITERS = 16
/** How long the one that acknowledges too early keeps things to itself: as long as a commit may take on a busy machine. */
const BUFFERED_MS = 10
let sequence = Number(from)
let handed = log.last()

writeSync(1, 'writing\n')
async function write(): Promise<never> {
  for (;;) {
    const mine = sequence++
    if (manner === 'early') {
      writeSync(1, `${++handed} ${mine}\n`)
      await setTimeout(BUFFERED_MS)
    }
    const written = log.append({ kind: 'events', receivedMs: mine, bytes: bodyOf(mine) })
    const number = await written
    if (manner !== 'early') writeSync(1, `${number} ${mine}\n`)
  }
}
for (let i = 0; i < WRITERS; i++) void write()

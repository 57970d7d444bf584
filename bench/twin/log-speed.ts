import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { EventLog } from '../../twin/log/event-log.ts'
import { openSqliteLog } from '../../twin/log/sqlite.ts'

/** An event of a usual length: 165 bytes with its end of line. */
const LINE = `${JSON.stringify({
  id: 'wms-0000088120',
  source: 'wms:recife',
  feed: 'work',
  type: 'pick-started',
  at: '2026-11-11T20:00:03.120-03:00',
  who: 'picker:17',
  order: 'A-000001001',
  warehouse: 'recife',
})}\n`

export type LogSpeed = {
  readonly batch: number
  readonly eventsPerSecond: number
  readonly cpuMicrosPerEvent: number
}

/** As fast as it goes: so many bodies under way at once, each of `batch` events, for so long. */
export async function logSpeed(batch: number, seconds: number): Promise<LogSpeed> {
  return withLog(async (log) => {
    const body = new TextEncoder().encode(LINE.repeat(batch))
    let events = 0
    const began = performance.now()
    const cpu = process.cpuUsage()
    const until = began + seconds * 1000
    const write = async (): Promise<void> => {
      while (performance.now() < until) {
        await log.append({ kind: 'events', receivedMs: 0, bytes: body.slice() })
        events += batch
      }
    }
    await Promise.all(Array.from({ length: 64 }, write))
    const used = process.cpuUsage(cpu)
    return {
      batch,
      eventsPerSecond: (events / (performance.now() - began)) * 1000,
      cpuMicrosPerEvent: (used.user + used.system) / events,
    }
  })
}

/** Bodies come at moments of their own, whether the log keeps up or not: how long after its moment each was durable, in ms, sorted. */
export async function acknowledgements(eventsPerSecond: number, batch: number, seconds: number): Promise<number[]> {
  return withLog(async (log) => {
    const body = new TextEncoder().encode(LINE.repeat(batch))
    const everyMs = (1000 * batch) / eventsPerSecond
    const took: number[] = []
    const pending: Promise<void>[] = []
    const began = performance.now()
    for (let i = 0; i * everyMs < seconds * 1000; i++) {
      const due = began + i * everyMs
      while (performance.now() < due) await setTimeout(0)
      pending.push(
        log.append({ kind: 'events', receivedMs: 0, bytes: body.slice() }).then(() => {
          took.push(performance.now() - due)
        }),
      )
    }
    await Promise.all(pending)
    return took.sort((a, b) => a - b)
  })
}

async function withLog<T>(measure: (log: EventLog) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-log-speed-'))
  const log = await openSqliteLog(join(folder, 'twin.db'))
  try {
    return await measure(log)
  } finally {
    await log.close()
    rmSync(folder, { recursive: true })
  }
}

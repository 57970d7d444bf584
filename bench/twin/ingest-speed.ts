import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { makeEvents } from './made-events.ts'
import { openPoster, type Served, serveApart } from './served.ts'

export type IngestSpeed = {
  readonly eventsPerSecond: number
  readonly openOrders: number
  /** CPU time for each event, µs: of whoever sends, of the whole twin, and of the one thread that reads and applies. */
  readonly senderCpuMicros: number
  readonly twinCpuMicros: number
  readonly mainThreadMicros: number
}

/** Bodies on their way at a time: enough that the twin always has one to read while others are flushed. */
const UNDER_WAY = 16

/** Events a second that are durable, applied and acknowledged over HTTP, as fast as it goes; the sender is on the same cores. */
export async function ingestSpeed(batch: number, seconds: number, warmUpSeconds: number): Promise<IngestSpeed> {
  return withTwin(async ({ url, child }) => {
    const { post, close } = openPoster(url, UNDER_WAY)
    const events = makeEvents(batch, 'load')
    let acknowledged = 0
    const drive = async (forSeconds: number): Promise<void> => {
      const until = performance.now() + forSeconds * 1000
      const one = async (): Promise<void> => {
        while (performance.now() < until) {
          const { status, body } = await post(events.next())
          if (status !== 200) throw new Error(`status ${status}: ${body}`)
          const { accepted } = JSON.parse(body) as { accepted: number }
          if (accepted !== batch) throw new Error(`${accepted} of ${batch} accepted: ${body}`)
          acknowledged += accepted
        }
      }
      await Promise.all(Array.from({ length: UNDER_WAY }, one))
    }
    try {
      await drive(warmUpSeconds)
      acknowledged = 0
      const began = performance.now()
      const cpu = process.cpuUsage()
      const before = cpuMicrosOf(child.pid ?? 0)
      await drive(seconds)
      const took = performance.now() - began
      const used = process.cpuUsage(cpu)
      const after = cpuMicrosOf(child.pid ?? 0)
      const ready = (await (await fetch(new URL('/v1/health/ready', url))).json()) as { openOrders: number }
      return {
        eventsPerSecond: (acknowledged / took) * 1000,
        openOrders: ready.openOrders,
        senderCpuMicros: (used.user + used.system) / acknowledged,
        twinCpuMicros: (after.all - before.all) / acknowledged,
        mainThreadMicros: (after.main - before.main) / acknowledged,
      }
    } finally {
      close()
    }
  })
}

/** Bodies come at moments of their own, whether the twin keeps up or not: how long after its moment each was acknowledged, ms, sorted. */
export async function ingestDelays(
  eventsPerSecond: number,
  batch: number,
  seconds: number,
  warmUpSeconds: number,
): Promise<number[]> {
  return withTwin(async ({ url }) => {
    const { post, close } = openPoster(url, 64)
    const events = makeEvents(batch, 'load')
    const everyMs = (1000 * batch) / eventsPerSecond
    const took: number[] = []
    const pending = new Set<Promise<void>>()
    const began = performance.now()
    const warmMs = warmUpSeconds * 1000
    for (let i = 0; i * everyMs < warmMs + seconds * 1000; i++) {
      const due = began + i * everyMs
      const body = events.next()
      while (performance.now() < due) await setTimeout(Math.max(0, Math.floor(due - performance.now() - 0.5)))
      const one = post(body).then(({ status, body: text }) => {
        if (status !== 200) throw new Error(`status ${status}: ${text}`)
        if (i * everyMs >= warmMs) took.push(performance.now() - due)
        pending.delete(one)
      })
      pending.add(one)
    }
    await Promise.all(pending)
    close()
    return took.sort((a, b) => a - b)
  })
}

/** CPU time of a process and of its first thread, by the kernel's books (Linux; NaN elsewhere), whose ticks are 10 ms. */
function cpuMicrosOf(pid: number): { readonly all: number; readonly main: number } {
  const read = (file: string): number => {
    if (!existsSync(file)) return Number.NaN
    const text = readFileSync(file, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  }
  return { all: read(`/proc/${pid}/stat`), main: read(`/proc/${pid}/task/${pid}/stat`) }
}

async function withTwin<T>(measure: (served: Served) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-ingest-'))
  const served = await serveApart(folder)
  try {
    return await measure(served)
  } finally {
    await served.stop('SIGKILL')
    rmSync(folder, { recursive: true })
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { LiveEvent } from '../../twin/event/feeds.ts'
import { readMoment } from '../../twin/event/moment.ts'
import { linesOf } from '../../twin/ingest/quarantine.ts'
import { readSqliteLog } from '../../twin/log/sqlite.ts'
import { openState } from '../../twin/state/state.ts'
import { makeEvents } from './made-events.ts'
import { openPoster, type Served, serveApart } from './served.ts'

export type ServerLosses = {
  /** Events that the twin had acknowledged over HTTP before it was ended. */
  readonly acknowledged: number
  /** Of these, those that are not in its log. */
  readonly lost: number
  /** Lines of the log that tell an event again, because its sender had heard no answer: the state counts them once. */
  readonly toldAgain: number
  /** Bodies that got no answer and were sent again. */
  readonly sentAgain: number
  /** Whether the state after it all is that of the sorted unique events. */
  readonly sameState: boolean
}

const BATCH = 50
const CONNECTIONS = 6

/**
 * A twin is ended under load again and again: by `kill -9` at a moment of its own, every fourth time by SIGTERM. What got no answer is sent
 * again to the next one. In the end its log and its state are held against what was acknowledged.
 */
export async function serverKillRounds(
  rounds: number,
  onRound: (round: number, acknowledged: number) => void,
): Promise<ServerLosses> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-serve-kill-'))
  const events = makeEvents(BATCH, 'load')
  const acknowledged: Buffer[] = []
  let unheard: Buffer[] = []
  let sentAgain = 0
  try {
    let served = await serveApart(folder)
    for (let round = 0; round < rounds; round++) {
      const again = unheard
      unheard = []
      sentAgain += again.length
      const load = sendUntilGone(served, () => again.pop() ?? events.next(), acknowledged, unheard)
      await setTimeout(60 + ((round * 7919) % 500))
      await served.stop(round % 4 === 3 ? 'SIGTERM' : 'SIGKILL')
      await load
      unheard.push(...again)
      onRound(round, acknowledged.length * BATCH)
      served = await serveApart(folder)
    }
    const digest = await digestOf(served)
    await served.stop('SIGTERM')
    return { ...(await heldAgainst(join(folder, 'twin.db'), acknowledged, digest)), sentAgain }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Keeps the twin busy until it is gone. A body is acknowledged when a whole answer with 200 came; every other goes to `unheard`. */
async function sendUntilGone({ url }: Served, next: () => Buffer, acknowledged: Buffer[], unheard: Buffer[]): Promise<void> {
  const { post, close } = openPoster(url, CONNECTIONS)
  const one = async (): Promise<void> => {
    for (;;) {
      const body = next()
      try {
        const { status } = await post(Buffer.from(body))
        if (status === 200) acknowledged.push(body)
        else {
          unheard.push(body)
          if (status === 503) return
        }
      } catch {
        unheard.push(body)
        return
      }
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, one))
  close()
}

async function digestOf({ url }: Served): Promise<string> {
  const response = await fetch(new URL('/v1/network?digest=1', url))
  return ((await response.json()) as { digest: string }).digest
}

async function heldAgainst(
  file: string,
  acknowledged: readonly Buffer[],
  digest: string,
): Promise<Omit<ServerLosses, 'sentAgain'>> {
  const log = readSqliteLog(file)
  const stored = new Map<string, LiveEvent>()
  let toldAgain = 0
  for (const entry of log.from(1)) {
    if (entry.kind !== 'events') continue
    for (const line of linesOf(entry)) {
      const event = JSON.parse(line) as LiveEvent
      if (stored.has(event.id)) toldAgain++
      stored.set(event.id, event)
    }
  }
  log.close()
  const ids = acknowledged.flatMap((body) =>
    body
      .toString()
      .split('\n')
      .map((line) => (JSON.parse(line) as LiveEvent).id),
  )
  const sorted = [...stored.values()].sort((a, b) => readMoment(a.at) - readMoment(b.at) || (a.id < b.id ? -1 : 1))
  const state = openState()
  state.apply(
    sorted,
    sorted.map((_, line) => ({ entry: 1, line })),
  )
  return {
    acknowledged: ids.length,
    lost: missingOf(ids, stored),
    toldAgain,
    sameState: state.digest() === digest,
  }
}

/** How many of the ids are in no entry of the log. */
export const missingOf = (ids: readonly string[], stored: ReadonlyMap<string, unknown>): number =>
  ids.filter((id) => !stored.has(id)).length

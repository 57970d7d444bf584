import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import type { LiveEvent } from '../../twin/event/feeds.ts'
import { readMoment } from '../../twin/event/moment.ts'
import { poster } from '../../twin/ingest/post.ts'
import { linesOf } from '../../twin/ingest/quarantine.ts'
import { quarantinedIn, type Receipt } from '../../twin/ingest/receipt.ts'
import { replay, type TimedLine } from '../../twin/ingest/replay.ts'
import { readSqliteLog } from '../../twin/log/sqlite.ts'
import type { Dossier } from '../../twin/order/dossier.ts'
import { openState } from '../../twin/state/state.ts'
import { type Served, serveApart } from './served.ts'
import { missingOf } from './server-crashes.ts'

export type MonthTold = {
  /** Events of the record, and lines that were sent for them: some are told twice. */
  readonly events: number
  readonly lines: number
  /** Lines whose body the twin has acknowledged, and of their events those that are not in its log at the end. */
  readonly acknowledged: number
  readonly lost: number
  /** Times the twin was ended before the record was over, and bodies that had to be sent again for it. */
  readonly kills: number
  readonly sentAgain: number
  readonly quarantined: number
  /** Whether its state at the end is that of the sorted unique events. */
  readonly sameState: boolean
  /** Whole lives of orders that arrived late, drawn at random, as the twin told them. */
  readonly late: readonly { readonly dossier: Dossier; readonly deliveredMs: number; readonly promisedMs: number }[]
  readonly tookMs: number
}

export type MonthOptions = {
  readonly record: readonly TimedLine[]
  /** Where the moments of the ends, the disorder and the orders that are asked for come from. */
  readonly seed: string
  readonly kills: number
  /** Lines of a body: the smaller, the more there is under way when it is ended. */
  readonly bodyLines: number
  readonly lateOrders: number
}

/** Of the lines so many are overtaken by up to `OVERTAKEN_BY` others, and so many are told twice. */
const OVERTAKEN = 0.05
const OVERTAKEN_BY = 400
const TWICE = 0.03

/**
 * A record of real orders is told through HTTP as `orrery replay` does it, to a twin that is ended again and again: every fourth time it is asked to stop
 * and killed while it puts its state away, else killed at once. Then log, state and dossiers are held against the record.
 */
export async function tellWhileKilled({ record, seed, kills, bodyLines, lateOrders }: MonthOptions): Promise<MonthTold> {
  const luck = dice(`recorded month ${seed}`, 0)
  const chance = (what: number, which: number): number => draw(luck, which, PURPOSE.wire, what)
  const told = disordered(record, chance)
  const folder = mkdtempSync(join(tmpdir(), 'orrery-month-'))
  const stopped = new AbortController()
  let served = await serveApart(folder)
  const { url } = served
  try {
    const acknowledged: string[] = []
    let sentAgain = 0
    let receipts: Receipt | null = null
    const post = poster({
      url,
      key: null,
      patienceMs: 120_000,
      signal: stopped.signal,
      onWaiting: () => void sentAgain++,
    })
    const began = performance.now()
    const telling = replay({
      lines: told,
      speed: null,
      bodyLines,
      signal: stopped.signal,
      send: async (body) => {
        const receipt = await post(body)
        for (const line of body.split('\n')) acknowledged.push(line)
        return receipt
      },
    }).then((receipt) => {
      receipts = receipt
    })
    // Awaited below; until then a failure must not end the process.
    telling.catch(() => stopped.abort())

    // It is ended whenever a part of the record, drawn by luck, has been acknowledged, and a little later than that.
    const parts = Array.from({ length: kills }, (_, i) => 0.95 * chance(10, i)).sort((a, b) => a - b)
    let ended = 0
    for (const [i, part] of parts.entries()) {
      while (acknowledged.length < part * told.length && receipts === null && !stopped.signal.aborted) await pause(1)
      if (receipts !== null || stopped.signal.aborted) break
      await pause(10 * chance(11, i))
      if (i % 4 === 3) {
        served.child.kill('SIGTERM')
        await pause(40 * chance(12, i))
      }
      await served.stop('SIGKILL')
      ended++
      served = await serveApart(folder, Number(new URL(url).port))
    }
    await telling
    const tookMs = performance.now() - began
    const found = await heldAgainst(served, join(folder, 'twin.db'), record, acknowledged)
    const late = await lateLives(served, record, lateOrders, (which) => chance(13, which))
    return {
      events: record.length,
      lines: told.length,
      kills: ended,
      sentAgain,
      quarantined: receipts === null ? 0 : quarantinedIn(receipts),
      ...found,
      late,
      tookMs,
    }
  } finally {
    stopped.abort()
    await served.stop('SIGTERM')
    rmSync(folder, { recursive: true })
  }
}

/** How fast a record goes in when nobody is ended: events acknowledged a second. */
export async function tellAtFullSpeed(record: readonly TimedLine[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-month-'))
  const served = await serveApart(folder)
  try {
    const { signal } = new AbortController()
    const send = poster({ url: served.url, key: null, patienceMs: 10_000, signal })
    const began = performance.now()
    await replay({ lines: record, speed: null, signal, send })
    return (1000 * record.length) / (performance.now() - began)
  } finally {
    await served.stop('SIGTERM')
    rmSync(folder, { recursive: true })
  }
}

/** The record as a bad wire brings it: some come later than what happened after them, some twice. */
function disordered(record: readonly TimedLine[], chance: (what: number, which: number) => number): TimedLine[] {
  const copies: { turn: number; line: TimedLine }[] = []
  record.forEach((line, i) => {
    copies.push({ turn: i + (chance(1, i) < OVERTAKEN ? OVERTAKEN_BY * chance(2, i) : 0), line })
    if (chance(3, i) < TWICE) copies.push({ turn: i + OVERTAKEN_BY * chance(4, i), line })
  })
  return copies.sort((a, b) => a.turn - b.turn).map(({ line }) => line)
}

async function heldAgainst(
  { url }: Served,
  file: string,
  record: readonly TimedLine[],
  acknowledged: readonly string[],
): Promise<Pick<MonthTold, 'acknowledged' | 'lost' | 'sameState'>> {
  const { digest } = (await (await fetch(new URL('/v1/network?digest=1', url))).json()) as { digest: string }
  const log = readSqliteLog(file)
  const stored = new Map<string, string>()
  for (const entry of log.from(1)) if (entry.kind === 'events') for (const line of linesOf(entry)) stored.set(idOf(line), line)
  log.close()
  const unique = new Map(record.map(({ line }) => [idOf(line), JSON.parse(line) as LiveEvent]))
  const sorted = [...unique.values()].sort((a, b) => readMoment(a.at) - readMoment(b.at) || (a.id < b.id ? -1 : 1))
  const state = openState()
  state.apply(
    sorted,
    sorted.map((_, line) => ({ entry: 1, line })),
  )
  const ids = acknowledged.map(idOf)
  return { acknowledged: ids.length, lost: missingOf(ids, stored), sameState: state.digest() === digest }
}

const idOf = (line: string): string => {
  const { source, id } = JSON.parse(line) as LiveEvent
  return `${source}\n${id}`
}

/** So many of the orders that were delivered after their promise, drawn by luck, with what the twin tells of each. */
async function lateLives(
  { url }: Served,
  record: readonly TimedLine[],
  count: number,
  chance: (which: number) => number,
): Promise<MonthTold['late']> {
  const promised = new Map<string, number>()
  const late: { order: string; deliveredMs: number; promisedMs: number }[] = []
  for (const { line } of record) {
    const { type, at, order, promisedAt } = JSON.parse(line) as LiveEvent & { order: string; promisedAt?: string }
    if (type === 'placed' && promisedAt !== undefined) promised.set(order, readMoment(promisedAt))
    const promisedMs = promised.get(order)
    if (type === 'delivered' && promisedMs !== undefined && readMoment(at) > promisedMs)
      late.push({ order, deliveredMs: readMoment(at), promisedMs })
  }
  const lives: MonthTold['late'][number][] = []
  for (let i = 0; i < count && late.length > 0; i++) {
    const [{ order, deliveredMs, promisedMs }] = late.splice(Math.floor(chance(i) * late.length), 1)
    const response = await fetch(new URL(`/v1/orders/${order}/dossier`, url))
    lives.push({ dossier: (await response.json()) as Dossier, deliveredMs, promisedMs })
  }
  return lives
}

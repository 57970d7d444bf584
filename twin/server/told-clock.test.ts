import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkBook } from '../govern/audit-book.ts'
import type { Caller } from './access.ts'
import { type Served, serve } from './serve.ts'
import { ndjson, scan } from './server.fixture.ts'
import { ToldClock } from './told-clock.ts'

const START = Date.UTC(2024, 10, 11, 8)
const HOUR_MS = 3_600_000
const at = (hours: number): string => new Date(START + hours * HOUR_MS).toISOString()

test('the clock stands where two sources have come to: one whose own clock is years ahead does not move it', () => {
  const clock = new ToldClock()
  expect(clock.now()).toBe(0)
  clock.heard('a', 100)
  expect(clock.now()).toBe(100)
  clock.heard('b', 140)
  expect(clock.now()).toBe(100)
  clock.heard('wrong', 9_999_999)
  expect(clock.now()).toBe(140)
  clock.heard('a', 180)
  clock.heard('b', 200)
  expect(clock.now()).toBe(200)
})

test('it never goes back, neither for what comes late nor for what was before it began', () => {
  const clock = new ToldClock(500)
  clock.heard('a', 100)
  clock.heard('b', 90)
  expect(clock.now()).toBe(500)
  clock.heard('a', 700)
  clock.heard('b', 600)
  clock.heard('b', 550)
  expect(clock.now()).toBe(600)
})

describe('a twin that is served', () => {
  let folder = ''
  let served: Served | null = null
  const open = async (clock: 'told' | 'wall'): Promise<Served> => {
    served = await serve({
      host: '127.0.0.1',
      port: 0,
      db: join(folder, 'twin.db'),
      keyFile: join(folder, 'keys.db'),
      aheadMs: 900_000,
      heldBytesMax: 1_000_000,
      keys: undefined,
      logLevel: 'silent',
      clock,
      say: () => {},
    })
    return served
  }
  const tell = async (events: readonly unknown[]) => {
    const response = await fetch(`${served?.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: ndjson(events),
    })
    return (await response.json()) as { accepted: number; quarantined: readonly unknown[] }
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orrery-clock-'))
  })
  afterEach(async () => {
    await served?.stop()
    rmSync(folder, { recursive: true })
  })

  test('a twin that goes by what it is told ages at the pace of its events, and stands where it stood after a restart', async () => {
    const first = await open('told')
    await tell([scan('1', { at: at(0) }), scan('2', { at: at(1), source: 'hub:other' }), scan('3', { at: at(30) })])
    expect(first.twin.now()).toBe(START + HOUR_MS)
    await tell([scan('4', { at: at(29), source: 'hub:other' })])
    expect(first.twin.now()).toBe(START + 29 * HOUR_MS)
    await first.stop()
    const again = await open('told')
    expect(again.twin.now()).toBe(START + 29 * HOUR_MS)
  })

  test('what people do before anything was told is dated by this machine, and does not move the clock of the world', async () => {
    const { office, twin } = await open('told')
    const act = { who: 'ines', about: 'version:x', type: 'test.done', body: {} }
    const before = await office.book.append(act)
    expect(Math.abs((before?.atMs ?? 0) - Date.now())).toBeLessThan(5000)
    await tell([scan('1', { at: at(0) }), scan('2', { at: at(0), source: 'hub:other' })])
    const then = await office.book.append(act)
    expect(then?.atMs).toBe(START)
    expect(twin.now()).toBe(START)
    await served?.stop()
    const again = await open('told')
    expect(again.twin.now()).toBe(START)
    expect(checkBook(again.office.book.entries(), null).flaws).toEqual([])
  })

  test('tokens and requests age by this machine’s clock, whatever time it is in the world', async () => {
    const { office } = await open('told')
    await tell([scan('1', { at: at(0) }), scan('2', { at: at(0), source: 'hub:other' })])
    const { governance } = office
    const asked = await governance.ask(
      { act: 'promote', subject: 'alias:stable', what: { version: 'x' }, because: 'better' },
      { name: 'ines', role: 'planner' },
    )
    expect(asked.expiresMs - Date.now()).toBeGreaterThan(23 * HOUR_MS)
    expect(asked.expiresMs - Date.now()).toBeLessThanOrEqual(24 * HOUR_MS)
    const abel = (agoMs: number): Caller => ({
      name: 'abel',
      role: 'approver',
      token: { id: `t-${agoMs}`, madeMs: Date.now() - agoMs, endsMs: Date.now() + HOUR_MS, approves: null },
    })
    await expect((async () => governance.approve(asked.id, abel(16 * 60_000), asked.digest))()).rejects.toThrow(/fresh/)
    expect((await governance.approve(asked.id, abel(60_000), asked.digest)).state).toBe('agreed')
    expect(office.anchor().day).toBe(new Date().toISOString().slice(0, 10))
  })

  test('what comes from the future of this machine is put aside by it too, however far behind the told time is', async () => {
    const { twin } = await open('told')
    await tell([scan('1', { at: at(0) }), scan('2', { at: at(0), source: 'hub:other' })])
    const far = new Date(Date.now() + HOUR_MS).toISOString()
    expect((await tell([scan('3', { at: far }), scan('4', { at: far, source: 'hub:other' })])).quarantined).toHaveLength(2)
    expect(twin.now()).toBe(START)
  })

  test('without it the time is this machine’s', async () => {
    const { twin } = await open('wall')
    await tell([scan('1', { at: at(0) })])
    expect(Math.abs(twin.now() - Date.now())).toBeLessThan(1000)
  })
})

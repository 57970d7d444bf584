import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
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

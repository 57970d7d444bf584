import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeDesk } from './desk.ts'
import { NOW_MS, ndjson, type Opened, openHere, placed, scan } from './server.fixture.ts'
import { STATES } from './states.ts'

const DAY = 86_400_000
let here: Opened
let now: number
beforeEach(async () => {
  now = NOW_MS
  here = await openHere({ now: () => now, retainMs: 10 * DAY })
})
afterEach(() => here.close())

const send = (payload: string | Buffer, more: Record<string, string> = {}) =>
  here.app.inject({ method: 'POST', url: '/v1/events', payload, headers: { 'content-type': 'application/x-ndjson', ...more } })

test('after its time the text of events is dropped; what they led to stays, the chain verifies, and it opens again', async () => {
  await send(ndjson([placed('p-1'), scan('s-1')]))
  now += 5 * DAY
  await send(ndjson([placed('p-2', { order: 'A-2' })]))
  now += 6 * DAY
  await send(ndjson([placed('p-3', { order: 'A-3' })]))
  const digest = here.twin.state.digest()
  await here.twin.checkpoint()
  here = await here.again()
  expect(await here.twin.log.get(1)).toBeNull()
  expect(await here.twin.log.get(2)).not.toBeNull()
  expect(here.twin.state.digest()).toBe(digest)
  expect(here.twin.state.order('A-1')?.state).toBe('at-hub')
  expect(await here.twin.log.verify()).toBeNull()
  expect((await send(ndjson([placed('p-1')]))).json()).toMatchObject({ accepted: 0, duplicates: 1 })
})

test('a log without its beginning and without a checkpoint it can read is not opened as if nothing had been', async () => {
  await send(ndjson([placed('p-1')]))
  now += 11 * DAY
  await send(ndjson([placed('p-2', { order: 'A-2' })]))
  await here.twin.checkpoint()
  const { folder } = here
  await here.app.close()
  await here.twin.close()
  await expect(openHere({ folder, states: { ...STATES, takeOut: () => null } })).rejects.toThrow(/beginning was dropped/)
  here = await openHere({ folder })
})

test('a checkpoint of another version is passed over, and the log is folded again', async () => {
  await send(ndjson([placed('p-1'), scan('s-1')]))
  const digest = here.twin.state.digest()
  const { folder } = here
  await here.app.close()
  await here.twin.close()
  here = await openHere({ folder, states: { ...STATES, takeOut: () => null } })
  expect(here.twin.state.digest()).toBe(digest)
})

test('the note on the quarantine may be lost, or of another day than the state: the log says it again, once', async () => {
  await send(ndjson([placed('p-1'), scan('s-1', { feed: 'x' })]))
  await here.twin.checkpoint()
  await send(ndjson([scan('s-2', { feed: 'x' }), placed('p-2')]))
  const { folder } = here
  const counted = here.twin.quarantine.counted()
  const reopened = async (): Promise<void> => {
    await here.app.close()
    await here.twin.close()
    here = await openHere({ folder, now: () => now })
  }
  rmSync(join(folder, 'twin.db.quarantine'))
  await reopened()
  expect(here.twin.quarantine.counted()).toEqual(counted)
  writeDesk(join(folder, 'twin.db.quarantine'), { entry: 0, quarantine: { records: [], counts: [] } })
  await here.app.close()
  await here.twin.log.close()
  await here.twin.keys.close()
  here = await openHere({ folder, now: () => now })
  expect(here.twin.quarantine.counted()).toEqual(counted)
  expect(here.twin.state.openCount()).toBe(1)
})

test('packed bodies are taken, and one that is torn is said to be', async () => {
  const packed = gzipSync(ndjson(Array.from({ length: 3000 }, (_, i) => placed(`p-${i}`, { order: `A-${i}` }))))
  expect((await send(packed, { 'content-encoding': 'gzip' })).json()).toMatchObject({ accepted: 3000 })
  const torn = await send(packed.subarray(0, packed.byteLength - 20), { 'content-encoding': 'gzip' })
  expect(torn.json()).toMatchObject({ status: 400, detail: expect.stringContaining('gzip') })
  expect((await send('x', { 'content-encoding': 'br' })).statusCode).toBe(415)
  expect(here.twin.share.usedBytes()).toBe(0)
})

test('a log that cannot be written to accepts nothing, and says when to come again', async () => {
  const { log } = here.twin
  const append = log.append.bind(log)
  log.append = () => Promise.reject(new Error('the disk is full'))
  const answer = await send(ndjson([placed('p-1')]))
  expect(answer.json()).toMatchObject({ status: 503, title: 'Not ready' })
  expect(answer.headers['retry-after']).toBe('5')
  expect(here.twin.state.order('A-1')).toBeNull()
  log.append = append
  expect((await send(ndjson([placed('p-1')]))).json()).toMatchObject({ accepted: 1 })
})

test('how feeds are doing outlives the process: lag, usual silence and missing numbers are told as before, from the note or from the log', async () => {
  for (let i = 0; i < 30; i++) {
    now += 60_000
    if (i === 25) continue
    const at = new Date(now - 2000).toISOString()
    await send(ndjson([scan(`wms-${i}`, { at }), placed(`p-${i}`, { order: `P-${i}`, at })]))
  }
  const feeds = async (): Promise<unknown> => (await here.app.inject('/v1/feeds')).json()
  const before = await feeds()
  expect(before).toMatchObject({
    feeds: [
      { source: 'hub:recife', feed: 'scans', events: 29, lagMs: 2000, silent: false },
      { source: 'shop', feed: 'orders', events: 29, lagMs: 2000 },
    ],
    sequences: [
      { source: 'hub:recife', prefix: 'wms-', missing: 1, holes: [{ first: 25, last: 25 }] },
      { source: 'shop', prefix: 'p-', missing: 1 },
    ],
  })
  here = await here.again()
  expect(await feeds()).toEqual(before)
  // As after a crash before the first note: everything is read from the log.
  rmSync(join(here.folder, 'twin.db.quarantine'))
  here = await here.again()
  rmSync(join(here.folder, 'twin.db.quarantine'), { force: true })
  here = await here.again()
  expect(await feeds()).toEqual(before)
})

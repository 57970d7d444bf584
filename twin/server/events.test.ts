import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Receipt } from '../ingest/receipt.ts'
import { ndjson, type Opened, openHere, placed, scan } from './server.fixture.ts'

let here: Opened
beforeEach(async () => {
  here = await openHere()
})
afterEach(() => here.close())

const send = (payload: string | Buffer, type = 'application/x-ndjson') =>
  here.app.inject({ method: 'POST', url: '/v1/events', payload, headers: { 'content-type': type } })
const receiptOf = async (payload: string | Buffer, type?: string): Promise<Receipt> => {
  const response = await send(payload, type)
  expect(response.statusCode, response.body).toBe(200)
  return response.json()
}

test('one event, a list of events and lines all come in, and what came before is a duplicate', async () => {
  expect(await receiptOf(JSON.stringify(scan('s-1')), 'application/json')).toMatchObject({ accepted: 1, duplicates: 0 })
  expect(await receiptOf(JSON.stringify([scan('s-1'), scan('s-2')]), 'application/json')).toMatchObject({
    accepted: 1,
    duplicates: 1,
  })
  expect(await receiptOf(ndjson([scan('s-2'), scan('s-3'), scan('s-4')]))).toMatchObject({ accepted: 2, duplicates: 1 })
  expect(await receiptOf(`${JSON.stringify(scan('s-5'), null, 2)}\n`, 'application/json')).toMatchObject({ accepted: 1 })
  expect(here.twin.state.history('A-1')).toHaveLength(5)
})

test('a body with some bad lines is taken but for these, and each says its line, field, what was found and what would do', async () => {
  const lines = [
    JSON.stringify(scan('s-1')),
    '{"id": "s-2", "source": "hub:reci',
    JSON.stringify(scan('s-3', { feed: 'scan' })),
    JSON.stringify(scan('s-4', { type: 'at-hubb' })),
    '',
    JSON.stringify(scan('s-5', { hubb: 'x' })),
    JSON.stringify(scan('s-6', { at: '2026-11-11T08:00:00' })),
    JSON.stringify(scan('s-7', { at: '2026-02-30T08:00:00Z' })),
    JSON.stringify(scan('s-8', { at: '2026-11-11T14:00:00Z' })),
    JSON.stringify(scan('s-9', { at: '1970-01-01T00:03:00Z' })),
    '[1]',
    JSON.stringify(scan('s-10')),
  ]
  const receipt = await receiptOf(lines.join('\n'))
  expect(receipt.accepted).toBe(2)
  expect(receipt.quarantined.map(({ line, code, field }) => [line, code, field])).toEqual([
    [2, 'unreadable', 'event'],
    [3, 'unknown-feed', 'feed'],
    [4, 'unknown-type', 'type'],
    [6, 'malformed', 'hubb'],
    [7, 'malformed', 'at'],
    [8, 'no-such-moment', 'at'],
    [9, 'ahead-of-time', 'at'],
    [10, 'clock-never-set', 'at'],
    [11, 'no-object', 'event'],
  ])
  expect(receipt.quarantined[1].fix).toBe('did you mean `scans`?')
  expect(receipt.quarantined[2].fix).toBe('did you mean `at-hub`?')
  for (const { found, fix } of receipt.quarantined) {
    expect(found).not.toBe('')
    expect(fix).not.toBe('')
  }
})

test('nothing of it can be used: a problem in words, and it is kept', async () => {
  const response = await send(JSON.stringify(placed('p-1', { zone: undefined })), 'application/json')
  expect(response.statusCode).toBe(422)
  expect(response.headers['content-type']).toContain('application/problem+json')
  expect(response.json()).toMatchObject({ status: 422, title: 'Nothing of it can be used' })
  expect(response.json().detail).toContain('zone')
  expect(here.twin.quarantine.list({ open: true, limit: 10 })).toHaveLength(1)
})

test('a line cannot borrow a part of its neighbour, however the two are cut', async () => {
  const whole = JSON.stringify(
    placed('p-1', {
      lines: [
        { sku: 'a', units: 1 },
        { sku: 'b', units: 1 },
      ],
    }),
  )
  const cut = whole.indexOf('},{') + 1
  const [first, second] = [whole.slice(0, cut), whole.slice(cut + 1)]
  const two = `${JSON.stringify(scan('s-1'))},${JSON.stringify(scan('s-2'))}`
  const response = await send(`${first}\n${second}\n${two}`)
  expect(response.statusCode).toBe(422)
  expect(response.json().quarantined).toHaveLength(3)
})

test('a body of another type, an empty one and one that is too long get a problem that says what would do', async () => {
  expect((await send('a,b', 'text/csv')).json()).toMatchObject({
    status: 415,
    detail: expect.stringContaining('application/x-ndjson'),
  })
  expect((await send('', 'application/json')).statusCode).toBe(400)
  const long = await send(`[${'1,'.repeat(4_500_000)}1]`, 'application/json')
  expect(long.json()).toMatchObject({ status: 413, detail: expect.stringContaining('in a stream') })
  const line = await send(`{"a": "${'x'.repeat(1_100_000)}"}`)
  expect(line.statusCode).toBe(413)
})

test('a stream is taken in pieces, and a bad line far down is told by its number in the whole', async () => {
  const events = Array.from({ length: 4000 }, (_, i) => JSON.stringify(scan(`s-${i}`, { order: `A-${i}` })))
  events[3500] = '{"no'
  const receipt = await receiptOf(events.join('\n'))
  expect(receipt.accepted).toBe(3999)
  expect(receipt.quarantined.map(({ line }) => line)).toEqual([3501])
  expect(here.twin.log.last()).toBeGreaterThan(2)
})

test('what was accepted, what is in quarantine and what was sent again is there after a stop', async () => {
  await receiptOf(ndjson([scan('s-1'), scan('s-2', { feed: 'scan' }), scan('s-3', { feed: 'scan' })]))
  const [{ id }] = here.twin.quarantine.list({ open: true, limit: 10 })
  const url = `/v1/quarantine/${id}:resubmit`
  const sent = await here.app.inject({ method: 'POST', url, payload: scan('s-2') })
  expect(sent.statusCode, sent.body).toBe(200)
  const digest = here.twin.state.digest()
  here = await here.again()
  expect(here.twin.state.digest()).toBe(digest)
  expect(here.twin.quarantine.list({ open: true, limit: 10 })).toHaveLength(1)
  await receiptOf(JSON.stringify(scan('s-9')), 'application/json')
  here = await here.again()
  expect(here.twin.quarantine.list({ open: false, limit: 10 })).toHaveLength(2)
  expect((await here.app.inject({ method: 'POST', url })).statusCode).toBe(409)
})

import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { LiveEvent } from '../event/feeds.ts'
import { writeMoment } from '../event/moment.ts'
import { openState } from '../state/state.ts'
import type { AlertWire } from '../wire.ts'
import { AlertDesk } from './desk.ts'
import { offWayKm, type Surroundings } from './look.ts'
import { readAlertRules } from './read-rules.ts'
import { AlertWatch } from './watch.ts'
import { type Hook, readHooks, restMs, Webhooks } from './webhook.ts'

const HOUR = 3_600_000
const T0 = Date.UTC(2026, 10, 11, 8)
const folder = mkdtempSync(join(tmpdir(), 'orrery-alerts-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SURROUNDINGS: Surroundings = {
  lateChance: () => null,
  places: { warehouse: () => ({ lat: -23.5, lon: -46.6 }), zone: () => ({ lat: -22.9, lon: -43.2 }) },
}

/** A twin's state that is told things, and the alerts that come of it. */
function watched(surroundings: Partial<Surroundings> = {}) {
  const state = openState()
  const desk = new AlertDesk()
  const watch = new AlertWatch(desk, readAlertRules(null), state, { ...SURROUNDINGS, ...surroundings })
  let id = 0
  const tell = (atMs: number, feed: string, type: string, rest: object): void => {
    const event = { id: `e${id++}`, source: 'test', feed, type, at: writeMoment(atMs), ...rest } as LiveEvent
    state.apply([event], [{ entry: 1, line: id }])
    watch.take([event])
  }
  const place = (order: string, atMs: number, promisedMs: number): void =>
    tell(atMs, 'orders', 'placed', { order, zone: 'rj', lines: [{ sku: 's', units: 1 }], promisedAt: writeMoment(promisedMs) })
  const open = (rule: string): readonly AlertWire[] => {
    watch.look([], T0)
    return desk.open().filter((alert) => alert.rule === rule)
  }
  return { state, desk, watch, tell, place, open }
}

test('a hub that nothing leaves is told of, with what it leads to, and no more once a parcel got on; one that is merely busy is not', () => {
  const asked: object[] = []
  const moreLate = (trouble: object): number => asked.push(trouble) && 11.6
  const { tell, place, open } = watched({ moreLate })
  const atHub = (order: string, hub: string, atMs: number): void => {
    place(order, atMs - HOUR, T0 + 90 * HOUR)
    tell(atMs, 'scans', 'at-hub', { order, hub })
  }
  for (let i = 0; i < 25; i++) for (const hub of ['stuck', 'busy']) atHub(`${hub}-${i}`, hub, T0 + i * 60_000)
  expect(open('hub-stands-still')).toEqual([])
  atHub('busy-last', 'busy', T0 + 6 * HOUR)
  tell(T0 + 6 * HOUR, 'scans', 'at-station', { order: 'busy-last', zone: 'rj' })
  tell(T0 + 7 * HOUR, 'weather', 'observed', { zone: 'rj', severity: { value: 0, unit: '1' } })
  const [alert, ...others] = open('hub-stands-still')
  expect(others).toEqual([])
  expect(alert.says.en).toBe('25 parcels stand at stuck; none has left it for 7 h. Six hours more, and 12 more orders come late.')
  expect(asked).toEqual([{ at: 'hub', id: 'stuck', hours: 6 }])
  tell(T0 + 7.5 * HOUR, 'scans', 'at-station', { order: 'stuck-3', zone: 'rj' })
  expect(open('hub-stands-still')).toEqual([])
})

test('an order that is a day past its promise is told of once, and no more when it has come', () => {
  const { tell, place, open } = watched()
  place('A', T0, T0 + HOUR)
  expect(open('overdue')).toEqual([])
  place('B', T0 + 26 * HOUR, T0 + 90 * HOUR)
  const [alert] = open('overdue')
  expect(alert).toMatchObject({ order: 'A', severity: 'critical', state: 'open', times: 1 })
  expect(alert.says.en).toContain('Order A is 25 h past its promise')
  expect(alert.says.zh).toContain('25 小时')
  expect(open('overdue')).toEqual([{ ...alert, times: 2 }])
  tell(T0 + 27 * HOUR, 'scans', 'delivered', { order: 'A' })
  expect(open('overdue')).toEqual([])
})

test('what was acknowledged asks for nobody and is over with its reason', () => {
  const { desk, tell, place, open } = watched()
  place('A', T0, T0 + HOUR)
  place('B', T0 + 30 * HOUR, T0 + 90 * HOUR)
  const [{ id }] = open('overdue')
  const told: string[] = []
  desk.onChange(({ state }) => told.push(state))
  expect(desk.acknowledge(id)).toBe(true)
  expect(desk.acknowledge(id)).toBe(false)
  expect(open('overdue')[0].state).toBe('acknowledged')
  tell(T0 + 31 * HOUR, 'orders', 'cancelled', { order: 'A', reason: 'customer-request' })
  expect(open('overdue')).toEqual([])
  expect(told).toEqual(['acknowledged', 'closed'])
})

test('an order that stays too long in one state is told of, whatever its promise', () => {
  const { tell, place, open } = watched()
  place('A', T0, T0 + 200 * HOUR)
  tell(T0 + HOUR, 'orders', 'routed', { order: 'A', warehouse: 'sp', service: 'std' })
  tell(T0 + 2 * HOUR, 'orders', 'released', { order: 'A', warehouse: 'sp' })
  place('B', T0 + 20 * HOUR, T0 + 200 * HOUR)
  expect(open('stuck-unpicked')).toEqual([])
  place('C', T0 + 23 * HOUR, T0 + 200 * HOUR)
  expect(open('stuck-unpicked').map(({ order, warehouse }) => [order, warehouse])).toEqual([['A', 'sp']])
})

test('a count that is far from the books is told of; what was picked and received meanwhile is no error', () => {
  const { tell, open } = watched()
  const units = (value: number) => ({ value, unit: '{unit}' })
  const goods = { warehouse: 'sp', sku: 's' }
  tell(T0, 'stock', 'counted', { ...goods, onHand: units(100) })
  tell(T0 + 1, 'stock', 'picked', { ...goods, quantity: units(60) })
  tell(T0 + 2, 'stock', 'received', { ...goods, quantity: units(20) })
  tell(T0 + 3, 'stock', 'counted', { ...goods, onHand: units(60) })
  expect(open('books-are-wrong')).toEqual([])
  tell(T0 + 4, 'stock', 'counted', { ...goods, onHand: units(30) })
  expect(open('books-are-wrong')[0].says.en).toBe('sp counted 30 units of s, the books said 60.')
})

test('a parcel far off its way is told of, and no more when it is back', () => {
  const { tell, place, open } = watched()
  place('A', T0, T0 + 99 * HOUR)
  tell(T0 + 1, 'orders', 'routed', { order: 'A', warehouse: 'sp', service: 'std' })
  tell(T0 + 2, 'positions', 'parcel', { order: 'A', latitude: -23.2, longitude: -45 })
  expect(open('off-its-way')).toEqual([])
  tell(T0 + 3, 'positions', 'parcel', { order: 'A', latitude: -30, longitude: -51 })
  expect(open('off-its-way')[0]).toMatchObject({ order: 'A', warehouse: 'sp' })
  tell(T0 + 4, 'positions', 'parcel', { order: 'A', latitude: -23, longitude: -44 })
  expect(open('off-its-way')).toEqual([])
})

test('a warehouse that is too warm, in whatever unit it says so, and a queue too long for its hands', () => {
  const { tell, open } = watched()
  tell(T0, 'temperature', 'site', { device: 'd', warehouse: 'sp', temperature: { value: 95, unit: '[degF]' } })
  expect(open('too-warm-or-cold')[0].says.en).toBe('sp is at 35.0 °C; it should be between 2 … 32 °C.')
  tell(T0 + 1, 'load', 'station', {
    warehouse: 'sp',
    station: 'pick',
    queue: { value: 500, unit: '{order}' },
    hands: { value: 10, unit: '{person}' },
  })
  expect(open('queue-grows')[0].says.en).toContain('50 orders to pick')
})

test('a source that fell silent is told of', () => {
  const { watch, desk } = watched()
  watch.look([{ source: 'wms:sp', feed: 'work', silentMs: 30 * 60_000, silent: true }], T0)
  expect(desk.open()[0]).toMatchObject({ rule: 'feed-silent', severity: 'critical' })
  watch.look([{ source: 'wms:sp', feed: 'work', silentMs: 1000, silent: false }], T0)
  expect(desk.open()).toEqual([])
})

test('a storm of one rule does not bury the others, and what found no room is counted', () => {
  const { desk, place, open } = watched()
  for (let i = 0; i < 500; i++) place(`A${i}`, T0, T0 + HOUR)
  place('B', T0 + 40 * HOUR, T0 + 90 * HOUR)
  expect(open('overdue')).toHaveLength(200)
  expect(desk.held.get('overdue')).toBe(300)
})

test('the straight way is measured on the ground', () => {
  const [sp, rio] = [
    { lat: -23.55, lon: -46.63 },
    { lat: -22.91, lon: -43.17 },
  ]
  expect(offWayKm(sp, sp, rio)).toBeCloseTo(0, 6)
  // Belo Horizonte lies 319 km from the way.
  expect(offWayKm({ lat: -19.92, lon: -43.94 }, sp, rio)).toBeGreaterThan(290)
  expect(offWayKm({ lat: -19.92, lon: -43.94 }, sp, rio)).toBeLessThan(345)
})

test('a rule that cannot be read is told by line, field and fix', () => {
  const file = join(folder, 'rules.yaml')
  writeFileSync(
    file,
    'rules:\n  - { id: a, kind: overdue, hours: soon, severity: loud, en: x, zh: x, adviseEn: x, adviseZh: x }\n',
  )
  expect(() => readAlertRules(file)).toThrow(/rules.yaml:2.*(severity|hours)/s)
})

/** A receiver that answers as it is told, and what it got. */
async function receiver(answers: (n: number) => number) {
  const got: { body: string; signature: string }[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      got.push({ body: Buffer.concat(pieces).toString(), signature: String(request.headers['x-orrery-signature']) })
      response.writeHead(answers(got.length)).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() }
}
const alertOf = (id: string): AlertWire => ({
  id,
  rule: 'r',
  severity: 'notice',
  atMs: T0,
  says: { en: 'x', zh: 'x' },
  does: { en: 'x', zh: 'x' },
  order: null,
  warehouse: null,
  state: 'open',
  times: 1,
})
const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((done) => setTimeout(done, 20))
}

test('a hook gets each alert in order, signed, and again when it failed', async () => {
  const { got, url, close } = await receiver((n) => (n === 1 ? 500 : 200))
  const secret = 'a secret of ours, long'
  const hooks = new Webhooks([{ url, secret }])
  hooks.tell(alertOf('one'))
  hooks.tell(alertOf('two'))
  await until(() => got.length === 3)
  expect(got.map(({ body }) => JSON.parse(body).id)).toEqual(['one', 'one', 'two'])
  for (const { body, signature } of got) {
    const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? []
    expect(hex).toBe(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'))
  }
  expect(hooks.dead).toEqual([])
  hooks.close()
  close()
})

test('a hook that never answers well is given up after eight tries, and what it missed is listed', async () => {
  const tried: number[] = []
  const post = async (): Promise<string> => {
    tried.push(1)
    return 'it answered 500'
  }
  const hook: Hook = { url: 'http://127.0.0.1:9/', secret: 'a secret of ours, long' }
  const hooks = new Webhooks([hook], post)
  hooks.tell(alertOf('one'))
  await until(() => tried.length === 2)
  hooks.close()
  const rests = [1, 2, 3, 4, 5, 6, 7].map((attempt) => restMs(hook.url, 'one', attempt))
  for (const [i, rest] of rests.entries()) {
    expect(rest).toBeGreaterThanOrEqual(500 * 2 ** i)
    expect(rest).toBeLessThanOrEqual(750 * 2 ** i)
  }
  expect(restMs(hook.url, 'one', 30)).toBeLessThanOrEqual(450_000)
})

test('more alerts than may wait for a hook become dead letters instead of memory', () => {
  const hooks = new Webhooks([{ url: 'http://127.0.0.1:9/', secret: 'a secret of ours, long' }], () => new Promise(() => {}))
  for (let i = 0; i < 1500; i++) hooks.tell(alertOf(`a${i}`))
  expect(hooks.dead.length).toBe(499)
  expect(hooks.dead[0].why).toContain('1000 others wait')
  hooks.close()
})

test('hooks without a secret are refused by their place, and the secret is not told', () => {
  expect(() => readHooks('[{"url": "https://a.example", "secret": "short"}]')).toThrow(/\[0\].secret/)
  expect(() => readHooks('[{"url": "ftp://a", "secret": "sixteen characters"}]')).toThrow(/\[0\].url/)
  expect(readHooks(undefined)).toEqual([])
})

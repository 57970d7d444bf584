import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { keepStanding } from '../fidelity/standing-file.ts'
import { openReality } from '../reality/open-reality.ts'
import { isOnTheWay } from '../state/portrait.ts'
import { ndjson, type Opened, openHere, scan } from './server.fixture.ts'

const spec = smallWorld()
const folder = mkdtempSync(join(tmpdir(), 'orrery-query-'))
const standing = join(folder, 'standing.json')
const FROM_MS = Date.UTC(2026, 10, 10)
const OFFSET = 60
const NOON_MS = 2.5 * DAY_MS
let here: Opened
let reality: Awaited<ReturnType<typeof openReality>>

beforeAll(async () => {
  here = await openHere({
    now: () => FROM_MS + 10 * DAY_MS,
    network: spec,
    offsetMinutes: OFFSET,
    futures: { id: 'small', policies: 'nearest', standing, replications: 10 },
  })
  const scenario = { name: 'calm', about: 'Nothing happens.', days: 4 }
  reality = await openReality({ spec, scenario, policies: 'nearest', seed: 'q', days: 9, fromMs: FROM_MS, offsetMinutes: OFFSET })
  await tell(NOON_MS)
}, 60_000)
afterAll(async () => {
  await here.close()
  rmSync(folder, { recursive: true })
})

const tell = async (untilMs: number): Promise<void> => {
  await here.twin.accept(Buffer.from(ndjson(reality.until(untilMs))), 'test')
}
const ask = (question: string) => here.app.inject({ method: 'GET', url: `/v1/query?q=${encodeURIComponent(question)}` })

test('asked about tomorrow, a twin makes futures of its present and says what its odds stand on; who asks next gets the same ones', async () => {
  const likely = (await ask('sites where hands > 0 tomorrow with p > 0.3')).json()
  const sites = spec.warehouses.map(({ id }) => id)
  expect(likely.rows.map(({ warehouse }: { warehouse: string }) => warehouse).sort()).toEqual([...sites].sort())
  for (const row of likely.rows) expect(row).toMatchObject({ p: 1, high: 1, sure: true })
  expect(likely.standsOn).toMatchObject({
    asOf: new Date(here.twin.state.asOfMs).toISOString(),
    network: 'small',
    policies: 'nearest',
    replications: 10,
    seed: '1',
    laws: { standing: 'new', calibration: null },
  })
  // Tomorrow is the network's day, an hour ahead of UTC: 24 hours, the first of them at its midnight or less than an hour after.
  expect(likely.lookedAt).toHaveLength(24)
  expect((likely.lookedAt[0] + OFFSET * 60_000) % DAY_MS).toBeLessThan(HOUR_MS)
  await tell(NOON_MS + HOUR_MS / 4)
  const again = (await ask('sites where queue >= 0 and hands >= 0 tomorrow')).json()
  expect(again.standsOn.asOf).toBe(likely.standsOn.asOf)
  expect(again.rows).toHaveLength(sites.length)

  // Of the same futures: every order that is under way is somewhat younger than a year overdue, and those promised for today are not due tomorrow only.
  const orders = (await ask('orders where overdue > -9999 tomorrow limit 10000')).json()
  const open = Array.from(here.twin.state.openOrders(), ({ id, state }) => ({ id, state })).filter(({ state }) =>
    isOnTheWay(state),
  )
  expect(orders.standsOn.asOf).toBe(likely.standsOn.asOf)
  expect(orders.rows.length).toBeGreaterThan(open.length * 0.9)
  const late = (await ask('orders where overdue > 0 tomorrow with p > 0.3 limit 10000')).json()
  expect(late.rows.length).toBeGreaterThan(0)
  expect(late.rows.length).toBeLessThan(orders.rows.length)
  const of = here.twin.state.order(late.rows[0].id)
  expect(of?.promisedMs).toBeLessThan(likely.lookedAt.at(-1))
  const zones = (await ask('zones where parcels > 0 tomorrow with p > 0.9')).json()
  expect(zones.rows.map(({ zone }: { zone: string }) => zone).sort()).toEqual(spec.zones.map(({ id }) => id).sort())
  const services = (await ask('services where parcels > 0 tomorrow with p > 0.5')).json()
  expect(services.rows.length).toBeGreaterThan(0)
})

test('futures run as the twin was recalibrated, from the next one on, and say so', async () => {
  const changes = [{ stage: 'pick', of: spec.warehouses[0].id, factor: 3, ended: 90, open: 4 }] as const
  keepStanding(standing, {
    format: 'orrery-standing/1',
    standing: { state: 'trusted', sinceMs: 0, reasons: [], good: 0 },
    calibration: { format: 'orrery-calibration/1', asOf: '2026-11-12T00:00:00.000Z', changes },
  })
  // The kept future ends before that: another is made.
  const { standsOn } = (await ask('sites where queue > 0 next 60 h')).json()
  expect(standsOn.hours).toBe(60)
  expect(standsOn.laws).toMatchObject({ standing: 'trusted', calibration: { since: '2026-11-12T00:00:00.000Z', changes: 1 } })
  expect(standsOn.laws.calibration.version).toMatch(/^[0-9a-f]{12}$/)
})

test('what cannot be foreseen is told with what would do: too far ahead, no such place, no futures here', async () => {
  const far = await ask('sites where queue > 3 in 20 d')
  expect(far.statusCode).toBe(400)
  expect(far.json()).toMatchObject({
    field: 'when',
    detail: expect.stringContaining('a time 480 h ahead; ask about the next 168 h'),
  })
  const id = spec.warehouses[0].id
  const misspelt = await ask(`sites where warehouse = ${id}x and queue > 3 tomorrow`)
  expect(misspelt.statusCode).toBe(400)
  expect(misspelt.json().detail).toContain(`did you mean \`${id}\`?`)
  const blind = await openHere()
  await blind.twin.accept(Buffer.from(JSON.stringify(scan('1'))), 'test')
  const told = await blind.app.inject({ method: 'GET', url: '/v1/query?q=queue%20%3E%203%20tomorrow' })
  expect(told.statusCode).toBe(400)
  expect(told.json().detail).toContain('not foreseen here; serve with --policies')
  await blind.close()
})

test('what a shut hub would move is asked of a running twin; a hub that nobody knows gets the nearest name', async () => {
  const hub = spec.hubs[0].id
  const get = (query: string) => here.app.inject({ method: 'GET', url: `/v1/impact?${query}` })
  const shut = (await get(`hub=${hub}&hours=24`)).json()
  expect(shut).toMatchObject({ trouble: { at: 'hub', id: hub, hours: 24 }, asOf: new Date(here.twin.state.asOfMs).toISOString() })
  expect(shut.ordersToPass).toBeGreaterThan(0)
  expect(shut.ordersMoved).toBeGreaterThan(0)
  expect(shut.ordersMoved).toBeLessThanOrEqual(shut.ordersToPass)
  const misspelt = await get(`hub=${hub}x`)
  expect(misspelt.statusCode).toBe(404)
  expect(misspelt.json().detail).toContain(`did you mean \`${hub}\`?`)
  for (const query of ['', `hub=${hub}&vans=x`, `hub=${hub}&hours=0`, `hub=${hub}&hours=much`])
    expect((await get(query)).statusCode, query).toBe(400)
})

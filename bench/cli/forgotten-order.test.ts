import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NOW_MS, ndjson, openHere, placed, scan } from '../../twin/server/server.fixture.ts'
import { findId } from '../../twin/state/names.ts'
import type { TwinState } from '../../twin/state/state.ts'
import { askOrder } from './order-question.ts'

const DAY = 86_400_000
const at = (day: number): string => new Date(NOW_MS - 200 * DAY + day * DAY).toISOString()
/** Placed, scanned and delivered on three days. */
const life = (order: string, day: number) => [
  placed(`${order}-p`, { order, at: at(day), promisedAt: at(day + 1), who: 'shop-clerk:3' }),
  scan(`${order}-s`, { order, at: at(day + 1), who: 'sorter:7' }),
  scan(`${order}-d`, { order, at: at(day + 2), type: 'delivered', hub: undefined, zone: 'PE' }),
]

test('an order that left the memory is told from the log: who did what, why it was late; after a stop, by the command line, and when its archive is lost', async () => {
  const forgetMs = 40 * DAY
  let here = await openHere({ forgetMs })
  const send = (events: unknown[]) =>
    here.app.inject({
      method: 'POST',
      url: '/v1/events',
      payload: ndjson(events),
      headers: { 'content-type': 'application/x-ndjson' },
    })
  const lives = Array.from({ length: 12 }, (_, i) => life(`L-${i}`, i)).flat()
  await send([...lives, ...life('NEW', 190)])
  const dossier = async (id: string) => (await here.app.inject(`/v1/orders/${id}/dossier`)).json()
  const before = await dossier('L-3')
  expect(before).toMatchObject({
    order: { state: 'settled' },
    lateness: { lateMs: DAY },
    events: [
      { who: 'shop-clerk:3' },
      { who: 'sorter:7' },
      { kind: 'scans.delivered' },
      { who: 'orrery', why: { rule: 'delivered, and quiet for 30 days' } },
    ],
  })
  const digest = here.twin.state.digest()
  const inMemory = (id: string): boolean => findId((here.twin.state as TwinState).core.orders.ids, id) !== 0
  await here.twin.checkpoint()
  expect([inMemory('L-3'), inMemory('NEW')]).toEqual([false, true])
  expect(here.twin.state.digest()).toBe(digest)
  here = await here.again()
  expect([inMemory('L-3'), here.twin.state.digest()]).toEqual([false, digest])
  const { asOf: _, ...after } = await dossier('L-3')
  expect(after).toMatchObject({ order: before.order, events: before.events, lateness: { lateMs: DAY }, dwell: before.dwell })
  expect((await here.app.inject('/v1/orders/L-99/dossier')).statusCode).toBe(404)
  // An event that is known already, and one that comes half a year late.
  expect((await send([lives[10]])).json()).toMatchObject({ accepted: 0, duplicates: 1 })
  expect((await send([scan('late', { order: 'L-5', at: at(6.5) })])).json()).toMatchObject({ accepted: 1, late: 1 })
  expect((await here.app.inject('/v1/orders/L-5')).json()).toMatchObject({ state: 'settled' })

  const db = join(here.folder, 'twin.db')
  const told = await askOrder('L-3', { db, keys: 'none', at: null })
  expect(told.order).toEqual(before.order)
  const known = here.twin.state.digest()
  const { folder } = here
  await here.app.close()
  await here.twin.close()
  rmSync(`${db}.orders`)
  here = await openHere({ folder, forgetMs })
  expect([here.twin.state.digest(), here.twin.state.order('L-3')?.state]).toEqual([known, 'settled'])
  await here.close()
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { isMarked, markOf, plainKey } from './key-owner.ts'
import type { Plane, PlaneOptions } from './plane.ts'
import { post, requestOf, type SmallPlane, smallPlane } from './small-plane.fixture.ts'

let small: SmallPlane
let plane: Plane | null = null
beforeEach(() => {
  small = smallPlane(100_000)
})
afterEach(async () => {
  await plane?.stop()
  plane = null
  small.remove()
})
const begin = async (more: Partial<PlaneOptions>): Promise<string> => {
  await plane?.stop()
  plane = await small.open({ threads: 1, ...more })
  return plane.url
}
const ACCESS = JSON.stringify({
  'a-long-key-of-shop': { name: 'shop', role: 'integrator' },
  'a-second-key-of-shop': { name: 'Shop', role: 'integrator' },
  'a-long-key-of-rival': { name: 'rival', role: 'integrator' },
})
const by = (key: string) => ({ authorization: `Bearer ${key}` })
const shop = by('a-long-key-of-shop')
const rival = by('a-long-key-of-rival')
const idOf = (text: string): string => (JSON.parse(text) as { decisionId: string }).decisionId

test('who guesses the key of another neither reads his decision nor keeps him from his own, also after a restart', {
  timeout: 60_000,
}, async () => {
  let url = await begin({ accessKeys: ACCESS })
  const blocked = await post(`${url}/v1/decisions`, requestOf('K-1', {}, 2), rival)
  const own = await post(`${url}/v1/decisions`, requestOf('K-1'), shop)
  expect([blocked.status, own.status]).toEqual([200, 200])
  const guessed = await post(`${url}/v1/decisions`, requestOf('K-2'), shop)
  const read = await post(`${url}/v1/decisions`, requestOf('K-2'), rival)
  expect(idOf(read.text)).not.toBe(idOf(guessed.text))
  // His other key is still him, and he is told of his key as he wrote it.
  expect((await post(`${url}/v1/decisions`, requestOf('K-2'), by('a-second-key-of-shop'))).text).toBe(guessed.text)
  const other = await post(`${url}/v1/decisions`, requestOf('K-2', {}, 3), shop)
  expect([other.status, other.text]).toEqual([409, expect.stringContaining('The key \\"order:K-2:1\\" was')])
  url = await begin({ accessKeys: ACCESS })
  expect((await post(`${url}/v1/decisions`, requestOf('K-1'), shop)).text).toBe(own.text)
  expect((await post(`${url}/v1/decisions`, requestOf('K-1', {}, 2), rival)).text).toBe(blocked.text)
})

test('an order for which nobody chose a key is decided once, whoever tells of it: goods are not set aside twice', {
  timeout: 60_000,
}, async () => {
  const url = await begin({ accessKeys: ACCESS })
  const told = (order: string, qty = 1) => ({ ...requestOf(order, {}, qty), idempotencyKey: undefined })
  const first = await post(`${url}/v1/decisions`, told('D-1'), shop)
  expect((await post(`${url}/v1/decisions`, told('D-1'), rival)).text).toBe(first.text)
  const other = await post(`${url}/v1/decisions`, told('D-1', 2), rival)
  expect([other.status, other.text]).toEqual([409, expect.stringContaining('The key \\"order:D-1\\" was')])
  // A key that somebody chose is his, although it reads like that of an order.
  const chosen = await post(`${url}/v1/decisions`, { ...told('D-2'), idempotencyKey: 'order:D-1' }, rival)
  expect(chosen.status).toBe(200)
})

test('a key of a log from before keys had owners still gets the decision of then', { timeout: 60_000 }, async () => {
  let url = await begin({})
  const before = await post(`${url}/v1/decisions`, requestOf('O-1'))
  url = await begin({ accessKeys: ACCESS })
  expect((await post(`${url}/v1/decisions`, requestOf('O-1'), shop)).text).toBe(before.text)
  expect((await post(`${url}/v1/decisions`, requestOf('O-1', {}, 2), shop)).status).toBe(409)
  expect((await post(`${url}/v1/decisions`, requestOf('O-2'), shop)).status).toBe(200)
})

test('the mark of a key is one for all ways to write a name, and comes off again', () => {
  expect(markOf('Shop ')).toBe(markOf('shop'))
  expect(markOf('shop')).not.toBe(markOf('rival'))
  expect([markOf('anybody'), isMarked('order:1'), plainKey('order:1')]).toEqual(['', false, 'order:1'])
  const marked = `${markOf('shop')}order:1`
  expect([isMarked(marked), plainKey(marked)]).toEqual([true, 'order:1'])
})

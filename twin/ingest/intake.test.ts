import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LiveEvent } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import { openHere } from '../server/server.fixture.ts'
import { openState } from '../state/state.ts'

/** Lives of a few orders and shelves, told by three sources. */
const TOLD: readonly LiveEvent[] = Array.from({ length: 6 }, (_, n) => {
  const at = (minute: number): string => new Date(Date.UTC(2026, 10, 11, 6, n * 7 + minute)).toISOString()
  const order = `A-${n}`
  const tell = (source: string, feed: string, type: string, minute: number, more: object): LiveEvent =>
    ({ id: `${order}-${type}`, source, feed, type, at: at(minute), order, ...more }) as LiveEvent
  return [
    tell('shop', 'orders', 'placed', 0, { zone: 'PE', lines: [{ sku: 'a', units: 1 }], promisedAt: at(4000) }),
    tell('shop', 'payments', 'captured', 1, {}),
    tell('shop', 'orders', 'routed', 2, { warehouse: 'recife', service: 'express' }),
    tell('wms', 'work', 'pick-started', 10, { warehouse: 'recife' }),
    tell('wms', 'stock', 'picked', 11, { warehouse: 'recife', sku: 'a', quantity: { value: 1, unit: '{unit}' } }),
    tell('wms', 'work', 'pack-finished', 15, { warehouse: 'recife' }),
    tell('hub', 'scans', 'at-hub', 60, { hub: 'recife' }),
    n % 2 === 0 ? tell('hub', 'scans', 'delivered', 300, {}) : tell('shop', 'orders', 'cancelled', 30, { reason: 'other' }),
  ]
}).flat()

const BROKEN = [
  '{"id": "x',
  'null',
  '{"feed":"scans"}',
  '{"id":"b","source":"s","feed":"scans","type":"at-hub","at":"later","order":"A-1","hub":"h"}',
  '[]',
]

const digestOfSorted = (): string => {
  const state = openState()
  const sorted = [...TOLD].sort(
    (a, b) => readMoment(a.at) - readMoment(b.at) || (a.source < b.source ? -1 : a.source > b.source ? 1 : a.id < b.id ? -1 : 1),
  )
  state.apply(
    sorted,
    sorted.map((_, line) => ({ entry: 1, line })),
  )
  return state.digest()
}

test('late, twice, out of order, between broken lines, in bodies cut anywhere, before or after a stop: the state is that of the sorted unique events', async () => {
  const wanted = digestOfSorted()
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...TOLD.keys(), ...TOLD.keys()], { minLength: 2 * TOLD.length }),
      fc.array(fc.nat({ max: 2 * TOLD.length }), { maxLength: 8 }),
      fc.array(fc.tuple(fc.nat({ max: 2 * TOLD.length }), fc.constantFrom(...BROKEN)), { maxLength: 6 }),
      fc.nat({ max: 8 }),
      async (order, cuts, broken, stopAfter) => {
        const lines = order.map((i) => JSON.stringify(TOLD[i]))
        for (const [at, line] of broken) lines.splice(at, 0, line)
        const at = [...new Set([0, ...cuts, lines.length])].sort((a, b) => a - b)
        let here = await openHere()
        let [accepted, duplicates, aside] = [0, 0, 0]
        for (let i = 0; i + 1 < at.length; i++) {
          const receipt = await here.twin.accept(Buffer.from(lines.slice(at[i], at[i + 1]).join('\n')), 'test')
          accepted += receipt.accepted
          duplicates += receipt.duplicates
          aside += receipt.quarantined.length
          if (i === stopAfter) here = await here.again()
        }
        expect([accepted, duplicates, aside]).toEqual([TOLD.length, TOLD.length, broken.length])
        expect(here.twin.state.digest()).toBe(wanted)
        expect(await here.twin.log.verify()).toBeNull()
        await here.close()
      },
    ),
    { numRuns: 8 },
  )
})

test('bodies that are under way at the same time lose nothing of each other', async () => {
  const here = await openHere()
  const receipts = await Promise.all(
    [...TOLD, ...TOLD].map((event) => here.twin.accept(Buffer.from(JSON.stringify(event)), 'test', 'json')),
  )
  expect(receipts.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(TOLD.length)
  expect(receipts.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(TOLD.length)
  expect(here.twin.state.digest()).toBe(digestOfSorted())
  await here.close()
})

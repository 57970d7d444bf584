import { expect, test } from 'vitest'
import type { LiveEvent } from '../event/feeds.ts'
import type { Place } from './live-state.ts'
import { openState, type TwinState } from './state.ts'

let entry = 0
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 11, 20, minute)).toISOString()
const event = (kind: string, id: string, minute: number, fields: Record<string, unknown> = {}): LiveEvent => {
  const [feed, type] = kind.split('.')
  return { id, source: 's', feed, type, at: at(minute), ...fields } as LiveEvent
}
const place = (): Place => ({ entry: ++entry, line: 0 })
const tell = (state: TwinState, ...events: LiveEvent[]) => state.apply(events, events.map(place))
const placed = (order: string, id = `placed-${order}`, minute = 0) =>
  event('orders.placed', id, minute, { order, zone: 'PE', lines: [{ sku: 'x', units: 2 }], promisedAt: at(59) })

test('an event that no step allowed is kept, and counts when the one that was missing comes', () => {
  const state = openState()
  tell(state, placed('A'))
  const requested = event('orders.return-requested', 'r', 30, { order: 'A', reason: 'wrong-item' })
  expect(tell(state, requested)).toEqual({ applied: 0, duplicates: 0, late: 0, refused: 1 })
  expect(state.order('A')).toMatchObject({ state: 'placed', refused: 1 })
  expect(tell(state, event('scans.delivered', 'd', 20, { order: 'A' }))).toEqual({
    applied: 1,
    duplicates: 0,
    late: 1,
    refused: 0,
  })
  expect(state.order('A')).toMatchObject({ state: 'return-requested', refused: 0 })
  expect(state.history('A').map(({ before, after }) => [before, after])).toEqual([
    ['unknown', 'placed'],
    ['placed', 'delivered'],
    ['delivered', 'return-requested'],
  ])
})

test('a step that needs a reason is refused without one', () => {
  const state = openState()
  tell(state, placed('A'), event('orders.cancelled', 'c', 5, { order: 'A' }))
  expect(state.order('A')).toMatchObject({ state: 'placed', refused: 1 })
  tell(state, event('orders.cancelled', 'c2', 6, { order: 'A', reason: 'customer-request' }))
  expect(state.order('A')?.state).toBe('cancelled')
  expect(state.openCount()).toBe(0)
})

test('a scan of the wrong order that is corrected leaves it as if it had never been, whichever comes first', () => {
  const wrong = event('scans.delivered', 'w', 20, { order: 'A' })
  const right = event('scans.delivered', 'r', 20, { order: 'B', corrects: 'w' })
  for (const events of [
    [wrong, right],
    [right, wrong],
  ]) {
    const state = openState()
    tell(state, placed('A'), placed('B'))
    for (const one of events) tell(state, one)
    expect([state.order('A')?.state, state.order('B')?.state]).toEqual(['placed', 'delivered'])
    expect(state.history('A')).toHaveLength(1)
    expect(state.at(Date.parse(at(21))).order('A')?.state).toBe('placed')
  }
})

test('of two corrections of one count the later one is the truth, and picks since then are taken off it', () => {
  const counted = (id: string, minute: number, units: number, corrects?: string) =>
    event('stock.counted', id, minute, {
      warehouse: 'recife',
      sku: 'x',
      onHand: { value: units, unit: '{unit}' },
      ...(corrects === undefined ? {} : { corrects }),
    })
  const moved = (kind: string, id: string, minute: number, units: number) =>
    event(kind, id, minute, { warehouse: 'recife', sku: 'x', quantity: { value: units, unit: '{unit}' } })
  const state = openState()
  tell(state, moved('stock.picked', 'p', 10, 3), counted('third', 3, 40, 'first'), counted('first', 1, 100))
  tell(state, moved('stock.received', 'in', 20, 1), counted('second', 2, 50, 'first'), moved('stock.adjusted', 'a', 30, -2))
  expect(state.onHand('recife', 'x')).toBe(40 - 3 + 1 - 2)
  expect(state.at(Date.parse(at(15))).onHand('recife', 'x')).toBe(37)
  expect(state.at(Date.parse(at(2))).onHand('recife', 'x')).toBeNull()
})

test('one id told with two times is one event, at the earlier of them', () => {
  for (const minutes of [
    [10, 20, 15],
    [20, 15, 10],
    [15, 10, 20],
  ]) {
    const state = openState()
    tell(state, placed('A'))
    const told = minutes.map((minute) => tell(state, event('payments.captured', 'p', minute, { order: 'A' })))
    expect(state.order('A')?.parts[0]).toMatchObject({ state: 'paid', sinceMs: Date.parse(at(10)) })
    expect(state.history('A')).toHaveLength(2)
    expect(told[2].duplicates).toBe(minutes[2] === 10 ? 0 : 1)
  }
})

test('an order placed by a clock that runs late still says what is in it', () => {
  const state = openState()
  tell(state, event('payments.captured', 'p', 5, { order: 'A' }), placed('A', 'late', 6))
  expect(state.order('A')).toMatchObject({ state: 'paid', zone: 'PE', promisedMs: Date.parse(at(59)), refused: 1 })
  expect(state.order('A')?.lines).toEqual([{ sku: 'x', units: 2 }])
})

test('a split order stands where its slowest parcel stands, and has ended when the last one has', () => {
  const state = openState()
  const route = (part: number, warehouse: string) =>
    event('orders.routed', `r${part}`, 5, { order: 'A', part, warehouse, service: 'road' })
  tell(state, placed('A'), route(0, 'recife'), route(1, 'belém'))
  tell(state, event('scans.delivered', 'd0', 20, { order: 'A', part: 0 }))
  expect(state.order('A')?.state).toBe('routed')
  expect(state.sites().map(({ warehouse, parcels }) => [warehouse, parcels])).toEqual([
    ['belém', { routed: 1 }],
    ['recife', { delivered: 1 }],
  ])
  tell(state, event('scans.lost', 'l1', 30, { order: 'A', part: 1, reason: 'accident' }))
  expect([state.order('A')?.state, state.openCount()]).toEqual(['delivered', 1])
  tell(state, event('orders.settled', 's', 40, { order: 'A' }))
  expect([state.order('A')?.state, state.openCount()]).toEqual(['settled', 0])
  expect(state.at(Date.parse(at(25))).order('A')?.state).toBe('routed')
})

test('what happened before 1970 or after 2248 is refused, and nothing of it is kept', () => {
  const state = openState()
  const told = ['1969-12-31T23:59:59Z', '2249-01-01T00:00:00Z'].map((moment) => ({ ...placed('A'), at: moment }))
  expect(tell(state, ...told)).toEqual({ applied: 0, duplicates: 0, late: 0, refused: 2 })
  expect(state.order('A')).toBeNull()
})

test('a checkpoint with one byte changed is not taken', async () => {
  const { restoreState } = await import('./state.ts')
  const state = openState()
  tell(state, placed('A'))
  const bytes = state.checkpoint()
  expect(restoreState(bytes)?.digest()).toBe(state.digest())
  bytes[bytes.length >> 1] ^= 1
  expect(restoreState(bytes)).toBeNull()
  expect(restoreState(bytes.subarray(0, 10))).toBeNull()
})

test('of what happened in the same ms, the order is placed before it is paid, whatever their ids', () => {
  for (const [a, b] of [
    ['1', '2'],
    ['2', '1'],
    ['z', 'a'],
    ['a', 'z'],
  ]) {
    const state = openState()
    tell(state, event('payments.captured', a, 0, { order: 'A' }), placed('A', b, 0))
    expect(state.order('A')).toMatchObject({ state: 'paid', refused: 0 })
  }
})

test('an order that is folded again a hundred times holds no more parcels than it has', () => {
  const state = openState()
  tell(state, placed('A'))
  const route = (part: number) =>
    event('orders.routed', `r${part}`, 50, { order: 'A', part, warehouse: 'recife', service: 'road' })
  tell(state, route(0), route(1), route(2))
  for (let i = 0; i < 100; i++)
    tell(state, event('orders.promise-changed', `late-${i}`, 40, { order: 'A', promisedAt: at(58), reason: 'weather' }))
  expect(state.order('A')?.parts).toHaveLength(3)
  expect(state.core.orders.fold.units.count - 1).toBe(3)
})

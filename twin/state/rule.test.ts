import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LiveEvent } from '../event/feeds.ts'
import { dossierOf } from '../order/dossier.ts'
import { learn } from '../order/learned.ts'
import { FROM_MS, ORDER_KINDS, placesOf, stream } from './random-events.fixture.ts'
import { openState, restoreState, type TwinState } from './state.ts'

const DAY_MS = 86_400_000
const ms = (day: number): number => Date.UTC(2026, 0, 1) + day * DAY_MS
const event = (kind: string, id: string, day: number, fields: Record<string, unknown> = {}): LiveEvent => {
  const [feed, type] = kind.split('.')
  return { id, source: 's', feed, type, at: new Date(ms(day)).toISOString(), order: 'A', ...fields } as LiveEvent
}
const tell = (state: TwinState, ...events: LiveEvent[]) => state.apply(events, placesOf(events))
const placed = event('orders.placed', 'p', 0, {
  zone: 'PE',
  lines: [{ sku: 'x', units: 1 }],
  promisedAt: new Date(ms(9)).toISOString(),
})
const routed = event('orders.routed', 'r', 1, { warehouse: 'recife', service: 'road' })
const delivered = event('scans.delivered', 'd', 10)
/** Another order, by which time goes on. */
const tick = (day: number): LiveEvent => event('payments.captured', `t-${day}`, day, { order: 'clock' })
const states = (state: TwinState): string[] => state.history('A').map(({ after }) => after)

test('what was delivered is settled when it has been quiet for 30 days by the time of the events, and is then no open order', () => {
  const state = openState()
  tell(state, placed, routed, delivered, tick(39.9))
  expect([state.order('A')?.state, state.openCount()]).toEqual(['delivered', 2])
  expect(state.sites()[0].parcels).toEqual({ delivered: 1 })
  tell(state, tick(40))
  expect(state.order('A')).toMatchObject({ state: 'settled', refused: 0, parts: [{ sinceMs: ms(40), warehouse: 'recife' }] })
  expect([...state.openOrders()].map(({ id }) => id)).toEqual(['clock'])
  expect([state.openCount(), state.sites()]).toEqual([1, []])
  // The past stays as it was.
  expect([state.at(ms(39)).order('A')?.state, state.at(ms(39)).openCount()]).toEqual(['delivered', 1])
  expect([state.at(ms(40)).order('A')?.state, state.at(ms(40)).openCount()]).toEqual(['settled', 1])
})

test('a time of quiet is a setting, of a checkpoint too; null waits until somebody says so', () => {
  const week = openState({ quietMs: 7 * DAY_MS })
  tell(week, placed, routed, delivered, tick(18))
  expect(week.order('A')?.state).toBe('settled')
  const bytes = week.checkpoint()
  expect((restoreState(bytes) as TwinState).order('A')?.state).toBe('settled')
  const month = restoreState(bytes, { quietMs: 30 * DAY_MS }) as TwinState
  expect([month.order('A')?.state, month.openCount()]).toEqual(['delivered', 2])
  tell(month, tick(40))
  expect([month.order('A')?.state, month.openCount()]).toEqual(['settled', 1])
  const never = restoreState(month.checkpoint(), { quietMs: null }) as TwinState
  tell(never, tick(400))
  expect(never.order('A')?.state).toBe('delivered')
  const again = restoreState(never.checkpoint(), { quietMs: 30 * DAY_MS }) as TwinState
  expect([again.order('A')?.state, again.digest()]).toEqual([
    'settled',
    fed([placed, routed, delivered, tick(18), tick(40), tick(400)], {}).digest(),
  ])
})

test('a customer may send back what was settled by rule alone, and somebody may still settle it; a settlement that was told stands', () => {
  const state = openState()
  tell(state, placed, routed, delivered, tick(50))
  tell(state, event('orders.return-requested', 'back', 60, { reason: 'wrong-item' }))
  expect(states(state)).toEqual(['placed', 'routed', 'delivered', 'settled', 'return-requested'])
  expect([state.order('A')?.refused, state.openCount()]).toEqual([0, 2])
  const told = openState()
  tell(told, placed, delivered, tick(50), event('orders.settled', 's', 60), tick(99))
  expect(states(told)).toEqual(['placed', 'delivered', 'settled', 'settled'])
  tell(told, event('orders.return-requested', 'back', 70, { reason: 'wrong-item' }))
  expect(told.order('A')).toMatchObject({ state: 'settled', refused: 1 })
})

test('what comes late undoes the rule: sent back within the time, delivered on another day, or never', () => {
  const state = openState()
  tell(state, placed, routed, delivered, tick(50))
  tell(state, event('orders.return-requested', 'back', 20, { reason: 'wrong-item' }))
  expect(states(state)).toEqual(['placed', 'routed', 'delivered', 'return-requested'])
  const later = openState()
  tell(later, placed, delivered, tick(50), event('scans.delivered', 'd2', 25, { corrects: 'd' }))
  expect(states(later)).toEqual(['placed', 'delivered'])
  tell(later, tick(55))
  expect(later.order('A')?.parts[0]).toMatchObject({ state: 'settled', sinceMs: ms(55) })
  const never = openState()
  tell(never, placed, routed, delivered, tick(50), event('scans.lost', 'l', 9, { reason: 'accident' }))
  expect(never.order('A')).toMatchObject({ state: 'lost', refused: 1 })
})

test('a dossier says that nobody told of the settlement, and by what rule it follows', async () => {
  const state = openState()
  tell(state, placed, routed, delivered, tick(50))
  const { core } = state
  const read = async (): Promise<null> => null
  const dossier = await dossierOf({ core, learned: learn(core, ms(50)), read }, 'A', ms(50))
  expect(dossier?.status).toMatchObject({ state: 'settled', sinceMs: ms(40) })
  expect(dossier?.events.at(-1)).toMatchObject({
    kind: 'orders.settled',
    atMs: ms(40),
    who: 'orrery',
    why: { rule: 'delivered, and quiet for 30 days' },
    before: 'delivered',
    after: 'settled',
  })
  expect(dossier?.lateness.lateMs).toBe(DAY_MS)
  expect(dossier?.dwell.reduce((sum, { tookMs }) => sum + tookMs, 0)).toBe(dossier?.totalMs)
})

function fed(events: readonly LiveEvent[], settings: { quietMs?: number }, batch = events.length): TwinState {
  const state = openState(settings)
  for (let i = 0; i < events.length; i += batch) tell(state, ...events.slice(i, i + batch))
  return state
}

test('late, twice, shuffled and put away in between: what is settled by rule is what the sorted stream settles', () => {
  const WITHIN = [0, 10, 30, 59, 60].map((minutes) => FROM_MS + minutes * 60_000)
  const known = (state: TwinState): unknown => [
    state.digest(),
    state.openCount(),
    state.sites(),
    ...['A-1', 'A-2', 'Ж-3'].map((id) => state.history(id).map(({ place: _, ...step }) => step)),
    ...WITHIN.filter((at) => at <= state.asOfMs).map((at) => {
      const view = state.at(at)
      expect([...view.openOrders()]).toHaveLength(view.openCount())
      return [view.digest(), view.openCount(), view.sites()]
    }),
  ]
  const kinds = ORDER_KINDS.filter((kind) => /delivered|settled|return|placed|routed|lost/.test(kind))
  const shuffled = stream([...kinds, 'scans.delivered', 'scans.delivered'], 30, 2).chain((events) =>
    fc.record({
      events: fc.constant(events),
      told: fc.shuffledSubarray([...events, ...events], { minLength: events.length }),
      batch: fc.integer({ min: 1, max: 9 }),
      quiet: fc.integer({ min: 0, max: 20 }),
    }),
  )
  let ruled = 0
  fc.assert(
    fc.property(shuffled, ({ events, told, batch, quiet }) => {
      const settings = { quietMs: quiet * 60_000 }
      const whole = fed([...told, ...events], settings, batch)
      const sorted = fed(
        events.toSorted((a, b) => (a.at < b.at ? -1 : 1)),
        settings,
      )
      if (sorted.digest() !== fed(events, { quietMs: 9 * DAY_MS }).digest()) ruled++
      expect(known(whole)).toEqual(known(sorted))
      const half = fed(told.slice(0, told.length >> 1), settings, batch).checkpoint()
      const restored = restoreState(half) as TwinState
      tell(restored, ...events, ...told)
      expect(known(restored)).toEqual(known(sorted))
    }),
    { numRuns: 14 },
  )
  expect(ruled).toBeGreaterThan(2)
})

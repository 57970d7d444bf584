import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Role } from '../server/access.ts'
import type { OrderView } from '../state/live-state.ts'
import type { Dossier } from './dossier.ts'
import { dossierOf } from './dossier.ts'
import { learn } from './learned.ts'
import { asSeenBy, SEES } from './roles.ts'
import { delayed, MINUTE_MS, openStory, START_MS, type Step, type Story, USUAL, usualDays } from './story.fixture.ts'

const HOUR = 60
const LONG_AFTER = 30 * 24 * HOUR
async function ask(story: Story, id: string, minute: number, orders?: () => Iterable<OrderView>): Promise<Dossier> {
  const nowMs = START_MS + minute * MINUTE_MS
  const parts = {
    core: story.state.core,
    learned: learn(story.state.core, nowMs),
    read: story.read,
    open: (event: object) => (event as { person: Record<string, string> }).person,
    ...(orders === undefined ? {} : { orders }),
  }
  return (await dossierOf(parts, id, nowMs)) as Dossier
}
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

test('an order that waited a day too long for a picker is late by that, and it says so', async () => {
  const story = openStory()
  usualDays(story, 60)
  story.tell('late', 700, delayed(USUAL, 'work.pick-started', 24 * HOUR))
  const { lateness, dwell, totalMs } = await ask(story, 'late', LONG_AFTER)
  expect(lateness.lateMs).toBe((2400 + 24 * HOUR - 48 * HOUR) * MINUTE_MS)
  expect(lateness.causes.map(({ cause }) => cause)).toEqual(['pick queue'])
  expect(lateness.causes[0].blameMs).toBe(lateness.lateMs)
  expect(lateness.rests).toBe(61)
  const waited = dwell.find(({ state }) => state === 'released')
  expect(waited?.tookMs).toBe((30 + 24 * HOUR) * MINUTE_MS)
  expect(sum(dwell.map(({ tookMs }) => tookMs))).toBe(totalMs)
})

test('an order that stands at its hub for longer than usual says how many stand there with it, and since when nothing has got on', async () => {
  const story = openStory()
  usualDays(story, 60)
  const toHub = USUAL.slice(0, USUAL.findIndex(([kind]) => kind === 'scans.at-hub') + 1)
  const toStation = USUAL.slice(0, toHub.length + 1)
  // Four come to the hub an hour apart; another got on from there an hour before the last of them came.
  const NOW = 100 * HOUR
  for (const [i, ago] of [9, 8, 7, 6].entries()) story.tell(`held-${i}`, NOW - 1200 - ago * HOUR, toHub)
  story.tell('got-on', NOW - 1500 - 7 * HOUR, toStation)
  const orders = () => story.state.openOrders()
  expect((await ask(story, 'held-0', NOW, orders)).touched.standsWith).toEqual({
    at: 'hub',
    id: 'h1',
    parcels: 4,
    sinceMs: START_MS + (NOW - 7 * HOUR) * MINUTE_MS,
  })
  // Five hours are usual there: three hours in, nobody stands.
  expect((await ask(story, 'held-3', NOW - 3 * HOUR, orders)).touched.standsWith).toBeNull()
  expect((await ask(story, 'past-3', NOW, orders)).touched.standsWith).toBeNull()
})

test('an order that came in time is blamed for nothing, and one that nobody promised has no lateness', async () => {
  const story = openStory()
  usualDays(story, 60)
  story.tell('unpromised', 0, USUAL.slice(1))
  expect((await ask(story, 'past-3', LONG_AFTER)).lateness).toMatchObject({ lateMs: -477 * MINUTE_MS, causes: [] })
  expect((await ask(story, 'unpromised', LONG_AFTER)).lateness).toMatchObject({ lateMs: null, causes: [] })
})

test('an order that ended without reaching anybody grows no later after its end; one that is settled is as late as when it came', async () => {
  const story = openStory()
  usualDays(story, 60)
  const onRoad = USUAL.slice(0, USUAL.findIndex(([kind]) => kind === 'departures.handed-over') + 1)
  story.tell('lost', 0, [...onRoad, ['scans.lost', 60 * HOUR, { reason: 'accident' }]])
  story.tell('settled', 0, [...delayed(USUAL, 'scans.delivered', 24 * HOUR), ['orders.settled', 100 * HOUR]])
  for (const later of [LONG_AFTER, LONG_AFTER + 1000 * HOUR * MINUTE_MS]) {
    const lost = (await ask(story, 'lost', later)).lateness
    expect(lost.lateMs).toBe(12 * HOUR * MINUTE_MS)
    expect(sum(lost.causes.map(({ blameMs }) => blameMs))).toBe(lost.lateMs)
    expect((await ask(story, 'settled', later)).lateness.lateMs).toBe(16 * HOUR * MINUTE_MS)
  }
})

test('whatever an order lived through, its waits add up to its life and the blame to its lateness, to the ms', async () => {
  const story = openStory()
  usualDays(story, 40)
  const lags = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: USUAL.length, maxLength: USUAL.length })
  const left = fc.subarray(USUAL as Step[], { minLength: 3 })
  let number = 0
  await fc.assert(
    fc.asyncProperty(lags, left, fc.integer({ min: 1, max: 60_000 }), async (extra, steps, asked) => {
      const id = `any-${number++}`
      let minute = 0
      story.tell(
        id,
        0,
        steps.map(([kind], i) => {
          minute += i === 0 ? 0 : extra[i]
          return [kind, minute]
        }),
      )
      const { dwell, totalMs, lateness } = await ask(story, id, asked + minute)
      expect(sum(dwell.map(({ tookMs }) => tookMs))).toBe(totalMs)
      dwell.forEach((stay, i) => {
        expect(stay.tookMs).toBeGreaterThanOrEqual(0)
        expect(stay.toMs).toBe(dwell[i + 1]?.fromMs ?? stay.toMs)
      })
      if (lateness.lateMs === null) return
      expect(sum(lateness.causes.map(({ blameMs }) => blameMs))).toBe(Math.max(0, lateness.lateMs))
      expect(sum(lateness.causes.map(({ share }) => share))).toBeCloseTo(lateness.lateMs > 0 ? 1 : 0, 9)
    }),
    { numRuns: 60 },
  )
})

test.each(['orders.cancelled', 'scans.lost', 'scans.damaged'])(
  'an order that ended with %s has a lateness that adds up to the ms, and grows no later however late it is asked',
  async (kind) => {
    const story = openStory()
    usualDays(story, 60)
    const before = USUAL.slice(0, kind === 'orders.cancelled' ? 3 : 10)
    story.tell('ended', 700, [...before, [kind, 60 * HOUR, { reason: 'other' }]])
    const { lateness, dwell, totalMs } = await ask(story, 'ended', LONG_AFTER)
    expect(totalMs).toBe(60 * HOUR * MINUTE_MS)
    expect(lateness.lateMs).toBe(12 * HOUR * MINUTE_MS)
    expect(sum(lateness.causes.map(({ blameMs }) => blameMs))).toBe(lateness.lateMs)
    expect(sum(lateness.causes.map(({ share }) => share))).toBeCloseTo(1, 12)
    expect(sum(dwell.map(({ tookMs }) => tookMs))).toBe(totalMs)
  },
)

test('time that was made up on the road is taken off the delay before it, and not off the one that came after', async () => {
  const story = openStory()
  usualDays(story, 60)
  const late = delayed(USUAL, 'work.pick-started', 20 * HOUR)
  const madeUp = delayed(late, 'scans.at-hub', -10 * HOUR)
  story.tell('both', 700, delayed(madeUp, 'scans.delivered', 30 * HOUR))
  const { lateness, dwell } = await ask(story, 'both', LONG_AFTER)
  expect(sum(lateness.causes.map(({ blameMs }) => blameMs))).toBe(lateness.lateMs)
  // 20 h at the pickers less 10 h on the road, 30 h on the van: 40 h, of which the promise's 8 h in reserve take a fifth off each.
  const hours = (state: string): number => (dwell.find((one) => one.state === state)?.blameMs ?? 0) / HOUR / MINUTE_MS
  expect(hours('released')).toBeCloseTo(8, 0)
  expect(hours('out-for-delivery')).toBeCloseTo(24, 0)
  expect(hours('handed-over')).toBe(0)
})

test('what nobody reported is told as a gap, not blamed on the last that was', async () => {
  const story = openStory()
  usualDays(story, 60)
  const untold = delayed(USUAL, 'scans.at-station', 24 * HOUR).filter(
    ([kind]) => kind !== 'scans.at-hub' && kind !== 'scans.at-station',
  )
  story.tell('gap', 700, untold)
  const { dwell, lateness } = await ask(story, 'gap', LONG_AFTER)
  expect(dwell.find(({ state }) => state === 'handed-over')).toMatchObject({ spent: 'gap', untold: ['at-hub', 'at-station'] })
  expect(lateness.causes[0]).toMatchObject({ cause: 'gap', blameMs: lateness.lateMs })
})

test('every event has its five elements: who, when, why, what it changed and what that moved', async () => {
  const story = openStory()
  usualDays(story, 60)
  const why = { rule: 'wave-3', cause: 'e17', saw: { queue: 41 } }
  const steps = delayed(USUAL, 'work.pick-started', 20 * HOUR).map(
    ([kind, minute, more]): Step =>
      kind === 'work.pick-started' ? [kind, minute, { who: 'picker:17', why }] : [kind, minute, more ?? {}],
  )
  story.tell('told', 700, steps)
  const { events } = await ask(story, 'told', LONG_AFTER)
  const picked = events.find(({ kind }) => kind === 'work.pick-started')
  expect(picked).toMatchObject({
    who: 'picker:17',
    atMs: START_MS + (700 + 60 + 20 * HOUR) * MINUTE_MS,
    why: { ...why, reason: null },
    what: [
      { field: 'state', from: 'released', to: 'picking' },
      { field: 'parts.0.state', from: 'released', to: 'picking' },
    ],
    refused: false,
  })
  // Nothing like it had ever waited so long, so nothing was expected just before; its start says when it will come.
  expect(picked?.moved?.expectedMs).toBeGreaterThan(START_MS + (700 + 20 * HOUR + 2300) * MINUTE_MS)
  const routed = events.find(({ kind }) => kind === 'orders.routed')
  expect(routed?.what.map(({ field, to }) => [field, to])).toEqual([
    ['state', 'routed'],
    ['parts.0.state', 'routed'],
    ['parts.0.warehouse', 'recife'],
    ['parts.0.service', 'road'],
  ])
})

test('who stood behind it at its station waited by what it took too long, shared among the hands', async () => {
  const story = openStory()
  usualDays(story, 60)
  story.say('load.station', 690, {
    warehouse: 'recife',
    station: 'pick',
    queue: { value: 3, unit: '{order}' },
    hands: { value: 2, unit: '{person}' },
  })
  story.tell('slow', 10_000, delayed(USUAL, 'work.pick-finished', 2 * HOUR))
  story.tell('next', 10_001, delayed(USUAL, 'work.pick-started', 3 * HOUR))
  story.tell('other site', 10_001, delayed(USUAL, 'work.pick-started', 3 * HOUR), { warehouse: 'belém' })
  const { touched } = await ask(story, 'slow', LONG_AFTER)
  expect(touched.impacts).toHaveLength(1)
  expect(touched.impacts[0]).toMatchObject({
    station: 'pick',
    heldMs: 2 * HOUR * MINUTE_MS,
    orders: [{ order: 'next', movedMs: HOUR * MINUTE_MS, promiseAtRisk: false }],
    departures: [{ warehouse: 'recife', service: 'road', orders: 1 }],
  })
  expect((await ask(story, 'next', LONG_AFTER)).touched.impacts).toEqual([])
})

test('an order that missed its truck says which one, and by how much the next one left later', async () => {
  const story = openStory()
  usualDays(story, 60)
  for (const day of [0, 1, 2])
    story.say('departures.departed', 700 + 490 + day * 24 * HOUR, {
      warehouse: 'recife',
      service: 'road',
      parcels: { value: 40, unit: '{parcel}' },
    })
  story.tell('in time', 700, USUAL)
  const late = delayed(delayed(USUAL, 'work.pick-started', 8 * HOUR), 'departures.handed-over', 16 * HOUR)
  story.tell('missed', 700, late)
  expect((await ask(story, 'in time', LONG_AFTER)).touched.departure).toMatchObject({ missedMs: null, movedMs: 0 })
  expect((await ask(story, 'missed', LONG_AFTER)).touched.departure).toMatchObject({
    departedMs: START_MS + (1190 + 24 * HOUR) * MINUTE_MS,
    missedMs: START_MS + 1190 * MINUTE_MS,
    movedMs: 24 * HOUR * MINUTE_MS,
  })
})

test('a delay is foreseen long before the promise has passed, and a quicker way is named', async () => {
  const story = openStory()
  usualDays(story, 80)
  const quick = delayed(USUAL, 'scans.at-hub', -600).map(([kind, minute]): Step => [kind, minute])
  for (let i = 0; i < 60; i++) story.tell(`quick-${i}`, i * 10, quick, { service: 'air' })
  // One in four is picked a day late.
  for (let i = 0; i < 20; i++) story.tell(`slow-${i}`, i * 10, delayed(USUAL, 'work.pick-started', 24 * HOUR))
  story.tell('open', 30_000, USUAL.slice(0, 4))
  const soon = await ask(story, 'open', 30_000 + 35)
  const waited = await ask(story, 'open', 30_000 + 5 * HOUR)
  if ('why' in soon.expected || 'why' in waited.expected) throw new Error('nothing was expected')
  expect(soon.expected.late).toBeCloseTo(20.5 / 101, 2)
  expect(soon.expected.next).toMatchObject({ state: 'picking', share: 1 })
  expect(soon.expected.rests).toMatchObject({ orders: 100, alike: ['state', 'warehouse', 'service', 'zone'] })
  expect(waited.expected.late).toBeGreaterThan(0.8)
  expect(waited.asOfMs).toBeLessThan(waited.order.promisedMs as number)
  expect(waited.alternatives[0]).toMatchObject({ warehouse: 'recife', service: 'air', orders: 60 })
  expect(waited.alternatives[0].late).toBeLessThan(0.05)
  expect(waited.status).toMatchObject({ state: 'released', minutes: 5 * HOUR - 30 })
})

test('an order that has waited longer than any before it says so, and promises nothing', async () => {
  const story = openStory()
  usualDays(story, 40)
  story.tell('stuck', 700, USUAL.slice(0, 4))
  expect((await ask(story, 'stuck', LONG_AFTER)).expected).toEqual({ why: 'longer than any', orders: 40 })
  expect((await ask(story, 'past-1', LONG_AFTER)).expected).toEqual({ why: 'over', orders: 0 })
})

test('each role sees its fields and no other; who it is for is open to a carrier only while the parcel is with it', async () => {
  const story = openStory()
  usualDays(story, 40)
  const person = { name: 'Maria Souza', phone: '+55 81 99999-1234', street: 'Rua da Aurora 12' }
  const steps = USUAL.map(([kind, minute]): Step => (kind === 'orders.placed' ? [kind, minute, { person }] : [kind, minute]))
  story.tell('private', 700, steps)
  const inWarehouse = await ask(story, 'private', 700 + 95)
  const onTheRoad = await ask(story, 'private', 700 + 600)
  const asText = (role: Role, dossier: Dossier): string => JSON.stringify(asSeenBy(role, dossier))
  for (const role of ['customer', 'integrator', 'planner', 'approver', 'viewer'] as const)
    expect(asText(role, inWarehouse)).not.toMatch(/Souza|Aurora|9999|12"/)
  expect(asText('integrator', onTheRoad)).toContain('Rua da Aurora 12')
  expect(asText('operator', inWarehouse)).toContain('Maria Souza')
  expect(asSeenBy('planner', inWarehouse).receiver).toEqual({
    name: 'M•••• S••••',
    phone: '•••• •••• ••••',
    street: 'R•••• d•••• A•••• ••••',
  })
  expect(asText('customer', onTheRoad)).not.toMatch(/recife|wms|who|blame|impacts/)
  expect(Object.keys(asSeenBy('customer', onTheRoad))).toEqual(['order', 'asOfMs', 'status', 'receiver', 'events', 'expected'])
  expect(asSeenBy('integrator', onTheRoad)).not.toHaveProperty('lateness')
  expect(asSeenBy('operator', onTheRoad)).toEqual(onTheRoad)
})

test('every path of the table of roles leads somewhere in a dossier', async () => {
  const story = openStory()
  usualDays(story, 60)
  story.say('departures.departed', 10_000 + 490, { warehouse: 'recife', service: 'road' })
  story.tell('open', 10_000, USUAL.slice(0, 9))
  const dossier = await ask(story, 'open', 10_000 + 500)
  const leads = (value: unknown, path: readonly string[]): boolean => {
    if (path.length === 0) return value !== undefined
    const [first, ...rest] = path
    if (first === '*') return (value as unknown[]).some((one) => leads(one, rest))
    return leads((value as Record<string, unknown>)[first], rest)
  }
  for (const { fields } of Object.values(SEES))
    for (const path of fields) expect(leads(dossier, path.split('.')), path).toBe(true)
})

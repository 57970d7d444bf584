import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flawsOf, KINDS } from '../event/kind.ts'
import { NOW_MS, placed, scan } from '../server/server.fixture.ts'
import { type Checked, checkEvent } from './check-event.ts'

const into: Checked = { kind: null, atMs: 0, reason: null }
const reasonOf = (value: unknown) => {
  const sound = checkEvent(value, NOW_MS, into)
  return sound ? null : into.reason
}

test('a sound event is sound, at its instant', () => {
  expect(reasonOf(scan('s-1'))).toBeNull()
  expect(into.atMs).toBe(Date.UTC(2026, 10, 11, 11))
  expect(into.kind?.name).toBe('scans.at-hub')
})

test('what a step needs a reason for is refused without one', () => {
  expect(reasonOf(scan('s-1', { feed: 'orders', type: 'cancelled', hub: undefined }))).toMatchObject({ field: 'reason' })
  expect(
    reasonOf(JSON.parse(JSON.stringify(scan('s-1', { feed: 'orders', type: 'cancelled', hub: undefined, reason: 'weather' })))),
  ).toBeNull()
})

test('every moment of an event must exist, not only the first', () => {
  expect(reasonOf(placed('p-1', { promisedAt: '2026-02-30T10:00:00Z' }))).toMatchObject({
    code: 'no-such-moment',
    field: 'promisedAt',
  })
})

test('the instant up to which an event may have happened is sharp', () => {
  expect(reasonOf(scan('s-1', { at: new Date(NOW_MS).toISOString() }))).toBeNull()
  expect(reasonOf(scan('s-1', { at: new Date(NOW_MS + 1).toISOString() }))).toMatchObject({ code: 'ahead-of-time' })
})

test('ids in any script are as long in the quick check as in the schema', () => {
  expect(reasonOf(scan('𝛼'.repeat(128)))).toBeNull()
  expect(reasonOf(scan('𝛼'.repeat(129)))).toMatchObject({ code: 'malformed', field: 'id' })
})

test('what is personal is not repeated in the reason', () => {
  const reason = reasonOf(placed('p-1', { person: { name: 'Ana Souza', phone: { mobile: '+55 81 99999' } } }))
  expect(reason).toMatchObject({ code: 'malformed', field: 'person.phone' })
  const long = reasonOf(placed('p-1', { person: { name: 'Ana Souza '.repeat(50) } }))
  expect(JSON.stringify([reason, long])).not.toMatch(/Ana|99999/)
  expect(JSON.stringify(reasonOf(placed('p-1', { person: 'Ana Souza, Rua do Sol 7' })))).not.toMatch(/Ana|Sol/)
})

test('whatever comes, the quick check and the schema agree, and a refusal names field, found and fix', () => {
  const names = [...KINDS.values()].flatMap((types) => [...types.values()])
  const field = fc.constantFrom(
    'id',
    'source',
    'at',
    'order',
    'zone',
    'warehouse',
    'hub',
    'why',
    'lines',
    'part',
    'person',
    'quantity',
    'sku',
    '__proto__',
    'x',
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.tuple(field, fc.jsonValue({ maxDepth: 2 })), { maxLength: 5 }),
      (kind, changes) => {
        const [feed, type] = kind.name.split('.')
        const value = JSON.parse(JSON.stringify({ ...scan('s-1', { feed, type }), ...Object.fromEntries(changes) })) as unknown
        expect(kind.passes(value)).toBe(flawsOf(kind, value).length === 0)
        const reason = reasonOf(value)
        if (reason === null) return
        expect(reason.field).not.toBe('')
        expect(reason.found).not.toBe('')
        expect(reason.fix).not.toBe('')
      },
    ),
    { numRuns: 1500 },
  )
})

test('a measurement that cannot be is put aside: colder than cold, fewer than none, more than there is', () => {
  const air = (value: number, unit: string) =>
    reasonOf({
      ...{ id: 't-1', source: 'probe', feed: 'temperature', type: 'site', at: '2026-11-11T11:00:00Z' },
      ...{ device: 'd', warehouse: 'recife', temperature: { value, unit } },
    })
  for (const [value, unit] of [
    [-273.15, 'Cel'],
    [0, 'K'],
    [-459.67, '[degF]'],
    [40, 'Cel'],
  ] as const)
    expect(air(value, unit), `${value} ${unit}`).toBeNull()
  for (const [value, unit] of [
    [-300, 'Cel'],
    [-1, 'K'],
    [-459.68, '[degF]'],
    [1e300, 'Cel'],
  ] as const)
    expect(air(value, unit), `${value} ${unit}`).toMatchObject({ code: 'malformed', field: 'temperature.value' })
  const queue = (value: number) =>
    reasonOf({
      ...{
        id: 'q-1',
        source: 'wms',
        feed: 'load',
        type: 'station',
        at: '2026-11-11T11:00:00Z',
        warehouse: 'recife',
        station: 'pick',
      },
      ...{ queue: { value, unit: '{order}' }, hands: { value: 3, unit: '{person}' } },
    })
  expect(queue(0)).toBeNull()
  expect(queue(-5)).toMatchObject({ field: 'queue.value' })
  expect(queue(1e308)).toMatchObject({ field: 'queue.value' })
})

test('who writes a unit of one letter is told which there are, and not that he meant another', () => {
  const reason = reasonOf({
    ...{ id: 't-1', source: 'probe', feed: 'temperature', type: 'site', at: '2026-11-11T11:00:00Z' },
    ...{ device: 'd', warehouse: 'recife', temperature: { value: 4, unit: 'C' } },
  })
  expect(reason).toMatchObject({ field: 'temperature.unit', fix: expect.stringMatching(/Cel.*K.*degF/) })
})

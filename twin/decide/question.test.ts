import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadNetwork } from '../../scenarios/read/network.ts'
import { HttpProblem } from '../server/problem-json.ts'
import { type AskedFor, isRefused, QuestionReader } from './question.ts'
import type { RequestFlaw } from './wrongs.ts'

const { spec } = await loadNetwork('brazil')
const reader = new QuestionReader(spec)
const NOW = Date.UTC(2026, 10, 11, 12)
const at = (hours: number): string => new Date(NOW + hours * 3_600_000).toISOString()
const [zone, sku, other, node, second, service] = [
  spec.zones[3].id,
  spec.skus[0].id,
  spec.skus[7].id,
  spec.warehouses[0].id,
  spec.warehouses[1].id,
  spec.services[0].id,
]

type Loose = { [key: string]: unknown }
const order = (more: Loose = {}): Loose => ({
  orderId: 'A-1',
  shipTo: { zone },
  promise: { deliverBy: at(72) },
  lines: [{ sku, qty: 2 }],
  ...more,
})
const asked = (body: unknown, dry = false): AskedFor => {
  const read = reader.read(body, NOW, dry)
  if (isRefused(read)) throw new Error(JSON.stringify(read))
  return read
}
const flaws = (body: unknown, dry = false): readonly RequestFlaw[] => {
  const read = reader.read(body, NOW, dry)
  return isRefused(read) ? read : []
}
const fields = (body: unknown, dry = false): string[] => flaws(body, dry).map(({ field }) => field)

describe('a request that is sound', () => {
  test('needs an id, where to, by when, and what; all else has a default that is told', () => {
    const { question, ...rest } = asked({ order: order() })
    expect(question).toEqual({
      order: 'A-1',
      customer: null,
      zone: 3,
      lines: [{ lineId: '1', sku: 0, units: 2 }],
      placedMs: NOW,
      promisedMs: NOW + 72 * 3_600_000,
      allowed: null,
      services: null,
      maxShipments: 8,
      co2GramsMax: Number.POSITIVE_INFINITY,
      mustBeInTime: false,
      shipComplete: false,
      told: null,
      budgetMs: 20,
    })
    expect(rest).toEqual({
      requestId: null,
      key: 'order:A-1',
      mode: 'commit',
      explain: 'none',
      alternatives: 0,
      baseline: null,
      notUsed: [],
    })
  })

  test('every field that is said to decide something does', () => {
    const changed = (more: Loose, whole: Loose = {}) => {
      const before = asked({ order: order() })
      const after = asked({ order: order(more), ...whole })
      expect(after.notUsed, JSON.stringify(more)).toEqual([])
      return { ...after, question: after.question, before }
    }
    expect(changed({ customerId: 'c-9' }).question.customer).toBe('c-9')
    expect(changed({ createdAt: at(-3) }).question.placedMs).toBe(NOW - 3 * 3_600_000)
    expect(changed({ promise: { deliverBy: at(72), hard: true } }).question.mustBeInTime).toBe(true)
    const limits = (constraints: Loose, more: Loose = {}) => changed({ constraints, ...more }).question
    expect(limits({ maxShipments: 2 }).maxShipments).toBe(2)
    expect(limits({ shipComplete: true }).shipComplete).toBe(true)
    expect([...(limits({ allowedNodes: [node] }).allowed ?? [])]).toEqual(spec.warehouses.map((_, w) => (w === 0 ? 1 : 0)))
    expect([...(limits({ blockedNodes: [node] }).allowed ?? [])]).toEqual(spec.warehouses.map((_, w) => (w === 0 ? 0 : 1)))
    expect(limits({ allowedNodes: [node, second], blockedNodes: [node] }).allowed?.indexOf(1)).toBe(1)
    expect([...(limits({ services: [service] }).services ?? [])]).toEqual(spec.services.map((_, s) => (s === 0 ? 1 : 0)))
    expect(limits({ carbonCapKg: 1.2 }).co2GramsMax).toBe(1200)
    const value = { amount: 19, currency: spec.currency }
    expect(limits({ splitMinValue: 20, maxShipments: 3 }, { value }).maxShipments).toBe(1)
    expect(limits({ splitMinValue: 19, maxShipments: 3 }, { value }).maxShipments).toBe(3)
    expect(changed({ lines: [{ sku, qty: 1, group: 'g', lineId: 'x' }] }).question).toMatchObject({
      maxShipments: 1,
      lines: [{ lineId: 'x', sku: 0, units: 1 }],
    })
    const inventory = [{ node: second, sku, atp: 3, asOf: at(-1) }]
    expect(changed({}, { overrides: { inventory } }).question.told).toEqual(new Map([[1, 3]]))
    expect(changed({}, { budgetMs: 5, mode: 'shadow', requestId: 'r', idempotencyKey: 'k' })).toMatchObject({
      question: { budgetMs: 5 },
      mode: 'shadow',
      requestId: 'r',
      key: 'k',
    })
    expect(changed({}, { explain: 'full', alternatives: 3, baselineDecision: { node } })).toMatchObject({
      explain: 'full',
      alternatives: 3,
      baseline: { warehouse: node, service: null },
    })
  })

  test('a place on the map will do for a zone: it is the nearest', () => {
    const { lat, lon } = spec.zones[5]
    expect(asked({ order: order({ shipTo: { lat: lat + 0.01, lon } }) }).question.zone).toBe(5)
  })

  test('what decides nothing is named, so that nobody believes in it', () => {
    const more = {
      channel: 'web',
      type: 'B2C',
      customerTier: 'gold',
      value: { amount: 129.9, currency: 'CNY' },
      shipTo: { zone, geohash: 'wtw3', lat: 31.2, lon: 121.5, country: 'CN' },
      latePenalty: { fixed: 8, perHour: 0.5 },
      cancelProbPerHour: 0.01,
      constraints: { tags: ['fragile'] },
      lines: [{ sku, qty: 1, weightKg: 0.8, volumeL: 3, workUnits: 1, substitutable: false }],
    }
    expect(asked({ order: order(more) }).notUsed).toEqual([
      'order.channel',
      'order.type',
      'order.customerTier',
      'order.value',
      'order.shipTo.geohash',
      'order.shipTo.lat, lon',
      'order.shipTo.country',
      'order.latePenalty',
      'order.cancelProbPerHour',
      'order.constraints.tags',
      'order.lines: weightKg, volumeL, workUnits, substitutable',
    ])
  })

  test('an order that is late by now can still be asked about, if it says when it was placed', () => {
    expect(asked({ order: order({ createdAt: at(-90), promise: { deliverBy: at(-2) } }) }).question.promisedMs).toBeLessThan(NOW)
  })

  test('the key does not depend on where it is asked; a dry run is one even where nothing says so', () => {
    expect(asked({ order: order() }, true).mode).toBe('evaluate')
  })
})

describe('a request that is not', () => {
  test('is told everything that is wrong with it at once, each by field with what was found and what would do', () => {
    const found = flaws({
      mode: 'comit',
      order: {
        shipTo: { zone: 'Recif', phone: '123' },
        promise: { deliverBy: at(-5) },
        lines: [
          { sku: `${sku}x`, qty: -2 },
          { sku: other, qty: 1 },
          { sku: other, qty: 1 },
        ],
        constraints: { allowedNodes: ['atlantis'], maxShipments: 0 },
      },
      surprise: 1,
    })
    expect(found.map(({ field }) => field).sort()).toEqual(
      [
        'mode',
        'order.orderId',
        'order.shipTo.zone',
        'order.shipTo.phone',
        'order.promise.deliverBy',
        'order.lines[0].sku',
        'order.lines[0].qty',
        'order.lines[2].sku',
        'order.constraints.allowedNodes[0]',
        'order.constraints.maxShipments',
        'surprise',
      ].sort(),
    )
    const fix = (field: string): string | undefined => found.find((one) => one.field === field)?.fix
    expect(fix('mode')).toContain('did you mean `commit`?')
    expect(fix('order.lines[0].sku')).toContain(sku)
    expect(fix('order.promise.deliverBy')).toContain('promise an instant to come')
    for (const { found: what, fix: how } of found) expect(what.length * how.length).toBeGreaterThan(0)
  })

  test.each<[string, unknown, string]>([
    ['no lines', { order: order({ lines: [] }) }, 'order.lines'],
    ['nine lines', { order: order({ lines: spec.skus.slice(0, 9).map(({ id }) => ({ sku: id, qty: 1 })) }) }, 'order.lines'],
    ['a part of a unit', { order: order({ lines: [{ sku, qty: 1.5 }] }) }, 'order.lines[0].qty'],
    ['256 units', { order: order({ lines: [{ sku, qty: 256 }] }) }, 'order.lines[0].qty'],
    ['a promise in the past', { order: order({ promise: { deliverBy: at(-1) } }) }, 'order.promise.deliverBy'],
    [
      'a promise before the order',
      { order: order({ createdAt: at(-1), promise: { deliverBy: at(-2) } }) },
      'order.promise.deliverBy',
    ],
    [
      'an instant without an offset',
      { order: order({ promise: { deliverBy: '2026-11-20T10:00:00' } }) },
      'order.promise.deliverBy',
    ],
    ['a promise for 2099', { order: order({ promise: { deliverBy: '2099-01-01T00:00:00.000Z' } }) }, 'order.promise.deliverBy'],
    ['an order of next week', { order: order({ createdAt: at(48) }) }, 'order.createdAt'],
    ['an order of last year', { order: order({ createdAt: at(-24 * 300) }) }, 'order.createdAt'],
    ['a clock a day behind', { asOf: at(-25), order: order() }, 'asOf'],
    ['no place', { order: order({ shipTo: {} }) }, 'order.shipTo.zone'],
    ['half a place', { order: order({ shipTo: { lat: 3 } }) }, 'order.shipTo.zone'],
    [
      'all warehouses barred',
      { order: order({ constraints: { blockedNodes: spec.warehouses.map(({ id }) => id) } }) },
      'order.constraints.blockedNodes',
    ],
    ['an unknown service', { order: order({ constraints: { services: ['teleport'] } }) }, 'order.constraints.services[0]'],
    ['a least value without a value', { order: order({ constraints: { splitMinValue: 20 } }) }, 'order.value'],
    [
      'a window to come',
      { order: order({ promise: { deliverBy: at(72), window: { from: at(70), until: at(72) } } }) },
      'order.promise.window.from',
    ],
    [
      'two groups',
      {
        order: order({
          lines: [
            { sku, qty: 1, group: 'a' },
            { sku: other, qty: 1, group: 'b' },
          ],
        }),
      },
      'order.lines[1].group',
    ],
    [
      'the same line twice',
      {
        order: order({
          lines: [
            { lineId: 'x', sku, qty: 1 },
            { lineId: 'x', sku: other, qty: 1 },
          ],
        }),
      },
      'order.lines[1].lineId',
    ],
    ['a capacity of one’s own', { order: order(), overrides: { capacity: [{}] } }, 'overrides.capacity'],
    [
      'stock of what is not ordered',
      { order: order(), overrides: { inventory: [{ node, sku: other, atp: 1 }] } },
      'overrides.inventory[0].sku',
    ],
    [
      'stock of tomorrow',
      { order: order(), overrides: { inventory: [{ node, sku, atp: 1, asOf: at(24) }] } },
      'overrides.inventory[0].asOf',
    ],
    ['a baseline from nowhere', { order: order(), baselineDecision: { node: 'nowhere' } }, 'baselineDecision.node'],
    ['nonsense numbers', { order: order({ cancelProbPerHour: 7 }) }, 'order.cancelProbPerHour'],
    ['a list', [], 'body'],
    ['nothing', null, 'body'],
  ])('%s is refused, and nothing else is blamed', (_, body, field) => {
    expect(fields(body)).toEqual([field])
  })

  test('a commit asked of a dry run is refused rather than left undone', () => {
    expect(fields({ mode: 'commit', order: order() }, true)).toEqual(['mode'])
  })

  test('is thrown as one problem of status 422 that lists all', () => {
    try {
      reader.readOrThrow({ order: order({ lines: [{ sku: 'no', qty: 0 }] }) }, NOW)
      expect.fail('it was read')
    } catch (error) {
      expect(error).toBeInstanceOf(HttpProblem)
      const { status, message, more } = error as HttpProblem
      expect([status, (more.problems as unknown[]).length]).toEqual([422, 2])
      expect(message).toMatch(/found .*; .* And 1 more\./)
    }
  })
})

test('whatever is sent is either read or told what is wrong with it, quickly refused and slowly explained alike', () => {
  const instant = fc.oneof(
    fc.integer({ min: 1, max: 9000 }).map(at),
    fc.integer({ min: -3000, max: 12_000 }).map(at),
    fc.constantFrom('soon', at(0), '2026-11-11T20:00:03-03:00'),
  )
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(undefined) },
      { weight: 4, arbitrary },
      { weight: 1, arbitrary: fc.constant(null as unknown as T) },
    )
  const ids = (known: string): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 20, arbitrary: fc.constant(known) }, { weight: 1, arbitrary: fc.jsonValue() })
  const line = fc.record({
    sku: ids(sku),
    qty: fc.integer({ min: -1, max: 260 }).map((n) => (n > 20 ? 1 : n)),
    lineId: maybe(fc.constantFrom('1', '2')),
    group: maybe(fc.constantFrom('a', 'b')),
  })
  const request = fc.record({
    mode: maybe(fc.constantFrom('commit', 'evaluate', 'other')),
    asOf: maybe(instant),
    order: fc.record({
      orderId: fc.constantFrom('a', 'b', 'c', ''),
      createdAt: maybe(instant),
      shipTo: fc.record({
        zone: fc.oneof({ weight: 5, arbitrary: fc.constant(zone) }, { weight: 1, arbitrary: maybe(ids(zone)) }),
        lat: maybe(fc.double({ min: -91, max: 91 })),
        lon: maybe(fc.constant(3)),
      }),
      promise: fc.record({
        deliverBy: fc.oneof({ weight: 5, arbitrary: fc.constant(at(80)) }, { weight: 1, arbitrary: instant }),
        window: maybe(fc.record({ from: instant, until: instant })),
      }),
      value: maybe(fc.record({ amount: fc.double({ min: -1, max: 9 }), currency: fc.constantFrom(spec.currency, 'CNY') })),
      constraints: maybe(
        fc.record({
          allowedNodes: maybe(fc.array(ids(node))),
          blockedNodes: maybe(fc.array(ids(node))),
          splitMinValue: maybe(fc.constant(5)),
        }),
      ),
      lines: fc.array(line, { maxLength: 3 }),
    }),
    overrides: maybe(
      fc.record({
        inventory: maybe(
          fc.array(fc.record({ node: ids(node), sku: ids(sku), atp: fc.integer({ min: -1, max: 5 }), asOf: maybe(instant) })),
        ),
      }),
    ),
    baselineDecision: maybe(fc.record({ node: ids(node) })),
  })
  let read = 0
  fc.assert(
    fc.property(
      fc.oneof({ weight: 5, arbitrary: request as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.jsonValue() }),
      fc.boolean(),
      (body, dry) => {
        // As it comes over a wire: what is undefined is not there.
        const sent = body === undefined ? undefined : (JSON.parse(JSON.stringify(body)) as unknown)
        const answer = reader.read(sent, NOW, dry)
        if (!isRefused(answer)) {
          read++
          return
        }
        expect(answer.length).toBeGreaterThan(0)
        expect(new Set(answer.map(({ field }) => field)).size).toBe(answer.length)
      },
    ),
    { numRuns: 4000 },
  )
  expect(read).toBeGreaterThan(10)
})

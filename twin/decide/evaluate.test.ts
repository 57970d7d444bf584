import { beforeAll, describe, expect, test } from 'vitest'
import { loadNetwork } from '../../scenarios/read/network.ts'
import { loadScenario } from '../../scenarios/read/scenario.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { writeMoment } from '../event/moment.ts'
import { openReality } from '../reality/open-reality.ts'
import { openState, type TwinState } from '../state/state.ts'
import { readAsked } from './asked.ts'
import { PresentDesk } from './present-desk.ts'

const HOUR_MS = 3_600_000

describe('a decision asked of the present', { timeout: 60_000 }, () => {
  let spec: NetworkSpec
  let state: TwinState
  let desk: PresentDesk

  beforeAll(async () => {
    const loaded = (await loadNetwork('brazil')).spec
    spec = { ...loaded, demand: { ...loaded.demand, ordersPerDay: 200 } }
    const world = {
      spec,
      scenario: loadScenario('calm').spec,
      policies: 'live-greedy',
      seed: '1',
      days: 3,
      fromMs: Date.UTC(2026, 10, 9, 12),
      offsetMinutes: -180,
    }
    const events = (await openReality(world)).until(2.5 * 24 * HOUR_MS)
    state = openState()
    state.apply(
      events,
      events.map((_, line) => ({ entry: 1, line })),
    )
    desk = await PresentDesk.open(spec, state, 'live-greedy', -180)
  }, 60_000)

  const ask = (more: object = {}, whyNot?: string) =>
    readAsked(
      {
        order: {
          zone: spec.zones[3].id,
          lines: [{ sku: spec.skus[0].id, units: 1 }],
          promisedAt: writeMoment(state.asOfMs + 240 * HOUR_MS),
          ...more,
        },
        ...(whyNot === undefined ? {} : { whyNot }),
      },
      spec,
    )

  test('it says from where and with which service, for how much, and what is next best', () => {
    const { chosen, runnerUp, asOfMs, text, stamp } = desk.evaluate(ask())
    expect(asOfMs).toBe(state.asOfMs)
    expect(spec.warehouses.map(({ id }) => id)).toContain(chosen?.shipments[0].warehouse)
    expect(runnerUp?.without).toBe(chosen?.shipments[0].warehouse)
    expect(text.zh.length).toBe(text.en.length)
    expect(stamp.policy).toBe('routing/live-greedy')
  })

  test('the same question of the same present gets the same bytes, and leaves no trace', () => {
    const one = desk.evaluate(ask())
    desk.evaluate(ask({ lines: [{ sku: spec.skus[5].id, units: 3 }] }))
    const { ageMs: _, ...again } = desk.evaluate(ask())
    expect(again).toMatchObject({ digest: one.digest, chosen: one.chosen })
  })

  test('why not a warehouse is answered in money', () => {
    const chosen = desk.evaluate(ask()).chosen?.shipments[0].warehouse
    const other = spec.warehouses.find(({ id }) => id !== chosen)?.id ?? ''
    const { whyNot } = desk.evaluate(ask({}, other))
    expect(JSON.stringify(whyNot)).toContain(other)
  })

  test('stock that was told decides: from where a shelf is empty nothing ships', () => {
    const chosen = desk.evaluate(ask()).chosen?.shipments[0].warehouse ?? ''
    const sku = spec.skus[0].id
    const counted = {
      id: 'count-1',
      source: 'test',
      feed: 'stock',
      type: 'counted',
      at: writeMoment(state.asOfMs + 1000),
      warehouse: chosen,
      sku,
      onHand: { value: 0, unit: '{unit}' },
    } as const
    state.apply([counted], [{ entry: 2, line: 0 }])
    return PresentDesk.open(spec, state, 'live-greedy', -180).then((fresh) => {
      expect(fresh.evaluate(ask()).chosen?.shipments[0].warehouse).not.toBe(chosen)
    })
  })

  test('what cannot be asked is refused by field, with what would do', () => {
    expect(() => ask({ zone: 'nowhere' })).toThrow(/order.zone: found "nowhere"/)
    expect(() => ask({ lines: [{ sku: spec.skus[0].id, units: 0 }] })).toThrow(/order.lines/)
    expect(() => ask({ lines: [] })).toThrow(/order.lines/)
    expect(() => ask({ promisedAt: 'soon' })).toThrow(/order.promisedAt/)
    expect(() => ask({ surprise: 1 })).toThrow(/surprise/)
    expect(() => ask({}, 'atlantis')).toThrow(/whyNot/)
  })
})

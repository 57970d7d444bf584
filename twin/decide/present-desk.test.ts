import { beforeAll, describe, expect, test } from 'vitest'
import { loadNetwork } from '../../scenarios/read/network.ts'
import { loadScenario } from '../../scenarios/read/scenario.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { writeMoment } from '../event/moment.ts'
import { presentOf } from '../futures/present.ts'
import { openReality } from '../reality/open-reality.ts'
import { openState, type TwinState } from '../state/state.ts'
import { type Explainable, PresentDesk } from './present-desk.ts'

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
    desk = await laid()
  }, 60_000)

  const laid = async (): Promise<PresentDesk> => {
    const one = await PresentDesk.open(spec, 'live-greedy')
    one.lay(presentOf(state, spec, -180))
    return one
  }
  const ask = (more: Partial<Explainable> = {}): Explainable => ({
    zone: 3,
    lines: [{ lineId: '1', sku: 0, units: 1 }],
    promisedMs: state.asOfMs + 240 * HOUR_MS,
    allowed: null,
    services: null,
    maxShipments: 8,
    co2GramsMax: Number.POSITIVE_INFINITY,
    mustBeInTime: false,
    ...more,
  })

  test('it says from where and with which service, for how much, and what is next best', () => {
    const { chosen, runnerUp, asOfMs, text, stamp } = desk.explain(ask(), null)
    expect(asOfMs).toBe(state.asOfMs)
    expect(spec.warehouses.map(({ id }) => id)).toContain(chosen?.shipments[0].warehouse)
    expect(runnerUp?.without).toBe(chosen?.shipments[0].warehouse)
    expect(text.zh.length).toBe(text.en.length)
    expect(stamp.policy).toBe('routing/live-greedy')
  })

  test('as many alternatives as are asked for, cheapest first: of one line they are the warehouses in the order of what each would cost', () => {
    const { chosen, runnerUp, alternatives } = desk.explain(ask(), null, null, 5)
    const own = chosen?.shipments[0].warehouse ?? ''
    expect(alternatives[0]).toMatchObject({ without: [own], price: runnerUp?.price, more: runnerUp?.more })
    // Each warehouse asked for by itself, by the other search there is.
    const asked = spec.warehouses.flatMap(({ id }, w) => {
      const { whyNot } = desk.explain(ask(), w)
      return id === own || whyNot?.answer !== 'dearer' ? [] : [{ id, price: whyNot.price }]
    })
    const byPrice = asked.sort((a, b) => a.price - b.price).slice(0, 5)
    expect(byPrice.length).toBeGreaterThan(1)
    expect(alternatives.map(({ shipments, price }) => ({ id: shipments[0].warehouse, price }))).toEqual(byPrice)
    expect(desk.explain(ask(), null).alternatives).toEqual([])
    expect(desk.explain(ask(), null, null, 1).alternatives).toEqual(alternatives.slice(0, 1))
  })

  test('alternatives of several lines differ from each other in their warehouses, rise in price, and keep what the order forbids', () => {
    const lines = [0, 1, 2].map((sku) => ({ lineId: `${sku}`, sku, units: 2 }))
    const allowed = new Uint8Array(spec.warehouses.length).fill(1)
    allowed[0] = 0
    const { chosen, alternatives } = desk.explain(ask({ lines, allowed }), null, null, 5)
    const all = [chosen?.shipments ?? [], ...alternatives.map(({ shipments }) => shipments)]
    const places = all.map((shipments) => [...new Set(shipments.map(({ warehouse }) => warehouse))].sort().join())
    expect(alternatives.length).toBeGreaterThan(0)
    expect(new Set(places).size).toBe(places.length)
    expect(places.join()).not.toContain(spec.warehouses[0].id)
    const prices = [chosen?.price ?? Number.NaN, ...alternatives.map(({ price }) => price)]
    expect([...prices].sort((a, b) => a - b)).toEqual(prices)
    for (const { without, shipments } of alternatives)
      for (const { warehouse } of shipments) expect(without).not.toContain(warehouse)
  })

  test('the same question of the same present gets the same bytes, and leaves no trace', () => {
    const one = desk.explain(ask(), null)
    desk.explain(ask({ lines: [{ lineId: '1', sku: 5, units: 3 }] }), null)
    expect(desk.explain(ask(), null)).toMatchObject({ digest: one.digest, chosen: one.chosen })
  })

  test('why not a warehouse is answered in money', () => {
    const chosen = desk.explain(ask(), null).chosen?.shipments[0].warehouse
    const other = spec.warehouses.find(({ id }) => id !== chosen)?.id ?? ''
    const { whyNot } = desk.explain(
      ask(),
      spec.warehouses.findIndex(({ id }) => id === other),
    )
    expect(JSON.stringify(whyNot)).toContain(other)
  })

  test('stock that was told decides: from where a shelf is empty nothing ships', () => {
    const chosen = desk.explain(ask(), null).chosen?.shipments[0].warehouse ?? ''
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
    return laid().then((fresh) => {
      expect(fresh.explain(ask(), null).chosen?.shipments[0].warehouse).not.toBe(chosen)
    })
  })

  test('what an order forbids is kept to: warehouses, services and emissions', () => {
    const free = desk.explain(ask(), null).chosen?.shipments[0]
    const place = (all: readonly { readonly id: string }[], id: string | undefined) => all.findIndex((one) => one.id === id)
    const but = (size: number, one: number) => Uint8Array.from({ length: size }, (_, i) => (i === one ? 0 : 1))
    const elsewhere = ask({ allowed: but(spec.warehouses.length, place(spec.warehouses, free?.warehouse)) })
    expect(desk.explain(elsewhere, null).chosen?.shipments[0].warehouse).not.toBe(free?.warehouse)
    const otherwise = ask({ services: but(spec.services.length, place(spec.services, free?.service)) })
    expect(desk.explain(otherwise, null).chosen?.shipments[0].service).not.toBe(free?.service)
    expect(desk.explain(ask({ co2GramsMax: 1 }), null).chosen).toBeNull()
    // And no trace of it is left.
    expect(desk.explain(ask(), null).chosen?.shipments[0]).toEqual(free)
  })

  test('as of an instant that has passed, it is the world of then', () => {
    const then = state.at(state.asOfMs - 24 * HOUR_MS)
    const told = desk.explain(ask(), null, presentOf(then, spec, -180))
    expect(told.asOfMs).toBe(then.asOfMs)
    expect(told.digest).not.toBe(desk.explain(ask(), null).digest)
  })
})

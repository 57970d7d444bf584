import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseContestantOn } from '../../scenarios/contestant.ts'
import { compileNetwork } from '../../sim/network.ts'
import { dimensionsOf } from '../../sim/world.ts'
import type { LiveEvent } from '../event/feeds.ts'
import { writeMoment } from '../event/moment.ts'
import { presentOf } from '../futures/present.ts'
import { Beats, beatMemory } from './beats.ts'
import { groundMemory } from './ground.ts'
import type { Keeper } from './keeper.ts'
import { MakerClient } from './maker-client.ts'
import { type DeciderNews, openDecider, type ThreadDecider } from './open-decider.ts'
import { Shelves } from './shelves.ts'
import { asking, keep, type SmallTwin, STABLE, smallTwin } from './small-twin.fixture.ts'

describe('what was promised, from one ground to the next', { timeout: 60_000 }, () => {
  let twin: SmallTwin
  let keeper: Keeper
  let decider: ThreadDecider
  let entry = 0

  beforeAll(async () => {
    twin = await smallTwin()
    keeper = await keep(twin)
    decider = await openDecider(keeper.setup(), 0)
  }, 60_000)
  afterAll(() => keeper.close())

  const say = (type: string, fields: object): void => {
    const at = writeMoment(twin.state.asOfMs + 1)
    const event = { id: `later-${++entry}`, source: 'test', feed: 'orders', type, at, ...fields } as LiveEvent
    twin.state.apply([event], [{ entry: 1000 + entry, line: 0 }])
  }
  const inSight = (): readonly number[] => decider.decide(asking(twin.state), false, 'd').seen.stock
  const placed = (order: string) => ({
    order,
    zone: twin.spec.zones[3].id,
    lines: [{ sku: twin.spec.skus[0].id, units: 1 }],
    promisedAt: writeMoment(twin.state.asOfMs + 100 * 3_600_000),
  })

  test('a promise outlives grounds that have not seen its order, and its parcel counts in each of them', async () => {
    const question = asking(twin.state)
    const { choice, seen } = decider.decide(question, true, 'd-1')
    const after = decider.decide(question, false, 'd-2')
    const number = await keeper.refresh()
    const later = decider.decide(question, false, 'd-3')
    expect(later.seen.world).toBe(number)
    expect(number).toBeGreaterThan(seen.world)
    expect(later.seen.stock).toEqual(after.seen.stock)
    expect(keeper.outstanding).toBe(1)
    const w = twin.spec.warehouses.findIndex(({ id }) => id === choice.shipments[0].warehouse)
    expect(new Shelves(keeper.setup().shelves).parcels[w]).toBe(1)
    expect(keeper.release('d-1')).toBe(true)
  })

  test('it ends when the twin has seen the order routed from there: then the world itself has its goods set aside', async () => {
    const { choice } = decider.decide(asking(twin.state, { order: 'x' }), true, 'd-1')
    const [{ warehouse, service }] = choice.shipments
    const before = inSight()
    say('placed', placed('x'))
    await keeper.refresh()
    expect(keeper.outstanding).toBe(1)
    say('routed', { order: 'x', warehouse, service })
    await keeper.refresh()
    expect(keeper.outstanding).toBe(0)
    expect(inSight()).toEqual(before)
  })

  test('it ends when its order is cancelled, and its goods are there again', async () => {
    const before = inSight()
    decider.decide(asking(twin.state, { order: 'y' }), true, 'd-1')
    say('placed', placed('y'))
    await keeper.refresh()
    say('cancelled', { order: 'y', reason: 'customer-request' })
    await keeper.refresh()
    expect(keeper.outstanding).toBe(0)
    expect(inSight()).toEqual(before)
  })

  test('after a restart durable decisions hold what they had promised', async () => {
    const { choice } = decider.decide(asking(twin.state, { order: 'z' }), true, 'd-z')
    const before = inSight()
    const restarted = await keep(twin)
    try {
      restarted.remember({ id: 'd-z', order: 'z', shipments: choice.shipments })
      const again = await openDecider(restarted.setup(), 0)
      expect(again.decide(asking(twin.state), false, 'd').seen.stock).toEqual(before)
      expect(restarted.release('d-z')).toBe(true)
      expect(restarted.release('d-z')).toBe(false)
    } finally {
      await restarted.close()
    }
    keeper.release('d-z')
  })

  test('a version that comes later is made ready beside the decisions, with its plan, and decides once an assignment names it', async () => {
    const heard: Promise<void>[] = []
    keeper.onNews((news: DeciderNews) => heard.push(decider.hear(structuredClone(news))))
    const contestant = await parseContestantOn(twin.spec, 'bid-price')
    const card = await keeper.seat('routing/bid-price@2', 'digest', contestant)
    expect(card.plan).not.toBeNull()
    keeper.assign({ generation: 2, stable: 'routing/bid-price@2', rollout: null })
    expect(decider.decide(asking(twin.state), false, 'd').by.version).toBe(STABLE.stable)
    await Promise.all(heard)
    expect(decider.decide(asking(twin.state), false, 'd')).toMatchObject({
      by: { version: 'routing/bid-price@2', generation: 2 },
      degraded: null,
      seen: { planAgeMs: 0 },
    })
  })
})

test('a thread that makes grounds and does not come back is renewed, and who waited is told', { timeout: 60_000 }, async () => {
  const { spec, state } = await smallTwin()
  const d = dimensionsOf(compileNetwork(spec))
  const beats = beatMemory(1)
  const told: string[] = []
  const base = await parseContestantOn(spec, 'nearest')
  const ground = groundMemory(d, { priced: 0, foreseen: 1, notes: 0, erring: 0 })
  const order = { spec, ground, beats, place: 0, base, available: new SharedArrayBuffer(4 * d.K * d.W) }
  const client = new MakerClient(order, new Beats(beats), (what) => told.push(what), 1)
  const none = { lanes: new Int32Array(0), lineStart: new Int32Array(1), lines: new Uint32Array(0) }
  const task = { present: presentOf(state, spec, 0), outstanding: none, asOfMs: state.asOfMs, madeMs: Date.now() }
  await expect(client.make(task)).rejects.toThrow('no ground was made: it does not come back')
  await expect.poll(() => told).toEqual(['the thread that makes grounds and plans was renewed: it does not come back'])
  await client.close()
})

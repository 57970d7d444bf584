import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import type { LiveEvent } from '../event/feeds.ts'
import { writeMoment } from '../event/moment.ts'
import { openState } from '../state/state.ts'
import type { HammerOrder } from './hammer.fixture.ts'
import { Promises, promiseMemory } from './promises.ts'
import { Shelves, shelfMemory } from './shelves.ts'
import { keep } from './small-twin.fixture.ts'
import type { Taken, TakerOrder } from './taker.fixture.ts'

const THREADS = 4
const ORDERS = 250
const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2026, 10, 11, 12, 3)

/** A small network in which every shelf was counted. Each article is missing in one of three warehouses, so that orders must be split. */
const unitsOn = (k: number, w: number): number => (k % 3 === w ? 0 : 40)
function counted() {
  const spec = smallWorld()
  const state = openState()
  let entry = 0
  const say = (feed: string, type: string, atMs: number, fields: object): void => {
    const event = { id: `e${++entry}`, source: 'test', feed, type, at: writeMoment(atMs), ...fields } as LiveEvent
    state.apply([event], [{ entry, line: 0 }])
  }
  spec.warehouses.forEach(({ id: warehouse }, w) => {
    spec.skus.forEach(({ id: sku }, k) => {
      say('stock', 'counted', START_MS, { warehouse, sku, onHand: { value: unitsOn(k, w), unit: '{unit}' } })
    })
  })
  const W = spec.warehouses.length
  const stock = Int32Array.from({ length: spec.skus.length * W }, (_, shelf) => unitsOn(Math.floor(shelf / W), shelf % W))
  return { spec, state, say, stock }
}

describe('goods under many hands', { timeout: 120_000 }, () => {
  test.each([1])(
    'threads that decide at once over scarce shelves never promise a unit twice, whatever grounds, releases and ends come between (%i)',
    async (seed) => {
      const { spec, state, say, stock } = counted()
      let clockMs = START_MS
      const twin = { spec, state }
      const keeper = await keep(twin, { threads: THREADS, now: () => clockMs })
      const setup = keeper.setup()
      const shelves = new Shelves(setup.shelves)
      expect([...shelves.free]).toEqual([...stock])

      const all: Taken[] = []
      const routed = new Set<string>()
      let least = 0
      /** The twin hears of some orders that were decided and will stay so. */
      const hear = (taken: readonly Taken[]): void => {
        for (const { order, zone, shipments, released, isWhole } of taken) {
          if (released || !isWhole || shipments.length !== 1 || order.length % 2 === 0) continue
          const [{ warehouse, service, lines }] = shipments
          const at = (s: number): number => START_MS + s * 1000
          say('orders', 'placed', at(1), {
            order,
            zone: spec.zones[zone].id,
            lines: lines.map(({ sku, units }) => ({ sku, units })),
            promisedAt: writeMoment(START_MS + 100 * HOUR_MS),
          })
          say('payments', 'captured', at(2), { order })
          say('orders', 'routed', at(3), { order, warehouse, service })
          routed.add(order)
        }
      }

      const workers = Array.from({ length: THREADS }, (_, thread) => {
        const workerData: TakerOrder = { setup, thread, seed: `s${seed}`, orders: ORDERS, asOfMs: START_MS, releaseShare: 0.3 }
        return new Worker(new URL('./taker.fixture.ts', import.meta.url), { workerData })
      })
      const ready = workers.map((worker) => new Promise((resolve) => worker.once('message', resolve)))
      const ended = workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            worker.on('error', reject)
            worker.on('message', (said: { taken: Taken[]; least: number; done: boolean }) => {
              all.push(...said.taken)
              least = Math.min(least, said.least)
              hear(said.taken)
              if (said.done) resolve()
            })
          }),
      )
      await Promise.all(ready)
      const both = Promise.all(ended)
      let over = false
      both.finally(() => (over = true)).catch(() => {})
      let grounds = 0
      while (!over) {
        // While a ground is made, every thread takes what it can.
        for (const worker of workers) worker.postMessage('go')
        await keeper.refresh()
        grounds++
        await new Promise((resolve) => setImmediate(resolve))
      }
      await both
      await keeper.refresh()
      await Promise.all(workers.map((worker) => worker.terminate()))

      // Units of each shelf that stay promised, by what the deciders answered.
      const W = spec.warehouses.length
      const promised = new Int32Array(spec.skus.length * W)
      for (const { shipments, released } of all)
        if (!released)
          for (const { warehouse, lines } of shipments)
            for (const { sku, units } of lines) {
              const k = spec.skus.findIndex(({ id }) => id === sku)
              promised[k * W + spec.warehouses.findIndex(({ id }) => id === warehouse)] += units
            }
      expect(all).toHaveLength(THREADS * ORDERS)
      expect(grounds).toBeGreaterThan(3)
      expect(least).toBe(0)
      expect(promised.every((units, shelf) => units <= stock[shelf])).toBe(true)
      expect([...shelves.free]).toEqual([...stock].map((units, shelf) => units - promised[shelf]))
      // It was scarce, it was split, it was given back, and the twin has heard of some of it.
      expect(all.some(({ reason, status }) => reason === 'no-stock' || status === 'partial')).toBe(true)
      expect(all.some(({ shipments }) => shipments.length > 1)).toBe(true)
      expect(all.some(({ released }) => released)).toBe(true)
      expect(routed.size).toBeGreaterThan(20)
      const open = all.filter(({ released, shipments, order }) => !released && shipments.length > 0 && !routed.has(order))
      expect(keeper.outstanding).toBe(open.reduce((sum, { shipments }) => sum + shipments.length, 0))

      // What nobody ever hears of again is free when its time is over; what the twin has seen routed is not.
      clockMs += HOUR_MS
      await keeper.refresh()
      expect(keeper.outstanding).toBe(0)
      const gone = new Int32Array(promised.length)
      for (const { order, shipments } of all)
        if (routed.has(order))
          for (const { sku, units } of shipments[0].lines)
            gone[
              spec.skus.findIndex(({ id }) => id === sku) * W +
                spec.warehouses.findIndex(({ id }) => id === shipments[0].warehouse)
            ] += units
      expect([...shelves.free]).toEqual([...stock].map((units, shelf) => units - gone[shelf]))
      expect([...shelves.parcels, ...shelves.byLane].every((count) => count === 0)).toBe(true)
    },
  )

  test('hundreds of thousands of hands on two shelves lose no unit, whether taken, given back or promised', async () => {
    const memory = shelfMemory({ K: 2, W: 1, S: 1 })
    const promised = promiseMemory(1 << 16)
    const shelves = new Shelves(memory)
    const stock = 5000
    shelves.see([stock, stock], null)
    const workers = await Promise.all(
      [0, 1].map(async (thread) => {
        const workerData: HammerOrder = { shelves: memory, promises: promised, thread, blows: 400_000 }
        const worker = new Worker(new URL('./hammer.fixture.ts', import.meta.url), { workerData })
        await once(worker, 'message')
        return worker
      }),
    )
    const said = workers.map((worker) => once(worker, 'message') as Promise<[{ kept: number; least: number }]>)
    for (const worker of workers) worker.postMessage('go')
    const found = (await Promise.all(said)).map(([one]) => one)
    await Promise.all(workers.map((worker) => worker.terminate()))
    const kept = found.reduce((sum, one) => sum + one.kept, 0)
    // Promises go to one of the shelves, and to its last unit.
    expect(kept).toBe(stock)
    expect(found.every(({ least }) => least >= 0)).toBe(true)
    expect(shelves.free[0] + shelves.free[1]).toBe(2 * stock - kept)
    const table = new Promises(promised, shelves)
    expect([table.size, shelves.parcels[0], shelves.byLane[0]]).toEqual([kept, kept, kept])
    expect(table.expire(1e16)).toBe(kept)
    expect([...shelves.free, shelves.parcels[0], shelves.byLane[0]]).toEqual([stock, stock, 0, 0])
  })
})

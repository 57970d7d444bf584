import { describe, expect, test } from 'vitest'
import { openSmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { digestOf } from '../sim/digest.ts'
import { runUntil, step } from '../sim/engine.ts'
import { fork } from '../sim/fork.ts'
import { Ledger } from '../sim/ledger.ts'
import type { OrderFacts } from '../sim/policy.ts'
import { restore, snapshot } from '../sim/snapshot.ts'
import { HOUR_MS } from '../sim/units.ts'
import { REG } from '../sim/world.ts'
import { loadPolicy } from './catalog.ts'
import type { Assignment } from './market/market.ts'
import { AWAY_CENTS, notesOf } from './market/mix.ts'

const WAREHOUSES = 3
/** Two kinds of orders, of SKUs 4 and 7, and of 5 alone; one zone. */
const KINDS = [[4, 7], [5]]
const sent = (lines: number, warehouse: number) => ({ lines, warehouse, service: 0, departure: 0 })
const way = (group: number, orders: number, shipments: Assignment['shipments']): Assignment => ({
  group,
  orders,
  cents: 0,
  shipments,
})
const NOTES = notesOf(KINDS, 1, [
  // A quarter of the first kind goes together from 0, half together from 1, a quarter apart.
  way(0, 5, [sent(3, 0)]),
  way(0, 10, [sent(3, 1)]),
  way(0, 5, [sent(1, 0), sent(2, 2)]),
  way(1, 3, [sent(1, 2)]),
])

const facts = (order: number, skus: readonly number[]): OrderFacts => ({
  nowMs: 0,
  placedMs: 0,
  promisedMs: 0,
  order,
  zone: 0,
  warehouses: WAREHOUSES,
  lines: skus.length,
  weightKg: 1,
  sku: (i) => skus[i],
  units: () => 1,
})

/** Where each line of an order is drawn to; −1 where nothing is said of it. */
async function drawn(name: string, order: number, skus: readonly number[]): Promise<number[]> {
  const { worth, params } = await loadPolicy('routing', name)
  const cents = new Float64Array(skus.length * WAREHOUSES)
  worth?.(facts(order, skus), NOTES, params, cents)
  return skus.map((_, line) => {
    const own = cents.subarray(line * WAREHOUSES, (line + 1) * WAREHOUSES)
    expect(own.every((one) => one === 0 || one === AWAY_CENTS)).toBe(true)
    return own.every((one) => one === 0) ? -1 : own.indexOf(0)
  })
}

const ORDERS = 4000
async function many(name: string, skus: readonly number[]): Promise<number[][]> {
  return Promise.all(Array.from({ length: ORDERS }, (_, order) => drawn(name, order, skus)))
}
const share = (all: readonly number[][], is: (one: number[]) => boolean): number => all.filter(is).length / all.length

describe.each(['method-lp', 'dilated-rounding'])('%s', (name) => {
  test('sends each line from each warehouse as often as the program does', async () => {
    const all = await many(name, [4, 7])
    expect(share(all, ([four]) => four === 0)).toBeCloseTo(0.5, 1)
    expect(share(all, ([four]) => four === 1)).toBeCloseTo(0.5, 1)
    expect(share(all, ([, seven]) => seven === 0)).toBeCloseTo(0.25, 1)
    expect(share(all, ([, seven]) => seven === 1)).toBeCloseTo(0.5, 1)
    expect(share(all, ([, seven]) => seven === 2)).toBeCloseTo(0.25, 1)
    expect(share(all, ([four]) => four < 0 || four === 2)).toBe(0)
  })

  test('knows a kind in whatever order its lines come, and draws the same each time', async () => {
    for (let order = 0; order < 50; order++) {
      const [four, seven] = await drawn(name, order, [4, 7])
      expect(await drawn(name, order, [7, 4])).toEqual([seven, four])
    }
  })

  test('takes a line that is a kind by itself where the whole order is none, and says nothing of what it does not know', async () => {
    expect(await drawn(name, 3, [5])).toEqual([2])
    expect(await drawn(name, 3, [5, 9])).toEqual([2, -1])
    expect(await drawn(name, 3, [9])).toEqual([-1])
    expect(await drawn(name, 3, [4])).toEqual([-1])
  })

  test('takes notes that another policy left for none', async () => {
    const { worth, params } = await loadPolicy('routing', name)
    const cents = new Float64Array(WAREHOUSES)
    for (const notes of [[], [1, 2, 3, 4], [0, 0, 0]]) worth?.(facts(1, [5]), notes, params, cents)
    expect(cents.every((one) => one === 0)).toBe(true)
  })
})

test('methods are drawn whole: together where the program ships together', async () => {
  const all = await many('method-lp', [4, 7])
  expect(share(all, ([four, seven]) => four === seven)).toBeCloseTo(0.75, 1)
  expect(share(all, ([four, seven]) => four === 0 && seven === 2)).toBeCloseTo(0.25, 1)
})

test('rounding splits no more than 1 + ln 2 times as often as the program, and less than if each line drew by itself', async () => {
  const all = await many('dilated-rounding', [4, 7])
  const apart = share(all, ([four, seven]) => four !== seven)
  // The program opens 1.25 warehouses an order.
  expect(1 + apart).toBeLessThan(1.25 * (1 + Math.log(2)))
  // By themselves they would meet in 0.5 · 0.25 + 0.5 · 0.5 of all orders.
  expect(apart).toBeLessThan(0.6)
})

test('in a run with kinds of orders and little of everything, goods come from where the draw says while there are any', async () => {
  const spec = smallWorld({
    demand: {
      ...smallWorld().demand,
      baskets: [
        {
          share: 2,
          lines: [
            { sku: 'sku-0', units: 1 },
            { sku: 'sku-1', units: 1 },
          ],
        },
        { share: 1, lines: [{ sku: 'sku-2', units: 1 }] },
      ],
    },
    replenishment: { reviewHour: 4, initialDaysOfStock: 2 },
  })
  const bare = await openSmallRun({ spec, policies: 'method-lp' })
  const { worth } = bare.policies.routing
  const ledger = new Ledger()
  const sim = { ...bare, ledger }
  let asDrawn = 0
  let asked = 0
  const cents = new Float64Array(8 * sim.network.W)
  const seen = new Map<number, number>()
  for (let i = 0; i < 8000 && step(sim); i++)
    while (seen.size < ledger.shipments) {
      const at = seen.size
      seen.set(at, 1)
      const order = ledger.order[at]
      const skus = Array.from(ledger.lines.subarray(ledger.lineStart[order], ledger.lineStart[order + 1]), (line) => line >> 8)
      cents.fill(0)
      const own = { ...facts(order, skus), zone: ledger.zone[order], warehouses: sim.network.W }
      worth?.(own, sim.world.notes, sim.policies.routing.params, cents)
      for (let line = 0; line < skus.length; line++) {
        if (((ledger.mask[at] >> line) & 1) === 0 || !cents.some((one) => one > 0)) continue
        asked++
        if (cents[line * sim.network.W + ledger.warehouse[at]] === 0) asDrawn++
      }
    }
  expect(sim.world.notes.length).toBeGreaterThan(20)
  expect(asked).toBeGreaterThan(100)
  expect(asDrawn / asked).toBeGreaterThan(0.8)

  // Notes are part of the world: a fork and a snapshot have them.
  runUntil(sim, sim.clock.dayZeroMs + 20 * HOUR_MS)
  const copy = fork(sim)
  const back = restore(await openSmallRun({ spec, policies: 'method-lp' }), snapshot(sim))
  expect(digestOf(back.world)).toBe(digestOf(sim.world))
  copy.pen.regs[REG.nextPlanMs] = sim.world.regs[REG.nextPlanMs]
  expect(digestOf(copy.world)).toBe(digestOf(sim.world))
})

import { inlineMore } from '../scenarios/inlining.ts'
import type { Contestant } from '../scenarios/plan.ts'
import { setupOfThread } from '../scenarios/setup.ts'
import { type Library, policiesOf } from '../scenarios/worker.ts'
import { createRecord, setLines, setState, writeOrder } from '../sim/apply/records.ts'
import { openRun, runUntil } from '../sim/engine.ts'
import { compileNetwork } from '../sim/network.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import { type Dice, dice, draw, PURPOSE } from '../sim/random.ts'
import { chooseShipments } from '../sim/router.ts'
import { setUp } from '../sim/set-up.ts'
import type { RunClock, Sim } from '../sim/sim.ts'
import { DAY_MS, HOUR_MS } from '../sim/units.ts'
import { nowMs, type Parcel, STATE } from '../sim/world.ts'
import { nation } from './national.ts'

export type RouterSetup = { readonly contestants: readonly Contestant[] }
export type RouterTask = {
  readonly contestant: number
  readonly warehouses: number
  readonly lines: number
  readonly orders: number
  /** What the network forbids; without it nothing. */
  readonly limits?: NetworkSpec['routing'] | undefined
}

/** What searches took, in µs, and what they found. */
export type Searches = {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly mean: number
  /** Part of the orders that were split, and for which nothing was found. */
  readonly splitShare: number
  readonly noneShare: number
}

/** Where articles lie: each in a part of the warehouses between these, so that few have all that an order asks for. */
const HELD = { least: 0.05, most: 0.6 } as const
const ZONES = 40
const SKUS = 400
const CLOCK: RunClock = { dayZeroMs: 0, measuredEndMs: 9 * DAY_MS, lastOrderMs: 9 * DAY_MS, endMs: 9 * DAY_MS, weekStartMs: 0 }
/** Each search is timed in so many passes over all orders, and its least time counts: what a neighbour on the machine takes is not its own. */
const PASSES = 5

export function openRouting(library: Library): (task: RouterTask) => Searches {
  inlineMore()
  const { contestants } = setupOfThread<RouterSetup>()
  return (task) => {
    const sim = openCountry(task, policiesOf(library, contestants[task.contestant]))
    const orders = drawOrders(sim, task)
    const took = new Float64Array(orders.length).fill(Number.POSITIVE_INFINITY)
    let split = 0
    let none = 0
    for (let pass = -1; pass < PASSES; pass++) {
      for (let i = 0; i < orders.length; i++) {
        const started = performance.now()
        const parts = chooseShipments(sim, orders[i], -1)
        const us = (performance.now() - started) * 1000
        if (pass < 0) {
          if (parts > 1) split++
          if (parts === 0) none++
        } else if (us < took[i]) took[i] = us
      }
    }
    const mean = took.reduce((sum, us) => sum + us, 0) / took.length
    took.sort()
    const at = (share: number): number => took[Math.min(took.length - 1, Math.floor(share * took.length))]
    const n = orders.length
    return { p50: at(0.5), p90: at(0.9), p99: at(0.99), mean, splitShare: split / n, noneShare: none / n }
  }
}

/** A country of so many warehouses around noon of an ordinary day: queues stand, trucks have been missed. */
export function openCountry({ warehouses, limits }: RouterTask, policies: ReturnType<typeof policiesOf>): Sim {
  const spec = countryOf(warehouses, limits)
  const scenario = { name: 'noon', about: 'An ordinary day.' }
  const network = compileNetwork(spec)
  const sim = openRun(setUp({ network, spec, scenario, clock: CLOCK, seed: 'router', replication: 0, policies }))
  runUntil(sim, 12 * HOUR_MS)
  return sim
}

export function countryOf(warehouses: number, limits: NetworkSpec['routing']): NetworkSpec {
  const luck = dice('router country', warehouses)
  const u = (entity: number, k: number): number => draw(luck, entity, PURPOSE.zone, k)
  const base = nation('router', 100 * warehouses)
  return {
    ...base,
    ...(limits === undefined ? {} : { routing: limits }),
    zones: base.zones.slice(0, ZONES),
    warehouses: Array.from({ length: warehouses }, (_, w) => ({
      ...base.warehouses[w % base.warehouses.length],
      id: `W${w}`,
      name: `Warehouse ${w}`,
      lat: 41 + 10 * u(w, 0),
      lon: 3 + 13 * u(w, 1),
      handlingPerParcel: 1.5 + u(w, 2),
    })),
    skus: base.skus.slice(0, SKUS).map((sku, k) => {
      const part = HELD.least + (HELD.most - HELD.least) * u(1_000_000 + k, 0)
      const heldAt = Array.from({ length: warehouses }, (_, w) => `W${w}`).filter((_, w) => u(2_000_000 + k * 4096 + w, 0) < part)
      return { ...sku, heldAt: heldAt.length > 0 ? heldAt : ['W0'] }
    }),
  }
}

export function drawOrders(sim: Sim, { lines, orders }: RouterTask): Parcel[] {
  const luck: Dice = dice('router orders', lines)
  return Array.from({ length: orders }, (_, i) => {
    const skus = new Set<number>()
    for (let k = 0; skus.size < lines; k++) skus.add(Math.floor(SKUS * draw(luck, i, PURPOSE.sku, k)))
    const units = (k: number): number => (draw(luck, i, PURPOSE.units, k) < 0.85 ? 1 : 2)
    const order = createRecord(sim.pen)
    setLines(
      sim.pen,
      order,
      Int32Array.from(skus, (sku, k) => (sku << 8) | units(k)),
      lines,
    )
    const zone = Math.floor(ZONES * draw(luck, i, PURPOSE.zone, 0))
    const promisedMs = nowMs(sim.world) + DAY_MS * (1 + 4 * draw(luck, i, PURPOSE.approval, 0))
    writeOrder(sim.pen, order, zone, promisedMs, false)
    setState(sim.pen, order, STATE.paid)
    return order
  })
}

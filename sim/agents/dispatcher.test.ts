import { expect, test } from 'vitest'
import { openSmallRun, SCARCE } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { stockShelf } from '../apply/stock.ts'
import { step } from '../engine.ts'
import type { Sim } from '../sim.ts'
import {
  COUNT,
  FLAG,
  hasFlag,
  lineAt,
  lineCount,
  listOf,
  nextOf,
  type Parcel,
  STATE,
  skuOfLine,
  stateOf,
  unitsOfLine,
  warehouseOf,
  zoneOf,
} from '../world.ts'
import { wakeWaiting } from './dispatcher.ts'
import { cancelOrder } from './endings.ts'

/** The SKU an order waits for, −1 where it waits for none. */
function waitedFor({ world }: Sim, order: Parcel): number {
  for (let k = 0; k < world.d.K; k++)
    for (let p = world.listHead[listOf.waiting(world.d, k)]; p >= 0; p = nextOf(world, p)) if (p === order) return k
  return -1
}
const isOrder = ({ world }: Sim, p: Parcel): boolean => !hasFlag(world, p, FLAG.child | FLAG.cancelled)

function stepUntil(sim: Sim, isFound: (p: Parcel) => boolean): Parcel {
  for (let events = 0; events < 100_000 && step(sim); events++)
    for (let p = 0; p < sim.world.counts[COUNT.recordsUsed]; p++) if (isOrder(sim, p) && isFound(p)) return p
  throw new Error('no such order in this run')
}

test('nothing is sent for on behalf of an order that was cancelled while it waited', async () => {
  const sim = await openSmallRun({ spec: SCARCE })
  const { world } = sim
  const order = stepUntil(sim, (p) => stateOf(world, p) === STATE.paid && waitedFor(sim, p) >= 0)
  const sku = waitedFor(sim, order)
  const booked = (): number =>
    Array.from({ length: world.d.W }, (_, w) => world.waitingUnits[sku * world.d.W + w]).reduce((a, b) => a + b)
  const before = booked()
  let units = 0
  for (let i = 0; i < lineCount(world, order); i++)
    if (skuOfLine(lineAt(world, order, i)) === sku) units += unitsOfLine(lineAt(world, order, i))
  expect(units).toBeGreaterThan(0)
  expect(cancelOrder(sim, order)).toBe(true)
  expect(booked()).toBe(before - units)
  const others = booked()
  // It lies in the queue until that is gone through; nothing is taken off the books a second time then.
  wakeWaiting(sim, sku)
  expect(booked()).toBe(others)
})

const small = smallWorld()
const [standard, express] = small.services
/** Warehouse 0 sends to the north only. */
const northOnly = smallWorld({
  services: [
    { ...standard, from: ['WM', 'WS'] },
    { ...express, from: ['WM', 'WS'] },
    { ...standard, id: 'north', from: ['WN'], reaches: ['north'] },
  ],
})

test.each([
  ['in a closed warehouse', small, true],
  ['where nothing goes to the customer from', northOnly, false],
])('an order whose goods lie %s is sent when they come to another', async (_, spec, closes) => {
  const sim = await openSmallRun({ spec })
  const { world, pen } = sim
  const { W } = world.d
  const isSouth = (p: Parcel): boolean => spec.zones[zoneOf(world, p)].region === 'south'
  const order = stepUntil(sim, (p) => stateOf(world, p) === STATE.placed && lineCount(world, p) === 2 && isSouth(p))
  const [scarce, common] = [0, 1].map((i) => skuOfLine(lineAt(world, order, i)))
  // Warehouse 0 has plenty of the one; the others have none of it, and just enough of the other.
  if (closes) pen.siteCapacity[0] = 0
  for (let w = 0; w < W; w++) {
    pen.onHand[scarce * W + w] = world.reserved[scarce * W + w] + (w === 0 ? 100 : 0)
    pen.onHand[common * W + w] = world.reserved[common * W + w] + (w === 0 ? 0 : unitsOfLine(lineAt(world, order, 1)))
  }
  for (let events = 0; stateOf(world, order) === STATE.placed && events < 50_000; events++) step(sim)
  expect(waitedFor(sim, order)).toBeGreaterThanOrEqual(0)
  stockShelf(pen, scarce, 1, 10)
  stockShelf(pen, common, 1, 10)
  wakeWaiting(sim, scarce)
  expect(stateOf(world, order)).toBe(STATE.routed)
  expect(warehouseOf(world, order)).toBe(1)
})

import { expect, test } from 'vitest'
import { openSmallRun } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { peek } from '../apply/event-list.ts'
import { step } from '../engine.ts'
import { KIND } from '../kinds.ts'
import { checkBooks } from '../laws.ts'
import { FLAG, hasFlag, kindOf, lineAt, lineCount, STATE, skuOfLine, stateOf, unitsOfLine, warehouseOf } from '../world.ts'
import { cancelOrder } from './endings.ts'

test.each([
  ['released', 0],
  ['picked', 1],
  ['packed', 1],
] as const)('a %s order that is cancelled gives back what it holds', async (name, onShelf) => {
  const sim = await openSmallRun({ spec: smallWorld() })
  const { world } = sim
  const isThere = (p: number): boolean =>
    stateOf(world, p) === STATE[name] && !hasFlag(world, p, FLAG.cancelled | FLAG.child | FLAG.split)
  let order = -1
  for (let events = 0; order < 0 && events < 50_000 && step(sim); events++)
    for (let p = 0; order < 0 && p < 400; p++) if (isThere(p)) order = p
  expect(order).toBeGreaterThanOrEqual(0)
  const shelves = Array.from({ length: lineCount(world, order) }, (_, i) => {
    const line = lineAt(world, order, i)
    return { at: skuOfLine(line) * world.d.W + warehouseOf(world, order), units: unitsOfLine(line) }
  })
  const before = shelves.map(({ at }) => ({ onHand: world.onHand[at], free: world.onHand[at] - world.reserved[at] }))
  expect(cancelOrder(sim, order)).toBe(true)
  shelves.forEach(({ at, units }, i) => {
    // What was picked lies on the shelf again; what was not is only free again. Nobody waits for it here.
    expect(world.onHand[at]).toBe(before[i].onHand + onShelf * units)
    expect(world.onHand[at] - world.reserved[at]).toBe(before[i].free + units)
  })
})

test('what a customer sends back lies on the shelf it was taken from, and on no other', async () => {
  const { customers } = smallWorld()
  const sim = await openSmallRun({ spec: smallWorld({ customers: { ...customers, returnShare: 0.5 } }) })
  const { world } = sim
  const from = new Set<number>()
  for (let events = 0; from.size < 3 && events < 100_000; events++) {
    const p = peek(sim.pen)
    if (p < 0) break
    if (kindOf(world, p) !== KIND.returned) {
      if (!step(sim)) break
      continue
    }
    const warehouse = warehouseOf(world, p)
    const came = Float64Array.from(world.unitsIn)
    for (let i = 0; i < lineCount(world, p); i++) {
      const line = lineAt(world, p, i)
      came[skuOfLine(line) * world.d.W + warehouse] += unitsOfLine(line)
    }
    from.add(warehouse)
    expect(step(sim)).toBe(true)
    expect(Array.from(world.unitsIn)).toEqual(Array.from(came))
  }
  expect(from.size).toBe(3)
})

test('an order cancelled in a picker’s hands keeps its reservation until the pick is done, and gives it back once', async () => {
  const sim = await openSmallRun({ spec: smallWorld() })
  const { world } = sim
  const isThere = (p: number): boolean =>
    stateOf(world, p) === STATE.picking && !hasFlag(world, p, FLAG.cancelled | FLAG.child | FLAG.split)
  let order = -1
  for (let events = 0; order < 0 && events < 50_000 && step(sim); events++)
    for (let p = 0; order < 0 && p < 400; p++) if (isThere(p)) order = p
  expect(order).toBeGreaterThanOrEqual(0)
  const shelves = Array.from({ length: lineCount(world, order) }, (_, i) => {
    const line = lineAt(world, order, i)
    return { at: skuOfLine(line) * world.d.W + warehouseOf(world, order), units: unitsOfLine(line) }
  })
  const before = shelves.map(({ at }) => world.reserved[at])
  expect(cancelOrder(sim, order)).toBe(true)
  shelves.forEach(({ at }, i) => {
    expect(world.reserved[at]).toBe(before[i])
  })
  checkBooks(sim)
  // Until its pick ends; the books hold after every event on the way.
  for (let events = 0; stateOf(world, order) === STATE.picking && events < 5000 && step(sim); events++) checkBooks(sim)
  expect(stateOf(world, order)).not.toBe(STATE.picking)
})

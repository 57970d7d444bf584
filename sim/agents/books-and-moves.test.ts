import { expect, test } from 'vitest'
import { openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../../bench/small-run.ts'
import { digestOf } from '../digest.ts'
import { runUntil, step } from '../engine.ts'
import { Explainer } from '../explain/explainer.ts'
import { fork } from '../fork.ts'
import { checkBooks, checkLaws } from '../laws.ts'
import { ENDING, Ledger, UNDONE } from '../ledger.ts'
import { simulate } from '../outcome.ts'
import type { ScenarioSpec } from '../scenario-spec.ts'
import type { Sim } from '../sim.ts'
import { restore, snapshot } from '../snapshot.ts'
import { HOUR_MS } from '../units.ts'
import {
  bookedUnits,
  COUNT,
  FLAG,
  hasFlag,
  lineAt,
  lineCount,
  missedPicks,
  movesOf,
  SUM,
  skuOfLine,
  unitsOfLine,
  warehouseOf,
} from '../world.ts'

/** Books that are wrong, and orders that may go another way until they are picked: each undoes what was decided, in one and the same run. */

const spec = { ...SHORT_SHELVES, routing: { lockedOnce: 'picked' as const } }
const scenario: ScenarioSpec = {
  ...SHORT_TROUBLE,
  stockErrors: [{ from: 'day 0 06:00', to: 'day 2 18:00', which: 'all', share: 0.7, lagMinutes: 90 }],
}

async function open(ledger: Ledger | null = null): Promise<Sim> {
  const sim = await openSmallRun({ spec, scenario, policies: 'live-greedy' })
  const reconsider = () => ({ everyMinutes: 10, mostMoves: 3, switchCents: 5 })
  return { ...sim, ledger, policies: { ...sim.policies, routing: { ...sim.policies.routing, reconsider } } }
}

test('every law holds where picks fail and orders move, also while orders are promised goods that the books know to be gone', async () => {
  const sim = await open()
  const { world } = sim
  const check = checkLaws(7)
  let overdrawn = 0
  while (step(sim)) {
    check(sim)
    for (let i = 0; i < world.reserved.length; i++) if (world.reserved[i] > bookedUnits(world, i)) overdrawn++
  }
  checkBooks(sim)
  expect(overdrawn).toBeGreaterThan(0)
  expect(world.sums[SUM.moved]).toBeGreaterThan(10)
  expect(world.sums[SUM.missed]).toBeGreaterThan(5)
})

test('an order whose pick found nothing is not moved afterwards: nothing would keep it from going back there', async () => {
  const sim = await open()
  const { world } = sim
  const moves = new Map<number, number>()
  let inVain = 0
  let movedOn = 0
  while (step(sim)) {
    for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
      if (hasFlag(world, p, FLAG.child) || missedPicks(world, p) === 0) moves.delete(p)
      else if (moves.has(p)) {
        if (movesOf(world, p) !== moves.get(p)) movedOn++
      } else {
        inVain++
        moves.set(p, movesOf(world, p))
      }
    }
  }
  expect(inVain).toBeGreaterThan(5)
  expect(movedOn).toBe(0)
})

test('decisions are counted but for those that were taken back: each was picked, found nothing, or still stands', async () => {
  const ledger = new Ledger()
  const sim = await open(ledger)
  simulate(sim)
  let rows = 0
  for (let i = 0; i < ledger.shipments; i++) if (ledger.counted[ledger.order[i]] === 1) rows++
  const { moved, decided } = SUM
  expect(sim.world.sums[decided]).toBe(rows - sim.world.sums[moved])
})

test('the ledger pays what the world pays, and what came to nothing is told from what an order got', async () => {
  const ledger = new Ledger()
  const sim = await open(ledger)
  simulate(sim)
  const { sums } = sim.world
  let cents = 0
  const undone = { moved: 0, missed: 0 }
  const got = new Map<number, number>()
  for (let i = 0; i < ledger.shipments; i++) {
    const order = ledger.order[i]
    if (ledger.counted[order] === 1) {
      cents += Math.round(ledger.cents[i])
      if (ledger.undone[i] === UNDONE.moved) undone.moved++
      if (ledger.undone[i] === UNDONE.missed) undone.missed++
    }
    if (ledger.undone[i] !== UNDONE.no) {
      expect([ledger.packedMs[i], ledger.leftMs[i]]).toEqual([Number.NaN, Number.NaN])
      continue
    }
    // No line is in two of its parcels.
    expect((got.get(order) ?? 0) & ledger.mask[i]).toBe(0)
    got.set(order, (got.get(order) ?? 0) | ledger.mask[i])
  }
  expect(cents).toBe(sums[SUM.costCents] - sums[SUM.returned] * sim.network.returnParcelCents)
  expect(undone).toEqual({ moved: sums[SUM.moved], missed: sums[SUM.missed] })
  for (let n = 0; n < ledger.orders; n++)
    if (ledger.ending[n] === ENDING.delivered) expect(got.get(n)).toBe((1 << (ledger.lineStart[n + 1] - ledger.lineStart[n])) - 1)
})

test('a run put away and a fork go on as the run does', async () => {
  const sim = await open()
  runUntil(sim, sim.clock.dayZeroMs + 30 * HOUR_MS)
  const copies = [sim, fork(sim), restore(await open(), snapshot(sim))]
  const digests = copies.map((one) => {
    while (step(one));
    return digestOf(one.world)
  })
  expect(new Set(digests).size).toBe(1)
})

test('an explanation of an order routed anew names the place where its goods were not, and is of that order', async () => {
  const bare = await open()
  let explainer: Explainer | null = null
  let told = 0
  const sim: Sim = {
    ...bare,
    witness(one, p, only, parts) {
      const { world } = one
      if (missedPicks(world, p) === 0) return
      const from = warehouseOf(world, p)
      explainer ??= new Explainer(one)
      const { warehouses, chosen } = explainer.explain(p, only)
      expect(chosen?.shipments.length ?? 0).toBe(parts)
      let isUnheard = false
      let isInBooks = false
      for (let i = 0; i < lineCount(world, p); i++) {
        const shelf = skuOfLine(lineAt(world, p, i)) * world.d.W + from
        if (world.unseen[shelf] > 0) isUnheard = true
        if (bookedUnits(world, shelf) - world.reserved[shelf] >= unitsOfLine(lineAt(world, p, i))) isInBooks = true
      }
      expect(warehouses[from].ruledOut.some(({ because }) => because === 'not on the shelf')).toBe(isUnheard)
      if (isUnheard && isInBooks) told++
    },
  }
  while (step(sim));
  expect(told).toBeGreaterThan(3)
})

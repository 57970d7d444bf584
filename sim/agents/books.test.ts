import { describe, expect, test } from 'vitest'
import { openSmallRun, SCARCE, type SmallRun } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { peek } from '../apply/event-list.ts'
import { runUntil, step } from '../engine.ts'
import { fork } from '../fork.ts'
import { KIND } from '../kinds.ts'
import { checkBooks, checkLaws } from '../laws.ts'
import { LANE, shipmentCents } from '../network.ts'
import { simulate } from '../outcome.ts'
import type { ScenarioSpec } from '../scenario-spec.ts'
import { compileScene } from '../scene.ts'
import type { Sim } from '../sim.ts'
import { restore, snapshot } from '../snapshot.ts'
import { HOUR_MS } from '../units.ts'
import {
  bookedUnits,
  FLAG,
  hasFlag,
  headOf,
  kindOf,
  lineAt,
  lineCount,
  nowMs,
  orderNumber,
  promisedMs,
  STATE,
  SUM,
  serviceOf,
  skuOfLine,
  stateOf,
  unitsOfLine,
  type WorldView,
  warehouseOf,
  zoneOf,
} from '../world.ts'

type Errors = NonNullable<ScenarioSpec['stockErrors']>[number]

const errors = (change: Partial<Errors> = {}, days = 3): ScenarioSpec => ({
  name: 'books',
  about: 'The books are wrong.',
  days,
  stockErrors: [{ from: 'day 0 12:00', to: `day ${days - 1} 18:00`, which: 'all', share: 0.3, lagMinutes: 0, ...change }],
})
/** Everybody pays at once and waits for ever; goods for weeks, nothing comes in. */
const RICH = smallWorld({
  customers: { ...smallWorld().customers, impatientShare: 0, returnShare: 0 },
  replenishment: { reviewHour: 4, initialDaysOfStock: 60 },
})
const open = (scenario: ScenarioSpec, run: Partial<SmallRun> = {}): Promise<Sim> => openSmallRun({ spec: RICH, scenario, ...run })
const sumOf = (column: { readonly [i: number]: number; readonly length: number }): number => {
  let sum = 0
  for (let i = 0; i < column.length; i++) sum += column[i]
  return sum
}
const shelvesOf = (world: WorldView): number[] => Array.from({ length: world.onHand.length }, (_, i) => i)

test('at the start goods go from the share of shelves that is asked for, and the books do not say so', async () => {
  const sim = await open(errors({ share: 0.5 }))
  runUntil(sim, sim.clock.dayZeroMs + 11 * HOUR_MS)
  const before = shelvesOf(sim.world).map((i) => bookedUnits(sim.world, i))
  expect(sumOf(sim.world.vanished)).toBe(0)
  while (nowMs(sim.world) < sim.clock.dayZeroMs + 12 * HOUR_MS) step(sim)
  const { world } = sim
  const gone = shelvesOf(world).filter((i) => world.vanished[i] > 0)
  expect(gone.length).toBeGreaterThan(0.25 * before.length)
  expect(gone.length).toBeLessThan(0.75 * before.length)
  for (const i of gone) {
    expect(world.onHand[i]).toBe(0)
    expect(world.phantom[i]).toBe(world.vanished[i])
  }
  for (const i of shelvesOf(world)) expect(bookedUnits(world, i)).toBeLessThanOrEqual(before[i])
  expect(sumOf(shelvesOf(world).map((i) => bookedUnits(world, i)))).toBeGreaterThan(0.95 * sumOf(before))
})

test('more shelves are wrong where the share is larger, and those of the smaller share are among them', async () => {
  const wrong = async (share: number): Promise<number[]> => {
    const sim = await open(errors({ share }))
    runUntil(sim, sim.clock.dayZeroMs + 12 * HOUR_MS + 1)
    return shelvesOf(sim.world).filter((i) => sim.world.vanished[i] > 0)
  }
  const [few, many] = [await wrong(0.2), await wrong(0.6)]
  expect(many.length).toBeGreaterThan(few.length)
  expect(many).toEqual(expect.arrayContaining(few))
})

test('an order whose goods are not there is shipped from where they are, and the shelf is in the books as it is', async () => {
  const sim = await open(errors())
  const outcome = simulate(sim, checkLaws(50))
  checkBooks(sim)
  const { world } = sim
  expect(world.sums[SUM.missed]).toBeGreaterThan(3)
  expect(world.sums[SUM.decided]).toBeGreaterThanOrEqual(outcome.sums.placed + world.sums[SUM.missed])
  expect(outcome.sums.delivered + outcome.sums.lost).toBe(outcome.sums.placed)
  // Seen once, never believed again: no more failures than there were parcels on their way to a shelf.
  expect(world.sums[SUM.missed]).toBeLessThan(0.3 * outcome.sums.placed)
})

test('what was routed in vain costs the search for its lines, and neither freight nor a parcel', async () => {
  // The whole middle warehouse is empty, from the first hour on; goods lie in plenty at the others.
  const sim = await open(errors({ which: ['WM'], share: 1, from: 'day 0 00:00', lagMinutes: 240 }))
  const { world, network } = sim
  const centsOf = (p: number): number => {
    const lines = lineCount(world, p)
    let grams = 0
    for (let i = 0; i < lines; i++) {
      const line = lineAt(world, p, i)
      grams += network.skuGrams[skuOfLine(line)] * unitsOfLine(line)
    }
    const w = warehouseOf(world, p)
    const lane = ((zoneOf(world, p) * network.W + w) * network.S + serviceOf(world, p)) * LANE.fields
    const { [lane + LANE.parcelCents]: parcel, [lane + LANE.kgCents]: kg } = network.lanes
    return Math.round(shipmentCents(lines, network.handlingLineCents[w], parcel, grams / 1000, kg))
  }
  let seen = 0
  for (;;) {
    const p = peek(sim.pen)
    const missed = world.sums[SUM.missed]
    const paid = world.sums[SUM.costCents]
    const before = kindOf(world, p) === KIND.pickedUp ? centsOf(p) : 0
    if (!step(sim)) break
    if (world.sums[SUM.missed] === missed) continue
    expect(stateOf(world, p)).toBe(STATE.routed)
    expect(warehouseOf(world, p)).not.toBe(1)
    const search = Math.round(network.handlingLineCents[1] * lineCount(world, p))
    expect(world.sums[SUM.costCents] - paid).toBe(centsOf(p) - before + search)
    seen++
  }
  expect(seen).toBeGreaterThan(3)
})

describe('reports', () => {
  test('the books hear of an empty shelf, and of goods that came, when the warehouse next reports', async () => {
    const sim = await open(errors({ lagMinutes: 30, share: 0.6 }), { spec: SCARCE })
    const check = checkLaws(20)
    const { world } = sim
    let late = 0
    let early = 0
    const since = new Map<number, number>()
    for (;;) {
      if (!step(sim)) break
      check(sim)
      for (const i of shelvesOf(world)) {
        if (world.unseen[i] > 0) late++
        if (world.unseen[i] < 0) early++
        if (world.unseen[i] === 0) since.delete(i)
        else if (!since.has(i)) since.set(i, nowMs(world))
        else if (nowMs(world) - (since.get(i) ?? 0) > 30 * 60_000) throw new Error(`shelf ${i} is not reported`)
      }
    }
    expect(late).toBeGreaterThan(0)
    expect(early).toBeGreaterThan(0)
    checkBooks(sim)
  })

  test('until then others are sent to the empty shelf too, but not the order that found it so', async () => {
    const late = await open(errors({ lagMinutes: 240, share: 0.5 }))
    const prompt = await open(errors({ lagMinutes: 0, share: 0.5 }))
    simulate(late, checkLaws(100))
    simulate(prompt, checkLaws(100))
    expect(late.world.sums[SUM.missed]).toBeGreaterThan(prompt.world.sums[SUM.missed])
  })
})

test('a count at the end puts the books right', async () => {
  const sim = await open(errors({ lagMinutes: 60, to: 'day 0 14:00' }))
  runUntil(sim, sim.clock.dayZeroMs + 13 * HOUR_MS)
  expect(sumOf(sim.world.phantom)).toBeGreaterThan(0)
  runUntil(sim, sim.clock.dayZeroMs + 14 * HOUR_MS + 1)
  for (const i of shelvesOf(sim.world)) expect(bookedUnits(sim.world, i)).toBe(sim.world.onHand[i])
  simulate(sim, checkLaws(100))
  checkBooks(sim)
})

test('split orders, customers without patience and goods that come back: every order ends, and the books hold', async () => {
  for (const seed of ['a', 'b', 'c']) {
    const sim = await open(errors({ lagMinutes: 45, share: 0.5 }), { spec: SCARCE, seed, policies: 'live-greedy' })
    const { sums } = simulate(sim, checkLaws(25))
    checkBooks(sim)
    expect(sim.world.sums[SUM.missed]).toBeGreaterThan(0)
    expect(sums.delivered + sums.lost + sums.cancelled + sums.open).toBe(sums.placed)
  }
})

test('a parcel of a split order is sent again as it is, by its order’s promise', async () => {
  // Each article lies in two of the three places, so that many an order of three lines is split.
  const spec = {
    ...RICH,
    demand: { ...RICH.demand, linesPerOrder: [0, 0, 1] },
    skus: RICH.skus.map((sku, i) => ({
      ...sku,
      heldAt: [
        ['WN', 'WM'],
        ['WM', 'WS'],
        ['WN', 'WS'],
      ][i % 3],
    })),
  }
  const sim = await open(errors({ lagMinutes: 240, share: 0.6, from: 'day 0 00:00' }), { spec })
  const { world } = sim
  let again = 0
  for (;;) {
    const p = peek(sim.pen)
    const missed = world.sums[SUM.missed]
    const lines = lineCount(world, p)
    const isPart = kindOf(world, p) === KIND.pickedUp && hasFlag(world, p, FLAG.split)
    if (!step(sim)) break
    if (world.sums[SUM.missed] === missed || !isPart) continue
    expect(lineCount(world, p)).toBe(lines)
    if (stateOf(world, p) !== STATE.routed) continue
    again++
    expect(sim.option.promisedMs).toBe(promisedMs(world, headOf(world, p)))
    expect(sim.option.order).toBe(orderNumber(world, p))
    checkBooks(sim)
  }
  expect(again).toBeGreaterThan(2)
  checkBooks(sim)
})

test('where nothing errs there is no column for it, no event and no sum', async () => {
  const sim = await open({ name: 'calm', about: 'Calm.', days: 2 })
  let reports = 0
  do if (kindOf(sim.world, peek(sim.pen)) === KIND.feed) reports++
  while (step(sim))
  expect(reports).toBe(0)
  expect(sim.world.size.erring).toBe(0)
  expect(sim.world.phantom).toHaveLength(0)
  expect(sim.world.sums[SUM.decided]).toBe(0)
})

test('a share of none changes nothing but what is counted', async () => {
  const plain = simulate(await open({ name: 'calm', about: 'Calm.', days: 2 }))
  const none = simulate(await open({ ...errors({ share: 0 }, 2) }))
  const { digest: _, bytes: __, events: ___, ...rest } = plain
  expect(none).toMatchObject(rest)
})

describe('stopped, copied, forked', () => {
  const scenario = errors({ lagMinutes: 30, share: 0.5 })
  const run: SmallRun = { spec: SCARCE, scenario }

  test('a run put away in the middle of it and taken out again ends as the one that was never stopped', async () => {
    const whole = simulate(await openSmallRun(run))
    for (const hour of [11, 13, 30]) {
      const sim = await openSmallRun(run)
      runUntil(sim, sim.clock.dayZeroMs + hour * HOUR_MS)
      const again = simulate(restore(await openSmallRun(run), snapshot(sim)))
      expect(again.digest).toBe(whole.digest)
      expect(simulate(fork(sim)).digest).toBe(whole.digest)
    }
  })

  test('a calm run can be forked into one whose books are wrong from now on', async () => {
    const sim = await openSmallRun({ spec: SCARCE, scenario: { name: 'calm', about: 'Calm.', days: 3 } })
    runUntil(sim, sim.clock.dayZeroMs + 14 * HOUR_MS)
    const scene = compileScene({
      network: sim.network,
      spec: SCARCE,
      scenario,
      dice: sim.dice,
      dayZeroMs: sim.clock.dayZeroMs,
      endMs: sim.clock.endMs,
    })
    const copy = fork(sim, null, { scene })
    expect(sumOf(copy.world.phantom)).toBeGreaterThan(0)
    simulate(copy, checkLaws(10))
    expect(copy.world.sums[SUM.missed]).toBeGreaterThan(0)
    expect(sim.world.size.erring).toBe(0)
    simulate(sim, checkLaws(100))
  })
})

test('a policy is told how often picks in a warehouse fail, where they do', async () => {
  const sim = await open(errors({ which: ['WM'], share: 0.9, from: 'day 0 00:00', lagMinutes: 120 }))
  let most = 0
  simulate(sim, ({ world }) => {
    most = Math.max(most, world.missShare[1])
    expect(world.missShare[0] + world.missShare[2]).toBe(0)
  })
  expect(most).toBeGreaterThan(0.05)
  expect(most).toBeLessThanOrEqual(1)
})

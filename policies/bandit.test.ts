import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { addOutcome } from '../sim/apply/experience.ts'
import { digestOf } from '../sim/digest.ts'
import { runToEnd, step } from '../sim/engine.ts'
import { firstOutcome, OUTCOME, outcome, outcomesSeen, ROWS } from '../sim/experience.ts'
import { fork } from '../sim/fork.ts'
import { ENDING, Ledger } from '../sim/ledger.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { DAY_MS, HOUR_MS } from '../sim/units.ts'
import { nowMs } from '../sim/world.ts'
import { addSample, doubt, foretold, solveRidge } from './market/ridge.ts'

const calm = (days: number): ScenarioSpec => ({ name: 'calm', about: 'Nothing happens.', days })
/** Goods are everywhere in plenty, so that it is about time alone: a policy that learns of lateness learns nothing of shelves. */
const PLENTY = { replenishment: { reviewHour: 4, initialDaysOfStock: 40 }, headroom: 2 }
const HONEST = smallWorld(PLENTY)

/**
 * The middle warehouse says that it has an order ready to be picked within half an hour, and half the time it does; else it takes more than a day. No
 * estimate tells: they go by the median.
 */
const LYING: NetworkSpec = {
  ...HONEST,
  warehouses: HONEST.warehouses.map((one) =>
    one.id === 'WM' ? { ...one, prepareHours: { law: 'quantiles', at: [0, 0.55, 0.6, 1], value: [0.3, 0.6, 26, 50] } } : one,
  ),
}

type Days = { readonly run: number; readonly last: number }

/** What an order of the last days cost, lateness among it, in cents; and which part of them went from the middle. */
async function costOf(
  spec: NetworkSpec,
  policies: string,
  seed: string,
  { run, last }: Days,
): Promise<{ cents: number; middle: number }> {
  const opened = await openSmallRun({ spec, scenario: calm(run), policies, seed })
  const ledger = new Ledger()
  const { latePerOrderCents, latePerHourCents } = opened.network
  runToEnd({ ...opened, ledger })
  const fromMs = opened.clock.lastOrderMs - last * DAY_MS
  const counts = (order: number): boolean => ledger.counted[order] === 1 && ledger.placedMs[order] >= fromMs
  let cents = 0
  let orders = 0
  for (let n = 0; n < ledger.orders; n++) {
    if (!counts(n) || ledger.ending[n] === ENDING.cancelled) continue
    orders++
    const lateHours = (ledger.deliveredMs[n] - ledger.promisedMs[n]) / HOUR_MS
    if (lateHours > 0) cents += latePerOrderCents + lateHours * latePerHourCents
  }
  let shipments = 0
  let middle = 0
  for (let i = 0; i < ledger.shipments; i++) {
    if (!counts(ledger.order[i])) continue
    cents += ledger.cents[i]
    shipments++
    if (ledger.warehouse[i] === 1) middle++
  }
  return { cents: cents / orders, middle: middle / shipments }
}
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

const SEEDS = ['a', 'b', 'c', 'd', 'e', 'f']
/** Of Student's t with one degree of freedom less than there are seeds, at 95 % from both sides. */
const T = 2.571

/** What an order costs more under the bandit than under live-greedy, in cents: mean over the same luck, and half the width of its interval at 95 %. */
async function more(spec: NetworkSpec, days: Days) {
  const greedy = await Promise.all(SEEDS.map((seed) => costOf(spec, 'live-greedy', seed, days)))
  const bandit = await Promise.all(SEEDS.map((seed) => costOf(spec, 'contextual-bandit', seed, days)))
  const each = bandit.map(({ cents }, i) => cents - greedy[i].cents)
  const mean = meanOf(each)
  const sd = Math.sqrt(each.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (each.length - 1))
  const about = (all: typeof greedy) => ({
    cents: meanOf(all.map(({ cents }) => cents)),
    middle: meanOf(all.map(({ middle }) => middle)),
  })
  return { mean, half: (T * sd) / Math.sqrt(each.length), greedy: about(greedy), bandit: about(bandit) }
}

test('who learns finds out the warehouse whose timetable lies, gives it next to nothing, and is cheaper than who believes it', async () => {
  const { mean, half, greedy, bandit } = await more(LYING, { run: 22, last: 16 })
  expect(greedy.middle).toBeGreaterThan(0.25)
  expect(bandit.middle).toBeLessThan(0.1)
  expect(mean + half).toBeLessThan(0)
})

test('where everything is as shown, learning costs next to nothing from the first day on', async () => {
  const { mean, half, greedy } = await more(HONEST, { run: 8, last: 8 })
  expect(mean + half).toBeLessThan(0.005 * greedy.cents)
})

test('what it has learnt lies in the world: a fork of its run goes on as the run does, and who does not learn keeps nothing', async () => {
  const sim = await openSmallRun({ spec: LYING, scenario: calm(4), policies: 'contextual-bandit' })
  for (let i = 0; i < 12_000; i++) step(sim)
  expect(outcomesSeen(sim.world)).toBeGreaterThan(50)
  const other = fork(sim)
  runToEnd(other)
  runToEnd(sim)
  expect(digestOf(other.world)).toBe(digestOf(sim.world))
  const { world } = await openSmallRun({ spec: LYING, scenario: calm(4), policies: 'live-greedy' })
  expect([world.expected.length, world.outcomes.length, outcomesSeen(world)]).toEqual([0, 0, 0])
})

test('who takes over from a policy that does not learn begins to, with what is decided from then on', async () => {
  const greedy = await openSmallRun({ spec: LYING, scenario: calm(4), policies: 'live-greedy' })
  for (let i = 0; i < 6000; i++) step(greedy)
  const { routing } = (await openSmallRun({ spec: LYING, policies: 'contextual-bandit' })).policies
  const begunMs = nowMs(greedy.world)
  const sim = fork(greedy, null, { policies: { ...greedy.policies, routing } })
  runToEnd(sim)
  const seen = outcomesSeen(sim.world)
  expect(seen).toBeGreaterThan(100)
  for (let row = firstOutcome(sim.world); row < seen; row++)
    expect(outcome(sim.world, row, OUTCOME.routedMs)).toBeGreaterThanOrEqual(begunMs)
})

test('of more shipments than there are rows the last are kept', async () => {
  const { pen } = await openSmallRun({ spec: HONEST, policies: 'contextual-bandit' })
  for (let i = 0; i < ROWS + 10; i++) addOutcome(pen, 0, 1, 0, 2, i, false)
  expect([outcomesSeen(pen), firstOutcome(pen)]).toEqual([ROWS + 10, 10])
  for (const row of [10, ROWS - 1, ROWS, ROWS + 9]) expect(outcome(pen, row, OUTCOME.lateMs)).toBe(row)
})

const number = fc.double({ min: -3, max: 3, noNaN: true })
const samples = fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 20 })

test('a ridge regression solves its own equations, and its doubt falls with each sample', () => {
  const d = 2
  fc.assert(
    fc.property(samples, fc.double({ min: 0.5, max: 20, noNaN: true }), (all, lambda) => {
      const sums = new Float64Array(d * d + d)
      const out = new Float64Array(d + d * d)
      let before = Number.POSITIVE_INFINITY
      for (const [a, b, y] of all) {
        addSample(sums, 0, d, [a, b], y)
        solveRidge(sums, 0, d, lambda, out, 0)
        const now = doubt(out, d, d, [1, 1])
        expect(now).toBeLessThanOrEqual(before * (1 + 1e-9))
        before = now
      }
      // (A + λ·I)·θ = b: the slope of Σ (y − θ·x)² + λ·|θ|² is nothing.
      for (let i = 0; i < d; i++) {
        const slope = all.reduce((sum, [a, b, y]) => sum + (foretold(out, 0, d, [a, b]) - y) * [a, b][i], lambda * out[i])
        expect(Math.abs(slope)).toBeLessThan(1e-8)
      }
    }),
  )
})

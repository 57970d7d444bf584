import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { CALM, openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { compileRules } from '../../policies/rules/compile.ts'
import { RuleEngine } from '../../policies/rules/rule-engine.ts'
import type { RuleSetSpec } from '../../policies/rules/spec.ts'
import { checkBooks, checkLaws } from '../../sim/laws.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { simulate } from '../../sim/outcome.ts'
import type { ReplayOrders } from '../../sim/replay.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import type { Sim } from '../../sim/sim.ts'
import { SUM } from '../../sim/world.ts'
import { parseContestantOn } from '../contestant.ts'
import { runExperiment } from '../experiment.ts'
import { type DecisionTable, tableOf } from './decision-table.ts'
import { Tries } from './tries.ts'

const folder = mkdtempSync(join(tmpdir(), 'table-'))
afterAll(() => rmSync(folder, { recursive: true }))

const set = (rules: RuleSetSpec['rules'], uncovered: RuleSetSpec['uncovered'] = 'cheapest'): RuleSetSpec => ({
  name: 'test',
  about: 'Rules of a test.',
  uncovered,
  rules,
})

/** A rule set as a contestant: JSON is YAML too. */
function wordOf(rules: RuleSetSpec): string {
  const file = join(folder, 'rules.yaml')
  writeFileSync(file, JSON.stringify(rules))
  return `rules:${file}`
}
const opened = (rules: RuleSetSpec, spec: NetworkSpec = SHORT_SHELVES, scenario: ScenarioSpec = SHORT_TROUBLE): Promise<Sim> =>
  openSmallRun({ spec, scenario, policies: wordOf(rules) })
async function tabled(rules: RuleSetSpec, spec = SHORT_SHELVES, scenario = SHORT_TROUBLE): Promise<DecisionTable> {
  return tableOf(await opened(rules, spec, scenario), compileRules(rules, spec), spec)
}

/** Customers who do not wait long: what no rule lets go is soon cancelled. */
const HURRIED = smallWorld({
  demand: { ...smallWorld().demand, ordersPerDay: 40 },
  customers: { ...smallWorld().customers, impatientShare: 1, patienceHours: { law: 'uniform', low: 4, high: 8 } },
})

const EVERYDAY = set([
  {
    name: 'near and free',
    nodes: { maxKm: 250, maxBacklogHours: 6, minUnitsLeft: 2 },
    sort: [{ by: 'km', band: 50 }, { by: 'cost' }],
  },
  { name: 'complete', when: { lines: { from: 2 } }, nodes: { inTime: true }, allocation: { shipComplete: true } },
  {
    name: 'dear',
    when: { value: { from: 60 } },
    nodes: { services: ['express'] },
    sort: [{ by: 'etaHours', band: 6 }, { by: 'cost' }],
  },
  { name: 'rest', sort: [{ by: 'cost' }] },
])

describe('a rule set in a troubled week', () => {
  test('keeps every law', async () => {
    const sim = await opened(EVERYDAY)
    const { sums } = simulate(sim, checkLaws(500))
    checkBooks(sim)
    expect(sums.delivered).toBeGreaterThan(100)
  })

  test('is booked by the same evaluation that routes: the run that is listened to is the run that is not', async () => {
    // Nobody sends anything back: what returns cost is no rule's doing, and not in the table.
    const spec = { ...SHORT_SHELVES, customers: { ...SHORT_SHELVES.customers, returnShare: 0 } }
    const { sums, digest, onTimeShare, costPerOrder } = simulate(await opened(EVERYDAY, spec))
    const rules = compileRules(EVERYDAY, spec)
    const sim = await opened(EVERYDAY, spec)
    const tries = new Tries(new RuleEngine(rules, sim.clock), rules)
    const heard = { ...sim, policies: { ...sim.policies, routing: tries.routing } }
    expect(simulate(heard, (one) => tries.watch(one)).digest).toBe(digest)
    const table = await tabled(EVERYDAY, spec)
    expect(table.orders).toBe(sums.placed)
    expect(table.split).toBe(sums.split)
    expect(table.lateShare).toBeCloseTo(1 - onTimeShare, 12)
    // To the cent of each shipment.
    expect(table.cost / table.orders).toBeCloseTo(costPerOrder, 9)
  })

  test('decides every order once: shares and what was never routed add up to all that were placed', async () => {
    const { rules, orders, unrouted, uncovered } = await tabled(EVERYDAY)
    expect(rules.reduce((sum, { decided }) => sum + decided, unrouted)).toBe(orders)
    expect(rules.map(({ rule }) => rule)).toEqual(['near and free', 'complete', 'dear', 'rest', 'no rule left'])
    expect(rules.slice(0, 4).every(({ decided }) => decided > 0)).toBe(true)
    expect([rules[4].decided, uncovered]).toEqual([0, 0])
    expect(rules[1].split).toBe(0)
    for (const { decided, taken } of rules) expect(decided).toBeLessThanOrEqual(taken)
  })

  test('counts an order once whose pick found nothing, pays for the search, and still has as many splits and as much cost as the run', async () => {
    const spec = { ...SHORT_SHELVES, customers: { ...SHORT_SHELVES.customers, returnShare: 0 } }
    const stockErrors = [{ from: 'day 0 06:00', to: 'day 2 18:00', which: 'all' as const, share: 0.7, lagMinutes: 90 }]
    const scenario = { ...SHORT_TROUBLE, stockErrors }
    const sim = await opened(EVERYDAY, spec, scenario)
    const { sums, costPerOrder } = simulate(sim)
    expect(sim.world.sums[SUM.missed]).toBeGreaterThan(5)
    const table = await tabled(EVERYDAY, spec, scenario)
    expect(table.orders).toBe(sums.placed)
    expect(table.rules.reduce((sum, { decided }) => sum + decided, table.unrouted)).toBe(sums.placed)
    expect(table.split).toBe(sums.split)
    expect(table.cost / table.orders).toBeCloseTo(costPerOrder, 9)
    for (const { decided, taken } of table.rules) expect(decided).toBeLessThanOrEqual(taken)
  })

  test('says which filters refused how many ways, and what was looked at', async () => {
    const [near, complete, , rest] = (await tabled(EVERYDAY)).rules
    expect(near.refused.map(({ by }) => by).sort()).toEqual(['backlog', 'km', 'units left'])
    expect(near.refused.reduce((sum, { ways }) => sum + ways, 0)).toBeLessThanOrEqual(near.looked)
    expect(complete.refused.map(({ by }) => by)).toContain('in time')
    expect(rest.refused).toEqual([])
  })
})

describe('what rules may do to orders', () => {
  test('a rule for one warehouse lets orders wait rather than go from elsewhere', async () => {
    const rules = set([{ name: 'north only', nodes: { only: ['WN'] }, otherwise: 'wait' }])
    const sim = await opened(rules, smallWorld(), CALM)
    const { flow, sums } = simulate(sim)
    const from = [0, 1, 2].map((w) => flow.subarray(w * 6, (w + 1) * 6).reduce((sum, parcels) => sum + parcels, 0))
    expect(from[0]).toBeGreaterThan(0.9 * sums.placed)
    expect([from[1], from[2]]).toEqual([0, 0])
  })

  test('an order that is relaxed is told of as such', async () => {
    const rules = set([{ name: 'very near', nodes: { maxKm: 40 }, otherwise: 'relax' }])
    const { rules: lines } = await tabled(rules, smallWorld(), CALM)
    expect(lines[0].relaxed).toBeGreaterThan(0)
    expect(lines[0].decided).toBeGreaterThan(lines[0].relaxed)
  })

  test('orders that no rule takes are counted, whether they go the cheapest way or wait', async () => {
    const north = [{ name: 'north', when: { regions: ['north'] } }]
    const cheapest = await tabled(set(north), HURRIED, CALM)
    expect(cheapest.uncovered).toBeGreaterThan(50)
    expect(cheapest.rules[1].decided).toBe(cheapest.uncovered)
    const waiting = await tabled(set(north, 'wait'), HURRIED, CALM)
    expect(waiting.rules[1].decided).toBe(0)
    expect(waiting.unrouted).toBeGreaterThanOrEqual(waiting.uncovered)
    expect(waiting.uncovered).toBeGreaterThan(50)
  })

  test('a shelf that is too full is proposed for a transfer to the emptiest, and the stock stays where it is', async () => {
    const plain = [{ name: 'all' }]
    const moving = set([{ name: 'all', after: [{ transfer: { above: 0.85, from: ['WN', 'WS'], to: ['WM'], below: 0.5 } }] }])
    const table = await tabled(moving)
    expect(table.transfers.length).toBeGreaterThan(0)
    for (const { from, to, units, days } of table.transfers) {
      expect(['WN', 'WS']).toContain(from)
      expect(to).toBe('WM')
      expect(units).toBeGreaterThan(0)
      expect(days).toBeGreaterThan(0)
    }
    expect(table.digest).toBe((await tabled(set(plain))).digest)
  })
})

test('a replayed day is told order by order: every recorded order is booked to the rule that decided it', async () => {
  const count = 60
  const each = (of: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => of(i))
  const none = each(() => Number.NaN)
  const replay: ReplayOrders = {
    count,
    placedMs: each((i) => i * 600_000),
    promisedMs: none,
    zone: Int32Array.from(each((i) => i % 6)),
    payment: new Int32Array(count),
    origin: new Int32Array(count).fill(-1),
    lineStart: Int32Array.from({ length: count + 1 }, (_, i) => i),
    sku: Int32Array.from(each((i) => i % 8)),
    units: new Int32Array(count).fill(1),
    prepareFactor: new Float64Array(0),
    haulFactor: new Float64Array(0),
    recorded: { approvedMs: none, handedOverMs: none, deliveredMs: none },
  }
  const spec = smallWorld({ customers: { ...smallWorld().customers, impatientShare: 0 } })
  const rules = set([
    { name: 'north', when: { regions: ['north'] } },
    { name: 'sku-1', when: { skus: ['sku-1'] } },
    { name: 'rest' },
  ])
  const sim = await openSmallRun({ spec, scenario: CALM, policies: wordOf(rules), replay })
  const table = tableOf(sim, compileRules(rules, spec), spec)
  // Two zones of six are in the north; of the 40 other orders those with i = 9, 17, 33, 41, 57 (mod 8 = 1, mod 6 > 1) ask for sku-1.
  expect(table.rules.map(({ decided }) => decided)).toEqual([20, 5, 35, 0])
  expect([table.orders, table.unrouted]).toEqual([60, 0])
})

test('a rule set stands in a comparison on threads beside any other policy, the same by any number of them', async () => {
  const spec = smallWorld()
  const word = wordOf(EVERYDAY)
  const contestants = await Promise.all(['nearest', word, `${word}+smoothed`].map((text) => parseContestantOn(spec, text)))
  const run = async (workers: number) => {
    const { result } = await runExperiment(
      {
        network: { id: 'small', folder: '', spec, card: CARD },
        scenarios: [{ id: 'calm', spec: { ...CALM, days: 2 } }],
        contestants,
        baseline: 'nearest',
        replications: 2,
        seed: 's',
        workers,
        untilPrecision: null,
        maxReplications: 2,
        replay: null,
        origins: 'free',
        check: true,
      },
      { signal: new AbortController().signal, onProgress: () => {} },
    )
    return result
  }
  const [one, two] = [await run(1), await run(2)]
  expect(one.digest).toBe(two.digest)
  expect(one.contestants[1].about).toBe('Rules of a test.')
  expect(one.cells.map(({ contestant }) => contestant)).toContain(word)
})

const CARD = {
  name: 'small',
  about: '',
  currency: 'EUR',
  startsOn: 'mon' as const,
  ordersPerDay: 120,
  skus: 8,
  services: [],
  warehouses: [],
  zones: [],
  outline: [],
}

/** Whether the router asks a policy for limits: until it does, what only a search can hold is not held. */
async function asksForLimits(): Promise<boolean> {
  const sim = await openSmallRun({ spec: smallWorld(), scenario: { ...CALM, days: 1 } })
  let asked = false
  const limit = () => {
    asked = true
  }
  const routing = { ...sim.policies.routing, limit }
  simulate({ ...sim, policies: { ...sim.policies, routing } })
  return asked
}

test.skipIf(!(await asksForLimits()))('no order goes in more shipments than its rule allows, nor its value', async () => {
  const spec = {
    ...HURRIED,
    demand: { ...HURRIED.demand, linesPerOrder: [0, 0.5, 0.5] },
    replenishment: SHORT_SHELVES.replenishment,
  }
  const at = (allocation: object) =>
    tabled(set([{ name: 'all', allocation: { fewest: false, ...allocation } }], 'wait'), spec, SHORT_TROUBLE)
  expect((await at({})).split).toBeGreaterThan(0)
  expect((await at({ valuePerShipment: 10_000 })).split).toBe(0)
  expect((await at({ maxCo2Grams: 1 })).rules[0].decided).toBe(0)
})

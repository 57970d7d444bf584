import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadSolver } from '../../../scenarios/highs.ts'
import { InputError } from '../../../scenarios/read/problem.ts'
import { benchmark } from '../../routing.bench.ts'
import { daysForAll, playBrunel } from './brunel.ts'
import { brunelText } from './brunel-text.ts'
import { type BrunelProblem, brunelProblem, type Rules, scoreOf } from './problem.ts'
import { RateCard } from './rate-card.ts'
import { hindsightOf, ONLINE, routeAll } from './routings.ts'
import { type BrunelTables, readBrunel } from './tables.ts'
import { TINY, writeBook, writeCsvs } from './tiny-brunel.fixture.ts'

const solver = await loadSolver()
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-brunel-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const tiny = async (): Promise<BrunelTables> => {
  writeCsvs(folder, TINY)
  return readBrunel(folder)
}
const usual: Rules = { days: 1, slower: true, unservedTimes: 2 }
const problemsOf = async (read: Promise<unknown>): Promise<InputError['problems']> => {
  const error = await read.then(
    () => null,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(InputError)
  return (error as InputError).problems
}

describe('reading the tables', () => {
  test('a workbook and CSV files with the same cells are the same tables', async () => {
    const fromCsv = await tiny()
    const other = join(folder, 'book')
    mkdirSync(other)
    writeBook(join(other, 'any name.xlsx'), TINY)
    expect(await readBrunel(other)).toEqual(fromCsv)
    expect(fromCsv.orders).toHaveLength(4)
    expect(fromCsv.plants.map(({ id, places, perUnit }) => [id, places, perUnit])).toEqual([
      ['near', 2, 0.5],
      ['far', 3, 0.6],
      ['kept', 5, 0.1],
    ])
  })

  test('where there is no data it is said where to get it', async () => {
    writeFileSync(join(folder, 'a-file'), '')
    for (const wrong of [folder, join(folder, 'nowhere'), join(folder, 'a-file')]) {
      const [{ field, fix }] = await problemsOf(readBrunel(wrong))
      expect(field).toBe('--brunel')
      expect(fix).toMatch(/10\.17633\/rd\.brunel\.7558679/)
    }
  })

  test('a cell that is no number is told by file, line and column, and all of them at once', async () => {
    writeCsvs(folder, TINY)
    writeFileSync(join(folder, 'WhCapacities.csv'), 'Plant ID,Daily Capacity\nnear,two\nfar,-3\nkept,5\n')
    const found = await problemsOf(readBrunel(folder))
    expect(found.map(({ file, line, field }) => [file.endsWith('WhCapacities.csv'), line, field])).toEqual([
      [true, 2, 'Daily Capacity'],
      [true, 3, 'Daily Capacity'],
    ])
  })

  test('a plant without a cost, a file that is no workbook, a workbook without a sheet', async () => {
    writeCsvs(folder, {
      ...TINY,
      WhCosts: [
        ['WH', 'Cost/unit'],
        ['near', 1],
        ['far', 1],
      ],
    })
    expect((await problemsOf(readBrunel(folder)))[0].found).toMatch(/kept, a plant without a cost/)
    const other = join(folder, 'book')
    mkdirSync(other)
    writeFileSync(join(other, 'a.xlsx'), 'Plant ID,Daily Capacity\n')
    expect((await problemsOf(readBrunel(other)))[0].found).toMatch(/no workbook/)
    writeBook(join(other, 'a.xlsx'), { OrderList: TINY.OrderList })
    expect((await problemsOf(readBrunel(other))).map(({ field }) => field)).toContain('PlantPorts')
  })

  test('the command says what to do without a folder, and refuses options that mean nothing here', async () => {
    const ask = {
      quick: true,
      onProgress: () => {},
      only: ['brunel'],
      load: null,
      set: null,
      policies: null,
      bound: false,
      seeds: 2,
      seed: 'a',
    }
    expect((await problemsOf(benchmark.run({ ...ask, brunel: null })))[0].fix).toMatch(/--brunel DIR/)
    expect((await problemsOf(benchmark.run({ ...ask, brunel: folder, load: ['1'] })))[0].field).toBe('--load')
  })
})

describe('freight', () => {
  test('by air the minimum charge or the rate of the order’s own band, whichever is more; nothing where the customer sends for it', async () => {
    const { orders, rates } = await tiny()
    const card = new RateCard(rates)
    // 4 kg at 0.5 lies below the minimum of 6; 40 kg at 0.25 above it.
    expect(card.cheapest('A', orders[0], 1)).toEqual({ cents: 600, truck: -1 })
    expect(card.cheapest('A', orders[1], 1)).toEqual({ cents: 1000, truck: -1 })
    // With days to spare, the slow carrier.
    expect(card.cheapest('A', orders[1])).toEqual({ cents: 400, truck: -1 })
    expect(card.cheapest('A', orders[3], 0)?.cents).toBe(0)
    // Nobody flies door to port from B, nor 2000 kg from A; the gap between two bands is nobody's.
    expect(card.cheapest('B', orders[2])).toBeNull()
    expect(card.cheapest('A', { ...orders[0], kg: 2000 })).toBeNull()
    expect(card.cheapest('A', { ...orders[0], kg: 9.994 }, 1, 'quick')?.cents).toBe(600)
  })

  test('a truck is paid once for all that is on it, and again when it is full', async () => {
    const { rates } = await tiny()
    const card = new RateCard(rates)
    expect(card.trucksCents(4, 0)).toBe(0)
    expect(card.trucksCents(4, 1)).toBe(900)
    expect(card.trucksCents(4, 50)).toBe(900)
    expect(card.trucksCents(4, 51)).toBe(1800)
  })
})

test('a plant does only what it holds, for whom it may, where somebody carries it', async () => {
  const problem = brunelProblem(await tiny(), usual)
  const may = Array.from({ length: problem.orders }, (_, o) =>
    problem.tables.plants.flatMap(({ id }, p) => (problem.cents[o * problem.plants + p] < Number.POSITIVE_INFINITY ? [id] : [])),
  )
  // Ann is no customer of `kept`, `pot` is held by `near` alone.
  expect(may).toEqual([['near', 'far'], ['near', 'far', 'kept'], ['near'], ['near', 'far', 'kept']])
  // 20 units at 0.10 and a part of a truck; 20 at 0.50 and 40 kg by the slow carrier.
  expect(problem.cents[1 * 3 + 2]).toBeCloseTo(200)
  expect(problem.cents[1 * 3 + 0]).toBeCloseTo(1000 + 400)
})

test('an order may be kept from taking longer than it did', async () => {
  const problem = brunelProblem(await tiny(), { ...usual, slower: false })
  expect(problem.cents[1 * 3 + 0]).toBeCloseTo(1000 + 1000)
})

test('an order that nobody may do is in no figure', async () => {
  writeCsvs(folder, { ...TINY, ProductsPerPlant: TINY.ProductsPerPlant.filter(([, product]) => product !== 'pot') })
  const { leftOut, orders } = brunelProblem(await readBrunel(folder), usual)
  expect([leftOut, orders]).toEqual([1, 3])
})

test('the record pays its own carrier, and counts the orders whose carrier has no price for them', async () => {
  const tables = await tiny()
  const problem = brunelProblem(tables, usual)
  expect(problem.unpriced).toBe(0)
  const record = scoreOf(problem, { plant: problem.recordPlant }, true)
  // Units 10 + 20 + 1000 + 30 at 0.50; freight 6, 10, 1 and none. Four orders where there are places for two.
  expect(record).toMatchObject({ served: 1, withinPlaces: 0.5, unservedCents: 0 })
  expect(record.cents).toBeCloseTo(53_000 + 600 + 1000 + 100)
  expect(record.freightCents).toBeCloseTo(1700)
  const rates = tables.rates.filter(({ carrier, fromKg }) => carrier !== 'quick' || fromKg < 10)
  const other = brunelProblem({ ...tables, rates }, usual)
  expect(other.unpriced).toBe(1)
  expect(other.recordCents[1]).toBeCloseTo(1000 + 400)
})

/** The cheapest way to do some orders and leave others, trucks left aside, by trying all. */
function bestByTrying({ cents, orders, places, plants, unservedCents }: BrunelProblem): number {
  const left = places.slice()
  const go = (o: number): number => {
    if (o === orders) return 0
    let best = unservedCents[o] + go(o + 1)
    for (let p = 0; p < plants; p++) {
      if (left[p] < 1 || cents[o * plants + p] === Number.POSITIVE_INFINITY) continue
      left[p]--
      best = Math.min(best, cents[o * plants + p] + go(o + 1))
      left[p]++
    }
    return best
  }
  return go(0)
}

test('the bound is what the best of all assignments costs without its trucks, and the plan is one of them', async () => {
  const tables = await tiny()
  fc.assert(
    fc.property(
      fc.array(fc.record({ like: fc.nat(3), units: fc.integer({ min: 1, max: 50 }), kg: fc.integer({ min: 0, max: 90 }) }), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.tuple(fc.nat(3), fc.nat(2), fc.nat(1)),
      (drawn, places) => {
        const orders = drawn.map(({ like, units, kg }) => ({ ...tables.orders[like], units, kg }))
        const plants = tables.plants.map((plant, p) => ({ ...plant, places: places[p] }))
        const problem = brunelProblem({ ...tables, orders, plants }, usual)
        const { plant, solved } = hindsightOf(problem, solver)
        expect(solved.lowerBoundCents).toBeCloseTo(bestByTrying(problem), 4)
        const score = scoreOf(problem, { plant })
        expect(score.withinPlaces).toBe(score.served)
        const trucks = [...plant].filter((p, o) => p >= 0 && problem.truck[o * problem.plants + p] >= 0).length
        // A truck takes any one order, so that there are no more of them, at 9 dollars, than orders that go by one.
        expect(score.cents).toBeGreaterThanOrEqual(solved.lowerBoundCents - 1e-6)
        expect(score.cents).toBeLessThanOrEqual(solved.lowerBoundCents + trucks * 900 + 1e-6)
      },
    ),
    { numRuns: 60 },
  )
})

test('no routing takes a place that there is not, whatever the sequence', async () => {
  const problem = brunelProblem(await tiny(), usual)
  for (const sequence of [Int32Array.of(0, 1, 2, 3), Int32Array.of(3, 2, 1, 0)])
    for (const routing of ONLINE) {
      const { plant } = routeAll(problem, sequence, routing, solver)
      const score = scoreOf(problem, { plant })
      expect([routing.id, score.withinPlaces]).toEqual([routing.id, score.served])
    }
})

test('whoever takes the cheapest strands the order that has nowhere else to go; prices learnt from the first orders keep its place', async () => {
  const tables = await tiny()
  // Many small orders of tea, which both plants do, then as many large ones of pots, which only `near` does, mixed.
  const [tea, , pot] = tables.orders
  const orders = Array.from({ length: 200 }, (_, i) => (i % 4 === 3 ? pot : tea))
  const plants = tables.plants.map((plant, p) => ({ ...plant, places: [50, 150, 0][p] }))
  const problem = brunelProblem({ ...tables, orders, plants }, usual)
  const sequence = Int32Array.from(orders, (_, i) => i)
  const costs = Object.fromEntries(
    ONLINE.map((routing) => [routing.id, scoreOf(problem, routeAll(problem, sequence, routing, solver))]),
  )
  const best = scoreOf(problem, hindsightOf(problem, solver))
  expect(best.served).toBe(1)
  expect(costs.cheapest.served).toBeLessThan(0.9)
  expect(costs['bid-price'].cents).toBeLessThan(0.5 * (costs.cheapest.cents + best.cents))
})

test('the table holds every routing beside the same bound, and is the same whenever it is made', async () => {
  const tables = await tiny()
  expect(daysForAll(tables, solver)).toBe(1)
  const play = () => playBrunel(tables, { days: 1, slower: true }, { solver, seeds: 3, seed: 'a', onProgress: () => {} })
  const table = play()
  expect(play()).toEqual(table)
  expect(table.rows).toHaveLength(ONLINE.length + 3)
  for (const { cost, routing, served, withinPlaces } of table.rows)
    if (withinPlaces === served.mean) expect([routing, cost.mean >= table.bound - 1e-6]).toEqual([routing, true])
  const text = brunelText(table)
  for (const { routing } of table.rows) expect(text).toContain(routing)
  // Beyond the places there is no gap to show.
  expect(text.split('\n').find((line) => line.startsWith('record '))).not.toMatch(/-\d/)
})

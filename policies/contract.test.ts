import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../bench/small-run.ts'
import { checkBooks, checkLaws } from '../sim/laws.ts'
import { simulate } from '../sim/outcome.ts'
import type { DemandHistory, ForecastAnswer, Params, Quote, RoutingOption, Seam, Seams, Shelf } from '../sim/policy.ts'
import { listPolicies, loadPolicy, policyIds } from './catalog.ts'

/** One suite over every file in the folders: what the engine relies on, whoever wrote the policy. */
const cards = await listPolicies()
const named = <S extends Seam>(seam: S) =>
  Promise.all(
    cards.filter((card) => card.seam === seam).map(async ({ id, name }) => ({ id, policy: await loadPolicy(seam, name) })),
  )
const routing = await named('routing')
const forecast = await named('forecast')
const replenishment = await named('replenishment')
const promise = await named('promise')

/** Every field of an option; the compiler asks for the ones that are missing here. */
const FIELDS = Object.keys({
  nowMs: 0,
  placedMs: 0,
  promisedMs: 0,
  order: 0,
  zone: 0,
  warehouse: 0,
  warehouses: 0,
  service: 0,
  express: 0,
  km: 0,
  weightKg: 0,
  lines: 0,
  costCents: 0,
  co2Grams: 0,
  queueMs: 0,
  handsMs: 0,
  ownWorkMs: 0,
  parcelsAhead: 0,
  parcelsToday: 0,
  parcelsPerDay: 0,
  stateAgeMs: 0,
  waveUse: 0,
  departMs: 0,
  etaMsP50: 0,
  etaMsP90: 0,
  calmEtaMsP90: 0,
  lateShare: 0,
  expectedLateMs: 0,
  truckSlackMs: 0,
  missedLateShare: 0,
  missedExpectedLateMs: 0,
  latePerOrderCents: 0,
  latePerHourCents: 0,
  unitsLeft: 0,
  workPriceCents: 0,
  roomPriceCents: 0,
  stockPriceCents: 0,
  notes: 0,
  planAgeMs: 0,
  slackMs: 0,
  later: 0,
  stockShare: 0,
  foreignShare: 0,
  failShare: 0,
  orderLines: 0,
  orderSku: 0,
  orderUnits: 0,
} satisfies Record<keyof RoutingOption, 0>) as (keyof RoutingOption)[]

/** Its lines are asked for by number: what they are now is kept. */
function copyOf(option: RoutingOption): RoutingOption {
  const each = (ask: (line: number) => number) => {
    const answers = Array.from({ length: option.orderLines }, (_, line) => ask(line))
    return (line: number): number => answers[line]
  }
  const later = Object.freeze({ ...option.later() })
  const asked = { later: () => later, orderSku: each((i) => option.orderSku(i)), orderUnits: each((i) => option.orderUnits(i)) }
  return Object.freeze({ ...Object.fromEntries(FIELDS.map((field) => [field, option[field]])), ...asked }) as RoutingOption
}

/** A troubled run in which `routing` and `promise` are asked as the engine asks them; what they are asked is handed to `see…`. */
async function troubledRun(see: { option(option: RoutingOption): void; quote(quote: Quote): void }): Promise<void> {
  const sim = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies: 'nearest' })
  // Without its floor, so that every option is asked about.
  const { about, params } = sim.policies.routing
  const watching: Seams['routing'] = {
    about,
    params,
    price(option, params) {
      see.option(option)
      return sim.policies.routing.price(option, params)
    },
  }
  const promising: Seams['promise'] = {
    ...sim.policies.promise,
    promise(quote, params) {
      see.quote(quote)
      return sim.policies.promise.promise(quote, params)
    },
  }
  simulate({ ...sim, policies: { ...sim.policies, routing: watching, promise: promising } })
}

/** Some thousand options out of a real run. */
const options: RoutingOption[] = []
let seen = 0
await troubledRun({
  option(option) {
    if (seen++ % 7 === 0) options.push(copyOf(option))
  },
  quote() {},
})
const frozen = (params: Params): Params => Object.freeze({ ...params })
/** Plans twice a day and whenever sites change are as good for what is tested here as one every hour, and far quicker. */
const SELDOM = { everyMinutes: 720 }

test('the folders hold what the command line is told of', async () => {
  expect(await policyIds()).toEqual(cards.map(({ id }) => id))
  expect(cards.map(({ seam }) => seam)).toEqual(expect.arrayContaining(['routing', 'forecast', 'replenishment', 'promise']))
})

test('the options of the troubled run are of every kind', () => {
  const some = (is: (option: RoutingOption) => boolean) => expect(options.some(is)).toBe(true)
  expect(options.length).toBeGreaterThan(1000)
  some(({ lines }) => lines > 1)
  some(({ express }) => express)
  some(({ lateShare }) => lateShare > 0.9)
  some(({ lateShare }) => lateShare < 0.05)
  some(({ unitsLeft }) => unitsLeft === 0)
  some(({ queueMs }) => queueMs > 6 * 3_600_000)
})

describe.each(cards)('$id', ({ seam, name, about, params, file }) => {
  const source = readFileSync(file, 'utf8')

  test('says what it does in a sentence', () => {
    expect(about).toMatch(/^[A-Z].{15,160}\.$/)
  })

  test('has plain numbers for knobs, each with a unit in its name or a line of explanation', () => {
    const unit = /(Days|Hours|Minutes|Ms|Cents|Km|Kg|Grams|Units|Share)$/
    for (const [knob, value] of Object.entries(params)) {
      expect(Number.isFinite(value), `${knob} is ${value}`).toBe(true)
      if (!unit.test(knob))
        expect(source, `${knob} is explained in the comment above, as " * - \`${knob}\`: …"`).toContain(`- \`${knob}\``)
    }
  })

  test('imports the socket, sim, and what policies share', () => {
    const from = [...source.matchAll(/\bfrom\s+'([^']+)'/g)].map(([, path]) => path)
    expect(from).toContain('../../sim/policy.ts')
    for (const path of from) expect(path).toMatch(/^(\.\.\/\.\.\/sim|\.\.\/market)\//)
  })

  test('has no clock, no dice and no waiting', () => {
    const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'/g, '')
    expect(code).not.toMatch(
      /\b(Date|performance|Math\.random|crypto|set\w*Timeout|setInterval|await|async|Promise|process|globalThis)\b/,
    )
  })

  test('runs a troubled week under every law', async () => {
    const seldom = 'everyMinutes' in params ? `:everyMinutes=${SELDOM.everyMinutes}` : ''
    const sim = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies: `${seam}/${name}${seldom}` })
    const { sums } = simulate(sim, checkLaws(500))
    checkBooks(sim)
    expect(sums.delivered).toBeGreaterThan(100)
  })
})

describe.each(routing)('$id prices', ({ policy: { price, floor, terms, params } }) => {
  const knobs = frozen(params)

  test('are never below their floor, where the policy gives one', () => {
    for (const option of options)
      expect(floor?.(option, knobs) ?? 0, JSON.stringify(option)).toBeLessThanOrEqual(price(option, knobs))
  })

  test('are finite and never negative, or Infinity', () => {
    for (const option of options) {
      const cents = price(option, knobs)
      expect(cents >= 0, `${cents} for ${JSON.stringify(option)}`).toBe(true)
    }
  })

  test('are what their terms add up to, where the policy accounts for them', () => {
    if (terms === undefined) return
    const prices = { planAgeMs: 0, workPriceCents: 35.2, roomPriceCents: 120.7, stockPriceCents: 12.9 }
    for (const option of options.flatMap((one) => [one, { ...one, ...prices }])) {
      const asked = price(option, knobs)
      const sum = terms(option, knobs).reduce((all, { amount, weight }) => all + amount * weight, 0)
      // To the cent, and to the last digits where a price is no money.
      if (asked < Number.POSITIVE_INFINITY)
        expect(Math.abs(sum - asked), JSON.stringify(option)).toBeLessThanOrEqual(Math.max(1e-6, 1e-12 * asked))
    }
  })

  test('are the same when asked again, in another order', () => {
    const first = options.map((option) => price(option, knobs))
    const again = options.toReversed().map((option) => price(option, knobs))
    expect(again.toReversed()).toEqual(first)
  })

  test('leave something to ship by', () => {
    expect(options.some((option) => Number.isFinite(price(option, knobs)))).toBe(true)
  })

  // The router leaves out searches that cannot pay, and finds that out by these.
  const dearer = (say: string, change: (option: RoutingOption) => Partial<RoutingOption>) =>
    test(`are never lower for ${say}`, () => {
      for (const option of options) {
        const other = { ...option, ...change(option) }
        expect(price(other, knobs), JSON.stringify(option)).toBeGreaterThanOrEqual(price(option, knobs))
      }
    })
  dearer('more lines', ({ lines, costCents }) => ({ lines: lines + 1, costCents: costCents + 25 }))
  dearer('more lines at the same cost', ({ lines }) => ({ lines: lines + 2 }))
  dearer('more weight', ({ weightKg, costCents, co2Grams }) => ({
    weightKg: 2 * weightKg,
    costCents: 1.5 * costCents,
    co2Grams: 2 * co2Grams,
  }))
  dearer('dearer stock', ({ stockPriceCents }) => ({ stockPriceCents: stockPriceCents + 50 }))
  dearer('fewer units left', ({ unitsLeft }) => ({ unitsLeft: Math.floor(unitsLeft / 2) }))
})

test('a floor spares work and changes nothing: the same day, with and without', async () => {
  for (const { policy } of routing) {
    const params = 'everyMinutes' in policy.params ? { ...policy.params, ...SELDOM } : policy.params
    const { floor: _floor, ...without } = policy
    const digests = await Promise.all(
      [
        { ...policy, params },
        { ...without, params },
      ].map(async (one) => {
        const sim = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies: 'nearest' })
        return simulate({ ...sim, policies: { ...sim.policies, routing: one } }).digest
      }),
    )
    expect(digests[1], policy.about).toBe(digests[0])
  }
})

test('live options are read and let go: a price asked in the run is the price of a copy', async () => {
  let asked = 0
  await troubledRun({
    option(option) {
      if (asked++ % 101 !== 0) return
      for (const { id, policy } of routing) {
        const knobs = frozen(policy.params)
        expect(policy.price(option, knobs), id).toBe(policy.price(copyOf(option), knobs))
      }
    },
    quote() {},
  })
  expect(asked).toBeGreaterThan(1000)
})

describe.each(forecast)('$id', ({ policy: { predict, params } }) => {
  const knobs = frozen(params)
  const ask = (units: readonly number[], days: number, weekday = 0): ForecastAnswer => {
    const history: DemandHistory = { days: units.length, weekday, units: (daysAgo) => units[daysAgo - 1] ?? 0 }
    // What is not filled in shows.
    const answer = { meanUnits: Number.NaN, sdUnits: Number.NaN }
    predict(Object.freeze(history), days, knobs, answer)
    return answer
  }
  const past = fc.array(fc.nat(5000), { minLength: 0, maxLength: 28 })
  const ahead = fc.integer({ min: 1, max: 30 })
  const weekday = fc.nat(6)

  test('forecasts a mean and a spread that are never negative', () => {
    fc.assert(
      fc.property(past, ahead, weekday, (units, days, first) => {
        const { meanUnits, sdUnits } = ask(units, days, first)
        expect(meanUnits).toBeGreaterThanOrEqual(0)
        expect(meanUnits).toBeLessThan(Number.POSITIVE_INFINITY)
        expect(sdUnits).toBeGreaterThanOrEqual(0)
        expect(sdUnits).toBeLessThan(Number.POSITIVE_INFINITY)
      }),
    )
  })

  test('is the same when asked again, after something else', () => {
    fc.assert(
      fc.property(past, past, ahead, (units, others, days) => {
        const first = ask(units, days)
        ask(others, days)
        expect(ask(units, days)).toEqual(first)
      }),
    )
  })

  test('expects next to nothing where nothing was ever asked for', () => {
    for (const days of [1, 7, 14]) {
      const { meanUnits, sdUnits } = ask(new Array(28).fill(0), days)
      expect(meanUnits).toBeLessThan(0.5 * days)
      expect(sdUnits).toBeLessThan(days)
    }
  })

  test('expects of steady demand that it goes on', () => {
    const { meanUnits } = ask(new Array(28).fill(40), 7)
    expect(meanUnits).toBeGreaterThan(0.8 * 280)
    expect(meanUnits).toBeLessThan(1.25 * 280)
  })

  test('expects about ten times as much where ten times as much was asked for', () => {
    const steady = fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 28, maxLength: 28 })
    fc.assert(
      fc.property(steady, ahead, (units, days) => {
        const ratio =
          ask(
            units.map((each) => 10 * each),
            days,
          ).meanUnits / ask(units, days).meanUnits
        expect(ratio).toBeGreaterThan(8)
        expect(ratio).toBeLessThan(12)
      }),
    )
  })

  test('never expects less of more days', () => {
    fc.assert(
      fc.property(past, ahead, (units, days) => {
        const less = ask(units, days).meanUnits
        expect(ask(units, days + 1).meanUnits).toBeGreaterThanOrEqual(less * (1 - 1e-12))
      }),
    )
  })
})

describe.each(replenishment)('$id', ({ policy: { order, params } }) => {
  const knobs = frozen(params)
  const units = fc.nat(3000)
  const shelves: fc.Arbitrary<Shelf> = fc.record({
    onHandUnits: units,
    reservedUnits: units,
    onOrderUnits: units,
    waitingUnits: units,
    reviewDays: fc.constant(1),
    leadDays: fc.double({ min: 0.5, max: 30, noNaN: true }),
    meanUnits: fc.double({ min: 0, max: 5000, noNaN: true }),
    sdUnits: fc.double({ min: 0, max: 1000, noNaN: true }),
  })
  const ask = (shelf: Shelf): number => order(Object.freeze({ ...shelf }), knobs)
  const holds = (is: (shelf: Shelf) => void) => fc.assert(fc.property(shelves, is))

  test('orders whole units and never less than none, and the same when asked again', () => {
    holds((shelf) => {
      const ordered = ask(shelf)
      expect(Number.isInteger(ordered) && ordered >= 0, String(ordered)).toBe(true)
      expect(ask(shelf)).toBe(ordered)
    })
  })

  test('orders nothing for a shelf that holds far more than is needed', () => {
    holds((shelf) => {
      expect(ask({ ...shelf, onHandUnits: 1_000_000 })).toBe(0)
    })
  })

  test('orders something for an empty shelf with demand', () => {
    holds((shelf) => {
      const empty = { ...shelf, onHandUnits: 0, reservedUnits: 0, onOrderUnits: 0, meanUnits: shelf.meanUnits + 10 }
      expect(ask(empty)).toBeGreaterThan(0)
    })
  })

  test('never orders less for more demand, more spread or more orders waiting', () => {
    holds((shelf) => {
      const ordered = ask(shelf)
      expect(ask({ ...shelf, meanUnits: shelf.meanUnits + 50 })).toBeGreaterThanOrEqual(ordered)
      expect(ask({ ...shelf, sdUnits: shelf.sdUnits + 20 })).toBeGreaterThanOrEqual(ordered)
      expect(ask({ ...shelf, waitingUnits: shelf.waitingUnits + 5 })).toBeGreaterThanOrEqual(ordered)
    })
  })

  test('counts what is on its way as if it were there', () => {
    holds((shelf) => {
      expect(ask({ ...shelf, onOrderUnits: shelf.onOrderUnits + 30 })).toBeLessThanOrEqual(ask(shelf))
    })
  })
})

describe.each(promise)('$id', ({ policy: { promise: ask, params } }) => {
  const knobs = frozen(params)

  test('promises an instant after the order is placed, the same when asked again, and none earlier for a higher quantile', async () => {
    let asked = 0
    await troubledRun({
      option() {},
      quote(quote) {
        if (asked++ % 5 !== 0) return
        const promised = ask(quote, knobs)
        expect(promised).toBeGreaterThan(quote.placedMs)
        expect(promised).toBeLessThan(quote.placedMs + 366 * 86_400_000)
        expect(ask(quote, knobs)).toBe(promised)
        if (!('quantile' in params)) return
        const later = [0.5, 0.8, 0.95, 0.99].map((quantile) => ask(quote, frozen({ ...params, quantile })))
        expect(later).toEqual(later.toSorted((a, b) => a - b))
      },
    })
    expect(asked).toBeGreaterThan(100)
  })
})

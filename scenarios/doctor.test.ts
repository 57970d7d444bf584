import { describe, expect, test } from 'vitest'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { healthy } from './doctor/healthy.fixture.ts'
import { examine, type Finding } from './doctor.ts'
import { listNetworks, loadNetwork } from './read/network.ts'
import { listScenarios, loadScenario } from './read/scenario.ts'

/** The same network with every `readonly` taken off, so that a test can break it. */
type Breakable<T> = T extends readonly (infer Item)[]
  ? Breakable<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]: Breakable<T[K]> }
    : T

function afterBreaking(harm: (network: Breakable<NetworkSpec>) => void): Finding[] {
  const spec = healthy() as Breakable<NetworkSpec>
  harm(spec)
  return examine({ folder: 'nowhere', spec: spec as NetworkSpec }, [])
}

function eachOf<T extends object>(items: readonly T[], change: Partial<T>): void {
  for (const item of items) Object.assign(item, change)
}

function under(scenario: Partial<ScenarioSpec>): Finding[] {
  return examine({ folder: 'nowhere', spec: healthy() }, [
    { id: 'mine', spec: { name: 'Mine', about: '', days: 5, ...scenario } },
  ])
}

const crowded = /at most [\d,.]+: more/
const span = { from: 'day 1 00:00', to: 'day 2 00:00' }

describe('a network with nothing wrong', () => {
  test('is given no advice', () => {
    expect(afterBreaking(() => {})).toEqual([])
  })

  test.each(listNetworks().map(({ id }) => id))('the bundled network %s has no errors, under no bundled scenario', async (id) => {
    const findings = examine(
      await loadNetwork(id),
      listScenarios().map((scenario) => loadScenario(scenario.id)),
    )
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})

describe('what would spoil a run is found before it', () => {
  test.each<[string, (network: Breakable<NetworkSpec>) => void, string, RegExp, RegExp]>([
    ['a rate of zero', (n) => (n.demand.ordersPerDay = 0), 'demand.ordersPerDay', /^0$/, /above 0/],
    ['a negative rate', (n) => (n.headroom = -1), 'headroom', /^-1$/, /above 0/],
    ['not a number, anywhere', (n) => (n.services[1].freight.perKm = Number.NaN), 'services[1].freight.perKm', /NaN/, /a number/],
    ['an infinite share', (n) => (n.zones[0].share = Number.POSITIVE_INFINITY), 'share', /Infinity/, /a number/],
    ['shares that sum to zero', (n) => n.demand.hourlyShare.fill(0), 'demand.hourlyShare', /sum to zero/, /above 0/],
    ['zones without demand', (n) => eachOf(n.zones, { share: 0 }), 'share', /sum to zero/, /above 0/],
    ['a negative share', (n) => (n.demand.weekdayShare[3] = -1), 'demand.weekdayShare', /-1/, /at least 0/],
    [
      'a basket of goods nobody sells',
      (n) => (n.demand.baskets = [{ share: 1, lines: [{ sku: 'tee', units: 1 }] }]),
      'demand.baskets[0].lines[0].sku',
      /unknown SKU `tee`/,
      /tea/,
    ],
    [
      'a basket that holds one article twice',
      (n) =>
        (n.demand.baskets = [
          {
            share: 1,
            lines: [
              { sku: 'tea', units: 1 },
              { sku: 'tea', units: 2 },
            ],
          },
        ]),
      'demand.baskets[0].lines[1].sku',
      /`tea` a second time/,
      /once/,
    ],
    [
      'nine lines in an order',
      (n) => (n.demand.linesPerOrder = Array(9).fill(1)),
      'demand.linesPerOrder',
      /9 lines/,
      /at most 8/,
    ],
    ['every parcel lost', (n) => (n.services[0].lostShare = 1), 'services[0].lostShare', /1/, /less than 1/],
    [
      'a law that runs backwards',
      (n) => (n.customers.returnDays = { law: 'uniform', low: 9, high: 2 }),
      'customers.returnDays.high',
      /2 below low 9/,
      /swap/,
    ],
    [
      'quantiles that do not reach 1',
      (n) => (n.customers.patienceHours = { law: 'quantiles', at: [0, 0.9], value: [1, 2] }),
      'customers.patienceHours.at',
      /0 … 0.9/,
      /end at 1/,
    ],
    [
      'a negative time',
      (n) => (n.suppliers[0].leadDays = { law: 'constant', value: -1 }),
      'suppliers[0].leadDays.value',
      /-1/,
      /at least 0/,
    ],
    ['no shipment allowed', (n) => (n.routing = { maxShipments: 0 }), 'routing.maxShipments', /0/, /from 1 to 8/],
    ['half a shipment', (n) => (n.routing = { maxShipments: 1.5 }), 'routing.maxShipments', /1.5/, /whole number/],
    ['less than nothing emitted', (n) => (n.routing = { co2GramsPerOrder: -5 }), 'routing.co2GramsPerOrder', /-5/, /above 0/],
    [
      'a cap below what any parcel emits',
      (n) => (n.routing = { co2GramsPerOrder: 150 }),
      'routing.co2GramsPerOrder',
      /150/,
      /more than 200.*no order is ever sent/,
    ],
    ['an id twice', (n) => (n.warehouses[1].id = 'north'), 'warehouses[1].id', /`north` a second time/, /name of its own/],
    ['a zone twice', (n) => (n.zones[1].id = 'z-north'), 'id', /z-north/, /name of its own/],
    ['a supplier nobody knows', (n) => (n.skus[1].supplier = 'mil'), 'supplier', /unknown supplier `mil`/, /`mill`/],
    [
      'a service from a warehouse nobody knows',
      (n) => (n.services[0].from = ['noth']),
      'services[0].from[0]',
      /unknown warehouse `noth`/,
      /`north`/,
    ],
    [
      'a service to a region nobody knows',
      (n) => (n.services[0].reaches = ['N', 'S', 'X']),
      'services[0].reaches[2]',
      /unknown region `X`/,
      /N, S|`N`|`S`/,
    ],
    [
      'latitude and longitude swapped',
      (n) => Object.assign(n.zones[1], { lat: 1, lon: 48 }),
      'lat',
      /latitude 1, longitude 48/,
      /swap the two/,
    ],
    ['a latitude that is none', (n) => (n.warehouses[0].lat = 152), 'warehouses[0].lat', /152/, /-90 to 90/],
    [
      'a shift over midnight',
      (n) => (n.warehouses[0].shifts[0].to = '06:00'),
      'warehouses[0].shifts[0].to',
      /08:00 to 06:00/,
      /two shifts/,
    ],
    [
      'nobody to pack',
      (n) => (n.warehouses[0].shifts[0].packers = 0),
      'warehouses[0].shifts',
      /no packers at NORTH/,
      /give one of its shifts/,
    ],
    [
      'a zone no lane reaches',
      (n) => eachOf(n.services, { reaches: ['N'] }),
      'region',
      /no lane reaches Southtown/,
      /add S to `reaches`/,
    ],
    [
      'more services than a parcel can tell apart',
      (n) => {
        for (let i = 0; i < 256; i++) n.services.push({ ...n.services[0], id: `more-${i}` })
      },
      'services[256].id',
      /2\d\d services/,
      /keep to 256/,
    ],
    [
      'stock that starts nowhere',
      (n) => eachOf(n.warehouses, { stockShare: 0 }),
      'warehouses[0].stockShare',
      /shares of stock that sum to zero/,
      /a share above 0, or leave all out/,
    ],
    [
      'trucks that take no parcels',
      (n) => {
        for (const { departures } of n.services) eachOf(departures, { capacity: 0 })
      },
      'region',
      /no lane reaches Northtown.*no service with trucks that take parcels/,
      /add N to `reaches`/,
    ],
    [
      'a cut-off a week before the truck',
      (n) => (n.services[0].departures[0].cutOffMinutes = 10_080),
      'services[0].departures[0].cutOffMinutes',
      /never be met/,
      /minutes between/,
    ],
    [
      'hubs too small',
      (n) => (n.hubs[0].parcelsPerHour = 10),
      'hubs[0].parcelsPerHour',
      /240 parcels a day, mean demand is 400/,
      /"auto"/,
    ],
    [
      'vans too few',
      (n) => (n.zones[0].deliveriesPerDay = 100),
      'deliveriesPerDay',
      /100 deliveries .* 311 attempts/,
      /raise deliveriesPerDay/,
    ],
    [
      'too few pickers everywhere',
      (n) =>
        eachOf(
          n.warehouses.map(({ shifts }) => shifts[0]),
          { pickers: 0.2 },
        ),
      'warehouses[0].shifts',
      /NORTH can pick \d+(\.\d+)? parcels a day, mean demand is 200/,
      /add pickers/,
    ],
    [
      'too few departures everywhere',
      (n) =>
        eachOf(
          n.services.map(({ departures }) => departures[0]),
          { capacity: 5 },
        ),
      'services',
      /NORTH can send .* 7.14 parcels a day, mean demand is 200/,
      /"auto"/,
    ],
  ])('%s', (_, harm, field, found, fix) => {
    const errors = afterBreaking(harm).filter(({ severity }) => severity === 'error')
    expect(errors.length).toBeGreaterThan(0)
    expect(errors[0].problem.field).toBe(field)
    expect(errors[0].problem.found).toMatch(found)
    expect(errors[0].problem.fix).toMatch(fix)
  })

  test('one short warehouse is a warning where the other holds the same articles and can help', () => {
    const findings = afterBreaking((n) => (n.warehouses[0].shifts[0].pickers = 0.2))
    expect(findings.map(({ severity }) => severity)).toEqual(['warning'])
    expect(findings[0].problem.found).toMatch(/NORTH can pick/)
  })

  test('a truck nobody can pack for is a warning that names the truck and the warehouses', () => {
    const findings = afterBreaking((n) => {
      n.services[0].departures[0].cutOffMinutes = 0
      n.services[0].departures.push({ days: ['mon'], at: '06:00', cutOffMinutes: 30, capacity: 'auto' })
    })
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ severity: 'warning', problem: { field: 'services[0].departures[1].cutOffMinutes' } })
    expect(findings[0].problem.found).toMatch(/never be met: for the truck of mon 06:00 nobody packs at NORTH, SOUTH/)
  })

  test('a truck in the morning is no worry where people packed the evening before', () => {
    expect(afterBreaking((n) => (n.services[0].departures[0].at = '06:00'))).toEqual([])
  })

  test('an article that cannot be sent to a zone from where it is held is a warning', () => {
    const findings = afterBreaking((n) => {
      n.services[0].from = ['north']
      n.services[1].from = ['south']
      n.services[1].reaches = ['S']
      n.skus[1].heldAt = ['south']
    })
    expect(findings.map(({ problem }) => problem.found)).toEqual([
      expect.stringMatching(/pot held at south, from where no service reaches Northtown/),
    ])
  })

  test('a warehouse that holds nothing is a warning', () => {
    const findings = afterBreaking((n) => eachOf(n.skus, { heldAt: ['north'] }))
    expect(findings.map(({ problem }) => problem.found)).toContainEqual(expect.stringMatching(/SOUTH holds no article/))
  })
})

describe('a scenario that does not fit', () => {
  test.each<[string, Partial<ScenarioSpec>, string, RegExp, RegExp, 'error' | 'warning']>([
    [
      'an unknown region',
      { demand: [{ ...span, factor: 2, regions: ['SS'] }] },
      'demand[0].regions[0]',
      /unknown region `SS` in Two towns/,
      /`S`/,
      'error',
    ],
    [
      'an unknown warehouse',
      { warehouses: [{ ...span, which: ['nort'], capacity: 0 }] },
      'warehouses[0].which[0]',
      /`nort`/,
      /`north`/,
      'error',
    ],
    [
      'an unknown service',
      { carriers: [{ ...span, which: ['standart'], capacity: 0 }] },
      'carriers[0].which[0]',
      /`standart`/,
      /`standard`/,
      'error',
    ],
    ['an unknown hub', { hubs: [{ ...span, which: ['hob'], capacity: 0 }] }, 'hubs[0].which[0]', /`hob`/, /`hub`/, 'error'],
    [
      'an unknown supplier',
      { suppliers: [{ ...span, which: ['mil'], leadTime: 2 }] },
      'suppliers[0].which[0]',
      /`mil`/,
      /`mill`/,
      'error',
    ],
    [
      'wrong books of an unknown warehouse',
      { stockErrors: [{ ...span, which: ['nroth'], share: 0.1, lagMinutes: 5 }] },
      'stockErrors[0].which[0]',
      /`nroth`/,
      /`north`/,
      'error',
    ],
    [
      'an empty span',
      { hubs: [{ from: 'day 2 00:00', to: 'day 2 00:00', which: 'all', capacity: 0 }] },
      'hubs[0].to',
      /empty span/,
      /end after/,
      'error',
    ],
    [
      'a span after the last day',
      { hubs: [{ from: 'day 5 00:00', to: 'day 6 00:00', which: 'all', capacity: 0 }] },
      'hubs[0].from',
      /after the last measured day \(day 4\)/,
      /at least 6/,
      'error',
    ],
    [
      'a span that outlasts the days',
      { hubs: [{ from: 'day 4 00:00', to: 'day 7 12:00', which: 'all', capacity: 0 }] },
      'hubs[0].to',
      /beyond/,
      /to 8/,
      'warning',
    ],
  ])('%s', (_, scenario, field, found, fix, severity) => {
    const findings = under(scenario)
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ severity, problem: { file: 'mine', field } })
    expect(findings[0].problem.found).toMatch(found)
    expect(findings[0].problem.fix).toMatch(fix)
  })

  test('every bundled scenario fits any network', () => {
    const scenarios = listScenarios().map(({ id }) => loadScenario(id))
    expect(examine({ folder: 'nowhere', spec: healthy() }, scenarios)).toEqual([])
  })

  test('a file that is wrong alone and inside an overlay is told once', () => {
    const part = { file: 'mine.yaml', spec: { name: '', about: '', hubs: [{ ...span, which: ['hob'], capacity: 0 }] } }
    const plan = { id: 'mine', spec: part.spec, parts: [part] }
    expect(
      examine({ folder: 'nowhere', spec: healthy() }, [plan, { ...plan, id: 'mine+mine', parts: [part, part] }]),
    ).toHaveLength(1)
  })
})

describe('more orders than fit into memory', () => {
  test('in a network, as a slip of the pen with six noughts too many', () => {
    const findings = afterBreaking(({ demand }) => {
      demand.ordersPerDay *= 1_000_000
    })
    expect(findings.map(({ problem }) => problem.fix)).toEqual([expect.stringMatching(crowded)])
  })

  test('in a scenario, as a factor that nobody meant', () => {
    const [finding] = under({ demand: [{ ...span, factor: 1e9 }] })
    expect(finding).toMatchObject({
      severity: 'error',
      problem: { field: 'demand[0].factor', fix: expect.stringMatching(crowded) },
    })
    expect(under({ demand: [{ ...span, factor: 100 }] })).toEqual([])
  })
})

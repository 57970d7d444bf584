import { describe, expect, test } from 'vitest'
import { openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { simulate } from '../../sim/outcome.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import type { CauseId } from '../../sim/trace/cause.ts'
import type { StageId } from '../../sim/trace/stage.ts'
import { blameByCause, type Life } from './life.ts'
import { type Traced, traced } from './traced.fixture.ts'

/** A world where nothing goes wrong unless the test makes it: even demand, no weather, everybody at home, hands and stock in plenty. */
function easyWorld(change: Partial<NetworkSpec> = {}): NetworkSpec {
  const spec = smallWorld()
  return {
    ...spec,
    demand: { ...spec.demand, dailyCv: 0, zoneDailyCv: 0 },
    payments: [{ type: 'card', share: 1, approvalHours: { law: 'constant', value: 0.2 }, days: spec.payments[0].days }],
    customers: { ...spec.customers, impatientShare: 0, returnShare: 0 },
    warehouses: spec.warehouses.map((one) => ({
      ...one,
      prepareHours: { law: 'constant', value: 0.5 },
      shifts: one.shifts.map((shift) => ({ ...shift, pickers: 400, packers: 400 })),
    })),
    services: spec.services.map((one) => ({
      ...one,
      lostShare: 0,
      transit: { ...one.transit, sigmaNear: 0, sigmaFar: 0 },
      departures: one.departures.map((departure) => ({ ...departure, capacity: 100_000 })),
    })),
    hubs: spec.hubs.map((one) => ({ ...one, parcelsPerHour: 100_000 })),
    zones: spec.zones.map((one) => ({ ...one, deliveriesPerDay: 100_000 })),
    delivery: { ...spec.delivery, failedShare: 0 },
    replenishment: { ...spec.replenishment, initialDaysOfStock: 200 },
    weather: { ...spec.weather, cellsPerDay: 0 },
    ...change,
  }
}
const scenario = (change: Partial<ScenarioSpec> = {}): ScenarioSpec => ({ name: 'test', about: 'A test.', days: 5, ...change })

/** All the time that a run's orders spent on a cause, in hours. */
const hoursOn = ({ lives }: Traced, cause: CauseId): number =>
  lives.reduce(
    (sum, { stages }) =>
      sum + stages.flatMap(({ spent }) => spent).reduce((s, one) => s + (one.cause === cause ? one.tookMs : 0), 0),
    0,
  ) / 3_600_000
const spentOf = (life: Life, stage: StageId): readonly { cause: CauseId; tookMs: number }[] =>
  life.stages.find((one) => one.stage === stage)?.spent ?? []
const TROUBLES: readonly CauseId[] = [
  'no stock',
  'site closed',
  'no option',
  'not on the shelf',
  'warehouse closed',
  'fewer hands',
  'no picker free',
  'no packer free',
  'weather on the hands',
  'truck full',
  'carrier short',
  'slow on the road',
  'weather on the road',
  'carrier disrupted',
  'hub full',
  'hub short',
  'weather at the hub',
  'vans full',
  'weather on the vans',
  'nobody home',
]

test('where nothing goes wrong no trouble is told, only work and calendars', async () => {
  const run = await traced({ spec: easyWorld() })
  for (const cause of TROUBLES) expect(Math.abs(hoursOn(run, cause)), cause).toBeLessThan(0.01)
  expect(run.outcome.sums.onTime).toBe(run.outcome.sums.delivered)
})

/** What is made to go wrong, and the one trouble that is then told of. */
const cases: [string, NetworkSpec, ScenarioSpec, CauseId, StageId][] = [
  [
    'one picker in each warehouse: no picker free',
    easyWorld({
      warehouses: easyWorld().warehouses.map((one) => ({
        ...one,
        pickSeconds: { perParcel: 1500, perLine: 0, sigma: 0 },
        shifts: one.shifts.map((shift) => ({ ...shift, pickers: 1 })),
      })),
    }),
    scenario(),
    'no picker free',
    'pick queue',
  ],
  [
    'one packer in each warehouse: no packer free',
    easyWorld({
      warehouses: easyWorld().warehouses.map((one) => ({
        ...one,
        packSeconds: { perParcel: 1500, perLine: 0, sigma: 0 },
        shifts: one.shifts.map((shift) => ({ ...shift, packers: 1 })),
      })),
    }),
    scenario(),
    'no packer free',
    'pack queue',
  ],
  [
    'trucks with room for thirty: the truck is full',
    easyWorld({
      services: easyWorld().services.map((one) => ({
        ...one,
        departures: one.departures.map((departure) => ({ ...departure, capacity: 30 })),
      })),
    }),
    scenario(),
    'truck full',
    'truck',
  ],
  [
    'a carrier on strike: it sends less room than usual',
    easyWorld(),
    scenario({ carriers: [{ from: 'day 1 00:00', to: 'day 4 00:00', which: 'all', capacity: 0 }] }),
    'carrier short',
    'truck',
  ],
  [
    'a carrier in disorder: it is disrupted, and the weather is fine',
    easyWorld(),
    scenario({ carriers: [{ from: 'day 1 00:00', to: 'day 4 00:00', which: 'all', capacity: 1, transit: 3 }] }),
    'carrier disrupted',
    'road',
  ],
  [
    'a warehouse shut down: it is closed, and its hands are not busy',
    easyWorld(),
    scenario({ warehouses: [{ from: 'day 1 10:00', to: 'day 3 10:00', which: 'busiest', capacity: 0 }] }),
    'warehouse closed',
    'pick queue',
  ],
  [
    'the only warehouse that has the goods shut down: they are there and cannot be had',
    easyWorld({ skus: easyWorld().skus.map((one) => ({ ...one, heldAt: ['WN'] })) }),
    scenario({ warehouses: [{ from: 'day 1 23:00', to: 'day 3 23:00', which: ['WN'], capacity: 0 }] }),
    'site closed',
    'stock',
  ],
  [
    'empty shelves: no stock',
    easyWorld({ replenishment: { reviewHour: 4, initialDaysOfStock: 0.4 } }),
    scenario(),
    'no stock',
    'stock',
  ],
  [
    'goods gone that the books still have: they were not on the shelf',
    easyWorld(),
    scenario({ stockErrors: [{ from: 'day 0 00:00', to: 'day 4 00:00', which: ['WM'], share: 0.5, lagMinutes: 600 }] }),
    'not on the shelf',
    'stock',
  ],
  [
    'hubs that sort three an hour: the hub is full',
    easyWorld({ hubs: easyWorld().hubs.map((one) => ({ ...one, parcelsPerHour: 3 })) }),
    scenario(),
    'hub full',
    'hub',
  ],
  [
    'hubs that break down: the hub is short of its capacity',
    easyWorld(),
    scenario({ hubs: [{ from: 'day 0 00:00', to: 'day 4 00:00', which: 'all', capacity: 0.00001 }] }),
    'hub short',
    'hub',
  ],
  [
    'vans for twelve a day: the vans are full',
    easyWorld({ zones: easyWorld().zones.map((one) => ({ ...one, deliveriesPerDay: 12 })) }),
    scenario(),
    'vans full',
    'vans',
  ],
  [
    'customers who are out: nobody is at home',
    easyWorld({ delivery: { ...easyWorld().delivery, failedShare: 0.4 } }),
    scenario(),
    'nobody home',
    'vans',
  ],
]

describe('what goes wrong is what is told', () => {
  test.each(cases)('%s', async (_, spec, what, cause, stage) => {
    const run = await traced({ spec, scenario: what })
    const hours = hoursOn(run, cause)
    expect(hours).toBeGreaterThan(20)
    for (const other of TROUBLES)
      if (other !== cause)
        expect(Math.abs(hoursOn(run, other)), `${other} beside ${hours} h of ${cause}`).toBeLessThan(0.1 * hours)
    const places = new Set(
      run.lives.flatMap(({ stages }) =>
        stages.filter(({ spent }) => spent.some((one) => one.cause === cause)).map((one) => one.stage),
      ),
    )
    expect([...places]).toEqual([stage])
  })

  test('a storm: weather, on the road, on the hands and on the vans, and no other trouble', async () => {
    const storm = { from: 'day 0 00:00', to: 'day 5 00:00', path: [{ east: 0.5, north: 0.5 }], radiusKm: 900, severity: 3 }
    const zones = easyWorld().zones.map((one) => ({ ...one, deliveriesPerDay: 75 }))
    const run = await traced({ spec: easyWorld({ zones }), scenario: scenario({ weather: [storm] }) })
    const weather = ['weather on the road', 'weather on the hands', 'weather on the vans'] as const
    for (const cause of weather) expect(hoursOn(run, cause), cause).toBeGreaterThan(10)
    // A storm also bunches what arrives, so that some vans are full in earnest; nothing else.
    const all = weather.reduce((sum, cause) => sum + hoursOn(run, cause), 0)
    expect(hoursOn(run, 'vans full')).toBeLessThan(0.2 * all)
    for (const cause of TROUBLES)
      if (!cause.startsWith('weather') && cause !== 'vans full') expect(Math.abs(hoursOn(run, cause)), cause).toBeLessThan(5)
    const late = run.lives.filter(({ lateMs }) => Number(lateMs) > 0)
    expect(late.length).toBeGreaterThan(20)
    expect(late.filter((life) => blameByCause(life)[0].cause.startsWith('weather')).length).toBeGreaterThan(0.8 * late.length)
  })
})

describe('calendars', () => {
  test('an order packed on a Saturday after the last truck waits out the Sunday, on which no truck leaves', async () => {
    // Trucks leave at ten, so what is packed on Saturday at noon has missed the last one of the week.
    const services = easyWorld().services.map((one) => ({
      ...one,
      departures: one.departures.map((departure) => ({ ...departure, at: '10:00' })),
    }))
    const { lives } = await traced({ spec: easyWorld({ services }), scenario: scenario({ days: 7 }) })
    const overSunday = lives.filter((life) => spentOf(life, 'truck').some(({ cause }) => cause === 'no truck that day'))
    expect(overSunday.length).toBeGreaterThan(10)
    for (const life of overSunday)
      expect(spentOf(life, 'truck').find(({ cause }) => cause === 'no truck that day')?.tookMs).toBe(86_400_000)
    const offShift = lives.filter((life) => spentOf(life, 'pick queue').some(({ cause }) => cause === 'day off'))
    expect(offShift.length).toBeGreaterThan(0)
  })

  test('a bank that rests on Sundays is told apart from the check itself', async () => {
    const days = easyWorld().payments[0].days.slice(0, 6)
    const payments = [{ type: 'card', share: 1, approvalHours: { law: 'constant', value: 0.2 } as const, days }]
    const { lives } = await traced({ spec: easyWorld({ payments }), scenario: scenario({ days: 7 }) })
    const held = lives.filter((life) => spentOf(life, 'payment').some(({ cause }) => cause === 'bank closed'))
    expect(held.length).toBeGreaterThan(20)
    for (const life of held)
      expect(spentOf(life, 'payment')[0]).toEqual({
        cause: 'payment check',
        tookMs: 720_000,
        allowedMs: expect.any(Number),
        blameMs: 0,
      })
  })

  test('a queue that makes parcels miss their truck is to blame for the day it costs, and the truck is not', async () => {
    const spec = easyWorld({
      warehouses: easyWorld().warehouses.map((one) => ({
        ...one,
        pickSeconds: { perParcel: 2000, perLine: 0, sigma: 0 },
        shifts: one.shifts.map((shift) => ({ ...shift, pickers: 1 })),
      })),
    })
    const { lives } = await traced({ spec, scenario: scenario() })
    const missed = lives.filter(
      (life) => spentOf(life, 'truck').some(({ cause }) => cause === 'cut-off missed') && Number(life.lateMs) > 0,
    )
    expect(missed.length).toBeGreaterThan(10)
    for (const life of missed) {
      expect(blameByCause(life)[0].cause).toBe('no picker free')
      expect(blameByCause(life).some(({ cause }) => cause === 'cut-off missed')).toBe(false)
    }
  })
})

test('goods that are there but may not be sent in two shipments are waited for as such, and the watching changes nothing', async () => {
  const run = { spec: { ...SHORT_SHELVES, routing: { maxShipments: 1 } }, scenario: SHORT_TROUBLE, policies: 'cheapest' }
  const watched = await traced(run)
  expect(hoursOn(watched, 'no option')).toBeGreaterThan(10)
  expect(watched.outcome.sums.open).toBe(0)
  expect(watched.outcome.digest).toBe(simulate(await openSmallRun(run)).digest)
  const free = await traced({ ...run, spec: SHORT_SHELVES })
  expect(hoursOn(free, 'no option')).toBe(0)
})

test('an order routed in vain has all its time told, in parts and to the millisecond, and the watching changes nothing', async () => {
  const stockErrors = [{ from: 'day 0 00:00', to: 'day 3 00:00', which: 'all' as const, share: 0.5, lagMinutes: 120 }]
  const run = { spec: { ...SHORT_SHELVES }, scenario: { ...SHORT_TROUBLE, stockErrors }, policies: 'cheapest' }
  const watched = await traced(run)
  expect(watched.outcome.digest).toBe(simulate(await openSmallRun(run)).digest)
  const inVain = watched.lives.filter(({ rows }) => rows.some(({ what }) => what.did === 'notOnShelf'))
  expect(inVain.length).toBeGreaterThan(20)
  expect(inVain.some(({ parcels }) => parcels > 1)).toBe(true)
  for (const { stages, placedMs, endMs, ending } of inVain) {
    for (const { fromMs, toMs, spent } of stages) expect(spent.reduce((sum, one) => sum + one.tookMs, 0)).toBe(toMs - fromMs)
    stages.forEach(({ fromMs }, i) => {
      expect(fromMs).toBe(i === 0 ? placedMs : stages[i - 1].toMs)
    })
    if (ending === 'delivered') expect(stages.at(-1)?.toMs).toBe(endMs)
  }
})

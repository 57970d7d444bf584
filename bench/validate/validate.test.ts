import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { InputError } from '../../scenarios/read/problem.ts'
import { step } from '../../sim/engine.ts'
import { compileNetwork } from '../../sim/network.ts'
import { listOf, nowMs } from '../../sim/world.ts'
import { openSmallRun } from '../small-run.ts'
import { smallWorld } from '../small-world.ts'
import { bareNetwork, laidOver } from './bare-network.ts'
import { judge } from './judge.ts'
import { Probe } from './probe.ts'
import { PUBLISHED_CASES } from './publish.ts'
import { readCases } from './read-cases.ts'
import { runCases } from './run-cases.ts'

const DAY_MS = 86_400_000

function caseFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'orrery-cases-')), 'cases.yaml')
  writeFileSync(file, text)
  return file
}

const HALF_BUSY = `cases:
  - name: half busy
    source: Erlang
    days: 20
    warmupDays: 1
    replications: 6
    network:
      demand: { ordersPerDay: 720 }
      warehouses: [{ shifts: [{ pickers: 1 }], pickSeconds: { perParcel: 60, effort: { law: exponential, mean: 1 } } }]
    expect:
`
const quiet = { signal: new AbortController().signal, onProgress() {}, onNote() {} }

test('every case that comes with Orrery is sound, and there are at least sixty numbers', async () => {
  const cases = await readCases([])
  expect(cases.reduce((sum, { stated }) => sum + stated.expect.length, 0)).toBeGreaterThanOrEqual(60)
  expect(new Set(cases.map(({ stated }) => stated.name)).size).toBe(cases.length)
})

test('a queue of one picker at work half of the time waits as Erlang says; a value that is not so is said to differ', async () => {
  const right = '      - { measure: pick.busy, value: 0.5, within: 0.03 }\n'
  const wrong = '      - { measure: pick.waiting, says: no queue at all, value: 0.01 }\n'
  const { lines, orders } = await runCases(
    await readCases([caseFile(HALF_BUSY + right + wrong)]),
    { seed: '2', workers: 2 },
    quiet,
  )
  expect(lines.map(({ verdict }) => verdict)).toEqual(['agrees', 'differs'])
  expect(lines[1].mean).toBeCloseTo(0.5, 1)
  expect(orders).toBeGreaterThan(80_000)
})

test('the same seed measures the same, another seed something else', async () => {
  const cases = await readCases([caseFile(`${HALF_BUSY}      - { measure: pick.waiting, value: 0.5 }\n`)])
  const short = cases.map((one) => ({ ...one, stated: { ...one.stated, days: 3 }, replications: 2 }))
  const mean = async (seed: string, workers: number) => (await runCases(short, { seed, workers }, quiet)).lines[0].mean
  expect(await mean('a', 1)).toBe(await mean('a', 2))
  expect(await mean('a', 1)).not.toBe(await mean('b', 1))
})

test.each([
  ['      - { measure: pick.wating, value: 1 }\n', /pick\.waiting/],
  ['      - { measure: pick.waiting, take: hours, value: 1 }\n', /say how many arrive in an hour/],
  ['      - { measure: share.lost, value: 0 }\n', /give a `margin`/],
  ['      - { measure: pick.waiting, take: above, value: 0.1 }\n', /say the number, or the hours/],
  ['      - { measure: pick.wait, take: quantile, value: 1 }\n', /such as `level: 0.9`/],
  ['      - { measure: pick.wait, take: amplitude, value: 1 }\n', /is a span/],
  ['      - { measure: pick.busy, take: quantile, level: 0.9, value: 1 }\n', /is a reading/],
  ['      - { measure: share.lost, take: sd, value: 1 }\n', /leave `take` out/],
  ['      - { measure: pick.busy, at: 1, value: 1 }\n', /there are 1, counted from 0/],
  ['      - { measure: stock.net, sku: 3, value: 1 }\n', /there are 1, counted from 0/],
])('a case that cannot be meant is refused with its line: %s', async (line, fix) => {
  const refused = readCases([caseFile(HALF_BUSY + line)])
  await expect(refused).rejects.toThrow(InputError)
  await expect(refused).rejects.toThrow(fix)
  await expect(refused).rejects.toThrow(/cases\.yaml:11/)
})

test('a network that is not one and a knob that is none are refused too', async () => {
  const network = HALF_BUSY.replace('ordersPerDay: 720', 'ordersPerDay: -1')
  await expect(readCases([caseFile(`${network}      - { measure: pick.busy, value: 1 }\n`)])).rejects.toThrow(
    /cases\[0\]\.network\.demand\.ordersPerDay/,
  )
  const knob = HALF_BUSY.replace('    days: 20', '    knobs: { promise: { quantle: 0.9 } }\n    days: 20')
  await expect(readCases([caseFile(`${knob}      - { measure: pick.busy, value: 1 }\n`)])).rejects.toThrow(/quantile/)
  await expect(readCases(['no-such-file.yaml'])).rejects.toThrow(/nothing there/)
  const empty = mkdtempSync(join(tmpdir(), 'orrery-no-cases-'))
  await expect(readCases([empty])).rejects.toThrow(/a folder without a \.yaml file; give a \.yaml file with cases/)
})

test.each([
  ['a zone with a slip in a key', 'network: { zones: [{ id: a, shaer: 2 }] }', /zones\[0\]\.shaer: found unknown key.*`share`/],
  ['a zone twice', 'network: { zones: [{ id: a }, { id: a }] }', /zones\[1\]\.id: found `a` a second time/],
  ['an article of no supplier', 'network: { skus: [{ id: a, supplier: sup }] }', /skus\[0\]\.supplier: found unknown supplier/],
  [
    'shares and means that are not as many',
    'network: { warehouses: [{ pickSeconds: { effort: { law: hyperexponential, shares: [1, 1], means: [1] } } }] }',
    /warehouses\[0\]\.pickSeconds\.effort\.means: found 1 for 2 shares/,
  ],
  ['a service to nowhere', 'network: { services: [{ reaches: [mars] }] }', /services\[0\]\.reaches\[0\]: found unknown region/],
  ['a shift past midnight', "network: { warehouses: [{ shifts: [{ from: '20:00', to: '06:00' }] }] }", /write two shifts/],
  [
    'a trouble at no warehouse',
    'scenario: { warehouses: [{ from: day 0 10:00, to: day 1 00:00, which: [w9], capacity: 0 }] }',
    /scenario\.warehouses\[0\]\.which\[0\]: found unknown warehouse/,
  ],
  [
    'a trouble after the end',
    'scenario: { demand: [{ from: day 30 00:00, to: day 31 00:00, factor: 2 }] }',
    /scenario\.demand\[0\]\.from: found day 30 00:00, after the last/,
  ],
])('what a network and a scenario are examined for in a run, they are in a case: %s', async (_, part, fix) => {
  const text = HALF_BUSY.replace(/network:[\s\S]*?(?= {4}expect)/, `${part}\n`)
  const refused = readCases([caseFile(`${text}      - { measure: pick.busy, value: 1 }\n`)])
  await expect(refused).rejects.toThrow(fix)
  await expect(refused).rejects.toThrow(/cases\.yaml:7 {2}cases\[0\]/)
})

test('a margin of 200 % is meant as two; more work than hands is told of, unless customers leave', async () => {
  const wide = readCases([caseFile(`${HALF_BUSY}      - { measure: pick.busy, within: 2, value: 1 }\n`)])
  await expect(wide).rejects.toThrow(/expect\[0\]\.within: found 2; write a part below 1, such as 0\.02 for 2 %/)
  const warningsOf = async (text: string) =>
    (await readCases([caseFile(`${text}      - { measure: pick.busy, value: 1 }\n`)]))[0].warnings
  expect(await warningsOf(HALF_BUSY)).toEqual([])
  const crowded = HALF_BUSY.replace('720', '1500')
  expect(await warningsOf(crowded)).toEqual([
    expect.stringMatching(/can pick 1,440 parcels a day, mean demand is 1,500; there is no/),
  ])
  const leaving = crowded.replace('network:\n', 'network:\n      customers: { impatientShare: 1 }\n')
  expect(await warningsOf(leaving)).toEqual([])
})

test('customers who leave a queue of pickers are counted, and no longer wait in it: as many leave as the patience of those who wait runs out', async () => {
  const text = `${HALF_BUSY.replace('720', '2160').replace('network:\n', 'network:\n      customers: { impatientShare: 1, patienceHours: { law: exponential, mean: 0.05 } }\n')}
      - { measure: share.leftPick, value: 0.4 }
      - { measure: pick.waiting, value: 2 }
      - { measure: pick.left, take: perHour, value: 30 }
      - { measure: pick.busy, value: 0.9 }
      - { measure: pick.wait, take: perHour, value: 50 }
`
  const cases = (await readCases([caseFile(text)])).map((one) => ({
    ...one,
    stated: { ...one.stated, days: 6 },
    replications: 3,
  }))
  const { lines } = await runCases(cases, { seed: '3', workers: 1 }, quiet)
  const [share, waiting, left, busy, taken] = lines.map(({ mean }) => mean)
  // A patience of three minutes on average, 1.5 parcels a minute, and a picker who takes a minute for one.
  const { abandon, waits } = erlangA({ perMinute: 1.5, servers: 1, patience: 3 })
  expect(share).toBeCloseTo(abandon, 1)
  expect(waiting / waits).toBeGreaterThan(0.93)
  expect(waiting / waits).toBeLessThan(1.07)
  expect(left / (20 * waiting)).toBeGreaterThan(0.95)
  expect(left / (20 * waiting)).toBeLessThan(1.05)
  // Who was taken has waited, also where his customer cancels while he is picked.
  expect(taken / (60 * busy)).toBeGreaterThan(0.97)
})

/** Birth and death of M/M/c+M with work of one minute: Palm (1957). */
function erlangA({ perMinute, servers, patience }: { perMinute: number; servers: number; patience: number }) {
  const p = [1]
  for (let n = 1; n < 200; n++) p.push((p[n - 1] * perMinute) / (Math.min(n, servers) + Math.max(0, n - servers) / patience))
  const sum = p.reduce((total, one) => total + one, 0)
  const waits = p.reduce((total, one, n) => total + one * Math.max(0, n - servers), 0) / sum
  return { waits, abandon: waits / patience / perMinute }
}

test('of a list, each entry is laid over the first; plain lists and laws replace', () => {
  const { warehouses, demand } = laidOver(bareNetwork(), {
    warehouses: [{ id: 'a' }, { id: 'b', prepareHours: { law: 'exponential', mean: 2 } }],
    demand: { linesPerOrder: [0.5, 0.5] },
  }) as ReturnType<typeof bareNetwork>
  expect(warehouses.map(({ id }) => id)).toEqual(['a', 'b'])
  expect(warehouses[1].shifts).toEqual(bareNetwork().warehouses[0].shifts)
  expect(warehouses[1].prepareHours).toEqual({ law: 'exponential', mean: 2 })
  expect(demand.linesPerOrder).toEqual([0.5, 0.5])
  expect(demand.hourlyShare).toHaveLength(24)
})

test('one entry may stand for many warehouses or for trucks all day, and where nothing is said of stock each has enough', async () => {
  const network = `demand: { ordersPerDay: 10 }
      services: [{ departures: [{ everyMinutes: 90, capacity: 5 }] }]
      warehouses: [{ copies: 3, id: w }]
`
  const text = HALF_BUSY.replace(/demand: [\s\S]*?(?= {4}expect)/, network)
  const [{ spec }] = await readCases([caseFile(`${text}      - { measure: pick.busy, at: 2, value: 1 }\n`)])
  expect(spec.warehouses.map(({ id }) => id)).toEqual(['w-0', 'w-1', 'w-2'])
  expect(spec.services[0].departures.map(({ at }) => at).slice(0, 3)).toEqual(['00:00', '01:30', '03:00'])
  expect(spec.services[0].departures).toHaveLength(16)
  const { initialStock } = compileNetwork(spec)
  // Twenty-one days of ten orders, and more.
  expect(Math.min(...initialStock)).toBeGreaterThan(210)
})

test('the probe integrates what held between events, and nothing before or after its days', async () => {
  const small = smallWorld()
  // Nobody cancels, so that all that lies in a queue waits in it.
  const sim = await openSmallRun({ spec: { ...small, customers: { ...small.customers, impatientShare: 0 } } })
  const fromMs = DAY_MS
  const endMs = 3 * DAY_MS + 12_345
  const probe = new Probe([{ reading: 'pick.waiting', at: 1, sku: 0, dailyAtMs: null, limit: 0 }], { fromMs, endMs }, false)
  let area = 0
  let before = 0
  let beforeMs = 0
  while (nowMs(sim.world) < endMs + DAY_MS && step(sim)) {
    const now = nowMs(sim.world)
    area += before * Math.max(0, Math.min(now, endMs) - Math.max(beforeMs, fromMs))
    before = sim.world.listLength[listOf.pick(sim.world.d, 1, 0)] + sim.world.listLength[listOf.pick(sim.world.d, 1, 1)]
    beforeMs = now
    probe.watch(sim)
  }
  expect(area).toBeGreaterThan(0)
  expect(probe.seen()[0].mean).toBeCloseTo(area / (endMs - fromMs), 9)
})

test('a number is judged by its distance and its interval, not by its luck alone', () => {
  const around = (mean: number, spread: number) => Array.from({ length: 20 }, (_, i) => mean + spread * Math.sin(i * 2.4))
  expect(judge(around(10.01, 0.1), 10, 0.2, 100).verdict).toBe('agrees')
  expect(judge(around(10.01, 3), 10, 0.2, 100).verdict).toBe('unclear')
  expect(judge(around(11, 0.1), 10, 0.2, 100).verdict).toBe('differs')
  expect(judge([4, 4, 4], 4, 0.01, 1)).toMatchObject({ verdict: 'agrees', half: 0, z: 0 })
  expect(judge([5, 5, 5], 4, 0.01, 1).verdict).toBe('differs')
  expect(judge([4, Number.NaN, 4], 4, 0.01, 1).verdict).toBe('differs')
})

test('one in twenty families of fair numbers is accused, however many numbers it has', () => {
  // Normal scores by a fixed congruential walk: 400 families of 10 numbers from 8 replications each.
  let state = 1
  const uniform = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  let accused = 0
  for (let family = 0; family < 400; family++) {
    const verdicts = Array.from({ length: 10 }, () => judge(Array.from({ length: 8 }, normal), 0, 10, 10).verdict)
    if (verdicts.includes('differs')) accused++
  }
  expect(accused / 400).toBeGreaterThan(0.02)
  expect(accused / 400).toBeLessThan(0.085)
})

test('the published schema is what the reader checks with', () => {
  expect(readFileSync(PUBLISHED_CASES.file, 'utf8')).toBe(PUBLISHED_CASES.text)
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { recordedPast } from '../../scenarios/backtest/recorded-past.fixture.ts'

const launcher = fileURLToPath(new URL('orrery.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'orrery-fit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const past = await recordedPast({ weeks: 12, scenario: { name: 'calm', about: 'Nothing happens.' }, promiseDays: 7 })
const time = (ms: number): string => (Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 19))
const rows = past.id.map((id, i) => {
  const town = past.towns[past.town[i]]
  const origin = past.origins[past.origin[i]]
  return [
    id,
    ...[past.placedMs, past.approvedMs, past.handedOverMs, past.deliveredMs, past.promisedMs].map((column) => time(column[i])),
    past.payment[i],
    town.name,
    town.region,
    town.lat,
    town.lon,
    origin.name,
    origin.lat,
    origin.lon,
  ].join(',')
})
writeFileSync(
  join(folder, 'orders.csv'),
  `id,placed,approved,gone,delivered,promised,payment,city,region,lat,lon,house,house_lat,house_lon\n${rows.join('\n')}\n`,
)
writeFileSync(
  join(folder, 'map.yaml'),
  `name: A past
currency: EUR
time: { format: iso }
columns: { order: id, placed: placed, approved: approved, handedOver: gone, delivered: delivered, promised: promised, payment: payment }
destination: { city: city, region: region, lat: lat, lon: lon }
origin: { columns: { city: house, lat: house_lat, lon: house_lon } }
`,
)
writeFileSync(
  join(folder, 'sale.yaml'),
  `name: Sale
about: Three days of a sale.
demand: [{ from: day 2 00:00, to: day 5 00:00, factor: 3 }]
`,
)

type Said = { code: number | null; out: string; err: string }
function orrery(...args: string[]): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    timeout: 100_000,
  })
  return { code: status, out: stdout, err: stderr }
}
const table = ['orders', 'orders.csv', '--map', 'map.yaml']
const small = ['--warehouses', '3', '--zones', '6', '--scale', '2', '-q']

describe('from a table of orders', () => {
  test('a network is fitted that the doctor passes and a run takes', () => {
    const { code, out } = orrery('fit', ...table, '--until', '2024-03-04', '--out', 'acme', ...small)
    expect(code).toBe(0)
    expect(out).toMatch(/preparation +\d+ +\d+ {2}\w+/)
    // Nine weeks are too few to show a capacity.
    expect(out).toMatch(/handed over +1\.5 {2}not shown/)
    expect(orrery('validate-input', 'acme')).toMatchObject({ code: 0 })
    const run = orrery('run', 'calm', '--network', 'acme', '--policies', 'nearest', '--replications', '2', '--json', '-')
    expect(run.code).toBe(0)
  })

  test('it forecasts weeks it has not seen, and is scored', () => {
    const { code, out } = orrery(
      'backtest',
      ...table,
      '--network',
      'acme',
      '--from',
      '2024-03-04',
      '--weeks',
      '2',
      '-r',
      '4',
      '-q',
      '--json',
    )
    expect(code).toBe(0)
    const { targets, stages, orders, windows } = JSON.parse(out)
    expect(orders).toBeGreaterThan(1000)
    expect(windows).toHaveLength(1)
    expect(stages.map(({ stage }: { stage: string }) => stage)).toContain('placed to delivered')
    for (const { name, value, met } of targets) {
      expect(Number.isFinite(value), name).toBe(true)
      expect(typeof met).toBe('boolean')
    }
  })

  test('it tells before a sale that orders will wait longer', () => {
    const { code, out } = orrery(
      'forecast',
      ...table,
      '--from',
      '2024-03-04',
      '--weeks',
      '1',
      '--scenario',
      'sale.yaml',
      '-r',
      '2',
      ...small,
      '--json',
    )
    expect(code).toBe(0)
    const told = JSON.parse(out)
    expect(told.with.all.orders).toBeGreaterThan(1.5 * told.without.all.orders)
    expect(told.with.all.stages.total.p50).toBeGreaterThan(told.without.all.stages.total.p50)
  })

  test('what cannot be done is refused with what would do', () => {
    const refused = (...args: string[]): string => {
      const { code, err } = orrery(...args)
      expect(code).toBe(2)
      return err
    }
    expect(refused('fit', ...table, '--until', '2024-01-02', '--out', 'none')).toMatch(/orders before 2024-01-02.*200 at least/)
    expect(refused('backtest', ...table, '--from', '2025-01-06')).toMatch(/--from.*orders are from 2024-01-01/)
    expect(refused('backtest', ...table, '--from', '2024-03-04', '--network', '.')).toMatch(/network\.yaml/)
    expect(refused('forecast', ...table)).toMatch(/--from.*YYYY-MM-DD/)
    expect(refused('fit', ...table, '--until', 'soon')).toMatch(/YYYY-MM-DD/)
  })

  test('what a fit knew of single orders is refused where a part of it is gone', () => {
    const file = join(folder, 'acme', 'fit.json')
    const whole = readFileSync(file, 'utf8')
    const { effects, ...rest } = JSON.parse(whole)
    const asked = ['forecast', ...table, '--from', '2024-03-04', '--network', 'acme']
    writeFileSync(file, JSON.stringify(rest))
    expect(orrery(...asked)).toMatchObject({ code: 2, err: expect.stringMatching(/fit\.json.*effects/) })
    writeFileSync(file, JSON.stringify({ ...rest, effects: { ...effects, donors: {} } }))
    expect(orrery(...asked)).toMatchObject({ code: 2, err: expect.stringMatching(/fit\.json.*effects\.donors/) })
    writeFileSync(file, whole)
  })

  test('weeks long after the last order are forecast from the last there are, and it says so', () => {
    const asked = ['forecast', ...table, '--from', '2026-01-05', '--network', 'acme', '--weeks', '1', '-r', '1']
    const { code, err } = orrery(...asked)
    expect(code).toBe(0)
    expect(err).toMatch(/The last week with 30 orders ends on 2024-.* days before it/)
  })
})

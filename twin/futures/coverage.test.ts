import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { DAY_MS, HOUR_MS } from '../../sim/units.ts'
import { openReality } from '../reality/open-reality.ts'
import { openSelf } from '../reality/self.ts'
import { diffFuture } from './diff.ts'
import { forecastOfKept, keepFuture, readFuture } from './future-file.ts'
import { plainView, viewOf } from './plain-view.ts'
import { presentOf } from './present.ts'
import { type FuturesQuestion, runFutures } from './run-futures.ts'
import { viewsOfState } from './view-source.ts'

const spec = smallWorld()
const calm: ScenarioSpec = { name: 'calm', about: 'Nothing happens.', days: 4 }
const open = (seed: string, scenario = calm) =>
  openReality({ spec, scenario, policies: 'nearest', seed, days: 9, fromMs: Date.UTC(2026, 10, 10), offsetMinutes: 0 })

const question = (view: FuturesQuestion['view'], name: string): FuturesQuestion => ({
  name,
  isKept: true,
  view,
  network: { id: 'small', spec },
  offsetMinutes: 0,
  scenario: null,
  policies: 'nearest',
  hours: 24,
  replications: 20,
  seed: 'f',
  workers: 2,
  signal: new AbortController().signal,
  onProgress: () => {},
})

test('futures of several presents, made on threads and kept, hold what then happened about nine times in ten', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-futures-'))
  try {
    const reality = await open('c')
    const { far, state } = openSelf()
    const tell = (untilMs: number) => far.send(reality.until(untilMs).map((event) => JSON.stringify(event)))
    const names: string[] = []
    for (const cut of [2.2, 3.6, 5.1]) {
      await tell(cut * DAY_MS)
      // As it would come over a wire.
      const view = viewOf(JSON.parse(JSON.stringify(plainView(state))))
      const future = await runFutures(question(view, `cut-${cut}`))
      keepFuture(folder, future)
      names.push(future.name)
    }
    // What was kept can be asked as it was made: sites as they are told, every order of the present, hours that it was under way.
    const kept = readFuture(folder, 'cut-5.1')
    const { replications, hours, sites, zones, orders } = forecastOfKept(kept, 'small', spec)
    expect([replications, hours.length, orders?.ids.length]).toEqual([20, 25, kept.openOrders])
    const staged = sites.fields.indexOf('staged')
    const docks = spec.warehouses.map((_, w) => sites.value(3, 24, w, staged) ?? 0).reduce((a, b) => a + b, 0)
    expect(kept.measures.dock.values[24]).toContain(docks)
    const onTheWay = spec.zones.map((_, z) => zones.value(3, 0, z, 0) ?? 0).reduce((a, b) => a + b, 0)
    expect(onTheWay).toBeGreaterThanOrEqual(kept.openOrders)
    const last = Array.from({ length: kept.openOrders }, (_, order) => orders?.lastSeen(3, order) ?? -1)
    expect(Math.min(...last)).toBeGreaterThanOrEqual(0)
    expect(new Set(last).size).toBeGreaterThan(5)
    expect(() => forecastOfKept(kept, 'other', spec)).toThrow(/--network small/)
    expect(() => forecastOfKept(kept, 'small', { ...spec, zones: spec.zones.slice(1) })).toThrow(/other sites, zones or services/)
    await tell(6.2 * DAY_MS)
    const diffs = await Promise.all(names.map((name) => diffFuture(readFuture(folder, name), spec, viewsOfState(state))))
    expect(diffs.map(({ hoursPassed }) => hoursPassed)).toEqual([24, 24, 24])
    const met = diffs.flatMap((diff) => diff.met)
    expect(met.length).toBe(3 * 5 * (13 + 4 * spec.warehouses.length))
    const coverage = met.filter(({ isInside }) => isInside).length / met.length
    // Numbers of one present lean on each other, so three presents leave room on both sides of 90 %.
    expect(coverage).toBeGreaterThan(0.8)
    expect(coverage).toBeLessThan(0.99)
    expect(() => readFuture(folder, 'cut-9')).toThrow(/no future called cut-9/)
    expect(() => keepFuture(folder, readFuture(folder, names[0]))).toThrow(/kept already/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what was told to hold now holds in the futures: weather, carriers with less room, fewer hands, a sale', async () => {
  const trouble: ScenarioSpec = {
    name: 'trouble',
    about: 'Weather everywhere, one carrier short, half the hands away, a sale.',
    days: 4,
    demand: [{ from: 'day 0 00:00', to: 'day 4 00:00', factor: 2 }],
    weather: [{ from: 'day 1 06:00', to: 'day 2 06:00', path: [{ east: 0.5, north: 0.5 }], radiusKm: 900, severity: 2 }],
    carriers: [{ from: 'day 1 00:00', to: 'day 3 00:00', which: ['standard'], capacity: 0.25 }],
    warehouses: [{ from: 'day 1 08:00', to: 'day 2 00:00', which: ['WM'], capacity: 0.5 }],
  }
  const reality = await open('d', trouble)
  const { far, state } = openSelf()
  await far.send(reality.until(DAY_MS + 12 * HOUR_MS).map((event) => JSON.stringify(event)))
  const { conditions } = presentOf(state, spec, 0)
  expect(conditions.demand).toEqual([{ from: 'day 0 00:00', to: 'day 3 00:00', factor: 2 }])
  expect(conditions.carriers).toMatchObject([{ which: ['standard'] }])
  expect(conditions.carriers?.[0].capacity).toBeCloseTo(0.25, 2)
  expect(conditions.warehouses).toMatchObject([{ which: ['WM'], capacity: 0.5 }])
  expect(conditions.weather?.length).toBeGreaterThan(3)
  for (const { severity } of conditions.weather ?? []) expect(severity).toBeLessThan(2.3)
})

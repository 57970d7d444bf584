import { expect, test } from 'vitest'
import { step } from '../../sim/engine.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { nowMs } from '../../sim/world.ts'
import { openSmallRun } from '../small-run.ts'
import { smallWorld } from '../small-world.ts'
import { Probe } from './probe.ts'
import { HourSeries, mser5 } from './warm-up.ts'

const around = (mean: number, i: number): number => mean + Math.sin(i * 2.4) + Math.cos(i * 1.7)

test('a series that starts empty is cut where it has filled up, one that starts in its stride hardly at all', () => {
  const filling = Array.from({ length: 1000 }, (_, i) => around(50 * (1 - Math.exp(-i / 30)), i))
  const cut = mser5(filling)
  expect(cut).toBeGreaterThan(60)
  expect(cut).toBeLessThan(250)
  expect(mser5(Array.from({ length: 1000 }, (_, i) => around(50, i)))).toBeLessThan(50)
})

test('a series that never settles is said to be too short', () => {
  expect(mser5(Array.from({ length: 400 }, (_, i) => around(i, i)))).toBeNull()
})

test('the hours of a reading are its means over them, and their mean is what the probe finds', async () => {
  const sim = await openSmallRun({ spec: smallWorld() })
  const series = new HourSeries('warehouse.number', 0)
  const endMs = 50 * HOUR_MS
  const probe = new Probe(
    [{ reading: 'warehouse.number', at: 0, dailyAtMs: null, sku: 0, limit: 0 }],
    { fromMs: 0, endMs },
    false,
  )
  while (nowMs(sim.world) < endMs + HOUR_MS && step(sim)) {
    series.watch(sim)
    probe.watch(sim)
  }
  const mean = series.hours.slice(0, 50).reduce((sum, hour) => sum + hour, 0) / 50
  expect(mean).toBeGreaterThan(0)
  expect(mean).toBeCloseTo(probe.seen()[0].mean, 9)
})

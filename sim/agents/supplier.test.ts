import { expect, test } from 'vitest'
import { openSmallRun } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { runUntil } from '../engine.ts'
import { HOUR_MS } from '../units.ts'
import { HISTORY_DAYS, type WorldView } from '../world.ts'

/** Units asked for on a day, by SKU and warehouse. */
const askedOn = ({ history, onHand }: WorldView, day: number): number[] =>
  Array.from({ length: onHand.length }, (_, i) => history[i * HISTORY_DAYS + (day & (HISTORY_DAYS - 1))])

test('the first review finds the day before the run as it is remembered, not the few hours of the first night', async () => {
  const sim = await openSmallRun({ spec: smallWorld() })
  const remembered = askedOn(sim.world, -1)
  expect(remembered.reduce((sum, units) => sum + units, 0)).toBeGreaterThan(50)
  runUntil(sim, sim.network.reviewMs + HOUR_MS)
  expect(askedOn(sim.world, -1)).toEqual(remembered)
  runUntil(sim, sim.network.reviewMs + 25 * HOUR_MS)
  expect(askedOn(sim.world, -1)).toEqual(remembered)
  expect(askedOn(sim.world, 0).reduce((sum, units) => sum + units, 0)).toBeGreaterThan(50)
})

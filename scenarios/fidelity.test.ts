import { expect, test } from 'vitest'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { ReplayOrders } from '../sim/replay.ts'
import { fidelityOf, formatFidelity } from './fidelity.ts'

const HOUR = 3_600_000
const N = Number.NaN
const spec = {
  warehouses: [{ id: 'w', lat: -23.5, lon: -46.6 }],
  zones: [
    { id: 'near', region: 'SP', lat: -23.6, lon: -46.7 },
    { id: 'far', region: 'AM', lat: -3.1, lon: -60 },
  ],
} as unknown as NetworkSpec

const orders: ReplayOrders = {
  count: 3,
  placedMs: Float64Array.of(0, 0, 0),
  promisedMs: Float64Array.of(50 * HOUR, 50 * HOUR, N),
  zone: Int32Array.of(0, 1, 0),
  payment: Int32Array.of(0, 0, 0),
  origin: Int32Array.of(0, 0, -1),
  lineStart: Int32Array.of(0, 1, 2, 3),
  sku: Int32Array.of(0, 0, 0),
  units: Int32Array.of(1, 1, 1),
  prepareFactor: new Float64Array(0),
  haulFactor: new Float64Array(0),
  recorded: {
    approvedMs: Float64Array.of(HOUR, 2 * HOUR, N),
    // The second order was handed over before it was approved: a slip of the pen that counts on neither side.
    handedOverMs: Float64Array.of(10 * HOUR, HOUR, 10 * HOUR),
    deliveredMs: Float64Array.of(34 * HOUR, 73 * HOUR, 34 * HOUR),
  },
}

test('a stage is compared only over orders where both ends are known on both sides', () => {
  const simulated = {
    approvedMs: Float64Array.of(3 * HOUR, 4 * HOUR, 5 * HOUR),
    handedOverMs: Float64Array.of(10 * HOUR, 12 * HOUR, 13 * HOUR),
    deliveredMs: Float64Array.of(58 * HOUR, N, 37 * HOUR),
  }
  const { stages, transitByKm, late } = fidelityOf(orders, [simulated], spec)
  expect(stages.map((stage) => stage.pairs)).toEqual([2, 1, 2, 2])
  expect(stages[0].recorded.p50).toBe(1.5)
  expect(stages[0].simulated.p50).toBe(3.5)
  expect(transitByKm[0]).toMatchObject({ pairs: 1, recorded: { p50: 1 }, simulated: { p50: 2 } })
  expect(late).toEqual({ where: 'all', pairs: 1, recorded: 0, simulated: 1 })
})

test('a simulation that repeats the record agrees with it in every figure', () => {
  const fidelity = fidelityOf(orders, [orders.recorded, orders.recorded], spec)
  for (const { recorded, simulated } of fidelity.stages) expect(simulated).toEqual(recorded)
  expect(fidelity.late.simulated).toBe(fidelity.late.recorded)
  expect(formatFidelity(fidelity)).toContain('placed to delivered')
})

test('nothing to compare is said in a sentence, not shown as zeros', () => {
  const nothing = {
    approvedMs: Float64Array.of(N, N, N),
    handedOverMs: Float64Array.of(N, N, N),
    deliveredMs: Float64Array.of(N, N, N),
  }
  const text = formatFidelity(fidelityOf(orders, [nothing], spec))
  expect(text).toBe('Of the 3 orders nothing was recorded to hold the simulation against.')
})

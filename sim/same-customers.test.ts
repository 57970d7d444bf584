import { expect, test } from 'vitest'
import { openSmallRun } from '../bench/small-run.ts'
import { smallWorld } from '../bench/small-world.ts'
import { step } from './engine.ts'
import type { ScenarioSpec } from './scenario-spec.ts'
import { COUNT, eventMs, FLAG, hasFlag, lineAt, lineCount, nowMs, orderOf, STATE, stateOf, zoneOf } from './world.ts'

const sale: ScenarioSpec = {
  name: 'Sale',
  about: 'Three times the demand.',
  days: 4,
  demand: [{ from: 'day 1 00:00', to: 'day 2 00:00', factor: 3, shape: 'rush', promoted: { skuShare: 0.3, lift: 5 } }],
}
const spec = smallWorld({
  customers: { ...smallWorld().customers, impatientShare: 0.5 },
  replenishment: { reviewHour: 4, initialDaysOfStock: 1 },
})

type Customer = { placedMs: number; zone: number; lines: number[]; paidAfterMs: number; patienceMs: number | null }

/** Everything a customer brought along, noted at the moment each order was placed; and the digest of how it all ended. */
async function customersOf(policies: string, replication = 0, seed = 's'): Promise<Customer[]> {
  const sim = await openSmallRun({ spec, scenario: sale, policies, replication, seed })
  const { world, clock } = sim
  const customers: Customer[] = []
  for (let next = world.counts[COUNT.nextOrder]; step(sim); ) {
    if (world.counts[COUNT.nextOrder] === next) continue
    const number = next
    next = world.counts[COUNT.nextOrder]
    const now = nowMs(world)
    // Orders placed after the measured days may be cut off wherever the last measured one happens to end.
    if (now >= clock.measuredEndMs) break
    const records = Array.from({ length: world.counts[COUNT.recordsUsed] }, (_, p) => p).filter(
      (p) => orderOf(world, p) === number,
    )
    const order = records.find((p) => stateOf(world, p) === STATE.placed && !hasFlag(world, p, FLAG.child)) ?? -1
    const timer = records.find((p) => stateOf(world, p) === STATE.timer)
    customers.push({
      placedMs: now,
      zone: zoneOf(world, order),
      lines: Array.from({ length: lineCount(world, order) }, (_, i) => lineAt(world, order, i)),
      paidAfterMs: eventMs(world, order) - now,
      patienceMs: timer === undefined ? null : eventMs(world, timer) - now,
    })
  }
  return customers
}

test('a policy that decides otherwise meets the very same customers: when, where, what, paid when, and how patient', async () => {
  const nearest = await customersOf('nearest')
  expect(nearest.length).toBeGreaterThan(800)
  expect(nearest.filter(({ patienceMs }) => patienceMs !== null).length).toBeGreaterThan(200)
  expect(nearest.filter(({ lines }) => lines.length > 1).length).toBeGreaterThan(200)
  for (const policies of ['live-greedy', 'cheapest+smoothed']) expect(await customersOf(policies)).toEqual(nearest)
})

test('another replication, and another seed, bring other customers', async () => {
  const [first, second, reseeded] = [
    await customersOf('nearest'),
    await customersOf('nearest', 1),
    await customersOf('nearest', 0, 't'),
  ]
  expect(second.slice(0, 5)).not.toEqual(first.slice(0, 5))
  expect(reseeded.slice(0, 5)).not.toEqual(first.slice(0, 5))
  expect(new Set([first, second, reseeded].map(([{ placedMs }]) => placedMs)).size).toBe(3)
})

test('orders of a network that knows its kinds of orders are of these kinds, in their shares', async () => {
  const [a, b] = spec.skus
  const baskets = [
    { share: 3, lines: [{ sku: a.id, units: 2 }] },
    {
      share: 1,
      lines: [
        { sku: b.id, units: 1 },
        { sku: a.id, units: 1 },
      ],
    },
  ]
  const sim = await openSmallRun({ spec: { ...spec, demand: { ...spec.demand, baskets } }, scenario: sale, policies: 'nearest' })
  const { world } = sim
  const seen = new Map<string, number>()
  for (let next = world.counts[COUNT.nextOrder]; step(sim); ) {
    if (world.counts[COUNT.nextOrder] === next) continue
    const number = next
    next = world.counts[COUNT.nextOrder]
    for (let p = 0; p < world.counts[COUNT.recordsUsed]; p++) {
      if (orderOf(world, p) !== number || stateOf(world, p) !== STATE.placed || hasFlag(world, p, FLAG.child)) continue
      const kind = Array.from({ length: lineCount(world, p) }, (_, i) => lineAt(world, p, i)).join(' ')
      seen.set(kind, (seen.get(kind) ?? 0) + 1)
    }
  }
  const [tea, both] = [`${2}`, `${(1 << 8) | 1} ${1}`].map((kind) => seen.get(kind) ?? 0)
  expect([...seen.keys()]).toHaveLength(2)
  expect(Math.abs(tea / (tea + both) - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / (tea + both)))
})

import { openSmallRun, type SmallRun } from '../../bench/small-run.ts'
import { smallWorld } from '../../bench/small-world.ts'
import { type Outcome, simulate } from '../../sim/outcome.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { Tracer } from '../../sim/trace/watch.ts'
import type { Life } from './life.ts'
import { lifeOf } from './life.ts'
import { rowOf, type TraceRow } from './row.ts'
import { namerOf } from './run-trace.ts'

export type Traced = { outcome: Outcome; rows: TraceRow[]; lives: Life[]; largest: number }

/** A small run watched from its first event to its last, with every order's life. */
export async function traced(run: SmallRun): Promise<Traced> {
  const sim = await openSmallRun(run)
  const rows: TraceRow[] = []
  let largest = 0
  const namer = namerOf(run.spec, sim)
  const tracer = new Tracer(sim, (block) => {
    largest = Math.max(largest, block.count)
    for (let i = 0; i < block.count; i++) rows.push(rowOf(block, i, namer))
  })
  const outcome = simulate(sim, (one) => tracer.watch(one))
  tracer.end()
  const byOrder = new Map<number, TraceRow[]>()
  for (const row of rows) {
    if (row.who.order === undefined) continue
    if (row.what.did === 'placed') byOrder.set(row.who.order, [])
    byOrder.get(row.who.order)?.push(row)
  }
  const lives = [...byOrder.values()].flatMap((own) => lifeOf(own) ?? [])
  return { outcome, rows, lives, largest }
}

/** Everything at once. */
export const TROUBLE: ScenarioSpec = {
  name: 'trouble',
  about: 'Everything at once.',
  days: 4,
  demand: [{ from: 'day 1 00:00', to: 'day 2 00:00', factor: 4, shape: 'rush', promoted: { skuShare: 0.3, lift: 5 } }],
  weather: [
    {
      from: 'day 1 00:00',
      to: 'day 3 00:00',
      path: [
        { east: 0.2, north: 0.1 },
        { east: 0.8, north: 0.5 },
      ],
      radiusKm: 250,
      severity: 2,
      wanderKm: 50,
    },
  ],
  warehouses: [{ from: 'day 1 06:00', to: 'day 2 12:00', which: 'busiest', capacity: 0 }],
  carriers: [{ from: 'day 2 00:00', to: 'day 3 00:00', which: ['standard'], capacity: 0.2, transit: 1.5 }],
  hubs: [{ from: 'day 1 00:00', to: 'day 4 00:00', which: 'all', capacity: 0.3 }],
  suppliers: [{ from: 'day 0 00:00', to: 'day 3 00:00', which: 'all', leadTime: 2 }],
}
/** Little stock, impatient customers, much sent back: all endings happen. */
export const SCARCE = smallWorld({
  replenishment: { reviewHour: 4, initialDaysOfStock: 0.7 },
  customers: {
    impatientShare: 0.5,
    patienceHours: { law: 'lognormal', median: 14, sigma: 1 },
    returnShare: 0.3,
    returnDays: { law: 'uniform', low: 1, high: 4 },
  },
})

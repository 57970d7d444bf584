import { openSmallRun, type SmallRun } from '../../bench/small-run.ts'
import { type Outcome, simulate } from '../../sim/outcome.ts'
import { Tracer } from '../../sim/trace/watch.ts'
import type { Life } from './life.ts'
import { lifeOf } from './life.ts'
import { rowOf, type TraceRow } from './row.ts'
import { namerOf } from './run-trace.ts'
import { headerOf, type TraceHeader } from './trace-file.ts'

/** Of the file that tells of a troubled week of the small world. */
export const troubleHeader = (again: string): TraceHeader =>
  headerOf({
    network: 'small world',
    scenario: 'trouble',
    policies: 'live-greedy',
    seed: 's',
    replication: 0,
    dayZeroMs: 259_200_000,
    weekStartMs: -345_600_000,
    again,
  })

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

import { describe, expect, test } from 'vitest'
import { openSmallRun, SCARCE, TROUBLE } from '../../bench/small-run.ts'
import { simulate } from '../../sim/outcome.ts'
import { blameByCause } from './life.ts'
import type { TraceRow } from './row.ts'
import { traced } from './traced.fixture.ts'

const run = { spec: SCARCE, scenario: TROUBLE, policies: 'live-greedy' }
const { outcome, rows, lives, largest } = await traced(run)
const did = (what: string): TraceRow[] => rows.filter((row) => row.what.did === what)

describe('a trace of a troubled week', () => {
  test('does not disturb what it watches: the digest is that of a run that nobody watched', async () => {
    expect(outcome.digest).toBe(simulate(await openSmallRun(run)).digest)
  })

  test('has a row for every event of the engine, in their order', () => {
    const events = [...new Set(rows.map(({ event }) => event))]
    expect(events).toEqual(Array.from({ length: outcome.events }, (_, i) => i + 1))
    expect(rows.every(({ when }, i) => i === 0 || when.ms >= rows[i - 1].when.ms)).toBe(true)
  })

  test('counts the same orders as the outcome when it is played back', () => {
    const ended = rows.filter(({ what }) => what.orderEnded === 1 && what.measured === 1)
    const delivered = ended.filter(({ what }) => what.did !== 'cancelled' && what.orderLost === 0)
    const split = lives.filter((life) => life.measured && life.parcels > 1)
    expect({
      placed: did('placed').filter(({ what }) => what.measured === 1).length,
      delivered: delivered.length,
      onTime: delivered.filter(({ impact }) => Number(impact.lateMs) <= 0).length,
      cancelled: ended.filter(({ what }) => what.did === 'cancelled').length,
      lost: ended.filter(({ what }) => what.orderLost === 1).length,
      returned: did('returned').filter(({ what }) => what.measured === 1).length,
      split: split.length,
      open: outcome.sums.placed - ended.length,
    }).toEqual(outcome.sums)
    expect(did('placed').length).toBe(outcome.orders)
    for (const sum of ['cancelled', 'returned', 'split', 'delivered'] as const) expect(outcome.sums[sum]).toBeGreaterThan(0)
  })

  test('tells each parcel’s life without a gap: each row begins where the one before it ended, and names its event', () => {
    const last = new Map<string, TraceRow>()
    for (const row of rows) {
      const { order, part } = row.who
      if (order === undefined) continue
      // A further parcel begins as its order was when it was routed.
      const before = last.get(`${order} ${part}`) ?? last.get(`${order} 0`)
      const isStart = row.what.did === 'placed'
      const isSplitOff = part !== 0 && !last.has(`${order} ${part}`)
      if (!isStart && !isSplitOff) {
        const from = before?.what.did === 'cancelled' ? before.what.from : before?.what.to
        expect(row.what.from, `order ${order}, ${row.what.did}`).toBe(from)
        expect(row.why.since).toBe(before?.event)
      }
      last.set(`${order} ${part}`, row)
    }
  })

  test('gives every stage of every life its causes to the millisecond', () => {
    let stages = 0
    for (const life of lives) {
      for (const { stage, fromMs, toMs, spent } of life.stages) {
        const told = spent.reduce((sum, { tookMs }) => sum + tookMs, 0)
        expect(told, `order ${life.order}, ${stage}`).toBe(toMs - fromMs)
        stages++
      }
    }
    expect(stages).toBeGreaterThan(5_000)
  })

  test('shares out every late order’s lateness exactly, and none of an order in time', () => {
    const delivered = lives.filter(({ lateMs, measured }) => measured && lateMs !== null)
    for (const life of lives) {
      const sum = blameByCause(life).reduce((total, { blameMs }) => total + blameMs, 0)
      expect(sum, `order ${life.order}`).toBe(Math.max(0, life.lateMs ?? 0))
    }
    const late = delivered.filter(({ lateMs }) => Number(lateMs) > 0)
    expect(late.length).toBe(outcome.sums.delivered - outcome.sums.onTime)
    expect(late.length).toBeGreaterThan(50)
  })

  test('has allowances that add up to the promise, and times to the lateness', () => {
    for (const { stages, reserve, promisedMs, placedMs, endMs, lateMs } of lives) {
      if (lateMs === null) continue
      const all = [...stages.flatMap(({ spent }) => spent), reserve]
      expect(all.reduce((sum, { allowedMs }) => sum + allowedMs, 0)).toBe(promisedMs - placedMs)
      expect(all.reduce((sum, { tookMs }) => sum + tookMs, 0)).toBe(endMs - placedMs)
    }
  })

  test('says how long the backlog was, which is what was released and neither gone nor cancelled', () => {
    const backlog = new Map<string, number>()
    const add = (warehouse: string | undefined, change: number) =>
      backlog.set(String(warehouse), (backlog.get(String(warehouse)) ?? 0) + change)
    let compared = 0
    rows.forEach(({ event, who, what, impact }, i) => {
      if (what.did === 'released') add(who.warehouse, 1)
      if (what.did === 'handedOver') add(who.warehouse, -1)
      const inHouse = ['released', 'picking', 'picked', 'packing', 'packed'].includes(String(what.from))
      if (what.did === 'cancelled' && inHouse) add(who.warehouse, -1)
      const isLastOfEvent = rows[i + 1]?.event !== event
      if (!isLastOfEvent || impact.backlog === undefined || who.warehouse === undefined) return
      expect(impact.backlog, `event ${event}`).toBe(backlog.get(who.warehouse) ?? 0)
      compared++
    })
    expect(compared).toBeGreaterThan(1_000)
  })

  test('is handed on in blocks of a fixed size, however long the run', () => {
    expect(rows.length).toBeGreaterThan(2 * 4096)
    expect(largest).toBeLessThanOrEqual(4096)
  })
})

test.each(['nearest', 'cheapest', 'shortest-queue+smoothed'])('every law of a trace holds under %s too', async (policies) => {
  const other = await traced({ ...run, policies, seed: policies })
  for (const life of other.lives) {
    const sum = blameByCause(life).reduce((total, { blameMs }) => total + blameMs, 0)
    expect(sum).toBe(Math.max(0, life.lateMs ?? 0))
    for (const { fromMs, toMs, spent } of life.stages)
      expect(spent.reduce((total, { tookMs }) => total + tookMs, 0)).toBe(toMs - fromMs)
  }
  const ended = other.rows.filter(({ what }) => what.orderEnded === 1 && what.measured === 1)
  expect(ended.length).toBe(other.outcome.sums.placed - other.outcome.sums.open)
})

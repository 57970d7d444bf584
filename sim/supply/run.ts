import { pop, schedule } from '../apply/event-list.ts'
import { createRec, createSupplyWorld, setNow, settleAll, startMeasuring, stock } from '../apply/supply.ts'
import { bug } from '../check.ts'
import type { Dice } from '../random.ts'
import { DAY_MS } from '../units.ts'
import { comeIn, gapMs } from './customers.ts'
import { arriveAtCustomer } from './delivery.ts'
import { RULE, type SupplyNetwork } from './network.ts'
import { arrive, finishBatch, lookNow, orderByRule, review } from './replenish.ts'
import { phasesOf, type SupplyRun } from './supply-run.ts'
import { eventMsOf, KIND, KIND_NAMES, kindOf, type Rec } from './world.ts'

/** A network on its first morning: shelves stocked, customers and reviews planned, and the first orders placed. */
export function openSupply(network: SupplyNetwork, dice: Dice): SupplyRun {
  const { N, streams } = network
  // One clockwork each for streams and reviews; beside them some orders for each site, more where that does not do.
  const records = 1024 + streams.length + 4 * N
  let buckets = 1024
  while (buckets < records) buckets *= 2
  const pen = createSupplyWorld({ sites: N, streams: streams.length, records, buckets })
  const run: SupplyRun = { world: pen, pen, network, dice, phases: phasesOf(network) }
  for (let i = 0; i < N; i++) if (network.initial[i] > 0) stock(pen, i, network.initial[i])
  for (let i = 0; i < N; i++) {
    if (network.rule[i] === RULE.none) continue
    if (network.reviewMs[i] > 0) schedule(pen, createRec(pen, KIND.review, i, -1, -1), 0, run.phases.review)
    else orderByRule(run, i)
  }
  for (const [s, stream] of streams.entries()) {
    const first = Number.isNaN(stream.firstMs) ? gapMs(run, stream, 0) : stream.firstMs
    schedule(pen, createRec(pen, KIND.stream, stream.site, -1, s), first, run.phases.stream)
  }
  return run
}

/** Runs to the end of the measured days, whose last instant is the first that is not in them. `watch` sees the world after every event. */
export function runSupply(run: SupplyRun, watch?: (run: SupplyRun) => void): void {
  const { world, pen, network } = run
  const warmMs = network.warmupDays * DAY_MS
  const endMs = warmMs + network.days * DAY_MS
  let measuring = warmMs === 0
  for (;;) {
    const p = pop(pen)
    const atMs = p < 0 ? Number.POSITIVE_INFINITY : eventMsOf(world, p)
    if (!measuring && atMs >= warmMs) {
      startMeasuring(pen, warmMs)
      measuring = true
    }
    if (atMs >= endMs) break
    setNow(pen, atMs)
    handle(run, p)
    if (watch !== undefined) watch(run)
  }
  settleAll(pen, endMs)
}

function handle(run: SupplyRun, p: Rec): void {
  const kind = kindOf(run.world, p)
  switch (kind) {
    case KIND.stream:
      comeIn(run, p)
      return
    case KIND.shipment:
      arrive(run, p)
      return
    case KIND.review:
      review(run, p)
      return
    case KIND.look:
      lookNow(run, p)
      return
    case KIND.batch:
      finishBatch(run, p)
      return
    case KIND.delivery:
      arriveAtCustomer(run, p)
      return
    default:
      bug(`a ${KIND_NAMES[kind]} has no event`)
  }
}

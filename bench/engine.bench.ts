import { loadPolicies } from '../policies/catalog.ts'
import { clockOf } from '../scenarios/clock.ts'
import { parseContestant } from '../scenarios/contestant.ts'
import { inlineMore } from '../scenarios/inlining.ts'
import { loadNetwork } from '../scenarios/read/network.ts'
import { loadScenario } from '../scenarios/read/scenario.ts'
import { pop, schedule } from '../sim/apply/event-list.ts'
import { createRecord, createWorld } from '../sim/apply/records.ts'
import { openRun } from '../sim/engine.ts'
import { compileNetwork } from '../sim/network.ts'
import { type Outcome, simulate } from '../sim/outcome.ts'
import type { Policies } from '../sim/policy.ts'
import { dice, draw, PURPOSE } from '../sim/random.ts'
import { compileScene } from '../sim/scene.ts'
import { DAY_MS } from '../sim/units.ts'
import { eventMs, REG } from '../sim/world.ts'

/**
 * How fast the simulator is and how much memory it takes, in CPU time of the whole process (compiler and collector threads included)
 * after a warm-up, so that a busy machine does not matter much. Medians; the number of runs is in the notes.
 */
export const benchmark = {
  name: 'engine',
  about: 'Orders per CPU-second end to end, bytes per order, and the event list alone.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    inlineMore()
    const runs = quick ? 15 : 40
    const bundled = await loadNetwork('brazil')
    const network = compileNetwork(bundled.spec)
    const policies = await loadPolicies((await parseContestant('live-greedy')).policies)
    const run = (scenario: string, replication: number) => simulateOnce({ bundled, network, policies, scenario, replication })

    onProgress('warming up')
    for (let i = 0; i < 12; i++) run('calm', i)
    const rates: number[] = []
    let heapBytes = 0
    let orders = 0
    for (let i = 0; i < runs; i++) {
      onProgress(`calm week ${i + 1} of ${runs}`)
      const before = process.memoryUsage().heapUsed
      const { outcome, cpuSeconds } = run('calm', i)
      heapBytes += Math.max(0, process.memoryUsage().heapUsed - before)
      orders += outcome.orders
      rates.push(outcome.orders / cpuSeconds)
    }
    onProgress('sale day')
    const sale = run('peak-sale', 0)
    const saleDayOrders = ordersOfBusiestDay(sale.outcome)
    const bytesPerOrder = sale.outcome.bytes / saleDayOrders

    onProgress('event list')
    const holds = [100, 1_000, 10_000].map((pending) => ({
      pending,
      perSecond: median(Array.from({ length: 5 }, () => hold(pending))),
    }))
    const drawNs = median(Array.from({ length: 5 }, drawCost))

    return {
      targets: [
        {
          name: 'orders per CPU-second, live-greedy on the bundled network, calm',
          value: Math.round(median(rates)),
          unit: 'orders/CPU-s',
          target: '≥ 250000',
          met: median(rates) >= 250_000,
        },
        {
          name: 'memory per order of the sale day, peak-sale on the bundled network',
          value: Math.round(bytesPerOrder),
          unit: 'bytes/order',
          target: '≤ 400',
          met: bytesPerOrder <= 400,
        },
      ],
      notes: [
        `${runs} runs after 12 to warm up; slowest ${Math.round(Math.min(...rates))}, fastest ${Math.round(Math.max(...rates))} orders/CPU-s`,
        `sale day: ${saleDayOrders} orders, arena ${sale.outcome.bytes} bytes; all ${sale.outcome.orders} orders of the run: ${Math.round(sale.outcome.bytes / sale.outcome.orders)} bytes each`,
        `JavaScript heap: about ${Math.round(heapBytes / orders)} bytes of growth seen per order, collected or not`,
        ...holds.map(
          ({ pending, perSecond }) =>
            `hold model, ${pending} pending: ${(perSecond / 1e6).toFixed(1)} M events/CPU-s (median of 5)`,
        ),
        `keyed draw: ${drawNs.toFixed(1)} ns (median of 5)`,
      ],
    }
  },
}

type Bench = {
  bundled: Awaited<ReturnType<typeof loadNetwork>>
  network: ReturnType<typeof compileNetwork>
  policies: Policies
  scenario: string
  replication: number
}

function simulateOnce({ bundled, network, policies, scenario, replication }: Bench): { outcome: Outcome; cpuSeconds: number } {
  const { spec } = loadScenario(scenario)
  const clock = clockOf(network, spec, null)
  const luck = dice('bench', replication)
  const started = process.cpuUsage()
  const scene = compileScene({
    network,
    spec: bundled.spec,
    scenario: spec,
    dice: luck,
    dayZeroMs: clock.dayZeroMs,
    endMs: clock.endMs,
  })
  const outcome = simulate(openRun({ network, scene, clock, dice: luck, policies, replay: null, keepsOrigins: false }))
  return { outcome, cpuSeconds: secondsSince(started) }
}

function ordersOfBusiestDay({ dueByHour, sums }: Outcome): number {
  // Orders that ended, by the hour they were placed in; scaled to all that were placed.
  const perDay: number[] = []
  dueByHour.forEach((due, hour) => {
    perDay[Math.floor(hour / 24)] = (perDay[Math.floor(hour / 24)] ?? 0) + due
  })
  const ended = perDay.reduce((sum, orders) => sum + orders, 0)
  return Math.round((Math.max(...perDay) * sums.placed) / ended)
}

/** Hold model: take the next event and schedule it again, evenly over twice the mean time; events per CPU-second. */
function hold(pending: number): number {
  let buckets = 1024
  while (buckets < 2 * pending) buckets *= 2
  const world = createWorld({ W: 1, Z: 1, S: 1, H: 1, K: 1, U: 1 }, { records: pending + 8, lines: 16, buckets, hours: 1 })
  const luck = dice('hold', pending)
  for (let i = 0; i < pending; i++) schedule(world, createRecord(world), draw(luck, i, PURPOSE.gap, 0) * DAY_MS, 0)
  const times = Float64Array.from({ length: 4096 }, (_, i) => draw(luck, i, PURPOSE.gap, 1) * DAY_MS)
  const events = 2_000_000
  const started = process.cpuUsage()
  for (let i = 0; i < events; i++) {
    const p = pop(world)
    schedule(world, p, eventMs(world, p) + times[i & 4095], 0)
  }
  world.regs[REG.sequence] = 0
  return events / secondsSince(started)
}

function drawCost(): number {
  const luck = dice('draw', 0)
  const draws = 5_000_000
  let sum = 0
  const started = process.cpuUsage()
  for (let i = 0; i < draws; i++) sum += draw(luck, i, PURPOSE.gap, 0)
  const ns = (secondsSince(started) * 1e9) / draws
  return sum > 0 ? ns : Number.NaN
}

function secondsSince(started: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(started)
  return (used.user + used.system) / 1e6
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

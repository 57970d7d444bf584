import { threadCode } from '../scenarios/bundle.ts'
import { parseContestant } from '../scenarios/contestant.ts'
import { openPool, type Pool } from '../scenarios/pool.ts'
import { NATION } from './national.ts'
import type { NationalDay, NationalSetup, NationalTask } from './national-measuring.ts'
import { atMost } from './target.ts'

const MILLION = 1_000_000

/**
 * A country's peak day, from the first order to the last return, live-greedy deciding every order: what it takes of the processor and of
 * memory, how that goes with the number of orders, and how well replications share the processors.
 *
 * What bends the curve. To the left, what a day costs whether anybody orders or not: shelves opened with their history, and 60,000 of them reviewed
 * each morning until the last parcel has left. To the right, memory: each order is a record of 32 bytes and 12 of details, and all of a day's are under way at
 * once, so that from some 10,000 orders on an event's first look at its record misses one cache after the other.
 */
export const benchmark = {
  name: 'national',
  about: 'A national peak day of a million orders: CPU time, memory, cost per order by size, and replications on two threads.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    const contestant = await parseContestant('live-greedy')
    const data: NationalSetup = { contestant }
    const file = new URL('./national-measuring.ts', import.meta.url)
    const { code, note } = await threadCode(file, 'openNation', Object.values(contestant.policies))
    const { signal } = new AbortController()
    const open = (workers: number): Pool<NationalTask, NationalDay> =>
      openPool<NationalTask, NationalDay>({ code, workers, data, signal, onRetry: onProgress })
    const one = open(1)
    try {
      onProgress('warming up')
      for (let i = 0; i < 3; i++) await one.run({ orders: 50_000, replication: i })
      onProgress('a million orders')
      const days: NationalDay[] = []
      for (let i = 0; i < (quick ? 1 : 3); i++) days.push(await one.run({ orders: MILLION, replication: 0 }))
      const day = [...days].sort((a, b) => a.cpuSeconds - b.cpuSeconds)[Math.floor(days.length / 2)]
      const curve: NationalDay[] = []
      for (const orders of quick ? [10_000, 100_000] : [10_000, 30_000, 100_000, 300_000, 3_000_000]) {
        onProgress(`${orders.toLocaleString('en-US')} orders`)
        curve.push(await one.run({ orders, replication: 0 }))
      }
      curve.push(day)
      curve.sort((a, b) => a.orders - b.orders)
      const scaling = await scale(one, open, quick ? 4 : 8, onProgress)
      // Only the first shows what a run by itself takes; the arenas of earlier ones are given back when the collector comes to it.
      const rssMb = days[0].peakRssBytes / 1e6
      const perOrder = day.arenaBytes / day.orders
      return {
        targets: [
          atMost(`national peak day, ${day.orders.toLocaleString('en-US')} orders`, day.cpuSeconds, 'CPU-s', 3),
          atMost('arena of it for each order', perOrder, 'bytes/order', 64),
          atMost('memory of the whole process at its largest', rssMb, 'MB', 512),
          {
            name: 'CPU time of replications on one thread beside two: throughput for each thread, where each has a processor to itself',
            value: scaling.efficiency,
            unit: 'of 1',
            target: '≥ 0.9',
            met: scaling.efficiency >= 0.9,
          },
          atMost('replications that came out otherwise on two threads', scaling.differ, 'replications', 0),
        ],
        notes: [
          ...(note === null ? [] : [note]),
          `${NATION.warehouses} warehouses × 3 services × ${NATION.zones} zones × ${NATION.skus} articles; ${day.events.toLocaleString('en-US')} events; ${(100 * day.onTimeShare).toFixed(1)} % in time`,
          `opening the world ${day.openSeconds.toFixed(2)} s of it; making the network ready, once for all runs, ${day.compileSeconds.toFixed(2)} s beside it`,
          `CPU time for each order by size: ${curve.map(shown).join('; ')}`,
          `records of 32 bytes, and 12 of details, in use at once: ${(day.peakRecords / day.orders).toFixed(2)} an order`,
          `by the wall clock: ${scaling.wallOne.toFixed(2)} s on one thread, ${scaling.wallTwo.toFixed(2)} s on two; says little while other programs run`,
        ],
      }
    } finally {
      await one.close()
    }
  },
}

const shown = ({ orders, cpuSeconds, openSeconds }: NationalDay): string => {
  const us = (seconds: number): string => ((seconds * 1e6) / orders).toFixed(2)
  return `${orders.toLocaleString('en-US')}: ${us(cpuSeconds)} µs (${us(cpuSeconds - openSeconds)} without opening)`
}

type Scaling = { efficiency: number; differ: number; wallOne: number; wallTwo: number }

/**
 * The same replications on one thread and on two, the better of two tries each. Threads wait for nothing and share nothing but caches and memory,
 * so what CPU time they lose to each other is what throughput loses; the wall clock would show the neighbours.
 */
async function scale(
  one: Pool<NationalTask, NationalDay>,
  open: (workers: number) => Pool<NationalTask, NationalDay>,
  replications: number,
  onProgress: (text: string) => void,
): Promise<Scaling> {
  const orders = 100_000
  const two = open(2)
  const all = async (pool: Pool<NationalTask, NationalDay>) => {
    const started = performance.now()
    const cpu = process.cpuUsage()
    const days = await Promise.all(Array.from({ length: replications }, (_, replication) => pool.run({ orders, replication })))
    const { user, system } = process.cpuUsage(cpu)
    return { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6, digests: days.map(({ digest }) => digest) }
  }
  try {
    onProgress('two threads')
    for (let i = 0; i < 2; i++) await all(two)
    const tries = { ones: [await all(one)], twos: [await all(two)] }
    tries.ones.push(await all(one))
    tries.twos.push(await all(two))
    const ones = tries.ones.sort((a, b) => a.cpu - b.cpu)
    const twos = tries.twos.sort((a, b) => a.cpu - b.cpu)
    return {
      efficiency: ones[0].cpu / twos[0].cpu,
      differ: ones[0].digests.filter((digest, i) => digest !== twos[0].digests[i]).length,
      wallOne: ones[0].wall,
      wallTwo: twos[0].wall,
    }
  } finally {
    await two.close()
  }
}

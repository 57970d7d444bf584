import { threadCode } from '../scenarios/bundle.ts'
import { parseContestant } from '../scenarios/contestant.ts'
import { openPool } from '../scenarios/pool.ts'
import { loadNetwork } from '../scenarios/read/network.ts'
import { loadScenario } from '../scenarios/read/scenario.ts'
import type { Measured, Measurement, MeasureSetup } from './engine-measuring.ts'
import { median } from './measured.ts'
import { atLeast, type Target } from './target.ts'

/**
 * How fast the simulator is and how much memory it takes, in CPU time of the whole process (compiler and collector threads included)
 * after a warm-up, so that a busy machine does not matter much. Medians; the number of runs is in the notes.
 */
export const benchmark = {
  name: 'engine',
  about: 'Orders per CPU-second end to end, bytes per order, and the event list alone.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    const runs = quick ? 15 : 40
    const contestant = await parseContestant('live-greedy')
    const setup: MeasureSetup = {
      spec: (await loadNetwork('brazil')).spec,
      scenarios: { calm: loadScenario('calm').spec, 'peak-sale': loadScenario('peak-sale').spec },
      contestant,
    }
    const file = new URL('./engine-measuring.ts', import.meta.url)
    const { code, note } = await threadCode(file, 'openMeasuring', Object.values(contestant.policies))
    const { signal } = new AbortController()
    const pool = openPool<Measurement, Measured>({ code, workers: 1, data: setup, signal, onRetry: onProgress })
    try {
      const repeat = async (times: number, ask: (i: number) => Measurement): Promise<Measured[]> => {
        const all: Measured[] = []
        for (let i = 0; i < times; i++) all.push(await pool.run(ask(i)))
        return all
      }
      onProgress('warming up')
      await repeat(12, (replication) => ({ what: 'run', scenario: 'calm', replication }))
      onProgress(`${runs} calm weeks`)
      const weeks = await repeat(runs, (replication) => ({ what: 'run', scenario: 'calm', replication }))
      const rates = weeks.map(perSecond)
      const orders = weeks.reduce((sum, { count }) => sum + count, 0)
      const heapBytes = weeks.reduce((sum, one) => sum + Math.max(0, one.heapBytes), 0)
      onProgress('sale day')
      const sale = await pool.run({ what: 'run', scenario: 'peak-sale', replication: 0 })
      const bytesPerOrder = sale.arenaBytes / sale.busiestDayOrders
      onProgress('event list')
      const holds: Target[] = []
      await repeat(4, (i) => ({ what: 'hold', pending: 10 ** (2 + (i % 3)) }))
      for (const [pending, least] of [
        [100, 20],
        [1_000, 20],
        [10_000, 20],
        [1_000_000, 2.5],
      ]) {
        const rate = median((await repeat(5, () => ({ what: 'hold', pending }))).map(perSecond)) / 1e6
        const name = `hold model, ${pending.toLocaleString('en-US')} pending`
        holds.push(atLeast(name, rate, 'M events/CPU-s', least))
      }
      const drawNs = 1e9 / median((await repeat(5, () => ({ what: 'draw' }))).map(perSecond))

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
          ...holds,
        ],
        notes: [
          ...(note === null ? [] : [note]),
          `${runs} runs after 12 to warm up; slowest ${Math.round(Math.min(...rates))}, fastest ${Math.round(Math.max(...rates))} orders/CPU-s`,
          `sale day: ${sale.busiestDayOrders} orders, arena ${sale.arenaBytes} bytes; all ${sale.count} orders of the run: ${Math.round(sale.arenaBytes / sale.count)} bytes each`,
          `JavaScript heap: about ${Math.round(heapBytes / orders)} bytes of growth seen per order, collected or not`,
          `keyed draw: ${drawNs.toFixed(1)} ns (median of 5)`,
        ],
      }
    } finally {
      await pool.close()
    }
  },
}

const perSecond = ({ count, cpuSeconds }: Measured): number => count / cpuSeconds

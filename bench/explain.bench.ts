import { threadCode } from '../scenarios/bundle.ts'
import { parseContestant } from '../scenarios/contestant.ts'
import { openPool } from '../scenarios/pool.ts'
import { loadNetwork } from '../scenarios/read/network.ts'
import { loadScenario } from '../scenarios/read/scenario.ts'
import type { AskMeasured, DayMeasured, ExplainSetup, ExplainTask, Spread } from './explain-measuring.ts'
import { median } from './measured.ts'
import { atMost } from './target.ts'

const SIZES = [
  { warehouses: 40, lines: 5 },
  { warehouses: 300, lines: 5 },
] as const
const WHY_NOT_MS = 10
const MORE_SHARE = 0.2

/**
 * What explaining costs: one question about one order, in random countries where most orders are split; and every decision of a run of the
 * bundled network, its terms and its runner-up kept, beside the same run unexplained. Runs take turns, so that what a neighbour on the
 * machine takes falls on both.
 */
export const benchmark = {
  name: 'explain',
  about: 'Time to explain a decision and to answer why-not, and what explaining every decision adds to a run.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    const contestant = await parseContestant('live-greedy')
    const data: ExplainSetup = {
      contestant,
      spec: (await loadNetwork('brazil')).spec,
      scenario: loadScenario('peak-sale').spec,
    }
    const file = new URL('./explain-measuring.ts', import.meta.url)
    const { code, note } = await threadCode(file, 'openExplaining', Object.values(contestant.policies))
    const { signal } = new AbortController()
    const open = () => openPool<ExplainTask, AskMeasured | DayMeasured>({ code, workers: 1, data, signal, onRetry: onProgress })
    const asked: { name: string; found: AskMeasured }[] = []
    const asking = open()
    try {
      for (const { warehouses, lines } of SIZES) {
        onProgress(`${warehouses} warehouses, ${lines} lines`)
        const found = await asking.run({ what: 'ask', warehouses, lines, orders: quick ? 400 : 2000 })
        asked.push({ name: `${warehouses} warehouses × 3 services × ${lines} lines`, found: found as AskMeasured })
      }
    } finally {
      await asking.close()
    }
    // A thread for each: a run that was never explained knows nothing of explanations.
    const [plain, chosen, explained] = [open(), open(), open()]
    try {
      const rounds = quick ? 5 : 11
      const ratios: number[] = []
      const chosenRatios: number[] = []
      let last: DayMeasured | null = null
      for (let round = -2; round < rounds; round++) {
        onProgress(round < 0 ? 'warming up' : `run ${round + 1} of ${rounds}, explained and not`)
        const without = (await plain.run({ what: 'day', explained: 'no' })) as DayMeasured
        const bought = (await chosen.run({ what: 'day', explained: 'chosen' })) as DayMeasured
        const with_ = (await explained.run({ what: 'day', explained: 'all' })) as DayMeasured
        if (without.digest !== with_.digest || without.digest !== bought.digest)
          throw new Error('the explained run is another run')
        if (round >= 0) {
          ratios.push(with_.cpuSeconds / without.cpuSeconds)
          chosenRatios.push(bought.cpuSeconds / without.cpuSeconds)
        }
        last = with_
      }
      const more = (all: readonly number[]): number => 100 * (median(all) - 1)
      return {
        targets: [
          ...asked.map(({ name, found }) => atMost(`99 in 100 answers to why-not: ${name}`, found.whyNot.p99, 'ms', WHY_NOT_MS)),
          atMost('what the terms of every decision add to the CPU time of a run', more(chosenRatios), '%', 100 * MORE_SHARE),
          atMost('what terms and runner-up of every decision add to it', more(ratios), '%', 100 * MORE_SHARE),
        ],
        notes: [
          ...(note === null ? [] : [note]),
          ...asked.map(
            ({ name, found }) =>
              `${name}: why-not ${shown(found.whyNot)}, ${(100 * found.dearerShare).toFixed(0)} % answered by a set; whole explanation ${shown(found.explain)}`,
          ),
          `${last?.decisions} decisions a run, ${last?.withRunnerUp} with a runner-up; ratios ${ratios.map((ratio) => ratio.toFixed(3)).join(', ')}`,
        ],
      }
    } finally {
      await Promise.all([plain.close(), chosen.close(), explained.close()])
    }
  },
}

const shown = ({ p50, p99, max }: Spread): string => `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}, max ${max.toFixed(2)} ms`

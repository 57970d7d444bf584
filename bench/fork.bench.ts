import { threadCode } from '../scenarios/bundle.ts'
import { parseContestant } from '../scenarios/contestant.ts'
import { openPool } from '../scenarios/pool.ts'
import { loadNetwork } from '../scenarios/read/network.ts'
import { loadScenario } from '../scenarios/read/scenario.ts'
import type { NetworkSpec } from '../sim/network-spec.ts'
import type { ForkMeasured, ForkSetup, ForkTask, OpenMeasured, PutAwayMeasured } from './fork-measuring.ts'
import { median } from './measured.ts'
import { atMost } from './target.ts'

/** So many times the bundled network's customers and hands: on the evening of its sale day a million orders are open. */
const TIMES = 64
const OPEN_ORDERS = 1_000_000
const EVENTS = 600_000

/**
 * What it costs to fork a world in full swing and to run the copy ahead. CPU time of the whole process, after forks to warm up; each
 * copy is held against the original byte by byte, and its books are checked before and after, outside the time that is measured.
 */
export const benchmark = {
  name: 'fork',
  about: 'Forking a world with 1,000,000 open orders, and 600,000 events of its future.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    const forks = quick ? 7 : 25
    const contestant = await parseContestant('live-greedy')
    const setup: ForkSetup = {
      spec: scaled((await loadNetwork('brazil')).spec, TIMES),
      scenario: loadScenario('peak-sale').spec,
      contestant,
    }
    const file = new URL('./fork-measuring.ts', import.meta.url)
    const { code, note } = await threadCode(file, 'openForking', Object.values(contestant.policies))
    const { signal } = new AbortController()
    const pool = openPool<ForkTask, ForkMeasured | OpenMeasured | PutAwayMeasured>({
      code,
      workers: 1,
      data: setup,
      signal,
      onRetry: onProgress,
    })
    try {
      onProgress(`running the sale until ${OPEN_ORDERS} orders are open`)
      const world = (await pool.run({ what: 'open', untilOpen: OPEN_ORDERS })) as OpenMeasured
      onProgress('warming up')
      const first = (await pool.run({ what: 'fork', events: EVENTS })) as ForkMeasured
      await pool.run({ what: 'fork', events: EVENTS })
      onProgress(`${forks} forks`)
      const all: ForkMeasured[] = []
      for (let i = 0; i < forks; i++) all.push((await pool.run({ what: 'fork', events: EVENTS })) as ForkMeasured)
      onProgress('snapshot')
      const kept = (await pool.run({ what: 'putAway' })) as PutAwayMeasured

      const forkMs = all.map((one) => one.forkMs)
      // Per event, so that the last minute's surplus does not count.
      const aheadMs = all.map((one) => (one.aheadMs * EVENTS) / one.events)
      const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
      const { underWay } = world
      return {
        targets: [
          {
            name: `fork of a world with ${world.openOrders} open orders, into memory used before`,
            value: median(forkMs),
            unit: 'CPU-ms',
            target: `≤ 10 with ≥ ${OPEN_ORDERS} open`,
            met: median(forkMs) <= 10 && world.openOrders >= OPEN_ORDERS,
          },
          atMost(`${EVENTS} events of a fork's future, live-greedy deciding`, median(aheadMs), 'CPU-ms', 350),
        ],
        notes: [
          ...(note === null ? [] : [note]),
          `medians of ${forks} forks after 2 to warm up; fork ${range(forkMs, 1)} ms, future ${range(aheadMs, 0)} ms`,
          `bundled network × ${TIMES} in peak-sale, ${hoursText(world.atHours)}: ${underWay.picks} picks half done, ` +
            `${underWay.onTheRoad} parcels on the road, ${underWay.unitsReserved} units reserved; built in ${world.cpuSeconds.toFixed(1)} CPU-s`,
          `copied: ${mb(world.liveBytes)} of an arena of ${mb(world.arenaBytes)}, ${(world.liveBytes / median(forkMs) / 1e6).toFixed(1)} GB/s`,
          `into memory never used before, the first time: ${first.forkMs.toFixed(0)} ms`,
          `the future: ${Math.round(all[0].events)} events in ${all[0].hours.toFixed(2)} simulated hours, ${((median(aheadMs) * 1e6) / EVENTS).toFixed(0)} ns each`,
          `snapshot: ${mb(kept.bytes)}, taken in ${kept.takeMs.toFixed(0)} ms, restored in ${kept.restoreMs.toFixed(0)} ms, digests of both included`,
        ],
      }
    } finally {
      await pool.close()
    }
  },
}

/** So many times as many customers, with as many times the hands; trucks, hubs and vans follow demand by themselves, and so does stock. */
function scaled(spec: NetworkSpec, times: number): NetworkSpec {
  return {
    ...spec,
    demand: { ...spec.demand, ordersPerDay: spec.demand.ordersPerDay * times },
    warehouses: spec.warehouses.map((warehouse) => ({
      ...warehouse,
      shifts: warehouse.shifts.map((shift) => ({ ...shift, pickers: shift.pickers * times, packers: shift.packers * times })),
    })),
  }
}

const hoursText = (hours: number): string => `day ${Math.floor(hours / 24)} ${String(Math.round(hours % 24)).padStart(2, '0')}:00`

const range = (values: readonly number[], digits: number): string =>
  `${Math.min(...values).toFixed(digits)} … ${Math.max(...values).toFixed(digits)}`

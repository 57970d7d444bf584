import { threadCode } from '../scenarios/bundle.ts'
import { parseContestant } from '../scenarios/contestant.ts'
import { openPool } from '../scenarios/pool.ts'
import type { RouterSetup, RouterTask, Searches } from './router-measuring.ts'
import { atMost } from './target.ts'

const POLICIES = ['live-greedy', 'cheapest', 'nearest'] as const
const SERVICES = 3
const CAP = 1000

/** Sizes, and what half of their searches may take at most, in µs; null where nothing is asked. */
type Size = {
  readonly warehouses: number
  readonly lines: number
  readonly most: number | null
  readonly limits?: { readonly maxShipments?: number; readonly co2GramsPerOrder?: number; readonly mustBeInTime?: boolean }
}
const SIZES: readonly Size[] = [
  { warehouses: 40, lines: 5, most: 50 },
  { warehouses: 100, lines: 5, most: null },
  { warehouses: 300, lines: 5, most: 1000 },
  { warehouses: 40, lines: 8, most: null },
  // Under a cap that the cheapest set breaks now and then, so that a leaner one is searched for.
  { warehouses: 40, lines: 5, most: null, limits: { maxShipments: 3, co2GramsPerOrder: CAP } },
  { warehouses: 300, lines: 5, most: null, limits: { maxShipments: 3, co2GramsPerOrder: CAP } },
]

/**
 * How long the router searches for the cheapest set of shipments, over random orders in random countries where an article lies in some
 * warehouses only, so that most orders are split. Each search is timed several times and its least time counts, by the wall clock of a thread
 * that does nothing else: a search is too short for the clock of its CPU time, and what neighbours take is no part of it.
 */
export const benchmark = {
  name: 'router',
  about: 'Time of an exact search for the cheapest set of shipments, by size of network and order.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    const contestants = await Promise.all(POLICIES.map(parseContestant))
    const orders = quick ? 400 : 2000
    const file = new URL('./router-measuring.ts', import.meta.url)
    const { code, note } = await threadCode(
      file,
      'openRouting',
      contestants.flatMap(({ policies }) => Object.values(policies)).filter((id, i, all) => all.indexOf(id) === i),
    )
    const { signal } = new AbortController()
    const rows: { name: string; found: Searches; most: number | null }[] = []
    for (const [contestant, policy] of POLICIES.entries()) {
      // A thread for each policy: one that has priced by several is slower, and no run does that.
      const data: RouterSetup = { contestants }
      const pool = openPool<RouterTask, Searches>({ code, workers: 1, data, signal, onRetry: onProgress })
      try {
        onProgress(`${policy}: warming up`)
        await pool.run({ contestant, warehouses: 20, lines: 4, orders: 1000 })
        for (const { warehouses, lines, most, limits } of SIZES) {
          onProgress(`${policy}: ${warehouses} warehouses, ${lines} lines`)
          const found = await pool.run({ contestant, warehouses, lines, orders, ...(limits === undefined ? {} : { limits }) })
          rows.push({
            name: `${policy}, ${warehouses} warehouses × ${SERVICES} services × ${lines} lines${limits === undefined ? '' : `, at most ${CAP} g CO2e`}`,
            found,
            most,
          })
        }
      } finally {
        await pool.close()
      }
    }
    return {
      targets: rows.flatMap(({ name, found, most }) =>
        most === null ? [] : [atMost(`half the searches: ${name}`, found.p50, 'µs', most)],
      ),
      notes: [...(note === null ? [] : [note]), ...rows.map(({ name, found }) => `${name}: ${shown(found)}`)],
    }
  },
}

const shown = ({ p50, p90, p99, mean, splitShare, noneShare }: Searches): string =>
  `p50 ${p50.toFixed(1)}, p90 ${p90.toFixed(1)}, p99 ${p99.toFixed(1)}, mean ${mean.toFixed(1)} µs; ${(100 * splitShare).toFixed(0)} % split, ${(100 * noneShare).toFixed(0)} % not to be had`

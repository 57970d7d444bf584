import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseContestantOn } from '../../scenarios/contestant.ts'
import { loadFitted } from '../../scenarios/fit/fit-file.ts'
import { fitNetwork } from '../../scenarios/fit/fit-network.ts'
import { readHistory } from '../../scenarios/import/import.ts'
import { ledger } from '../../scenarios/import/ledger.ts'
import { DAY_MS, WEEK_MS } from '../../sim/units.ts'
import { presentOf } from '../futures/present.ts'
import { futuresCode, replicate } from '../futures/run-futures.ts'
import { viewsOfState } from '../futures/view-source.ts'
import { historyEvents } from '../ingest/history-events.ts'
import { openSelf } from '../reality/self.ts'
import type { Calibration, Drift } from './calibration.ts'
import { type Errata, NO_ERRATA } from './errata.ts'
import { type Fidelity, fidelity } from './fidelity.ts'
import { AT_FIRST, type Standing } from './judge.ts'

const dir = fileURLToPath(new URL('../../../shared/data/olist', import.meta.url))
const has = existsSync(dir)
const OFFSET = -180

/** A record of two months, told to a twin of a network that was fitted to what was known before them. */
async function twinOfRecord(folder: string) {
  const out = join(folder, 'net')
  const source = { kind: 'olist', dir } as const
  await fitNetwork({ source, out, untilMs: Date.UTC(2018, 6, 1), scale: 1, headroom: null })
  const fitted = await loadFitted(out)
  const history = await readHistory(source, ledger(), undefined)
  const within = { offsetMinutes: OFFSET, fromMs: Date.UTC(2018, 5, 25), untilMs: Date.UTC(2018, 8, 1) }
  const lines = historyEvents(history, fitted, within)
  const { far, state } = openSelf()
  const receipt = await far.send(lines.map(({ line }) => line))
  return { spec: fitted.spec, state, lines, receipt }
}

test.skipIf(!has)(
  'real orders told to a twin of their network: it knows what nobody tells of, says what does not hold, and once it knows what it is off by nine intervals in ten hold (needs ../shared/data/olist)',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-olist-'))
    try {
      const { spec, state, lines, receipt } = await twinOfRecord(folder)
      expect(lines.length).toBeGreaterThan(5000)
      expect(receipt).toMatchObject({ accepted: lines.length, quarantined: 0 })
      const present = presentOf(state.at(Date.UTC(2018, 7, 10, 3)), spec, OFFSET)
      expect(present.leftOut).toEqual({})
      expect(present.silentRoad).toBe(true)

      const contestant = await parseContestantOn(spec, 'nearest')
      const { code } = await futuresCode(contestant)
      const options = {
        views: viewsOfState(state),
        spec,
        hoursAhead: [24, 48, 72],
        knownFromMs: Date.UTC(2018, 6, 5, 3),
        offsetMinutes: OFFSET,
        calibrateDays: 21,
        forecastOf: (world: typeof spec, drift: Drift | null) => (view: Parameters<typeof presentOf>[0], hours: number) => {
          const at = presentOf(view, world, OFFSET)
          const order = { spec: world, drift, present: at, scenario: at.conditions, contestant, seed: String(view.asOfMs), hours }
          return replicate(code, order, {
            replications: 20,
            workers: null,
            signal: new AbortController().signal,
            onProgress: () => {},
          })
        },
      }
      const judged = (endMs: number, before: Standing, inForce: Calibration | null, errata: Errata) =>
        fidelity({
          ...options,
          asOfMs: endMs,
          before,
          inForce,
          errata,
          cuts: [3, 4, 5, 6, 7, 8, 9].map((ago) => endMs - ago * DAY_MS).reverse(),
        })
      const weeks: Fidelity[] = []
      let before: Fidelity | undefined
      for (let week = 0; week < 4; week++) {
        const endMs = Date.UTC(2018, 6, 18, 3) + week * WEEK_MS
        before = await judged(endMs, before?.standing ?? AT_FIRST, before?.inForce ?? null, before?.errata ?? NO_ERRATA)
        weeks.push(before)
      }
      const [first, ...later] = weeks
      expect(first.untold).toEqual(['pick queue', 'picking', 'pack queue', 'packing', 'dock', 'hub', 'station', 'van'])
      // late, payment, waiting, preparing, road, and what each site has to ship.
      expect(first.score.byMeasure).toHaveLength(5 + spec.warehouses.length)
      expect(first.score.numbers).toBe(7 * 3 * (5 + spec.warehouses.length))
      // A network that was fitted to the months before knows nothing of Mondays on which vans bring less than a weekend's parcels, and is too sure.
      expect(first.score.coverage).toBeLessThan(0.85)
      expect(first.standing.state).toBe('watched')
      // What it was off by is taken off from then on; each week is judged by what the weeks before it taught.
      expect(later.map(({ standing }) => standing.state)).toEqual(['trusted', 'trusted', 'trusted'])
      for (const { score } of later) {
        expect(score.coverage).toBeGreaterThan(0.85)
        expect(score.coverage).toBeLessThan(0.95)
        expect(score.skill).toBeGreaterThan(0)
      }
      expect(later.reduce((sum, { score }) => sum + score.skill, 0) / later.length).toBeGreaterThan(0.2)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  480_000,
)

import { threadCode } from '../scenarios/bundle.ts'
import { openPool, type Pool } from '../scenarios/pool.ts'
import { median } from './measured.ts'
import type { SupplyMeasured, SupplyTask } from './supply/supply-measuring.ts'
import { beside, COMPARISONS, supplyNetPy, type TheirReport } from './supply/supplynetpy.ts'
import { atLeast, atMost } from './target.ts'

const DAYS = 500
/** At this size they are asked for figures, with so many seeds; at the larger only for time. */
const SMALL = 50
const SEEDS = 30
type Linked = SupplyTask['linked']

/**
 * A national replenishment network, as in SupplyNetPy's published benchmark, beside SupplyNetPy itself: CPU time of a run, and whether both
 * come to the same stock, orders and lost sales.
 */
export const benchmark = {
  name: 'supply',
  about: "SupplyNetPy's published network of 2,000 sites over 500 days: CPU time, and figures beside SupplyNetPy's own.",
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    const { code, note } = await threadCode(new URL('./supply/supply-measuring.ts', import.meta.url), 'openSupplyMeasuring', [])
    const { signal } = new AbortController()
    const pool = openPool<SupplyTask, SupplyMeasured>({ code, workers: 1, data: null, signal, onRetry: onProgress })
    try {
      onProgress('2,000 sites')
      const runs = quick ? 9 : 21
      const published = await repeat(pool, runs, 2000, 'published')
      const inTurn = await repeat(pool, runs, 2000, 'in-turn')
      const middle = await repeat(pool, runs, 500, 'published')
      onProgress('SupplyNetPy')
      const theirs = await supplyNetPy()
      const targets = [
        atMost('2,000 sites × 500 days, as published', medianSeconds(published), 'CPU-s', 0.38),
        atMost('2,000 sites × 500 days, each with a source of its own in turn', medianSeconds(inTurn), 'CPU-s', 0.38),
        atMost('500 sites × 500 days, as published', medianSeconds(middle), 'CPU-s', 0.04),
      ]
      const notes = [
        ...(note === null ? [] : [note]),
        ...noteOf('as published', published),
        ...noteOf('in turn', inTurn),
        "SupplyNetPy's own table: 38.4 s for 2,000 sites (median of 30, on its authors' server)",
      ]
      if ('missing' in theirs) return { targets, notes: [...notes, theirs.missing] }

      const size = quick ? 500 : 2000
      onProgress(`SupplyNetPy, ${size} sites`)
      const timed = await theirs.run([String(size), String(DAYS), '1'])
      const ours = medianSeconds(quick ? middle : published)
      const ratio = timed.cpuSeconds[0] / ours
      const name = `times as fast as SupplyNetPy ${timed.version} in this run, ${size.toLocaleString('en-US')} sites`
      targets.push(atLeast(name, ratio, '×', 100))
      notes.push(`SupplyNetPy with its collector off, ${size} sites: ${timed.cpuSeconds[0].toFixed(2)} CPU-s`)
      for (const linked of ['published', 'in-turn'] as const) {
        onProgress(`SupplyNetPy, ${SEEDS} seeds of ${SMALL} sites, ${linked}`)
        const report = await theirs.run([String(SMALL), String(DAYS), String(SEEDS), linked])
        const { apart, says } = agreement(await sample(pool, linked), report, linked)
        targets.push({
          name: `figures of ${COMPARISONS} that differ from SupplyNetPy's, ${SMALL} sites, ${linked}`,
          value: apart,
          unit: 'figures',
          target: '0',
          met: apart === 0,
        })
        notes.push(says)
      }
      return { targets, notes }
    } finally {
      await pool.close()
    }
  },
}

/** The same network again and again, each time with other luck, after some to warm up. */
async function repeat(pool: Pool<SupplyTask, SupplyMeasured>, times: number, sites: number, linked: Linked) {
  const all: SupplyMeasured[] = []
  for (let i = -4; i < times; i++) {
    const one = await pool.run({ sites, days: DAYS, linked, replication: i + 4 })
    if (i >= 0) all.push(one)
  }
  return all
}

async function sample(pool: Pool<SupplyTask, SupplyMeasured>, linked: Linked): Promise<SupplyMeasured['echelons'][]> {
  const all: SupplyMeasured['echelons'][] = []
  for (let replication = 0; replication < 300; replication++)
    all.push((await pool.run({ sites: SMALL, days: DAYS, linked, replication })).echelons)
  return all
}

/** Figures whose difference is not 0 with simultaneous confidence of 95 %; and how many of ours lie in their own single intervals. */
function agreement(ours: readonly SupplyMeasured['echelons'][], theirs: TheirReport, linked: Linked) {
  const apart = beside(ours, theirs, 1 - 0.05 / COMPARISONS).filter(({ ours, theirs, half }) => Math.abs(ours - theirs) > half)
  const single = beside(ours, theirs, 0.95)
  const inside = single.filter(({ ours, theirs, theirHalf }) => Math.abs(ours - theirs) <= theirHalf)
  const widest = single.reduce((most, one) => Math.max(most, one.theirHalf / one.theirs), 0)
  const list = apart.map(
    ({ name, ours, theirs, half }) => `${name}: ${ours.toFixed(1)} and ${theirs.toFixed(1)}, ± ${half.toFixed(1)}`,
  )
  const says =
    `${linked}, ${ours.length} of our replications beside ${theirs.samples.length} of theirs: ${inside.length} of ${COMPARISONS} means ` +
    `lie in their single 95 % intervals, which are up to ± ${(100 * widest).toFixed(1)} % wide` +
    (list.length === 0 ? '' : `; apart: ${list.join(', ')}`)
  return { apart: apart.length, says }
}

function noteOf(name: string, runs: readonly SupplyMeasured[]): string[] {
  const seconds = runs.map(({ cpuSeconds }) => cpuSeconds).sort((a, b) => a - b)
  const [{ events, bytes, echelons, compileSeconds }] = runs
  const first = compileSeconds.toFixed(2)
  const lost = (100 * echelons.R.lostShare).toFixed(1)
  return [
    `${name}: ${events.toLocaleString('en-US')} events, ${Math.round((1e9 * medianSeconds(runs)) / events)} ns each; ${runs.length} runs after 4, ` +
      `${seconds[0].toFixed(3)} to ${seconds[seconds.length - 1].toFixed(3)} CPU-s; world of ${(bytes / 1e6).toFixed(1)} MB; opening included, making the network ready (${first} s, once) not; ${lost} % of what customers want is lost`,
  ]
}

const medianSeconds = (runs: readonly SupplyMeasured[]): number => median(runs.map(({ cpuSeconds }) => cpuSeconds))

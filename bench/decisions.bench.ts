import { Worker } from 'node:worker_threads'
import { threadCode } from '../scenarios/bundle.ts'
import { libraryOf, parseContestant } from '../scenarios/contestant.ts'
import { openPool } from '../scenarios/pool.ts'
import { loadNetwork } from '../scenarios/read/network.ts'
import { policiesOf } from '../scenarios/worker.ts'
import type { ScenarioSpec } from '../sim/scenario-spec.ts'
import { nowMs } from '../sim/world.ts'
import type { Comparison } from '../twin/decide/recorded.ts'
import { Stage, ZERO_MS } from '../twin/decide/stage.ts'
import type { RecordingSetup, RecordingTask } from './decisions-measuring.ts'
import type { MeasuredDecisions, MeasuredThread } from './decisions-thread.ts'
import { countryOf, openCountry } from './router-measuring.ts'
import { atLeast, atMost, type Target } from './target.ts'

/** Policies that are held against the simulator; those that solve programs for their plans take minutes for a day, and have a smaller part. */
const PLAIN = [
  'live-greedy',
  'nearest',
  'cheapest',
  'cheapest-in-time',
  'earliest-eta',
  'power-of-two',
  'order-cap',
  'backlog-cap',
  'shortest-queue',
  'priority-list',
  'spillover-limit',
  'balance-price',
  'drift-plus-penalty',
  'wave-price',
  'wary-greedy',
  'contextual-bandit',
  'dual-mirror-descent',
] as const
const SOLVING = ['static-duals', 'bid-price', 'laddered'] as const
const SOLVED_MOST = 1500

const ORDERS_PER_DAY = 30_000
/** Shelves that run short within hours, so that orders are split and wait. */
const DAYS_OF_STOCK = 0.4
/** A sale, a storm that was announced, a closed warehouse: so that goods run short, trucks fill, and orders wait and are split. */
const DAYS: ScenarioSpec = {
  name: 'recorded',
  about: 'A sale, a storm and a closed warehouse.',
  days: 3,
  demand: [{ from: 'day 0 12:00', to: 'day 1 12:00', factor: 2.5, shape: 'rush', promoted: { skuShare: 0.05, lift: 10 } }],
  weather: [{ from: 'day 0 06:00', to: 'day 2 06:00', path: [{ east: 0.7, north: 0.3 }], radiusKm: 400, severity: 1.5 }],
  warehouses: [{ from: 'day 1 06:00', to: 'day 1 18:00', which: 'busiest', capacity: 0 }],
}

const WAREHOUSES = 30
const SECONDS = 1000
/** How long decisions of a request may take inside of the process, at the 99th of a hundred. */
const P99_US = 1000

/**
 * Decisions as a thread takes them, without the wire: every policy held against the simulator to the last bit, then how long deciding and setting
 * aside take, and whether threads that take the last units at once ever promise one twice.
 */
export const benchmark = {
  name: 'decisions',
  about: 'Decisions in-process: as in the simulator to the bit, time of each, and nothing promised twice.',
  takes: ['recorded'],
  async run({ quick, recorded, onProgress }: { quick: boolean; recorded: number | null; onProgress: (text: string) => void }) {
    const targets: Target[] = []
    const notes: string[] = []
    const wanted = recorded ?? (quick ? 20_000 : 1_000_000)
    await holdAll(wanted, targets, notes, onProgress)
    for (const policy of ['live-greedy', 'dual-mirror-descent']) await measure(policy, quick ? 2 : 5, targets, notes, onProgress)
    await scarce(quick ? 2 : 5, targets, notes, onProgress)
    return { targets, notes }
  },
}

async function holdAll(wanted: number, targets: Target[], notes: string[], onProgress: (text: string) => void): Promise<void> {
  const names = [...SOLVING, ...PLAIN]
  const contestants = await Promise.all(names.map(parseContestant))
  const { spec: brazil } = await loadNetwork('brazil')
  const spec = {
    ...brazil,
    demand: { ...brazil.demand, ordersPerDay: ORDERS_PER_DAY },
    replenishment: { ...brazil.replenishment, initialDaysOfStock: DAYS_OF_STOCK },
  }
  const ids = new Set(contestants.flatMap(({ policies }) => Object.values(policies)))
  const { code, note } = await threadCode(new URL('./decisions-measuring.ts', import.meta.url), 'openRecording', [...ids])
  if (note !== null) notes.push(note)
  const data: RecordingSetup = { spec, scenario: DAYS, contestants }
  const pool = openPool<RecordingTask, Comparison>({
    code,
    workers: 2,
    data,
    signal: new AbortController().signal,
    onRetry: onProgress,
  })
  const solved = Math.min(SOLVED_MOST, Math.ceil(wanted / names.length))
  const plain = Math.ceil((wanted - solved * SOLVING.length) / PLAIN.length)
  const shareOf = (i: number): number => (i < SOLVING.length ? solved : plain)
  try {
    let decisions = 0
    const found = await Promise.all(
      names.map(async (name, i) => {
        const one = await pool.run({ contestant: i, decisions: shareOf(i), replication: 0, isPlanted: false })
        decisions += one.decisions
        onProgress(`${decisions} recorded decisions (${name})`)
        return one
      }),
    )
    const sum = (of: (one: Comparison) => number): number => found.reduce((all, one) => all + of(one), 0)
    targets.push(
      atLeast(
        'recorded decisions taken again through the wire form',
        sum((one) => one.decisions),
        'decisions',
        wanted,
      ),
      atMost(
        'that differ from the simulator in any bit',
        sum((one) => one.mismatches),
        'decisions',
        0,
      ),
    )
    for (const [i, { examples }] of found.entries()) for (const example of examples) notes.push(`${names[i]}: ${example}`)
    notes.push(
      `of them ${sum((one) => one.unshipped)} found nothing and ${sum((one) => one.split)} were split; ${names.length} policies`,
    )
    const planted = await pool.run({ contestant: SOLVING.length, decisions: 1000, replication: 0, isPlanted: true })
    targets.push(atLeast('noticed where a price is higher in its last digits', planted.mismatches, 'decisions', 1))
  } finally {
    await pool.close()
  }
}

async function openStage(policy: string, threads: number): Promise<{ stage: Stage; asOfMs: number }> {
  const contestant = await parseContestant(policy)
  const policies = policiesOf(await libraryOf([contestant]), contestant)
  const sim = openCountry({ contestant: 0, warehouses: WAREHOUSES, lines: 3, orders: 0 }, policies)
  const stage = new Stage(sim, countryOf(WAREHOUSES, undefined), contestant, threads, 1 << 21)
  stage.lay(sim)
  return { stage, asOfMs: ZERO_MS + nowMs(sim.world) }
}

async function together(
  { stage, asOfMs }: { stage: Stage; asOfMs: number },
  threads: number,
  order: Omit<MeasuredThread, 'setup' | 'thread' | 'asOfMs'>,
): Promise<MeasuredDecisions[]> {
  const workers = await Promise.all(
    Array.from({ length: threads }, async (_, thread) => {
      const workerData: MeasuredThread = { ...order, setup: stage.setup, thread, asOfMs }
      const worker = new Worker(new URL('./decisions-thread.ts', import.meta.url), { workerData })
      await said(worker)
      return worker
    }),
  )
  try {
    const measured = workers.map((worker) => said<MeasuredDecisions>(worker))
    for (const worker of workers) worker.postMessage('go')
    return await Promise.all(measured)
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

const said = <T>(worker: Worker): Promise<T> =>
  new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', resolve)
  })

async function measure(
  policy: string,
  seconds: number,
  targets: Target[],
  notes: string[],
  onProgress: (text: string) => void,
): Promise<void> {
  for (const threads of [1, 2, 4]) {
    onProgress(`${policy}: ${threads} threads`)
    const setting = await openStage(policy, threads)
    const order = { forMs: seconds * SECONDS, skus: 400, giveBackAfter: 64, isBrief: false }
    const found = await together(setting, threads, order)
    const rate = found.reduce((sum, { decisions, ms }) => sum + (1000 * decisions) / ms, 0)
    const worst = (of: (one: MeasuredDecisions) => number): number => Math.max(...found.map(of))
    if (threads === 1)
      targets.push(
        atMost(
          `${policy}: 99 of 100 decisions, in-process, set aside`,
          worst((one) => one.p99Us),
          'µs',
          P99_US,
        ),
      )
    notes.push(
      `${policy}, ${threads} threads: ${Math.round(rate)} decisions/s; p50 ${worst((one) => one.p50Us).toFixed(1)}, p99 ${worst((one) => one.p99Us).toFixed(1)}, p99.9 ${worst((one) => one.p999Us).toFixed(0)} µs`,
    )
  }
}

/** Eight articles, many hands, nothing given back: then what is gone is what was promised. */
async function scarce(seconds: number, targets: Target[], notes: string[], onProgress: (text: string) => void): Promise<void> {
  for (const threads of [1, 2, 4]) {
    onProgress(`scarce goods: ${threads} threads`)
    const setting = await openStage('live-greedy', threads)
    const { shelves } = setting.stage
    const all = (): number => shelves.free.reduce((sum, units) => sum + units, 0)
    const before = all()
    const found = await together(setting, threads, { forMs: seconds * SECONDS, skus: 8, giveBackAfter: 0, isBrief: true })
    const promised = found.reduce((sum, { units }) => sum + units, 0)
    const least = Math.min(...shelves.free, ...found.map((one) => one.least))
    targets.push(
      atLeast(`scarce goods, ${threads} threads: least units free on any shelf`, least, 'units', 0),
      atMost(
        `scarce goods, ${threads} threads: units promised beyond those that are gone`,
        Math.abs(before - all() - promised),
        'units',
        0,
      ),
    )
    const decisions = found.reduce((sum, one) => sum + one.decisions, 0)
    notes.push(`scarce goods, ${threads} threads: ${decisions} decisions, ${promised} units promised`)
  }
}

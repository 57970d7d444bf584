import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseContestantOn } from '../../scenarios/contestant.ts'
import { Keeper } from '../../twin/decide/keeper.ts'
import { openDecider } from '../../twin/decide/open-decider.ts'
import { QuestionReader } from '../../twin/decide/question.ts'
import { atLeast, atMost, type Target } from '../target.ts'
import { buildLoad, type Loaded, type LoadOrder, load } from './load.ts'
import { type PlaneApart, planeApart } from './plane-apart.ts'
import { NUMBER, networkCalled, stockedTwin, templatesFor } from './stocked.ts'

export type Found = { readonly targets: Target[]; readonly notes: string[] }
type Progress = (text: string) => void

const NETWORK = 'brazil'
const POLICY = 'live-greedy'
const UNITS = 900_000
const THREADS = 2
const TEMPLATES = 1000
const BURST = 2_300_000
/** What the server may take at most in a burst, MB: the tables it is bounded by, and what is under way. */
const BURST_MB = 2500

type Part = (
  run: (order: Partial<LoadOrder>) => Promise<Loaded>,
  plane: PlaneApart,
  quick: boolean,
) => Promise<Found & { readonly orders: number }>

const one = (targets: Target[], notes: string[], { answered: orders }: Pick<Loaded, 'answered'> = { answered: 0 }) => ({
  targets,
  notes,
  orders,
})
const said = (what: string, { perSecond, p50, p90, p99, p999, refused, broken }: Loaded): string =>
  `${what}: ${Math.round(perSecond).toLocaleString('en-US')} orders/s, p50 ${p50.toFixed(2)}, p90 ${p90.toFixed(2)}, p99 ${p99.toFixed(2)}, p99.9 ${p999.toFixed(2)} ms` +
  (refused + broken > 0 ? `, ${refused} refused, ${broken} connections broken` : '')
/** Orders that got no decision where all should have. */
const undecided = ({ asked, answered }: Loaded): number => asked - answered

const single: Part = async (run, _plane, quick) => {
  const loaded = await run({ mode: 'single', connections: 128, seconds: quick ? 4 : 15 })
  return one(
    [atLeast('single orders over HTTP, durable before they are answered', loaded.perSecond, 'requests/s', 22_000)],
    [said('single, 128 connections, as fast as it goes', loaded)],
    loaded,
  )
}

const paced: Part = async (run, _plane, quick) => {
  const loaded = await run({ mode: 'single', connections: 64, ordersPerSecond: 2000, seconds: quick ? 4 : 20 })
  return one(
    [atMost('single orders at 2,000 a second, p99', loaded.p99, 'ms', 5)],
    [said('single, 2,000 a second, from when each was due', loaded)],
    loaded,
  )
}

const stream: Part = async (run, _plane, quick) => {
  const seconds = quick ? 5 : 60
  const loaded = await run({ mode: 'stream', connections: 16, ordersPerSecond: 18_000, seconds })
  const lines = `18,000 orders a second by streams for ${seconds} s`
  return one(
    [atMost(`${lines}, p99`, loaded.p99, 'ms', 15), atLeast(`${lines}, decided`, loaded.answered / loaded.asked, 'of 1', 1)],
    [said(`${lines}, from when each was due`, loaded)],
    loaded,
  )
}

const paced100: Part = async (run, _plane, quick) => {
  const loaded = await run({ mode: 'batch', connections: 32, batch: 100, ordersPerSecond: 18_000, seconds: quick ? 4 : 20 })
  return one([], [said('18,000 orders a second in batches of 100, from when each was due', loaded)], loaded)
}

const batch: Part = async (run, _plane, quick) => {
  const loaded = await run({ mode: 'batch', connections: 32, batch: 100, seconds: quick ? 4 : 15 })
  return one(
    [atLeast('orders in batches of 100', loaded.perSecond, 'orders/s', 100_000)],
    [said('batches of 100, as fast as it goes', loaded)],
    loaded,
  )
}

const burst: Part = async (run, plane, quick) => {
  const total = quick ? BURST / 20 : BURST
  const order = { mode: 'batch', connections: 16, batch: 1000, total, seconds: 600, warmUpSeconds: 0 } as const
  const loaded = await run(order)
  const mb = peakMb(plane.child.pid ?? 0)
  const name = `a burst of ${total.toLocaleString('en-US')} orders durable`
  return one(
    [
      atMost(name, loaded.seconds, 's', (20 * total) / BURST),
      atMost(`${name}: orders without a decision`, undecided(loaded), 'orders', 0),
      atMost('memory of the server at most, its tables of 3,000,000 keys included', mb, 'MB', BURST_MB),
    ],
    [said('burst, batches of 1,000', loaded)],
    loaded,
  )
}

const PARTS: Readonly<Record<string, Part>> = { single, paced, stream, paced100, batch, burst }
export const SPEED_PARTS: readonly string[] = Object.keys(PARTS)

/** What the decision API does on this machine: server and generator of load share its cores, and nothing is answered before it is durable. */
export async function speedTargets(only: readonly string[], quick: boolean, onProgress: Progress): Promise<Found> {
  const found: Found = { targets: [], notes: [] }
  const folder = mkdtempSync(join(tmpdir(), 'orrery-api-'))
  try {
    const program = buildLoad(folder)
    if (program === null) return one([], ['the decision API was not loaded: the generator of load takes a C compiler (cc)'])
    const templates = templatesFor(await networkCalled(NETWORK), TEMPLATES)
    for (const name of only) {
      onProgress(`the decision API: ${name}`)
      rmSync(join(folder, 'plane'), { recursive: true, force: true })
      const settings = { network: NETWORK, units: UNITS, threads: THREADS, manner: 'durable', policy: POLICY } as const
      const plane = await planeApart({ ...settings, folder: join(folder, 'plane') })
      try {
        const run = (order: Partial<LoadOrder>): Promise<Loaded> =>
          load(program, plane.port, templates, {
            mode: 'single',
            connections: 64,
            ordersPerSecond: 0,
            seconds: 10,
            warmUpSeconds: quick ? 4 : 8,
            batch: 1,
            total: 0,
            ...order,
          })
        const before = cpuMicrosOf(plane.child.pid ?? 0)
        const { targets, notes, orders } = await PARTS[name](run, plane, quick)
        const each = (cpuMicrosOf(plane.child.pid ?? 0) - before) / orders
        found.targets.push(...targets)
        found.notes.push(
          ...notes.map((note) => `${note}; ${each.toFixed(1)} µs CPU of the server for an order, warm-up included`),
          ...plane.said.map((line) => `${name}, the server says: ${line}`),
        )
      } finally {
        await plane.stop('SIGTERM')
      }
    }
    return found
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One decision after the other without HTTP and without the log: read, decided, set aside. */
export async function inProcess(quick: boolean, onProgress: Progress): Promise<Found> {
  onProgress('decisions in process')
  const spec = await networkCalled(NETWORK)
  const version = `routing/${POLICY}@bench`
  const keeper = await Keeper.open({
    spec,
    view: stockedTwin(spec, UNITS),
    offsetMinutes: 0,
    now: Date.now,
    threads: 1,
    versions: [{ version, digest: '0'.repeat(64), contestant: await parseContestantOn(spec, POLICY) }],
    assignment: { generation: 1, stable: version, rollout: null },
    bounds: { staleWorldMs: 3_600_000 },
  })
  const decider = await openDecider(keeper.setup(), 0)
  const reader = new QuestionReader(spec)
  const templates = templatesFor(spec, TEMPLATES)
  const count = quick ? 20_000 : 200_000
  const took = new Float64Array(count)
  const warmUp = 20_000
  for (let i = -warmUp; i < count; i++) {
    const text = templates[(i + warmUp) % TEMPLATES].replaceAll(NUMBER, String(i + warmUp))
    const began = performance.now()
    const { question } = reader.readOrThrow(JSON.parse(text), Date.now())
    decider.decide(question, true, `p-${i + warmUp}`)
    if (i >= 0) took[i] = performance.now() - began
  }
  await keeper.close()
  took.sort()
  const at = (share: number): number => took[Math.floor(count * share)]
  return one(
    [atMost('a decision in process, p99', at(0.99), 'ms', 1)],
    [
      `in process, read, decided and set aside: p50 ${(at(0.5) * 1000).toFixed(0)}, p99 ${(at(0.99) * 1000).toFixed(0)}, p99.9 ${(at(0.999) * 1000).toFixed(0)} µs`,
    ],
  )
}

/** CPU time of a process by the kernel's books, whose ticks are 10 ms (Linux; NaN elsewhere). */
function cpuMicrosOf(pid: number): number {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return Number.NaN
  const text = readFileSync(file, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** The most memory a process has had, MB (Linux; NaN elsewhere). */
function peakMb(pid: number): number {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return Number.NaN
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1]) / 1024
}

import { parentPort, workerData } from 'node:worker_threads'
import { dice, draw, PURPOSE } from '../sim/random.ts'
import type { Question } from '../twin/decide/decider.ts'
import { type DeciderSetup, openDecider } from '../twin/decide/open-decider.ts'

/** What a thread that is measured is told. */
export type MeasuredThread = {
  readonly setup: DeciderSetup
  readonly thread: number
  readonly forMs: number
  readonly asOfMs: number
  /** Orders ask for the first so many articles only. */
  readonly skus: number
  /** Goods are given back so many decisions later; 0: never. */
  readonly giveBackAfter: number
  readonly isBrief: boolean
}
export type MeasuredDecisions = {
  readonly decisions: number
  readonly shipped: number
  readonly units: number
  readonly ms: number
  /** Least units free that the thread ever saw on a shelf it asked about. */
  readonly least: number
  readonly p50Us: number
  readonly p99Us: number
  readonly p999Us: number
}

const QUESTIONS = 4096
const WARM = 20_000
const LINES = [0.6, 0.85, 0.95] as const

const { setup, thread, forMs, asOfMs, skus, giveBackAfter, isBrief } = workerData as MeasuredThread
const decider = await openDecider(setup, thread)
const luck = dice('decisions', thread)
const questions = Array.from({ length: QUESTIONS }, (_, n) => questionOf(n))
const free = new Int32Array(setup.shelves.buffer)

function questionOf(n: number): Question {
  const u = (k: number): number => draw(luck, n, PURPOSE.sku, k)
  const count = 1 + LINES.filter((share) => u(0) > share).length
  const asked = new Set<number>()
  // The popular are asked for most.
  for (let k = 1; asked.size < Math.min(count, skus); k++) asked.add(Math.floor(skus * u(k) ** 2))
  return {
    order: `o-${thread}-${n}`,
    customer: `c-${n}`,
    zone: Math.floor(u(100) * setup.spec.zones.length),
    lines: [...asked].map((sku, at) => ({ lineId: String(at + 1), sku, units: u(101 + at) < 0.85 ? 1 : 2 })),
    placedMs: asOfMs,
    promisedMs: asOfMs + 86_400_000 * (1 + 4 * u(110)),
    allowed: null,
    services: null,
    maxShipments: Number.POSITIVE_INFINITY,
    co2GramsMax: Number.POSITIVE_INFINITY,
    mustBeInTime: false,
    shipComplete: false,
    told: null,
    budgetMs: 1000,
    isBrief,
  }
}

let n = 0
let least = 0
let shipped = 0
let units = 0
function one(): void {
  const question = questions[n % QUESTIONS]
  const { choice, seen } = decider.decide(question, true, `d-${thread}-${n}`)
  if (choice.shipments.length > 0) shipped++
  for (const { lines } of choice.shipments) for (const line of lines) units += line.units
  if (seen.world === 0) throw new Error('there is no ground')
  if (giveBackAfter > 0 && n >= giveBackAfter) decider.release(`d-${thread}-${n - giveBackAfter}`)
  n++
}

parentPort?.once('message', () => {
  if (giveBackAfter > 0) for (let i = 0; i < WARM; i++) one()
  shipped = 0
  units = giveBackAfter > 0 ? 0 : units
  const took = new Float64Array(4_000_000)
  let decisions = 0
  const started = performance.now()
  for (let at = started; at - started < forMs && decisions < took.length; ) {
    one()
    const now = performance.now()
    took[decisions++] = (now - at) * 1000
    at = now
    if (decisions % 64 === 0)
      for (const { sku } of questions[n % QUESTIONS].lines)
        for (let w = 0; w < setup.shelves.d.W; w++) least = Math.min(least, Atomics.load(free, sku * setup.shelves.d.W + w))
  }
  const ms = performance.now() - started
  const sorted = took.subarray(0, decisions).sort()
  const at = (share: number): number => sorted[Math.min(decisions - 1, Math.floor(share * decisions))]
  const measured: MeasuredDecisions = { decisions, shipped, units, ms, least, p50Us: at(0.5), p99Us: at(0.99), p999Us: at(0.999) }
  parentPort?.postMessage(measured)
})
parentPort?.postMessage('ready')

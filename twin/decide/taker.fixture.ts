import { parentPort, workerData } from 'node:worker_threads'
import { dice, draw, PURPOSE } from '../../sim/random.ts'
import type { Question } from './decider.ts'
import { type DeciderSetup, openDecider } from './open-decider.ts'
import { Shelves } from './shelves.ts'

/** What a thread that takes goods is told. */
export type TakerOrder = {
  readonly setup: DeciderSetup
  readonly thread: number
  readonly seed: string
  readonly orders: number
  readonly asOfMs: number
  readonly releaseShare: number
}

/** What became of one order. Lines of a shipment are warehouse and, by SKU and units, what it carries. */
export type Taken = {
  readonly id: string
  readonly order: string
  readonly zone: number
  readonly status: string
  readonly reason: string | null
  readonly released: boolean
  /** It asked for one shipment at most, and may therefore be told to the twin as routed. */
  readonly isWhole: boolean
  readonly shipments: readonly {
    readonly warehouse: string
    readonly service: string
    readonly lines: readonly { readonly sku: string; readonly units: number }[]
  }[]
}

const ROUND = 15

const { setup, thread, seed, orders, asOfMs, releaseShare } = workerData as TakerOrder
const decider = await openDecider(setup, thread)
const shelves = new Shelves(setup.shelves)
const luck = dice(seed, thread)
const { spec } = setup
let least = 0
let i = 0

/** Some orders, whenever somebody says so. */
function round(): void {
  if (i === orders) return
  const taken: Taken[] = []
  for (const end = Math.min(orders, i + ROUND); i < end; i++) taken.push(take(i))
  parentPort?.postMessage({ taken, least, done: i === orders })
}

function take(n: number): Taken {
  const u = (k: number): number => draw(luck, n, PURPOSE.sku, k)
  const isWhole = u(0) < 0.7
  const skus = new Set(Array.from({ length: 1 + Math.floor(3 * u(1)) }, (_, k) => Math.floor(u(2 + k) ** 2 * spec.skus.length)))
  const question: Question = {
    order: `o-${thread}-${n}`,
    customer: null,
    zone: Math.floor(u(10) * spec.zones.length),
    lines: [...skus].map((sku, at) => ({ lineId: String(at), sku, units: 1 + Math.floor(3 * u(11 + at)) })),
    placedMs: asOfMs,
    promisedMs: asOfMs + 100 * 3_600_000,
    allowed: null,
    services: null,
    maxShipments: isWhole ? 1 : Number.POSITIVE_INFINITY,
    co2GramsMax: Number.POSITIVE_INFINITY,
    mustBeInTime: false,
    shipComplete: u(20) < 0.5,
    told: null,
    budgetMs: 1000,
  }
  const id = `d-${thread}-${n}`
  const { choice } = decider.decide(question, true, id)
  for (let shelf = 0; shelf < shelves.free.length; shelf++) least = Math.min(least, Atomics.load(shelves.free, shelf))
  const released = choice.shipments.length > 0 && u(21) < releaseShare && decider.release(id)
  const { status, reason, shipments } = choice
  return { id, order: question.order, zone: question.zone, status, reason, released, isWhole, shipments }
}

parentPort?.postMessage({ taken: [], least: 0, done: false })
parentPort?.on('message', round)

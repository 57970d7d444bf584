import { writeFileSync } from 'node:fs'
import { threadCode } from '../scenarios/bundle.ts'
import { openPool } from '../scenarios/pool.ts'
import type { PeerAnswer, PeerSizes, PeerTask } from './peers/measuring.ts'
import type { OrderAnswer, OrdersTimed } from './peers/order-model.ts'
import { type CppReport, cpp, type Other, type SimpyReport, simpy, workshop } from './peers/others.ts'
import { atLeast, atMost, type Target } from './target.ts'

/** Sizes at which the hold model is held to a rate; at the third the list no longer fits into any cache. */
const PENDING = [100, 1_000, 10_000, 1_000_000]
const AT_10_000 = 2

/**
 * The event loop beside its peers: the same models with the same numbers in Orrery, in C++ and in SimPy, in CPU time, one after the other
 * in one run. Whoever does not come to the same sums is told as a failure.
 */
export const benchmark = {
  name: 'peers',
  about: 'The event list and a reduced order model, beside C++ and SimPy on the same numbers.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    const sizes: PeerSizes = {
      pending: PENDING,
      holdEvents: 2_000_000,
      customers: 1_000_000,
      orders: [quick ? 20_000 : 100_000, 1_000_000],
    }
    const few = quick ? 20_000 : 100_000
    const { code, note } = await threadCode(new URL('./peers/measuring.ts', import.meta.url), 'openPeers', [])
    const { signal } = new AbortController()
    const pool = openPool<PeerTask, PeerAnswer>({ code, workers: 1, data: sizes, signal, onRetry: onProgress })
    try {
      onProgress('the same numbers for all')
      const folder = workshop()
      const written = async (size: 0 | 1): Promise<string> => {
        const tables = `${folder}tables-${sizes.orders[size]}.bin`
        writeFileSync(tables, (await pool.run({ what: 'tables', size })).tables ?? new Uint8Array())
        return tables
      }
      const tables = await written(0)
      const tablesOfMany = await written(1)

      const ours = await measureOurs(pool, sizes, quick, onProgress)
      onProgress('C++')
      const compiled = await cpp(folder)
      const native = await answered(compiled, [tables])
      const nativeMany = await answered(compiled, [tablesOfMany, 'orders'])
      onProgress('SimPy, collector off')
      const python = await simpy(folder)
      const bare = await answered(python, [tables, 'nogc', String(few), String(few)])
      onProgress('SimPy, collector on')
      const usual = await answered(python, [tables, 'gc', String(few), String(few)])
      const again = await firstOf(pool, few)

      const targets = [...targetsOfOurs(ours), ...targetsOfPeers(ours, native.report, nativeMany.report, bare.report)]
      targets.push(agreement(ours, again, native.report, nativeMany.report, [bare.report, usual.report]))
      return {
        targets,
        notes: [
          ...[note, native.missing, bare.missing].filter((text) => text !== null),
          ...notesOf(ours, again, native.report, nativeMany.report, bare.report, usual.report),
        ],
      }
    } finally {
      await pool.close()
    }
  },
}

type Pool = { run(task: PeerTask): Promise<PeerAnswer> }

type Ours = {
  /** Events for each CPU-second of the hold model and its checksum, by size. */
  readonly holds: readonly { readonly pending: number; readonly rate: number; readonly checksum: number }[]
  readonly busyRate: number
  readonly heapBytesPerEvent: number
  readonly clerkNs: number
  readonly clerkChecksum: number
  readonly drawNs: number
  readonly orders: OrdersTimed
  readonly orderCount: number
  readonly manyOrders: OrdersTimed
  readonly manyCount: number
}

async function measureOurs(pool: Pool, sizes: PeerSizes, quick: boolean, onProgress: (text: string) => void): Promise<Ours> {
  const times = quick ? 5 : 9
  const timed = async (task: PeerTask, runs = times) => {
    const all: { rate: number; checksum: number }[] = []
    for (let i = 0; i < runs; i++) {
      const { timed } = await pool.run(task)
      if (timed !== undefined) all.push({ rate: timed.count / timed.cpuSeconds, checksum: timed.checksum })
    }
    return middle(all, ({ rate }) => rate)
  }
  onProgress('warming up')
  for (let size = 0; size < 3; size++) await pool.run({ what: 'hold', size, events: sizes.holdEvents })
  for (let i = 0; i < 2; i++) await pool.run({ what: 'clerk', customers: sizes.customers })
  for (let i = 0; i < 20; i++) await pool.run({ what: 'orders', size: 0 })
  for (let i = 0; i < 2; i++) await pool.run({ what: 'busy' })
  await pool.run({ what: 'heap' })
  onProgress('event list')
  const holds: Ours['holds'][number][] = []
  for (let size = 0; size < PENDING.length; size++) {
    holds.push({ pending: PENDING[size], ...(await timed({ what: 'hold', size, events: sizes.holdEvents })) })
  }
  const busy = await timed({ what: 'busy' })
  const clerk = await timed({ what: 'clerk', customers: sizes.customers })
  const draw = await timed({ what: 'draw' }, 5)
  const { bytes } = await pool.run({ what: 'heap' })
  onProgress('orders')
  const ordersOf = async (size: 0 | 1, runs: number): Promise<OrdersTimed> => {
    const all: OrdersTimed[] = []
    for (let i = 0; i < runs; i++) {
      const answer = await pool.run({ what: 'orders', size })
      if (answer.orders !== undefined) all.push(answer.orders)
    }
    return middle(all, ({ cpuSeconds }) => cpuSeconds)
  }
  return {
    holds,
    busyRate: busy.rate,
    heapBytesPerEvent: (bytes ?? Number.NaN) / 10_000_000,
    clerkNs: 1e9 / clerk.rate,
    clerkChecksum: clerk.checksum,
    drawNs: 1e9 / draw.rate,
    orders: await ordersOf(0, 3 * times),
    orderCount: sizes.orders[0],
    manyOrders: await ordersOf(1, 3),
    manyCount: sizes.orders[1],
  }
}

/** Our sums over the few events and customers that SimPy is given. */
type Few = { readonly events: number; readonly holds: readonly number[]; readonly clerk: number }

async function firstOf(pool: Pool, few: number): Promise<Few> {
  const sum = async (task: PeerTask): Promise<number> => (await pool.run(task)).timed?.checksum ?? Number.NaN
  const holds: number[] = []
  for (let size = 0; size <= AT_10_000; size++) holds.push(await sum({ what: 'hold', size, events: few }))
  return { events: few, holds, clerk: await sum({ what: 'clerk', customers: few }) }
}

function targetsOfOurs(ours: Ours): Target[] {
  const targets = ours.holds.map(({ pending, rate }) =>
    atLeast(`hold model, ${pending.toLocaleString('en-US')} pending`, rate / 1e6, 'M events/CPU-s', pending >= 1e6 ? 2.5 : 20),
  )
  return [
    ...targets,
    atLeast('hold model, 1,000 pending, with dispatch, cancelling and keyed draws', ours.busyRate / 1e6, 'M events/CPU-s', 12),
    atMost('growth of the JavaScript heap over 10 M events of the hold model', ours.heapBytesPerEvent, 'bytes/event', 0.01),
    atMost('M/M/1 on the event list', ours.clerkNs, 'ns/customer', 65),
  ]
}

/** Without a peer its figure is 0 and not met: nothing was shown. */
function targetsOfPeers(ours: Ours, native: CppReport | null, nativeMany: CppReport | null, bare: SimpyReport | null): Target[] {
  const eventSeconds = 2_000_000 / ours.holds[AT_10_000].rate
  const seconds = ours.orders.cpuSeconds
  const std = native === null ? Number.NaN : native.hold[AT_10_000].std.cpuSeconds / eventSeconds
  const twin = (mine: OrdersTimed, one: CppReport | null): number =>
    one === null ? Number.NaN : mine.cpuSeconds / one.orders.cpuSeconds
  const beside = (orders: number): string =>
    `reduced order model beside its twin in C++ -O3, ${orders.toLocaleString('en-US')} orders`
  const simpyTimes = bare === null ? Number.NaN : bare.orders.cpuSeconds / seconds
  return [
    atLeast('hold model, 10,000 pending, beside C++ std::priority_queue', std, 'times as fast', 2.2),
    atMost(beside(ours.orderCount), twin(ours.orders, native), 'times its CPU time', 1.7),
    atMost(beside(ours.manyCount), twin(ours.manyOrders, nativeMany), 'times its CPU time', 1.7),
    atLeast('reduced order model beside SimPy with its collector off', simpyTimes, 'times as fast', 50),
  ]
}

/** Whether all who ran came to the same sums. */
function agreement(
  ours: Ours,
  few: Few,
  native: CppReport | null,
  nativeMany: CppReport | null,
  pythons: readonly (SimpyReport | null)[],
): Target {
  const differ: string[] = []
  const same = (name: string, one: unknown, other: unknown): void => {
    if (JSON.stringify(one) !== JSON.stringify(other)) differ.push(name)
  }
  const answer = ({ delivered, leadMs, onTime, checksum }: OrderAnswer) => [delivered, leadMs, onTime, checksum]
  if (native !== null) {
    native.hold.forEach(({ ring, std }, i) => {
      same(`C++ ring, hold ${PENDING[i]}`, ring.checksum, ours.holds[i].checksum)
      same(`C++ std::priority_queue, hold ${PENDING[i]}`, std.checksum, ours.holds[i].checksum)
    })
    same('C++ M/M/1', native.clerk.checksum, ours.clerkChecksum)
    same('C++ orders', answer(native.orders.answer), answer(ours.orders.answer))
  }
  if (nativeMany !== null) same('C++ many orders', answer(nativeMany.orders.answer), answer(ours.manyOrders.answer))
  for (const python of pythons) {
    if (python === null) continue
    python.hold.forEach(({ checksum }, i) => {
      same(`SimPy hold ${PENDING[i]}`, checksum, few.holds[i])
    })
    same('SimPy M/M/1', python.clerk.checksum, few.clerk)
    same('SimPy orders', answer(python.orders.answer), answer(ours.orders.answer))
  }
  const name = `models on which a peer came to another sum${differ.length > 0 ? ` (${differ.join(', ')})` : ''}`
  return atMost(name, differ.length, 'models', 0)
}

function notesOf(
  ours: Ours,
  few: Few,
  native: CppReport | null,
  nativeMany: CppReport | null,
  bare: SimpyReport | null,
  usual: SimpyReport | null,
): string[] {
  const perOrder = (seconds: number, orders = ours.orderCount): string => `${((seconds * 1e6) / orders).toFixed(2)} µs`
  const many = ours.manyCount
  const notes = [
    `reduced order model, ${ours.orderCount.toLocaleString('en-US')} orders: ${perOrder(ours.orders.cpuSeconds)} an order, ${many.toLocaleString('en-US')}: ${perOrder(ours.manyOrders.cpuSeconds, many)}; stated in bench/peers/order-model.ts`,
    `keyed draw: ${ours.drawNs.toFixed(1)} ns; the models but the busy one read theirs from a table that all share`,
  ]
  if (native !== null) {
    const rates = native.hold.map(({ ring, std }, i) => {
      const ns = (seconds: number): string => ((seconds * 1e9) / 2_000_000).toFixed(0)
      return `${PENDING[i].toLocaleString('en-US')}: ${(1e9 / ours.holds[i].rate).toFixed(0)} / ${ns(ring.cpuSeconds)} / ${ns(std.cpuSeconds)}`
    })
    notes.push(`hold model, ns an event, ours / our list in C++ / std::priority_queue; ${rates.join('; ')}`)
    notes.push(
      `C++: ${perOrder(native.orders.cpuSeconds)} an order, of many ${nativeMany === null ? 'not measured' : perOrder(nativeMany.orders.cpuSeconds, many)}, ${(native.clerk.cpuSeconds * 1e3).toFixed(1)} ns a customer of M/M/1`,
    )
  }
  for (const [how, python] of [
    ['off', bare],
    ['on', usual],
  ] as const) {
    if (python === null) continue
    const { orders, clerk, hold } = python
    const customers = `${((clerk.cpuSeconds * 1e6) / few.events).toFixed(1)} µs a customer`
    const holds = hold.map(({ pending, cpuSeconds }) => `${((cpuSeconds * 1e6) / few.events).toFixed(2)} µs at ${pending}`)
    notes.push(
      `SimPy ${python.simpy} on Python ${python.python}, collector ${how}: ${perOrder(orders.cpuSeconds)} an order (${(orders.cpuSeconds / ours.orders.cpuSeconds).toFixed(0)} times ours), ${customers} (${((clerk.cpuSeconds * 1e9) / few.events / ours.clerkNs).toFixed(0)} times), hold ${holds.join(', ')}`,
    )
  }
  return notes
}

async function answered<T>(other: Other<T>, args: readonly string[]): Promise<{ report: T | null; missing: string | null }> {
  if ('missing' in other) return { report: null, missing: other.missing }
  return { report: await other.run(args), missing: null }
}

function middle<T>(all: readonly T[], by: (one: T) => number): T {
  const sorted = [...all].sort((a, b) => by(a) - by(b))
  return sorted[Math.floor(sorted.length / 2)]
}

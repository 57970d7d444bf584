import { expect, test } from 'vitest'
import { busyHold, clerk, hold, holdInput, queueInput } from '../event-list-measuring.ts'
import { type OrderAnswer, orderInput, PLACES, runOrders } from './order-model.ts'
import { tablesOf } from './tables.ts'

const HOUR_MS = 3_600_000

/** The model as it is stated, without an event list: what happens next is looked for anew each time. */
function plainly(input: ReturnType<typeof orderInput>): OrderAnswer {
  const { warehouses: W, services: S } = PLACES
  type Order = { i: number; w: number; o: number; placedMs: number }
  type Work = { order: Order; atMs: number; done: 'picked' | 'packed' | 'delivered' }
  const [toPick, toPack] = [0, 1].map(() => Array.from({ length: W }, (): Order[] => []))
  const busy = { picked: new Array(W).fill(0), packed: new Array(W).fill(0) }
  const waiting = new Array(W).fill(0)
  const staged: Order[] = []
  const works: Work[] = []
  const answer = { delivered: 0, leadMs: 0, onTime: 0, checksum: 0 }
  let placed = 0
  let arrivesMs = input.gapMs[0]
  let truckMs = HOUR_MS
  const start = (now: number, w: number): void => {
    while (busy.picked[w] < input.pickers && toPick[w].length > 0) {
      const order = toPick[w].shift() as Order
      busy.picked[w]++
      works.push({ order, atMs: now + 60_000 * input.pickEffort[order.i], done: 'picked' })
    }
    while (busy.packed[w] < input.packers && toPack[w].length > 0) {
      const order = toPack[w].shift() as Order
      busy.packed[w]++
      works.push({ order, atMs: now + 40_000 * input.packEffort[order.i], done: 'packed' })
    }
  }
  while (answer.delivered < input.gapMs.length) {
    works.sort((a, b) => a.atMs - b.atMs)
    const worksMs = works[0]?.atMs ?? Number.POSITIVE_INFINITY
    const now = Math.min(placed < input.gapMs.length ? arrivesMs : Number.POSITIVE_INFINITY, truckMs, worksMs)
    if (now === worksMs) {
      const { order, done } = works.shift() as Work
      if (done === 'delivered') {
        answer.delivered++
        answer.leadMs += Math.floor(now - order.placedMs)
        if (now - order.placedMs <= 48 * HOUR_MS) answer.onTime++
        continue
      }
      busy[done][order.w]--
      if (done === 'picked') toPack[order.w].push(order)
      else {
        waiting[order.w]--
        staged.push(order)
      }
      start(now, order.w)
    } else if (now === truckMs) {
      for (const order of staged.splice(0)) {
        const cell = input.zone[order.i] * W * S + order.o
        works.push({ order, atMs: now + input.journeyMs[cell] * input.luck[order.i], done: 'delivered' })
      }
      truckMs += HOUR_MS
    } else {
      const prices = Array.from({ length: W * S }, (_, o) => {
        return input.price[input.zone[placed] * W * S + o] + 5 * waiting[Math.floor(o / S)]
      })
      const o = prices.indexOf(Math.min(...prices))
      const w = Math.floor(o / S)
      answer.checksum += (placed * W * S + o) % 1_000_003
      waiting[w]++
      toPick[w].push({ i: placed, w, o, placedMs: now })
      arrivesMs = now + input.gapMs[++placed]
      start(now, w)
    }
  }
  return answer
}

test('the reduced order model comes to the sums that its statement comes to, done by hand', () => {
  const input = orderInput(1500)
  expect(runOrders(input).answer).toEqual(plainly(input))
})

test('the clerk serves as the recursion of Lindley says', () => {
  const input = queueInput(5000)
  let freeMs = 0
  let cameMs = 0
  let sum = 0
  for (let i = 0; i < 5000; i++) {
    cameMs += input.gapMs[i]
    freeMs = Math.max(cameMs, freeMs) + input.serviceMs[i]
    sum += freeMs - cameMs
  }
  expect(clerk(input).checksum).toBe(sum)
})

test('the hold models handle as many events as they are asked for, and come to the same sum again', () => {
  const input = holdInput(300)
  expect(hold(input, 5000)).toMatchObject({ count: 5000, checksum: hold(input, 5000).checksum })
  expect(hold(input, 6000).checksum).toBeGreaterThan(hold(input, 5000).checksum)
  expect(busyHold(300, 5000).checksum).toBe(busyHold(300, 5000).checksum)
})

test('the file for the others holds each column after its length', () => {
  const orders = orderInput(50)
  const bytes = tablesOf({ holdEvents: 7, holds: [holdInput(3)], queue: queueInput(4), orders })
  const numbers = new Float64Array(bytes.buffer)
  expect([...numbers.subarray(0, 4)]).toEqual([1, 7, 1, 3])
  expect([...numbers.subarray(-orders.journeyMs.length)]).toEqual([...orders.journeyMs])
})

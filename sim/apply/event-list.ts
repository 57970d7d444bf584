import { bug, check } from '../check.ts'
import { COUNT, type Parcel, REG, type World } from '../world.ts'

/**
 * The event list: a lazy bucket ring. Events lie unsorted in buckets of equal time; a bucket is sorted when its turn comes, into a run
 * that is then read off by index. What lies beyond the ring waits in one far list; at the ring's end, or when the number of events has
 * doubled, everything is dealt again into buckets that hold about one event each. An event's place is its entity's own record.
 * After Brown's calendar queue (CACM 31, 1988) and the lazy queue of Rönngren & Ayani (TOMACS 7, 1997).
 *
 * Order is (time, phase, turn): phases settle what equal times mean, turns keep it fair.
 */
const STRIDE_F = 8
const STRIDE_I = 16
const KEY = 8
const NEXT = 9
const TURNS = 2 ** 29

const isBefore = (w: World, p: Parcel, q: Parcel): boolean => {
  const tp = w.records[p * STRIDE_F]
  const tq = w.records[q * STRIDE_F]
  return tp < tq || (tp === tq && w.u32[p * STRIDE_I + KEY] < w.u32[q * STRIDE_I + KEY])
}

/** An empty list at time 0. */
export function openQueue(w: World): void {
  w.queueHeads.fill(-1)
  w.regs[REG.queuePerMs] = 1 / 60_000
  w.counts[COUNT.queueBuckets] = Math.min(64, w.size.buckets)
  w.regs[REG.queueBucket] = -1
  w.regs[REG.queueEpochEnd] = w.counts[COUNT.queueBuckets] - 1
  w.counts[COUNT.queueFar] = -1
  w.counts[COUNT.queueRebuildAt] = 64
}

/** `phase` 0 … 7: who goes first at equal times. */
export function schedule(w: World, p: Parcel, timeMs: number, phase: number): void {
  if (!(timeMs >= w.regs[REG.nowMs])) bug(`an event at ${timeMs} ms was scheduled at ${w.regs[REG.nowMs]} ms`)
  const turn = w.counts[COUNT.sequence]++
  if (turn >= TURNS) bug('more than 536,870,912 events were scheduled in one run; turns must be renumbered')
  w.records[p * STRIDE_F] = timeMs
  w.u32[p * STRIDE_I + KEY] = phase * TURNS + turn
  const count = ++w.counts[COUNT.queueCount]
  place(w, p, timeMs)
  if (count > w.counts[COUNT.queueRebuildAt]) deal(w)
}

function place(w: World, p: Parcel, timeMs: number): void {
  const bucket = Math.floor(timeMs * w.regs[REG.queuePerMs])
  if (bucket <= w.regs[REG.queueBucket]) insertIntoRun(w, p)
  else if (bucket < w.regs[REG.queueEpochEnd]) {
    const slot = bucket & (w.counts[COUNT.queueBuckets] - 1)
    w.i32[p * STRIDE_I + NEXT] = w.queueHeads[slot]
    w.queueHeads[slot] = p
  } else {
    w.i32[p * STRIDE_I + NEXT] = w.counts[COUNT.queueFar]
    w.counts[COUNT.queueFar] = p
  }
}

/** Time of the next event, or Infinity. */
export function peekMs(w: World): number {
  return fillRun(w) ? w.records[w.queueRun[w.counts[COUNT.queueRunAt]] * STRIDE_F] : Number.POSITIVE_INFINITY
}

/** Whose event is next; −1 where there is none. What follows is the same whether anybody looked or not. */
export function peek(w: World): Parcel {
  return fillRun(w) ? w.queueRun[w.counts[COUNT.queueRunAt]] : -1
}

/** Takes the next event off the list; −1 where there is none. */
export function pop(w: World): Parcel {
  if (!fillRun(w)) return -1
  w.counts[COUNT.queueCount]--
  return w.queueRun[w.counts[COUNT.queueRunAt]++]
}

function fillRun(w: World): boolean {
  const { regs, counts } = w
  if (counts[COUNT.queueRunAt] < counts[COUNT.queueRunLength]) return true
  if (counts[COUNT.queueCount] === 0) return false
  for (;;) {
    const mask = counts[COUNT.queueBuckets] - 1
    const end = regs[REG.queueEpochEnd]
    let bucket = regs[REG.queueBucket] + 1
    while (bucket < end && w.queueHeads[bucket & mask] < 0) bucket++
    if (bucket < end) {
      regs[REG.queueBucket] = bucket
      loadRun(w, bucket & mask)
      return true
    }
    regs[REG.queueBucket] = end - 1
    counts[COUNT.queueRunAt] = 0
    counts[COUNT.queueRunLength] = 0
    deal(w)
  }
}

function loadRun(w: World, slot: number): void {
  const run = w.queueRun
  let length = 0
  for (let p = w.queueHeads[slot]; p >= 0; p = w.i32[p * STRIDE_I + NEXT]) run[length++] = p
  w.queueHeads[slot] = -1
  // Buckets are stacks: turned over, what was scheduled in order comes out in order.
  for (let i = 0, j = length - 1; i < j; i++, j--) {
    const other = run[i]
    run[i] = run[j]
    run[j] = other
  }
  w.counts[COUNT.queueRunAt] = 0
  w.counts[COUNT.queueRunLength] = length
  if (length > 24) mergeSort(w, length)
  else insertionSort(w, 0, length)
}

function insertionSort(w: World, from: number, to: number): void {
  const run = w.queueRun
  for (let i = from + 1; i < to; i++) {
    const p = run[i]
    let j = i - 1
    while (j >= from && isBefore(w, p, run[j])) {
      run[j + 1] = run[j]
      j--
    }
    run[j + 1] = p
  }
}

/** Bottom-up merge over sorted runs of 16. Waves put thousands of events on one instant, mostly in order already: those are only looked at. */
function mergeSort(w: World, length: number): void {
  const run = w.queueRun
  let sorted = true
  for (let i = 1; i < length && sorted; i++) sorted = !isBefore(w, run[i], run[i - 1])
  if (sorted) return
  for (let from = 0; from < length; from += 16) insertionSort(w, from, Math.min(from + 16, length))
  let source = run
  let target = w.queueScratch
  for (let width = 16; width < length; width *= 2) {
    for (let from = 0; from < length; from += 2 * width) {
      const middle = Math.min(from + width, length)
      const to = Math.min(from + 2 * width, length)
      let i = from
      let j = middle
      for (let k = from; k < to; k++) {
        target[k] = j >= to || (i < middle && !isBefore(w, source[j], source[i])) ? source[i++] : source[j++]
      }
    }
    const other = source
    source = target
    target = other
  }
  if (source !== run) for (let i = 0; i < length; i++) run[i] = source[i]
}

function insertIntoRun(w: World, p: Parcel): void {
  const run = w.queueRun
  const { counts } = w
  if (counts[COUNT.queueRunLength] === run.length) {
    run.copyWithin(0, counts[COUNT.queueRunAt], run.length)
    counts[COUNT.queueRunLength] -= counts[COUNT.queueRunAt]
    counts[COUNT.queueRunAt] = 0
  }
  const end = counts[COUNT.queueRunLength]++
  let low = counts[COUNT.queueRunAt]
  let high = end
  // The newcomer mostly belongs at the very end or near it.
  while (low < high) {
    const middle = high - low > 16 ? (low + high) >> 1 : high - 1
    if (isBefore(w, p, run[middle])) high = middle
    else low = middle + 1
  }
  if (end - low > 32) run.copyWithin(low + 1, low, end)
  else for (let i = end; i > low; i--) run[i] = run[i - 1]
  run[low] = p
}

/** Deals all events into fresh buckets of about one event each, twice as many as it takes to reach the mean event. */
function deal(w: World): void {
  const { regs, counts } = w
  const all = w.queueScratch
  let count = 0
  for (let i = counts[COUNT.queueRunAt]; i < counts[COUNT.queueRunLength]; i++) all[count++] = w.queueRun[i]
  const buckets = counts[COUNT.queueBuckets]
  for (let slot = 0; slot < buckets; slot++) {
    for (let p = w.queueHeads[slot]; p >= 0; p = w.i32[p * STRIDE_I + NEXT]) all[count++] = p
    w.queueHeads[slot] = -1
  }
  for (let p = counts[COUNT.queueFar]; p >= 0; p = w.i32[p * STRIDE_I + NEXT]) all[count++] = p
  counts[COUNT.queueFar] = -1
  check(count === counts[COUNT.queueCount], `the event list holds ${count} events but counted ${counts[COUNT.queueCount]}`)

  let first = Number.POSITIVE_INFINITY
  let sum = 0
  for (let i = 0; i < count; i++) {
    const time = w.records[all[i] * STRIDE_F]
    if (time < first) first = time
    sum += time
  }
  const meanDelay = count > 0 ? sum / count - first : 0
  // Buckets to a ms, and not the other way round: a product is cheaper than a quotient, and rises with time just as well.
  const perMs = 1 / Math.max(1, Math.ceil(meanDelay / Math.max(1, count)))
  let wanted = 64
  while (wanted < 2 * count && wanted < w.size.buckets) wanted *= 2
  wanted = Math.min(wanted, w.size.buckets)
  const start = count > 0 ? Math.floor(first * perMs) - 1 : 0
  regs[REG.queuePerMs] = perMs
  counts[COUNT.queueBuckets] = wanted
  regs[REG.queueBucket] = start
  regs[REG.queueEpochEnd] = start + wanted
  counts[COUNT.queueRunAt] = 0
  counts[COUNT.queueRunLength] = 0
  counts[COUNT.queueRebuildAt] = Math.max(64, 2 * count)
  // Stacks again: dealt in reverse they come out as they were.
  for (let i = count - 1; i >= 0; i--) place(w, all[i], w.records[all[i] * STRIDE_F])
}

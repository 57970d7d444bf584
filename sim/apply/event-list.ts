import { bug } from '../check.ts'
import { KIND } from '../kinds.ts'
import { FIELD } from '../record.ts'
import { COUNT, type EventWorld, type Parcel, PHASE_SHIFT, REG } from '../world.ts'
import { TOUCHED } from './ahead.ts'

/**
 * The event list: a lazy bucket ring. Events lie unsorted in buckets of equal time; a bucket is looked at when its turn comes: its only event is
 * handed out as it is, several are sorted into a run that is then read off by index. The ring turns with time: what lies more than one turn
 * ahead waits in one far list, which is gone through once a turn. Then it is also seen whether buckets still hold about one event each; where
 * they do not, or when the number of events has doubled, everything is dealt again. An event's place is its entity's own record.
 * After Brown's calendar queue (CACM 31, 1988) and the lazy queue of Rönngren & Ayani (TOMACS 7, 1997).
 *
 * Order is (time, phase, turn): phases settle what equal times mean, turns keep it fair.
 */
const STRIDE_F = FIELD.f64.stride
const STRIDE_I = FIELD.i32.stride
const KEY = FIELD.i32.key
const NEXT = FIELD.i32.next
const TURNS = 2 ** PHASE_SHIFT
/** Buckets are dealt so as to get one event each; a turn of the ring may show so few or so many before they are dealt again. */
const THIN = 1 / 4
const THICK = 8
/** How far the ring reaches, in mean times that events lie in the list. */
const REACH = 4
/** Up to so many events all lie in the run, and no bucket is in use. */
const SMALL = 16
/** So many events of a bucket are sorted as they are read, each against those that are there; more take the long way. */
const FEW = 16

/**
 * Whose turn is soon is looked at ahead of time (`ahead.ts`), so that its record comes from memory while the present event is handled. Buckets
 * looked at in one go: as many heads as lie in a cache line.
 */
const GROUP = 16
/** A ring of fewer buckets lies in the second cache with all its events; there only the next event is looked at. */
const LARGE = 1 << 16
const STRIDE_D = FIELD.detail.stride
/** Kinds of events, as bits, at which a record's detail is asked for, and its lines. A record's kind and its number of lines lie in one word. */
const ASKS_DETAIL = (1 << KIND.paid) | (1 << KIND.delivered)
const ASKS_LINES = (1 << KIND.paid) | (1 << KIND.pickedUp)
const WORD = FIELD.u8.kind / 4
const LINE_COUNT_SHIFT = 8 * (FIELD.u8.stateAndLines - FIELD.u8.kind) + 4
const LINES = FIELD.i32.lines

const isBefore = (w: EventWorld, p: Parcel, q: Parcel): boolean => {
  const tp = w.records[p * STRIDE_F]
  const tq = w.records[q * STRIDE_F]
  return tp < tq || (tp === tq && w.u32[p * STRIDE_I + KEY] < w.u32[q * STRIDE_I + KEY])
}

/** An empty list at time 0. */
export function openQueue(w: EventWorld): void {
  const { regs, counts } = w
  w.queueHeads.fill(-1)
  regs[REG.queuePerMs] = 1
  // No bucket is ever reached: all that comes goes into the run, until it is too much for that.
  regs[REG.queueNext] = Number.POSITIVE_INFINITY
  regs[REG.queueReviewAt] = Number.POSITIVE_INFINITY
  counts[COUNT.queueBuckets] = Math.min(64, w.size.buckets)
  counts[COUNT.queueFar] = -1
  counts[COUNT.queueRebuildAt] = SMALL
}

/** `phase` 0 … 7: who goes first at equal times. */
export function schedule(w: EventWorld, p: Parcel, timeMs: number, phase: number): void {
  const { regs, counts } = w
  if (!(timeMs >= regs[REG.nowMs])) bug(`an event at ${timeMs} ms was scheduled at ${regs[REG.nowMs]} ms`)
  const turn = counts[COUNT.sequence]++
  if (turn >= TURNS) bug('more than 536,870,912 events were scheduled in one run; turns must be renumbered')
  w.records[p * STRIDE_F] = timeMs
  w.u32[p * STRIDE_I + KEY] = (phase << PHASE_SHIFT) | turn
  const count = ++counts[COUNT.queueCount]
  place(w, p, timeMs)
  if (count > counts[COUNT.queueRebuildAt]) deal(w)
}

function place(w: EventWorld, p: Parcel, timeMs: number): void {
  const { regs, counts } = w
  const at = timeMs * regs[REG.queuePerMs]
  const next = regs[REG.queueNext]
  const buckets = counts[COUNT.queueBuckets]
  if (at < next) insertIntoRun(w, p)
  else if (at < next + buckets) {
    // The bit operation drops the fraction as well.
    const slot = at & (buckets - 1)
    w.i32[p * STRIDE_I + NEXT] = w.queueHeads[slot]
    w.queueHeads[slot] = p
  } else {
    w.i32[p * STRIDE_I + NEXT] = counts[COUNT.queueFar]
    counts[COUNT.queueFar] = p
    if (buckets >= LARGE) w.farTrail.note(p)
  }
}

/** Takes an event off the list before its time has come. Cost: the events of its bucket, and of the far list where it lies there. */
export function unschedule(w: EventWorld, p: Parcel): void {
  const { regs, counts } = w
  const at = w.records[p * STRIDE_F] * regs[REG.queuePerMs]
  const isFound = at < regs[REG.queueNext] ? removeFromRun(w, p) : removeFromBucket(w, p, at) || removeFromFar(w, p)
  if (!isFound) bug(`record ${p} has no event in the list`)
  w.i32[p * STRIDE_I + NEXT] = -1
  counts[COUNT.queueCount]--
}

function removeFromRun({ counts, queueRun: run }: EventWorld, p: Parcel): boolean {
  const first = counts[COUNT.queueRunAt]
  const end = counts[COUNT.queueRunLength]
  let at = first
  while (at < end && run[at] !== p) at++
  if (at === end) return false
  run.copyWithin(at, at + 1, end)
  counts[COUNT.queueRunLength] = end - 1
  return true
}

function removeFromBucket(w: EventWorld, p: Parcel, at: number): boolean {
  // Beyond the ring a place has no bucket of its own.
  if (at >= w.regs[REG.queueNext] + w.counts[COUNT.queueBuckets]) return false
  const slot = at & (w.counts[COUNT.queueBuckets] - 1)
  const next = w.i32[p * STRIDE_I + NEXT]
  if (w.queueHeads[slot] === p) {
    w.queueHeads[slot] = next
    return true
  }
  const before = beforeIn(w, w.queueHeads[slot], p)
  if (before >= 0) w.i32[before * STRIDE_I + NEXT] = next
  return before >= 0
}

function removeFromFar(w: EventWorld, p: Parcel): boolean {
  const next = w.i32[p * STRIDE_I + NEXT]
  if (w.counts[COUNT.queueFar] === p) {
    w.counts[COUNT.queueFar] = next
    return true
  }
  const before = beforeIn(w, w.counts[COUNT.queueFar], p)
  if (before >= 0) w.i32[before * STRIDE_I + NEXT] = next
  return before >= 0
}

/** Who stands before `p` in a list that begins with `head`; −1 where it is not behind anybody there. */
function beforeIn(w: EventWorld, head: Parcel, p: Parcel): Parcel {
  let q = head
  while (q >= 0 && w.i32[q * STRIDE_I + NEXT] !== p) q = w.i32[q * STRIDE_I + NEXT]
  return q
}

/** Whose event is next; −1 where there is none. What follows is the same whether anybody looked or not. */
export function peek(w: EventWorld): Parcel {
  const { counts } = w
  if (counts[COUNT.queueRunAt] === counts[COUNT.queueRunLength]) {
    if (counts[COUNT.queueCount] === 0) return -1
    loadRun(w, nextBucket(w))
  }
  return w.queueRun[counts[COUNT.queueRunAt]]
}

/** Takes the next event off the list; −1 where there is none. */
export function pop(w: EventWorld): Parcel {
  const { counts } = w
  const at = counts[COUNT.queueRunAt]
  if (at < counts[COUNT.queueRunLength]) {
    counts[COUNT.queueRunAt] = at + 1
    counts[COUNT.queueCount]--
    return w.queueRun[at]
  }
  if (counts[COUNT.queueCount] === 0) return -1
  const slot = nextBucket(w)
  counts[COUNT.queueCount]--
  const p = w.queueHeads[slot]
  if (w.i32[p * STRIDE_I + NEXT] < 0) {
    w.queueHeads[slot] = -1
    return p
  }
  loadRun(w, slot)
  return w.queueRun[counts[COUNT.queueRunAt]++]
}

/** The ring's next bucket with anything in it, given that there is one somewhere and the run is used up. */
function nextBucket(w: EventWorld): number {
  const { regs, counts } = w
  for (;;) {
    const heads = w.queueHeads
    const mask = counts[COUNT.queueBuckets] - 1
    const next = regs[REG.queueNext]
    const most = (regs[REG.queueReviewAt] - next) | 0
    let slot = next & mask
    let steps = 0
    while (steps < most && heads[slot] < 0) {
      slot = (slot + 1) & mask
      steps++
    }
    regs[REG.queueNext] = next + steps
    if (steps < most) {
      regs[REG.queueNext] = next + steps + 1
      if (mask < LARGE - 1) {
        const after = heads[(slot + 1) & mask]
        if (after >= 0) TOUCHED[0] = w.i32[after * STRIDE_I + NEXT]
      } else if ((slot & (GROUP - 1)) <= steps) touchAhead(w, slot & -GROUP, mask)
      return slot
    }
    turnRound(w)
  }
}

/**
 * The ring comes to a group of buckets: of the group after it those who come first are looked at; of the group itself, whose first have been looked
 * at by now and say who is next, the second and third, and what lies apart of those three that will ask for it.
 */
function touchAhead({ i32, details, lines, queueHeads: heads }: EventWorld, group: number, mask: number): void {
  let sum = 0
  for (let i = 0; i < GROUP; i++) {
    const coming = heads[(group + GROUP + i) & mask]
    if (coming >= 0) sum ^= i32[coming * STRIDE_I + NEXT]
    let p = heads[(group + i) & mask]
    for (let place = 0; place < 3 && p >= 0; place++) {
      const at = p * STRIDE_D
      if (at < details.length) {
        const word = i32[p * STRIDE_I + WORD]
        const kind = word & 31
        if (((ASKS_DETAIL >> kind) & 1) === 1) sum ^= details[at]
        if (((ASKS_LINES >> kind) & 1) === 1 && ((word >> LINE_COUNT_SHIFT) & 15) > 1) sum ^= lines[i32[p * STRIDE_I + LINES]]
      }
      p = i32[p * STRIDE_I + NEXT]
    }
  }
  TOUCHED[0] = sum
}

/** Whoever comes first in each of a group of buckets. */
function touchFirst({ i32, queueHeads: heads }: EventWorld, group: number, buckets: number): void {
  let sum = 0
  for (let slot = group; slot < group + GROUP && slot < buckets; slot++) {
    const p = heads[slot]
    if (p >= 0) sum ^= i32[p * STRIDE_I + NEXT]
  }
  TOUCHED[0] = sum
}

/** The ring has turned once: what has come near is taken out of the far list, unless buckets have become too thin or too thick. */
function turnRound(w: EventWorld): void {
  const { counts } = w
  const buckets = counts[COUNT.queueBuckets]
  const fill = (counts[COUNT.sequence] - counts[COUNT.queueCount] - counts[COUNT.queueTakenBefore]) / buckets
  if (fill < THIN || fill > THICK) {
    deal(w)
    return
  }
  startTurn(w)
  let p = counts[COUNT.queueFar]
  counts[COUNT.queueFar] = -1
  w.farTrail.take()
  for (let above = 0; p >= 0; above++) {
    w.farTrail.look(w.i32, above)
    const next = w.i32[p * STRIDE_I + NEXT]
    place(w, p, w.records[p * STRIDE_F])
    p = next
  }
}

function startTurn({ regs, counts }: EventWorld): void {
  regs[REG.queueReviewAt] = regs[REG.queueNext] + counts[COUNT.queueBuckets]
  counts[COUNT.queueTakenBefore] = counts[COUNT.sequence] - counts[COUNT.queueCount]
}

/** Sorts a bucket into the run. */
function loadRun(w: EventWorld, slot: number): void {
  const { counts } = w
  const run = w.queueRun
  const head = w.queueHeads[slot]
  w.queueHeads[slot] = -1
  // Buckets are stacks, so the next one mostly goes before those that are there: the run grows towards its front.
  let first = FEW
  let p = head
  for (; p >= 0 && first > 0; p = w.i32[p * STRIDE_I + NEXT]) {
    let at = first--
    while (at < FEW && isBefore(w, run[at], p)) {
      run[at - 1] = run[at]
      at++
    }
    run[at - 1] = p
  }
  counts[COUNT.queueRunAt] = first
  counts[COUNT.queueRunLength] = FEW
  if (p >= 0) loadMany(w, head)
}

function loadMany(w: EventWorld, head: Parcel): void {
  const run = w.queueRun
  let length = 0
  for (let p = head; p >= 0; p = w.i32[p * STRIDE_I + NEXT]) run[length++] = p
  // Turned over, what was scheduled in order comes out in order.
  for (let i = 0, j = length - 1; i < j; i++, j--) {
    const other = run[i]
    run[i] = run[j]
    run[j] = other
  }
  w.counts[COUNT.queueRunAt] = 0
  w.counts[COUNT.queueRunLength] = length
  mergeSort(w, length)
}

function insertionSort(w: EventWorld, from: number, to: number): void {
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
function mergeSort(w: EventWorld, length: number): void {
  const run = w.queueRun
  let sorted = true
  for (let i = 1; i < length && sorted; i++) sorted = !isBefore(w, run[i], run[i - 1])
  if (sorted) return
  for (let from = 0; from < length; from += 16) insertionSort(w, from, Math.min(from + 16, length))
  // The run is as long as all records: behind those that are sorted there is nearly always room to merge them into.
  if (2 * length > run.length) {
    run.set(Array.from(run.subarray(0, length)).sort((p, q) => (isBefore(w, p, q) ? -1 : 1)))
    return
  }
  let source = 0
  let target = length
  for (let width = 16; width < length; width *= 2) {
    for (let from = 0; from < length; from += 2 * width) {
      const to = source + Math.min(from + 2 * width, length)
      const middle = source + Math.min(from + width, length)
      let i = source + from
      let j = middle
      for (let k = target + from; k < target + length && (i < middle || j < to); k++) {
        run[k] = j >= to || (i < middle && !isBefore(w, run[j], run[i])) ? run[i++] : run[j++]
      }
    }
    const other = source
    source = target
    target = other
  }
  if (source > 0) run.copyWithin(0, length, 2 * length)
}

function insertIntoRun(w: EventWorld, p: Parcel): void {
  const run = w.queueRun
  const { counts } = w
  if (counts[COUNT.queueRunLength] === run.length) {
    run.copyWithin(0, counts[COUNT.queueRunAt], run.length)
    counts[COUNT.queueRunLength] -= counts[COUNT.queueRunAt]
    counts[COUNT.queueRunAt] = 0
  }
  const first = counts[COUNT.queueRunAt]
  const end = counts[COUNT.queueRunLength]++
  // The newcomer mostly belongs at the very end or near it.
  const near = end - first > SMALL ? end - SMALL : first
  let at = end
  while (at > near && isBefore(w, p, run[at - 1])) {
    run[at] = run[at - 1]
    at--
  }
  if (at === near && near > first) {
    let low = first
    while (low < at) {
      const middle = (low + at) >> 1
      if (isBefore(w, p, run[middle])) at = middle
      else low = middle + 1
    }
    if (at < near) run.copyWithin(at + 1, at, near)
  }
  run[at] = p
}

/** Deals all events into fresh buckets of about one event each, and a ring of at least twice as many buckets as events. */
function deal(w: EventWorld): void {
  const { regs, counts } = w
  // All of them, where the run was: it is as long as all records, and what is left of it comes first.
  const all = w.queueRun
  let count = 0
  for (let i = counts[COUNT.queueRunAt]; i < counts[COUNT.queueRunLength]; i++) all[count++] = all[i]
  const buckets = counts[COUNT.queueBuckets]
  for (let slot = 0; slot < buckets; slot++) {
    if (buckets >= LARGE && slot % GROUP === 0) touchFirst(w, slot + GROUP, buckets)
    for (let p = w.queueHeads[slot]; p >= 0; p = w.i32[p * STRIDE_I + NEXT]) all[count++] = p
    w.queueHeads[slot] = -1
  }
  w.farTrail.take()
  for (let p = counts[COUNT.queueFar], above = 0; p >= 0; p = w.i32[p * STRIDE_I + NEXT], above++) {
    w.farTrail.look(w.i32, above)
    all[count++] = p
  }
  counts[COUNT.queueFar] = -1
  if (count !== counts[COUNT.queueCount]) bug(`the event list holds ${count} events but counted ${counts[COUNT.queueCount]}`)

  let first = Number.POSITIVE_INFINITY
  let sum = 0
  for (let i = 0; i < count; i++) {
    const time = w.records[all[i] * STRIDE_F]
    if (time < first) first = time
    sum += time
  }
  // Events follow each other as they lately did; where too few did to say, as before, or as a Poisson flow whose events lie as long on average as
  // these: whichever is faster.
  const perMsBefore = regs[REG.queuePerMs]
  const taken = counts[COUNT.sequence] - count - counts[COUNT.queueTakenBefore]
  const passedMs = (regs[REG.queueNext] - regs[REG.queueReviewAt] + buckets) / perMsBefore
  const hasTurned = regs[REG.queueNext] === regs[REG.queueReviewAt]
  let gapMs = (sum / count - first) / count
  if (passedMs > 0 && passedMs < Number.POSITIVE_INFINITY) {
    if (taken >= 64 || (hasTurned && taken > 0)) gapMs = passedMs / taken
    else if (!hasTurned && gapMs > 1 / perMsBefore) gapMs = 1 / perMsBefore
  }
  let wanted = 64
  while (wanted < REACH * count && wanted < w.size.buckets) wanted *= 2
  wanted = Math.min(wanted, w.size.buckets)
  // Where there is no room for so many buckets they are wider: going through the far list often is dearer than sorting twos and threes.
  // Buckets to a ms, and not the other way round: a product is cheaper than a quotient, and rises with time just as well.
  const perMs = 1 / Math.max(1, gapMs * Math.max(1, (REACH * count) / wanted))
  regs[REG.queuePerMs] = perMs
  counts[COUNT.queueBuckets] = wanted
  regs[REG.queueNext] = Math.floor(first * perMs)
  counts[COUNT.queueRunAt] = 0
  counts[COUNT.queueRunLength] = 0
  counts[COUNT.queueRebuildAt] = Math.max(64, 2 * count)
  startTurn(w)
  // Stacks again: dealt in reverse they come out as they were. None comes before the ring's first bucket, so that the run is not written to.
  for (let i = count - 1; i >= 0; i--) place(w, all[i], w.records[all[i] * STRIDE_F])
}

import { pop, schedule } from '../sim/apply/event-list.ts'
import { createRecord, createWorld, freeRecord, setClock, setFlag, setKind, setState } from '../sim/apply/records.ts'
import { type Dice, dice, draw, PURPOSE } from '../sim/random.ts'
import { DAY_MS } from '../sim/units.ts'
import { COUNT, eventMs, FLAG, hasFlag, kindOf, STATE, stateOf } from '../sim/world.ts'
import { secondsSince } from './measured.ts'

/** The event list by itself, in models so small that hardly anything else is measured. Times are in ms. */
export type Timed = { readonly count: number; readonly cpuSeconds: number; readonly checksum: number }

type Arena = ReturnType<typeof createWorld>

/** A world with room for so many events and nothing else. */
function roomFor(events: number): Arena {
  let buckets = 1024
  while (buckets < 2 * events) buckets *= 2
  return createWorld(
    { W: 1, Z: 1, S: 1, H: 1, K: 1, U: 1 },
    {
      records: events + 1024,
      lines: 16,
      buckets,
      hours: 1,
      inboundDays: 8,
      priced: 0,
      foreseen: 0,
      notes: 0,
      erring: 0,
      learning: 0,
    },
  )
}

/** What the hold model is given: when each event first comes, and how much later it comes again, in turn. Whole ms. */
export type HoldInput = { readonly firstMs: Float64Array; readonly delayMs: Float64Array }

export function holdInput(pending: number): HoldInput {
  const luck = dice('hold', 0)
  return {
    firstMs: Float64Array.from({ length: pending }, (_, i) => Math.floor(draw(luck, i, PURPOSE.gap, 0) * DAY_MS)),
    delayMs: Float64Array.from({ length: 4096 }, (_, i) => Math.floor(draw(luck, i, PURPOSE.gap, 1) * DAY_MS)),
  }
}

/**
 * Hold model (Jones, CACM 29, 1986): takes the next event and schedules it again, evenly over twice the mean time. Timed once every event has
 * been through it once. The checksum is the sum of the times at which the timed events came.
 */
export function hold({ firstMs, delayMs }: HoldInput, events: number): Timed {
  const world = roomFor(firstMs.length)
  for (let i = 0; i < firstMs.length; i++) schedule(world, createRecord(world), firstMs[i], 0)
  holdOn(world, delayMs, 0, firstMs.length)
  const started = process.cpuUsage()
  const checksum = holdOn(world, delayMs, firstMs.length, events)
  return { count: events, cpuSeconds: secondsSince(started), checksum }
}

function holdOn(world: Arena, delayMs: Float64Array, from: number, events: number): number {
  let sum = 0
  for (let i = from; i < from + events; i++) {
    const p = pop(world)
    const now = eventMs(world, p)
    sum += now
    schedule(world, p, now + delayMs[i & 4095], 0)
  }
  return sum
}

/** Bytes by which the JavaScript heap grew over so many events of the hold model, once all code was compiled. */
export function heapGrowthOfHold(events: number): number {
  const input = holdInput(1000)
  const world = roomFor(1000)
  for (let i = 0; i < 1000; i++) schedule(world, createRecord(world), input.firstMs[i], 0)
  for (let part = 0; part < 10; part++) holdOn(world, input.delayMs, 0, 100_000)
  let grown = 0
  for (let part = 0; part < 10; part++) {
    const before = process.memoryUsage().heapUsed
    holdOn(world, input.delayMs, 0, events / 10)
    // A collection in between hides what was allocated before it, never all of it: garbage of one part in ten would still be seen.
    grown += Math.max(0, process.memoryUsage().heapUsed - before)
  }
  return grown
}

/** Kinds of the busy hold model: some that only do a little, and one that cancels. */
const CANCELS = 7

/**
 * The hold model with what a simulator does around its event list: the clock is set, the kind of event decides what is done, each delay is
 * a keyed draw, and one event in eight cancels another and puts a new one in its place. A cancelled event stays where it is and is dropped when
 * its turn comes (DECISIONS 15); those are not counted.
 */
export function busyHold(pending: number, events: number): Timed {
  const world = roomFor(2 * pending)
  const luck = dice('busy', pending)
  for (let i = 0; i < pending; i++) {
    const p = createRecord(world)
    setState(world, p, STATE.timer)
    setKind(world, p, i & 7)
    schedule(world, p, Math.floor(draw(luck, i, PURPOSE.gap, 0) * DAY_MS), 0)
  }
  busyHoldOn(world, luck, 0, pending)
  const started = process.cpuUsage()
  const checksum = busyHoldOn(world, luck, pending, events)
  return { count: events, cpuSeconds: secondsSince(started), checksum }
}

function busyHoldOn(world: Arena, luck: Dice, from: number, events: number): number {
  let sum = 0
  for (let i = from; i < from + events; ) {
    const p = pop(world)
    if (hasFlag(world, p, FLAG.cancelled)) {
      freeRecord(world, p)
      continue
    }
    const now = eventMs(world, p)
    setClock(world, now)
    switch (kindOf(world, p)) {
      case 0:
        sum += now
        break
      case 1:
        setState(world, p, STATE.timer)
        break
      case 2:
        sum -= 1
        break
      case CANCELS: {
        const victim = ((now * 7919) | 0) & 1023
        if (victim !== p && victim < world.counts[COUNT.recordsUsed] && stateOf(world, victim) !== STATE.free) {
          if (!hasFlag(world, victim, FLAG.cancelled)) replace(world, victim, now + draw(luck, i, PURPOSE.pick, 0) * DAY_MS)
        }
        break
      }
    }
    schedule(world, p, now + Math.floor(draw(luck, i, PURPOSE.gap, 1) * DAY_MS), 0)
    i++
  }
  return sum
}

function replace(world: Arena, victim: number, timeMs: number): void {
  const kind = kindOf(world, victim)
  setFlag(world, victim, FLAG.cancelled)
  const p = createRecord(world)
  setState(world, p, STATE.timer)
  setKind(world, p, kind)
  schedule(world, p, Math.floor(timeMs), 0)
}

/** Times between customers, and how long each is served. */
export type QueueInput = { readonly gapMs: Float64Array; readonly serviceMs: Float64Array }

/** One clerk, nine tenths busy: gaps of 10 s on average, services of 9 s. */
export function queueInput(customers: number): QueueInput {
  const luck = dice('mm1', 0)
  const draws = (meanMs: number, k: number): Float64Array =>
    Float64Array.from({ length: customers }, (_, i) => -Math.log(draw(luck, i, PURPOSE.gap, k)) * meanMs)
  return { gapMs: draws(10_000, 0), serviceMs: draws(9_000, 1) }
}

/**
 * M/M/1: customers come one after the other, are served first come first served, and go. Every coming and every going is an event. The
 * checksum is the sum of the times they spent there, added up as they go.
 */
export function clerk({ gapMs, serviceMs }: QueueInput): Timed {
  const world = roomFor(2)
  const cameMs = new Float64Array(gapMs.length)
  const started = process.cpuUsage()
  const checksum = serveAll(world, gapMs, serviceMs, cameMs)
  return { count: gapMs.length, cpuSeconds: secondsSince(started), checksum }
}

function serveAll(world: Arena, gapMs: Float64Array, serviceMs: Float64Array, cameMs: Float64Array): number {
  const customers = gapMs.length
  const arrival = createRecord(world)
  const departure = createRecord(world)
  let came = 0
  let gone = 0
  let sum = 0
  schedule(world, arrival, gapMs[0], 0)
  while (gone < customers) {
    const p = pop(world)
    const now = eventMs(world, p)
    if (p === arrival) {
      cameMs[came] = now
      if (came++ === gone) schedule(world, departure, now + serviceMs[gone], 0)
      if (came < customers) schedule(world, arrival, now + gapMs[came], 0)
    } else {
      sum += now - cameMs[gone++]
      if (gone < came) schedule(world, departure, now + serviceMs[gone], 0)
    }
  }
  return sum
}

/** Keyed draws alone. */
export function drawing(draws: number): Timed {
  const luck = dice('draw', 0)
  let sum = 0
  const started = process.cpuUsage()
  for (let i = 0; i < draws; i++) sum += draw(luck, i, PURPOSE.gap, 0)
  return { count: draws, cpuSeconds: secondsSince(started), checksum: sum }
}

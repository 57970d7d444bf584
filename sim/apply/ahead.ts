import { FIELD } from '../record.ts'

/**
 * Looking ahead. A record that lies in no near cache costs as much as half an event, unless it is asked for before it is needed; and many that are
 * asked for together come together. A chain of records cannot be asked for together, since each says where the next one is: so of a long chain
 * every 32nd is noted aside, and it is walked from 16 places at once, a little before it is gone through in its order.
 *
 * Such a trail is looked at and never believed. Nothing that happens depends on it: a world that was grown, forked or restored begins without
 * one, and one that no longer fits its chain costs time and changes nothing. So it is no part of the arena.
 */

/** What is read ahead is written here, since a value that nobody uses would not be read. */
export const TOUCHED = new Int32Array(1)

/** How far apart records are noted (a power of two), and from how many places a chain is walked at once: together the records of one look. */
export const EVERY = 32
const PLACES = 16
export const LOOK = EVERY * PLACES

const PLACE = new Int32Array(PLACES + 1)
const NONE = new Int32Array(0)
const { i32: I, detail: D } = FIELD
type Records = { readonly [index: number]: number; readonly length: number }
type Lists = { readonly i32: Records; readonly details: Records; readonly listHead: Records }

/** The chain is walked from all `places` of PLACE; with `details`, what lies apart of its records is looked at too. */
function walk(i32: Records, details: Records, places: number): void {
  let sum = 0
  for (let step = 0; step < EVERY; step++) {
    for (let i = 0; i < places; i++) {
      const p = PLACE[i]
      if (p < 0) continue
      const at = p * D.stride + D.counts
      if (at < details.length) sum ^= details[at]
      PLACE[i] = i32[p * I.stride + I.next]
    }
  }
  TOUCHED[0] = sum
}

/** Of a chain that grows at its head, and is taken off whole. */
export class StackTrail {
  private count = 0
  private marks = new Int32Array(64)
  private taken = new Int32Array(64)
  private takenCount = 0

  /** A record has become the chain's head. */
  note(p: number): void {
    if ((++this.count & (EVERY - 1)) !== 0) return
    const at = this.count / EVERY
    if (at >= this.marks.length) this.marks = longer(this.marks, 2 * at)
    this.marks[at] = p
  }

  /** The chain is taken off and will be walked down; whatever is put on from now on is another. */
  take(): void {
    const { marks, taken } = this
    this.takenCount = this.count
    this.taken = marks
    this.marks = taken
    this.count = 0
  }

  /** Before the record is looked at that has so many above it: it and those that follow, where it is time for that. */
  look(i32: Records, above: number): void {
    if ((above & (LOOK - 1)) !== 0) return
    let mark = (this.takenCount - above) >> 5
    let places = 0
    for (; places < PLACES && mark > 0; mark--) PLACE[places++] = this.taken[mark]
    walk(i32, NONE, places)
  }

  forget(): void {
    this.count = 0
    this.takenCount = 0
  }
}

/** Of chains that grow at their end and are taken off from their front: the queues of trucks, hubs and vans, which leave hundreds at a time. */
export class QueueTrails {
  /** These lists have one: so many from the first on. */
  private readonly first: number
  private readonly lists: number
  /** By list: the first one noted that is still there; where it stands in the ring; how many there are. */
  private readonly front: Int32Array
  private readonly at: Int32Array
  private readonly count: Int32Array
  private readonly rings: Int32Array[]

  constructor(first: number, lists: number) {
    this.first = first
    this.lists = lists
    this.front = new Int32Array(lists).fill(-1)
    this.at = new Int32Array(lists)
    this.count = new Int32Array(lists)
    // A ring is made when a list is long for the first time.
    this.rings = new Array<Int32Array>(lists).fill(NONE)
  }

  /** A record has come to the end of a list, about the 32nd since one was noted. */
  note(list: number, p: number): void {
    const i = list - this.first
    if (i < 0 || i >= this.lists) return
    const count = this.count[i]
    let ring = this.rings[i]
    if (count === ring.length) {
      const { length } = ring
      ring = new Int32Array(Math.max(16, 2 * length))
      for (let k = 0; k < count; k++) ring[k] = this.rings[i][(this.at[i] + k) & (length - 1)]
      this.rings[i] = ring
      this.at[i] = 0
    }
    if (count === 0) this.front[i] = p
    ring[(this.at[i] + count) & (ring.length - 1)] = p
    this.count[i] = count + 1
  }

  /** A record has gone from the front of a list. */
  pass(list: number, p: number): void {
    const i = list - this.first
    if (i < 0 || i >= this.lists || this.front[i] !== p) return
    const ring = this.rings[i]
    const at = (this.at[i] + 1) & (ring.length - 1)
    this.at[i] = at
    this.front[i] = --this.count[i] > 0 ? ring[at] : -1
  }

  /** The list was taken off whole. */
  drop(list: number): void {
    const i = list - this.first
    if (i < 0 || i >= this.lists) return
    this.count[i] = 0
    this.front[i] = -1
  }

  /** Those that are at the front of a list, as many as one look has. */
  look(w: Lists, list: number, withDetails: boolean): void {
    const i = list - this.first
    if (i < 0 || i >= this.lists || this.count[i] === 0) return
    const ring = this.rings[i]
    PLACE[0] = w.listHead[list]
    let places = 1
    for (; places <= PLACES && places <= this.count[i]; places++)
      PLACE[places] = ring[(this.at[i] + places - 1) & (ring.length - 1)]
    walk(w.i32, withDetails ? w.details : NONE, places)
  }

  forget(): void {
    this.count.fill(0)
    this.front.fill(-1)
  }
}

function longer(marks: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(marks)
  return larger
}

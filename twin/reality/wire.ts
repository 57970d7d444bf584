import { digestOfText } from '../../sim/digest.ts'
import { type Dice, dice, draw, PURPOSE } from '../../sim/random.ts'
import { DAY_MS, SECOND_MS } from '../../sim/units.ts'
import type { LiveEvent } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import { DISORDER_MS, type Faults } from './faults.ts'
import { stamp } from './run-calendar.ts'

/** Nothing was acknowledged for so long: it is sent again, and each time after twice as long. */
const RESEND_MS = 30 * SECOND_MS
/** After so many losses a message comes through. */
const TRIES = 12

/** What comes out at the far end: a line as it is received, and which message of the sender it is. */
export type Arrival = { readonly message: number; readonly line: string }

type Copy = Arrival & { readonly atMs: number; readonly turn: number }

/**
 * A faulty wire from one seed: what is put in comes out lost, late, twice, out of order, torn, with wrong clocks, or not for hours. Messages are
 * numbered as they are sent; what befalls each follows from the seed and its number alone. Pure: it has no clock, and is told what time it is.
 *
 * Nothing is lost for good: the sender keeps what was not acknowledged and sends it again. `heal` is the wire mended: all that is under way
 * comes at once, whole, and clocks that were wrong are put right by events that take the place of the wrong ones.
 */
export class FaultyWire {
  private readonly faults: Faults
  private readonly luck: Dice
  private readonly offsetMinutes: number
  private sent = 0
  private turn = 0
  /** A heap by time and turn. */
  private readonly underWay: Copy[] = []
  private readonly skews = new Map<string, number>()
  /** Events that a wrong clock has dated, to be told again. */
  private readonly misdated: { readonly event: LiveEvent; readonly id: string }[] = []

  constructor(faults: Faults, seed: string, offsetMinutes: number) {
    this.faults = faults
    this.luck = dice(`wire ${seed}`, 0)
    this.offsetMinutes = offsetMinutes
  }

  /** Messages that have not come out whole yet. */
  get pending(): number {
    return this.underWay.length
  }

  /** The sender sends an event when it happens. */
  send(event: LiveEvent): void {
    const { faults, luck } = this
    const nowMs = readMoment(event.at)
    const n = this.sent++
    const chance = (k: number): number => draw(luck, n, PURPOSE.wire, k)
    const line = JSON.stringify(this.dated(event))
    let atMs = this.afterSilence(event.source, nowMs)
    // What is lost or torn is sent again, a little later each time.
    let wait = RESEND_MS
    let tries = 0
    for (; tries < TRIES && faults.loss > 0 && chance(16 + tries) < faults.loss; tries++) {
      atMs += wait
      wait *= 2
    }
    atMs += this.delay(chance(1))
    if (faults.malformed > 0 && chance(2) < faults.malformed) {
      this.put({ message: n, line: torn(line, chance(3), chance(4)), atMs, turn: this.turn++ })
      atMs += wait
    }
    if (faults.disorder > 0 && chance(5) < faults.disorder) atMs += chance(6) * DISORDER_MS
    this.put({ message: n, line, atMs, turn: this.turn++ })
    if (faults.repeats > 0 && chance(7) < faults.repeats)
      this.put({ message: n, line, atMs: atMs + this.delay(chance(8)) + chance(9) * DISORDER_MS, turn: this.turn++ })
  }

  /** What has come out by now, in the order it came. */
  due(nowMs: number): Arrival[] {
    const out: Arrival[] = []
    while (this.underWay.length > 0 && this.underWay[0].atMs <= nowMs) out.push(this.take())
    return out
  }

  /** The wire is mended: all that is left, and what puts wrong dates right. */
  heal(): Arrival[] {
    const out = this.due(Number.POSITIVE_INFINITY)
    for (const { event, id } of this.misdated.splice(0))
      out.push({ message: this.sent++, line: JSON.stringify({ ...event, id: `${id}.right`, corrects: id }) })
    this.skews.clear()
    return out
  }

  private delay(u: number): number {
    return this.faults.delayMs > 0 ? -this.faults.delayMs * Math.log(1 - u) : 0
  }

  /** What a source with a wrong clock says of when it was. */
  private dated(event: LiveEvent): LiveEvent {
    const skew = this.skewOf(event.source)
    if (skew === 0) return event
    this.misdated.push({ event, id: event.id })
    const calendar = { zeroMs: 0, offsetMinutes: this.offsetMinutes }
    return { ...event, at: stamp(calendar, readMoment(event.at) + skew) }
  }

  private skewOf(source: string): number {
    if (this.faults.skewMs === 0) return 0
    const known = this.skews.get(source)
    if (known !== undefined) return known
    const u = draw(this.luck, numberOf(source), PURPOSE.wire, 10)
    const skew = u < 0.25 ? Math.round((8 * u - 1) * this.faults.skewMs) : 0
    this.skews.set(source, skew)
    return skew
  }

  /** Of all sources whose number is drawn for the day one is silent: about one in eight. It begins at some time of the day. */
  private afterSilence(source: string, nowMs: number): number {
    const { silenceMs } = this.faults
    if (silenceMs === 0) return nowMs
    const day = Math.floor(nowMs / DAY_MS)
    if (draw(this.luck, numberOf(source) + day, PURPOSE.wire, 11) > 1 / 8) return nowMs
    const from = day * DAY_MS + draw(this.luck, numberOf(source) + day, PURPOSE.wire, 12) * Math.max(0, DAY_MS - silenceMs)
    return nowMs >= from && nowMs < from + silenceMs ? from + silenceMs : nowMs
  }

  private put(copy: Copy): void {
    const heap = this.underWay
    let i = heap.length
    heap.push(copy)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!isBefore(copy, heap[parent])) break
      heap[i] = heap[parent]
      i = parent
    }
    heap[i] = copy
  }

  private take(): Copy {
    const heap = this.underWay
    const first = heap[0]
    const last = heap.pop() as Copy
    if (heap.length === 0) return first
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++
      if (!isBefore(heap[child], last)) break
      heap[i] = heap[child]
      i = child
    }
    heap[i] = last
    return first
  }
}

const isBefore = (a: Copy, b: Copy): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.turn < b.turn)

const numberOf = (source: string): number => Number.parseInt(digestOfText(source).slice(0, 8), 16)

/** A line as a bad wire or a bad sender makes it: cut off, without its date, with a date that is none, or of a type there is not. */
function torn(line: string, how: number, where: number): string {
  if (how < 0.4) return line.slice(0, 1 + Math.floor(where * (line.length - 2)))
  if (how < 0.6) return line.replace(/"at":"[^"]*"/, '"at":"yesterday"')
  if (how < 0.8) return line.replace(/"type":"[^"]*"/, '"type":"hapened"')
  return line.replace(/"source":"[^"]*",/, '')
}

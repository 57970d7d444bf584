import { type Behind, describedBy, emptied, inOrder, isSame, openBehind, WAIT, wait } from './behind.ts'
import type { Identity } from './identity.ts'
import { addRow, openRows, pageOf, type Rows, rowBytes, wordOf } from './rows.ts'

/**
 * What is told again and again of one thing: units on a shelf, the queue of a station, where a truck is. Each telling is a sample of up to four
 * numbers; samples of a thing are linked backwards in the order of their fold. Each also jumps back over many (a skew-binary jump, after
 * Myers 1983, "An applicative random-access stack"), so any instant is found in O(log n) steps however long the series.
 *
 * A sample is known again by its time, kind, source and id.
 */
export const SAMPLE = {
  at: 0,
  /** Upper 11 bits of when, then the upper 21 of its identity. */
  high: 1,
  low: 2,
  entry: 3,
  previous: 4,
  line: 5,
  /** Kind (8 bits); bit 8 is 1 where another event took its place. */
  what: 6,
  jump: 7,
  /** How many come before it. */
  depth: 8,
  /** The thing it speaks of. */
  owner: 9,
  stride: 10,
} as const
export const THING = { last: 0, stride: 1 } as const
const REPLACED = 256
const SHIFT = 13
/** Numbers of a sample: up to three that were told, and one that the fold makes of them. */
export const NUMBERS = 4
export const MADE = 3

export type Series = {
  readonly things: Rows
  readonly samples: Rows
  readonly numbers: Float64Array[]
  /** What a sample, whose numbers begin at `at`, makes of what the one before it made (NaN: there is none); without it nothing. */
  readonly make: ((numbers: Float64Array, at: number, before: number) => number) | null
  readonly behind: Behind
}
export const SAMPLE_SHIFT = SHIFT

export const openSeries = (make: Series['make'] = null): Series => ({
  things: openRows(THING.stride, SHIFT),
  samples: openRows(SAMPLE.stride, SHIFT),
  numbers: [new Float64Array(NUMBERS << SHIFT)],
  make,
  behind: openBehind(),
})

export const newThing = ({ things }: Series): number => addRow(things)
export const lastOf = ({ things }: Series, thing: number): number => pageOf(things, thing)[wordOf(things, thing)]
export const numbersOf = ({ numbers }: Series, sample: number): Float64Array => numbers[sample >>> SHIFT]
export const numberAt = (sample: number): number => (sample & ((1 << SHIFT) - 1)) * NUMBERS

export function sampleMs({ samples }: Series, sample: number): number {
  const page = pageOf(samples, sample)
  const word = wordOf(samples, sample)
  return (page[word + SAMPLE.high] >>> 21) * 4294967296 + page[word]
}
export const sampleKind = ({ samples }: Series, sample: number): number =>
  pageOf(samples, sample)[wordOf(samples, sample) + SAMPLE.what] & 255
export const sampleBefore = ({ samples }: Series, sample: number): number =>
  pageOf(samples, sample)[wordOf(samples, sample) + SAMPLE.previous]
export const isDropped = ({ samples }: Series, sample: number): boolean =>
  (pageOf(samples, sample)[wordOf(samples, sample) + SAMPLE.what] & REPLACED) !== 0

const told = new Float64Array(3)
/** Where the numbers of the next sample are written before `takeSample`. */
export const TELLING = told

/**
 * Takes a sample with the numbers in TELLING. 0: known already; 1: the latest of its thing; 2: later ones are there already: it waits until
 * `putBehind` puts it in before them.
 */
export function takeSample(
  series: Series,
  thing: number,
  kind: number,
  atMs: number,
  { high, low }: Identity,
  entry: number,
  line: number,
  isReplaced: boolean,
): 0 | 1 | 2 {
  const { things } = series
  const head = pageOf(things, thing)
  const headAt = wordOf(things, thing)
  let before = head[headAt]
  // Only what is not later than the latest can be known, or has to go further back.
  if (before !== 0 && compare(series, before, atMs, kind, high, low) >= 0) {
    before = findBefore(series, before, atMs, kind, high, low)
    const next = nextAfter(series, head[headAt], before)
    if (compare(series, next, atMs, kind, high, low) === 0) return 0
    wait(series.behind, thing, kind, atMs, high, low, entry, line, isReplaced, told)
    return 2
  }
  const added = newSample(series, thing, kind, atMs, high, low, entry, line, isReplaced, told, 0)
  link(series, added, before)
  head[headAt] = added
  return 1
}

function newSample(
  series: Series,
  thing: number,
  kind: number,
  atMs: number,
  high: number,
  low: number,
  entry: number,
  line: number,
  isReplaced: boolean,
  from: Float64Array,
  at: number,
): number {
  const { samples } = series
  const added = addRow(samples)
  const page = pageOf(samples, added)
  const word = wordOf(samples, added)
  page[word] = atMs >>> 0
  page[word + SAMPLE.high] = (Math.floor(atMs / 4294967296) << 21) | high
  page[word + SAMPLE.low] = low
  page[word + SAMPLE.entry] = entry
  page[word + SAMPLE.line] = line
  page[word + SAMPLE.what] = kind | (isReplaced ? REPLACED : 0)
  page[word + SAMPLE.owner] = thing
  if (added >>> SHIFT === series.numbers.length) series.numbers.push(new Float64Array(NUMBERS << SHIFT))
  const numbers = numbersOf(series, added)
  const n = numberAt(added)
  numbers[n] = from[at]
  numbers[n + 1] = from[at + 1]
  numbers[n + 2] = from[at + 2]
  return added
}

/**
 * Puts in what came behind later samples of its thing, and returns how many of those came twice. To be called when a batch is over and before
 * anything is read: the samples of a thing that come later are then linked again once for the batch, and not once for each that came behind them.
 */
export function putBehind(series: Series): number {
  const { behind, things } = series
  if (behind.count === 0) return 0
  const order = inOrder(behind)
  let twice = 0
  for (let i = 0; i < order.length; ) {
    const thing = behind.told[order[i] * WAIT.stride + WAIT.thing]
    const head = pageOf(things, thing)
    const headAt = wordOf(things, thing)
    const first = order[i] * WAIT.stride
    const earliest = findBefore(series, head[headAt], ...describedBy(behind, first))
    const later: number[] = []
    for (let sample = head[headAt]; sample !== earliest; sample = sampleBefore(series, sample)) later.push(sample)
    let previous = earliest
    const follow = (sample: number): void => {
      link(series, sample, previous)
      previous = sample
    }
    for (let known = -1; i < order.length; i++) {
      const at = order[i] * WAIT.stride
      if (behind.told[at + WAIT.thing] !== thing) break
      if (known >= 0 && isSame(behind, known, at)) {
        twice++
        continue
      }
      known = at
      const [atMs, kind, high, low] = describedBy(behind, at)
      while (compare(series, later[later.length - 1], atMs, kind, high, low) < 0) follow(later.pop() as number)
      const { told: row } = behind
      const [entry, line, isReplaced] = [row[at + WAIT.entry], row[at + WAIT.line], row[at + WAIT.isReplaced] === 1]
      follow(newSample(series, thing, kind, atMs, high, low, entry, line, isReplaced, row, at + WAIT.numbers))
    }
    while (later.length > 0) follow(later.pop() as number)
  }
  emptied(behind)
  return twice
}

/** The latest sample that counts and is not later than an instant, or 0. */
export function sampleAt(series: Series, thing: number, ms: number): number {
  const { samples } = series
  let sample = lastOf(series, thing)
  while (sample !== 0 && sampleMs(series, sample) > ms) {
    const page = pageOf(samples, sample)
    const word = wordOf(samples, sample)
    const jump = page[word + SAMPLE.jump]
    sample = jump !== 0 && sampleMs(series, jump) > ms ? jump : page[word + SAMPLE.previous]
  }
  while (sample !== 0 && isDropped(series, sample)) sample = sampleBefore(series, sample)
  return sample
}

/** Samples count no more; what later ones made of them is made again, once for each thing. */
export function dropSamples(series: Series, dropped: readonly number[]): void {
  const { samples } = series
  const earliest = new Map<number, number>()
  for (const sample of dropped) {
    const page = pageOf(samples, sample)
    const word = wordOf(samples, sample)
    page[word + SAMPLE.what] |= REPLACED
    const owner = page[word + SAMPLE.owner]
    const known = earliest.get(owner)
    if (known === undefined || depthOf(series, sample) < depthOf(series, known)) earliest.set(owner, sample)
  }
  if (series.make === null) return
  for (const [owner, first] of earliest) {
    const chain: number[] = []
    for (let one = lastOf(series, owner); one !== first; one = sampleBefore(series, one)) chain.push(one)
    chain.push(first)
    for (let i = chain.length - 1; i >= 0; i--) make(series, chain[i], sampleBefore(series, chain[i]))
  }
}

export const seriesBytes = ({ things, samples, numbers }: Series): number =>
  rowBytes(things) + rowBytes(samples) + numbers.length * (NUMBERS << SHIFT) * 8

function link(series: Series, sample: number, before: number): void {
  const { samples } = series
  const page = pageOf(samples, sample)
  const word = wordOf(samples, sample)
  page[word + SAMPLE.previous] = before
  if (before === 0) {
    page[word + SAMPLE.depth] = 0
    page[word + SAMPLE.jump] = 0
  } else {
    const depth = depthOf(series, before)
    const jump = jumpOf(series, before)
    page[word + SAMPLE.depth] = depth + 1
    const twice = jump === 0 ? 0 : jumpOf(series, jump)
    const even = jump !== 0 && twice !== 0 && depth - depthOf(series, jump) === depthOf(series, jump) - depthOf(series, twice)
    page[word + SAMPLE.jump] = even ? twice : before
  }
  make(series, sample, before)
}

function make(series: Series, sample: number, before: number): void {
  if (series.make === null) return
  const made = before === 0 ? Number.NaN : numbersOf(series, before)[numberAt(before) + MADE]
  const numbers = numbersOf(series, sample)
  const n = numberAt(sample)
  numbers[n + MADE] = isDropped(series, sample) ? made : series.make(numbers, n, made)
}

const depthOf = ({ samples }: Series, sample: number): number => pageOf(samples, sample)[wordOf(samples, sample) + SAMPLE.depth]
const jumpOf = ({ samples }: Series, sample: number): number => pageOf(samples, sample)[wordOf(samples, sample) + SAMPLE.jump]

/** Below 0 where the sample comes before the one that is described. */
function compare(series: Series, sample: number, atMs: number, kind: number, high: number, low: number): number {
  const page = pageOf(series.samples, sample)
  const word = wordOf(series.samples, sample)
  return (
    (page[word + SAMPLE.high] >>> 21) * 4294967296 + page[word] - atMs ||
    (page[word + SAMPLE.what] & 255) - kind ||
    (page[word + SAMPLE.high] & 0x1fffff) - high ||
    page[word + SAMPLE.low] - low
  )
}

/** The last sample that comes before the one that is described, or 0. */
function findBefore(series: Series, from: number, atMs: number, kind: number, high: number, low: number): number {
  let sample = from
  while (sample !== 0 && compare(series, sample, atMs, kind, high, low) >= 0) {
    const jump = jumpOf(series, sample)
    sample = jump !== 0 && compare(series, jump, atMs, kind, high, low) >= 0 ? jump : sampleBefore(series, sample)
  }
  return sample
}

/** The sample that follows another one; 0 stands before the first. */
function nextAfter(series: Series, last: number, before: number): number {
  const target = before === 0 ? -1 : depthOf(series, before)
  let sample = last
  while (depthOf(series, sample) > target + 1) {
    const jump = jumpOf(series, sample)
    sample = jump !== 0 && depthOf(series, jump) > target ? jump : sampleBefore(series, sample)
  }
  return sample
}

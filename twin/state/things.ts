import type { LiveEvent } from '../event/feeds.ts'
import { readMoment } from '../event/moment.ts'
import { inHeldUnit, type Measure, type Quantity } from '../event/quantity.ts'
import { lastOf, newThing, openSeries, type Series, sampleAt, TELLING } from './series.ts'

/** Things of one sort that are told of again and again, each known by one or two names. A file each says what is kept of them. */
export type Things = {
  readonly series: Series
  readonly byName: Map<string, Map<string, number>>
  /** Both names by number, from 1 on. */
  readonly names: [string, string][]
}

export type ThingFold = {
  readonly id: string
  /** Kinds of events it takes, as `feed.type`. */
  readonly kinds: readonly string[]
  /** The thing that the event speaks of; its numbers are written into TELLING. `kind` is the place in `kinds`. */
  readonly tell: (things: Things, event: LiveEvent, kind: number) => number
  readonly make?: NonNullable<Series['make']>
}

export const openThings = ({ make }: ThingFold): Things => ({
  series: openSeries(make ?? null),
  byName: new Map(),
  names: [['', '']],
})

/** The number of a thing, new where nobody has told of it. */
export function thingOf(things: Things, first: string, second = ''): number {
  let seconds = things.byName.get(first)
  if (seconds === undefined) {
    seconds = new Map()
    things.byName.set(first, seconds)
  }
  const known = seconds.get(second)
  if (known !== undefined) return known
  const thing = newThing(things.series)
  seconds.set(second, thing)
  things.names.push([first, second])
  return thing
}

export const findThing = (things: Things, first: string, second = ''): number => things.byName.get(first)?.get(second) ?? 0

/** Its latest sample that counts, up to an instant; 0 where there is none. */
export const tellingOf = ({ series }: Things, thing: number, ms: number): number =>
  thing === 0 || lastOf(series, thing) === 0 ? 0 : sampleAt(series, thing, ms)

/** Writes what was told. NaN is "not told". */
export function write(first: number, second = Number.NaN, third = Number.NaN): void {
  TELLING[0] = first
  TELLING[1] = second
  TELLING[2] = third
}
export const measured = (measure: Measure, told: unknown): number =>
  told === undefined ? Number.NaN : inHeldUnit(measure, told as Quantity)
export const moment = (told: unknown): number => (told === undefined ? Number.NaN : readMoment(told as string))
export const plain = (told: unknown): number => (told === undefined ? Number.NaN : (told as number))
export const text = (told: unknown): string => told as string

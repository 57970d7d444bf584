import type { Dirt } from './ledger.ts'

/** Times of one order as they were read; NaN where the table says nothing. */
export type StageTimes = { placedMs: number; approvedMs: number; handedOverMs: number; deliveredMs: number; promisedMs: number }

/** The times a table has a column for; one it does not have is not missing from any order. */
export type ToldTimes = ReadonlySet<keyof StageTimes>
export const ALL_TOLD: ToldTimes = new Set(['placedMs', 'approvedMs', 'handedOverMs', 'deliveredMs', 'promisedMs'])

/** What is wrong with the order of events in an order: said, kept for the replay, and left out of the laws that it would spoil. */
export function stageDirt(times: StageTimes, delivered: boolean, told: ToldTimes): Dirt[] {
  const { placedMs, approvedMs, handedOverMs, deliveredMs, promisedMs } = times
  const lacks = (time: keyof StageTimes): boolean => delivered && told.has(time) && Number.isNaN(times[time])
  const out = (law: string) => `kept; left out of the law of ${law}`
  const found: Dirt[] = []
  const when = (holds: boolean, kind: string, done: string) => {
    if (holds) found.push({ kind, fate: 'kept', done })
  }
  when(approvedMs < placedMs, 'approved before it was placed', out('approval'))
  when(handedOverMs < approvedMs, 'handed over before it was approved', out('preparation'))
  when(handedOverMs < placedMs, 'handed over before it was placed', out('preparation'))
  when(deliveredMs < handedOverMs, 'delivered before it was handed over', out('transit'))
  when(deliveredMs < placedMs, 'delivered before it was placed', out('transit'))
  when(promisedMs < placedMs, 'promised before it was placed', out('promises'))
  when(lacks('deliveredMs'), 'called delivered, but without a time', 'kept; counts as not delivered')
  when(lacks('handedOverMs'), 'delivered, but never handed over', out('preparation and transit'))
  when(lacks('approvedMs'), 'delivered, but never approved', out('approval and preparation'))
  when(!delivered && !Number.isNaN(deliveredMs), 'has a delivery time, but is not called delivered', 'kept as recorded')
  return found
}

/** Reads a number; anything else is NaN and told, and so is an empty cell unless it may be empty. */
export function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

export function unreadable(field: string): Dirt {
  return { kind: `${field} cannot be read`, fate: 'blanked', done: 'the cell counts as empty' }
}

export function missing(field: string): Dirt {
  return { kind: `no ${field}`, fate: 'kept', done: 'kept with the cell empty' }
}

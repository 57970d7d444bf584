import type { WorldView } from './world.ts'

/**
 * What became of shipments: a row for each that reached its customer or was lost, with what was expected of it when it was decided. Kept in the world,
 * so that forks and snapshots carry it, and only where a policy's plan asks (`learns`); the last `ROWS` of them.
 */
export const ROWS = 4096

/** What is remembered of a shipment on its way, by its place among the numbers of its record: as its option showed it. */
export const FACT = {
  /** When it was decided; 0 for one that was decided before anybody asked. */
  routedMs: 0,
  queueMs: 1,
  /** Parcels the warehouse had before it, in parts of what its hands do in that day. */
  load: 2,
  lateShare: 3,
  expectedLateMs: 4,
  /** From when half of such shipments would be there to the promise; below 0 where that is later. */
  spareMs: 5,
  fields: 6,
} as const

/** The same in a row, and beside it by what it went and what became of it. */
export const OUTCOME = {
  ...FACT,
  warehouse: 6,
  service: 7,
  zone: 8,
  /** Time beyond the promise, below 0 where it came before. */
  lateMs: 9,
  /** 1 where it never came. */
  lost: 10,
  fields: 11,
} as const

/** Rows written so far, those that are kept no more among them. */
export const outcomesSeen = (w: WorldView): number => (w.size.learning === 1 ? w.outcomesSeen[0] : 0)

/** The first row that is still kept: rows are numbered from 0 in the order in which shipments ended. */
export const firstOutcome = (w: WorldView): number => Math.max(0, outcomesSeen(w) - ROWS)

/** A field of a row that is kept. */
export const outcome = (w: WorldView, row: number, field: number): number => w.outcomes[(row % ROWS) * OUTCOME.fields + field]

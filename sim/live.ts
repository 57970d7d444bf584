import { DETAIL_BYTES, RECORD_BYTES } from './record.ts'
import { COUNT, SHARED_VIEWS, type WorldView } from './world.ts'

/** A stretch of a world's buffer, in bytes. */
export type Stretch = { readonly from: number; readonly to: number }

/** Columns whose end is not reached yet, or of which only a part is in use: entries from … to. All others count whole. */
const IN_USE: { readonly [column: string]: (world: WorldView) => readonly [number, number] } = {
  lines: ({ counts }) => [0, counts[COUNT.linesUsed]],
  queueHeads: ({ counts }) => [0, counts[COUNT.queueBuckets]],
  queueRun: ({ counts }) => [counts[COUNT.queueRunAt], counts[COUNT.queueRunLength]],
  details: ({ counts }) => [0, (counts[COUNT.recordsUsed] * DETAIL_BYTES) / 4],
  records: ({ counts }) => [0, (counts[COUNT.recordsUsed] * RECORD_BYTES) / 8],
}

/**
 * What of a world's buffer says anything about it: all of most columns, and of those that are as long as a run may ever need only what is
 * in use. Rising, in whole words of 4 bytes, neighbours joined. What lies between is room, scratch and what was read already: two worlds
 * that agree in these stretches have the same future.
 */
export function liveStretches(world: WorldView): Stretch[] {
  const stretches: { from: number; to: number }[] = []
  let joins = false
  for (const [name, column] of Object.entries(world)) {
    if (!isColumn(column) || SHARED_VIEWS.includes(name)) continue
    const inUse = IN_USE[name]
    const [first, end] = inUse === undefined ? [0, column.length] : inUse(world)
    if (first === end) {
      joins = false
      continue
    }
    const from = column.byteOffset + first * column.BYTES_PER_ELEMENT
    const to = (column.byteOffset + end * column.BYTES_PER_ELEMENT + 3) & ~3
    // Columns begin on cache lines of their own; what fills up a line behind a whole column is zero for ever.
    if (joins && first === 0) stretches[stretches.length - 1].to = to
    else stretches.push({ from, to })
    joins = inUse === undefined
  }
  return stretches
}

type Column = { readonly length: number; readonly byteOffset: number; readonly BYTES_PER_ELEMENT: number }
const isColumn = (value: unknown): value is Column => ArrayBuffer.isView(value)

import { liveStretches, type Stretch } from '../live.ts'
import { COUNT, type Dimensions, FIELD, viewWorld, type World, type WorldSize, worldBytes } from '../world.ts'

/** Copies of whole worlds. Only what says anything is copied (`live.ts`); the rest of a buffer may hold what it held. */

/**
 * The same world in other memory. Where `into` is given it becomes that world, and its buffer is used again if it is large enough: a
 * page that was never touched costs five times as much as a page that is copied. Who held `into` then holds the copy.
 *
 * Where `into` is the latest copy of the same world, of the records only those are copied that either of the two has touched since: in an
 * hour of a national sale one in eight. All the other columns are, whole.
 */
export function copyWorld(from: World, into: World | null): World {
  const isLatest = into !== null && into.copied === from.copied
  const w = roomFor(from.d, from.size, into)
  const before = { buckets: w.counts[COUNT.queueBuckets], lines: w.counts[COUNT.linesUsed], records: w.counts[COUNT.recordsUsed] }
  const target = new Uint8Array(w.buffer)
  for (const { from: at, to } of liveStretches(from)) {
    if (isLatest && at === from.recordsByteOffset) copyTouched(from, w)
    else target.set(new Uint8Array(from.buffer, at, to - at), at)
  }
  clearRoom(w, before.buckets, before.lines)
  w.touched.fill(0, 0, Math.max(before.records, w.counts[COUNT.recordsUsed]))
  from.touched.fill(0, 0, from.counts[COUNT.recordsUsed])
  w.copied = {}
  from.copied = w.copied
  return w
}

/** Copies the records that either world has marked. */
function copyTouched(from: World, into: World): void {
  const used = from.counts[COUNT.recordsUsed]
  const fours = (used + 3) >> 2
  // Four marks at a time; a column ends on a cache line of its own.
  const here = new Int32Array(from.buffer, from.touched.byteOffset, fours)
  const there = new Int32Array(into.buffer, into.touched.byteOffset, fours)
  for (let i = 0; i < fours; i++) {
    const marks = here[i] | there[i]
    if (marks === 0) continue
    for (let j = 0; j < 4; j++) if ((marks >> (8 * j)) & 1) copyRecord(from.i32, into.i32, (4 * i + j) * FIELD.i32.stride)
  }
}

/** As whole numbers: a pair of them that happens to look like no number would not survive as a double. */
function copyRecord(from: Int32Array, into: Int32Array, at: number): void {
  for (let i = at; i < at + FIELD.i32.stride; i += 4) {
    into[i] = from[i]
    into[i + 1] = from[i + 1]
    into[i + 2] = from[i + 2]
    into[i + 3] = from[i + 3]
  }
}

/** A world taken out of `bytes`, where its stretches lie one after the other. */
export function fillWorld(d: Dimensions, size: WorldSize, bytes: Uint8Array, stretches: readonly Stretch[]): World {
  const w = roomFor(d, size, null)
  const target = new Uint8Array(w.buffer)
  let at = 0
  for (const { from, to } of stretches) {
    target.set(bytes.subarray(at, at + to - from), from)
    at += to - from
  }
  return w
}

/** Memory for a world of this size: that of `into` as it is, where its layout is the same, or else with all its room cleared. */
function roomFor(d: Dimensions, size: WorldSize, into: World | null): World {
  if (into !== null && isSame(into.d, d) && isSame(into.size, size)) return into
  const reused = into !== null && into.buffer.byteLength >= worldBytes(d, size) ? into.buffer : null
  const w = viewWorld(d, size, reused ?? new SharedArrayBuffer(worldBytes(d, size)))
  if (reused !== null) {
    w.counts.fill(0)
    w.lines.fill(0)
    w.touched.fill(0)
  }
  w.queueHeads.fill(-1)
  return into === null ? w : Object.assign(into, w)
}

/**
 * What the world that was here before used beyond this one: the event list relies on it that a bucket it comes to is empty, and a block
 * of lines that is not full is zero behind them, as in memory never used.
 */
function clearRoom(w: World, bucketsBefore: number, linesBefore: number): void {
  const buckets = w.counts[COUNT.queueBuckets]
  const lines = w.counts[COUNT.linesUsed]
  if (buckets < bucketsBefore) w.queueHeads.fill(-1, buckets, bucketsBefore)
  if (lines < linesBefore) w.lines.fill(0, lines, linesBefore)
}

const isSame = <T extends object>(one: T, other: T): boolean =>
  Object.entries(one).every(([name, value]) => value === other[name as keyof T])

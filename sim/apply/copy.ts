import { liveStretches, type Stretch } from '../live.ts'
import { COUNT, type Dimensions, viewWorld, type World, type WorldSize, type WorldView, worldBytes } from '../world.ts'

/**
 * Copies of whole worlds. Only what says anything is copied (`live.ts`); the rest of a buffer may hold what it held. All records are, in a
 * row: three hours of a sale write to a fifth of them, and to find and copy just those took longer than to copy a million.
 */

/**
 * The same world in other memory. Where `into` is given it becomes that world, and its buffer is used again if it is large enough: a
 * page that was never touched costs five times as much as a page that is copied. Who held `into` then holds the copy.
 */
export function copyWorld(from: WorldView, into: World | null): World {
  const w = roomFor(from.d, from.size, into)
  const before = { buckets: w.counts[COUNT.queueBuckets], lines: w.counts[COUNT.linesUsed] }
  copyStretches(from.buffer, w.buffer, liveStretches(from))
  clearRoom(w, before.buckets, before.lines)
  return w
}

/**
 * Stretches to the same place in other memory. V8 copies shared memory a word at a time, Node's buffers do it by `memmove`, which is a
 * quarter quicker for 60 MB; in a browser, where they are not, V8's way must do.
 */
function copyStretches(from: ArrayBufferLike, to: ArrayBufferLike, stretches: readonly Stretch[]): void {
  const target = new Uint8Array(to)
  if (typeof Buffer === 'undefined') {
    const source = new Uint8Array(from)
    for (const stretch of stretches) target.set(source.subarray(stretch.from, stretch.to), stretch.from)
    return
  }
  const source = Buffer.from(from)
  for (const stretch of stretches) source.copy(target, stretch.from, stretch.from, stretch.to)
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
  if (into !== null && isSame(into.d, d) && isSame(into.size, size)) {
    into.farTrail.forget()
    into.trails.forget()
    return into
  }
  const reused = into !== null && into.buffer.byteLength >= worldBytes(d, size) ? into.buffer : null
  const w = viewWorld(d, size, reused ?? new SharedArrayBuffer(worldBytes(d, size)))
  if (reused !== null) {
    w.counts.fill(0)
    w.lines.fill(0)
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

import type { WorldView } from '../world.ts'

/**
 * What a trace remembers of each record from the last time it looked: columns like the world's, for the parcels among them. A record
 * that has another parcel by now is written over when that one comes.
 */
export type Known = {
  size: number
  state: Int8Array
  cancelled: Uint8Array
  order: Int32Array
  part: Int32Array
  /** The record that carries its order. */
  head: Int32Array
  zone: Int32Array
  warehouse: Int32Array
  service: Int32Array
  attempts: Uint8Array
  measured: Uint8Array
  /** Of an order: one of its parcels was lost. */
  lost: Uint8Array
  /** SKU it waits for, −1 where it does not. */
  sku: Int32Array
  placedMs: Float64Array
  promisedMs: Float64Array
  /** When it entered its state. */
  sinceMs: Float64Array
  /** Event of its last row. */
  event: Float64Array
  /** Time by which it was to be packed for the truck that was to be expected when it was routed. */
  cutOffMs: Float64Array
  truckMs: Float64Array
  /** The vans that were to be expected when it left. */
  vansMs: Float64Array
  /** Since when, and why, it has been waiting at its station. */
  markMs: Float64Array
  why: Uint8Array
  /** Scratch of the stage it is in: [record · SCRATCH + i]. */
  scratch: Float64Array
}
export const SCRATCH = 8

export function knownOf(world: WorldView): Known {
  return columns(world.size.records)
}

function columns(size: number): Known {
  const i32 = () => new Int32Array(size)
  const f64 = () => new Float64Array(size)
  return {
    size,
    state: new Int8Array(size),
    cancelled: new Uint8Array(size),
    order: i32(),
    part: i32(),
    head: i32(),
    zone: i32(),
    warehouse: i32(),
    service: i32(),
    attempts: new Uint8Array(size),
    measured: new Uint8Array(size),
    lost: new Uint8Array(size),
    sku: i32(),
    placedMs: f64(),
    promisedMs: f64(),
    sinceMs: f64(),
    event: f64(),
    cutOffMs: f64(),
    truckMs: f64(),
    vansMs: f64(),
    markMs: f64(),
    why: new Uint8Array(size),
    scratch: new Float64Array(size * SCRATCH),
  }
}

/** Where the world has grown, what is known of it grows too. */
export function growKnown(known: Known, world: WorldView): void {
  if (known.size >= world.size.records) return
  const larger = columns(world.size.records)
  for (const [name, column] of Object.entries(known)) {
    const target = larger[name as keyof Known]
    if (ArrayBuffer.isView(column) && ArrayBuffer.isView(target)) (target as Float64Array).set(column as Float64Array)
  }
  Object.assign(known, larger)
}

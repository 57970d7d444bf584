/**
 * One buffer, many columns. A world is laid out once over a single shared buffer, so that a fork is a memory copy, a digest is a hash
 * of bytes, and a worker thread reads live state without copying.
 *
 * A carver hands out columns one after the other, each on a cache line of its own. Without a buffer it only measures: its columns are
 * empty, and `bytes()` tells how large the buffer must be. (A layout is then one object literal that names its columns; built key by
 * key, the object would become a dictionary and every access a hash lookup.)
 */
export type Carver = {
  f64(length: number): Float64Array
  i32(length: number): Int32Array
  u32(length: number): Uint32Array
  u16(length: number): Uint16Array
  bytes(): number
}

export function carver(buffer: SharedArrayBuffer | null): Carver {
  let used = 0
  const take = (bytes: number): number => {
    const at = used
    used += (bytes + 63) & ~63
    return at
  }
  return {
    f64: (length) => {
      const at = take(8 * length)
      return buffer === null ? new Float64Array(0) : new Float64Array(buffer, at, length)
    },
    i32: (length) => {
      const at = take(4 * length)
      return buffer === null ? new Int32Array(0) : new Int32Array(buffer, at, length)
    },
    u32: (length) => {
      const at = take(4 * length)
      return buffer === null ? new Uint32Array(0) : new Uint32Array(buffer, at, length)
    },
    u16: (length) => {
      const at = take(2 * length)
      return buffer === null ? new Uint16Array(0) : new Uint16Array(buffer, at, length)
    },
    bytes: () => used,
  }
}

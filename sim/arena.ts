/**
 * One buffer, many columns. A world is laid out once over a single shared buffer, so that a fork is a memory copy, a digest is a hash
 * of bytes, and a worker thread reads live state without copying.
 */
const BYTES = { f64: 8, i32: 4, u32: 4, u16: 2, u8: 1 } as const

type Kind = keyof typeof BYTES
type View<T extends Kind> = T extends 'f64'
  ? Float64Array
  : T extends 'i32'
    ? Int32Array
    : T extends 'u32'
      ? Uint32Array
      : T extends 'u16'
        ? Uint16Array
        : Uint8Array

export type Layout = { readonly [column: string]: readonly [kind: Kind, length: number] }
export type Columns<L extends Layout> = { -readonly [C in keyof L]: View<L[C][0]> }

const aligned = (bytes: number): number => (bytes + 63) & ~63

export const layoutBytes = (layout: Layout): number =>
  Object.values(layout).reduce((sum, [kind, length]) => sum + aligned(BYTES[kind] * length), 0)

/** Views over `buffer`, column after column, each on a cache line of its own. */
export function carve<L extends Layout>(layout: L, buffer: SharedArrayBuffer): Columns<L> {
  const columns: Record<string, Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array> = {}
  let at = 0
  for (const [name, [kind, length]] of Object.entries(layout)) {
    if (kind === 'f64') columns[name] = new Float64Array(buffer, at, length)
    else if (kind === 'i32') columns[name] = new Int32Array(buffer, at, length)
    else if (kind === 'u32') columns[name] = new Uint32Array(buffer, at, length)
    else if (kind === 'u16') columns[name] = new Uint16Array(buffer, at, length)
    else columns[name] = new Uint8Array(buffer, at, length)
    at += aligned(BYTES[kind] * length)
  }
  return columns as Columns<L>
}

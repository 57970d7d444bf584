import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/**
 * Lines of an entry as they are stored. Many are packed; a few are stored as they are, since to set up a packer takes longer than to write them. Which
 * it is can be seen from the first byte: a line begins with a brace, and what is packed never does.
 */
const PACKED_FROM_BYTES = 32_768
const PACKING = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
const BRACE = 0x7b
export const NEWLINE = 10

export function packLines(bytes: Uint8Array): Uint8Array {
  return bytes.length < PACKED_FROM_BYTES ? bytes : zstdCompressSync(bytes, PACKING)
}

/** Lines of an entry of decisions as they were written, each with its newline. */
export function unpacked(bytes: Uint8Array): Buffer {
  return bytes[0] === BRACE ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : zstdDecompressSync(bytes)
}

/** The same, one by one. */
export function linesIn(bytes: Uint8Array): string[] {
  const lines = unpacked(bytes).toString().split('\n')
  lines.pop()
  return lines
}

import { RECORD_BYTES, REG, type WorldView } from './world.ts'

/**
 * A hash over every byte of a world: the same seed gives the same digest on any machine, at any number of workers. Two lanes of
 * multiply-and-rotate (after MurmurHash3's mixer, Appleby 2011); for noticing differences, not for keeping secrets.
 */
export function digestOf(world: WorldView): string {
  // Records lie last; those never used say nothing.
  const words = new Uint32Array(world.buffer, 0, (world.recordsByteOffset + world.regs[REG.recordsUsed] * RECORD_BYTES) / 4)
  let a = 0x9e3779b9
  let b = 0x85ebca6b
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    a = Math.imul(a ^ word, 0xcc9e2d51)
    a = (a << 15) | (a >>> 17)
    b = Math.imul(b + word, 0x1b873593) ^ a
    b = (b << 13) | (b >>> 19)
  }
  return `${mixed(a)}${mixed(b ^ words.length)}`
}

/** Hash of any text or list of digests, in the same form. */
export function digestOfText(text: string): string {
  let a = 0x9e3779b9
  let b = 0x85ebca6b
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0xcc9e2d51)
    a = (a << 15) | (a >>> 17)
    b = Math.imul(b + text.charCodeAt(i), 0x1b873593) ^ a
    b = (b << 13) | (b >>> 19)
  }
  return `${mixed(a)}${mixed(b ^ text.length)}`
}

function mixed(word: number): string {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0).toString(16).padStart(8, '0')
}

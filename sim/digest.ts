import { COUNT, RECORD_BYTES, type WorldView } from './world.ts'

/**
 * A hash over every byte of a world: the same seed gives the same digest on any machine, at any number of workers. Lanes of
 * multiply-and-rotate (after MurmurHash3's mixer, Appleby 2011); for noticing differences, not for keeping secrets.
 */
export function digestOf(world: WorldView): string {
  // Records lie last; those never used say nothing.
  const words = new Uint32Array(world.buffer, 0, (world.recordsByteOffset + world.counts[COUNT.recordsUsed] * RECORD_BYTES) / 4)
  // Four lanes side by side: each step waits for the one before it in its own lane only.
  let a = 0x9e3779b9
  let b = 0x85ebca6b
  let c = 0xc2b2ae35
  let d = 0x27d4eb2f
  const whole = words.length & ~3
  for (let i = 0; i < whole; i += 4) {
    a = Math.imul((a ^ words[i]) | 0, 0xcc9e2d51)
    b = Math.imul((b ^ words[i + 1]) | 0, 0x1b873593)
    c = Math.imul((c ^ words[i + 2]) | 0, 0x85ebca77)
    d = Math.imul((d ^ words[i + 3]) | 0, 0x9e3779b1)
    a = (a << 15) | (a >>> 17)
    b = (b << 13) | (b >>> 19)
    c = (c << 16) | (c >>> 16)
    d = (d << 11) | (d >>> 21)
  }
  for (let i = whole; i < words.length; i++) a = Math.imul(a ^ words[i], 0xcc9e2d51)
  return `${mixed(a ^ mixedWord(c))}${mixed(b ^ mixedWord(d) ^ words.length)}`
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

function mixedWord(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const mixed = (word: number): string => (mixedWord(word) >>> 0).toString(16).padStart(8, '0')

import { liveStretches } from './live.ts'
import type { WorldView } from './world.ts'

/**
 * A hash over every byte of a world that says anything: the same seed gives the same digest on any machine, at any number of workers,
 * and a world that was put away and taken out again has the digest it had. For noticing differences, not for keeping secrets.
 */
export function digestOf(world: WorldView): string {
  return digestOfWords(liveStretches(world).map(({ from, to }) => new Uint32Array(world.buffer, from, (to - from) / 4)))
}

/** Lanes of multiply-and-rotate (after MurmurHash3's mixer, Appleby 2011) over words that come in several pieces. */
export function digestOfWords(pieces: readonly Uint32Array[]): string {
  // Four lanes side by side: each step waits for the one before it in its own lane only.
  const lanes = Int32Array.of(0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f)
  let length = 0
  for (const words of pieces) {
    absorb(lanes, words)
    length += words.length
  }
  const [a, b, c, d] = lanes
  return `${mixed(a ^ mixedWord(c))}${mixed(b ^ mixedWord(d) ^ length)}`
}

function absorb(lanes: Int32Array, words: Uint32Array): void {
  let [a, b, c, d] = lanes
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
  lanes[0] = a
  lanes[1] = b
  lanes[2] = c
  lanes[3] = d
}

/** Hash of plain data by what it says: numbers, texts, arrays, columns and records of them. What it can do is left out. */
export function digestOfData(data: unknown): string {
  if (ArrayBuffer.isView(data)) {
    const bytes = new Uint8Array((data.byteLength + 3) & ~3)
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    return digestOfWords([new Uint32Array(bytes.buffer)])
  }
  if (Array.isArray(data)) return digestOfText(data.map(digestOfData).join(' '))
  if (typeof data === 'object' && data !== null)
    return digestOfText(
      Object.entries(data)
        .map(([name, value]) => `${name}:${digestOfData(value)}`)
        .join(' '),
    )
  return typeof data === 'function' ? '' : String(data)
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

/**
 * The digits of a number behind its point: the fewest that still say this number and no other, the same letters as the engine's, a few times as fast
 * and with nothing left on the heap. Digits are taken one by one from an exact fraction until what is left is less than half the way to the next
 * number (Steele and White, "How to print floating-point numbers accurately", PLDI 1990, free-format fixed-point).
 */

/** A fraction is held as two whole numbers of 27 bits, so that ten times each still is a small one. */
const HALF = 2 ** 27
const WHOLE = HALF * HALF
const MASK = HALF - 1
/** Below it a number has more bits behind the point than are held; from `MOST` on there are hardly any. */
const LEAST = 0.25
const MOST = 2 ** 51
const ZERO = 0x30

const FLOAT = new Float64Array(1)
const WORDS = new Int32Array(FLOAT.buffer)
/** Half the way from a number to the next, in units of 2^−54, by its exponent as it is stored: 1023 more than it is. */
const GAPS = Float64Array.from({ length: 1100 }, (_, stored) => 2 ** (stored - 1022))

/** Whether the digits of such a number can be written here; others are left to the engine. */
export const writesFraction = (value: number): boolean => value >= LEAST && value < MOST

/** Writes what stands behind the point of `value`, which is no whole number; `whole` is what stands before it. Returns where it ends. */
export function writeFraction(bytes: Uint8Array, from: number, value: number, whole: number): number {
  FLOAT[0] = value
  let gap = GAPS[WORDS[1] >>> 20]
  const upper = (value - whole) * HALF
  let high = Math.floor(upper)
  let low = (upper - high) * HALF
  for (let at = from; ; ) {
    low *= 10
    high = high * 10 + (low >>> 27)
    low &= MASK
    const digit = high >>> 27
    high &= MASK
    gap *= 10
    const rest = high * HALF + low
    const isDown = rest < gap
    const isUp = WHOLE - rest < gap
    if (!isDown && !isUp) {
      bytes[at++] = ZERO + digit
      continue
    }
    // Of two texts that are as short the nearer one, of two as near the even one. A nine is never followed by an up: it would have ended before.
    const isNearerUp = rest > WHOLE / 2 || (rest === WHOLE / 2 && (digit & 1) === 1)
    bytes[at++] = ZERO + digit + (isUp && (!isDown || isNearerUp) ? 1 : 0)
    return at
  }
}

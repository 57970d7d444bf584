/**
 * Lots for policies, which have no dice: 32 bits without a pattern from a number and a salt, the same wherever they are asked for. The finaliser of
 * MurmurHash3 (Appleby).
 */
export function lot(number: number, salt: number): number {
  let h = (number ^ salt) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The same as a number strictly between 0 and 1. */
export const lotShare = (number: number, salt: number): number => (lot(number, salt) + 0.5) / 2 ** 32

import { expect, test } from 'vitest'
import { dice, draw, PURPOSE } from './random.ts'

const PARITY = 0x1bd11bda

/** The two raw words of a draw, round by round as the paper has it: the oracle for the unrolled one. */
function rawWords(key0: number, key1: number, counter0: number, counter1: number, rounds: number): [number, number] {
  const rotations = [13, 15, 26, 6, 17, 29, 16, 24]
  const keys = [key0, key1, PARITY ^ key0 ^ key1]
  let a = (counter0 + key0) | 0
  let b = (counter1 + key1) | 0
  for (let round = 0; round < rounds; round++) {
    const rotation = rotations[round % 8] as number
    a = (a + b) | 0
    b = ((b << rotation) | (b >>> (32 - rotation))) ^ a
    if (round % 4 === 3) {
      const group = (round + 1) / 4
      a = (a + (keys[group % 3] as number)) | 0
      b = (b + (keys[(group + 1) % 3] as number) + group) | 0
    }
  }
  return [a >>> 0, b >>> 0]
}

const hex = (words: readonly number[]): string => words.map((word) => word.toString(16).padStart(8, '0')).join(' ')

test('Threefry-2x32 gives the known answers of Random123 at 13 and 20 rounds', () => {
  expect(hex(rawWords(0, 0, 0, 0, 13))).toBe('9d1c5ec6 8bd50731')
  expect(hex(rawWords(0, 0, 0, 0, 20))).toBe('6b200159 99ba4efe')
  expect(hex(rawWords(-1, -1, -1, -1, 20))).toBe('1cb996fc bb002be7')
  expect(hex(rawWords(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 20))).toBe('c4923a9c 483df7a0')
})

test('the unrolled draw is the same function as the readable one', () => {
  for (let entity = 0; entity < 2000; entity++) {
    const { key0, key1 } = dice('parity', entity)
    const [a, b] = rawWords(key0, key1, entity, (PURPOSE.pick << 24) | 7, 13)
    expect(draw(dice('parity', entity), entity, PURPOSE.pick, 7)).toBe(((a >>> 5) * 67108864 + (b >>> 6) + 0.5) / 2 ** 53)
  }
})

test('a draw depends on its seed, replication, entity, purpose and count, and on nothing else', () => {
  const one = dice('a', 0)
  const first = draw(one, 5, PURPOSE.zone, 0)
  draw(one, 6, PURPOSE.zone, 0)
  expect(draw(one, 5, PURPOSE.zone, 0)).toBe(first)
  for (const other of [
    draw(dice('b', 0), 5, PURPOSE.zone, 0),
    draw(dice('a', 1), 5, PURPOSE.zone, 0),
    draw(one, 6, PURPOSE.zone, 0),
    draw(one, 5, PURPOSE.sku, 0),
    draw(one, 5, PURPOSE.zone, 1),
  ])
    expect(other).not.toBe(first)
})

test('draws of neighbouring entities are uniform: mean and variance within four standard errors', () => {
  const one = dice('uniform', 3)
  const n = 200_000
  let sum = 0
  let squares = 0
  for (let entity = 0; entity < n; entity++) {
    const u = draw(one, entity, PURPOSE.gap, 0)
    sum += u
    squares += (u - 0.5) ** 2
  }
  expect(Math.abs(sum / n - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n))
  expect(Math.abs(squares / n - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n))
})

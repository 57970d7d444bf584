import { expect, test } from 'vitest'
import { roomOf } from './room.ts'

test('a truck with room for 2.5 parcels takes two and three in turn, and loses none over a year', () => {
  expect([0, 1, 2, 3].map((turn) => roomOf(2.5, turn))).toEqual([2, 3, 2, 3])
  let year = 0
  for (let day = 0; day < 365; day++) year += roomOf(0.3, day)
  expect(year).toBe(Math.floor(0.3 * 365))
})

test('whole numbers are taken as they are, and what is closed takes nothing', () => {
  expect([0, 17, 4000].map((turn) => roomOf(7, turn))).toEqual([7, 7, 7])
  expect([0, 17, 4000].map((turn) => roomOf(0, turn))).toEqual([0, 0, 0])
})

import { expect, test } from 'vitest'
import { didYouMean, nearest } from './suggest.ts'

const POLICIES = ['nearest', 'cheapest', 'cheapest-in-time', 'shortest-queue', 'live-greedy']

test.each([
  ['nearst', 'nearest'],
  ['Live-Greedy', 'live-greedy'],
  ['chepest', 'cheapest'],
  ['cheapest-in', 'cheapest-in-time'],
  ['live', 'live-greedy'],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, POLICIES)).toBe(meant)
})

test('a word that is far from all of them is not guessed at; the choices are listed', () => {
  expect(nearest('banana', POLICIES)).toBeNull()
  expect(didYouMean('banana', POLICIES)).toContain('shortest-queue')
})

test('a name that exists is its own nearest', () => {
  for (const name of POLICIES) expect(nearest(name, POLICIES)).toBe(name)
})

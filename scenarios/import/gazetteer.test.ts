import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance } from './edit-distance.ts'
import { gazetteer } from './gazetteer.ts'

const towns = gazetteer([
  { name: 'São Paulo', state: 'SP', lat: -23.5, lon: -46.6 },
  { name: 'Campinas', state: 'SP', lat: -22.9, lon: -47.1 },
  { name: 'Itu', state: 'SP', lat: -23.3, lon: -47.3 },
  { name: 'Paraty', state: 'RJ', lat: -23.2, lon: -44.7 },
])

test('accents, case and punctuation do not keep a town from being found', () => {
  for (const city of ['sao paulo', 'SÃO PAULO', 'sao-paulo '])
    expect(towns.find(city, 'SP')).toMatchObject({ match: 'exact', name: 'São Paulo' })
})

test('a misspelt town is the nearest name of its own state and never of another', () => {
  expect(towns.find('sao paluo', 'SP')).toMatchObject({ match: 'similar', name: 'São Paulo' })
  expect(towns.find('campinas / sp', 'sp')).toMatchObject({ match: 'similar', name: 'Campinas' })
  expect(towns.find('paraty', 'SP')).toMatchObject({ match: 'state' })
})

test('a short name is not taken for another short name', () => {
  expect(towns.find('iru', 'SP').match).toBe('state')
})

test('an unknown town stands in the middle of its state, an unknown state nowhere', () => {
  const { place } = towns.find('atlantis', 'SP')
  expect(place.lat).toBeCloseTo((-23.5 - 22.9 - 23.3) / 3)
  expect(towns.find('paris', 'FR')).toMatchObject({ match: 'none' })
})

test('edit distance is a distance, and a swap of neighbours is one slip', () => {
  const word = fc.stringMatching(/^[a-d]{0,6}$/)
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, b) === 0).toBe(a === b)
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
    }),
  )
  expect(editDistance('paulo', 'palou')).toBe(2)
  expect(editDistance('paulo', 'apulo')).toBe(1)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cluster, nearestIndex } from './cluster.ts'
import { demandZones } from './zones.ts'

const town = fc.record({
  lat: fc.double({ min: -30, max: 0, noNaN: true }),
  lon: fc.double({ min: -60, max: -35, noNaN: true }),
  weight: fc.integer({ min: 1, max: 500 }),
})
const towns = fc.array(town, { minLength: 1, maxLength: 40 })

test('every town gets a cluster, there are no more than asked for, and the heaviest comes first', () => {
  fc.assert(
    fc.property(towns, fc.integer({ min: 1, max: 12 }), (places, count) => {
      const member = cluster(places, count)
      const weight = Array.from({ length: Math.max(...member) + 1 }, (_, c) =>
        places.reduce((sum, place, i) => sum + (member[i] === c ? place.weight : 0), 0),
      )
      expect(member).toHaveLength(places.length)
      expect(weight.length).toBeLessThanOrEqual(count)
      expect(weight.every((w) => w > 0)).toBe(true)
      expect(weight).toEqual(weight.toSorted((a, b) => b - a))
    }),
  )
})

test('two far groups of towns fall into two clusters', () => {
  const south = [-30, -30.1, -29.9].map((lat) => ({ lat, lon: -51, weight: 5 }))
  const north = [-3, -3.1].map((lat) => ({ lat, lon: -60, weight: 1 }))
  expect(cluster([...south, ...north], 2)).toEqual([0, 0, 0, 1, 1])
})

test('zones never cross a region and lose no order', () => {
  const named = fc.array(fc.record({ place: town, region: fc.constantFrom('SP', 'RJ', 'AM') }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(named, (list) => {
      const places = list.map(({ place, region }, i) => ({ ...place, region, name: `town ${i}` }))
      const { zones, zoneOfTown } = demandZones(places, 8)
      places.forEach((place, i) => {
        expect(zones[zoneOfTown[i]].region).toBe(place.region)
      })
      expect(zones.reduce((sum, zone) => sum + zone.share, 0)).toBe(places.reduce((sum, place) => sum + place.weight, 0))
      expect(new Set(zones.map((zone) => zone.id)).size).toBe(zones.length)
    }),
  )
})

test('the nearest place is the nearest', () => {
  const places = [
    { lat: -23, lon: -46 },
    { lat: -3, lon: -60 },
  ]
  expect(nearestIndex({ lat: -20, lon: -45 }, places)).toBe(0)
})

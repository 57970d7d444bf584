import type { NetworkSpec, ServiceSpec } from '../../sim/network-spec.ts'
import { DAY_MS } from '../../sim/units.ts'
import { bareNetwork } from '../validate/bare-network.ts'
import { defineInstance, luckFor, type MadeOrder, replayOf, upTo } from './instance.ts'

const KNOBS = {
  articles: 20,
  /** Units of each article in each of the two warehouses. */
  units: 40,
  /** Most customers of the second wave, for each unit in the west; drawn evenly from 0 on for each article. */
  secondWave: 2,
  near: 5,
  /** What it costs more to serve the middle from the east. */
  edge: 0.2,
  unfilled: 25,
}

/**
 * Orders in the worst sequence: for each article first come customers in the middle, as many as one warehouse has, whom the west serves a
 * little more cheaply than the east; then customers in the west, whom only the west can serve. Who takes the cheapest has
 * nothing left for the second wave. But how many come in it is drawn for each article, from none to more than there are
 * units, and nothing tells before: who always holds back loses too, if less. After the examples by which online allocation is
 * shown to be competitive (Mehta, Saberi, Vazirani & Vazirani, Journal of the ACM 54, 2007; Golrezaei, Nazerzadeh & Rusmevichientong, Management
 * Science 60, 2014). Articles follow each other, so that what was learnt of one can be used on the next only as far as it is true.
 */
export const adversary = defineInstance({
  id: 'adversary',
  about: 'Customers whom anybody could serve come before those whom only one warehouse can.',
  knobs: KNOBS,
  limits: { articles: upTo(1000), units: upTo(10_000) },
  cases: { full: [{}, { secondWave: 1 }], quick: [{}] },
  make: (knobs, seed) => {
    const luck = luckFor('adversary', seed)
    const bare = bareNetwork()
    const asked: { zone: number; sku: number }[] = []
    for (let sku = 0; sku < knobs.articles; sku++) {
      const second = Math.round(knobs.units * knobs.secondWave * luck(DRAW.second, sku))
      for (let i = 0; i < knobs.units; i++) asked.push({ zone: ZONES.indexOf('middle'), sku })
      for (let i = 0; i < second; i++) asked.push({ zone: ZONES.indexOf('west'), sku })
    }
    const orders = asked.map(({ zone, sku }, i): MadeOrder => {
      const placedMs = Math.floor((i / asked.length) * DAY_MS)
      return { placedMs, promisedMs: placedMs + 30 * DAY_MS, zone, skus: [sku] }
    })
    const service = (from: string, reaches: string[], base: number): ServiceSpec => ({
      ...bare.services[0],
      id: `${from}-${reaches[0]}`,
      from: [from],
      reaches,
      departures: [{ ...bare.services[0].departures[0], at: '24:00' }],
      freight: { base, perKm: 0, perKg: 0, perKgKm: 0 },
    })
    const ids = Array.from({ length: knobs.articles }, (_, sku) => `article-${sku}`)
    const spec: NetworkSpec = {
      ...bare,
      name: 'adversary',
      about: 'Two warehouses; customers of the west have only one.',
      demand: { ...bare.demand, ordersPerDay: knobs.articles * knobs.units * (1 + knobs.secondWave / 2) },
      zones: ZONES.map((id, z) => ({
        ...bare.zones[0],
        id,
        name: id,
        region: id,
        lat: 0,
        lon: z - 1,
        share: z === 0 ? knobs.secondWave / 2 : 1,
      })),
      skus: ids.map((id) => ({ ...bare.skus[0], id })),
      warehouses: [
        // The west is also a little nearer to the middle.
        { ...bare.warehouses[0], id: 'west', name: 'West', lat: 0, lon: -0.9 },
        { ...bare.warehouses[0], id: 'east', name: 'East', lat: 0, lon: 1 },
        { ...bare.warehouses[0], id: 'unfilled', name: 'Unfilled', lat: 0, lon: 180 },
      ],
      services: [
        service('west', ['west', 'middle'], knobs.near),
        service('east', ['middle'], knobs.near + knobs.edge),
        service('unfilled', ['west', 'middle'], knobs.unfilled),
      ],
      suppliers: [{ ...bare.suppliers[0], leadDays: { law: 'constant', value: 60 } }],
      openingStock: ids.flatMap((sku) => [
        { warehouse: 'west', sku, units: knobs.units },
        { warehouse: 'east', sku, units: knobs.units },
        { warehouse: 'unfilled', sku, units: PLENTY },
      ]),
    }
    return { spec, scenario: { name: 'adversary', about: 'One day.', days: 1 }, orders: replayOf(orders), unfilled: 2 }
  },
})

const ZONES = ['west', 'middle']
const PLENTY = 10_000_000
/** Kinds of luck. */
const DRAW = { second: 0 } as const

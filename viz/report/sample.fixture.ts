import { readFileSync } from 'node:fs'
import { compareCells, comparisonsOf } from '../../scenarios/compare.ts'
import type { Cell, NetworkCard, Result } from '../../scenarios/result.ts'
import { places } from './sample-places.fixture.ts'

/** How big a made-up result is. */
export type Size = {
  policies: readonly string[]
  scenarios: readonly string[]
  zones: number
  warehouses: number
  hours: number
  replications: number
}

export const USUAL: Size = {
  policies: ['cheapest', 'nearest', 'cheapest-in-time', 'shortest-queue', 'live-greedy'],
  scenarios: ['calm', 'peak-sale', 'storm', 'warehouse-outage'],
  zones: 60,
  warehouses: 9,
  hours: 72,
  replications: 20,
}

const ABOUT: Readonly<Record<string, string>> = {
  calm: 'An ordinary week: no sale, everyday weather.',
  'peak-sale': 'A sale day of five times the usual orders on the second day.',
  storm: 'A storm sits on the south for two days and slows lanes, hubs and labour.',
  'warehouse-outage': 'The largest warehouse stands still for eighteen hours.',
}

/**
 * A made-up result of believable shape for tests and for looking at the page: policies differ a little in calm and much under stress,
 * and replications share their luck. The same arguments give the same bytes.
 */
export function sampleResult(size: Size = USUAL): Result {
  const { policies, scenarios, hours, replications } = size
  const network = networkOf(size)
  const cells = scenarios.flatMap((scenario, s) => policies.map((policy, p) => cellOf(scenario, s, policy, p, network, size)))
  const baseline = policies[0] ?? ''
  return {
    format: 'orrery-result/1',
    version: '0.1.0',
    network,
    scenarios: scenarios.map((id) => ({ id, about: ABOUT[id] ?? 'A made-up scenario.', days: Math.ceil(hours / 24) })),
    contestants: policies.map((id) => ({
      id,
      about: `Sends each order the ${id.replaceAll('-', ' ')} way.`,
      policies: { routing: id, forecast: 'seasonal-naive', replenishment: 'base-stock', promise: 'quantile' },
    })),
    baseline,
    seed: '8f31',
    replications,
    workers: 2,
    comparisons: comparisonsOf(cells, baseline),
    orders: Math.round((network.ordersPerDay * hours * cells.length * replications) / 24),
    events: Math.round(network.ordersPerDay * (hours / 24) * cells.length * replications * 13.4),
    tookSeconds: 31.4,
    cpuSeconds: 58.2,
    digest: 'b1946ac92492d2347c6235b4d2611184',
    stopped: null,
    cells: compareCells(cells, baseline),
  }
}

function networkOf({ zones, warehouses }: Size): NetworkCard {
  const towns = Array.from({ length: Math.max(zones, warehouses) }, (_, i) => {
    const [name, region, lat, lon, size] = places[i % places.length]
    const round = Math.floor(i / places.length)
    const near = (k: number) => (luckOf(i, round, k) - 0.5) * 3.2 * Math.min(1, round)
    return {
      name: round === 0 ? name : `${name} ${round + 1}`,
      region,
      lat: lat + near(1),
      lon: lon + near(2),
      share: size / (1 + round * 4),
    }
  })
  return {
    name: 'Brazil, made up',
    about: 'A made-up national network for tests.',
    currency: 'BRL',
    startsOn: 'mon',
    ordersPerDay: 12_000,
    skus: 2000,
    services: [
      { id: 'standard', name: 'Standard' },
      { id: 'express', name: 'Express' },
    ],
    warehouses: towns.slice(0, warehouses).map(({ name, lat, lon }, i) => ({ id: `W${i}`, name, lat, lon })),
    zones: towns.slice(0, zones).map((town, i) => ({ id: `Z${i}`, ...town })),
    outline: JSON.parse(readFileSync(new URL('../../scenarios/networks/brazil/outline.json', import.meta.url), 'utf8')),
  }
}

function cellOf(
  scenario: string,
  s: number,
  contestant: string,
  p: number,
  network: NetworkCard,
  size: Size,
): Omit<Cell, 'measures' | 'versusBaseline'> {
  const { hours, replications } = size
  const stress = [0.1, 1, 0.7, 0.5][s % 4]
  // How well a policy copes, 0 to 1; the last copes best and costs a little more, the second is fast in calm and clogs under stress.
  const skill = p === 1 ? 0.35 - stress * 0.5 : Math.min(0.9, 0.2 + 0.14 * p)
  const perReplication = (make: (r: number, day: number, own: number) => number) =>
    Array.from({ length: replications }, (_, r) => make(r, luckOf(s, r, 3) - 0.5, luckOf(s * 100 + p, r, 4) - 0.5))
  const onTime = perReplication(
    (_, day, own) => 0.982 - 0.09 * stress * (1 - skill) + 0.03 * day * stress + (0.004 + 0.022 * stress) * own,
  )
  const level = (hour: number) => Math.max(0, Math.sin(((hour % 24) - 7) / 5.2)) * (1 + (hour > 24 && hour < 52 ? 3 * stress : 0))
  const sizes = network.warehouses.map((_, w) => 1 / (1 + w * 0.8))
  const shares = network.zones.map(({ share }) => share)
  const total = shares.reduce((a, b) => a + b, 0)
  const placed = (network.ordersPerDay * hours) / 24
  const pull = (w: number, z: number) => {
    const far = Math.hypot(network.warehouses[w].lat - network.zones[z].lat, network.warehouses[w].lon - network.zones[z].lon)
    return sizes[w] * Math.exp(-far / (p === 1 ? 3 : 9 + 2 * p)) * (0.6 + luckOf(w, z, 7))
  }
  return {
    scenario,
    contestant,
    replications,
    samples: {
      onTimeShare: onTime,
      costPerOrder: perReplication(
        (_, day, own) => 18.2 + stress * 1.4 + [0, 0.9, 0.12, 0.5, 0.34][p % 5] + day * 0.6 + own * 0.5,
      ),
      co2PerOrder: perReplication((_, day, own) => 0.61 + [0, -0.08, 0.01, 0.03, 0][p % 5] + day * 0.02 + own * 0.05),
      lateHoursP95: perReplication((_, day, own) => Math.max(0, 26 * stress * (1 - skill) + day * 6 + own * 7 * stress)),
      peakBacklog: perReplication((_, day, own) => Math.round(900 + 5200 * stress * (1 - skill) + day * 500 + own * 900)),
    },
    onTimeByHour: Array.from({ length: hours }, (_, h) =>
      h % 24 === 3
        ? null
        : Math.min(
            1,
            0.985 -
              0.05 * stress * (1 - skill) * level(h) -
              0.008 * luckOf(s, h, 5) -
              0.002 * luckOf(s * 50 + p, h, 6) +
              0.0015 * p,
          ),
    ),
    backlogByHour: sizes.map((each, w) =>
      Array.from(
        { length: hours },
        (_, h) => each * (60 + 620 * (1 - skill) * level(h - w * 0.6)) * (0.95 + 0.1 * luckOf(w + p * 40, h, 6)),
      ),
    ),
    flows: network.warehouses.map((_, w) =>
      network.zones.map((_, z) => {
        const pulls = sizes.reduce((sum, _, other) => sum + pull(other, z), 0)
        return Math.round((placed * shares[z] * pull(w, z) * 10) / total / pulls) / 10
      }),
    ),
    outcome: {
      placed,
      delivered: placed * (0.955 - 0.03 * stress * (1 - skill)),
      cancelled: placed * 0.012,
      lost: placed * 0.0011,
      returned: placed * 0.021,
      open: placed * (0.031 + 0.03 * stress * (1 - skill)),
      split: placed * (0.012 + 0.004 * p),
    },
  }
}

/** A number from 0 to 1 that belongs to its three keys (integer hash by Bob Jenkins' mix); the sample's own luck. */
function luckOf(a: number, b: number, c: number): number {
  let x = (Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b) ^ Math.imul(c + 1, 0xc2b2ae35)) >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32
}

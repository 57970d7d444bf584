import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { PlaceSpec, ScenarioSpec, Span, WhichSpec } from '../../sim/scenario-spec.ts'
import { clock } from './draw-calendar.ts'
import { tidy } from './draw-law.ts'
import type { Luck } from './luck.ts'

/** What befalls a drawn network: each kind of trouble there or not, several at once, over any spans of its days; all of it ends with the last. */
export function drawScenario(luck: Luck, network: NetworkSpec): ScenarioSpec {
  const days = luck.oneOf('days', [1, 1, 2, 3, 5, 8])
  const list = <T>(name: string, make: (own: Luck) => T): T[] =>
    luck.chance(name, 0.45)
      ? Array.from({ length: luck.whole(`${name} count`, 1, 3) }, (_, i) => {
          const own = luck.in(`${name} ${i}`)
          return { ...drawSpan(own, days), ...make(own) }
        })
      : []
  const regions = [...new Set(network.zones.map(({ region }) => region))]
  const lists = {
    demand: list('demand', (own) => ({
      factor: own.oneOf('factor', [0, 0.2, 2, 5, 25]),
      ...(own.chance('somewhere', 0.3) ? { regions: own.someOf('regions', regions, 0.4) } : {}),
      ...(own.chance('shaped', 0.5) ? { shape: own.oneOf('shape', ['flat', 'rush'] as const) } : {}),
      ...(own.chance('promoted', 0.4)
        ? { promoted: { skuShare: own.oneOf('share', [0, 0.1, 1]), lift: own.oneOf('lift', [1, 4, 100]) } }
        : {}),
    })),
    weather: list('weather', (own) => ({
      path: Array.from({ length: own.whole('places', 1, 3) }, (_, i) => drawPlace(own.in(i), network)),
      radiusKm: tidy(own.spread('radius', 5, 3000)),
      severity: own.oneOf('severity', [0, 1, 3, 30]),
      ...(own.chance('wanders', 0.3) ? { wanderKm: own.oneOf('wander', [0, 60, 500]) } : {}),
    })),
    warehouses: list('warehouses', (own) => ({
      which: drawWhich(own, network.warehouses),
      capacity: own.oneOf('capacity', [0, 0, 0.1, 0.5, 2]),
    })),
    carriers: list('carriers', (own) => ({
      which: drawWhich(own, network.services),
      capacity: own.oneOf('capacity', [0, 0, 0.4, 1, 3]),
      ...(own.chance('slow', 0.4) ? { transit: own.oneOf('transit', [0.5, 2, 10]) } : {}),
    })),
    hubs: list('hubs', (own) => ({ which: drawWhich(own, network.hubs), capacity: own.oneOf('capacity', [0, 0.01, 0.5, 2]) })),
    suppliers: list('suppliers', (own) => ({
      which: drawWhich(own, network.suppliers),
      leadTime: own.oneOf('lead', [0.1, 2, 20]),
    })),
    stockErrors: list('stockErrors', (own) => ({
      which: drawWhich(own, network.warehouses),
      share: own.oneOf('share', [0, 0.1, 0.5, 1]),
      lagMinutes: own.oneOf('lag', [0, 0, 15, 360]),
    })),
  }
  return {
    name: 'drawn',
    about: 'Drawn from a seed.',
    days,
    ...Object.fromEntries(Object.entries(lists).filter(([, items]) => items.length > 0)),
  }
}

/** From some quarter of an hour to another, up to the end of the last day. */
function drawSpan(luck: Luck, days: number): Span {
  const last = days * 96
  const from = luck.chance('from the start', 0.2) ? 0 : luck.whole('from', 0, last - 1)
  const to = luck.chance('to the end', 0.3) ? last : luck.whole('to', from + 1, last)
  return { from: when(from), to: when(to, true) }
}

/** `isEnd` writes midnight as the end of the day before. */
function when(quarter: number, isEnd = false): string {
  const day = isEnd && quarter % 96 === 0 ? quarter / 96 - 1 : Math.floor(quarter / 96)
  return `day ${day} ${clock(quarter - day * 96)}`
}

function drawPlace(luck: Luck, { zones }: NetworkSpec): PlaceSpec {
  if (luck.chance('by demand', 0.5)) return { east: tidy(luck.unit('east')), north: tidy(luck.unit('north')) }
  const { lat, lon } = luck.oneOf('zone', zones)
  return { lat, lon }
}

function drawWhich(luck: Luck, things: readonly { id: string }[]): WhichSpec {
  const kind = luck.oneOf('which', ['all', 'busiest', 'some'] as const)
  return kind === 'some'
    ? luck.someOf(
        'ids',
        things.map(({ id }) => id),
        0.5,
      )
    : kind
}

import type { NetworkSpec, ServiceSpec, SkuSpec, WarehouseSpec, ZoneSpec } from '../../sim/network-spec.ts'
import { WEEKDAYS } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import { formatWhen } from '../../sim/when.ts'
import { bareNetwork } from '../validate/bare-network.ts'
import {
  ABOVE_NONE,
  defineInstance,
  type InstanceDay,
  type Luck,
  luckFor,
  type MadeOrder,
  normalOf,
  PART,
  placeOf,
  replayOf,
  upTo,
} from './instance.ts'

const KNOBS = {
  orders: 20_000,
  load: 1,
  nodes: 6,
  zones: 24,
  sideKm: 1000,
  clustered: 0.5,
  clusterKm: 110,
  /** Parts of the picking that the nodes have, any scale; a longer row of nodes goes through them again. */
  split: [0.2, 0.15, 0.2, 0.15, 0.18, 0.12],
  nightRate: 0.5,
  hands: 40,
  noise: 0.15,
  /** Correlation of a node's pace from one hour to the next. */
  memory: 0.7,
  breakdown: 0.45,
  stormSeverity: 0.9,
  stormKm: 220,
  held: [1, 0.65, 0.65],
  classes: [0.5, 0.3, 0.2],
  flashMorning: 4.5,
  flashEvening: 5,
  economyRoom: 0.34,
  expressRoom: 0.12,
  latePerOrder: 15,
  latePerHour: 0.5,
  /** Orders that come for each that is expected: what a forecast of the whole day is wrong by. Capacity is sized for those expected. */
  surge: 1,
  /** Part of the orders that come in the minutes after 20:00, all for the last class. */
  streamShare: 0,
  streamMinutes: 10,
}
type PeakDay = typeof KNOBS

const LIMITS = {
  orders: upTo(1_000_000),
  load: ABOVE_NONE,
  nodes: upTo(200),
  zones: upTo(2000),
  sideKm: { least: 1, most: 3000, whole: false },
  clustered: PART,
  split: ABOVE_NONE,
  hands: upTo(10_000),
  nightRate: PART,
  memory: PART,
  breakdown: PART,
  stormKm: ABOVE_NONE,
  held: PART,
  streamShare: PART,
  streamMinutes: { least: 1, most: 240, whole: false },
  surge: ABOVE_NONE,
}

/**
 * A day on which hands run short: two flash peaks, a breakdown and a storm, and demand that lies nearest to the wrong nodes.
 *
 * `nodes` on a square of `sideKm`, `zones` of which half lie about the first and the third node, with `clustered` of all orders. Over the
 * day the nodes can pick orders / `load` parcels, shared out by `split`; at night (22–06) half as fast. Hour by hour a node's pace varies
 * as an AR(1) of deviation `noise`; the first is at `breakdown` of it from 13:00 to 19:00. A storm over the north-east slows what leaves
 * between 16:00 and 06:00. Two services, 12 h + km / 45 for 6 + 0.008 · km and 6 h + km / 80 for 9.50 + 0.014 · km, leave at
 * 12, 17, 21 and 24 o'clock with room for `economyRoom` and `expressRoom` of what their node can pick in a day. Whoever orders before 20:00 is
 * promised the next day 22:00, others 24 hours later. A late order costs 15, and 0.50 for each hour. Articles are of three classes, of
 * which a node holds each with probability `held`, in plenty; orders are of one line.
 *
 * The end of the journey is made so that a parcel is in time here exactly where it would be if it went from truck to door: hubs sort on the hour
 * and vans leave at half past, half an hour each on average, and both are taken off the services' fixed hours and off no promise.
 *
 * Other than in the notes it follows: places, shares of zones, hours and classes are drawn or chosen here, since they are published nowhere; the
 * storm has a middle and dies away like a Gaussian, and stretches journeys (by 46 % on average in the quadrant, some 9.5 h of an economy
 * journey and 4.8 of an express one) where theirs adds hours; nobody knows of it before it is there, as theirs is known from 13:00;
 * `hands` pick a parcel each at a time, where theirs is one stream; each seed draws a country of its own.
 */
export const peakDay = defineInstance({
  id: 'peak-day',
  about: 'A day on which picking runs short: flash peaks, a breakdown, a storm, demand nearest to the wrong nodes.',
  hasShocks: true,
  knobs: KNOBS,
  limits: LIMITS,
  cases: {
    full: [{ load: 0.85 }, { load: 1 }, { load: 1.15 }, { load: 1.4 }],
    quick: [{ load: 1.15, orders: 4000, hands: 20 }],
  },
  make: makePeakDay,
})

/** A live stream: most of the day's orders within ten minutes, for one article that not every node holds. Whoever follows stale queues herds. */
export const liveStream = defineInstance({
  id: 'live-stream',
  about: 'The peak day without storm and breakdown, on which most orders come within ten minutes, for one article.',
  knobs: { ...KNOBS, load: 0.85, streamShare: 0.6, flashMorning: 1, flashEvening: 1, breakdown: 1, stormSeverity: 0 },
  limits: LIMITS,
  cases: { full: [{}], quick: [{ orders: 2000, hands: 10, zones: 8 }] },
  make: makePeakDay,
})

/** A forecast that is wrong everywhere at once: no node is spared, so that there is nothing to level out by routing alone. */
export const demandSurge = defineInstance({
  id: 'demand-surge',
  about: 'The peak day with fewer or more orders than the network was told to expect, everywhere alike.',
  knobs: { ...KNOBS, load: 0.85 },
  limits: LIMITS,
  cases: { full: [{ surge: 0.7 }, { surge: 1.3 }, { surge: 1.6 }], quick: [{ surge: 1.3, orders: 2000, hands: 13, zones: 8 }] },
  make: makePeakDay,
})

function makePeakDay(knobs: PeakDay, seed: string): InstanceDay {
  const luck = luckFor('peak-day', seed)
  const nodes = nodesOf(knobs, luck)
  const zones = zonesOf(knobs, nodes, luck)
  const bare = bareNetwork()
  const parts = nodes.map((_, w) => inTurn(knobs.split, w))
  const total = parts.reduce((sum, part) => sum + part, 0)
  const perDay = knobs.orders / knobs.load
  const skus = knobs.classes.map(
    (share, k): SkuSpec => ({ ...bare.skus[0], id: `class-${k}`, share, heldAt: holdersOf(knobs, k, luck) }),
  )
  const spec: NetworkSpec = {
    ...bare,
    name: 'peak day',
    about: 'A square with nodes, most demand about two of them.',
    demand: { ...bare.demand, ordersPerDay: knobs.orders, hourlyShare: hourlyShares(knobs) },
    zones: zones.map(
      ({ share, ...at }, z): ZoneSpec => ({ ...bare.zones[0], id: `z${z}`, name: `Zone ${z}`, ...degreesOf(at), share }),
    ),
    skus,
    warehouses: nodes.map((at, w): WarehouseSpec => {
      const part = parts[w] / total
      return {
        ...bare.warehouses[0],
        id: nodeId(w),
        name: `Node ${w}`,
        ...degreesOf(at),
        ...picking(knobs, perDay * part),
        truckRoom: part,
      }
    }),
    services: [
      {
        ...serviceOf(bare.services[0], knobs.economyRoom * perDay, { fixed: 12 - END_HOURS, perKm: 1 / 45 }, 6, 0.008),
        id: 'economy',
      },
      {
        ...serviceOf(bare.services[0], knobs.expressRoom * perDay, { fixed: 6 - END_HOURS, perKm: 1 / 80 }, 9.5, 0.014),
        id: 'express',
      },
    ],
    hubs: [{ ...bare.hubs[0], ...degreesOf({ x: knobs.sideKm / 2, y: knobs.sideKm / 2 }) }],
    delivery: { ...bare.delivery, at: '00:30', rounds: everyHour(1, 23, ':30'), hours: 0.001 },
    weather: { ...bare.weather, sensitivity: { lane: 1, hub: 0, labour: 0, lastMile: 0 } },
    openingStock: skus.flatMap(({ id: sku, heldAt = [] }) => heldAt.map((warehouse) => ({ warehouse, sku, units: PLENTY }))),
    // A queue that has not been touched can still be called back.
    routing: { lockedOnce: 'picked' },
    costs: { latePerOrder: knobs.latePerOrder, latePerHour: knobs.latePerHour, returnPerParcel: 0 },
  }
  return {
    spec,
    scenario: scenarioOf(knobs, luck),
    orders: replayOf(ordersOf(knobs, spec, luck)),
    unfilled: -1,
    promise: { id: NEXT_DAY, params: { cutOffHour: CUT_OFF_HOUR, byHour: BY_HOUR, days: 1 } },
  }
}

type Place = { readonly x: number; readonly y: number }

/** Kinds of luck. */
const DRAW = {
  nodeX: 0,
  nodeY: 1,
  zoneX: 2,
  zoneY: 3,
  zoneShare: 4,
  held: 5,
  pace: 6,
  paceToo: 7,
  placed: 8,
  zone: 9,
  class: 10,
  stream: 11,
} as const

const nodeId = (w: number): string => `node-${w}`
/** Half an hour for the hub's next wave and half an hour for the vans. */
const END_HOURS = 1
const NIGHT = { from: 22, to: 6 } as const
const DEPARTURES = ['12:00', '17:00', '21:00', '24:00']
const STORM_KNOWN = 'day 0 13:00'
const CUT_OFF_HOUR = 20
const BY_HOUR = 22
const NEXT_DAY = 'promise/next-day'
const STREAM_HOUR = 20
/** Units on each shelf: more than ever are asked for. */
const PLENTY = 10_000_000
/** However bad an hour, somebody picks. */
const SLOWEST = 0.1
/** At the equator a square of latitude and longitude is nearly one of kilometres. */
const KM_PER_DEGREE = 111.195
const degreesOf = ({ x, y }: Place) => ({ lat: y / KM_PER_DEGREE, lon: x / KM_PER_DEGREE })
const inTurn = (list: readonly number[], i: number): number => list[i % list.length]
const clock = (hour: number, minutes = ':00'): string => `${String(hour).padStart(2, '0')}${minutes}`
const everyHour = (from: number, to: number, minutes: string): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => clock(from + i, minutes))

/** On a grid of cells as square as can be, from the south-west eastward, each within the middle half of its cell. */
function nodesOf({ nodes, sideKm }: PeakDay, luck: Luck): Place[] {
  const columns = Math.ceil(Math.sqrt(nodes))
  const rows = Math.ceil(nodes / columns)
  return Array.from({ length: nodes }, (_, w) => ({
    x: (sideKm * ((w % columns) + 0.25 + 0.5 * luck(DRAW.nodeX, w))) / columns,
    y: (sideKm * (Math.floor(w / columns) + 0.25 + 0.5 * luck(DRAW.nodeY, w))) / rows,
  }))
}

/** Even zones lie about the first and the third node in turn, the others anywhere. */
function zonesOf({ zones, sideKm, clustered, clusterKm }: PeakDay, nodes: readonly Place[], luck: Luck) {
  const crowded = [nodes[0], nodes[Math.min(2, nodes.length - 1)]]
  const inside = (km: number): number => Math.min(sideKm, Math.max(0, km))
  const made = Array.from({ length: zones }, (_, z) => {
    const [u, v] = [luck(DRAW.zoneX, z), luck(DRAW.zoneY, z)]
    const weight = 0.5 + luck(DRAW.zoneShare, z)
    if (z % 2 === 1) return { x: u * sideKm, y: v * sideKm, weight }
    const middle = crowded[(z / 2) % 2]
    return { x: inside(middle.x + clusterKm * normalOf(u, v)), y: inside(middle.y + clusterKm * normalOf(v, u)), weight }
  })
  const sums = [0, 0]
  made.forEach(({ weight }, z) => {
    sums[z % 2] += weight
  })
  return made.map(({ x, y, weight }, z) => ({ x, y, share: ((z % 2 === 0 ? clustered : 1 - clustered) * weight) / sums[z % 2] }))
}

/** Nodes that hold a class; the first node where none would. */
function holdersOf({ nodes, held }: PeakDay, k: number, luck: Luck): string[] {
  const holders = Array.from({ length: nodes }, (_, w) => w).filter((w) => luck(DRAW.held, k * nodes + w) < inTurn(held, k))
  return (holders.length > 0 ? holders : [0]).map(nodeId)
}

/** Shifts and times that let a node pick so many parcels from one midnight to the next; packing takes no time. */
function picking({ hands, nightRate }: PeakDay, perDay: number): Pick<WarehouseSpec, 'shifts' | 'pickSeconds'> {
  const night = Math.max(1, Math.round(hands * nightRate))
  const handHours = hands * (NIGHT.from - NIGHT.to) + night * (24 - NIGHT.from + NIGHT.to)
  const shift = (from: number, to: number, pickers: number) => ({
    days: [...WEEKDAYS],
    from: clock(from),
    to: clock(to),
    pickers,
    packers: 1_000_000,
  })
  return {
    shifts: [shift(0, NIGHT.to, night), shift(NIGHT.to, NIGHT.from, hands), shift(NIGHT.from, 24, night)],
    pickSeconds: { perParcel: (3600 * handHours) / perDay, perLine: 0, sigma: 0 },
  }
}

/** `capacity` of a departure from all nodes together; each has its part of it. */
function serviceOf(
  bare: ServiceSpec,
  capacity: number,
  steady: { fixed: number; perKm: number },
  base: number,
  perKm: number,
): ServiceSpec {
  return {
    ...bare,
    departures: DEPARTURES.map((at) => ({ days: [...WEEKDAYS], at, cutOffMinutes: 0, capacity })),
    transit: { ...bare.transit, steady },
    freight: { base, perKm, perKg: 0, perKgKm: 0 },
  }
}

/** A quiet night, an even day, and two peaks. */
const hourlyShares = ({ flashMorning, flashEvening }: { flashMorning: number; flashEvening: number }): number[] =>
  Array.from({ length: 24 }, (_, hour) => (hour === 10 ? flashMorning : hour === 20 ? flashEvening : hour < 7 ? 0.3 : 1))

/** Hours for which a node's pace is drawn: the day, and what is left over for the two after it. */
const PACE_HOURS = 72

/** The pace of each node hour by hour, the breakdown, and the storm. */
function scenarioOf({ nodes, sideKm, noise, memory, breakdown, stormSeverity, stormKm }: PeakDay, luck: Luck): ScenarioSpec {
  const warehouses: NonNullable<ScenarioSpec['warehouses']>[number][] = []
  for (let w = 0; w < nodes; w++) {
    let deviation = 0
    for (let hour = 0; hour < PACE_HOURS; hour++) {
      const fresh = normalOf(luck(DRAW.pace, w * PACE_HOURS + hour), luck(DRAW.paceToo, w * PACE_HOURS + hour))
      deviation = hour === 0 ? noise * fresh : memory * deviation + noise * Math.sqrt(1 - memory * memory) * fresh
      const capacity = Math.max(SLOWEST, 1 + deviation)
      warehouses.push({ from: formatWhen(hour * HOUR_MS), to: formatWhen((hour + 1) * HOUR_MS), which: [nodeId(w)], capacity })
    }
  }
  warehouses.push({ from: 'day 0 13:00', to: 'day 0 19:00', which: [nodeId(0)], capacity: breakdown })
  const middle = degreesOf({ x: 0.75 * sideKm, y: 0.75 * sideKm })
  const storm = {
    from: 'day 0 16:00',
    to: 'day 1 06:00',
    path: [middle],
    radiusKm: stormKm,
    severity: stormSeverity,
    announced: STORM_KNOWN,
  }
  return { name: 'peak-day', about: 'Flash peaks, a breakdown and a storm.', days: 1, warehouses, weather: [storm] }
}

/** Each by itself at an instant drawn from the hours' shares, or in the stream. */
function ordersOf(
  { orders, surge, streamShare, streamMinutes, classes }: PeakDay,
  { demand, zones }: NetworkSpec,
  luck: Luck,
): MadeOrder[] {
  const shares = zones.map(({ share }) => share)
  const hours = demand.hourlyShare.reduce((sum, share) => sum + share, 0)
  const made = Array.from({ length: Math.round(orders * surge) }, (_, i): MadeOrder => {
    const streamed = luck(DRAW.stream, i) < streamShare
    const u = luck(DRAW.placed, i)
    const placedMs = streamed
      ? Math.floor(STREAM_HOUR * HOUR_MS + u * streamMinutes * MINUTE_MS)
      : instantAt(demand.hourlyShare, u * hours)
    return {
      placedMs,
      promisedMs: (placedMs < CUT_OFF_HOUR * HOUR_MS ? 1 : 2) * DAY_MS + BY_HOUR * HOUR_MS,
      zone: placeOf(shares, luck(DRAW.zone, i)),
      skus: [streamed ? classes.length - 1 : placeOf(classes, luck(DRAW.class, i))],
    }
  })
  return made.sort((a, b) => a.placedMs - b.placedMs)
}

/** When so much of the day's demand has come, in whole ms from midnight. */
function instantAt(hourlyShare: readonly number[], level: number): number {
  let left = level
  let hour = 0
  while (hour < 23 && left >= hourlyShare[hour]) left -= hourlyShare[hour++]
  return Math.floor((hour + Math.min(left / hourlyShare[hour], 0.999999)) * HOUR_MS)
}

import { type AliasTable, aliasTable } from './alias.ts'
import { weekTimeMs } from './calendar.ts'
import { poisson, sample } from './distribution.ts'
import { EARTH_RADIUS_KM, writeUnitVector } from './geo.ts'
import { type Network, ROAD_POINTS } from './network.ts'
import type { NetworkSpec } from './network-spec.ts'
import { type Dice, draw, PURPOSE } from './random.ts'
import type { PlaceSpec, ScenarioSpec, WhichSpec } from './scenario-spec.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './units.ts'
import { parseWhen } from './when.ts'

/**
 * A scenario made ready for one replication: what holds from when to when, in ms on the run's clock, with names resolved to indices.
 * Everyday weather is drawn here too, keyed by the replication alone, so that every policy meets the same sky.
 */
export type Scene = {
  readonly demand: readonly {
    fromMs: number
    toMs: number
    factor: number
    rush: boolean
    zones: Uint8Array | null
    announced: boolean
  }[]
  /** SKU laws under promotion; an index into them is what a world carries. 0 is no promotion. */
  readonly promotions: readonly { fromMs: number; toMs: number; pick: AliasTable }[]
  readonly storms: readonly Storm[]
  readonly sites: readonly { fromMs: number; toMs: number; warehouses: readonly number[]; capacity: number }[]
  readonly carriers: readonly { fromMs: number; toMs: number; services: readonly number[]; capacity: number; transit: number }[]
  readonly hubs: readonly { fromMs: number; toMs: number; hubs: readonly number[]; capacity: number }[]
  readonly suppliers: readonly { fromMs: number; toMs: number; suppliers: readonly number[]; leadTime: number }[]
  readonly stockErrors: readonly { fromMs: number; toMs: number; warehouses: readonly number[]; share: number; lagMs: number }[]
  readonly blackouts: readonly { fromMs: number; toMs: number; of: 'plans' | 'estimates' }[]
  /** Instants at which something begins or ends, rising. */
  readonly boundaries: Float64Array
}

/** Weather with a centre that moves along a path in equal times, dying away with distance as a Gaussian and at both ends in time. */
export type Storm = {
  readonly fromMs: number
  readonly toMs: number
  readonly lat: Float64Array
  readonly lon: Float64Array
  readonly radiusKm: number
  readonly severity: number
  /** When it is announced; not before it is there where nobody forecasts it. */
  readonly knownMs: number
}

/** It is known of before it comes. */
export const isAnnounced = ({ knownMs, fromMs }: Storm): boolean => knownMs < fromMs

export type SceneInput = {
  readonly network: Network
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly dice: Dice
  /** Where day 0 of the scenario lies on the run's clock, and where the run ends. */
  readonly dayZeroMs: number
  readonly endMs: number
}

export function compileScene(input: SceneInput): Scene {
  const { network, spec, scenario, dayZeroMs } = input
  const span = (part: { from: string; to: string }) => ({
    fromMs: dayZeroMs + parseWhen(part.from),
    toMs: dayZeroMs + parseWhen(part.to),
  })
  const busiestWarehouse = indexOfLargest(network.warehouseShare)
  const ids = {
    warehouses: spec.warehouses.map((one) => one.id),
    services: spec.services.map((one) => one.id),
    hubs: spec.hubs.map((one) => one.id),
    suppliers: spec.suppliers.map((one) => one.id),
  }
  const scene = {
    demand: (scenario.demand ?? []).map((part) => ({
      ...span(part),
      factor: part.factor,
      rush: part.shape === 'rush',
      announced: part.announced ?? true,
      zones: part.regions ? Uint8Array.from(network.zoneRegion, (region) => (part.regions?.includes(region) ? 1 : 0)) : null,
    })),
    promotions: (scenario.demand ?? []).flatMap((part) =>
      part.promoted ? [{ ...span(part), pick: promotedSkus(network.skuShare, part.promoted) }] : [],
    ),
    storms: [...scriptedStorms(input), ...everydayWeather(input)],
    sites: (scenario.warehouses ?? []).map((part) => ({
      ...span(part),
      warehouses: select(part.which, ids.warehouses, busiestWarehouse),
      capacity: part.capacity,
    })),
    carriers: (scenario.carriers ?? []).map((part) => ({
      ...span(part),
      services: select(part.which, ids.services, 0),
      capacity: part.capacity,
      transit: part.transit ?? 1,
    })),
    hubs: (scenario.hubs ?? []).map((part) => ({
      ...span(part),
      hubs: select(part.which, ids.hubs, indexOfLargest(network.hubPerHour)),
      capacity: part.capacity,
    })),
    suppliers: (scenario.suppliers ?? []).map((part) => ({
      ...span(part),
      suppliers: select(part.which, ids.suppliers, 0),
      leadTime: part.leadTime,
    })),
    stockErrors: (scenario.stockErrors ?? []).map((part) => ({
      ...span(part),
      warehouses: select(part.which, ids.warehouses, busiestWarehouse),
      share: part.share,
      lagMs: part.lagMinutes * MINUTE_MS,
    })),
    blackouts: (scenario.blackouts ?? []).map((part) => ({ ...span(part), of: part.of })),
  }
  const instants = Object.values(scene)
    .flat()
    .flatMap((part) => ('knownMs' in part ? [part.fromMs, part.toMs, part.knownMs] : [part.fromMs, part.toMs]))
  return { ...scene, boundaries: Float64Array.from(new Set(instants)).sort() }
}

/**
 * The weather of one moment. What a storm does to every road, hub, warehouse and door at full strength is its pattern; one that stands
 * still keeps it, and an hour then costs no more than a sum. Patterns follow from the scene alone, so a fork may share them.
 */
export type Sky = {
  /** Storms under way. */
  count: number
  /** Severity now, by the network's weather places: roads [zone · W + warehouse], then hubs, warehouses, doors. 0 is calm, 1 a bad day. */
  readonly severity: Float64Array
  readonly patterns: (Float64Array | null)[]
}
export const clearSky = (network: Network, scene: Scene): Sky => ({
  count: 0,
  severity: new Float64Array(network.Z * network.W + network.H + network.W + network.Z),
  patterns: scene.storms.map(() => null),
})

/** `withRoads` false leaves the roads out: once no parcel can leave any more, only hubs, vans and labour matter. */
export function lookUp(network: Network, scene: Scene, timeMs: number, sky: Sky, withRoads: boolean): void {
  sky.count = 0
  sky.severity.fill(0)
  scene.storms.forEach((storm, i) => {
    if (timeMs < storm.fromMs || timeMs >= storm.toMs) return
    sky.count++
    const done = (timeMs - storm.fromMs) / (storm.toMs - storm.fromMs)
    const moves = storm.lat.length > 1
    const pattern = (!moves && sky.patterns[i]) || patternOf(network, storm, done, withRoads)
    sky.patterns[i] = pattern
    // Builds up over the first eighth of its life and dies down over the last.
    const strength = storm.severity * Math.min(1, 8 * done, 8 * (1 - done))
    for (let place = withRoads ? 0 : network.Z * network.W; place < pattern.length; place++)
      sky.severity[place] += strength * pattern[place]
  })
}

/** How a storm dies away: e^−y at y = half the squared distance in radii, ready to look up; beyond exp(−6) it is not felt. */
const DECAY_STEPS = 256
const DECAY = Float64Array.from({ length: 6 * DECAY_STEPS + 1 }, (_, i) => Math.exp(-i / DECAY_STEPS))

/** What is left of a storm's strength at each weather place when it has gone `done` of its way: a Gaussian of the distance. */
function patternOf(network: Network, storm: Storm, done: number, withRoads: boolean): Float64Array {
  const { Z, W, H, roadPoints, hubPoints } = network
  const last = storm.lat.length - 1
  const i = Math.min(Math.floor(done * last), Math.max(0, last - 1))
  const j = Math.min(i + 1, last)
  const part = done * last - i
  const centre = new Float64Array(3)
  writeUnitVector(
    storm.lat[i] + (storm.lat[j] - storm.lat[i]) * part,
    storm.lon[i] + (storm.lon[j] - storm.lon[i]) * part,
    centre,
    0,
  )
  const perRadius = (EARTH_RADIUS_KM / storm.radiusKm) ** 2
  const felt = (points: Float64Array, at: number): number => {
    // Half the squared distance in radii. The chord stands for the arc: chord² = 2 (1 − dot), within 1 % up to 3,000 km.
    const dot = points[at] * centre[0] + points[at + 1] * centre[1] + points[at + 2] * centre[2]
    const away = Math.max(0, 1 - dot) * perRadius * DECAY_STEPS
    if (away >= DECAY.length - 1) return 0
    const i = away | 0
    return DECAY[i] + (DECAY[i + 1] - DECAY[i]) * (away - i)
  }
  const pattern = new Float64Array(Z * W + H + W + Z)
  const hubs = Z * W
  const doors = hubs + H + W
  for (let h = 0; h < H; h++) pattern[hubs + h] = felt(hubPoints, h * 3)
  for (let w = 0; w < W; w++) pattern[hubs + H + w] = felt(roadPoints, w * ROAD_POINTS * 3)
  for (let z = 0; z < Z; z++) {
    pattern[doors + z] = felt(roadPoints, (z * W * ROAD_POINTS + ROAD_POINTS - 1) * 3)
    if (!withRoads) continue
    for (let w = 0; w < W; w++) {
      // A road suffers the mean severity along it; at its ends that is the warehouse's and the door's.
      let sum = pattern[hubs + H + w] + pattern[doors + z]
      for (let point = 1; point < ROAD_POINTS - 1; point++) sum += felt(roadPoints, ((z * W + w) * ROAD_POINTS + point) * 3)
      pattern[z * W + w] = sum / ROAD_POINTS
    }
  }
  return pattern
}

/** What the storms that are announced at a moment and not over will make of each road, at their height: when they come, and how severe they are together. */
export function foresee(
  network: Network,
  { storms }: Scene,
  timeMs: number,
): { fromMs: number; toMs: number; severity: Float64Array } | null {
  const known = storms.filter((storm) => isAnnounced(storm) && storm.knownMs <= timeMs && storm.toMs > timeMs)
  if (known.length === 0) return null
  const roads = network.Z * network.W
  const severity = new Float64Array(roads)
  for (const storm of known) {
    const pattern = patternOf(network, storm, 0.5, true)
    for (let road = 0; road < roads; road++) severity[road] += storm.severity * pattern[road]
  }
  return { fromMs: Math.min(...known.map(({ fromMs }) => fromMs)), toMs: Math.max(...known.map(({ toMs }) => toMs)), severity }
}

function scriptedStorms({ network, scenario, dice, dayZeroMs }: SceneInput): Storm[] {
  return (scenario.weather ?? []).map((part, i) => {
    const around = { fromMs: dayZeroMs + parseWhen(part.from), toMs: dayZeroMs + parseWhen(part.to) }
    const places = part.path.map((place) => locate(network, place))
    // One shift for the whole path, so that the storm keeps its course; 111 km is a degree of latitude.
    const shiftNorth = ((part.wanderKm ?? 0) / 111) * (2 * draw(dice, i, PURPOSE.stormWander, 0) - 1) * Math.sqrt(3)
    const shiftEast = ((part.wanderKm ?? 0) / 111) * (2 * draw(dice, i, PURPOSE.stormWander, 1) - 1) * Math.sqrt(3)
    return {
      ...around,
      knownMs: part.announced === undefined ? around.fromMs : dayZeroMs + parseWhen(part.announced),
      lat: Float64Array.from(places, (place) => place.lat + shiftNorth),
      lon: Float64Array.from(places, (place) => place.lon + shiftEast),
      radiusKm: part.radiusKm,
      severity: part.severity,
    }
  })
}

/** Rain cells that may appear on any day, near where people live: placed on a zone drawn by its share. */
function everydayWeather({ network, dice, endMs }: SceneInput): Storm[] {
  const { cellsPerDay, radiusKm } = network.weather
  const storms: Storm[] = []
  if (cellsPerDay <= 0) return storms
  const zones = aliasTable(network.zoneShare)
  for (let day = 0; day * DAY_MS < endMs; day++) {
    const count = poisson(cellsPerDay, Math.exp(-cellsPerDay), draw(dice, day, PURPOSE.cellCount, 0))
    for (let i = 0; i < count; i++) {
      const scaled = draw(dice, day, PURPOSE.cellPlace, 2 * i) * network.Z
      const cell = Math.floor(scaled)
      const z = scaled - cell < zones.keep[cell] ? cell : zones.other[cell]
      const fromMs = day * DAY_MS + Math.floor(draw(dice, day, PURPOSE.cellPlace, 2 * i + 1) * DAY_MS)
      const lasts = sample(network.cellHours, draw(dice, day, PURPOSE.cellStrength, 2 * i))
      storms.push({
        fromMs,
        toMs: Math.floor(fromMs + lasts),
        knownMs: fromMs,
        lat: Float64Array.of(network.zoneLat[z]),
        lon: Float64Array.of(network.zoneLon[z]),
        radiusKm,
        severity: sample(network.cellSeverity, draw(dice, day, PURPOSE.cellStrength, 2 * i + 1)),
      })
    }
  }
  return storms
}

/** A place by coordinates, or by its part of the way through the middle 90 % of demand. */
function locate(network: Network, place: PlaceSpec): { lat: number; lon: number } {
  if ('lat' in place) return place
  const [south, north] = middleOfDemand(network.zoneLat, network.zoneShare)
  const [west, east] = middleOfDemand(network.zoneLon, network.zoneShare)
  return { lat: south + (north - south) * place.north, lon: west + (east - west) * place.east }
}

function middleOfDemand(coordinate: Float64Array, share: Float64Array): [number, number] {
  const order = [...coordinate.keys()].sort((a, b) => coordinate[a] - coordinate[b])
  const at = (level: number): number => {
    let sum = 0
    for (const z of order) {
      sum += share[z]
      if (sum >= level) return coordinate[z]
    }
    return coordinate[order[order.length - 1]]
  }
  return [at(0.05), at(0.95)]
}

const select = (which: WhichSpec, ids: readonly string[], busiest: number): number[] => {
  if (which === 'all') return ids.map((_, i) => i)
  if (which === 'busiest') return [busiest]
  return which.map((id) => ids.indexOf(id)).filter((i) => i >= 0)
}

const indexOfLargest = (values: ArrayLike<number>): number => {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i
  return best
}

/** The best sellers that make up a share of the assortment are bought so many times as often. */
function promotedSkus(skuShare: Float64Array, { skuShare: part, lift }: { skuShare: number; lift: number }): AliasTable {
  const bestFirst = [...skuShare.keys()].sort((a, b) => skuShare[b] - skuShare[a] || a - b)
  const promoted = new Set(bestFirst.slice(0, Math.max(1, Math.round(part * skuShare.length))))
  return aliasTable(Array.from(skuShare, (share, k) => (promoted.has(k) ? share * lift : share)))
}

/** By how much a part of the demand multiplies a zone's orders at a moment; 1 where it does not hold. */
export function demandFactor(part: Scene['demand'][number], zone: number, timeMs: number): number {
  if (timeMs < part.fromMs || timeMs >= part.toMs || (part.zones !== null && part.zones[zone] === 0)) return 1
  const passed = (timeMs - part.fromMs) / (part.toMs - part.fromMs)
  return part.rush ? Math.max(0, 1 + (part.factor - 1) * 2 * (1 - passed)) : part.factor
}

/** Orders to be expected until a moment, by rates and scenario alone; counted as if each part held everywhere. */
export function expectedOrders(network: Network, scene: Scene, untilMs: number, weekStartMs: number): number {
  let orders = 0
  for (let hourMs = 0; hourMs < untilMs; hourMs += HOUR_MS) {
    let factor = 1
    for (const part of scene.demand) factor *= Math.max(1, demandFactor({ ...part, zones: null }, 0, hourMs))
    orders += network.ordersInHour[Math.floor(weekTimeMs(hourMs, weekStartMs) / HOUR_MS)] * factor
  }
  return orders
}

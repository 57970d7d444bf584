import { normalCdf } from '../../sim/normal.ts'
import type { ExpectedMarket } from './expected-market.ts'
import { slotsOf } from './work.ts'

export type TollOptions = {
  /** Standard deviation of the time until a parcel is packed: of that time a part, and beside it ms. */
  readonly sdShare: number
  readonly sdMs: number
  /** Rounds of the search for flows that nobody would leave at their tolls. */
  readonly sweeps: number
  /** Cents of difference at which e to 1 of the orders prefer the cheaper way: a fluid of orders moves smoothly. */
  readonly spreadCents: number
}

/** Departures looked at for each way, from the first it could catch. */
const DEPARTURES = 5

/**
 * What an hour's work of hands costs others where queues are served first come first served: the marginal external cost of a Vickrey bottleneck
 * (Vickrey, American Economic Review 59, 1969), found as Pigou's tolls are for a congestion game: orders flow to what is cheapest at the tolls,
 * tolls follow from the flows, and flows are averaged over the rounds (method of successive averages: Sheffi, Urban Transportation
 * Networks, 1985), with logit shares so that nothing jumps.
 *
 * A linear program takes hands to serve the most urgent first; where they do not, its prices are too low just when it matters. Here an
 * order delays all that come after it until the queue has gone, each by its work over the hands; what that costs them is how much likelier
 * they miss their trucks.
 *
 * - `roomCents`: what a place on each departure is worth, from the linear program.
 * - Returns cents for a hand-ms that comes in slot t at a station: [station · slots + t].
 */
export function queueTolls(market: ExpectedMarket, roomCents: Float64Array, options: TollOptions): Float64Array {
  const T = slotsOf(market)
  const ways = waysOf(market)
  const flows = cheapestAtRest(ways, market)
  const tolls = new Float64Array(2 * market.warehouses * T)
  const queue = openQueue(market)
  for (let sweep = 1; sweep <= options.sweeps; sweep++) {
    load(queue, ways, flows, market)
    charge(queue, ways, flows, market, options)
    for (let i = 0; i < tolls.length; i++) tolls[i] += (queue.tolls[i] - tolls[i]) / Math.min(sweep, AVERAGED)
    spread(queue, ways, flows, market, { tolls, roomCents, step: 1 / (sweep + 1), options })
  }
  return tolls
}

/** Tolls are averaged over so many of the last rounds, geometrically. */
const AVERAGED = 6

/** All ways of all groups, in single shipments; lines of one group go together. */
type Ways = {
  readonly first: Int32Array
  readonly lane: Int32Array
  readonly cents: Float64Array
  readonly departure: Int32Array
  readonly count: Int32Array
  /** Lateness in cents by each of its departures: [way · DEPARTURES + i]. */
  readonly late: Float64Array
}

function waysOf({ groups, warehouses: W, services: S, costs, departures, stock }: ExpectedMarket): Ways {
  const first = new Int32Array(groups.count + 1)
  const lane: number[] = []
  const cents: number[] = []
  const departure: number[] = []
  const count: number[] = []
  const late: number[] = []
  for (let g = 0; g < groups.count; g++) {
    const lines = groups.lineStart[g + 1] - groups.lineStart[g]
    for (let w = 0; w < W; w++) {
      let has = true
      for (let i = groups.lineStart[g]; i < groups.lineStart[g + 1]; i++)
        if (groups.goods[i] >= 0 && stock.units[groups.goods[i] * W + w] < groups.units[i]) has = false
      if (!has) continue
      for (let s = 0; s < S; s++) {
        const d = costs.firstDeparture(g, w, s)
        if (d < 0) continue
        let sum = costs.parcelCents(g, w, s)
        for (let i = 0; i < lines; i++) sum += costs.lineCents(g, w, s, i)
        const l = w * S + s
        const there = Math.min(DEPARTURES, departures.first[l + 1] - d)
        lane.push(l)
        cents.push(sum)
        departure.push(d)
        count.push(there)
        for (let i = 0; i < DEPARTURES; i++) late.push(i < there ? costs.lateCents(g, w, s, d + i) : Number.NaN)
      }
    }
    first[g + 1] = lane.length
  }
  return {
    first,
    lane: Int32Array.from(lane),
    cents: Float64Array.from(cents),
    departure: Int32Array.from(departure),
    count: Int32Array.from(count),
    late: Float64Array.from(late),
  }
}

/** Everybody by what would be cheapest with nobody else there. */
function cheapestAtRest({ first, cents, late }: Ways, { groups }: ExpectedMarket): Float64Array {
  const flows = new Float64Array(cents.length)
  for (let g = 0; g < groups.count; g++) {
    let best = -1
    for (let i = first[g]; i < first[g + 1]; i++)
      if (best < 0 || cents[i] + late[i * DEPARTURES] < cents[best] + late[best * DEPARTURES]) best = i
    if (best >= 0) flows[best] = groups.orders[g]
  }
  return flows
}

type Queue = {
  /** Work that comes in each slot, and that waits at its beginning, in hand-ms: [station · slots + t]. */
  readonly comes: Float64Array
  readonly waits: Float64Array
  /** When what comes in the middle of a slot is done, and how many hands are at it then. */
  readonly doneMs: Float64Array
  readonly hands: Float64Array
  readonly tolls: Float64Array
}

function openQueue({ warehouses, work }: ExpectedMarket): Queue {
  const cells = 2 * warehouses * (work.slotMs.length - 1)
  const column = (): Float64Array => new Float64Array(cells)
  return { comes: column(), waits: column(), doneMs: column(), hands: column(), tolls: column() }
}

const workOf = ({ work, groups }: ExpectedMarket, g: number, r: number): number =>
  work.parcelMs[r] + (groups.lineStart[g + 1] - groups.lineStart[g]) * work.lineMs[r]

/** The queues that these flows make, first come first served. */
function load({ comes, waits, doneMs, hands }: Queue, { first, lane }: Ways, flows: Float64Array, market: ExpectedMarket): void {
  const { groups, work, services: S, warehouses: W } = market
  const T = slotsOf(market)
  const { slotMs, capacityMs } = work
  comes.fill(0)
  for (let g = 0; g < groups.count; g++) {
    const t = groups.fromSlot[g]
    for (let i = first[g]; i < first[g + 1]; i++) {
      if (flows[i] === 0) continue
      const w = Math.floor(lane[i] / S)
      comes[2 * w * T + t] += flows[i] * workOf(market, g, 2 * w)
      comes[(2 * w + 1) * T + t] += flows[i] * workOf(market, g, 2 * w + 1)
    }
  }
  for (let r = 0; r < 2 * W; r++) {
    let left = 0
    for (let t = 0; t < T; t++) {
      const at = r * T + t
      waits[at] = left
      // What waits, and half of what comes in the slot, is before who comes in the middle of it.
      let before = left + comes[at] / 2
      let u = t
      while (u < T - 1 && before > capacityMs[r * T + u]) before -= capacityMs[r * T + u++]
      const length = slotMs[u + 1] - slotMs[u]
      const capacity = capacityMs[r * T + u]
      const part = capacity > 0 ? Math.min(1, before / capacity) : 1
      doneMs[at] = Math.max(slotMs[u] + part * length, (slotMs[t] + slotMs[t + 1]) / 2)
      hands[at] = Math.max(capacity, 1) / length
      left = Math.max(0, left + comes[at] - capacityMs[at])
    }
  }
}

/** What a hand-ms more at each station and slot would cost those who come after, until its queue has gone. */
function charge(
  { waits, doneMs, hands, tolls }: Queue,
  ways: Ways,
  flows: Float64Array,
  market: ExpectedMarket,
  options: TollOptions,
): void {
  const { groups, services: S, warehouses: W } = market
  const T = slotsOf(market)
  tolls.fill(0)
  // First: what a ms later would cost all that come in the slot, at the station that they wait for.
  for (let g = 0; g < groups.count; g++) {
    const t = groups.fromSlot[g]
    for (let i = ways.first[g]; i < ways.first[g + 1]; i++) {
      if (flows[i] === 0) continue
      const w = Math.floor(ways.lane[i] / S)
      const r = doneMs[2 * w * T + t] >= doneMs[(2 * w + 1) * T + t] ? 2 * w : 2 * w + 1
      tolls[r * T + t] += flows[i] * expectedLateness(ways, i, doneMs[r * T + t], t, market, options).perMs
    }
  }
  // Then, from the last slot back: all who come while the queue stands are delayed.
  for (let r = 0; r < 2 * W; r++) {
    let after = 0
    for (let t = T - 1; t >= 0; t--) {
      const at = r * T + t
      const own = tolls[at] / hands[at]
      const stands = t + 1 < T && waits[at + 1] > 0
      if (!stands) after = 0
      tolls[at] = own / 2 + after
      after += own
    }
  }
}

/** Expected lateness of a way, in cents, whose work is done about `doneMs`, and how much more a ms later would cost. */
function expectedLateness(
  { departure, count, late }: Ways,
  i: number,
  doneMs: number,
  t: number,
  { departures, work }: ExpectedMarket,
  { sdShare, sdMs }: TollOptions,
): { cents: number; perMs: number } {
  const came = (work.slotMs[t] + work.slotMs[t + 1]) / 2
  const sd = sdMs + sdShare * (doneMs - came)
  found.cents = late[i * DEPARTURES]
  found.perMs = 0
  for (let j = 0; j + 1 < count[i]; j++) {
    const more = late[i * DEPARTURES + j + 1] - late[i * DEPARTURES + j]
    if (more <= 0) continue
    const z = (doneMs - departures.cutMs[departure[i] + j]) / sd
    if (z < -4) break
    found.cents += normalCdf(z) * more
    found.perMs += (Math.exp((-z * z) / 2) / (sd * Math.sqrt(2 * Math.PI))) * more
  }
  return found
}
const found = { cents: 0, perMs: 0 }

type Charged = {
  readonly tolls: Float64Array
  readonly roomCents: Float64Array
  readonly step: number
  readonly options: TollOptions
}

/** A part of each group's orders goes over to what is cheapest now. */
function spread(
  { doneMs }: Queue,
  ways: Ways,
  flows: Float64Array,
  market: ExpectedMarket,
  { tolls, roomCents, step, options }: Charged,
): void {
  const { groups, services: S, departures } = market
  const T = slotsOf(market)
  const asked = new Float64Array(market.warehouses * S)
  for (let g = 0; g < groups.count; g++) {
    const t = groups.fromSlot[g]
    const [from, to] = [ways.first[g], ways.first[g + 1]]
    let least = Number.POSITIVE_INFINITY
    for (let i = from; i < to; i++) {
      const w = Math.floor(ways.lane[i] / S)
      const [pick, pack] = [2 * w * T + t, (2 * w + 1) * T + t]
      const done = Math.max(doneMs[pick], doneMs[pack])
      let d = ways.departure[i]
      const last = departures.first[ways.lane[i] + 1] - 1
      while (d < last && departures.cutMs[d] < done) d++
      const cents =
        ways.cents[i] +
        expectedLateness(ways, i, done, t, market, options).cents +
        roomCents[d] +
        workOf(market, g, 2 * w) * tolls[pick] +
        workOf(market, g, 2 * w + 1) * tolls[pack]
      asked[i - from] = cents
      if (cents < least) least = cents
    }
    let sum = 0
    for (let i = from; i < to; i++) {
      asked[i - from] = Math.exp((least - asked[i - from]) / options.spreadCents)
      sum += asked[i - from]
    }
    for (let i = from; i < to; i++) flows[i] += step * ((groups.orders[g] * asked[i - from]) / sum - flows[i])
  }
}

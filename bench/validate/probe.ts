import type { Sim } from '../../sim/sim.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { COUNT, FLAG, hasFlag, listOf, nextOf, nowMs } from '../../sim/world.ts'

/**
 * What can be read off a world at any instant, by name; a number of parcels, orders, hands or units. Where a network has several places,
 * `at` is the place of the warehouse, hub or zone in its list.
 */
type Reading = { readonly about: string; readonly read: (sim: Sim, at: number, sku: number) => number }

const available = ({ world, network }: Sim, w: number, sku: number): number =>
  world.onHand[sku * network.W + w] - world.reserved[sku * network.W + w]
const waited = ({ world, network }: Sim, w: number, sku: number): number => world.waitingUnits[sku * network.W + w]
const onOrder = ({ world, network }: Sim, w: number, sku: number): number => world.onOrder[sku * network.W + w]
/** What was cancelled lies in its queue until its turn comes, and waits for nothing. */
function waitingIn({ world, network }: Sim, list: number): number {
  const all = world.listLength[list]
  if (all === 0 || network.impatientShare === 0) return all
  let gone = 0
  for (let p = world.listHead[list]; p >= 0; p = nextOf(world, p)) if (hasFlag(world, p, FLAG.cancelled)) gone++
  return all - gone
}
const pickWaiting = (sim: Sim, w: number): number =>
  waitingIn(sim, listOf.pick(sim.world.d, w, 0)) + waitingIn(sim, listOf.pick(sim.world.d, w, 1))
const packWaiting = (sim: Sim, w: number): number =>
  waitingIn(sim, listOf.pack(sim.world.d, w, 0)) + waitingIn(sim, listOf.pack(sim.world.d, w, 1))

const sumOver = (count: number, term: (i: number) => number): number => {
  let sum = 0
  for (let i = 0; i < count; i++) sum += term(i)
  return sum
}

export const READINGS = {
  'prepare.number': {
    about: 'parcels routed to a warehouse and not yet released to its pickers',
    read: ({ world, network }, w) => sumOver(network.S, (s) => world.committed[w * network.S + s]) - world.backlog[w],
  },
  'pick.waiting': {
    about: 'parcels waiting to be picked (Lq)',
    read: pickWaiting,
  },
  'pick.number': {
    about: 'parcels waiting to be picked or being picked (L)',
    read: (sim, w) => pickWaiting(sim, w) + sim.world.picking[w],
  },
  'pick.utilisation': {
    about: 'part of the pickers on duty that are at work',
    read: ({ world }, w) => (world.pickers[w] > 0 ? world.picking[w] / world.pickers[w] : 0),
  },
  'pick.express.waiting': {
    about: 'express parcels waiting to be picked',
    read: (sim, w) => waitingIn(sim, listOf.pick(sim.world.d, w, 1)),
  },
  'pick.other.waiting': {
    about: 'other parcels waiting to be picked',
    read: (sim, w) => waitingIn(sim, listOf.pick(sim.world.d, w, 0)),
  },
  'pick.busy': { about: 'pickers at work', read: ({ world }, w) => world.picking[w] },
  'pick.full': {
    about: '1 while all pickers are at work, else 0: on average the share of parcels that have to wait',
    read: ({ world }, w) => (world.picking[w] >= world.pickers[w] ? 1 : 0),
  },
  'pack.waiting': {
    about: 'parcels waiting to be packed (Lq)',
    read: packWaiting,
  },
  'pack.number': {
    about: 'parcels waiting to be packed or being packed (L)',
    read: (sim, w) => packWaiting(sim, w) + sim.world.packing[w],
  },
  'pack.utilisation': {
    about: 'part of the packers on duty that are at work',
    read: ({ world }, w) => (world.packers[w] > 0 ? world.packing[w] / world.packers[w] : 0),
  },
  'pack.busy': { about: 'packers at work', read: ({ world }, w) => world.packing[w] },
  'pack.full': {
    about: '1 while all packers are at work, else 0',
    read: ({ world }, w) => (world.packing[w] >= world.packers[w] ? 1 : 0),
  },
  'staged.number': {
    about: 'parcels packed and waiting for a truck',
    read: (sim, w) => sumOver(sim.network.S, (s) => waitingIn(sim, listOf.staged(sim.world.d, w, s))),
  },
  'warehouse.number': { about: 'parcels released and not yet gone', read: ({ world }, w) => world.backlog[w] },
  'hub.number': { about: 'parcels waiting at a hub', read: ({ world }, h) => world.listLength[listOf.hub(world.d, h)] },
  'station.number': {
    about: 'parcels waiting for the vans of a zone',
    read: ({ world }, z) => world.listLength[listOf.station(world.d, z)],
  },
  'orders.open': { about: 'orders placed and not ended', read: ({ world }) => world.counts[COUNT.openOrders] },
  'stock.onHand': {
    about: 'units on the shelf, promised or not',
    read: ({ world, network }, w, sku) => world.onHand[sku * network.W + w],
  },
  'stock.available': { about: 'units on the shelf that nobody has been promised', read: available },
  'stock.waited': { about: 'units that orders wait for (backorders)', read: waited },
  'stock.net': {
    about: 'net stock (inventory level): units free less units that orders wait for',
    read: (sim, w, sku) => available(sim, w, sku) - waited(sim, w, sku),
  },
  'stock.onOrder': { about: 'units ordered from the supplier and not received', read: onOrder },
  'stock.position': {
    about: 'inventory position: net stock and what is on order',
    read: (sim, w, sku) => available(sim, w, sku) - waited(sim, w, sku) + onOrder(sim, w, sku),
  },
} as const satisfies Readonly<Record<string, Reading>>

export type ReadingName = keyof typeof READINGS
export const READING_NAMES = Object.keys(READINGS) as ReadingName[]
export const isReading = (name: string): name is ReadingName => name in READINGS

/** How one reading is looked at: all the time, or once a day just before whatever happens at that time of day. */
export type Watched = {
  readonly reading: ReadingName
  readonly at: number
  readonly sku: number
  readonly dailyAtMs: number | null
  /** What `above`, `atLeast` and `exactly` are held against. */
  readonly limit: number
}

/** What the probe found for one watched reading. */
export type Seen = {
  /** Over time, or over the daily looks. */
  readonly mean: number
  /** Share of the time (or the looks) at 0 or below. */
  readonly none: number
  /** Shares of the time (or the looks) above, at or above, and at the limit. */
  readonly above: number
  readonly atLeast: number
  readonly exactly: number
  readonly variance: number
  /** First harmonic of the day: half the swing, and the hour of its crest. */
  readonly amplitude: number
  readonly crestHour: number
}

const DAY_MS = 24 * HOUR_MS
const OMEGA = (2 * Math.PI) / DAY_MS

/**
 * Integrates readings over the measured days. A reading holds from one event to the next, so its mean over time is exact; so are the
 * integrals with the sine and the cosine of the day.
 */
export class Probe {
  private readonly watched: readonly Watched[]
  private readonly value: Float64Array
  private readonly area: Float64Array
  private readonly squares: Float64Array
  private readonly noneMs: Float64Array
  private readonly aboveMs: Float64Array
  private readonly exactlyMs: Float64Array
  private readonly cosine: Float64Array
  private readonly sine: Float64Array
  private readonly looks: Float64Array
  private readonly nextLookMs: Float64Array
  private readonly withHarmonics: boolean
  private lastMs: number
  private readonly fromMs: number
  private readonly endMs: number

  constructor(watched: readonly Watched[], { fromMs, endMs }: { fromMs: number; endMs: number }, withHarmonics: boolean) {
    const n = watched.length
    this.watched = watched
    this.fromMs = fromMs
    this.endMs = endMs
    this.lastMs = fromMs
    this.withHarmonics = withHarmonics
    this.value = new Float64Array(n)
    this.area = new Float64Array(n)
    this.squares = new Float64Array(n)
    this.noneMs = new Float64Array(n)
    this.aboveMs = new Float64Array(n)
    this.exactlyMs = new Float64Array(n)
    this.cosine = new Float64Array(n)
    this.sine = new Float64Array(n)
    this.looks = new Float64Array(n)
    this.nextLookMs = Float64Array.from(watched, ({ dailyAtMs }) =>
      dailyAtMs === null ? Number.POSITIVE_INFINITY : fromMs + dailyAtMs,
    )
  }

  /** To be called after every event. */
  watch(sim: Sim): void {
    this.advanceTo(nowMs(sim.world))
    for (let i = 0; i < this.watched.length; i++) {
      const { reading, at, sku } = this.watched[i]
      this.value[i] = READINGS[reading].read(sim, at, sku)
    }
  }

  /** What held since the last event held until now. */
  private advanceTo(timeMs: number): void {
    const now = Math.min(timeMs, this.endMs)
    if (now <= this.lastMs) return
    const dt = now - this.lastMs
    for (let i = 0; i < this.watched.length; i++) {
      const value = this.value[i]
      if (this.watched[i].dailyAtMs === null) {
        this.count(i, value, dt)
        if (this.withHarmonics) {
          this.cosine[i] += (value * (Math.sin(OMEGA * now) - Math.sin(OMEGA * this.lastMs))) / OMEGA
          this.sine[i] -= (value * (Math.cos(OMEGA * now) - Math.cos(OMEGA * this.lastMs))) / OMEGA
        }
      }
      for (; this.nextLookMs[i] <= now; this.nextLookMs[i] += DAY_MS) {
        this.count(i, value, 1)
        this.looks[i]++
      }
    }
    this.lastMs = now
  }

  private count(i: number, value: number, weight: number): void {
    const { limit } = this.watched[i]
    this.area[i] += value * weight
    this.squares[i] += value * value * weight
    if (value <= 0) this.noneMs[i] += weight
    if (value > limit) this.aboveMs[i] += weight
    else if (value === limit) this.exactlyMs[i] += weight
  }

  /** Closes the books. */
  seen(): Seen[] {
    this.advanceTo(this.endMs)
    return this.watched.map(({ dailyAtMs }, i) => {
      const whole = dailyAtMs === null ? this.endMs - this.fromMs : this.looks[i]
      const a = (2 * this.cosine[i]) / whole
      const b = (2 * this.sine[i]) / whole
      const crest = Math.atan2(b, a) / OMEGA / HOUR_MS
      const mean = this.area[i] / whole
      const above = this.aboveMs[i] / whole
      const exactly = this.exactlyMs[i] / whole
      return {
        mean,
        none: this.noneMs[i] / whole,
        above,
        atLeast: above + exactly,
        exactly,
        variance: this.squares[i] / whole - mean * mean,
        amplitude: Math.hypot(a, b),
        crestHour: (crest + 24) % 24,
      }
    })
  }
}

/**
 * What the live page and the server say to each other: plain data that could have come over a wire. Times are ms since 1970 by the clock of the
 * events, which runs at any speed.
 */

/** Where things are. Sites are named by their place in `sites`: warehouses first, then hubs, then zones. */
export type Picture = {
  readonly name: string
  readonly sites: readonly PictureSite[]
  /** Coast and borders: rings of [longitude, latitude]. */
  readonly outline: readonly (readonly (readonly [number, number])[])[]
  /** Kinds of roads that a leg can be on, as pairs of sites. */
  readonly lanes: readonly { readonly from: number; readonly to: number }[]
}
export type PictureSite = {
  readonly id: string
  readonly name: string
  readonly kind: 'warehouse' | 'hub' | 'zone'
  readonly lon: number
  readonly lat: number
  /** Of a zone: its part of all demand. */
  readonly share: number
}

/** A warehouse now. */
export type SiteFrame = {
  readonly id: string
  /** Parcels there by stage: waiting to be picked, being picked, packed and not gone. */
  readonly toPick: number
  readonly inWork: number
  readonly onDock: number
  /** Hands told to be there, and the part of them that is busy; null where nobody told. */
  readonly hands: number | null
  readonly busy: number | null
  readonly celsius: number | null
  /** Orders there whose promise has passed or will most likely not be kept. */
  readonly late: number
}

export type KpiFrame = {
  readonly atMs: number
  readonly openOrders: number
  readonly ordersPerHour: number
  /** Of what was delivered in the last day: in time. Null before anything was. */
  readonly inTime: number | null
  /** Open orders whose promise has passed. */
  readonly overdue: number
  /** How long the order that waits longest to be picked has waited. */
  readonly oldestWaitMs: number
  /** How old an event is when it is taken in, median of the last minute, by the clock of this machine. */
  readonly feedLagMs: number | null
  readonly eventsPerSecond: number
}

export type AlertWire = {
  readonly id: string
  readonly rule: string
  readonly severity: 'notice' | 'warning' | 'critical'
  readonly atMs: number
  /** In words, by language. */
  readonly says: { readonly en: string; readonly zh: string }
  readonly does: { readonly en: string; readonly zh: string }
  readonly order: string | null
  readonly warehouse: string | null
  readonly state: 'open' | 'acknowledged' | 'closed'
  /** How often it was found since it was opened. */
  readonly times: number
}

export type Frame = {
  readonly kpi: KpiFrame
  readonly sites: readonly SiteFrame[]
  /** Simulated or real ms that pass in a ms of this machine: 1 live, more in a replay. */
  readonly speed: number
}

/** What somebody gets who has just come. */
export type Snapshot = {
  readonly picture: Picture
  readonly frame: Frame
  /** Earlier frames' figures, oldest first. */
  readonly history: readonly KpiFrame[]
  readonly alerts: readonly AlertWire[]
  /** Legs under way, as `writeLegs` writes them. */
  readonly legs: Uint8Array
  /** Seconds of legs count from here. */
  readonly baseMs: number
  /** Whether there is a desk of rollouts to ask. */
  readonly rollouts: boolean
}

/** A parcel on a road: 16 bytes. Position is nobody's message: whoever draws computes it from the time. */
export type Leg = {
  /** Number of the parcel in this process; a later leg of the same number takes the place of an earlier one. */
  readonly parcel: number
  /** Place in `lanes`; NO_LANE when the parcel has left all roads. */
  readonly lane: number
  readonly flags: number
  /** Seconds since `baseMs`. */
  readonly from: number
  readonly until: number
}
export const NO_LANE = 0xffff
/** Of a leg's flags: its promise has passed or will be. */
export const LEG_LATE = 1
export const LEG_BYTES = 16

/** u32 parcel, u16 lane, u16 flags, f32 from, f32 until; little-endian. */
export function writeLegs(legs: readonly Leg[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(legs.length * LEG_BYTES))
  legs.forEach(({ parcel, lane, flags, from, until }, i) => {
    const at = i * LEG_BYTES
    view.setUint32(at, parcel, true)
    view.setUint16(at + 4, lane, true)
    view.setUint16(at + 6, flags, true)
    view.setFloat32(at + 8, from, true)
    view.setFloat32(at + 12, until, true)
  })
  return new Uint8Array(view.buffer)
}

export function readLegs(bytes: Uint8Array): Leg[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: Math.floor(bytes.byteLength / LEG_BYTES) }, (_, i) => {
    const at = i * LEG_BYTES
    return {
      parcel: view.getUint32(at, true),
      lane: view.getUint16(at + 4, true),
      flags: view.getUint16(at + 6, true),
      from: view.getFloat32(at + 8, true),
      until: view.getFloat32(at + 12, true),
    }
  })
}

/** An hour of the future: what is expected, and between what with 90 %. */
export type Span = readonly [low: number, median: number, high: number]
export type FutureHour = {
  readonly atMs: number
  /** Open parcels past their promise. */
  readonly late: Span
  /** Parcels that wait for a picker. */
  readonly queue: Span
  /** Parcels on each warehouse's floor. */
  readonly sites: Readonly<Record<string, Span>>
}
export type FutureWire = { readonly madeAtMs: number; readonly replications: number; readonly hours: readonly FutureHour[] }

/** The network at an instant of the past. */
export type PastWire = {
  readonly atMs: number
  readonly openOrders: number
  readonly sites: readonly SiteFrame[]
  readonly states: Readonly<Record<string, number>>
}

/** One order, for the panel. */
export type OrderWire = {
  readonly id: string
  readonly state: string
  readonly zone: string | null
  readonly placedMs: number | null
  readonly promisedMs: number | null
  readonly lines: readonly { readonly sku: string; readonly units: number }[]
  readonly parts: readonly {
    readonly part: number
    readonly state: string
    readonly sinceMs: number
    readonly warehouse: string | null
    readonly service: string | null
  }[]
  /** Time in each state, in the order of the walk; sums to the whole. */
  readonly dwell: readonly { readonly state: string; readonly fromMs: number; readonly ms: number }[]
  readonly events: readonly {
    readonly atMs: number
    readonly kind: string
    readonly who: string
    readonly why: string | null
    readonly what: string
    readonly impact: string | null
    readonly refused: boolean
  }[]
  /** Lateness so far and what is to blame, summing to it; null where it is not late. */
  readonly blame: readonly { readonly cause: string; readonly ms: number }[] | null
  readonly lateMs: number | null
  readonly next: {
    /** The state that most often came next, and how often. */
    readonly state: string
    readonly share: number
    /** Delivery: with 80 % between the first and the last. */
    readonly earliestMs: number
    readonly likelyMs: number
    readonly latestMs: number
    readonly lateChance: number | null
    readonly restsOn: number
  } | null
}

/** A line of GET /v1/rollouts. */
export type RolloutRow = {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly held: string | null
  readonly candidate: string
  readonly share: number
  readonly draftedMs: number
  readonly verdict: string | null
  readonly says: string | null
}

/** A rollout as its owner sees it: GET /v1/rollouts/{id}, and `rollout` over the socket after each change. */
export type RolloutPicture = {
  readonly id: string
  readonly name: string
  readonly state: string
  /** Why it stands still, or null. */
  readonly held: {
    readonly because: string
    readonly sinceMs: number
    readonly who: string
    /** Ends by itself once the reason is gone; otherwise a person has to end it. */
    readonly isPassing: boolean
  } | null
  /** Waits for another one to end before it starts. */
  readonly queued: boolean
  /** What a yes is asked for now: digest of the plan, `step:N`, or digest of the evidence; sent back as `of`. */
  readonly asks: string | null
  /** What still stands before the next step or the promotion, in words. */
  readonly waitsFor: readonly string[]
  /** What the shadow says of the candidate before anybody is exposed, by metric: harm of an order with bounds; beyond its margin it may not begin. */
  readonly offPolicy: readonly {
    readonly id: string
    readonly orders: number
    readonly harm: number
    readonly lower: number
    readonly upper: number
    readonly margin: number
    readonly isBeyond: boolean
  }[]
  /**
   * What the twin foresaw that each share does, by metric: harm to all orders, and as a comparison of orders would show it; the last is the candidate for
   * all. `turnsAt`: where gain becomes harm or the other way; `shrinksAt`: from where more orders add less than half of what the first did;
   * `misleadsUpTo`: up to where a comparison would say the opposite. `says` is what an owner should know of it.
   */
  readonly doses: readonly {
    readonly id: string
    readonly doses: readonly { readonly share: number; readonly everybody: number; readonly seen: number }[]
    readonly turnsAt: number | null
    readonly shrinksAt: number | null
    readonly misleadsUpTo: number | null
    readonly says: readonly string[]
  }[]
  readonly ended: { readonly code: string; readonly because: string; readonly atMs: number } | null
  /** Entry of the book up to which this is so: sent back as If-Match. */
  readonly seq: number
  readonly stable: string
  readonly candidate: string
  readonly unit: string
  readonly share: number
  /** shadow, each share, live, settled; which are over, and when each was come to. */
  readonly ladder: readonly {
    readonly step: string
    readonly share: number
    readonly sinceMs: number | null
    readonly isOver: boolean
    readonly needsApproval: boolean
  }[]
  readonly nowMs: number
  readonly startedMs: number | null
  readonly endsMs: number | null
  /** Orders decided by the candidate, of them matured, and orders of both arms. */
  readonly orders: {
    readonly candidate: number
    readonly matured: number
    readonly all: number
    readonly differing: number | null
  }
  /** What it may have cost so far at the upper bound, beside what the plan allows. */
  readonly harm: {
    readonly orders: number
    readonly ordersMax: number
    readonly cents: number
    readonly centsMax: number
  }
  readonly verdict: {
    readonly verdict: string
    readonly says: string
    readonly because: readonly string[]
    readonly evidence: string
    readonly atMs: number
    readonly earliestMs: number | null
    readonly metrics: readonly {
      readonly id: string
      readonly role: string
      readonly unit: 'share' | 'cents' | 'hours' | 'number'
      readonly margin: number
      readonly harm: number
      readonly lower: number
      readonly upper: number
      readonly corrected: { readonly harm: number; readonly lower: number; readonly upper: number } | null
      readonly twin: number | null
      readonly isHarm: boolean
      readonly isNoWorse: boolean
      readonly units: { readonly stable: number; readonly candidate: number }
    }[]
    readonly ratio: { readonly assigned: number; readonly exposed: number; readonly matured: number; readonly isAlarm: boolean }
    readonly missingAlarm: boolean
  } | null
  /** Looks so far, for the funnel: each metric's bounds by time. */
  readonly looks: readonly {
    readonly atMs: number
    readonly verdict: string
    readonly bounds: Readonly<Record<string, readonly [number, number, number]>>
  }[]
  readonly approvals: readonly { readonly who: string; readonly atMs: number; readonly of: string }[]
  /** What the one who asks may do now. */
  readonly may: readonly string[]
  readonly trail: readonly {
    readonly seq: number
    readonly atMs: number
    readonly who: string
    readonly what: string
    readonly says: string
  }[]
}

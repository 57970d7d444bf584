/** What an experiment found, as plain data: printed as a table, drawn as a report, written as JSON. */

export const MEASURES = [
  {
    id: 'onTimeShare',
    label: 'on time',
    unit: '%',
    better: 'higher',
    about:
      'Orders delivered by their promise, of all orders placed in the measured days that the customer did not cancel; lost and still open past their promise count as late.',
  },
  {
    id: 'costPerOrder',
    label: 'cost/order',
    unit: 'money',
    better: 'lower',
    about: 'Handling, freight and returns, over all orders placed in the measured days.',
  },
  {
    id: 'co2PerOrder',
    label: 'CO2/order',
    unit: 'kg',
    better: 'lower',
    about: 'Line haul and last mile, CO2e, over the same orders.',
  },
  {
    id: 'lateHoursP95',
    label: 'p95 late',
    unit: 'h',
    better: 'lower',
    about: '95th percentile of lateness over delivered orders; 0 for an order in time.',
  },
  {
    id: 'peakBacklog',
    label: 'peak backlog',
    unit: 'orders',
    better: 'lower',
    about: 'Most parcels at one moment that were released to the warehouses and had not left them.',
  },
] as const

export type Measure = (typeof MEASURES)[number]
export type MeasureId = Measure['id']

/** A 95 % interval; three numbers, never one. */
export type Interval = { readonly low: number; readonly mean: number; readonly high: number }

/**
 * Where an interval ends that reaches over every number, as it does with fewer than two replications: one run says nothing about
 * the spread of runs. Not Infinity, which JSON turns into null, and not the mean, which would read as certainty. Comparisons
 * such as `low > 0` come out right by themselves; before printing, ask `halfWidthOf`.
 */
export const NO_END = Number.MAX_VALUE

/** Half of the interval's width in its own unit, or null when the interval has no end and there is nothing to print. */
export function halfWidthOf({ low, mean, high }: Interval): number | null {
  return high >= NO_END || low <= -NO_END ? null : Math.max(high - mean, mean - low)
}

export type Verdict = 'baseline' | 'better' | 'worse' | 'not enough evidence'

/** Candidate minus baseline, replication by replication under the same luck. */
export type Difference = Interval & {
  readonly verdict: Verdict
  /** Half width the difference would have had with other luck for each policy: what common random numbers saved. Also the noise of the baseline against itself. */
  readonly noise: number
}

/** One scenario × one contestant. */
export type Cell = {
  readonly scenario: string
  readonly contestant: string
  readonly replications: number
  readonly measures: { readonly [M in MeasureId]: Interval }
  readonly versusBaseline: { readonly [M in MeasureId]: Difference }
  /** One value for each replication, in replication order. */
  readonly samples: { readonly [M in MeasureId]: readonly number[] }
  /** On-time share of the orders placed in hour 0, 1, … of the measured days; null where no order fell due. */
  readonly onTimeByHour: readonly (number | null)[]
  /** [warehouse][hour]: mean parcels released and not yet gone, from hour 0 of the measured days on. */
  readonly backlogByHour: readonly (readonly number[])[]
  /** [warehouse][zone]: mean parcels sent per replication. */
  readonly flows: readonly (readonly number[])[]
  /** Means per replication of what became of the orders placed in the measured days. */
  readonly outcome: {
    placed: number
    delivered: number
    cancelled: number
    lost: number
    returned: number
    open: number
    split: number
  }
}

export type NetworkCard = {
  readonly name: string
  readonly about: string
  readonly currency: string
  readonly startsOn: string
  readonly ordersPerDay: number
  readonly skus: number
  readonly services: readonly { id: string; name: string }[]
  readonly warehouses: readonly { id: string; name: string; lat: number; lon: number }[]
  readonly zones: readonly { id: string; name: string; region: string; lat: number; lon: number; share: number }[]
  /** Coast and borders as rings of [lon, lat], for the map; may be empty. */
  readonly outline: readonly (readonly (readonly [number, number])[])[]
}

export type Result = {
  readonly format: 'orrery-result/1'
  readonly version: string
  readonly network: NetworkCard
  /** `foldedIntoWeek`: too many days to draw one by one, so hour h of the by-hour rows is the mean over hours h, h + 168, h + 336, … */
  readonly scenarios: readonly { id: string; about: string; days: number; foldedIntoWeek?: true }[]
  readonly contestants: readonly { id: string; about: string; policies: Readonly<Record<string, string>> }[]
  readonly baseline: string
  readonly seed: string
  readonly replications: number
  readonly workers: number
  /** Differences are simultaneous over this many comparisons per measure (Bonferroni). */
  readonly comparisons: number
  readonly orders: number
  readonly events: number
  readonly tookSeconds: number
  readonly cpuSeconds: number
  /** Hash over the digests of all runs in order; the same for the same seed at any number of workers. */
  readonly digest: string
  /** Null when everything asked for was finished. */
  readonly stopped: string | null
  readonly cells: readonly Cell[]
}

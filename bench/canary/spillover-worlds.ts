import type { NetworkSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import type { MetricId } from '../../twin/interference/effects.ts'
import { smallWorld } from '../small-world.ts'

/**
 * Worlds in which shared capacity is planted to spoil a comparison of orders, and worlds in which it cannot: in the former a candidate that asks for
 * what is scarce gets it at the others' expense; in the latter there is plenty of all, or nothing that the sides would take from each other.
 */
export type SpilloverWorld = {
  readonly id: string
  readonly isPlanted: boolean
  readonly spec: NetworkSpec
  readonly scenario: ScenarioSpec
  readonly stable: string
  readonly candidate: string
  readonly metric: MetricId
  /** Harm that would still be accepted, in the metric's unit. */
  readonly margin: number
  readonly share: number
}

type Capacities = {
  readonly ordersPerDay: number
  /** Places on each express truck. */
  readonly express: number
  /** Pairs of hands to pick and to pack: at the warehouse in the middle, and at the others. */
  readonly hands: readonly [middle: number, others: number]
  /** The middle prepares in minutes what takes the others a day and more, and handles it for less: whoever looks at cost goes there. */
  readonly quickMiddle?: boolean
}

/** Three warehouses in which nothing is scarce but what is said; nor are hubs, which no policy can choose. */
function network({ ordersPerDay, express, hands: [middle, others], quickMiddle = false }: Capacities): NetworkSpec {
  const base = smallWorld()
  return {
    ...base,
    demand: { ...base.demand, ordersPerDay },
    replenishment: { ...base.replenishment, initialDaysOfStock: 20 },
    hubs: base.hubs.map((hub) => ({ ...hub, parcelsPerHour: PLENTY })),
    services: base.services.map((service) => ({
      ...service,
      departures: service.departures.map((one) => ({ ...one, capacity: service.express ? express : PLENTY })),
    })),
    warehouses: base.warehouses.map((one) => {
      const isMiddle = one.id === 'WM'
      const hands = isMiddle ? middle : others
      return {
        ...one,
        shifts: one.shifts.map((shift) => ({ ...shift, pickers: hands, packers: hands })),
        ...(quickMiddle ? { prepareHours: { law: 'lognormal', median: isMiddle ? 0.2 : 30, sigma: 0.3 } } : {}),
        ...(quickMiddle && isMiddle ? { handlingPerParcel: 0, handlingPerLine: 0 } : {}),
      }
    }),
  }
}

const PLENTY = 5000
const DAYS: ScenarioSpec = { name: 'days', about: 'Nothing happens.', days: 3 }
const HOURS = { scenario: DAYS, metric: 'hours', margin: 2 } as const

/** Places on express trucks, fewer than the candidate asks for: who asks gets them first, and for all there are no more than before. */
const SCARCE_EXPRESS: readonly (readonly [orders: number, places: number, share: number])[] = [
  [200, 4, 0.05],
  [300, 6, 0.05],
  [400, 8, 0.05],
  [300, 12, 0.25],
  [400, 12, 0.25],
  [300, 9, 0.5],
]
/** Hands in the middle, enough for some more than now and not for all: a few are quicker there, and all together stand in a queue. */
const SCARCE_HANDS: readonly (readonly [orders: number, hands: number, share: number])[] = [
  [300, 2, 0.05],
  [250, 2, 0.05],
  [450, 3, 0.05],
  [500, 3, 0.05],
  [350, 2, 0.1],
  [500, 3, 0.1],
]
const CLEAN: readonly (readonly [orders: number, share: number, stable: string, candidate: string])[] = [
  [200, 0.05, 'cheapest', 'earliest-eta'],
  [300, 0.25, 'cheapest', 'earliest-eta'],
  [400, 0.5, 'cheapest', 'earliest-eta'],
  [300, 0.05, 'nearest', 'earliest-eta'],
  [300, 0.05, 'nearest', 'live-greedy'],
  [400, 0.25, 'nearest', 'live-greedy'],
  [200, 0.5, 'nearest', 'live-greedy'],
  [300, 0.05, 'nearest', 'cheapest'],
  [400, 0.25, 'nearest', 'cheapest'],
  [200, 0.5, 'cheapest', 'cheapest-in-time'],
  [300, 0.25, 'nearest', 'cheapest-in-time'],
  [400, 0.05, 'cheapest', 'live-greedy'],
]

export const SPILLOVER_WORLDS: readonly SpilloverWorld[] = [
  ...SCARCE_EXPRESS.map(([ordersPerDay, express, share]): SpilloverWorld => {
    const id = `${ordersPerDay} orders a day for ${express} places on express trucks, ${100 * share} %`
    const spec = network({ ordersPerDay, express, hands: [30, 30] })
    return { ...HOURS, id, isPlanted: true, spec, stable: 'cheapest', candidate: 'earliest-eta', share }
  }),
  ...SCARCE_HANDS.map(([ordersPerDay, hands, share]): SpilloverWorld => {
    const id = `${ordersPerDay} orders a day, ${hands} pairs of hands where it is cheap, ${100 * share} %`
    const spec = network({ ordersPerDay, express: PLENTY, hands: [hands, 30], quickMiddle: true })
    return { ...HOURS, id, isPlanted: true, spec, stable: 'nearest', candidate: 'cheapest', share }
  }),
  ...CLEAN.map(([ordersPerDay, share, stable, candidate]): SpilloverWorld => {
    const id = `${ordersPerDay} orders a day, plenty of all, ${candidate} beside ${stable}, ${100 * share} %`
    const spec = network({ ordersPerDay, express: PLENTY, hands: [30, 30] })
    return { ...HOURS, id, isPlanted: false, spec, stable, candidate, share }
  }),
]

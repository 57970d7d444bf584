import type { RoutingOption } from '../../sim/policy.ts'
import { money, type Term } from '../../sim/term.ts'
import { HOUR_MS } from '../../sim/units.ts'

/** What the plan says that an option takes from the orders still to come, in cents: hands, a place on the truck, and goods. */
export const scarcity = ({ workPriceCents, roomPriceCents, stockPriceCents }: RoutingOption): number =>
  workPriceCents + roomPriceCents + stockPriceCents

/** The same as a sum of terms, of which so much is believed. */
export const scarcityTerms = (
  { workPriceCents, roomPriceCents, stockPriceCents }: RoutingOption,
  believed: number,
): readonly Term[] => [
  money('hands', believed * workPriceCents),
  money('truckRoom', believed * roomPriceCents),
  money('goods', believed * stockPriceCents),
]

/** Cents for each hour of queue, where so much of the plan is believed, 0 … 1: `drift` all through, `staleDrift` where nothing of it is. */
const queueToll = (believed: number, drift: number, staleDrift: number): number => believed * drift + (1 - believed) * staleDrift

/**
 * The price of an option under a plan of which so much is believed: what it costs by itself, what is scarce, and a toll on the wait. A plan knows of
 * no order that came against expectation, so that a queue that grows between two plans would be joined by all; the toll prices the wait itself
 * (drift plus penalty: Neely, Stochastic Network Optimization, 2010) and takes the place of prices that are too old.
 */
export const bidPrice = (ownCents: number, option: RoutingOption, believed: number, drift: number, staleDrift: number): number =>
  ownCents + believed * scarcity(option) + queueToll(believed, drift, staleDrift) * (option.queueMs / HOUR_MS)

/** What that adds to its own cost, as a sum of terms. A plan of which nothing is believed is not spoken of. */
export const bidTerms = (option: RoutingOption, believed: number, drift: number, staleDrift: number): readonly Term[] => [
  ...(believed === 0 ? [] : scarcityTerms(option, believed)),
  money('queue', queueToll(believed, drift, staleDrift) * (option.queueMs / HOUR_MS)),
]

/**
 * Worlds that failed once, made as small as they went, each with what was wrong; `failed-worlds.test.ts` runs them. `among` are the policies
 * there were to draw from then, so that one that comes later takes none of them over.
 */
export type FailedWorld = {
  readonly world: string
  readonly was: string
  readonly among: readonly string[]
  readonly unwatched?: boolean
}

const FIRST_POLICIES = [
  'forecast/seasonal-naive',
  'forecast/smoothed',
  'promise/quantile',
  'replenishment/base-stock',
  'routing/cheapest',
  'routing/cheapest-in-time',
  'routing/live-greedy',
  'routing/nearest',
  'routing/shortest-queue',
]

const MORE_POLICIES = [
  ...FIRST_POLICIES,
  'forecast/moving-average',
  'replenishment/fixed-lots',
  'replenishment/min-max',
  'routing/power-of-two',
]

const WITH_PLANS = [
  ...MORE_POLICIES,
  'promise/next-day',
  ...[
    'backlog-cap',
    'balance-price',
    'bid-price',
    'dilated-rounding',
    'drift-plus-penalty',
    'dual-mirror-descent',
    'earliest-eta',
    'laddered',
    'method-lp',
    'order-cap',
    'priority-list',
    'spillover-limit',
    'static-duals',
    'tolled-best-response',
    'wary-greedy',
    'wave-price',
  ].map((name) => `routing/${name}`),
]

export const FAILED_WORLDS: readonly FailedWorld[] = [
  {
    world: 't-0/zones=1/skus=1/lines=1/patient/kept/no-stockErrors',
    was: 'two trucks of one service at the same instant left again and again, and time stood still',
    among: FIRST_POLICIES,
  },
  {
    world: 't-41/no-demand/days=1/zones=1/skus=1/payments=1/calm/kept/sure/promptly/even/halved/halved/halved/no-stockErrors',
    was: 'orders were given to a service whose trucks have room for no parcel, and waited for ever',
    among: FIRST_POLICIES,
  },
  {
    world:
      'a-26/no-demand/no-warehouses/no-hubs/no-suppliers/days=1/warehouses=3/zones=1/skus=2/payments=1/lines=2/units=1/even/no-stockErrors',
    was: 'an order was cancelled of which one parcel had arrived; the books lost a parcel',
    among: FIRST_POLICIES,
  },
  {
    world:
      't-229/no-weather/no-carriers/days=1/warehouses=2/zones=1/skus=1/payments=1/lines=1/units=1/patient/kept/sure/promptly/abrupt/even/halved/halved/halved/no-stockErrors',
    was: 'the warehouse nearest to a customer had no lane there, and the promise was never',
    among: FIRST_POLICIES,
  },
  {
    world:
      'a-53/no-demand/no-warehouses/no-weather/no-carriers/days=1/even/calm/sure/kept/halved/halved/halved/halved/halved/warehouses=4/zones=1/no-stockErrors',
    was: 'goods that lie in four places were never sent, since an order was at most three shipments',
    among: FIRST_POLICIES,
  },
  {
    world: 'mwrla7n1-8492/no-carriers/no-suppliers/zones=2/skus=19/no-stockErrors',
    was: 'the swarm counted orders in a world that had grown out of its memory, and took later ones for a runaway',
    among: MORE_POLICIES,
    // No law was broken, and to look at each of its events takes a quarter of a minute.
    unwatched: true,
  },
  {
    world: 'mwrpan1x-165/no-suppliers/days=1/promptly/abrupt',
    was: 'plans for orders of eight lines looked at all ways to split them, and took all of the time there was',
    among: WITH_PLANS,
    unwatched: true,
  },
  {
    world: 'hs2-178',
    was: 'a part of an order found a shelf empty, its goods lay at several warehouses from none of which it could go whole, and nobody sent for more',
    among: WITH_PLANS,
  },
]

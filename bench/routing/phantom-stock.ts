import type { SkuSpec } from '../../sim/network-spec.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { formatWhen } from '../../sim/when.ts'
import { defineInstance, type InstanceDay, luckFor, PART, upTo } from './instance.ts'
import { peakDay } from './peak-day.ts'

const KNOBS = {
  orders: 20_000,
  load: 1,
  nodes: 6,
  zones: 24,
  hands: 40,
  /** Articles of each class of the peak day, which are all bought alike. */
  articles: 100,
  /** Part of all shelves whose goods are gone while the books still have them. */
  phantom: 0.16,
  /** Nodes, the first ones, on which all these shelves lie; as far as they have so many. */
  untidy: 3,
  /** Minutes between two reports of a node to the books. */
  lag: 15,
  /** Hours after which all shelves are counted, and the books are right; the day is over long before a week is. */
  counted: 168,
}
type PhantomStock = typeof KNOBS

/**
 * Orders sent to shelves where the books say that there is stock and there is none: the peak day with `articles` of each class in place of
 * one, of which a part of the shelves is empty from midnight on. Who is sent there finds it out when he comes to pick, and his order
 * is routed anew; the books hear of it when the node next reports, up to `lag` minutes later. The shelves lie on the `untidy` first nodes, since a policy
 * can learn whose books are wrong only where some are better than others.
 *
 * Goods are in plenty and at several nodes, so that all orders can be served: what is measured is the way there. With `counted` at 0.1 the same shelves are
 * empty and the books know it from six minutes past midnight on: what then still costs more than with no shelf empty, no policy can help.
 * The same seed has the same
 * country, orders, storm and breakdown as the peak day, and of two shares the smaller one's shelves are among the larger one's.
 */
export const phantomStock = defineInstance({
  id: 'phantom-stock',
  about: 'The peak day with goods that the books have and the shelves have not, and books that hear of it late.',
  knobs: KNOBS,
  limits: {
    orders: upTo(1_000_000),
    load: { least: 0.01, most: 1e6, whole: false },
    nodes: upTo(200),
    zones: upTo(2000),
    hands: upTo(10_000),
    articles: upTo(5000),
    phantom: PART,
    untidy: upTo(200),
    lag: { least: 0, most: 1440, whole: false },
    counted: { least: 0.1, most: 168, whole: false },
  },
  cases: {
    full: [
      { phantom: 0, lag: 0, orders: 8000 },
      { phantom: 0.08, orders: 8000 },
      { phantom: 0.16, orders: 8000 },
      { phantom: 0.32, counted: 0.1, orders: 8000 },
      { phantom: 0.32, lag: 0, orders: 8000 },
      { phantom: 0.32, orders: 8000 },
      { phantom: 0.32, lag: 30, orders: 8000 },
    ],
    quick: [{ phantom: 0.32, articles: 10, orders: 2000, hands: 13, zones: 8 }],
  },
  make: makePhantomStock,
})

const DRAW = { article: 0 } as const
const articleId = (sku: string, i: number): string => `${sku}-${i}`

function makePhantomStock(
  { articles, phantom, untidy, lag, counted, orders, load, nodes, zones, hands }: PhantomStock,
  seed: string,
): InstanceDay {
  const day = peakDay.make({ orders, load, nodes, zones, hands }, seed)
  const luck = luckFor('phantom-stock', seed)
  const many = Array.from({ length: articles }, (_, i) => i)
  const { spec } = day
  const bad = Math.min(untidy, nodes)
  return {
    ...day,
    spec: {
      ...spec,
      name: 'phantom stock',
      about: 'The peak day with many articles, and books that are wrong.',
      skus: spec.skus.flatMap((sku) =>
        many.map((i): SkuSpec => ({ ...sku, id: articleId(sku.id, i), share: sku.share / articles })),
      ),
      openingStock: (spec.openingStock ?? []).flatMap((shelf) => many.map((i) => ({ ...shelf, sku: articleId(shelf.sku, i) }))),
    },
    scenario: {
      ...day.scenario,
      stockErrors: [
        {
          from: 'day 0 00:00',
          to: formatWhen(counted * HOUR_MS),
          which: spec.warehouses.slice(0, bad).map(({ id }) => id),
          share: Math.min(1, (phantom * nodes) / bad),
          lagMinutes: lag,
        },
      ],
    },
    orders: {
      ...day.orders,
      sku: day.orders.sku.map((sku, line) => sku * articles + Math.floor(luck(DRAW.article, line) * articles)),
    },
  }
}

import type { SiteSpec, SupplySpec } from '../../sim/supply/spec.ts'

/**
 * The network of SupplyNetPy's published benchmark (examples/notebooks/data/benchmark_performance.py in its repository): a fifth of the sites
 * are endless suppliers, a tenth plants, a seventh depots, the rest shops; each is linked to all of the echelon above.
 *
 * - `published`: as it is stated there, each site orders from the first it is linked to. So one plant and one depot serve everybody, and
 *   97 % of what customers want is lost: at 2,000 sites it is a test of customers who leave.
 * - `in-turn`: the same sites, each with a source of its own in turn. Goods flow everywhere, 13 % is lost.
 */
export function publishedNetwork(sites: number, days: number, linked: 'published' | 'in-turn'): SupplySpec {
  const [suppliers, plants, depots] = [Math.floor(sites / 5), Math.floor(sites / 10), Math.floor(sites / 7)]
  const site = (id: string, count: number, from: string, [initial, capacity, reorderAt, upTo]: readonly number[]): SiteSpec => ({
    id,
    count,
    from: [from],
    choose: linked === 'published' ? 'first' : 'in-turn',
    leadDays: { law: 'exponential', mean: 3 },
    initial,
    capacity,
    rule: { rule: 'up-to', reorderAt, upTo },
  })
  return {
    name: `${sites} sites as in SupplyNetPy's benchmark`,
    about: 'Suppliers, plants, depots and shops.',
    currency: 'EUR',
    days,
    sites: [
      { id: 'S', count: suppliers, endless: true },
      {
        ...site('M', plants, 'S', [200, 1000, 200, 800]),
        make: { lot: 100, days: { law: 'constant', value: 1 } },
        costs: { holding: 0.5, order: 3, make: 1 },
      },
      { ...site('D', depots, 'M', [150, 500, 100, 400]), costs: { holding: 0.5, order: 3, unit: 10 } },
      {
        ...site('R', sites - suppliers - plants - depots, 'D', [80, 200, 40, 150]),
        price: 18,
        costs: { holding: 0.5, order: 3, unit: 13 },
        customers: [
          { everyDays: { law: 'exponential', mean: 1 }, units: { law: 'constant', value: 10 }, unmet: 'lost', firstDay: 0 },
        ],
      },
    ],
  }
}

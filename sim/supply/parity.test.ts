import { expect, test } from 'vitest'
import { always, runOf, supplyOf } from './small.fixture.ts'
import type { RuleSpec } from './spec.ts'

/**
 * Models 1 to 8 of SupplyNetPy's validation against anyLogistix: distributors at an endless supplier, customers at fixed intervals from day
 * 0, lost when they are not served. Expected is what both tools print in `validation/validation_snp_anylogistix_cmp.csv` of SupplyNetPy's
 * repository. Its README states the settings, in part others than were run: those here are the ones that give its table. (Models 1 to 5
 * buy at 200, sell at 250 and hold at 0.2; 3 has a lead time of 1 day; 5 orders and sells 100 a day; 6 has a lead time of 1 day, s = 500 and
 * the first four customers of 7; 7 and 8 are as stated.)
 *
 * Models 9 and 10 are left out: there, both tools lose the customer of day 6 because 20 · 0.3 is less than 6 in floating point.
 */
type Store = readonly [rule: RuleSpec, initial: number, wants: readonly (readonly [units: number, everyDays: number])[]]
type Setting = {
  days: number
  lead: number
  fare: number
  holding: number
  buys: number
  sells: number
  stores: readonly Store[]
}

function figuresOf({ days, lead, fare, holding, buys, sells, stores }: Setting) {
  const { total } = runOf(
    supplyOf(
      stores.map(([rule, initial, wants], i) => ({
        id: `D${i + 1}`,
        from: ['mine'],
        leadDays: always(lead),
        rule,
        initial,
        price: sells,
        costs: { holding, unit: buys, order: fare },
        customers: wants.map(([units, every]) => ({
          everyDays: always(every),
          firstDay: 0,
          units: always(units),
          unmet: 'lost' as const,
          deliveryDays: always(lead),
          deliveryCost: fare,
        })),
      })),
      { days },
    ),
  )
  return {
    endStock: total.endStock,
    holding: total.holdingCost,
    spend: total.goodsCost,
    transport: total.orderCost + total.deliveryCost,
    revenue: total.revenue,
    profit: total.profit,
  }
}

const upTo = (reorderAt: number, upTo: number): RuleSpec => ({ rule: 'up-to', reorderAt, upTo })
const lots = (reorderAt: number, lot: number): RuleSpec => ({ rule: 'lots', reorderAt, lot })
const EARLY = { days: 59, fare: 10, holding: 0.2, buys: 200, sells: 250 }
const LATE = { days: 31, lead: 1, holding: 0.22, buys: 150, sells: 300 }
/** Two streams at each store, of 20, 40, 60 … units, every day at the first store, every second day at the second and so on. */
const wantsAt = (store: number) =>
  [
    [40 * store - 20, store],
    [40 * store, store],
  ] as const
const BOTH = [
  [120, 2],
  [80, 2],
] as const

const MODELS: readonly (readonly [name: string, setting: Setting, expected: readonly number[]])[] = [
  ['1', { ...EARLY, lead: 2, stores: [[lots(500, 500), 1000, [[120, 2]]]] }, [400, 7_600, 600_000, 370, 900_000, 292_030]],
  ['2', { ...EARLY, lead: 2, stores: [[lots(500, 500), 1000, BOTH]] }, [500, 7_100, 1_100_000, 720, 1_500_000, 392_180]],
  ['3', { ...EARLY, lead: 1, stores: [[upTo(200, 500), 500, BOTH]] }, [100, 3_500, 1_120_000, 750, 1_500_000, 375_750]],
  ['4', { ...EARLY, lead: 1, stores: [[upTo(300, 600), 500, BOTH]] }, [400, 4_740, 1_180_000, 750, 1_500_000, 314_510]],
  [
    '5',
    { ...EARLY, lead: 1, stores: [[{ rule: 'standing-order', lot: 100, everyDays: 1 }, 1000, [[100, 1]]]] },
    [900, 10_620, 1_160_000, 1_180, 1_475_000, 303_200],
  ],
  [
    '6',
    {
      ...LATE,
      fare: 10,
      stores: [
        [upTo(500, 1000), 1000, wantsAt(1)],
        [lots(1000, 500), 1500, wantsAt(2)],
      ],
    },
    [2_020, 12_971.2, 543_000, 1_010, 1_230_000, 673_018.8],
  ],
  [
    '7',
    {
      ...LATE,
      fare: 20,
      stores: [
        [upTo(500, 1000), 1000, wantsAt(1)],
        [upTo(1000, 1500), 1500, wantsAt(2)],
        [lots(1000, 1000), 2000, wantsAt(3)],
        [lots(1500, 1000), 2500, wantsAt(4)],
      ],
    },
    [5_380, 36_260.4, 1_095_000, 2_860, 2_676_000, 1_541_879.6],
  ],
  [
    '8',
    {
      ...LATE,
      fare: 30,
      stores: [
        [upTo(500, 1000), 1000, wantsAt(1)],
        [upTo(1000, 1500), 1500, wantsAt(2)],
        [upTo(1500, 2000), 2000, wantsAt(3)],
        [upTo(2000, 2500), 2500, wantsAt(4)],
        [lots(1500, 1500), 3000, wantsAt(5)],
        [lots(2000, 1500), 3500, wantsAt(6)],
        [lots(2000, 2000), 4000, wantsAt(7)],
        [lots(2500, 2000), 4500, wantsAt(8)],
      ],
    },
    [17_160, 118_553.6, 2_202_000, 5_820, 5_856_000, 3_529_626.4],
  ],
]

test.each(MODELS)(
  'model %s of the comparison with anyLogistix gives the same stock, costs and profit',
  (_, setting, expected) => {
    const [endStock, holding, spend, transport, revenue, profit] = expected
    const found = figuresOf(setting)
    expect({ ...found, holding: round(found.holding), profit: round(found.profit) }).toEqual({
      endStock,
      holding,
      spend,
      transport,
      revenue,
      profit,
    })
  },
)

/** Money to the cent, as it is printed. */
const round = (money: number): number => Math.round(money * 100) / 100

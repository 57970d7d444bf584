import { LINES_OF } from './columns.ts'
import type { Assignment, Market, MarketPrices } from './market.ts'
import { aimPrices, findCheapest, openPricer, type Pricer } from './pricer.ts'
import { capacitiesOf, slotsOf, workOf } from './work.ts'

/**
 * Cents that no way of shipping can go below, at any prices: each group's orders by the way that is cheapest with prices, less what all
 * scarce things are worth (the Lagrangian: Geoffrion, "Lagrangean relaxation for integer programming", 1974).
 */
export function lagrangianBound(market: Market, prices: MarketPrices, pricer = openPricer(market)): number {
  aimPrices(pricer, prices)
  let cents = -worthOf(market, prices)
  for (let g = 0; g < market.groups.count; g++) {
    findCheapest(pricer, g)
    cents += market.groups.orders[g] * pricer.best
  }
  return cents
}

/** Prices × what there is. A price for what is never short would make the bound minus infinity, which is true and says nothing. */
export function worthOf(market: Market, { stockCents, roomCents, work }: MarketPrices, capacity = capacitiesOf(market)): number {
  const T = slotsOf(market)
  let cents = 0
  for (let i = 0; i < stockCents.length; i++) if (stockCents[i] > 0) cents += stockCents[i] * market.stock.units[i]
  for (let d = 0; d < roomCents.length; d++) if (roomCents[d] > 0) cents += roomCents[d] * market.departures.room[d]
  for (const { station, from, to, centsPerMs } of work)
    if (centsPerMs > 0) cents += centsPerMs * capacity[(station * T + from) * (T + 1) + to]
  return cents
}

/** Cents of an assignment with what it takes at these prices, by the market's own words: nothing of the pricer's shortcuts is in it. */
export function pricedCents(market: Market, prices: MarketPrices, group: number, { cents, shipments }: Assignment): number {
  const { departures, groups, warehouses } = market
  let sum = cents
  for (const { lines, warehouse, departure } of shipments) {
    sum += prices.roomCents[departure]
    for (let mask = lines; mask > 0; mask &= mask - 1) {
      const line = groups.lineStart[group] + 31 - Math.clz32(mask & -mask)
      if (groups.goods[line] >= 0) sum += groups.units[line] * prices.stockCents[groups.goods[line] * warehouses + warehouse]
    }
    for (const { station, from, to, centsPerMs } of prices.work)
      if (station >> 1 === warehouse && from <= groups.fromSlot[group] && departures.bySlot[departure] <= to)
        sum += centsPerMs * workOf(market, group, station, LINES_OF[lines])
  }
  return sum
}

/** Cents by which an assignment lies above the group's cheapest at these prices: 0 where it is as good as any. The pricer must be aimed at them. */
export function reducedCents(pricer: Pricer, prices: MarketPrices, group: number, assignment: Assignment): number {
  findCheapest(pricer, group)
  return pricedCents(pricer.market, prices, group, assignment) - pricer.best
}

import type { Sources } from './annotated-yaml.ts'
import { dateOf } from './days.ts'
import type { OrderHistory } from './history.ts'
import type { DeriveOptions, Measured } from './measured.ts'

/** The sentence beside each figure that was measured: on what, over how many rows. Where the table does not tell, it says "assumed". */
export function measuredSources(history: OrderHistory, measured: Measured, { scale }: DeriveOptions): Sources {
  const { counted, arrivals, approvals, handover, transit, freight } = measured
  const days = `${counted.days.length} counted days`
  const gaps = counted.gaps.length > 0 ? `; gaps of 7 days and more left out (${counted.gaps.length})` : ''
  const { from, to, count } = arrivals.rateDays
  const scaled = scale === 1 ? '' : `, × ${scale}`
  const lines = history.article.length
  const known = history.town.filter((town) => town >= 0).length
  const payments = approvals.map(({ type, orders, days: open }) => [
    `payments.${type}.approvalHours`,
    `measured on ${orders} orders, matched so that with closed days (open: ${open.join(' ')}) the recorded wait comes out`,
  ])
  const unseen = 'assumed: the table does not tell'
  return {
    startsOn: 'weekday of the first order',
    'demand.ordersPerDay': `measured: mean of the last ${count} counted days, ${dateOf(from)} to ${dateOf(to)}${scaled}${gaps}`,
    'demand.hourlyShare': `measured: ${history.count} orders, ${days}`,
    'demand.weekdayShare': `measured: mean day by weekday over ${days}`,
    'demand.dailyCv': `measured: variance/mean of the day ${arrivals.dispersion.toFixed(2)} after weekday × month (Poisson: 1), ${days}`,
    'demand.zoneDailyCv': `measured: pairs of orders in the same zone and day, ${known} orders`,
    'demand.linesPerOrder': lines > 0 ? `measured: ${lines} lines` : unseen,
    'demand.unitsPerLine': lines > 0 ? `measured: ${lines} lines` : unseen,
    ...Object.fromEntries(payments),
    'customers.impatientShare': `not told by the table (${(measured.cancelledShare * 100).toFixed(1)} % were cancelled, for reasons unknown); 0 keeps every order`,
    'customers.returnShare': 'not told by the table; 0 leaves returns out',
    warehouses: `${history.origins.length} towns of origin, weighted by orders, clustered by k-means; each stands in the town that sent most. Hands and costs are assumed (three times the mean, so that they do not bind), prepareHours is ${
      handover
        ? `measured: ${handover.orders} orders, matched so that shifts, cut-offs and departures bring back approved-to-handed-over`
        : unseen
    }.`,
    services:
      'departures: measured from the hours and weekdays of handover; capacity assumed (six days of the busiest warehouse: no full truck is known)',
    'services.standard.transit': transit
      ? `measured: ${transit.orders} orders, p10/p50/p90 matched in six bands of distance, hub, van and round taken out (plain regression: ln days = ${transit.plain.interceptDays.toFixed(3)} + ${transit.plain.slope.toFixed(3)} ln(10+km), R2 ${transit.plain.r2.toFixed(3)})`
      : unseen,
    'services.standard.freight': freight
      ? `measured: least squares over ${freight.lines} lines, R2 ${freight.r2.toFixed(3)}; kg is the greater of weight and volume/6000`
      : unseen,
    'services.standard.lostShare': 'measured: handed over, never delivered',
    hubs: 'assumed: one in the heaviest zone of each region, fast enough not to bind; what queued there is in the measured transit',
    delivery: transit ? 'measured: weekdays and hours of delivery; failed attempts are inside the measured transit' : unseen,
  }
}

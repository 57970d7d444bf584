import type { LawChoice } from './choose-law.ts'
import type { Demonstrated } from './demonstrated.ts'
import type { FitAnswer } from './fit-network.ts'

/** What a fit found, for a terminal. */
export function formatFit({ out, report, rowsRead, spec }: FitAnswer): string {
  const { until, orders, scale, ordersPerDay, haul, prepare, highestPerDay, handedOver, delivered } = report
  return [
    `Read ${rowsRead} rows; fitted on what was known of ${orders} orders on ${until}.`,
    '',
    'stage                 orders  cut off  law (distance from the record, allowed)',
    prepare ? row('preparation', prepare) : 'preparation: too little in the table, taken as an import takes it',
    haul ? row('line haul', haul) : 'line haul: too little in the table, taken as an import takes it',
    ...spec.payments.map(
      ({ type, share, days }) => `approval, ${type}: ${(share * 100).toFixed(1)} % of orders, open on ${days.join(' ')}`,
    ),
    '',
    'capacity             of the best 4 weeks  best week   backlog beside usual',
    capacity('handed over', handedOver),
    capacity('delivered', delivered),
    '',
    `Demand: ${ordersPerDay} recorded orders a day in the last four weeks, ${highestPerDay} in the best four of the half year; day-to-day cv ${spec.demand.dailyCv} beyond Poisson, of a zone ${spec.demand.zoneDailyCv}.`,
    `Each recorded order stands for ${scale}.`,
    ...(haul
      ? [
          `A promise 10 % longer than usual for its place: a haul ${(10 * haul.perPromise).toFixed(1)} % longer in the past; half of it is believed.`,
        ]
      : []),
    '',
    `Wrote ${out}: ${spec.zones.length} zones, ${spec.warehouses.length} warehouses.`,
  ].join('\n')
}

function row(name: string, { orders, cutOff, law }: { orders: number; cutOff: number; law: LawChoice }): string {
  const tried = law.tried.map((one) => `${one.law} ${one.distance}`).join(', ')
  return `${name.padEnd(20)}${String(orders).padStart(8)}${String(cutOff).padStart(9)}  ${law.taken} (${tried}; allowed ${law.allowed})`
}

function capacity(name: string, { headroom, bestWeek, backlogRatio }: Demonstrated): string {
  return `${name.padEnd(20)}${String(headroom).padStart(20)}  ${(bestWeek ?? 'not shown').padEnd(10)}${String(backlogRatio).padStart(20)}`
}

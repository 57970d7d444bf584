import type { Forecast, Outlook } from './forecast.ts'
import type { LateShare } from './score.ts'
import type { BacktestSummary, StageSummary, WindowSummary } from './summary.ts'

/** The tables of a backtest, for a terminal. */
export function formatBacktest(summary: BacktestSummary, { weekly }: { weekly: boolean }): string {
  const { windows, orders, stages, lateOff, lateBias, weeks, regions, crps, naiveCrps, skill } = summary
  const isOne = windows.length === 1
  return [
    isOne
      ? `One window, ${orders} orders that were recorded whole.`
      : `${windows.length} windows, ${orders} orders that were recorded whole. Each was forecast from what was known when it began.`,
    '',
    'window                  orders   late, %: recorded simulated [90 %]      total p50     p90   covered   skill',
    ...windows.map(windowRow),
    '',
    `${'stage'.padEnd(28)}recorded p10 p50 p90        simulated p10 p50 p90       p50 off  p90 off    W1    KS  covered`,
    ...stages.map(stageRow),
    '',
    isOne || weekly ? `${'late by week, %'.padEnd(18)} recorded simulated [90 %]        orders` : '',
    ...(isOne || weekly ? windows.flatMap(({ lateByWeek }) => lateByWeek.map(lateRow)) : []),
    ...(isOne || weekly ? [''] : []),
    `${'late by region, %'.padEnd(18)} recorded simulated [90 %]        orders`,
    ...regions.slice(0, weekly ? regions.length : 12).map(lateRow),
    '',
    `Late share: ${points(lateOff)} points off on average over the windows, ${lateBias < 0 ? 'too low' : 'too high'} by ${points(Math.abs(lateBias))}; by week ${points(weeks.off)} off (${weeks.count} weeks, ${percent(weeks.covered)} of them in their 90 % range).`,
    `CRPS of placed-to-delivered: ${crps.toFixed(2)} days, seasonal naive ${naiveCrps.toFixed(2)}: skill ${skill.toFixed(3)}.`,
  ]
    .filter((line, i, all) => line !== '' || all[i - 1] !== '')
    .join('\n')
}

function windowRow({ from, to, orders, late, totalMedianOff, totalP90Off, covered, crps, naiveCrps }: WindowSummary): string {
  return [
    `${from} … ${to.slice(5)}`.padEnd(21),
    String(orders).padStart(8),
    share(late.recorded).padStart(19),
    `${share(late.simulated).padStart(10)} ${range(late)}`.padEnd(25),
    signed(totalMedianOff).padStart(8),
    signed(totalP90Off).padStart(8),
    percent(covered.total).padStart(10),
    (1 - crps / naiveCrps).toFixed(2).padStart(8),
  ].join('')
}

function stageRow({ stage, unit, recorded, simulated, ...off }: StageSummary): string {
  const figures = ({ p10, p50, p90 }: StageSummary['recorded']): string =>
    [p10, p50, p90].map((value) => value.toFixed(value < 100 ? 2 : 0).padStart(8)).join('')
  return [
    `${stage}, ${unit}`.padEnd(28),
    figures(recorded),
    '   ',
    figures(simulated),
    signed(off.medianOff).padStart(11),
    signed(off.p90Off).padStart(9),
    off.wasserstein.toFixed(2).padStart(7),
    off.kolmogorov.toFixed(3).padStart(7),
    percent(off.covered).padStart(9),
  ].join('')
}

const lateRow = (late: LateShare): string =>
  `${late.where.padEnd(18)}${share(late.recorded).padStart(9)}${share(late.simulated).padStart(10)} ${range(late).padEnd(14)}${String(late.orders).padStart(7)}`

const range = ({ low, high }: LateShare): string => `[${share(low)} … ${share(high)}]`
const share = (part: number): string => (part * 100).toFixed(1)
const points = (part: number): string => (part * 100).toFixed(2)
const percent = (part: number): string => `${(part * 100).toFixed(1)} %`
const signed = (part: number): string => `${part < 0 ? '−' : '+'}${(Math.abs(part) * 100).toFixed(1)} %`

/** What a window nobody has a record of would be like, with the scenario and without. */
export function formatForecast(forecast: Forecast): string {
  const { fit, with: shocked, without } = forecast
  const head = `${''.padEnd(14)}orders  late, % [90 %]             total, d p50    p90   handover, h p50    transit, d p50`
  const row = (name: string, { orders, late, low, high, stages }: Outlook): string =>
    [
      name.padEnd(12),
      String(orders).padStart(8),
      `  ${share(late)} [${share(low)} … ${share(high)}]`.padEnd(30),
      stages.total.p50.toFixed(1).padStart(8),
      stages.total.p90.toFixed(1).padStart(7),
      stages.handover.p50.toFixed(0).padStart(18),
      stages.transit.p50.toFixed(1).padStart(18),
    ].join('')
  return [
    `Fitted on what was known of ${fit.orders} orders on ${fit.until}. Capacities beside the best four weeks: handed over ${fit.handedOver.headroom}, delivered ${fit.delivered.headroom}.`,
    'Orders are like those of the weeks before, with the promises they had; late is against those promises.',
    '',
    'with the scenario',
    head,
    ...shocked.weeks.map((week) => row(week.from, week)),
    row('all', shocked.all),
    '',
    'without it',
    head,
    ...without.weeks.map((week) => row(week.from, week)),
    row('all', without.all),
    ...beyondShown(forecast),
  ].join('\n')
}

/** A week with more orders than a stage has ever shown to pass queues there by assumption, and a planner is told what it rests on. */
function beyondShown({ fit, with: shocked }: Forecast): string[] {
  const times = shocked.weeks.map(({ orders }) => orders / 7 / fit.highestPerDay)
  const most = Math.max(...times)
  const narrow = (['handedOver', 'delivered'] as const).filter((stage) => most > fit[stage].headroom)
  if (narrow.length === 0) return []
  const stages = narrow.map((stage) => `${stage === 'delivered' ? 'delivered' : 'handed over'} ${fit[stage].headroom}`).join(', ')
  return [
    '',
    `The week of ${shocked.weeks[times.indexOf(most)].from} brings ${most.toFixed(2)} times the orders of the best four weeks, and no more was shown to pass than: ${stages}. What is beyond that queues here, and may`,
    `pass in truth: this is the late end. --headroom ${(Math.ceil(most * 10) / 10 + 0.1).toFixed(1)} says what comes where it passes.`,
  ]
}

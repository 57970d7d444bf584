import type { NetworkSpec } from '../../sim/network-spec.ts'
import { dateOf } from './days.ts'
import type { DirtyRows, Ledger, TableTally } from './ledger.ts'
import type { Measured } from './measured.ts'
import type { Shape, Spread } from './shape.ts'

/** What an import read, what it did with every kind of dirt, and what it measured. */
export type ImportReport = {
  readonly source: string
  readonly out: string
  readonly rowsRead: number
  readonly tables: readonly TableTally[]
  readonly dirt: readonly DirtyRows[]
  readonly shape: Shape
  readonly network: { zones: number; warehouses: number; skus: number; services: number; ordersPerDay: number; orders: number }
  readonly gaps: readonly { from: string; to: string }[]
  readonly measured: Omit<Measured, 'counted'>
}

export function reportOf(about: {
  readonly source: string
  readonly out: string
  readonly book: Ledger
  readonly shape: Shape
  readonly spec: NetworkSpec
  readonly measured: Measured
  readonly orders: number
}): ImportReport {
  const { source, out, book, shape, spec, orders } = about
  const { counted, ...measured } = about.measured
  const tables = book.tallies()
  const { zones, warehouses, skus, services, demand } = spec
  return {
    source,
    out,
    rowsRead: tables.reduce((sum, table) => sum + table.rowsRead, 0),
    tables,
    dirt: book.kinds(),
    shape,
    network: {
      zones: zones.length,
      warehouses: warehouses.length,
      skus: skus.length,
      services: services.length,
      ordersPerDay: demand.ordersPerDay,
      orders,
    },
    gaps: counted.gaps.map(({ from, to }) => ({ from: dateOf(from), to: dateOf(to) })),
    measured,
  }
}

/** The report for a terminal. */
export function formatImportReport(report: ImportReport): string {
  const { shape, network, measured } = report
  const { freight, transit, arrivals } = measured
  return [
    `Read ${report.rowsRead} rows of ${report.source}`,
    '',
    'table                    read   clean    kept repaired blanked dropped',
    ...report.tables.map(
      (t) =>
        t.table.padEnd(22) +
        [t.rowsRead, t.clean, t.kept]
          .map((n) => String(n).padStart(8))
          .join('')
          .slice(1) +
        [t.repaired, t.blanked, t.dropped].map((n) => String(n).padStart(8)).join(''),
    ),
    '',
    'What was not clean, and what was done (first line where it was seen):',
    ...report.dirt.map((d) => `${String(d.rows).padStart(7)}  ${d.table}:${d.firstLine}  ${d.kind}: ${d.done}`),
    ...(report.dirt.length === 0 ? ['  nothing'] : []),
    '',
    Number.isNaN(shape.lateShare)
      ? 'Late: not known, the table has no promises or no deliveries'
      : `Late ${percent(shape.lateShare)} of ${shape.delivered} delivered orders`,
    ...stageRows(shape),
    '',
    `Arrivals: ${arrivals.ordersPerDay} a day over the last ${arrivals.rateDays.count} counted days; day-to-day cv ${arrivals.dailyCv} beyond Poisson, of a zone ${arrivals.zoneDailyCv}`,
    ...(report.gaps.length > 0
      ? [`Gaps, not counted as days without demand: ${report.gaps.map(({ from, to }) => `${from}…${to}`).join(', ')}`]
      : []),
    transit
      ? `Transit: ln days = ${transit.plain.interceptDays.toFixed(3)} + ${transit.plain.slope.toFixed(3)}·ln(10+km), R² ${transit.plain.r2.toFixed(3)}, ${transit.orders} parcels`
      : 'Transit: not in the table, assumed',
    freight
      ? `Freight: ${freight.law.base} + ${freight.law.perKm}·km + ${freight.law.perKg}·kg + ${freight.law.perKgKm}·kg·km, R² ${freight.r2.toFixed(3)}, ${freight.lines} lines`
      : 'Freight: not in the table, assumed',
    '',
    `Wrote ${report.out}: ${counted(network.zones, 'zone')}, ${counted(network.warehouses, 'warehouse')}, ${counted(network.skus, 'SKU')}, ${counted(network.services, 'service')}, ${counted(network.orders, 'order')} to replay`,
  ].join('\n')
}

/** Stages the table tells nothing about are left out. */
function stageRows({ approvalHours, handoverHours, transitDays, totalDays, promiseDays, byKm }: Shape): string[] {
  const row = (name: string, spread: Spread, more = ''): string[] => {
    const figures = [spread.p10, spread.p50, spread.p90].map((value) => cell(value, 7)).join('')
    return spread.orders === 0 ? [] : [`  ${name.padEnd(22)}${figures}${cell(spread.orders, 8)}${more}`]
  }
  const rows = [
    ...row('approval, hours', approvalHours),
    ...row('handover, hours', handoverHours),
    ...row('transit, days', transitDays),
    ...row('purchase to door, days', totalDays),
    ...row('promise, days', promiseDays),
    ...byKm.flatMap((band) =>
      row(`transit from ${String(band.fromKm).padStart(4)} km`, band, `  late ${percent(band.lateShare)}`),
    ),
  ]
  return rows.length === 0 ? [] : ['stage                       p10    p50    p90  orders', ...rows]
}

function counted(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)} %`
}

function cell(value: number, width: number): string {
  const text = Number.isNaN(value)
    ? '–'
    : Number.isInteger(value) || value >= 1000
      ? String(Math.round(value))
      : value.toFixed(value < 10 ? 2 : 1)
  return text.padStart(width)
}

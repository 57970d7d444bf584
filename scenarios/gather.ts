import type { Outcome } from '../sim/outcome.ts'
import type { ExperimentPlan } from './plan.ts'
import { type Cell, MEASURES, type MeasureId } from './result.ts'

const WEEK_HOURS = 168
/** Runs longer than this many hours are shown folded into one week, hour upon hour. */
const LONGEST_HOURS = 28 * 24

/** Whether so many hours are more than a chart can show one by one. */
export const isFolded = (hours: number): boolean => hours > LONGEST_HOURS

/** What is kept of a cell's replications. Sums are of whole numbers, so the order in which threads finish cannot change them. */
export type Gathered = {
  readonly scenario: string
  readonly contestant: string
  replications: number
  readonly samples: { readonly [M in MeasureId]: number[] }
  readonly due: Float64Array
  readonly onTime: Float64Array
  readonly backlog: readonly Float64Array[]
  /** How many hours of a replication fall on each place of the rows above. */
  readonly folds: Float64Array
  readonly flow: readonly Float64Array[]
  readonly outcome: Cell['outcome']
}

export function openCells(plan: ExperimentPlan, hours: (scenario: number) => number): Gathered[] {
  const W = plan.network.spec.warehouses.length
  const Z = plan.network.spec.zones.length
  return plan.scenarios.flatMap(({ id }, s) => {
    const places = isFolded(hours(s)) ? WEEK_HOURS : hours(s)
    const folds = new Float64Array(places)
    for (let hour = 0; hour < hours(s); hour++) folds[hour % places]++
    return plan.contestants.map((contestant) => ({
      scenario: id,
      contestant: contestant.id,
      replications: 0,
      samples: emptySamples(),
      due: new Float64Array(places),
      onTime: new Float64Array(places),
      backlog: Array.from({ length: W }, () => new Float64Array(places)),
      folds,
      flow: Array.from({ length: W }, () => new Float64Array(Z)),
      outcome: { placed: 0, delivered: 0, cancelled: 0, lost: 0, returned: 0, open: 0, split: 0 },
    }))
  })
}

const emptySamples = (): Gathered['samples'] => ({
  onTimeShare: [],
  costPerOrder: [],
  co2PerOrder: [],
  lateHoursP95: [],
  peakBacklog: [],
})

export function gather(cell: Gathered, replication: number, outcome: Outcome): void {
  cell.replications++
  for (const { id } of MEASURES) cell.samples[id][replication] = outcome[id]
  const places = cell.folds.length
  const hours = outcome.hours
  for (let hour = 0; hour < hours; hour++) {
    const place = hour % places
    cell.due[place] += outcome.dueByHour[hour]
    cell.onTime[place] += outcome.onTimeByHour[hour]
    cell.backlog.forEach((row, w) => {
      row[place] += outcome.backlogByHour[w * hours + hour]
    })
  }
  cell.flow.forEach((row, w) => {
    for (let z = 0; z < row.length; z++) row[z] += outcome.flow[w * row.length + z]
  })
  for (const key of Object.keys(cell.outcome) as (keyof Cell['outcome'])[]) cell.outcome[key] += outcome.sums[key]
}

/** Means over the replications, with the samples of those that every contestant of every scenario has finished. */
export function finishCell(cell: Gathered, complete: readonly number[]) {
  const n = Math.max(1, cell.replications)
  const samples = emptySamples()
  for (const { id } of MEASURES) samples[id].push(...complete.map((replication) => cell.samples[id][replication]))
  const mean = (sum: number): number => Math.round((1000 * sum) / n) / 1000
  return {
    scenario: cell.scenario,
    contestant: cell.contestant,
    replications: complete.length,
    samples,
    onTimeByHour: Array.from(cell.due, (due, i) => (due > 0 ? cell.onTime[i] / due : null)),
    backlogByHour: cell.backlog.map((row) => Array.from(row, (sum, place) => mean(sum / Math.max(1, cell.folds[place])))),
    flows: cell.flow.map((row) => Array.from(row, mean)),
    outcome: Object.fromEntries(Object.entries(cell.outcome).map(([key, sum]) => [key, mean(sum)])) as Cell['outcome'],
  }
}

/** Replications that every cell has finished, in rising order. */
export function completeReplications(cells: readonly Gathered[]): number[] {
  const first = cells[0]?.samples.onTimeShare ?? []
  return [...first.keys()].filter((replication) => cells.every(({ samples }) => samples.onTimeShare[replication] !== undefined))
}

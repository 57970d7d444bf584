import { type Cell, type Difference, MEASURES, type MeasureId, type Result, type Verdict } from '../../scenarios/result.ts'

/** A small result with known figures, for tests of what is printed. */
export function resultOf(cells: readonly Cell[], change: Partial<Result> = {}): Result {
  const scenarios = [...new Set(cells.map(({ scenario }) => scenario))]
  const contestants = [...new Set(cells.map(({ contestant }) => contestant))]
  return {
    format: 'orrery-result/1',
    version: '0',
    network: {
      name: 'Testland',
      about: '',
      currency: 'BRL',
      startsOn: 'mon',
      ordersPerDay: 100,
      skus: 1,
      services: [],
      warehouses: [],
      zones: [],
      outline: [],
    },
    scenarios: scenarios.map((id) => ({ id, about: 'A test.', days: 5 })),
    contestants: contestants.map((id) => ({ id, about: '', policies: {} })),
    baseline: 'nearest',
    seed: '1',
    replications: 20,
    workers: 2,
    comparisons: 4,
    orders: 1_234_567,
    events: 12_345_678,
    tookSeconds: 41,
    cpuSeconds: 80,
    digest: 'abc',
    stopped: null,
    cells,
    ...change,
  }
}

type Given = {
  readonly mean: number
  readonly half: number
  readonly change?: number
  readonly verdict?: Verdict
  readonly samples?: readonly number[]
}

/** A cell from a mean and a half width for each measure; what is left out is zero and the same as the baseline's. */
export function cellOf(contestant: string, given: Partial<Record<MeasureId, Given>>, scenario = 'calm'): Cell {
  const of = <T>(make: (given: Given) => T) =>
    Object.fromEntries(MEASURES.map(({ id }) => [id, make(given[id] ?? { mean: 0, half: 0 })])) as Record<MeasureId, T>
  const unknown: Verdict = contestant === 'nearest' ? 'baseline' : 'not enough evidence'
  return {
    scenario,
    contestant,
    replications: 20,
    measures: of(({ mean, half }) => ({ low: mean - half, mean, high: mean + half })),
    versusBaseline: of(
      ({ change = 0, half, verdict = unknown }): Difference => ({
        low: change - half,
        mean: change,
        high: change + half,
        verdict,
        noise: half,
      }),
    ),
    samples: of(
      ({ mean, half, samples }) => samples ?? Array.from({ length: 20 }, (_, i) => mean + (i % 2 === 0 ? half : -half)),
    ),
    onTimeByHour: [],
    backlogByHour: [],
    flows: [],
    outcome: { placed: 100, delivered: 90, cancelled: 1, lost: 1, returned: 1, open: 8, split: 0 },
  }
}

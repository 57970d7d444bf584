/**
 * What the market asks of a solver of linear programs: the part of HiGHS's persistent model that is used. `scenarios/highs.ts` loads the real one,
 * which answers without waiting and is handed in, so that this room stays pure.
 */
export type LinearSolver = {
  readonly infinity: number
  readonly constants: { readonly modelStatus: { readonly optimal: number; readonly iterationLimit: number } }
  createModel(): LinearModel
}

type Matrix = {
  readonly format: 'csc' | 'csr'
  readonly numRows: number
  readonly numCols: number
  readonly starts: Int32Array
  readonly indices: Int32Array
  readonly values: Float64Array
}

/** Its memory lies outside the collector's reach: whoever makes one disposes it. */
export type LinearModel = {
  readonly options: { set(values: Readonly<Record<string, string | number | boolean>>): unknown }
  addCols(data: { cost: Float64Array; lower: Float64Array; upper: Float64Array; matrix: Matrix }): unknown
  addRows(data: { lower: Float64Array; upper: Float64Array; matrix: Matrix }): unknown
  run(): unknown
  /** 0 for a column or row at its lower limit, 1 for one in the basis, 2 at its upper limit. */
  getBasis(): { readonly colStatus: Int32Array; readonly rowStatus: Int32Array }
  setBasis(basis: { colStatus: Int32Array; rowStatus: Int32Array }): unknown
  getModelStatus(): number
  /** Counts of the last run. */
  readonly info: { get(name: 'simplex_iteration_count' | 'ipm_iteration_count'): number | bigint }
  getObjectiveValue(): number
  /** Row duals are negative where an upper bound binds. */
  getSolution(): { readonly colValue: Float64Array; readonly colDual: Float64Array; readonly rowDual: Float64Array }
  dispose(): void
}

/** What a run hands on without looking at it. */
export const isLinearSolver = (it: unknown): it is LinearSolver =>
  typeof it === 'object' && it !== null && 'createModel' in it && typeof it.createModel === 'function'

import type { LawChoice } from './choose-law.ts'

/** What there is to say of the fit of a stage. */
export type StageFit = {
  /** Orders that had ended the stage, and those that count with what they had taken. */
  readonly orders: number
  readonly cutOff: number
  readonly law: LawChoice
  /** A promise longer by 1 % than usual meant a stage longer by this many %. */
  readonly perPromise: number
  /** How far the level of coming weeks may be from this fit, standard deviation of ln. */
  readonly drift: number
}

/** Values of some orders, laid out over all of them; 0 for the others. */
export function overAll(count: number, orders: readonly number[], values: Float64Array): Float64Array {
  const all = new Float64Array(count)
  orders.forEach((order, row) => {
    all[order] = values[row]
  })
  return all
}

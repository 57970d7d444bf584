import { bookkeeper } from '../../sim/explain/bookkeeper.ts'
import type { DayBook } from '../../sim/explain/day-book.ts'
import type { Sim } from '../../sim/sim.ts'

/**
 * The run with somebody who looks on: every decision is written into the book with its terms and, where that is asked for, its runner-up. The run is
 * the one without.
 */
export const explainingAll = (sim: Sim, book: DayBook, withRunnerUps = true): Sim => ({
  ...sim,
  witness: bookkeeper(book, withRunnerUps),
})

import { weekdayOf } from './calendar.ts'
import type { DemandHistory, ForecastAnswer, Shelf } from './policy.ts'
import { HISTORY_DAYS, type WorldView } from './world.ts'

/** The demand history of one SKU at one home warehouse, read straight from the world's ring; one object for all of them. */
export class ShelfHistory implements DemandHistory {
  /** Four whole weeks of the ring. */
  days = 28
  weekday = 0
  readonly answer: ForecastAnswer = { meanUnits: 0.5, sdUnits: 0.5 }
  readonly shelf: { -readonly [K in keyof Shelf]: number } = {
    onHandUnits: 0,
    reservedUnits: 0,
    onOrderUnits: 0,
    waitingUnits: 0,
    reviewDays: 1,
    leadDays: 0.5,
    meanUnits: 0.5,
    sdUnits: 0.5,
  }
  private column = 0
  private today = 0
  private readonly world: WorldView

  constructor(world: WorldView) {
    this.world = world
  }

  /** `today` is the day not yet in the history. */
  aim(k: number, warehouse: number, today: number, timeMs: number, weekStartMs: number): void {
    this.column = (k * this.world.d.W + warehouse) * HISTORY_DAYS
    this.today = today
    this.weekday = weekdayOf(timeMs, weekStartMs)
  }

  units(daysAgo: number): number {
    return this.world.history[this.column + ((this.today - daysAgo) & (HISTORY_DAYS - 1))]
  }
}

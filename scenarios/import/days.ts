import { DAY_MS } from '../../sim/units.ts'

/** Days without an order that are too many to be chance or a holiday: the table has nothing to say about them. */
const GAP_DAYS_MIN = 7
/** A stretch with less than this part of all orders is a thin tail: a shop that has just opened, an export cut short. */
const STRETCH_SHARE_MIN = 0.01

/** The days a table can speak for. Day numbers count from 1970-01-01. */
export type CountedDays = {
  readonly days: readonly number[]
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
  /** Days and orders in stretches too thin to be measured on. */
  readonly thin: { readonly days: number; readonly orders: number }
}

export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS)
}

/** 0 is Monday. */
export function weekdayOfDay(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/**
 * The days that are measured on. Holes of a week and more are left out of the count (they are missing data and not zero demand), a single day
 * without an order is counted, and stretches that hold next to nothing are put aside.
 */
export function countedDays(placedMs: ArrayLike<number>): CountedDays {
  const perDay = ordersByDay(placedMs)
  const seen = [...perDay.keys()].sort((a, b) => a - b)
  const gaps: { from: number; to: number }[] = []
  const stretches: { from: number; to: number; orders: number }[] = []
  for (const day of seen) {
    const last = stretches.at(-1)
    const orders = perDay.get(day) ?? 0
    if (last && day - last.to <= GAP_DAYS_MIN) {
      last.to = day
      last.orders += orders
    } else {
      if (last) gaps.push({ from: last.to + 1, to: day - 1 })
      stretches.push({ from: day, to: day, orders })
    }
  }
  const solid = stretches.filter(({ orders }) => orders >= STRETCH_SHARE_MIN * placedMs.length)
  const aside = stretches.filter((stretch) => !solid.includes(stretch))
  return {
    days: solid.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i)),
    gaps,
    thin: {
      days: aside.reduce((sum, { from, to }) => sum + to - from + 1, 0),
      orders: aside.reduce((sum, { orders }) => sum + orders, 0),
    },
  }
}

export function ordersByDay(placedMs: ArrayLike<number>): Map<number, number> {
  const perDay = new Map<number, number>()
  for (let i = 0; i < placedMs.length; i++) {
    const day = dayOf(placedMs[i])
    perDay.set(day, (perDay.get(day) ?? 0) + 1)
  }
  return perDay
}

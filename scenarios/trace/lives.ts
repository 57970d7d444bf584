import type { CauseId } from '../../sim/trace/cause.ts'
import { blameByCause, type Life, lifeOf } from './life.ts'
import type { TraceRow } from './row.ts'

/** Puts the rows of a trace together, order by order, and hands on each measured order's life when it ends. Holds only what is open. */
export function lifeReader(onLife: (life: Life) => void): (row: TraceRow) => void {
  const open = new Map<number, TraceRow[]>()
  return (row) => {
    const { order } = row.who
    if (order === undefined) return
    if (row.what.did === 'placed') {
      if (row.what.measured === 1) open.set(order, [row])
      return
    }
    // What comes after the end of an order, such as its return, is no part of its lateness.
    const rows = open.get(order)
    if (rows === undefined) return
    rows.push(row)
    if (row.what.orderEnded !== 1) return
    open.delete(order)
    const life = lifeOf(rows)
    if (life !== undefined) onLife(life)
  }
}

/** The late orders of a run taken together, and the latest of them. */
export type Lateness = {
  delivered: number
  late: number
  lateMs: number
  /** For each cause: its blame, and the late orders it had a part in and was the greatest part of. */
  readonly causes: Map<CauseId, { blameMs: number; orders: number; mostly: number }>
  /** Latest first. */
  readonly latest: Life[]
}

export function latenessOf(most: number): Lateness & { take(life: Life): void } {
  return {
    delivered: 0,
    late: 0,
    lateMs: 0,
    causes: new Map(),
    latest: [],
    take(life) {
      if (life.lateMs === null) return
      this.delivered++
      if (life.lateMs <= 0) return
      this.late++
      this.lateMs += life.lateMs
      blameByCause(life).forEach(({ cause, blameMs }, i) => {
        const sum = this.causes.get(cause) ?? { blameMs: 0, orders: 0, mostly: 0 }
        sum.blameMs += blameMs
        sum.orders++
        if (i === 0) sum.mostly++
        this.causes.set(cause, sum)
      })
      insert(this.latest, life, most)
    },
  }
}

function insert(latest: Life[], life: Life, most: number): void {
  const at = latest.findIndex((one) => Number(one.lateMs) < Number(life.lateMs))
  latest.splice(at < 0 ? latest.length : at, 0, life)
  if (latest.length > most) latest.pop()
}

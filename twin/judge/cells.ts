import type { Cell } from './evidence.ts'

/** Cells are sums, so that units may come in any order and be counted on any machine; cells over disjoint units add up. */
export const EMPTY_CELL: Cell = { n: 0, y: 0, yy: 0, d: 0, dd: 0, yd: 0, x: 0, xx: 0, xy: 0, xd: 0, missing: 0 }

/** A matured unit: its outcome, or null where none ever came; over how many orders it was summed; and what was foretold before it was assigned. */
export const cellOf = (y: number | null, d = 1, x = 0): Cell =>
  y === null
    ? { ...EMPTY_CELL, missing: 1 }
    : { n: 1, y, yy: y * y, d, dd: d * d, yd: y * d, x, xx: x * x, xy: x * y, xd: x * d, missing: 0 }

export function addCells(a: Cell, b: Cell): Cell {
  return {
    n: a.n + b.n,
    y: a.y + b.y,
    yy: a.yy + b.yy,
    d: a.d + b.d,
    dd: a.dd + b.dd,
    yd: a.yd + b.yd,
    x: a.x + b.x,
    xx: a.xx + b.xx,
    xy: a.xy + b.xy,
    xd: a.xd + b.xd,
    missing: a.missing + b.missing,
  }
}

import { DAY_MS } from '../../sim/units.ts'
import { expected, fitCensored } from './censored.ts'

/** What a promise is usually like for a place so far away: its length tells more about an order than its address alone. */
export type UsualPromise = {
  /** ln(days) = level + perLnKm · (ln(10 + km) − middle) + region */
  readonly level: number
  readonly perLnKm: number
  readonly middle: number
  readonly region: Readonly<Record<string, number>>
}

/** A fitted effect of lnKm and of regions, each region held towards none. */
export type PlaceRows = {
  readonly lnKm: Float64Array
  readonly region: readonly string[]
  /** Further columns, each as long as the rows. */
  readonly more: readonly Float64Array[]
}

/** Rows seen in a region count this many less: a handful of parcels says little of a state. */
const REGION_RIDGE = 2

export function regress(rows: PlaceRows, ln: Float64Array, ended: Uint8Array, weight: Float64Array) {
  const regions = [...new Set(rows.region)].sort()
  const middle = weighted(rows.lnKm, weight)
  const width = 2 + rows.more.length + regions.length
  const x = new Float64Array(ln.length * width)
  for (let r = 0; r < ln.length; r++) {
    x[r * width] = 1
    x[r * width + 1] = rows.lnKm[r] - middle
    rows.more.forEach((column, j) => {
      x[r * width + 2 + j] = column[r]
    })
    x[r * width + 2 + rows.more.length + regions.indexOf(rows.region[r])] = 1
  }
  const fit = fitCensored({ x, width, ln, ended, weight }, REGION_RIDGE)
  const mean = Float64Array.from(ln, (_, r) => expected(x, width, r, fit.beta))
  const [level, perLnKm, ...rest] = fit.beta
  return {
    level,
    perLnKm,
    middle,
    more: rest.slice(0, rows.more.length),
    region: Object.fromEntries(regions.map((name, i) => [name, rest[rows.more.length + i]])),
    mean,
    residual: fit.residual,
  }
}

export function weighted(values: Float64Array, weight: Float64Array): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    sum += values[i] * weight[i]
    total += weight[i]
  }
  return sum / total
}

/** ln of a promise's length in days, NaN where there is none; a promise of less than two days is a slip of the pen. */
export function lnPromise(placedMs: number, promisedMs: number): number {
  return Math.log(Math.min(90, Math.max(2, (promisedMs - placedMs) / DAY_MS)))
}

export function usualPromise(rows: Omit<PlaceRows, 'more'>, ln: Float64Array, weight: Float64Array): UsualPromise {
  const all = new Uint8Array(ln.length).fill(1)
  const { level, perLnKm, middle, region } = regress({ ...rows, more: [] }, ln, all, weight)
  return { level, perLnKm, middle, region }
}

/** How much longer (in ln) than usual a promise is; 0 where there is none. */
export function beyondUsual(usual: UsualPromise, ln: number, lnKm: number, region: string): number {
  if (Number.isNaN(ln)) return 0
  return ln - usual.level - usual.perLnKm * (lnKm - usual.middle) - (usual.region[region] ?? 0)
}

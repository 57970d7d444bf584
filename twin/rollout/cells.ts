import type { Cell, Epoch, MetricPlan, Pair } from '../judge/evidence.ts'

/** Sums that are still being added to; a `Cell` once they are told. */
export type Sums = { -readonly [K in keyof Cell]: Cell[K] }

export const newSums = (): Sums => ({ n: 0, y: 0, yy: 0, d: 0, dd: 0, yd: 0, x: 0, xx: 0, xy: 0, xd: 0, missing: 0 })

/** One unit comes in (`sign` 1) or is taken out again (−1). */
export function add(sums: Sums, y: number, d: number, x: number, sign: 1 | -1): void {
  sums.n += sign
  sums.y += sign * y
  sums.yy += sign * y * y
  sums.d += sign * d
  sums.dd += sign * d * d
  sums.yd += sign * y * d
  sums.x += sign * x
  sums.xx += sign * x * x
  sums.xy += sign * x * y
  sums.xd += sign * x * d
}

export type Counted = { stable: number; candidate: number }
export type EpochSums = {
  readonly id: string
  readonly share: number
  readonly assigned: Counted
  readonly exposed: Counted
  readonly matured: Counted
  /** By place of the metric. */
  readonly all: readonly Pair<Sums>[]
  readonly triggered: readonly Pair<Sums>[]
  /** Units with both answers, and with different ones. */
  both: number
  differing: number
  readonly histograms: readonly ({ readonly control: Float64Array; readonly candidate: Float64Array } | null)[]
}

export function newEpoch(id: string, share: number, metrics: readonly MetricPlan[], bins: number): EpochSums {
  const pairs = () => metrics.map(() => ({ stable: newSums(), candidate: newSums() }))
  return {
    id,
    share,
    assigned: { stable: 0, candidate: 0 },
    exposed: { stable: 0, candidate: 0 },
    matured: { stable: 0, candidate: 0 },
    all: pairs(),
    triggered: pairs(),
    both: 0,
    differing: 0,
    histograms: metrics.map(({ kind }) =>
      kind === 'quantile' ? { control: new Float64Array(bins + 1), candidate: new Float64Array(bins + 1) } : null,
    ),
  }
}

/** Several epochs as one: their sums added up. */
export function merged(id: string, epochs: readonly EpochSums[], metrics: readonly MetricPlan[], bins: number): EpochSums {
  const whole = newEpoch(id, epochs[0].share, metrics, bins)
  for (const epoch of epochs) {
    for (const side of ['stable', 'candidate'] as const) {
      whole.assigned[side] += epoch.assigned[side]
      whole.exposed[side] += epoch.exposed[side]
      whole.matured[side] += epoch.matured[side]
      metrics.forEach((_, m) => {
        addSums(whole.all[m][side], epoch.all[m][side])
        addSums(whole.triggered[m][side], epoch.triggered[m][side])
      })
    }
    whole.both += epoch.both
    whole.differing += epoch.differing
    whole.histograms.forEach((counts, m) => {
      const own = epoch.histograms[m]
      if (counts === null || own === null) return
      for (const side of ['control', 'candidate'] as const)
        for (let bin = 0; bin <= bins; bin++) counts[side][bin] += own[side][bin]
    })
  }
  return whole
}

function addSums(into: Sums, from: Sums): void {
  for (const key of Object.keys(into) as (keyof Sums)[]) into[key] += from[key]
}

/** An epoch as plain data, keys always in the same order. */
export function epochOf(sums: EpochSums, metrics: readonly MetricPlan[], bins: readonly number[]): Epoch {
  const named = (pairs: readonly Pair<Sums>[]): Epoch['metrics'] =>
    Object.fromEntries(
      metrics.map(({ id }, m) => [id, { stable: { ...pairs[m].stable }, candidate: { ...pairs[m].candidate } }] as const),
    )
  return {
    id: sums.id,
    share: sums.share,
    assigned: { ...sums.assigned },
    exposed: { ...sums.exposed },
    matured: { ...sums.matured },
    metrics: named(sums.all),
    triggered: sums.both === 0 ? null : { part: sums.differing / sums.both, metrics: named(sums.triggered) },
    histograms: Object.fromEntries(
      metrics.flatMap(({ id }, m) => {
        const counts = sums.histograms[m]
        return counts === null ? [] : [[id, { bins, control: [...counts.control], candidate: [...counts.candidate] }] as const]
      }),
    ),
  }
}

/** The place of a value among rising bounds: i where it is above bound i − 1 and up to bound i; `bins.length` above the last. */
export function binOf(value: number, bins: readonly number[]): number {
  let [low, high] = [0, bins.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= bins[middle]) high = middle
    else low = middle + 1
  }
  return low
}

import { normalQuantile } from '../../sim/normal.ts'
import { normalCdf, rootOf } from './special-functions.ts'

/**
 * Where the number of looks and what is known at each are fixed beforehand, boundaries for just these looks have more power than those for any. Chances
 * are summed over a grid of the statistic from look to look (Armitage, McPherson & Rowe, JRSS A 132, 1969).
 */

/** What is still going on after a look: density of √I Z over a grid, times the width of a cell. */
type Open = { readonly information: number; readonly at: Float64Array; readonly mass: Float64Array }

const CELLS = 160
const NOTHING: Open = { information: 0, at: Float64Array.of(0), mass: Float64Array.of(1) }

/** From one look to the next, for those that lie between the z-values `low` and `high` there; the true effect is `drift`. */
function goOn(open: Open, information: number, low: number, high: number, drift: number): Open {
  const root = Math.sqrt(information)
  const sd = Math.sqrt(information - open.information)
  const from = Math.max(low, drift * root - 9) * root
  const to = Math.min(high, drift * root + 9) * root
  const nodes = simpson(from, to)
  const mass = nodes.at.map((s, j) => {
    let density = 0
    for (let i = 0; i < open.at.length; i++) {
      const z = (s - open.at[i] - drift * (information - open.information)) / sd
      if (z > -9 && z < 9) density += open.mass[i] * Math.exp(-0.5 * z * z)
    }
    return (density / (sd * Math.sqrt(2 * Math.PI))) * nodes.weight[j]
  })
  return { information, at: nodes.at, mass }
}

function simpson(from: number, to: number): { readonly at: Float64Array; readonly weight: Float64Array } {
  const h = (to - from) / CELLS
  const at = Float64Array.from({ length: CELLS + 1 }, (_, i) => from + i * h)
  const weight = at.map((_, i) => (h / 3) * (i === 0 || i === CELLS ? 1 : i % 2 === 1 ? 4 : 2))
  return { at, weight }
}

/** Chance that a look finds z above `z`. */
function above(open: Open, information: number, z: number, drift: number): number {
  const sd = Math.sqrt(information - open.information)
  let chance = 0
  for (let i = 0; i < open.at.length; i++) {
    const mean = open.at[i] + drift * (information - open.information)
    chance += open.mass[i] * normalCdf((mean - z * Math.sqrt(information)) / sd)
  }
  return chance
}

/** Chance that any of equally spaced looks lies above its boundary (or beyond ± it) where there is no effect. */
export function everBeyond(boundaries: readonly number[], sides: 1 | 2): number {
  let open = NOTHING
  let chance = 0
  boundaries.forEach((z, k) => {
    const information = k + 1
    chance += above(open, information, z, 0)
    if (sides === 2) chance += [...open.mass].reduce((sum, one) => sum + one, 0) - above(open, information, -z, 0)
    open = goOn(open, information, sides === 2 ? -z : Number.NEGATIVE_INFINITY, z, 0)
  })
  return chance
}

/**
 * Chance, by look, that one up to it was above its boundary, where the z-statistic drifts by `drift` for each root of information. The exact answer to
 * what is mostly simulated.
 */
export function passedBy(looks: readonly { readonly information: number; readonly z: number }[], drift: number): number[] {
  let open = NOTHING
  let chance = 0
  return looks.map(({ information, z }) => {
    // Nothing new is known: nothing can be passed.
    if (information > open.information) {
      chance += above(open, information, z, drift)
      open = goOn(open, information, Number.NEGATIVE_INFINITY, z, drift)
    }
    return chance
  })
}

/** Two-sided boundaries of `looks` equal steps with error `alpha` in all: the same at each (Pocock), or falling with the root of what is known (O'Brien & Fleming). */
export function boundaries(looks: number, alpha: number, shape: 'pocock' | 'obrien-fleming'): number[] {
  const at = (c: number): number[] =>
    Array.from({ length: looks }, (_, k) => (shape === 'pocock' ? c : c * Math.sqrt(looks / (k + 1))))
  return at(rootOf((c) => alpha - everBeyond(at(c), 2), 1, 3, 8))
}

/**
 * Boundaries where outcomes are under way when a look stops the intake: intake stops above `upper` or below `lower`, and only what has come in by then
 * decides, against `decision` (Hampson & Jennison, JRSS B 75, 2013; errors are spent as I^ρ, futility does not bind, and nothing is called an effect that
 * a single test would not).
 */
export function delayedBoundaries({
  information,
  decided,
  most,
  alpha,
  beta,
  rho,
  effect,
}: {
  readonly information: readonly number[]
  /** What is known once all under way at a look has come in; one fewer than looks. */
  readonly decided: readonly number[]
  readonly most: number
  readonly alpha: number
  readonly beta: number
  readonly rho: number
  readonly effect: number
}): { readonly upper: number[]; readonly lower: number[]; readonly decision: number[] } {
  const single = normalQuantile(1 - alpha)
  const spent = (whole: number, known: number): number => whole * Math.min(1, (known / most) ** rho)
  const upper: number[] = []
  const lower: number[] = []
  const decision: number[] = []
  let noEffect = NOTHING
  let withEffect = NOTHING
  information.forEach((known, k) => {
    const before = k === 0 ? 0 : information[k - 1]
    const errorAlpha = spent(alpha, known) - (k === 0 ? 0 : spent(alpha, before))
    const errorBeta = spent(beta, known) - (k === 0 ? 0 : spent(beta, before))
    const isLast = k === information.length - 1
    const later = isLast ? known : decided[k]
    /** Chance of stopping above `z` and then being found beyond the single test's value, or not. */
    const stopped = (open: Open, z: number, drift: number): { readonly found: number; readonly lost: number } => {
      if (isLast) return { found: above(open, known, z, drift), lost: 0 }
      const on = goOn(open, known, z, Number.POSITIVE_INFINITY, drift)
      const all = on.mass.reduce((sum, one) => sum + one, 0)
      const found = above(on, later, single, drift)
      return { found, lost: all - found }
    }
    const u = rootOf((z) => errorAlpha - stopped(noEffect, z, 0).found, -2, 4, 8)
    const { lost } = stopped(withEffect, u, effect)
    const all = withEffect.mass.reduce((sum, one) => sum + one, 0)
    const l = rootOf((z) => all - above(withEffect, known, z, effect) + lost - errorBeta, -8, u, u)
    upper.push(u)
    lower.push(Math.min(l, u))
    if (!isLast) decision.push(single)
    noEffect = goOn(noEffect, known, Number.NEGATIVE_INFINITY, u, 0)
    withEffect = goOn(withEffect, known, Math.min(l, u), u, effect)
  })
  return { upper, lower, decision }
}

import { studentQuantile, upperTail } from '../../scenarios/student.ts'

/**
 * What other tools do, so that ours can be held against it: the asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, Annals
 * of Statistics 52, 2024, eq. 9 and 134), and Welch's interval, which holds at one look only.
 */
export type Sample = { readonly n: number; readonly mean: number; readonly variance: number }
export type Difference = { readonly difference: number; readonly se: number; readonly n: number; readonly df: number }

export const sampleOf = (sum: number, squares: number, n: number): Sample => ({
  n,
  mean: sum / n,
  variance: (squares - (sum * sum) / n) / (n - 1),
})
export const proportionOf = (happened: number, n: number): Sample => ({
  n,
  mean: happened / n,
  variance: (happened / n) * (1 - happened / n),
})

/** b − a; relative to |a| with the delta method, so that a harm of something negative keeps its sign. */
export function differenceOf(a: Sample, b: Sample, kind: 'absolute' | 'relative'): Difference {
  const [va, vb] = [a.variance / a.n, b.variance / b.n]
  const base = kind === 'relative' ? Math.abs(a.mean) : 1
  const variance = kind === 'relative' ? vb / a.mean ** 2 + (va * b.mean ** 2) / a.mean ** 4 : va + vb
  return {
    difference: (b.mean - a.mean) / base,
    se: Math.sqrt(variance),
    n: a.n + b.n,
    df: (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1)),
  }
}

/** Half the width of the sequence after n units, sharpest at `nOpt`; its one-sided form bounds one end. */
export function sequenceRadius({ se, n }: Pick<Difference, 'se' | 'n'>, alpha: number, nOpt: number, sides: 1 | 2 = 2): number {
  const a = sides === 2 ? alpha : 2 * alpha
  const r2 = (-2 * Math.log(a) + Math.log(1 - 2 * Math.log(a))) / nOpt
  const root = Math.sqrt(n * r2 + 1)
  const log = sides === 2 ? Math.log(root / alpha) : Math.log(1 + root / (2 * alpha))
  return se * Math.sqrt(n) * Math.sqrt(((2 * (n * r2 + 1)) / (n * n * r2)) * log)
}

/** p-value of "no difference", valid at every look; at most 1. */
export function sequenceP({ difference, se, n }: Difference, alpha: number, nOpt: number): number {
  const r2 = (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / nOpt
  const t2 = (difference / se) ** 2 * n
  return Math.min(1, Math.sqrt(n * r2 + 1) * Math.exp((-r2 * t2) / (2 * (n * r2 + 1))))
}

/** One-sided p-value: the alpha at which the bound just reaches 0, between the ends within which the sequence is defined. */
export function oneSidedSequenceP(is: Difference, alpha: number, nOpt: number): number {
  const tuned = 2 * alpha
  const r2 = (-2 * Math.log(tuned) + Math.log(1 - 2 * Math.log(tuned))) / nOpt
  const root = Math.sqrt(is.n * r2 + 1)
  const log = ((is.difference / is.se) ** 2 * is.n * r2) / (2 * (is.n * r2 + 1))
  const p = is.difference > 0 ? root / (2 * Math.expm1(log)) : 0.4999
  return Math.min(0.4999, Math.max(1e-5, p))
}

export const welchRadius = ({ se, df }: Difference, alpha: number): number => studentQuantile(1 - alpha / 2, df) * se
export const welchP = ({ difference, se, df }: Difference): number => 2 * upperTail(Math.abs(difference) / se, df)

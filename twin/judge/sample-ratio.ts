import { gammaCdf, logGamma } from '../../sim/gamma.ts'
import type { Epoch, Pair } from './evidence.ts'
import { logSum } from './special-functions.ts'

/** Whether arms have the sizes they were meant to have. Where they have not, something chose who is counted, and no comparison holds. */

/** Pearson's test at one look. Arms that should get nobody are no degree of freedom; somebody in such an arm is proof. */
export function ratioTest(counts: readonly number[], shares: readonly number[]): number {
  const all = counts.reduce((sum, n) => sum + n, 0)
  const meant = shares.reduce((sum, share) => sum + share, 0)
  let chi2 = 0
  let arms = 0
  for (let i = 0; i < counts.length; i++) {
    if (shares[i] === 0) {
      if (counts[i] > 0) return 0
      continue
    }
    arms++
    const expected = (all * shares[i]) / meant
    chi2 += expected > 0 ? (counts[i] - expected) ** 2 / expected : 0
  }
  return arms < 2 ? 1 : 1 - gammaCdf((arms - 1) / 2, chi2 / 2)
}

/** ln of the chance of these very units in this order under shares drawn from a Dirichlet of parameters `alpha`; and under the shares themselves. */
export function logDirichletMultinomial(counts: readonly number[], alpha: readonly number[]): number {
  let log = 0
  let [n, a] = [0, 0]
  for (let i = 0; i < counts.length; i++) {
    log += logGamma(counts[i] + alpha[i]) - logGamma(alpha[i])
    n += counts[i]
    a += alpha[i]
  }
  return log + logGamma(a) - logGamma(n + a)
}
export const logMultinomial = (counts: readonly number[], shares: readonly number[]): number =>
  counts.reduce((sum, n, i) => sum + (n === 0 ? 0 : n * Math.log(shares[i])), 0)

/** How surely the prior sticks to the meant shares: as if so many units had been seen (Lindon & Malek 2022). */
const PRIOR_UNITS = 10_000

/**
 * Log e-value against "arms have their shares", at every unit at once (Lindon & Malek, NeurIPS 2022): the Bayes factor of shares a little off. Epochs
 * of one share are one sample, those of others samples of their own, whose factors multiply.
 */
function logRatioEvidence(epochs: readonly Epoch[], of: (epoch: Epoch) => Pair<number>): number {
  const byShare = new Map<number, [number, number]>()
  for (const epoch of epochs) {
    if (!(epoch.share > 0 && epoch.share < 1)) continue
    const counts = byShare.get(epoch.share) ?? [0, 0]
    const { candidate, stable } = of(epoch)
    counts[0] += candidate
    counts[1] += stable
    byShare.set(epoch.share, counts)
  }
  let log = 0
  for (const [share, counts] of [...byShare].sort(([a], [b]) => a - b)) {
    const meant = [share, 1 - share]
    log += logDirichletMultinomial(counts, [share * PRIOR_UNITS, (1 - share) * PRIOR_UNITS]) - logMultinomial(counts, meant)
  }
  return log
}

/** What is lost at maturity shows there alone, and what is lost before shows there too: it has half the weight. */
const WEIGHTS = [0.25, 0.25, 0.5]

/** p-values, valid at every look, of who was assigned, who was served so, and whose outcome is in; and whether their mean e-value is an alarm. */
export function ratios(
  epochs: readonly Epoch[],
  alpha: number,
): { readonly assigned: number; readonly exposed: number; readonly matured: number; readonly isAlarm: boolean } {
  const logs = [
    logRatioEvidence(epochs, ({ assigned }) => assigned),
    logRatioEvidence(epochs, ({ exposed }) => exposed),
    logRatioEvidence(epochs, ({ matured }) => matured),
  ]
  const [assigned, exposed, matured] = logs.map((log) => Math.min(1, Math.exp(-log)))
  return { assigned, exposed, matured, isAlarm: logSum(logs, WEIGHTS) >= Math.log(1 / alpha) }
}

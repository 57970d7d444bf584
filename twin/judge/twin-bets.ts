import { logNormalCdf } from './special-functions.ts'

/**
 * The twin may place the bets but may not score them: an e-value whose mixture is a normal around the effect the twin expects (`m`, ± `tau`), cut to
 * harm, is below 1/α for ever whatever the twin believes, as long as it said so before the first order. A twin that is right finds harm sooner.
 */
export function logTwinBet(s: number, v: number, m: number, tau: number): number {
  const spread = 1 + tau * tau * v
  const pulled = s + m / (tau * tau)
  return (
    -0.5 * Math.log(spread) +
    0.5 * ((pulled * pulled * tau * tau) / spread - (m * m) / (tau * tau)) +
    logNormalCdf((pulled * tau) / Math.sqrt(spread)) -
    logNormalCdf(m / tau)
  )
}

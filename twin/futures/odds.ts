import { logIncompleteBeta } from '../judge/special-functions.ts'

/** Odds of something by the futures it happened in: their share, and the interval that holds the true odds with 90 %. */
export type Odds = { readonly p: number; readonly low: number; readonly high: number }

/** What lies outside on each side. */
const TAIL = 0.05

/**
 * Exact for any number of futures (Clopper & Pearson, Biometrika 26, 1934): `low` is where so many or more would happen with 5 % only, `high` where so few
 * or fewer would. What happened in none of twenty may still have odds of 14 %. It says how sure the count is, not whether the laws behind it are right.
 */
export function oddsOf(held: number, replications: number): Odds {
  return {
    p: held / replications,
    low: held === 0 ? 0 : where((p) => Math.exp(logIncompleteBeta(held, replications - held + 1, p)) < TAIL),
    high: held === replications ? 1 : where((p) => Math.exp(logIncompleteBeta(held + 1, replications - held, p)) < 1 - TAIL),
  }
}

/** Where something that holds from 0 on ceases to. */
function where(holds: (p: number) => boolean): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (holds(middle)) low = middle
    else high = middle
  }
  return (low + high) / 2
}

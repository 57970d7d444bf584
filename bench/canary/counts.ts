import { logGamma } from '../../sim/gamma.ts'
import { normalQuantile } from '../../sim/normal.ts'
import { type Dice, draw, PURPOSE } from '../../sim/random.ts'

/** Luck of one simulated canary: each number is named by the hour and by what it is for, so that every rule meets the same orders. */
export type Luck = { readonly dice: Dice; readonly canary: number }

/** What a draw of an hour is for; each metric has four of its own behind these. */
export const KIND = {
  assigned: 0,
  lost: 1,
  differsCandidate: 2,
  differsStable: 3,
  controlGoodPart: 4,
  controlBadPart: 5,
  hidden: 6,
  foretoldDiffering: 7,
  metric: 8,
} as const
/** Draws of normal values that are of an hour and not of an order: behind those of all its orders. */
export const OF_HOUR = { foretold: 1_000_000, together: 1_000_001 } as const
/** Draws of an hour, at most. */
const KINDS = 64

const uniform = ({ dice, canary }: Luck, hour: number, kind: number): number =>
  draw(dice, canary, PURPOSE.canary, hour * KINDS + kind)

/** A standard normal value. `k` tells single orders of an hour apart. */
export const normal = ({ dice, canary }: Luck, hour: number, k: number): number =>
  normalQuantile(draw(dice, canary * 1024 + hour, PURPOSE.canary, k))

/** How many of n come out so, each with chance p: exact, by inversion that begins at the mode and goes outward (Kemp, Applied Statistics 35, 1986). */
export function binomial(luck: Luck, hour: number, kind: number, n: number, p: number): number {
  if (n === 0 || p <= 0) return 0
  if (p >= 1) return n
  const mode = Math.min(n, Math.floor((n + 1) * p))
  const odds = p / (1 - p)
  let above = Math.exp(
    logFactorial(n) - logFactorial(mode) - logFactorial(n - mode) + mode * Math.log(p) + (n - mode) * Math.log1p(-p),
  )
  let below = above
  let left = uniform(luck, hour, kind) - above
  let [up, down] = [mode, mode]
  while (left > 0) {
    if (up < n) {
      above *= ((n - up) / (up + 1)) * odds
      up++
      left -= above
      if (left <= 0) return up
    }
    if (down > 0) {
      below *= down / ((n - down + 1) * odds)
      down--
      left -= below
      if (left <= 0) return down
    }
    // What rounding leaves over lies far out, where nothing has any chance left.
    if ((up === n || above < 1e-300) && (down === 0 || below < 1e-300)) return mode
  }
  return mode
}

const FACTORIALS: number[] = []
function logFactorial(n: number): number {
  for (let i = FACTORIALS.length; i <= n; i++) FACTORIALS.push(logGamma(i + 1))
  return FACTORIALS[n]
}

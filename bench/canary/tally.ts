import { betaQuantile } from './beta.ts'
import type { Played } from './play.ts'

/** How often something happened, with the exact 95 % interval (Clopper & Pearson, Biometrika 26, 1934). */
export type Share = {
  readonly share: number
  readonly low: number
  readonly high: number
  readonly count: number
  readonly of: number
}

export function shareOf(played: readonly Played[], happened: (one: Played) => boolean): Share {
  return shareOfCount(played.filter(happened).length, played.length)
}

export function shareOfCount(count: number, of: number): Share {
  return {
    share: count / of,
    low: count === 0 ? 0 : betaQuantile(0.025, count, of - count + 1),
    high: count === of ? 1 : betaQuantile(0.975, count + 1, of - count),
    count,
    of,
  }
}

/** The hour by which a part `p` of all canaries had it; Infinity where so many never had. */
export function hourBy(played: readonly Played[], p: number, hour: (one: Played) => number | null): number {
  const hours = played.map((one) => hour(one) ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  return hours[Math.min(hours.length - 1, Math.floor(p * hours.length))]
}

export const percent = (value: number): string => `${(100 * value).toFixed(2)} %`
export const shown = ({ share, low, high, count, of }: Share): string =>
  `${percent(share)} [${percent(low)}, ${percent(high)}] (${count} of ${of.toLocaleString('en-US')})`

import type { Distortion, VirtualCanary, VirtualSwitchback } from './virtual-canary.ts'

/** What to give to sides, with the reason in numbers. */
export type UnitAdvice = {
  readonly unit: 'order' | 'switchback'
  readonly blockHours: number | null
  /** Orders by themselves may still roll back: harm to those who get it is harm. */
  readonly safetyOnly: boolean
  /** Up to this share of the orders a comparison of them shows the truth; null: not even at the least share that was tried. */
  readonly orderUpTo: number | null
  readonly because: readonly string[]
}

const SAID: Readonly<Record<Distortion, string>> = {
  clean: 'is what it seems',
  unclear: 'cannot be told apart from what shared capacity does to it; more replications would tell',
  grows: 'seems larger than it is',
  shrinks: 'seems smaller than it is',
  flips: 'seems the other way round',
}

/** Orders by themselves where shared capacity changes nothing; else the shortest blocks of time that show the truth. */
export function adviseUnit(canary: VirtualCanary, margins: VirtualQuestionMargins): UnitAdvice {
  const judged = canary.metrics.filter(({ metric }) => margins[metric] !== undefined)
  const because = judged.map(({ metric, distortion, shares, whole }) => {
    const seen = shares.find((one) => one.distortion === distortion) ?? shares[0]
    return `${metric}: at ${percent(seen.share)} of the orders ${number(seen.naive.mean)} would be seen, and ${number(whole.mean)} is the whole truth: it ${SAID[distortion]}`
  })
  for (const { metric, shares } of judged)
    for (const { share, others } of shares)
      if ((others.low > 0 || others.high < 0) && Math.abs(others.mean) > (margins[metric] ?? 0) / 2)
        because.push(
          `${metric}: at ${percent(share)} of the orders stable's own come out by ${number(others.mean)}, from shared capacity alone`,
        )
  const orderUpTo = cleanUpTo(judged)
  if (canary.advice === 'order') return { unit: 'order', blockHours: null, safetyOnly: false, orderUpTo, because }
  if (orderUpTo !== null)
    because.push(`up to ${percent(orderUpTo)} of the orders a comparison of them is what it seems, beyond that it is not`)
  const good = canary.switchbacks
    .filter(({ metric }) => margins[metric] !== undefined)
    .reduce((by, one) => by.set(one.blockHours, [...(by.get(one.blockHours) ?? []), one]), new Map<number, VirtualSwitchback[]>())
  const lengths = [...good].sort(([a], [b]) => a - b)
  const fits = (one: VirtualSwitchback): boolean => Math.abs(one.bias.mean) < (margins[one.metric] ?? 0) / 2
  const found = lengths.find(([, all]) => all.every(fits)) ?? lengths.at(-1)
  if (found === undefined) return { unit: 'order', blockHours: null, safetyOnly: true, orderUpTo, because }
  const [blockHours, all] = found
  for (const { metric, bias, daysToSee } of all)
    because.push(
      `${metric}: in blocks of ${blockHours} h it is off by ${number(bias.mean)}${fits({ ...all[0], metric, bias }) ? '' : ', still more than half the margin'}; ${daysToSee === null ? 'how long it takes nobody can say' : `about ${Math.max(1, Math.ceil(daysToSee))} days`}`,
    )
  return { unit: 'switchback', blockHours, safetyOnly: true, orderUpTo, because }
}

/** The greatest share up to which no judged metric is distorted at any tried share; null where the least one is already. */
function cleanUpTo(judged: VirtualCanary['metrics']): number | null {
  const shares = [...new Set(judged.flatMap((one) => one.shares.map(({ share }) => share)))].sort((a, b) => a - b)
  const isClean = (at: number): boolean =>
    judged.every((one) => one.shares.every(({ share, distortion }) => share !== at || distortion === 'clean'))
  const spoilt = shares.findIndex((share) => !isClean(share))
  return spoilt < 0 ? (shares.at(-1) ?? null) : (shares[spoilt - 1] ?? null)
}

type VirtualQuestionMargins = Readonly<Partial<Record<string, number>>>
const number = (value: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toPrecision(3)}`
const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`

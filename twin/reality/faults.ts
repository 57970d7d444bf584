import { SECOND_MS } from '../../sim/units.ts'

/** What is wrong with a wire. Shares are 0 … 1 of the messages; times are ms on the clock of the world that tells. */
export type Faults = {
  /** Lost on the way: sent again until one comes through. */
  readonly loss: number
  /** Mean delay of a message that comes through; exponential. */
  readonly delayMs: number
  /** Come twice. */
  readonly repeats: number
  /** Held back behind those that follow, by up to `DISORDER_MS`. */
  readonly disorder: number
  /** Come torn or with words where numbers belong, and whole when they are sent again. */
  readonly malformed: number
  /** One source in four has a clock that is wrong by up to so much either way, and says so when all is healed. */
  readonly skewMs: number
  /** Once a day one source is silent for so long, and then tells all at once. */
  readonly silenceMs: number
}

export const NO_FAULTS: Faults = { loss: 0, delayMs: 0, repeats: 0, disorder: 0, malformed: 0, skewMs: 0, silenceMs: 0 }

/** A message that is held back comes so much later at most. */
export const DISORDER_MS = 60 * SECOND_MS

const SHARES = ['loss', 'repeats', 'disorder', 'malformed'] as const
const TIMES = { delay: 'delayMs', skew: 'skewMs', silence: 'silenceMs' } as const
const UNITS_MS = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 } as const

/** "loss=.01,delay=30s,repeats=1%,disorder=.05,malformed=.002,skew=90s,silence=4h"; "none" is none. Throws with what would do. */
export function readFaults(text: string): Faults {
  if (text.trim() === 'none') return NO_FAULTS
  const faults: { -readonly [K in keyof Faults]: number } = { ...NO_FAULTS }
  for (const part of text.split(',')) {
    const [name, value, ...more] = part.split('=').map((word) => word.trim())
    if (value === undefined || more.length > 0) throw new Error(`\`${part.trim()}\`: write each as name=value, such as loss=.01`)
    const share = SHARES.find((word) => word === name)
    if (share !== undefined) faults[share] = readShare(name, value)
    else if (name in TIMES) faults[TIMES[name as keyof typeof TIMES]] = readTime(name, value)
    else throw new Error(`no fault \`${name}\`; there are ${[...SHARES, ...Object.keys(TIMES)].join(', ')}`)
  }
  return faults
}

function readShare(name: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text)
  const share = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1)
  // A wire that loses all would never be done.
  if (!(share >= 0 && share <= 0.9)) throw new Error(`${name}=${text}: write a part from 0 to 0.9, such as .01 or 1%`)
  return share
}

function readTime(name: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|min|h)$/.exec(text)
  if (match === null) throw new Error(`${name}=${text}: write a time with its unit, such as 30s, 5min or 4h`)
  return Number(match[1]) * UNITS_MS[match[2] as keyof typeof UNITS_MS]
}

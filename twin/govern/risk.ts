import { type BookEntry, wallMsOf } from '../book/book.ts'
import { identityOf } from '../server/access.ts'

/**
 * How unusual an act of somebody with rights is, in points; above a threshold a second person looks at it first. Every act that is weighed is in the
 * book as `admin.acted` {right, count, place, points, signs}, and what is usual for somebody is what the book says he did before.
 */
export type Deed = {
  /** The right that is used, a word such as `candidate.point`. */
  readonly right: string
  /** Things it changes. */
  readonly count: number
  /** Where it comes from, as a pseudonym of the network; null where that is not known. */
  readonly place: string | null
}

type Past = {
  readonly acts: number
  readonly rights: ReadonlySet<string>
  readonly places: ReadonlySet<string>
  readonly hours: Readonly<Float64Array>
  readonly medianCount: number
  readonly lastTenMinutes: number
}

export type RiskRule = {
  readonly id: string
  readonly points: number
  readonly about: string
  readonly holds: (deed: Deed, past: Past, hour: number) => boolean
}

/** At this many points and more it waits for somebody else. */
export const RISK_THRESHOLD = 60

const NIGHT = { from: 21, to: 6 } as const
const MASS = { least: 100, timesUsual: 10, leastOfThose: 10 } as const
const SELDOM = 0.02
const FLURRY = 20

export const RISK_RULES: readonly RiskRule[] = [
  {
    id: 'new-place',
    points: 40,
    about: 'from a network this person has not acted from',
    holds: ({ place }, { acts, places }) => acts > 0 && place !== null && !places.has(place),
  },
  {
    id: 'mass-change',
    points: 60,
    about: `changes ${MASS.least} things and more at once, or ${MASS.timesUsual} times what this person usually does`,
    holds: ({ count }, { medianCount }) =>
      count >= MASS.least || (count >= MASS.leastOfThose && count >= MASS.timesUsual * medianCount),
  },
  {
    id: 'odd-hour',
    points: 20,
    about: 'at night, where this person hardly ever acts',
    holds: (_, { acts, hours }, hour) => (hour >= NIGHT.from || hour < NIGHT.to) && hours[hour] <= SELDOM * acts,
  },
  {
    id: 'first-use',
    points: 25,
    about: 'with a right this person has not used before',
    holds: ({ right }, { acts, rights }) => acts > 0 && !rights.has(right),
  },
  {
    id: 'flurry',
    points: 40,
    about: `after ${FLURRY} acts and more in ten minutes`,
    holds: (_, { lastTenMinutes }) => lastTenMinutes >= FLURRY,
  },
]

export type Weighed = { readonly points: number; readonly signs: readonly string[]; readonly isHeld: boolean }

/** `offsetMinutes`: how far the clocks on the wall are ahead of UTC. */
export function weigh(
  entries: readonly BookEntry[],
  who: string,
  deed: Deed,
  nowMs: number,
  offsetMinutes: number,
  rules: readonly RiskRule[] = RISK_RULES,
): Weighed {
  const past = pastOf(entries, identityOf(who), nowMs, offsetMinutes)
  const hour = hourOf(nowMs, offsetMinutes)
  const found = rules.filter(({ holds }) => holds(deed, past, hour))
  const points = found.reduce((sum, rule) => sum + rule.points, 0)
  return { points, signs: found.map(({ id }) => id), isHeld: points >= RISK_THRESHOLD }
}

const hourOf = (ms: number, offsetMinutes: number): number =>
  ((Math.floor((ms + offsetMinutes * 60_000) / 3_600_000) % 24) + 24) % 24

function pastOf(entries: readonly BookEntry[], identity: string, nowMs: number, offsetMinutes: number): Past {
  const rights = new Set<string>()
  const places = new Set<string>()
  const hours = new Float64Array(24)
  const counts: number[] = []
  let lastTenMinutes = 0
  for (const entry of entries) {
    const { type, who, body } = entry
    const atMs = wallMsOf(entry)
    if (type !== 'admin.acted' || identityOf(who) !== identity) continue
    const { right, count, place } = body as Deed
    rights.add(right)
    if (place !== null) places.add(place)
    hours[hourOf(atMs, offsetMinutes)]++
    counts.push(count)
    if (nowMs - atMs < 600_000) lastTenMinutes++
  }
  counts.sort((a, b) => a - b)
  const medianCount = counts.length === 0 ? 1 : counts[counts.length >> 1]
  return { acts: counts.length, rights, places, hours, medianCount, lastTenMinutes }
}

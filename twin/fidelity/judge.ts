import type { Score } from './score.ts'

/**
 * What is made of a score: a machine of five states. A twin that forecasts badly once is watched; if it goes on, it is recalibrated; if that does not
 * help, it is in quarantine, with the reason, until it has forecast well twice in a row. Pure.
 */
export const STANDINGS = ['new', 'trusted', 'watched', 'recalibrated', 'quarantined'] as const
export type StandingId = (typeof STANDINGS)[number]

export type Standing = {
  readonly state: StandingId
  /** When it came into that state, ms since 1970. */
  readonly sinceMs: number
  readonly reasons: readonly string[]
  /** Good scores in a row while it is in quarantine. */
  readonly good: number
}
export const AT_FIRST: Standing = {
  state: 'new',
  sinceMs: 0,
  reasons: ['no forecast of it has been held against the truth yet'],
  good: 0,
}

/** What is to be done after a judgement. */
export type Deed = 'nothing' | 'recalibrate'

/** Fewer numbers say nothing. */
const NUMBERS_MIN = 200
const FORECASTS_MIN = 3
const COVERAGE = { low: 0.85, high: 0.985 } as const
/** So uneven PITs come by chance once in a million, if numbers were independent; they lean on each other, so that only gross unevenness counts. */
const PIT_P = 1e-6
/** A part of the numbers may drift by chance. */
const DRIFTING = 0.1
const GOOD_IN_A_ROW = 2

/** Everything that is wrong with a score, in words a planner understands; nothing where it is good. */
export function faultsOf(score: Score): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  const faults: string[] = []
  if (score.coverage < COVERAGE.low) faults.push(`only ${percent(score.coverage)} of its 90 % intervals held`)
  if (score.coverage > COVERAGE.high)
    faults.push(`${percent(score.coverage)} of its 90 % intervals held: they are too wide to be of use`)
  if (score.skill < 0) faults.push(`it foresees worse than the same hour of the last days (skill ${score.skill.toFixed(2)})`)
  if (score.pitP < PIT_P && unevenness(score.pit) > 0.5)
    faults.push(`the truth lies too often at ${lopsided(score.pit)} of what it foresees`)
  if (score.drifts.length > DRIFTING * score.byMeasure.length) {
    const named = score.drifts.slice(0, 4).map(({ measure, direction }) => `${direction} "${measure}"`)
    faults.push(
      `${score.drifts.length} of ${score.byMeasure.length} numbers drift: there is ${named.join(', ')} than it foresees`,
    )
  }
  return faults
}

const isEnough = (score: Score): boolean => score.numbers >= NUMBERS_MIN && score.forecasts >= FORECASTS_MIN

export function judge(before: Standing, score: Score, nowMs: number): { standing: Standing; deed: Deed } {
  const to = (state: StandingId, reasons: readonly string[], deed: Deed = 'nothing', good = 0) => ({
    standing: { state, sinceMs: state === before.state ? before.sinceMs : nowMs, reasons, good },
    deed,
  })
  // Too little to judge by leaves all as it is.
  if (!isEnough(score)) return { standing: before, deed: 'nothing' }
  const faults = faultsOf(score)
  const isGood = faults.length === 0
  switch (before.state) {
    case 'new':
    case 'trusted':
      return isGood ? to('trusted', []) : to('watched', faults)
    case 'watched':
      return isGood ? to('trusted', []) : to('recalibrated', faults, 'recalibrate')
    case 'recalibrated':
      return isGood ? to('trusted', []) : to('quarantined', [...faults, 'recalibrating it did not help'])
    case 'quarantined': {
      // Its network may have changed once more: it is tried again, and stays here until two scores in a row are good.
      if (!isGood) return to('quarantined', faults, 'recalibrate')
      const good = before.good + 1
      return good >= GOOD_IN_A_ROW ? to('trusted', []) : to('quarantined', before.reasons, 'nothing', good)
    }
  }
}

/** Whether what its futures recommend may be put to work without a human: not on the word of a twin that is wrong, or that nobody has tried. */
export const mayPromote = ({ state }: Standing): boolean => state === 'trusted' || state === 'watched'

/** 0 for even PITs, 1 where all lie in one tenth … both ends count. */
function unevenness(bins: readonly number[]): number {
  const total = bins.reduce((a, b) => a + b, 0)
  const apart = bins.reduce((a, count) => a + Math.abs(count - total / bins.length), 0)
  return apart / total
}

function lopsided(bins: readonly number[]): string {
  const [low, high] = [bins[0] + bins[1], bins[bins.length - 2] + bins[bins.length - 1]]
  if (low > 2 * high) return 'the lower end'
  if (high > 2 * low) return 'the upper end'
  return low + high > bins.reduce((a, b) => a + b, 0) * 0.4 ? 'both ends' : 'the middle'
}

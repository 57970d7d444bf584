/**
 * Dose and response of a candidate as the twin foresaw them: what a share of the orders does to all orders, and what a comparison of orders would show
 * there. Where capacity is shared the response is no straight line: what helps a few may help all of them less, or harm them.
 */
export type Dose = {
  /** Part of the orders that the candidate decides for. */
  readonly share: number
  /** Harm to all orders, beside stable for all; positive is worse. */
  readonly everybody: number
  /** Harm of the candidate's orders beside stable's in the same world: what a comparison would show. */
  readonly seen: number
}

export type DoseResponse = {
  /** Rising by share; the last is the candidate for all. */
  readonly doses: readonly Dose[]
  /** Share at which gain to all orders turns into harm, or harm into gain; null where it keeps its sign. */
  readonly turnsAt: number | null
  /** Share from which a further order adds less than half of what the first ones did to all; null where it never does, or turns before. */
  readonly shrinksAt: number | null
  /** Largest share at which a comparison of orders would show the other sign than what the candidate does for all; null: none. */
  readonly misleadsUpTo: number | null
}

/** What the twin foresaw at some shares and where the candidate decides for all (`effect`); straight lines are drawn between. Effects below `least` are none. */
export function doseResponse(foreseen: readonly Dose[], effect: number, least: number): DoseResponse {
  const doses = [...foreseen.filter(({ share }) => share < 1)].sort((a, b) => a.share - b.share)
  const all = [...doses, { share: 1, everybody: effect, seen: effect }]
  const points = [{ share: 0, everybody: 0 }, ...all]
  const first = points.find(({ everybody }) => Math.abs(everybody) >= least)
  const turnsAt = first === undefined ? null : crossing(points, Math.sign(first.everybody), least)
  const misled = doses.findLast(
    ({ seen }) => Math.abs(seen) >= least && Math.abs(effect) >= least && Math.sign(seen) !== Math.sign(effect),
  )
  return {
    doses: all,
    turnsAt,
    shrinksAt: turnsAt === null ? shrinking(points, least) : null,
    misleadsUpTo: misled?.share ?? null,
  }
}

type Point = { readonly share: number; readonly everybody: number }

/** Where the line between two points goes through nothing to the other side; a hair beyond nothing is still nothing. */
function crossing(points: readonly Point[], sign: number, least: number): number | null {
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]]
    if (sign * b.everybody > -least) continue
    const from = Math.max(0, sign * a.everybody)
    return a.share + ((b.share - a.share) * from) / (from - sign * b.everybody)
  }
  return null
}

/** The first share from which the line rises less than half as steeply as at its beginning. */
function shrinking(points: readonly Point[], least: number): number | null {
  const slopes = points.slice(1).map((to, i) => (to.everybody - points[i].everybody) / (to.share - points[i].share))
  if (points.length < 3 || Math.abs(points[points.length - 1].everybody) < least) return null
  // At small shares the response is small beside its luck: its beginning is the steepness up to the first point at which it is no longer nothing.
  const begun = points.findIndex(({ everybody }) => Math.abs(everybody) >= least)
  const start = points[begun].everybody / points[begun].share
  const at = slopes.findIndex((slope, i) => i >= begun && slope / start < 0.5)
  return at < 0 ? null : points[at].share
}

/** One sentence for each thing that an owner should know of it; `say` writes an effect in the metric's unit. */
export function sayDoses({ doses, turnsAt, shrinksAt, misleadsUpTo }: DoseResponse, say: (effect: number) => string): string[] {
  const whole = doses[doses.length - 1]
  const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`
  const says: string[] = []
  if (turnsAt !== null) {
    const turn = whole.everybody > 0 ? 'what was a gain to all orders becomes harm' : 'what was harm to all orders becomes a gain'
    says.push(`from about ${percent(turnsAt)} of the orders on ${turn} (${say(whole.everybody)} where it decides for all)`)
  }
  if (shrinksAt !== null)
    says.push(`from about ${percent(shrinksAt)} of the orders on each more adds less than half of what the first did`)
  const misled = doses.findLast(({ share }) => share === misleadsUpTo)
  if (misled !== undefined)
    says.push(
      `a comparison of orders would show ${say(misled.seen)} at ${percent(misled.share)}, and for all it is ${say(whole.everybody)}: judge it by blocks of time, or take off what is foreseen`,
    )
  return says
}

import type { Ledger } from '../../sim/ledger.ts'
import { LANE } from '../../sim/network.ts'
import { HOUR_MS } from '../../sim/units.ts'
import { alone, type Queues, queuesOf } from './alone.ts'
import { CAUSES, type Cause, causeOf, freeArrivalMs } from './cause.ts'
import { type Choices, choicesOf, missedOf } from './choices.ts'
import type { Day } from './day.ts'
import { laneOf } from './fate.ts'
import type { Observed } from './observe.ts'
import type { RealisedMarket } from './realised-market.ts'
import { placesOf, type Spent } from './spent.ts'

/** Choices that looked right and were not. Shares of all measured orders, 0 … 1. */
export type PseudoOptimal = {
  /** Chosen as in time by what the option promised, in the end or where a shelf then turned out to be empty, and late in fact. */
  readonly believed: number
  /** Of these: another option of that instant, put alone into the queues as they were, would have been in time. */
  readonly believedAvoidable: number
  /** The same of all that were late, whatever was believed of them: a policy that never looks at the clock believes nothing. */
  readonly avoidable: number
  /** Late though the plan of hindsight has it in time. */
  readonly system: number
  /** Late for whatever reason, not delivered among them. */
  readonly late: number
  /** Hours beyond the promise, on average over those believed that were delivered; NaN where there are none. */
  readonly meanDelayHours: number
  /** What made them late; sums to `late`. */
  readonly causes: { readonly [cause in Cause]: number }
  /** Orders for which another option, alone, would have cost less by more than a twentieth: a measure of selfishness and not of quality. */
  readonly regret: number
}

/** Cheaper by more than this part is regretted. */
const REGRET = 0.05

/** What became of each order's choice, order by order. */
export type Verdicts = {
  readonly believed: Uint8Array
  readonly avoidable: Uint8Array
  /** Null where it was not looked at. */
  readonly regretted: Uint8Array | null
  readonly late: Uint8Array
  /** Place in CAUSES, −1 where it was in time. */
  readonly cause: Int8Array
}

/**
 * Looks at every order of a run that noted where else orders could have gone. Another option is the whole order from one warehouse that had all of
 * its goods at that instant: splits that were not made are not tried, so that what is called unavoidable may not have been.
 */
export function verdictsOf(
  day: Day,
  run: Observed,
  spent: Spent,
  departures: RealisedMarket['departures'],
  withRegret = true,
): Verdicts {
  const { ledger } = run
  const choices = choicesOf(day, ledger)
  const missed = missedOf(day, ledger)
  const firstRoutedMs = firstRouted(day, ledger)
  const queues = queuesOf(day, departures, ledger)
  const column = (): Uint8Array => new Uint8Array(day.count)
  const verdicts = {
    believed: column(),
    avoidable: column(),
    regretted: withRegret ? column() : null,
    late: column(),
    cause: new Int8Array(day.count).fill(-1),
  }
  for (let i = 0; i < day.count; i++) {
    const isLate = !(spent.deliveredMs[i] <= day.promisedMs[i])
    verdicts.late[i] = isLate ? 1 : 0
    const last = slowestOf(day, run, choices, i)
    if (isLate)
      verdicts.cause[i] =
        last < 0
          ? CAUSES.findIndex(({ id }) => id === 'undelivered')
          : placeOf(
              causeOf(day, ledger, i, last, {
                firstRoutedMs: firstRoutedMs[i],
                wasMissed: missed.start[i + 1] > missed.start[i],
              }),
            )
    if (last < 0 || !(isLate || withRegret)) continue
    const best = bestAlone(queues, run, choices, i, beyondOf(day, run, spent, i, last))
    if (verdicts.regretted !== null && best.cents < (1 - REGRET) * (spent.shippingCents[i] + spent.lateCents[i]))
      verdicts.regretted[i] = 1
    if (!isLate) continue
    if (wasBelieved(day, run, choices, i) || wasTrusted(day, run, missed, i)) verdicts.believed[i] = 1
    if (best.arrivesMs <= day.promisedMs[i]) verdicts.avoidable[i] = 1
  }
  return verdicts
}

const placeOf = (cause: Cause): number => CAUSES.findIndex(({ id }) => id === cause)

function wasBelieved(day: Day, { ledger }: Observed, { start, shipment }: Choices, i: number): boolean {
  for (let at = start[i]; at < start[i + 1]; at++) if (ledger.expectedEtaMs[shipment[at]] > day.promisedMs[i]) return false
  return true
}

/** A shelf that turned out to be empty was believed to be in time. */
function wasTrusted(day: Day, { ledger }: Observed, { start, shipment }: Choices, i: number): boolean {
  for (let at = start[i]; at < start[i + 1]; at++) if (ledger.expectedEtaMs[shipment[at]] <= day.promisedMs[i]) return true
  return false
}

/** When each order of the day was first sent anywhere, whatever came of it; NaN where it never was. */
function firstRouted(day: Day, ledger: Ledger): Float64Array {
  const place = placesOf(day, ledger.orders)
  const first = new Float64Array(day.count).fill(Number.NaN)
  for (let s = 0; s < ledger.shipments; s++) {
    const i = place[ledger.order[s]]
    if (i >= 0 && Number.isNaN(first[i])) first[i] = ledger.routedMs[s]
  }
  return first
}

/** The shipment of an order that was last at the door, by its own luck; one that never left goes before all. −1 where there is none. */
function slowestOf(day: Day, { ledger }: Observed, { start, shipment }: Choices, i: number): number {
  let slowest = -1
  let latestMs = Number.NEGATIVE_INFINITY
  for (let at = start[i]; at < start[i + 1]; at++) {
    const one = shipment[at]
    const arrives = Number.isNaN(ledger.leftMs[one]) ? Number.POSITIVE_INFINITY : freeArrivalMs(day, ledger, i, one)
    if (arrives > latestMs) {
      latestMs = arrives
      slowest = one
    }
  }
  return slowest
}

/** What queues at hub and station cost it in fact, in ms: another shipment to that door would have stood in them too. */
function beyondOf(day: Day, { ledger }: Observed, spent: Spent, i: number, last: number): number {
  if (Number.isNaN(spent.deliveredMs[i]) || Number.isNaN(ledger.leftMs[last])) return 0
  return Math.max(0, spent.deliveredMs[i] - freeArrivalMs(day, ledger, i, last))
}

const BEST = { cents: 0, arrivesMs: 0 }

/** The least that any option of that instant would have cost alone, and the soonest that any would have arrived: not always the same option. */
function bestAlone(queues: Queues, { ledger, could }: Observed, choices: Choices, i: number, beyondMs: number): typeof BEST {
  const { day } = queues
  const { W, S, lanes } = day.network
  BEST.cents = Number.POSITIVE_INFINITY
  BEST.arrivesMs = Number.POSITIVE_INFINITY
  if (could === null) throw new Error('a run that noted no choices has no options to try')
  const chosen = choices.shipment[choices.start[i]]
  const isWhole = choices.start[i + 1] - choices.start[i] === 1
  for (let w = 0; w < W; w++) {
    if (could[day.number[i] * W + w] === 0) continue
    for (let s = 0; s < S; s++) {
      if (lanes[laneOf(day, i, w, s) + LANE.medianMs] === 0) continue
      if (isWhole && ledger.warehouse[chosen] === w && ledger.service[chosen] === s) continue
      const other = alone(queues, i, w, s, ledger.routedMs[chosen], beyondMs)
      if (other === null) continue
      BEST.cents = Math.min(BEST.cents, other.cents)
      BEST.arrivesMs = Math.min(BEST.arrivesMs, other.arrivesMs)
    }
  }
  return BEST
}

/** Shares of all orders; `planned` marks those that the plan of hindsight has in time, where there is a plan. What was not looked at is NaN. */
export function pseudoOptimalOf(day: Day, spent: Spent, verdicts: Verdicts, planned: Uint8Array | null): PseudoOptimal {
  const { believed, avoidable, regretted, late, cause } = verdicts
  const causes = Object.fromEntries(CAUSES.map(({ id }) => [id, 0])) as { [one in Cause]: number }
  const each = 1 / day.count
  let [system, delayMs, delayed] = [0, 0, 0]
  for (let i = 0; i < day.count; i++) {
    if (late[i] === 0) continue
    causes[CAUSES[cause[i]].id] += each
    if (planned?.[i] === 1) system++
    if (believed[i] === 0) continue
    if (Number.isNaN(spent.deliveredMs[i])) continue
    delayMs += spent.deliveredMs[i] - day.promisedMs[i]
    delayed++
  }
  return {
    believed: share(believed),
    believedAvoidable: share(believed.map((one, i) => one & avoidable[i])),
    avoidable: share(avoidable),
    system: planned === null ? Number.NaN : system / day.count,
    late: share(late),
    meanDelayHours: delayMs / delayed / HOUR_MS,
    causes,
    regret: regretted === null ? Number.NaN : share(regretted),
  }
}

function share(marks: Uint8Array): number {
  let marked = 0
  for (const one of marks) marked += one
  return marked / marks.length
}

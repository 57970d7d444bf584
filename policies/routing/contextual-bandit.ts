import { firstOutcome, OUTCOME, outcome, outcomesSeen } from '../../sim/experience.ts'
import { noPrices } from '../../sim/plan.ts'
import { costFloor, type Notes, type Params, policy, type RoutingOption } from '../../sim/policy.ts'
import { money } from '../../sim/term.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../sim/units.ts'
import type { WorldView } from '../../sim/world.ts'
import { lateCents } from '../market/late-cents.ts'
import { addSample, doubt, fade, foretold, solveRidge } from '../market/ridge.ts'

/** Behind the mark: rows read so far, features, services. Then of each warehouse A, b, θ and A⁻¹ (`policies/market/ridge.ts`). */
const MARK = 7907
const HEAD = 4
/** One for the warehouse itself, then queue, load, and the hour as a point on a circle; before them one for each service. */
const SPARE_DAYS = 3
const OTHERS = 5 + SPARE_DAYS
const sizeOf = (d: number): number => 2 * (d * d + d)

/** Beyond these more of it says no more, in half days of queue, days of load, and hours late. */
const MOST_QUEUE = 4
const MOST_LOAD = 2
const MOST_LATE_HOURS = 96

/** Features, of 59 services at most; used again for each option. */
const X = new Float64Array(64)

/**
 * Live greedy that learns from its own shipments: a linear bandit with upper confidence bounds (LinUCB, its disjoint form; Li, Chu, Langford & Schapire,
 * WWW 2010), an arm for each warehouse. What a shipment's lateness came to beyond what its option had shown, in cents, is regressed on service,
 * queue, load and the hour of its decision, with a ridge; a price adds what is foretold to what the option shows, less an allowance for
 * doubt, since what is seldom tried is seldom learnt about. It gives no more than all of the expected lateness away, and so is never below cost. Doubt
 * takes the place of dice, so that the policy is a pure function of its plan, and there is nothing to log but the price. Old shipments fade.
 *
 * The plan before is where its memory is: it lies in the world. A plan costs O(d²) a shipment that has ended since, and O(d³) a warehouse; a decision
 * O(d²) an option, with d = 5 and the number of services. No more than 4,096 shipments may end between two plans: earlier ones are not seen.
 *
 * - `everyMinutes`: how often it learns.
 * - `ridge`: how many shipments the belief that options show the truth counts for.
 * - `doubtShare`: what one standard deviation of doubt takes off, in parts of what the business pays for a late order.
 * - `memoryDays`: after so long a shipment counts for a third of what it did, 1/e.
 */
export default policy('routing', {
  about: 'Cost, expected lateness, and what shipments like it have cost beyond that, learnt as they arrive.',
  params: { everyMinutes: 60, ridge: 10, doubtShare: 0.3, memoryDays: 21 },
  floor: costFloor,
  learns: true,
  price: (option, { doubtShare }) => option.costCents + learntCents(option, lateCents(option), doubtShare),
  terms: (option, { doubtShare }) => {
    const late = lateCents(option)
    const learnt = learntCents(option, late, doubtShare)
    const known = Math.max(-late, experienceOf(option))
    return [
      money('cost', option.costCents),
      money('lateness', late),
      money('experience', known),
      money('doubt', learnt - late - known),
    ]
  },
  plan: ({ network, world, nowMs }, params) => ({
    ...noPrices(network, nowMs, HOUR_MS, false),
    againMs: nowMs + params.everyMinutes * MINUTE_MS,
    notes: learn(world, network, params),
  }),
})

/** What lateness is taken to cost after all: as shown, more by what was learnt, less by the doubt; from 0. */
function learntCents(option: RoutingOption, late: number, doubtShare: number): number {
  const { notes } = option
  if (!hasLearnt(notes)) return late
  const d = notes[2]
  const at = HEAD + option.warehouse * sizeOf(d) + d * d + d
  aim(option)
  const off = doubtShare * option.latePerOrderCents * doubt(notes, at + d, d, X)
  return Math.max(0, late + foretold(notes, at, d, X) - off)
}

/** What was learnt alone, in cents. */
function experienceOf(option: RoutingOption): number {
  const { notes } = option
  if (!hasLearnt(notes)) return 0
  const d = notes[2]
  aim(option)
  return foretold(notes, HEAD + option.warehouse * sizeOf(d) + d * d + d, d, X)
}

const hasLearnt = (notes: Notes): boolean => notes.length > HEAD && notes[0] === MARK

function aim(option: RoutingOption): void {
  const { parcelsPerDay, parcelsAhead, notes } = option
  const load = parcelsPerDay > 0 ? parcelsAhead / parcelsPerDay : parcelsAhead
  describe(notes[3], option.service, option.queueMs, load, option.nowMs, option.promisedMs - option.etaMsP50)
}

/** The features of a shipment, into X. */
function describe(services: number, service: number, queueMs: number, load: number, nowMs: number, spareMs: number): void {
  for (let s = 0; s < services; s++) X[s] = s === service ? 1 : 0
  const hour = 2 * Math.PI * (nowMs / DAY_MS - Math.floor(nowMs / DAY_MS))
  X[services] = 1
  X[services + 1] = Math.min(MOST_QUEUE, queueMs / (12 * HOUR_MS))
  X[services + 2] = Math.min(MOST_LOAD, load)
  X[services + 3] = Math.sin(hour)
  X[services + 4] = Math.cos(hour)
  // Which part of each of the days around the promise it would have to spare.
  const spare = spareMs / DAY_MS
  for (let day = 0; day < SPARE_DAYS; day++) X[services + 5 + day] = Math.max(0, Math.min(1, spare + 1 - day))
}

type Business = { readonly W: number; readonly S: number; readonly latePerOrderCents: number; readonly latePerHourCents: number }

/** The notes of the plan before, faded, with what ended since, and solved again. */
function learn(world: WorldView, { W, S, latePerOrderCents, latePerHourCents }: Business, params: Params): Float64Array {
  const { everyMinutes, ridge, memoryDays } = params
  const d = S + OTHERS
  if (d > X.length) throw new Error(`contextual-bandit learns of ${X.length - OTHERS} services at most; the network has ${S}`)
  const size = sizeOf(d)
  const notes = new Float64Array(HEAD + W * size)
  const before = world.notes
  const knows = hasLearnt(before) && before[2] === d && before[3] === S
  const share = Math.exp(-(everyMinutes * MINUTE_MS) / (memoryDays * DAY_MS))
  if (knows)
    for (let w = 0; w < W; w++) {
      const at = HEAD + w * size
      for (let i = at; i < at + d * d + d; i++) notes[i] = before[i]
      fade(notes, at, d * d + d, share)
    }
  const seen = outcomesSeen(world)
  for (let row = Math.max(knows ? before[1] : 0, firstOutcome(world)); row < seen; row++) {
    const { warehouse, service, queueMs, load, routedMs, lateShare, expectedLateMs, lateMs, lost, spareMs } = OUTCOME
    const hours = Math.min(MOST_LATE_HOURS, outcome(world, row, lateMs) / HOUR_MS)
    const cents = outcome(world, row, lost) === 1 || hours > 0 ? latePerOrderCents + Math.max(0, hours) * latePerHourCents : 0
    const shown =
      outcome(world, row, lateShare) * latePerOrderCents + (outcome(world, row, expectedLateMs) / HOUR_MS) * latePerHourCents
    describe(
      S,
      outcome(world, row, service),
      outcome(world, row, queueMs),
      outcome(world, row, load),
      outcome(world, row, routedMs),
      outcome(world, row, spareMs),
    )
    addSample(notes, HEAD + outcome(world, row, warehouse) * size, d, X, cents - shown)
  }
  for (let w = 0; w < W; w++) solveRidge(notes, HEAD + w * size, d, ridge, notes, HEAD + w * size + d * d + d)
  notes[0] = MARK
  notes[1] = seen
  notes[2] = d
  notes[3] = S
  return notes
}

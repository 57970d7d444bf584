import { digestOfText } from '../../sim/digest.ts'
import { type Dice, dice } from '../../sim/random.ts'
import { networkDigest, policyDigest } from '../pin/digests.ts'
import type { Contestant, ExperimentPlan, Progress, RunExperiment } from '../plan.ts'
import type { Result } from '../result.ts'
import { type Caps, isAllowed } from './caps.ts'
import { firstPlaces, nextPlaces, type Place, type Tried } from './design.ts'
import type { Again, Drawing } from './drawing.ts'
import { lossesOf, meansOf } from './front.ts'
import { judge, type RunPoint } from './judge.ts'
import { type Knob, shippedValues, turnedTo, unitOf, valueAt } from './knobs.ts'

export type Exploration = {
  /** One scenario; its contestants are the policies whose knobs are turned, as they are without. */
  readonly plan: ExperimentPlan
  /** [contestant]: the knobs. */
  readonly knobs: readonly (readonly Knob[])[]
  /** Runs in all, a run being one point met with one replication. */
  readonly budget: number
  readonly caps: Caps
}

export type Watch = {
  readonly run: RunExperiment
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** A point still to be run. */
type Wanted = Omit<RunPoint, 'id' | 'samples'> & { readonly contestant: Contestant; readonly place: Place }
type Done = RunPoint & { readonly place: Place; readonly contestant: Contestant }

/** Half of the points fill the box, the rest follow in as many rounds near the front that is known by then. */
const ROUNDS = 3
/** With fewer points to a policy there is nothing to follow. */
const WORTH_FOLLOWING = 8
/** How far around a point of the front the first of those rounds looks, in parts of each knob's way, and how much nearer each next. */
const REACH = 0.2
const NEARER = 0.6

/** Points that are kept for later: the knee and the policy as shipped, under other luck. */
const AGAIN = 2

/** How many points each policy gets. */
export const pointsEach = ({ budget, plan }: Pick<Exploration, 'budget' | 'plan'>): number =>
  Math.max(0, Math.floor((Math.floor(budget / plan.replications) - AGAIN) / plan.contestants.length))

/** Runs that so many points of each policy take. */
export const runsFor = (points: number, { replications, contestants }: ExperimentPlan): number =>
  (points * contestants.length + AGAIN) * replications

/**
 * Looks for the front: runs points that fill the box of knobs, then points between and around those of the front, a few rounds of it. All meet
 * the same customers, trucks and weather, so that a difference between two points is theirs.
 *
 * The best of many points is a little too good on the luck it was picked by, so the knee and the policy as shipped are run once more under other luck.
 *
 * Stopped early, it keeps what can be compared: of the first round the replications that every point had finished, of later rounds whole ones.
 * Throws where that is nothing.
 */
export async function explore(exploration: Exploration, watch: Watch): Promise<Drawing> {
  const { plan, caps, knobs } = exploration
  const startedMs = Date.now()
  const luck = dice(plan.seed, 0)
  const each = pointsEach(exploration)
  const asShipped = await Promise.all(plan.contestants.map((one, c) => shippedValues(one, knobs[c])))
  const digests = plan.contestants.map(({ policies }) =>
    Object.fromEntries(Object.values(policies).map((policy) => [policy, policyDigest(policy)])),
  )
  const done: Done[] = []
  const results: Result[] = []
  const taken = new Set<string>()
  let stopped: string | null = null

  for (let round = 0; round <= ROUNDS && stopped === null; round++) {
    const wanted = plan.contestants.flatMap((_, c) => {
      const count = quota(each, round)
      const places = round === 0 ? firstPlaces(count, knobs[c].length, luck) : followed(exploration, c, round, count, done, luck)
      const turned = places.map((place) => turnedPoint(exploration, c, round, place))
      return take(round === 0 ? [shippedPoint(exploration, c, asShipped[c]), ...turned] : turned, taken, count)
    })
    if (wanted.length === 0) continue
    const contestants = wanted.map(({ contestant }) => contestant)
    const result = await runRound(exploration, contestants, done.length, results, startedMs, watch)
    if (result.stopped !== null && (round > 0 || result.replications < 2)) {
      if (round === 0) throw new Error('stopped before every point had met two replications')
      stopped = `${result.stopped} of round ${round + 1}; its ${wanted.length === 1 ? 'point is' : `${wanted.length} points are`} left out`
      break
    }
    if (result.stopped !== null)
      stopped = `${result.stopped}; every point met ${result.replications} replications, and none was added near the front`
    results.push(result)
    for (const point of wanted) {
      const { id } = point.contestant
      const cell = result.cells.find((one) => one.contestant === id)
      if (cell !== undefined) done.push({ ...point, id, samples: cell.samples })
    }
  }

  const found = judge(done, plan.contestants.length, caps, luck)
  let again: Again | null = null
  const knee = found.points.find(({ number }) => number === found.knee?.point)
  if (stopped === null && knee !== undefined && knee.id !== plan.contestants[0].id) {
    const contestants = [plan.contestants[0], ...done.flatMap((one) => (one.id === knee.id ? [one.contestant] : []))]
    const seed = `${plan.seed} again`
    const result = await runRound(
      { ...exploration, plan: { ...plan, seed } },
      contestants,
      done.length,
      results,
      startedMs,
      watch,
    )
    const cell = result.cells.find(({ contestant }) => contestant === knee.id)
    if (result.stopped !== null || cell === undefined) stopped = `${result.stopped}; the knee was not run again under other luck`
    else {
      results.push(result)
      const { measures, versusBaseline } = cell
      again = { seed, replications: result.replications, point: knee.number, measures, versusShipped: versusBaseline }
    }
  }

  const [first] = results
  const { spec, id } = plan.network
  return {
    format: 'orrery-pareto/1',
    version: first.version,
    network: { asked: id, name: spec.name, currency: spec.currency, digest: networkDigest(spec) },
    scenario: { id: first.scenarios[0].id, about: first.scenarios[0].about, days: first.scenarios[0].days },
    seed: plan.seed,
    replications: first.replications,
    policies: plan.contestants.map((one, c) => ({
      id: one.id,
      about: one.about,
      knobs: knobs[c],
      digests: digests[c],
      hypervolume: found.hypervolumes[c],
    })),
    caps,
    points: found.points,
    knee: found.knee,
    again,
    box: found.box,
    comparisons: found.comparisons,
    orders: results.reduce((sum, one) => sum + one.orders, 0),
    runs: (done.length + (again === null ? 0 : AGAIN)) * first.replications,
    tookSeconds: (Date.now() - startedMs) / 1000,
    digest: digestOfText(results.map(({ digest }) => digest).join(' ')),
    stopped,
  }
}

/** How many points of a policy are new in a round. */
function quota(each: number, round: number): number {
  if (each < WORTH_FOLLOWING) return round === 0 ? each : 0
  const first = Math.ceil(each / 2)
  const until = (rounds: number): number => Math.floor(((each - first) * rounds) / ROUNDS)
  return round === 0 ? first : until(round) - until(round - 1)
}

function shippedPoint({ plan, knobs }: Exploration, policy: number, values: readonly number[]): Wanted {
  return {
    contestant: plan.contestants[policy],
    place: knobs[policy].map((knob, i) => unitOf(knob, values[i])),
    policy,
    knobs: named(knobs[policy], values),
    isShipped: true,
    round: 0,
  }
}

function turnedPoint({ plan, knobs }: Exploration, policy: number, round: number, place: Place): Wanted {
  const values = knobs[policy].map((knob, i) => valueAt(knob, place[i]))
  return {
    contestant: turnedTo(plan.contestants[policy], knobs[policy], values),
    place,
    policy,
    knobs: named(knobs[policy], values),
    isShipped: false,
    round,
  }
}

const named = (knobs: readonly Knob[], values: readonly number[]): Record<string, number> =>
  Object.fromEntries(knobs.map(({ name }, i) => [name, values[i]]))

/** Near the front of a policy's own points: of those within the caps, where there are any. */
function followed(
  { caps }: Exploration,
  policy: number,
  round: number,
  count: number,
  done: readonly Done[],
  luck: Dice,
): Place[] {
  const own = done.filter((point) => point.policy === policy)
  const tried = own.map(({ place, samples }): Tried => ({ place, losses: meansOf(lossesOf(samples)) }))
  const allowed = tried.filter(({ losses }) => isAllowed(caps, losses))
  return nextPlaces(allowed.length > 0 ? allowed : tried, count, REACH * NEARER ** (round - 1), luck)
}

/** The first so many whose knobs nobody has had yet. */
function take(wanted: readonly Wanted[], taken: Set<string>, count: number): Wanted[] {
  const kept: Wanted[] = []
  for (const one of wanted) {
    const key = JSON.stringify([one.policy, one.knobs])
    if (kept.length === count || taken.has(key)) continue
    taken.add(key)
    kept.push(one)
  }
  return kept
}

async function runRound(
  { plan, budget }: Exploration,
  contestants: readonly Contestant[],
  pointsBefore: number,
  before: readonly Result[],
  startedMs: number,
  { run, signal, onProgress }: Watch,
): Promise<Result> {
  const ordersBefore = before.reduce((sum, one) => sum + one.orders, 0)
  const runsBefore = pointsBefore * plan.replications
  const { result } = await run(
    { ...plan, contestants, baseline: contestants[0].id, untilPrecision: null, trace: null },
    {
      signal,
      onProgress: (progress) => {
        const seconds = (Date.now() - startedMs) / 1000
        const done = runsBefore + progress.done
        const total = Math.max(runsFor(pointsEach({ budget, plan }), plan), runsBefore + progress.total)
        const secondsLeft = done < 2 ? null : (seconds / done) * (total - done)
        onProgress({ ...progress, done, total, orders: ordersBefore + progress.orders, secondsLeft })
      },
    },
  )
  return result
}

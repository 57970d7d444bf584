import { BETTER, RolloutStory, type StoryOptions, WORSE } from './rollout-story.ts'

/** What came of the story, for whoever wants to hold it against something. */
export type Told = {
  readonly stableBefore: string
  readonly better: {
    readonly id: string
    readonly version: string
    readonly state: string
    /** Harm as the last verdict had it: of lateness a part of all orders, of costs cents an order. */
    readonly late: number
    readonly cost: number
    readonly matured: number
  }
  readonly worse: {
    readonly id: string
    readonly version: string
    readonly state: string
    readonly because: string
    readonly late: number
    readonly cost: number
    readonly matured: number
  }
  readonly stableAfter: string
  /** From the request to roll back to the first answer by stable for an order that was the candidate's, ms. */
  readonly backMs: number
  readonly restarts: number
  readonly world: Readonly<Record<string, number>>
  readonly tookMs: number
}

/** A step that takes longer than this on a machine that is busy with other things has gone wrong. */
const STEP_MS = 15 * 60_000

/** Ladder and metrics that a city of one day's deliveries can do with; what a network of weeks would want is longer. */
const planFor = (name: string, candidate: string, certificate: string | null, mustImprove: boolean) => ({
  name,
  candidate,
  certificate,
  shadow: { hours: 1, orders: 100 },
  steps: [
    { share: 0.1, hours: 3, matured: 0 },
    { share: 0.5, hours: 4, matured: 400 },
  ],
  holdback: { share: 0.1, hours: 3 },
  metrics: [
    { id: 'cost', role: 'objective', margin: 5, mustImprove },
    { id: 'late', role: 'guardrail', margin: 0.01, horizonHours: 32 },
    { id: 'cancelled', role: 'guardrail', margin: 0.02, horizonHours: 32 },
  ],
  ordersPerHour: 160,
  lookMinutes: 60,
  maxDays: 12,
  budget: { orders: 4000, cents: 4_000_000 },
  inPeaks: 'continue',
  irreversible: [],
})

/** The same, where what the shadow says keeps nobody from the first step. */
const shownOnly = (plan: ReturnType<typeof planFor>) => ({ ...plan, shadow: { ...plan.shadow, offPolicy: 'shown' } })

/** A better policy is promoted, a subtly worse one rolled back, a third rollback is timed; the server loses its power in the middle of each of the first two. */
export async function tellRollouts(options: StoryOptions): Promise<Told> {
  const startedMs = performance.now()
  const { tell } = options
  const story = new RolloutStory(options)
  try {
    await story.begin()
    const stableBefore = await stableOf(story)

    tell(`An experiment: is ${BETTER} better than what decides now?`)
    const certificate = await story.certify(BETTER, [
      ...['--by', 'costPerOrder', '--delta', '0.02'],
      ...['--on-time-margin', '1%', '--first', '5', '--confirm', '10'],
    ])
    const better = await story.register(BETTER, certificate)
    tell(`It is, by certificate ${better.certificate?.slice(0, 12)}; its version is ${better.id}.`)
    const first = await story.launch(planFor('cheaper, and no later', better.id, better.certificate, true))
    await story.waitFor(
      first,
      'is at its first step',
      STEP_MS,
      ({ state, orders }) => state === 'canary' && orders.candidate > 50,
    )
    await story.cutPower()
    const pending = await story.waitFor(first, 'is proposed for promotion', STEP_MS, ({ state }) => state === 'promote-pending')
    await story.promote(first)
    const settled = await story.waitFor(first, 'is settled', STEP_MS, ({ state }) => state === 'settled')
    const stableThen = await stableOf(story)
    if (stableThen !== better.id) throw new Error(`stable is ${stableThen} after ${better.id} was promoted`)

    tell(`The next idea: ${WORSE}. It is a little cheaper; whether it is worse nobody has asked.`)
    const worse = await story.register(WORSE, null)
    // Its own answers may tell of what it does; here that is to be found out by what comes of them.
    const second = await story.launch(shownOnly(planFor('save on couriers', worse.id, null, false)))
    await story.waitFor(
      second,
      'is at its first step',
      STEP_MS,
      ({ state, orders }) => state === 'canary' && orders.candidate > 50,
    )
    await story.cutPower()
    const back = await story.waitFor(second, 'is rolled back', STEP_MS, ({ state }) => state === 'rolled-back')

    tell('The same once more, to see how long a rollback takes.')
    const third = await story.launch(shownOnly(planFor('save on couriers, again', worse.id, null, false)))
    await story.waitFor(third, 'is at its first step', STEP_MS, ({ state }) => state === 'canary')
    const backMs = await story.rollBack(third)
    tell(`${backMs.toFixed(0)} ms after olaf asked for it, stable decided for an order that had been the candidate's.`)
    const stableAfter = await stableOf(story)
    const { decided } = await story.endWorld()
    return {
      stableBefore,
      better: { id: first, version: better.id, state: settled.state, ...harmsOf(pending) },
      worse: { id: second, version: worse.id, state: back.state, because: back.trail.at(-2)?.says ?? '', ...harmsOf(back) },
      stableAfter,
      backMs,
      restarts: 2,
      world: decided,
      tookMs: performance.now() - startedMs,
    }
  } finally {
    await story.end()
  }
}

const harmsOf = ({ verdict, orders }: Awaited<ReturnType<RolloutStory['see']>>) => ({
  late: verdict?.metrics.find(({ id }) => id === 'late')?.harm ?? Number.NaN,
  cost: verdict?.metrics.find(({ id }) => id === 'cost')?.harm ?? Number.NaN,
  matured: orders.matured,
})

async function stableOf(story: RolloutStory): Promise<string> {
  const { aliases } = await story.pia.ask<{ aliases: readonly { name: string; version: string }[] }>('GET', '/v1/aliases')
  return aliases.find(({ name }) => name === 'stable')?.version ?? 'nothing'
}

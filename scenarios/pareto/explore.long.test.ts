import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import { parseContestant } from '../contestant.ts'
import { runExperiment } from '../experiment.ts'
import type { ExperimentPlan, LoadedNetwork, Progress } from '../plan.ts'
import { loadNetwork } from '../read/network.ts'
import type { Drawing } from './drawing.ts'
import { explore, runsFor } from './explore.ts'
import { knobsOf } from './knobs.ts'

const { card } = await loadNetwork('brazil')
const small: LoadedNetwork = {
  id: 'small',
  folder: fileURLToPath(new URL('.', import.meta.url)),
  spec: smallWorld({ demand: { ...smallWorld().demand, ordersPerDay: 60 } }),
  card: { ...card, name: 'small world', warehouses: [], zones: [] },
}
const NO_CAPS = { costPerOrder: null, onTimeShare: null, co2PerOrder: null }
const REPLICATIONS = 4

type Asked = {
  policies?: string[]
  points?: number
  caps?: Partial<Drawing['caps']>
  workers?: number
  seed?: string
  onProgress?: (progress: Progress, stop: () => void) => void
}

async function planOf({ policies = ['live-greedy'], workers = 1, seed = 's' }: Asked): Promise<ExperimentPlan> {
  const contestants = await Promise.all(policies.map(parseContestant))
  return {
    network: small,
    scenarios: [
      {
        id: 'rush',
        spec: { name: 'Rush', about: 'A rush.', days: 2, demand: [{ from: 'day 0 08:00', to: 'day 1 08:00', factor: 4 }] },
      },
    ],
    contestants,
    baseline: contestants[0].id,
    replications: REPLICATIONS,
    seed,
    workers,
    untilPrecision: null,
    maxReplications: 40,
    replay: null,
    origins: 'free',
    check: false,
  }
}

async function drawn(asked: Asked = {}): Promise<Drawing> {
  const { points = 8, caps = {}, onProgress = () => {} } = asked
  const plan = await planOf(asked)
  const controller = new AbortController()
  const stop = () => controller.abort(new Error('stopped by the test'))
  const knobs = await knobsOf(plan.contestants, [])
  const budget = runsFor(points, plan)
  return explore(
    { plan, knobs, budget, caps: { ...NO_CAPS, ...caps } },
    { run: runExperiment, signal: controller.signal, onProgress: (progress) => onProgress(progress, stop) },
  )
}

const plain = await drawn()

describe('a front on a small world', () => {
  test('is the same to the last digit when asked again on two threads, and another under another seed', async () => {
    const { tookSeconds: _, ...again } = await drawn({ workers: 2 })
    expect(again).toEqual({ ...plain, tookSeconds: undefined })
    expect((await drawn({ seed: 'other', points: 4 })).points[0].id).not.toBe(plain.points[0].id)
  })

  test('spends what it was given, tries nothing twice, and adds points in later rounds', () => {
    expect(plain).toMatchObject({ runs: 10 * REPLICATIONS, stopped: null, replications: REPLICATIONS })
    expect(new Set(plain.points.map(({ id }) => id)).size).toBe(8)
    expect(new Set(plain.points.map(({ round }) => round))).toEqual(new Set([0, 1, 2, 3]))
    expect(plain.points.filter(({ isShipped }) => isShipped).map(({ id, knobs }) => ({ id, knobs }))).toEqual([
      { id: 'live-greedy', knobs: { lateWeight: 1, carbonCentsPerKg: 0 } },
    ])
  })

  test('shows figures that a run of the same name gives, so that a planner who picks a point gets it', async () => {
    const point = plain.points[5]
    const contestants = [await parseContestant(point.id)]
    const { result } = await runExperiment(
      { ...(await planOf({})), contestants, baseline: point.id },
      { signal: new AbortController().signal, onProgress: () => {} },
    )
    expect(result.cells[0].samples).toEqual(point.samples)
    expect(result.cells[0].measures).toEqual(point.measures)
  })

  test('runs its knee once more beside the policy as shipped, under luck it was not picked by', async () => {
    const knee = plain.points.find(({ number }) => number === plain.knee?.point)
    expect(knee).toBeDefined()
    expect(plain.again).toMatchObject({ seed: 's again', point: knee?.number, replications: REPLICATIONS })
    const contestants = await Promise.all(['live-greedy', knee?.id ?? ''].map(parseContestant))
    const { result } = await runExperiment(
      { ...(await planOf({ seed: 's again' })), contestants },
      { signal: new AbortController().signal, onProgress: () => {} },
    )
    expect(plain.again?.versusShipped).toEqual(result.cells[1].versusBaseline)
    expect(plain.again?.measures).not.toEqual(knee?.measures)
  })

  test('leaves out what breaks a cap, and looks on among what keeps it', async () => {
    const costs = plain.points.map(({ measures }) => measures.costPerOrder.mean)
    const cap = (Math.min(...costs) + Math.max(...costs)) / 2
    const capped = await drawn({ caps: { costPerOrder: cap } })
    for (const { measures, isAllowed } of capped.points) expect(isAllowed).toBe(measures.costPerOrder.mean <= cap)
    expect(capped.points.filter(({ isAllowed }) => isAllowed).length).toBeGreaterThan(
      plain.points.filter(({ measures }) => measures.costPerOrder.mean <= cap).length - 1,
    )
    const none = await drawn({ points: 4, caps: { onTimeShare: 0.99999 } })
    expect(none.points.some(({ isAllowed }) => isAllowed)).toBe(false)
    expect(none.knee).toBeNull()
  })

  test('of two policies has one number for each, of the same box', async () => {
    const { policies, points } = await drawn({ policies: ['live-greedy', 'cheapest'], points: 4 })
    expect(policies.map(({ id }) => id)).toEqual(['live-greedy', 'cheapest'])
    for (const { hypervolume } of policies) {
      expect(hypervolume.low).toBeLessThanOrEqual(hypervolume.mean)
      expect(hypervolume.mean).toBeLessThanOrEqual(1)
      expect(hypervolume.mean).toBeGreaterThan(0)
    }
    expect(points.filter(({ policy }) => policy === 1)).toHaveLength(4)
  })
})

describe('a front that is stopped', () => {
  test('in its first round compares all points on the replications that each had finished', async () => {
    const stopped = await drawn({ onProgress: ({ done }, stop) => done === 10 && stop() })
    expect(stopped.stopped).toMatch(/interrupted after .* every point met 2 replications/)
    expect(stopped.points).toHaveLength(4)
    expect(stopped.replications).toBe(2)
    for (const { id, samples } of stopped.points)
      expect(samples.costPerOrder).toEqual(plain.points.find((point) => point.id === id)?.samples.costPerOrder.slice(0, 2))
  })

  test('in a later round leaves that round out and says so', async () => {
    const stopped = await drawn({ onProgress: ({ done }, stop) => done === 4 * REPLICATIONS + 1 && stop() })
    expect(stopped.stopped).toMatch(/of round 2; its point is left out/)
    expect(stopped.points).toHaveLength(4)
    expect(stopped.replications).toBe(REPLICATIONS)
  })

  test('before anything can be compared is no front', async () => {
    await expect(drawn({ onProgress: ({ done }, stop) => done === 1 && stop() })).rejects.toThrow(
      /before every point had met two/,
    )
  })
})

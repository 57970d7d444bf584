import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { smallWorld } from '../bench/small-world.ts'
import { parseContestant } from './contestant.ts'
import { runExperiment } from './experiment.ts'
import type { ExperimentPlan, LoadedNetwork, Progress } from './plan.ts'
import { loadNetwork } from './read/network.ts'
import { loadScenario } from './read/scenario.ts'
import { MEASURES } from './result.ts'

const bundled = await loadNetwork('brazil')
const small: LoadedNetwork = {
  id: 'small',
  folder: fileURLToPath(new URL('.', import.meta.url)),
  spec: smallWorld(),
  card: { ...bundled.card, name: 'small world', warehouses: [], zones: [] },
}

async function planOf(change: Partial<ExperimentPlan> = {}, policies = ['nearest', 'live-greedy']): Promise<ExperimentPlan> {
  const contestants = await Promise.all(policies.map(parseContestant))
  return {
    network: small,
    scenarios: ['calm', 'peak-sale+storm'].map(loadScenario),
    contestants,
    baseline: contestants[0].id,
    replications: 4,
    seed: 's',
    workers: 1,
    untilPrecision: null,
    maxReplications: 40,
    replay: null,
    origins: 'free',
    check: false,
    ...change,
  }
}

async function run(plan: ExperimentPlan, onProgress: (progress: Progress, stop: () => void) => void = () => {}) {
  const controller = new AbortController()
  const stop = () => controller.abort(new Error('stopped by the test'))
  return (await runExperiment(plan, { signal: controller.signal, onProgress: (progress) => onProgress(progress, stop) })).result
}

describe('the same question', () => {
  /** Asked once, of one worker: what the others are held against. */
  let asked: ReturnType<typeof run> | undefined
  const once = async () => {
    asked ??= run(await planOf())
    return asked
  }

  test('has the same answer to the last digit with one worker, with two, and when asked again', async () => {
    const [one, two, again] = [await once(), await run(await planOf({ workers: 2 })), await run(await planOf({ workers: 2 }))]
    for (const other of [two, again]) {
      expect(other.digest).toBe(one.digest)
      expect(other.cells).toEqual(one.cells)
    }
    expect((await run(await planOf({ seed: 'other' }))).digest).not.toBe(one.digest)
  })

  test('asked of more scenarios and policies gives those already asked the same figures', async () => {
    const narrow = await run(await planOf({ scenarios: [loadScenario('calm')], replications: 2 }))
    const wide = await run(await planOf({ replications: 2 }, ['nearest', 'cheapest', 'live-greedy']))
    for (const { contestant, samples } of narrow.cells)
      expect(wide.cells.find((cell) => cell.scenario === 'calm' && cell.contestant === contestant)?.samples).toEqual(samples)
  })

  test('of more replications begins with the same ones', async () => {
    const [few, many] = [await run(await planOf({ replications: 2 })), await once()]
    few.cells.forEach(({ samples }, i) => {
      for (const { id } of MEASURES) expect(many.cells[i].samples[id].slice(0, 2)).toEqual(samples[id])
    })
  })
})

test('a policy against itself under another name differs by exactly nothing, and nothing is claimed', async () => {
  const { cells } = await run(await planOf({}, ['nearest', 'routing/nearest+forecast/seasonal-naive']))
  for (const { contestant, versusBaseline } of cells.filter(({ contestant }) => contestant !== 'nearest')) {
    expect(contestant).toContain('seasonal-naive')
    for (const { id } of MEASURES)
      expect(versusBaseline[id]).toMatchObject({ low: 0, mean: 0, high: 0, verdict: 'not enough evidence' })
  }
})

test('an experiment that is stopped keeps every replication that all policies and scenarios had finished', async () => {
  const plan = await planOf({ replications: 40, workers: 2 })
  const result = await run(plan, ({ done }, stop) => {
    if (done === 22) stop()
  })
  expect(result.stopped).toBe('interrupted after 22 of 160 runs')
  // Four runs a replication, two threads: at most one run beside the row is under way.
  expect(result.replications).toBeGreaterThanOrEqual(4)
  expect(result.cells.every(({ samples }) => samples.onTimeShare.length === result.replications)).toBe(true)
  const whole = await run({ ...plan, replications: result.replications })
  expect(result.cells.map(({ samples }) => samples)).toEqual(whole.cells.map(({ samples }) => samples))
})

test('a wanted precision is run until it is reached, or until the most that is allowed, which is said', async () => {
  const easy = await run(await planOf({ untilPrecision: 0.5, replications: 5, scenarios: [loadScenario('calm')] }))
  expect(easy).toMatchObject({ replications: 30, stopped: null })
  const never = await run(
    await planOf({ untilPrecision: 1e-9, replications: 5, maxReplications: 12, scenarios: [loadScenario('calm')] }),
  )
  expect(never.replications).toBe(12)
  expect(never.stopped).toMatch(/was not reached within 12 replications/)
})

test('a run of more days than a chart can show is folded into one week, and says so', async () => {
  const long = { id: 'long', spec: { name: 'Long', about: 'A month.', days: 40 } }
  const { scenarios, cells } = await run(await planOf({ scenarios: [long, loadScenario('calm')], replications: 2 }))
  expect(scenarios.map(({ foldedIntoWeek }) => foldedIntoWeek)).toEqual([true, undefined])
  expect(cells.map(({ onTimeByHour }) => onTimeByHour.length)).toEqual([168, 168, 192, 192])
})

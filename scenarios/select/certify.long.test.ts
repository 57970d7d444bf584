import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { smallWorld } from '../../bench/small-world.ts'
import { parseContestant } from '../contestant.ts'
import { loadNetwork } from '../read/network.ts'
import { loadScenario } from '../read/scenario.ts'
import { readCertificate } from './certificate.ts'
import { type CertifyPlan, certify, differencesOf } from './certify.ts'

const bundled = await loadNetwork('brazil')

async function question(policies: readonly string[], change: Partial<CertifyPlan> = {}, workers = 2): Promise<CertifyPlan> {
  const scenarios = ['calm', 'storm']
  return {
    plan: {
      network: { id: 'small', folder: tmpdir(), spec: smallWorld(), card: bundled.card },
      scenarios: scenarios.map(loadScenario),
      contestants: await Promise.all(policies.map(parseContestant)),
      baseline: policies[0],
      seed: 's',
      workers,
    },
    asked: { network: 'small', scenarios },
    by: 'costPerOrder',
    delta: 0.3,
    alpha: 0.05,
    margins: { onTimeShare: 0.05, money: 0.3 },
    first: 5,
    most: 40,
    confirm: 10,
    ...change,
  }
}

const asked = (plan: CertifyPlan) => certify(plan, { signal: new AbortController().signal, onProgress: () => {} })
// Freight alone, by which the cheapest way wins; shelves further away cost more.
const FAR = 'nearest'
const CHEAP = 'cheapest'
const one = await asked(await question([FAR, CHEAP], {}, 1))
const best = one.selection.winner ?? ''

test('a certificate has the same bytes with one thread and with three, and names what was asked by digests', async () => {
  const three = await asked(await question([FAR, CHEAP], {}, 3))
  expect(JSON.stringify(three)).toBe(JSON.stringify(one))
  expect(differencesOf(one, three)).toEqual([])
  expect(one.question.policies.map(({ id }) => id)).toEqual([FAR, CHEAP])
  expect(new Set([one.question.network, ...one.question.policies].map(({ digest }) => digest)).size).toBe(3)
  expect(one.selection.correct).toBe(0.95)
})

test('asked with another seed, the same question differs in its figures, and it is said in which', async () => {
  const plan = await question([FAR, CHEAP])
  const other = await asked({ ...plan, plan: { ...plan.plan, seed: 'other' } })
  expect(differencesOf(one, other).join()).toMatch(/selection: the race went otherwise/)
})

test('where stable itself is best there is nothing to roll out, and fresh luck is not spent on it', async () => {
  const other = best === FAR ? CHEAP : FAR
  const found = await asked(await question([best, other]))
  expect(found).toMatchObject({ verdict: 'not certified', confirmation: null, predicted: null })
  expect(found.because[0]).toContain('nothing to roll out')
})

test('the winner is better again under fresh luck, and a margin that it breaks in the storm alone keeps it from being certified', async () => {
  const policies = best === FAR ? [CHEAP, FAR] : [FAR, CHEAP]
  const certified = await asked(await question(policies, { margins: { onTimeShare: 0.9, money: 100 } }))
  expect(certified.verdict).toBe('certified')
  expect(certified.predicted?.costPerOrder.high).toBeLessThan(0)
  const storm = certified.confirmation?.scenarios[1]
  const calm = certified.confirmation?.scenarios[0]
  const upperOf = (scenario: typeof storm) =>
    scenario?.checks.find(({ measure }) => measure === 'onTimeShare')?.upper ?? Number.NaN
  const [low, high] = [upperOf(calm), upperOf(storm)].sort((a, b) => a - b)
  const worse = upperOf(calm) > upperOf(storm) ? 'calm' : 'storm'
  const between = await asked(await question(policies, { margins: { onTimeShare: (low + high) / 2, money: 100 } }))
  expect(between.verdict).toBe('not certified')
  expect(between.because).toHaveLength(1)
  expect(between.because[0]).toContain(`onTimeShare in ${worse} is not shown no worse`)
})

test('of two names of one policy the one that runs already stays, and a race over nothing is given up at its end', async () => {
  const plan = await question(['nearest', 'routing/nearest'], { delta: 1e-6, most: 9 })
  const found = await asked(plan)
  // Differences are all 0, so the first of equals stays: it is stable.
  expect(found.selection.winner).toBe('nearest')
  const hopeless = await asked(await question([FAR, CHEAP, 'cheapest-in-time'], { delta: 1e-9, most: 8 }))
  expect(hopeless.selection.winner).toBeNull()
  expect(hopeless.because[0]).toMatch(/8 replications did not tell .* and .* apart/)
})

test('a certificate that was changed by hand is refused, by one digit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
  try {
    const found = one
    const file = join(folder, 'c.json')
    writeFileSync(file, JSON.stringify(found))
    expect(readCertificate(file)).toEqual(found)
    writeFileSync(file, JSON.stringify({ ...found, verdict: found.verdict === 'certified' ? 'not certified' : 'certified' }))
    expect(() => readCertificate(file)).toThrow(/content that is not what sha256:/)
    writeFileSync(file, '{')
    expect(() => readCertificate(file)).toThrow(/no JSON/)
    expect(() => readCertificate(join(folder, 'none.json'))).toThrow(/no such file/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

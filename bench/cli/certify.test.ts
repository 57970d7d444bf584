import { expect, test } from 'vitest'
import type { Certificate } from '../../scenarios/select/certificate.ts'
import { certificateText } from './certificate-text.ts'
import { certifyPlanOf } from './certify-plan.ts'

const asked = {
  network: 'brazil',
  policies: ['nearest', 'cheapest'],
  stable: null,
  stress: null,
  by: 'total',
  delta: '0.2',
  alpha: null,
  onTimeMargin: null,
  costMargin: null,
  first: 20,
  most: 100,
  confirm: 40,
  seed: '1',
  workers: 1,
} as const

test('a question is refused before any run, with what would do', async () => {
  const wrong = [
    [{ delta: null }, /--delta: found nothing; say which difference is worth finding/],
    [{ delta: '-1' }, /--delta: found `-1`; write money an order/],
    [{ delta: '5%' }, /--delta: found `5%`; write money/],
    [{ policies: null }, /--policies: found nobody to choose from/],
    [{ policies: ['nearest'], stable: 'nearest' }, /--policies: found only stable itself/],
    [{ by: 'onTimeShare', delta: '0.5%' }, /--cost-margin: found nothing; say by how much/],
    [{ most: 10 }, /--most: found 10, below the 20 of --first/],
    [{ stress: ['calm'] }, /the same name twice/],
    [{ policies: ['nearest', 'nearst'] }, /no policy called `nearst`.*nearest/],
  ] as const
  for (const [change, message] of wrong) await expect(certifyPlanOf(['calm'], { ...asked, ...change })).rejects.toThrow(message)
})

test('what was typed becomes the question: the first scenario is chosen on, stable is added where it does not race, margins follow delta', async () => {
  const plan = await certifyPlanOf([], { ...asked, policies: ['cheapest'], stable: 'nearest', stress: ['storm', 'peak-sale'] })
  expect(plan.plan.scenarios.map(({ id }) => id)).toEqual(['calm', 'storm', 'peak-sale'])
  expect(plan.plan.contestants.map(({ id }) => id)).toEqual(['nearest', 'cheapest'])
  expect(plan).toMatchObject({ alpha: 0.05, delta: 0.2, margins: { onTimeShare: 0.005, money: 0.2 } })
  const share = await certifyPlanOf([], { ...asked, by: 'onTimeShare', delta: '0.5%', costMargin: 1 })
  expect(share).toMatchObject({ delta: 0.005, margins: { money: 1 } })
})

test('a certificate is told verdict first, in the units of its measures', () => {
  const effect = { mean: -0.4, se: 0.02, low: -0.44, high: -0.36 }
  const share = { mean: 0.0138, se: 0.001, low: 0.011, high: 0.0167 }
  const effects = { total: effect, costPerOrder: effect, onTimeShare: share }
  const certificate: Certificate = {
    format: 'orrery-certificate/1',
    version: '0',
    verdict: 'certified',
    because: ['live-greedy is best of 2 with probability 0.95 (difference 0.2)'],
    question: {
      network: { asked: 'brazil', name: 'Brazil', currency: 'BRL', digest: 'sha256:1' },
      scenario: { asked: 'calm', id: 'calm', digest: 'sha256:2' },
      stress: [],
      policies: [],
      stable: 'nearest',
      by: 'total',
      delta: 0.2,
      alpha: 0.05,
      margins: { onTimeShare: 0.005, money: 0.2 },
      first: 20,
      most: 100,
      confirm: 40,
      seed: '1',
    },
    selection: {
      procedure: 'Kim-Nelson 2001, common random numbers',
      winner: 'live-greedy',
      correct: 0.95,
      eta: 0.1,
      h2: 2,
      replications: 20,
      runs: 40,
      dropped: [{ policy: 'nearest', at: 20, by: 'live-greedy' }],
      means: [
        { policy: 'nearest', replications: 20, mean: 28.5 },
        { policy: 'live-greedy', replications: 20, mean: 28.1 },
      ],
      runsDigest: 'x',
    },
    confirmation: {
      seed: '1 confirmed',
      replications: 40,
      scenarios: [
        {
          id: 'calm',
          role: 'chosen on',
          stable: { total: 28.5, costPerOrder: 28, onTimeShare: 0.9 },
          effects,
          checks: [{ measure: 'onTimeShare', says: 'no worse', harm: -0.0138, upper: -0.0115, margin: 0.005, holds: true }],
        },
      ],
      runsDigest: 'y',
    },
    predicted: effects,
    digest: 'sha256:3',
  }
  const text = certificateText(certificate)
  expect(text.split('\n')[0]).toMatch(/✓ .*CERTIFIED.*: live-greedy is best of 2/)
  expect(text).toContain('nearest      28.500 BRL over 20  out after 20, by live-greedy')
  expect(text).toMatch(/✓.* onTimeShare no worse: 1\.38 pp \[1\.10 pp, 1\.67 pp\]; harm below -1\.15 pp, wanted below 0\.50 pp/)
  expect(text).toContain('A rollout may expect: onTimeShare 1.38 pp [1.10 pp, 1.67 pp], costPerOrder -0.400 BRL')
})

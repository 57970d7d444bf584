import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { type Answered, answerText } from './query-text.ts'

const at = (hour: number): number => Date.UTC(2026, 10, 22, hour)
const likely: Answered = {
  lookedAt: [at(3), at(4), at(5)],
  rows: [
    { warehouse: 'recife', p: 0.95, low: 0.784, high: 0.997, sure: true, mostAtMs: at(4), pThen: 0.9 },
    { warehouse: 'belém', p: 0.4, low: 0.217, high: 0.606, sure: false, mostAtMs: at(5), pThen: 0.4 },
  ],
  more: false,
  undecided: ['manaus'],
  standsOn: {
    asOf: '2026-11-21T15:30:00.000Z',
    hours: 36,
    replications: 20,
    seed: '1',
    network: 'brazil',
    policies: 'live-greedy',
    scenario: null,
    told: { weather: 2 },
    leftOut: { 'orders to unknown zones': 3 },
    laws: { standing: 'quarantined', calibration: { version: 'a1b2c3d4e5f6', since: '2026-11-20T00:00:00.000Z', changes: 1 } },
  },
}

test('an answer about tomorrow reads in local time, and says how sure its odds are, what they stand on, and whether to rely on it', () => {
  const text = stripVTControlCharacters(answerText(likely, '-03:00'))
  expect(text.split('\n')).toEqual([
    'From 2026-11-22 00:00 to 2026-11-22 02:00 (-03:00), hour by hour:',
    'site    odds  90 % interval  most often at',
    'recife  95 %  78 % to 100 %  2026-11-22 01:00 (90 %)',
    'belém   40 %  22 % to 61 %   2026-11-22 02:00 (40 %)  not sure',
    '',
    'Not among them, but 20 futures cannot rule them out: manaus.',
    '"Not sure" and "cannot rule out": the interval lies on both sides of the odds that were asked for; more replications make it narrower.',
    'Stands on 20 futures of 36 h (seed 1) of brazil as it was known at 2026-11-21 12:30, decided by live-greedy, told to hold now: weather 2.',
    'By times and demand as recalibrated at 2026-11-20T00:00:00.000Z (version a1b2c3d4e5f6, 1 change); its forecasts did not hold: do not rely on it (`orrery fidelity` says where).',
    '! left out: orders to unknown zones, 3 times',
  ])
})

test('an answer about what is known has no footing, and leaves out what is nowhere told', () => {
  const known = {
    ...likely,
    standsOn: null,
    undecided: [],
    lookedAt: [at(3)],
    rows: [{ warehouse: 'recife', load: 0.975, celsius: null, lost: 0 }],
  }
  expect(stripVTControlCharacters(answerText(known, '+00:00')).split('\n')).toEqual([
    'At 2026-11-22 03:00 (+00:00):',
    'warehouse  load',
    'recife     0.98',
  ])
  expect(answerText({ ...known, rows: [] }, '+00:00')).toContain('None.')
})

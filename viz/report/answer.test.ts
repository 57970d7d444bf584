import { describe, expect, test } from 'vitest'
import { compareCells } from '../../scenarios/compare.ts'
import type { Cell, Result } from '../../scenarios/result.ts'
import { answerOf, winsOf } from './answer.ts'
import { sampleResult } from './sample.fixture.ts'

const luck = [0, 0.012, -0.008, 0.004, -0.011, 0.009, -0.003, 0.006]

/** A result of one scenario in which each policy's on-time shares are the baseline's plus what is given, replication by replication. */
function resultOf(
  gains: Readonly<Record<string, readonly number[] | number>>,
  costs: Readonly<Record<string, number>> = {},
): Result {
  const policies = Object.keys(gains)
  const sample = sampleResult({ policies, scenarios: ['calm'], zones: 3, warehouses: 2, hours: 24, replications: luck.length })
  const cells = sample.cells.map((cell) => {
    const gain = gains[cell.contestant] ?? 0
    const onTimeShare = luck.map((each, r) => 0.9 + each + (typeof gain === 'number' ? gain + each / 50 : (gain[r] ?? 0)))
    const costPerOrder = luck.map((each) => 20 + each + (costs[cell.contestant] ?? 0) * (1 + each))
    return { ...cell, samples: { ...cell.samples, onTimeShare, costPerOrder } }
  })
  return { ...sample, cells: compareCells(cells, sample.baseline) }
}

const noisy = [0.05, -0.06, 0.07, -0.04, 0.06, -0.05, 0.02, -0.02]
const idOf = (cell: Cell | null) => cell?.contestant ?? null

describe('the answer of a scenario', () => {
  test('is the policy with the highest on-time share among those shown to beat the baseline', () => {
    const answer = answerOf(resultOf({ base: [], good: 0.02, best: 0.04 }), 'calm')
    expect(answer.is === 'shown' && [idOf(answer.best), answer.rivals]).toEqual(['best', []])
  })

  test('is not the policy with the highest mean when that mean may be luck; it is then named as not told apart', () => {
    const lucky = noisy.map((each) => each + 0.03)
    const answer = answerOf(resultOf({ base: [], proven: 0.02, lucky }), 'calm')
    expect(answer.is === 'shown' && [idOf(answer.best), answer.rivals]).toEqual(['proven', ['lucky']])
  })

  test('is the baseline when every other policy is shown to be worse', () => {
    expect(answerOf(resultOf({ base: [], bad: -0.02, worse: -0.03 }), 'calm').is).toBe('baseline')
  })

  test('stays open when nothing is shown, and names the nearest to being shown and what is shown to be worse', () => {
    const answer = answerOf(resultOf({ base: [], maybe: noisy, bad: -0.02 }), 'calm')
    expect(answer.is === 'open' && [idOf(answer.best), answer.worse]).toEqual(['maybe', ['bad']])
  })

  test('names the policy that saves most when it is another one', () => {
    const answer = answerOf(
      resultOf({ base: [], best: 0.04, thrifty: 0.01, thriftier: -0.01 }, { best: 1, thrifty: -1, thriftier: -2 }),
      'calm',
    )
    expect(answer.is === 'shown' && idOf(answer.saver)).toBe('thriftier')
  })

  test('is missing without a baseline, and a description when there is one policy', () => {
    const result = resultOf({ base: [], other: 0.1 })
    expect(answerOf({ ...result, cells: result.cells.slice(1) }, 'calm').is).toBe('unfinished')
    expect(answerOf(result, 'a scenario nobody ran').is).toBe('unfinished')
    expect(answerOf(resultOf({ base: [] }), 'calm').is).toBe('alone')
  })
})

test('wins are counted over scenarios, most first', () => {
  const of = (gains: Parameters<typeof resultOf>[0]) => answerOf(resultOf(gains), 'calm')
  const answers = [of({ base: [], a: 0.02 }), of({ base: [], b: 0.02 }), of({ base: [], b: 0.03 }), of({ base: [], b: noisy })]
  expect(winsOf(answers)).toEqual([
    { id: 'b', wins: 2 },
    { id: 'a', wins: 1 },
  ])
})

import { describe, expect, test } from 'vitest'
import { MEASURES } from '../../scenarios/result.ts'
import { comparisonTable, legend } from './comparison-table.ts'
import { conclude } from './conclusion.ts'
import { cellOf, resultOf } from './result.fixture.ts'

const nearest = cellOf('nearest', { onTimeShare: { mean: 0.9, half: 0.006 }, costPerOrder: { mean: 23.4, half: 0.03 } })
const greedy = cellOf('live-greedy', {
  onTimeShare: { mean: 0.93, half: 0.006, change: 0.03, verdict: 'better' },
  costPerOrder: { mean: 24.4, half: 0.03, change: 1, verdict: 'worse' },
  peakBacklog: { mean: 123_456, half: 12_345, change: -23_456, verdict: 'better' },
})
const cheap = cellOf('cheapest-in-time', { costPerOrder: { mean: 20.4, half: 0.03, change: -3, verdict: 'better' } })
const late = cellOf('cheapest', {
  onTimeShare: { mean: 0.7, half: 0.01, change: -0.2, verdict: 'worse' },
  costPerOrder: { mean: 19.4, half: 0.03, change: -4, verdict: 'better' },
})

describe('the table of a scenario', () => {
  const result = resultOf([nearest, greedy, cheap, late])
  const lines = comparisonTable(result, 'calm').split('\n')

  test('fits a terminal of 120 columns, large numbers included', () => {
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120)
  })

  test('on a narrow terminal its columns are parted over several tables, and none of them is too wide or lost', () => {
    for (const columns of [80, 60]) {
      const text = comparisonTable(result, 'calm', columns)
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns)
      for (const { label } of MEASURES) expect(text).toContain(label)
    }
  })

  test('on a terminal narrower than any table one column stands beside the names, and nothing fails', () => {
    expect(comparisonTable(result, 'calm', 10).match(/policy/g)).toHaveLength(MEASURES.length)
  })

  test('every policy has its values, and below them what changed against the baseline with a mark', () => {
    const row = lines.findIndex((line) => line.includes('live-greedy'))
    expect(lines[row]).toMatch(/93.00 ±0.60 .* 24.40 ±0.03/)
    expect(lines[row + 1]).toMatch(/▲ \+3.00 ±0.60 .* ▼ \+1.00 ±0.03 .* · \+/)
  })

  test('the baseline is compared with nothing', () => {
    const row = lines.findIndex((line) => line.includes('nearest'))
    expect(lines[row + 1]).not.toMatch(/[▲▼·]/)
  })

  test('the legend says how many comparisons the intervals hold for together', () => {
    expect(legend(result)).toContain('simultaneous over 4 comparisons')
  })
})

describe('the conclusion', () => {
  test('names who keeps most promises, at what cost, and who saves most without being shown later', () => {
    const text = conclude(resultOf([nearest, greedy, cheap, late]), 'calm')
    expect(text).toContain(
      'live-greedy keeps most promises: 93.00 ±0.60 % against 90.00 ±0.60 % with nearest, and costs more: +1.00 ±0.03 BRL',
    )
    expect(text).toContain(
      'cheapest-in-time saves most: -3.00 ±0.03 BRL an order against nearest, without being shown to be late more often',
    )
  })

  test('does not crown a policy that the runner-up is not told apart from', () => {
    const near = cellOf('shortest-queue', {
      onTimeShare: {
        mean: 0.929,
        half: 0.006,
        change: 0.029,
        verdict: 'better',
        samples: Array.from({ length: 20 }, (_, i) => 0.929 + (i % 3 === 0 ? 0.012 : -0.006)),
      },
    })
    const text = conclude(resultOf([nearest, greedy, near, late]), 'calm')
    expect(text).toContain('live-greedy is shown to keep more promises than nearest: 93.00 ±0.60 % against 90.00 ±0.60 %, and')
    expect(text).toContain('live-greedy and shortest-queue are not told apart.')
    expect(text).not.toContain('keeps most promises')
  })

  test('never praises a policy that is only cheaper because it is late', () => {
    expect(conclude(resultOf([nearest, late]), 'calm')).toBe(
      'No policy keeps as many promises as nearest. None is shown to cost less than nearest without being late more often.',
    )
  })

  test('says that evidence is missing where it is', () => {
    expect(conclude(resultOf([nearest, cellOf('cheapest', {})]), 'calm')).toContain(
      'No policy is shown to keep more or fewer promises than nearest.',
    )
  })

  test('a run of one policy, or one whose baseline was not finished, compares nothing', () => {
    expect(conclude(resultOf([nearest]), 'calm')).toContain('nothing to compare')
    expect(conclude(resultOf([greedy]), 'calm')).toContain('nothing to compare')
  })

  test('of days without an order compares nothing', () => {
    const idle = [nearest, greedy].map((cell) => ({ ...cell, outcome: { ...cell.outcome, placed: 0 } }))
    expect(conclude(resultOf(idle), 'calm')).toContain('Nothing was ordered')
  })
})

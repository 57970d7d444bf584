import { describe, expect, test } from 'vitest'
import { MEASURES, type Measure } from '../../scenarios/result.ts'
import { formatDifference, formatInterval } from './figures.ts'

const measure = (id: Measure['id']) => MEASURES.find((one) => one.id === id) as Measure
const interval = (mean: number, half: number) => ({ low: mean - half, mean, high: mean + half })

describe('a figure', () => {
  test.each([
    ['onTimeShare', 0.90123, 0.0061, '90.12 ±0.61'],
    ['onTimeShare', 0.90123, 0.061, '90.1 ±6.1'],
    ['costPerOrder', 23.4123, 0.0312, '23.41 ±0.03'],
    ['co2PerOrder', 1.23456, 0.0123, '1.235 ±0.012'],
    ['peakBacklog', 12345.6, 230.4, '12,346 ±230'],
    ['lateHoursP95', 0, 0, '0.00 ±0.00'],
    ['costPerOrder', 24.41, 0, '24.41 ±0.00'],
  ] as const)('%s: %f with a half width of %f is shown with no digit that is not known', (id, mean, half, text) => {
    expect(formatInterval(interval(mean, half), measure(id))).toBe(text)
  })

  test('a difference always has its sign, and nothing is ever minus zero', () => {
    expect(formatDifference(interval(0.021, 0.004), measure('onTimeShare'))).toBe('+2.10 ±0.40')
    expect(formatDifference(interval(-3.2, 0.5), measure('costPerOrder'))).toBe('-3.20 ±0.50')
    expect(formatDifference(interval(-0.0001, 0.5), measure('costPerOrder'))).toBe('+0.00 ±0.50')
  })

  test('of an interval that is not symmetric the wider side is shown', () => {
    expect(formatInterval({ low: 1, mean: 3, high: 4 }, measure('costPerOrder'))).toBe('3.0 ±2.0')
  })

  test('one replication has a value and an interval nobody knows, however it is written down', () => {
    const endless = { low: -Number.MAX_VALUE, mean: 0.87, high: Number.MAX_VALUE }
    expect(formatInterval(endless, measure('onTimeShare'))).toBe('87 ±?')
    expect(formatDifference(endless, measure('onTimeShare'))).toBe('+87 ±?')
  })

  test('an unknown value is a dash and not a number', () => {
    expect(formatInterval(interval(Number.NaN, Number.NaN), measure('co2PerOrder'))).toBe('– ±?')
  })
})

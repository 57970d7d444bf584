import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intervalOf } from '../../scenarios/compare.ts'
import { countText, formatsOf, numberText, percentText } from './format.ts'
import { hourName, hourTicks } from './hours.ts'
import { sampleResult } from './sample.fixture.ts'
import { atLeastTwoSteps, decimalsFor, fittingSteps, partOf, roundSteps, spanOf } from './scale.ts'

describe('numbers', () => {
  const formats = formatsOf(sampleResult())

  test('are written one way everywhere: percent, money with its sign, hours, and a real minus', () => {
    expect(formats.onTimeShare.value(0.9642)).toBe('96.4\u202f%')
    expect(formats.onTimeShare.difference(0.0124)).toBe('+1.2\u202fpp')
    expect(formats.onTimeShare.size(-0.0124)).toBe('1.2 points')
    expect(formats.costPerOrder.value(18.2)).toBe('R$18.20')
    expect(formats.costPerOrder.difference(-0.42)).toBe('−R$0.42')
    expect(formats.lateHoursP95.value(3.25)).toMatch(/^3\.[23]\u202fh$/)
    expect(formats.peakBacklog.difference(-1240.4)).toBe('−1,240')
    expect(formats.costPerOrder.signedRange({ low: -0.5, mean: 0, high: 0.25 })).toBe('−0.50 to +0.25')
  })

  test('that round to nothing have no direction', () => {
    expect(formats.peakBacklog.difference(-0.2)).toBe('±0')
    expect(numberText(-0.001, 1)).toBe('0.0')
  })

  test('that are none become a dash, and an interval without end is left out', () => {
    expect([numberText(Number.NaN), percentText(Number.NaN), formats.costPerOrder.value(Number.NaN)]).toEqual(['–', '–', '–'])
    expect(formats.onTimeShare.range(intervalOf([0.9]))).toBeNull()
  })

  test('of things keep a decimal only while they are few', () => {
    expect([countText(12400.4), countText(4.25), countText(3)]).toEqual(['12,400', '4.3', '3'])
  })
})

describe('axes', () => {
  test('have round labels, inside the axis, as far apart as they should be', () => {
    const ends = fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))
    fc.assert(
      fc.property(ends, fc.integer({ min: 2, max: 8 }), ([low, width], count) => {
        const span = [low, low + width] as const
        const steps = roundSteps(span, count)
        expect(steps.length).toBeLessThanOrEqual(count + 1)
        for (const step of steps) {
          expect(partOf(step, span)).toBeGreaterThanOrEqual(-1e-6)
          expect(partOf(step, span)).toBeLessThanOrEqual(1 + 1e-6)
        }
        expect(atLeastTwoSteps(span, count).length).toBeGreaterThan(1)
        expect(fittingSteps(span, 120).steps.length).toBeGreaterThan(1)
      }),
    )
    expect(roundSteps([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(decimalsFor([0, 0.2])).toBe(1)
  })

  test('hold values that are all the same, or none at all', () => {
    const [low, high] = spanOf([5, 5])
    expect(low < 5 && high > 5).toBe(true)
    expect(spanOf([])).toEqual([0, 1])
  })

  test('name hours by the weekday the network starts on', () => {
    expect(hourName(0, 'fri')).toBe('Fri 00:00')
    expect(hourName(38, 'sat')).toBe('Sun 14:00')
    expect(hourName(7 * 24 + 1, 'mon')).toBe('Mon (day 8) 01:00')
    expect(hourTicks(24, 'tue').map(({ label }) => label)).toEqual(['Tue', '3h', '6h', '9h', '12h', '15h', '18h', '21h'])
    for (const hours of [1, 24, 72, 168, 240, 720, 9000]) expect(hourTicks(hours, 'mon').length).toBeLessThanOrEqual(15)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blame, type Stretch } from './blame.ts'
import { CAUSE_IDS, type CauseId } from './cause.ts'

const H = 3_600_000
const stretch = (cause: CauseId, tookMs: number, allowedMs: number): Stretch => ({ stage: 'truck', cause, tookMs, allowedMs })
const reserve = (hours: number): Stretch => ({ stage: 'reserve', cause: 'tight promise', tookMs: 0, allowedMs: hours * H })
const lateness = (life: readonly Stretch[]): number => life.reduce((sum, { tookMs, allowedMs }) => sum + tookMs - allowedMs, 0)

test('whatever a life was like, the blame is whole, never negative, and adds up to the lateness to the millisecond', () => {
  const ms = fc.integer({ min: -1e9, max: 1e9 })
  const any = fc.record({ cause: fc.constantFrom(...CAUSE_IDS), tookMs: ms, allowedMs: ms })
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 30 }), (parts) => {
      const life = parts.map(({ cause, tookMs, allowedMs }) => stretch(cause, tookMs, allowedMs))
      const shares = blame(life)
      expect(shares.every((share) => Number.isInteger(share) && share >= 0)).toBe(true)
      expect(shares.reduce((a, b) => a + b, 0)).toBe(Math.max(0, lateness(life)))
    }),
  )
})

describe('a planner would agree that', () => {
  test('a stretch that kept to its allowance is not to blame', () => {
    expect(blame([stretch('usual road', 5 * H, 5 * H), stretch('truck full', 3 * H, 0), reserve(0)])).toEqual([0, 3 * H, 0])
  })

  test('what the reserve of the promise covers is nobody’s fault, and what it does not is shared out', () => {
    const life = [stretch('no picker free', 2 * H, 0), stretch('weather on the road', 6 * H, 0)]
    expect(blame([...life, reserve(8)])).toEqual([0, 0, 0])
    expect(blame([...life, reserve(4)])).toEqual([H, 3 * H, 0])
  })

  test('half an hour too long in the warehouse that misses the truck is to blame for the day it cost', () => {
    const life = [stretch('no picker free', H / 2, 0), stretch('cut-off missed', 26 * H, 2.5 * H), reserve(0)]
    expect(blame(life)).toEqual([24 * H, 0, 0])
  })

  test('two delays that missed it together share it as they are long', () => {
    const life = [
      stretch('no stock', 3 * H, 0),
      stretch('no picker free', H, 0),
      stretch('next truck', 24 * H, 4 * H),
      reserve(0),
    ]
    expect(blame(life)).toEqual([18 * H, 6 * H, 0, 0])
  })

  test('a delay that a long wait for the truck swallowed did no harm', () => {
    const life = [
      stretch('no picker free', 3 * H, 0),
      stretch('next truck', H, 4 * H),
      stretch('weather on the road', 9 * H, 0),
      reserve(0),
    ]
    expect(blame(life)).toEqual([0, 0, 9 * H, 0])
  })

  test('a lead that was lost again waiting for the same truck is no fault of the truck', () => {
    const life = [
      stretch('payment check', H, 4 * H),
      stretch('next truck', 7 * H, 4 * H),
      stretch('truck full', 24 * H, 0),
      reserve(0),
    ]
    expect(blame(life)).toEqual([0, 0, 24 * H, 0])
  })

  test('a Sunday that the plan did not have is to blame itself where nothing before it was late', () => {
    expect(blame([stretch('no truck that day', 24 * H, 0), reserve(10)])).toEqual([14 * H, 0])
  })

  test('a promise that is tighter than a calm day bears what it lacks', () => {
    expect(blame([stretch('usual road', 20 * H, 20 * H), reserve(-5)])).toEqual([0, 5 * H])
  })
})

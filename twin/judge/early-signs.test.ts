import { describe, expect, test } from 'vitest'
import { EVIDENCE, epoch, LATE, PLAN, trials } from './canary.fixture.ts'
import { earlySigns } from './early-signs.ts'
import type { Evidence, JudgePlan, SignHour } from './evidence.ts'
import { judge } from './judge.ts'
import { replay } from './replay.ts'

const HOUR_MS = 3_600_000
const PLANNED: JudgePlan = { ...PLAN, signs: 'act' }
const NOBODY = { n: 0, failed: 0 }

/** An hour of 800 orders of which 240 get two answers, half of these `by` more likely to be late with the candidate's and a bit, half a bit less. */
const hour = (at: number, by: number, share = 0.01, more: Partial<SignHour> = {}): SignHour => ({
  fromMs: at * HOUR_MS,
  share,
  late: { n: 800, differing: 240, d: 240 * by, dd: 240 * (by * by + 0.04) },
  unrouted: { n: 800, differing: 0, d: 0, dd: 0 },
  degraded: { candidate: NOBODY, stable: NOBODY },
  ...more,
})
/** A day in which both foretell the same; what differs between hours stands beside it. */
const calm = (from: number, hours: number, share: number, wave = 0): SignHour[] =>
  Array.from({ length: hours }, (_, i) => hour(from + i, (i % 2 === 0 ? 1 : -1) * wave, share))
const exposed = (late = { candidate: 0, stable: 4 }): Evidence['epochs'] => [
  epoch('e', 0.01, { late: { candidate: trials(late.candidate, 100), stable: trials(late.stable, 9900) } }),
]
const seen = (signs: SignHour[], more: Partial<Evidence> = {}): Evidence => ({
  ...EVIDENCE,
  plan: PLANNED,
  epochs: exposed(),
  signs,
  ...more,
})
const lateIn = (signs: SignHour[]) => earlySigns(seen(signs))[0]

describe('what speaks against a candidate before any outcome is certain', () => {
  test('an hour after its first order a break that its own answers foretell holds it, and ends it only where what happened leans the same way', () => {
    const broken = [...calm(0, 24, 0), hour(24, 0.3)]
    const held = judge(seen(broken))
    expect(held.verdict).toBe('hold')
    expect(held.says).toMatch(
      /early sign: by their own answers at least \+\d\.\d\d pp more orders would be late.*outcomes do not say so yet/,
    )
    const ended = judge(seen(broken, { epochs: exposed({ candidate: 4, stable: 40 }) }))
    expect(ended.verdict).toBe('roll back')
    expect(ended.says).toContain('outcomes lean the same way')
    expect(judge(seen(broken, { plan: { ...PLAN, signs: 'hold' }, epochs: exposed({ candidate: 4, stable: 40 }) })).verdict).toBe(
      'hold',
    )
  })

  test('orders that are late already lean too, before they are matured', () => {
    const early = { late: { candidate: { n: 8, failed: 3 }, stable: { n: 792, failed: 30 } } }
    expect(judge(seen([...calm(0, 24, 0), hour(24, 0.3)], { early })).verdict).toBe('roll back')
  })

  test('what is foretold within the margin, or better, is no sign and promotes nothing', () => {
    for (const by of [0.005 / 0.3, 0, -0.3]) {
      const verdict = judge(seen([...calm(0, 24, 0), ...Array.from({ length: 100 }, (_, i) => hour(24 + i, by, 0.5))]))
      expect(verdict.signs?.some(({ isBeyond }) => isBeyond)).toBe(false)
      expect(verdict.verdict).toBe('hold')
    }
  })

  test('in the shadow a sign ends nothing: nobody is harmed there', () => {
    const verdict = judge(
      seen([...calm(0, 24, 0), ...Array.from({ length: 12 }, (_, i) => hour(24 + i, 0.3, 0))], { epochs: [] }),
    )
    expect(verdict.signs?.[0].isBeyond).toBe(true)
    expect(verdict.verdict).toBe('hold')
    expect(verdict.says).not.toContain('early sign')
  })

  test('a break on the tenth day is not lost among nine good ones', () => {
    const good = calm(0, 24 * 9, 0.05)
    expect(lateIn(good).isBeyond).toBe(false)
    expect(lateIn([...good, ...Array.from({ length: 6 }, (_, i) => hour(24 * 9 + i, 0.1, 0.05))]).isBeyond).toBe(true)
  })

  test('where hours differ by themselves an hour proves nothing that it would prove where they do not', () => {
    const worse = [hour(24, 0.05)]
    expect(lateIn([...calm(0, 24, 0), ...worse, hour(25, 0.05)]).log).toBeGreaterThan(
      lateIn([...calm(0, 24, 0, 0.1), ...worse, hour(25, 0.05)]).log + 2,
    )
    expect(lateIn([...calm(0, 3, 0), ...worse]).orders).toBeGreaterThan(0)
    expect(lateIn([...calm(0, 3, 0), ...worse]).isBeyond).toBe(false)
  })

  test('orders for which it finds no way are no forecast: they end it by themselves', () => {
    const none = { unrouted: { n: 800, differing: 40, d: 40, dd: 40 } }
    const verdict = judge(seen([...calm(0, 24, 0), hour(24, 0, 0.01, none), hour(25, 0, 0.01, none)]))
    expect(verdict.verdict).toBe('roll back')
    expect(verdict.says).toContain('find no way at once')
  })

  test('a candidate that falls down the ladder is ended within a dozen of its orders; one fall among hundreds is nothing', () => {
    const falls = (failed: number, n: number, stable: number) => ({
      degraded: { candidate: { n, failed }, stable: { n: 792, failed: stable } },
    })
    const bad = judge(seen([...calm(0, 24, 0), hour(24, 0, 0.01, falls(8, 8, 1))]))
    expect(bad.verdict).toBe('roll back')
    expect(bad.says).toContain('fall down the ladder')
    const some = earlySigns(seen(Array.from({ length: 60 }, (_, i) => hour(i, 0, 0.01, falls(i === 7 ? 1 : 0, 8, 1)))))
    expect(some[2].isBeyond).toBe(false)
    // Both sides alike: the machine was slow, and nobody's policy.
    expect(earlySigns(seen([hour(0, 0, 0.5, falls(400, 800, 396))]))[2].isBeyond).toBe(false)
  })

  test('a bundle with signs gives its verdict again to the byte, in any order of its hours; a broken one is told by field', () => {
    const signs = [...calm(0, 24, 0), hour(24, 0.3)]
    const bundle = seen(signs)
    expect(replay(JSON.parse(JSON.stringify(bundle)))).toEqual(judge(bundle))
    expect(judge({ ...bundle, signs: signs.toReversed() })).toEqual(judge(bundle))
    const broken = { ...bundle, signs: [{ ...signs[0], late: { ...signs[0].late, n: -1 } }] }
    expect(() => replay(broken)).toThrow(/signs\[0\]\.late\.n/)
  })

  test('a plan without signs is judged as it ever was, whatever stands beside', () => {
    const { signs: _, ...bare } = seen(calm(0, 24, 0))
    const without = judge({ ...bare, plan: PLAN })
    expect('signs' in without).toBe(false)
    expect(without.metrics[0].logAlarm).toBeCloseTo(Math.log(1 / (0.05 * 0.96)), 9)
    expect(judge(bare).metrics[0].logAlarm).toBeCloseTo(Math.log(1 / (0.05 * 0.9 * 0.96)), 9)
    expect(LATE.margin).toBe(earlySigns(seen([]))[0].margin)
  })
})

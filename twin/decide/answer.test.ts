import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check } from '../../scenarios/read/check.ts'
import { answerOf, WANTED_LATER, type Wanted } from './answer.ts'
import { AnswerSchema } from './answer-schema.ts'
import { anyDecision } from './decided.fixture.ts'
import type { Decision } from './decision.ts'
import { Pen } from './json-pen.ts'
import { writeAnswer } from './write-answer.ts'

const out = new Pen()
function written(decision: Decision, what: Wanted, currency: string): string {
  out.begin()
  writeAnswer(out, decision, what, currency)
  return out.said()
}

const wanted: fc.Arbitrary<Wanted> = fc.record({
  requestId: fc.option(fc.string({ maxLength: 8 })),
  explain: fc.constantFrom('none', 'brief', 'full'),
  alternatives: fc.integer({ min: 0, max: 3 }),
  baseline: fc.option(fc.record({ warehouse: fc.string({ maxLength: 5 }), service: fc.option(fc.string({ maxLength: 5 })) })),
  notUsed: fc.array(fc.constantFrom('order.channel', 'order.type'), { maxLength: 2 }),
})

describe('the answer to a request for a decision', () => {
  test('is written by hand, and is byte for byte what JSON.stringify makes of it', () => {
    fc.assert(
      fc.property(anyDecision, wanted, (decision, what) => {
        expect(written(decision, what, 'BRL')).toBe(JSON.stringify(answerOf(decision, what, 'BRL')))
      }),
      { numRuns: 1500 },
    )
  })

  test('is what its schema says', () => {
    fc.assert(
      fc.property(anyDecision, wanted, (decision, what) => {
        const checked = check(AnswerSchema, JSON.parse(written(decision, what, 'BRL')))
        expect(checked.ok ? [] : checked.flaws).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('has parts that make the whole, to the last digit it is written with', () => {
    fc.assert(
      fc.property(anyDecision, (decision) => {
        const { shipments, score } = answerOf(decision, WANTED_LATER, 'BRL')
        const whole = (amount: number): number => Math.round(amount * 10_000)
        for (const { cost } of shipments)
          expect(whole(cost.price)).toBe(Object.values(cost.terms).reduce((sum, term) => sum + whole(term), 0))
        expect(score === null).toBe(shipments.length === 0)
        if (score === null) return
        expect(whole(score.social)).toBe(shipments.reduce((sum, { cost }) => sum + whole(cost.price), 0))
        expect(whole(score.private) + whole(score.congestion)).toBe(whole(score.social))
        if (score.secondBest !== null)
          expect(whole(score.margin ?? Number.NaN)).toBe(whole(score.secondBest) - whole(score.social))
      }),
      { numRuns: 500 },
    )
  })

  test('says where the whole explanation is, in both languages, and what comes next for what does not ship', () => {
    fc.assert(
      fc.property(anyDecision, (decision) => {
        const { explanation, nextAction, reEvaluateAfter, status } = answerOf(decision, WANTED_LATER, 'BRL')
        expect(explanation?.zh).not.toBe(explanation?.en)
        expect(explanation?.href).toMatch(/^\/v1\/decisions\/.*:explain$/)
        expect([nextAction === null, reEvaluateAfter === null]).toEqual([status === 'routed', status === 'routed'])
      }),
      { numRuns: 200 },
    )
  })
})

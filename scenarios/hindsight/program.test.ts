import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certify } from './certificate.ts'
import { dayOf } from './day.ts'
import { programOf } from './program.ts'
import { lpText, mpsText } from './program-text.ts'
import { realisedMarket } from './realised-market.ts'
import { byLot, runDay, type SmallDay, smallDays, solver } from './small-day.fixture.ts'

/** Solves a program from its text, as somebody else's solver would. */
function solveText(format: 'lp' | 'mps', data: string): number {
  const model = solver.createModel({ format, data })
  try {
    model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: 1e-6, time_limit: 20 })
    model.run()
    expect(model.getModelStatus()).toBe(solver.constants.modelStatus.optimal)
    return model.getObjectiveValue()
  } finally {
    model.dispose()
  }
}

const lookedAt = (small: SmallDay) => {
  const day = dayOf([runDay(small, byLot(1, 300))])
  const market = realisedMarket(day)
  return { day, market, program: programOf(market, day, small.spec) }
}
const HAIR = 1e-4

describe('a day written out for other solvers', () => {
  it('has its exact optimum between the bound and the plan of whole orders, up to 50 orders with splits', () => {
    const widths: number[] = []
    fc.assert(
      fc.property(smallDays(50), (small) => {
        const { market, program } = lookedAt(small)
        const { lowerBoundCents, planCents } = certify(market, solver)
        const exact = solveText('lp', lpText(program))
        expect(lowerBoundCents).toBeLessThanOrEqual(exact + HAIR * exact)
        expect(exact).toBeLessThanOrEqual(planCents + HAIR * exact)
        widths.push(planCents / lowerBoundCents - 1)
      }),
      { numRuns: 8, seed: 11 },
    )
    expect(widths.some((width) => width > 1e-4)).toBe(true)
  })

  it('says the same in both formats', () => {
    for (const small of fc.sample(smallDays(12), { numRuns: 3, seed: 5 })) {
      const { program } = lookedAt(small)
      expect(solveText('mps', mpsText(program))).toBeCloseTo(solveText('lp', lpText(program)), 2)
    }
  })

  it('names what it decides so that a planner can read it, and no two things alike', () => {
    const [small] = fc.sample(smallDays(20), { numRuns: 1, seed: 3 })
    const { program } = lookedAt(small)
    const names = [...program.columns, ...program.rows].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^[A-Za-z][\w.]*$/.test(name))).toEqual([])
    expect(names).toContainEqual(expect.stringMatching(/^[xz]_o\d+_W[NMS]_(standard|express)_d\d_(1200|1400|1800|2000)$/))
    expect(names).toContainEqual(expect.stringMatching(/^[xz]_o\d+_W[NMS]_(standard|express)_later$/))
    expect(names).toContain('serve_o0_l0')
  })
})

import { dice } from '../random.ts'
import { compileSupply } from './network.ts'
import { type SupplyOutcome, simulateSupply } from './outcome.ts'
import { openSupply } from './run.ts'
import type { SiteSpec, SupplySpec } from './spec.ts'
import type { SupplyRun } from './supply-run.ts'

/** Networks of a few sites, for tests. */
export const always = (value: number) => ({ law: 'constant', value }) as const
export const memoryless = (mean: number) => ({ law: 'exponential', mean }) as const

export const supplyOf = (sites: readonly SiteSpec[], rest: Partial<SupplySpec> = {}): SupplySpec => ({
  name: 'small',
  about: 'For a test.',
  currency: 'EUR',
  days: 100,
  sites: [{ id: 'mine', endless: true }, ...sites],
  ...rest,
})

/** Runs one replication. */
export const runOf = (spec: SupplySpec, replication = 0, watch?: (run: SupplyRun) => void): SupplyOutcome =>
  simulateSupply(openSupply(compileSupply(spec), dice('small', replication)), watch)

/** Means over replications of what is read off each, with their standard errors. */
export function meansOf(spec: SupplySpec, replications: number, read: (outcome: SupplyOutcome) => readonly number[]) {
  const network = compileSupply(spec)
  const all = Array.from({ length: replications }, (_, r) => read(simulateSupply(openSupply(network, dice('small', r)))))
  return all[0].map((_, figure) => {
    const mean = all.reduce((sum, values) => sum + values[figure], 0) / replications
    const variance = all.reduce((sum, values) => sum + (values[figure] - mean) ** 2, 0) / (replications - 1)
    return { mean, error: Math.sqrt(variance / replications) }
  })
}

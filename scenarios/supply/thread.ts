import { dice } from '../../sim/random.ts'
import { checkSupplyLaws } from '../../sim/supply/laws.ts'
import { compileSupply } from '../../sim/supply/network.ts'
import { type SupplyOutcome, simulateSupply } from '../../sim/supply/outcome.ts'
import { openSupply } from '../../sim/supply/run.ts'
import type { SupplySpec } from '../../sim/supply/spec.ts'
import { inlineMore } from '../inlining.ts'
import { setupOfThread } from '../setup.ts'

/** What every thread is handed once. */
export type SupplySetup = { readonly spec: SupplySpec; readonly seed: string; readonly check: boolean }
export type SupplyTask = { readonly replication: number }

/** A thread's task: one replication of one network. */
export function openSupplyThread(): (task: SupplyTask) => SupplyOutcome {
  inlineMore()
  const { spec, seed, check } = setupOfThread<SupplySetup>()
  const network = compileSupply(spec)
  return ({ replication }) => {
    try {
      return simulateSupply(openSupply(network, dice(seed, replication)), check ? checkSupplyLaws() : undefined)
    } catch (cause) {
      throw new Error(`replication ${replication} of seed ${seed}: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      })
    }
  }
}

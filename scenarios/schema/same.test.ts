import { expect, test } from 'vitest'
import type { RuleSetSpec } from '../../policies/rules/spec.ts'
import type { NetworkSpec, SkuSpec, StockSpec, ZoneSpec } from '../../sim/network-spec.ts'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import type { RulesSchema } from '../rules/rules-schema.ts'
import type { NetworkSchema, SkuSchema, StockSchema, ZoneSchema } from './network-schema.ts'
import type { Same } from './same.ts'
import type { ScenarioSchema } from './scenario-schema.ts'
import type { Static } from './type.ts'

// The compiler is the judge here: these lines stop compiling when a schema and its type part ways.
const network: Same<Static<typeof NetworkSchema>, Omit<NetworkSpec, 'zones' | 'skus' | 'openingStock'>> = true
const zone: Same<Static<typeof ZoneSchema>, ZoneSpec> = true
const sku: Same<Static<typeof SkuSchema>, SkuSpec> = true
const stock: Same<Static<typeof StockSchema>, StockSpec> = true
const rules: Same<Static<typeof RulesSchema>, RuleSetSpec> = true
const scenario: Same<Static<typeof ScenarioSchema>, ScenarioSpec> = true

// And the judge is not asleep.
const missing: Same<{ a: number }, { a: number; b?: string }> = false
const narrower: Same<{ list: ('a' | 'b')[] }, { list: readonly 'a'[] }> = false

test('what files may say is what the simulator understands, field by field', () => {
  expect([network, zone, sku, stock, rules, scenario, missing, narrower]).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    false,
    false,
  ])
})

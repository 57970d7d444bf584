/** Writes the JSON schemas that editors complete and check YAML files with: `node scenarios/schema/publish.ts`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { OrderMapSchema } from '../import/map-schema.ts'
import { PinSchema } from '../pin/pin-schema.ts'
import { RulesSchema } from '../rules/rules-schema.ts'
import { SupplySchema } from '../supply/supply-schema.ts'
import { NetworkSchema } from './network-schema.ts'
import { ScenarioSchema } from './scenario-schema.ts'
import type { TSchema } from './type.ts'

/** Each published file and what must stand in it. */
export const PUBLISHED: readonly { file: string; text: string }[] = [
  publish('network', 'Orrery network', NetworkSchema),
  publish('scenario', 'Orrery scenario', ScenarioSchema),
  publish('order-map', 'Orrery map of an order table', OrderMapSchema),
  publish('pin', 'Orrery pinned policy', PinSchema),
  publish('rules', 'Orrery rule set', RulesSchema),
  publish('supply', 'Orrery replenishment network', SupplySchema),
]

/** Draft 7 is what the YAML plug-ins of editors understand best. */
function publish(name: string, title: string, schema: TSchema): { file: string; text: string } {
  const whole = { $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema }
  return { file: fileURLToPath(new URL(`${name}.schema.json`, import.meta.url)), text: `${JSON.stringify(whole, null, 2)}\n` }
}

if (import.meta.main) for (const { file, text } of PUBLISHED) writeFileSync(file, text)

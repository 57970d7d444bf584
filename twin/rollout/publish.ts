/** Writes the schema that editors complete and check plans of rollouts with: `node twin/rollout/publish.ts`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PLAN_SCHEMA } from './plan-schema.ts'

/** Draft 7 is what the YAML plug-ins of editors understand best. */
export const PUBLISHED = {
  file: fileURLToPath(new URL('rollout.schema.json', import.meta.url)),
  text: `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title: 'Orrery plan of a rollout', ...PLAN_SCHEMA }, null, 2)}\n`,
}

if (import.meta.main) writeFileSync(PUBLISHED.file, PUBLISHED.text)

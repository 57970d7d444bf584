/** Writes the JSON schema that editors complete and check case files with: `node bench/validate/publish.ts`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CaseFileSchema } from './case-schema.ts'

const whole = { $schema: 'http://json-schema.org/draft-07/schema#', title: 'Orrery validation cases', ...CaseFileSchema }

/** The published file and what must stand in it. */
export const PUBLISHED_CASES = {
  file: fileURLToPath(new URL('cases.schema.json', import.meta.url)),
  text: `${JSON.stringify(whole, null, 2)}\n`,
}

if (import.meta.main) writeFileSync(PUBLISHED_CASES.file, PUBLISHED_CASES.text)

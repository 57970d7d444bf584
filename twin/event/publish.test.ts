import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { KINDS } from './kind.ts'
import { PUBLISHED } from './publish.ts'

const folder = fileURLToPath(new URL('schemas/', import.meta.url))

test.each(PUBLISHED)('$file says what the door checks; if not, run: node twin/event/publish.ts', ({ file, text }) => {
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('no schema file is left over from a feed that is gone', () => {
  expect(readdirSync(folder).sort()).toEqual(PUBLISHED.map(({ file }) => file.slice(folder.length)).sort())
})

test('every type of event refuses an empty one, and its schema forbids keys of its own making', () => {
  for (const types of KINDS.values())
    for (const kind of types.values()) {
      expect(kind.passes({}), kind.name).toBe(false)
      expect(kind.schema, kind.name).toMatchObject({ additionalProperties: false })
    }
})

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { PUBLISHED } from './publish.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))

describe('the published JSON schemas', () => {
  test.each(PUBLISHED)('$file says what the code checks; if not, run: node scenarios/schema/publish.ts', ({ file, text }) => {
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('no schema file is left over from a schema that is gone', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.schema.json'))
    expect(files.sort()).toEqual(PUBLISHED.map(({ file }) => file.slice(folder.length)).sort())
  })

  test('every field says what it is, so that an editor can show it', () => {
    const silent = PUBLISHED.flatMap(({ text }) => undescribed(JSON.parse(text), ''))
    expect(silent).toEqual([])
  })
})

/** Paths of the properties without a description; `law`'s words describe themselves. */
function undescribed(schema: Node, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const here = `${path}/${key}`
    const silent = inner.description === undefined && inner.const === undefined ? [here] : []
    return [...silent, ...undescribed(inner, here)]
  })
  const deeper = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])]
  return [...own, ...deeper.flatMap((inner) => undescribed(inner, path))]
}

type Node = { description?: string; const?: unknown; properties?: Record<string, Node>; anyOf?: Node[]; items?: Node }

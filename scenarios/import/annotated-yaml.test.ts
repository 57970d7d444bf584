import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readYaml } from '../read/yaml.ts'
import { annotatedYaml } from './annotated-yaml.ts'

const file = join(mkdtempSync(join(tmpdir(), 'orrery-yaml-')), 'value.yaml')

function back(text: string): unknown {
  writeFileSync(file, text)
  return readYaml(file).value
}

test('a source stands beside its figure, of a listed thing by its id', () => {
  const value = { rate: 3, services: [{ id: 'post', speed: { law: 'constant', value: 2 }, days: ['mon', 'tue'] }] }
  const text = annotatedYaml(value, { rate: 'measured', 'services.post.speed': 'assumed' })
  expect(text).toContain('rate: 3  # measured')
  expect(text).toMatch(/# assumed\n|# assumed$/m)
  expect(back(text)).toEqual(value)
})

test('every plain value is read back as it was, comments or not', () => {
  const scalar = fc.oneof(fc.string({ maxLength: 15 }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean())
  const key = fc.stringMatching(/^[a-z][a-zA-Z]{0,8}$/)
  const flat = fc.dictionary(key, fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 4 })), {
    minKeys: 1,
    maxKeys: 4,
    noNullPrototype: true,
  })
  const item = flat.map((rest) => ({ id: 'x', ...rest }))
  const whole = fc.record({ a: flat, list: fc.array(item, { minLength: 1, maxLength: 3 }), b: fc.record({ inner: flat }) })
  fc.assert(
    fc.property(whole, (value) => {
      const text = annotatedYaml(value, { a: 'said', list: 'said: twice #1', 'list.x': 'x', 'b.inner': 'y' })
      expect(back(text)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
    { numRuns: 100 },
  )
})

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InputError, type Problem } from './problem.ts'
import { readYaml } from './yaml.ts'

const folder = mkdtempSync(join(tmpdir(), 'orrery-yaml-'))

function fileOf(text: string): string {
  const file = join(folder, 'test.yaml')
  writeFileSync(file, text)
  return file
}

function problemsIn(text: string): readonly Problem[] {
  try {
    readYaml(fileOf(text))
  } catch (error) {
    if (error instanceof InputError) return error.problems
    throw error
  }
  return []
}

describe('a YAML file', () => {
  const yaml = readYaml(
    fileOf('# remark\na: 1\nb:\n  - x: 1\n    y: day 2 20:00\n  - x: 2\nc: { d: 10:30 }\nsame: &s { e: 5 }\nagain: *s\n'),
  )

  test('times of day and moments are texts, not numbers in base 60', () => {
    expect(yaml.value).toMatchObject({ b: [{ y: 'day 2 20:00' }, { x: 2 }], c: { d: '10:30' } })
  })

  test.each([
    [['a'], 2],
    [['b'], 3],
    [['b', 0, 'y'], 5],
    [['b', 1], 6],
    [['c', 'd'], 7],
    [['again', 'e'], 8],
  ])('%j stands on line %i', (path, line) => {
    expect(yaml.at(path)).toBe(line)
  })

  test('what is missing is told on the line of what it is missing from', () => {
    expect(yaml.at(['b', 1, 'nothing'])).toBe(6)
    expect(yaml.at(['b', 7, 'x'])).toBe(3)
    expect(yaml.at(['nothing', 'at', 'all'])).toBe(2)
  })
})

describe('a broken YAML file says where and what would do', () => {
  test.each([
    ['a tab', 'a:\n\tb: 1\n', 2, /spaces/],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 3, /one of the two/],
    ['a colon too many', 'a: 1\nb: c: d\n', 2, /quotes/],
    ['a list that is never closed', 'a: [1,\n', 2, /YAML|line it up|close/],
  ])('%s', (_, text, line, fix) => {
    const [problem] = problemsIn(text)
    expect(problem.line).toBe(line)
    expect(problem.fix).toMatch(fix)
  })

  test('letters of another encoding than UTF-8 are said, not swallowed', () => {
    const file = join(folder, 'latin.yaml')
    writeFileSync(file, Buffer.from('name: S\xe3o Paulo\n', 'latin1'))
    expect(() => readYaml(file)).toThrow(/latin\.yaml {2}file: found bytes that are not UTF-8; save it as UTF-8/)
  })

  test('a file with two documents is told to keep one', () => {
    expect(problemsIn('a: 1\n---\na: 2\n')).toMatchObject([{ found: 'a second document', fix: expect.stringContaining('"---"') }])
  })

  test('a file that is not there, and a folder', () => {
    expect(() => readYaml(join(folder, 'nowhere.yaml'))).toThrow(/no such file/)
    expect(() => readYaml(folder)).toThrow(/a folder/)
  })

  test('brackets in brackets without end are refused in words', () => {
    expect(problemsIn('['.repeat(5000))[0]).toMatchObject({
      found: 'brackets in brackets without end',
      fix: 'write fewer levels',
    })
  })

  test('a bomb of aliases is refused before it fills the memory', () => {
    const rows = Array.from(
      { length: 20 },
      (_, i) => `k${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}, *a${i}, *a${i}, *a${i}, *a${i}, *a${i}]`,
    )
    expect(problemsIn(`k0: &a0 [x, x]\n${rows.join('\n')}\n`)[0].fix).toMatch(/alias/)
  })
})

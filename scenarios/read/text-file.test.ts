import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { formatProblem } from './problem.ts'
import { readNames, readText } from './text-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'orrery-text-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)
mkdirSync(at('folder'))
symlinkSync(at('loop'), at('loop'))
writeFileSync(at('garbled'), Buffer.from([0x53, 0xe3, 0x6f]))
writeFileSync(at('plain'), 'São Paulo')

const troubleWith = (file: string): string => {
  try {
    return readText(file, (found) => new Error(found))
  } catch (error) {
    return (error as Error).message
  }
}

test('a file is read as it is', () => {
  expect(troubleWith(at('plain'))).toBe('São Paulo')
})

test.each([
  ['nowhere', 'no such file'],
  ['folder', 'a folder'],
  ['plain/inside', 'a file where a folder should be'],
  ['loop', 'a link that leads back to itself'],
  ['garbled', 'bytes that are not UTF-8'],
  ['x'.repeat(300), 'a name longer than a file can have'],
])('what is wrong with %s is said in words', (name, words) => {
  expect(troubleWith(at(name))).toBe(words)
})

test('a folder is asked for its names; a file has none', () => {
  expect(readNames(folder, (found) => new Error(found))).toContain('plain')
  expect(() => readNames(at('plain'), (found) => new Error(found))).toThrow('a file')
})

test.skipIf(process.getuid?.() === 0)(
  'what belongs to somebody else is refused (not tried as root, who may read anything)',
  () => {
    for (const name of ['plain', 'folder']) chmodSync(at(name), 0)
    expect(troubleWith(at('plain'))).toBe('no right to read it')
    expect(() => readNames(at('folder'), (found) => new Error(found))).toThrow('no right to read it')
  },
)

test.runIf(existsSync('/dev/zero'))('a device that never ends is refused, not read', () => {
  expect(troubleWith('/dev/zero')).toBe('a device')
})

test('a name of nothing is shown as nothing, and not left out', () => {
  expect(formatProblem({ file: '', line: null, field: 'file', found: 'no such file', fix: 'name one' })).toBe(
    '""  file: found no such file; name one',
  )
})

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkDestination, checkDestinations, writeDestination } from './destination.ts'

const folder = mkdtempSync(join(tmpdir(), 'orrery-out-'))

describe('where a report goes is tried before the run', () => {
  test('a folder that is not there is made, and nothing else is left behind', () => {
    checkDestination(join(folder, 'a', 'b', 'report.html'), '--html')
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual([])
  })

  test('a file below a file is refused', () => {
    writeFileSync(join(folder, 'plain'), '')
    expect(() => checkDestination(join(folder, 'plain', 'report.html'), '--html')).toThrow(
      /--html: found a file where a folder should be/,
    )
  })

  test('a folder is refused as a file', () => {
    mkdirSync(join(folder, 'there'))
    expect(() => checkDestination(join(folder, 'there'), '--json')).toThrow(/found a folder; name a file in it/)
  })

  test.runIf(existsSync('/proc/self'))('a place that is no disk is not taken for a full one', () => {
    expect(() => checkDestination('/proc/day.lp', '--export')).toThrow(/--export: found (?!a full disk)/)
  })

  test.runIf(existsSync('/dev/full'))('a full disk is said at the start', () => {
    expect(() => checkDestination('/dev/full', '--json')).toThrow(/a full disk/)
  })

  test.runIf(existsSync('/proc/version'))('a place that cannot be written is said at the start', () => {
    expect(() => checkDestination('/proc/nowhere/result.json', '--json')).toThrow(/--json: found/)
  })

  test('a link that leads back to itself is refused', () => {
    symlinkSync(join(folder, 'ring'), join(folder, 'ring'))
    expect(() => checkDestination(join(folder, 'ring'), '--html')).toThrow(/leads back to itself/)
  })

  test('figures and report cannot share a file, and a report cannot go to standard output', () => {
    expect(() => checkDestinations({ json: 'a/../out.x', html: 'out.x' })).toThrow(/--html: found the same file as --json/)
    expect(() => checkDestinations({ json: '-', html: '-' })).toThrow(/--html: found standard output/)
  })

  test.skipIf(process.getuid?.() === 0)(
    'a folder of somebody else is refused (not tried as root, who may write anywhere)',
    () => {
      mkdirSync(join(folder, 'locked'))
      chmodSync(join(folder, 'locked'), 0o500)
      expect(() => checkDestination(join(folder, 'locked', 'x.json'), '--json')).toThrow(/no right to write/)
    },
  )
})

test('an older report is replaced whole, and no draft stays', () => {
  const file = join(folder, 'result.json')
  writeDestination(file, 'old', '--json')
  writeDestination(file, 'new', '--json')
  expect(readFileSync(file, 'utf8')).toBe('new')
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('through a link what it points to is written, and the link stays', () => {
  const [target, link] = [join(folder, 'target.html'), join(folder, 'latest.html')]
  symlinkSync('target.html', link)
  for (const text of ['first, when the link points to nothing', 'second']) {
    checkDestination(link, '--html')
    writeDestination(link, text, '--html')
    expect(readFileSync(target, 'utf8')).toBe(text)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
  }
})

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { MEASURES } from '../scenarios/result.ts'
import { ROOMS } from './tidy.ts'

/** What the README tells a newcomer to do is done here, in a copy of the house, so that nothing of it is left behind. */
const root = fileURLToPath(new URL('../', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

const house = mkdtempSync(join(tmpdir(), 'orrery-readme-'))
afterAll(() => rmSync(house, { recursive: true, force: true }))
for (const part of [
  ...ROOMS.filter((room) => existsSync(join(root, room))),
  'package.json',
  'tsconfig.json',
  'biome.json',
  'vitest.config.ts',
]) {
  cpSync(join(root, part), join(house, part), {
    recursive: true,
    force: true,
    errorOnExist: false,
    filter: (from) => !from.includes('.vitest'),
  })
}
symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'), 'dir')

type Said = { code: number | null; out: string; err: string }
function run(command: string, ...args: string[]): Said {
  // Colours off, and nothing of the tests around this one: they would be taken for settings of the ones inside.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|NODE_OPTIONS|FORCE_COLOR)/.test(name)),
  )
  const path = `${dirname(process.execPath)}:${env.PATH}`
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: house,
    encoding: 'utf8',
    env: { ...env, PATH: path, NO_COLOR: '1' },
    timeout: 60_000,
  })
  return { code: status, out: stdout, err: stderr }
}
const orrery = (...args: string[]): Said => run(process.execPath, 'bench/cli/orrery.mjs', ...args)

/** The first block of this language below "Save this as `NAME`", and that name. */
function saved(language: string): { name: string; text: string } {
  const found = new RegExp(`Save this as \`([^\`]+)\`[^\n]*\n\n\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme)
  if (found === null) throw new Error(`README.md no longer has a ${language} block to be saved`)
  return { name: found[1], text: found[2] }
}
function save({ name, text }: { name: string; text: string }): void {
  mkdirSync(dirname(join(house, name)), { recursive: true })
  writeFileSync(join(house, name), text)
}

describe('your first policy', () => {
  const first = saved('ts')
  const id = first.name.replace(/^policies\//, '').replace(/\.ts$/, '')
  save(first)

  test('is a new name: no file of the house is written over', () => {
    expect(() => readFileSync(join(root, first.name))).toThrow(/ENOENT/)
  })

  test('is listed, with what it says of itself', () => {
    const { out } = orrery('list', 'policies')
    expect(out).toMatch(new RegExp(`^${id} +Cost, plus`, 'm'))
  })

  test('is compared with the others, and its figures are its own', () => {
    const name = id.replace('routing/', '')
    const { code, out, err } = orrery('run', 'storm', '--policies', `nearest,${name}`, '--replications', '2', '--json', '-')
    expect(err).not.toMatch(/✗|went wrong/)
    expect(code).toBe(0)
    const { cells } = JSON.parse(out) as { cells: { contestant: string; samples: { costPerOrder: number[] } }[] }
    expect(cells.map(({ contestant }) => contestant)).toEqual(['nearest', name])
    expect(cells[1].samples.costPerOrder).toHaveLength(2)
    expect(cells[1].samples.costPerOrder).not.toEqual(cells[0].samples.costPerOrder)
    expect(readFileSync(join(house, 'out/report.html'), 'utf8')).toContain(name)
  })

  test('is of the right types, in the right format, and keeps the contract', () => {
    // The compiler is shown this file and what it leans on: that the rest of the house is sound is for `npm run check`.
    save({ name: 'tsconfig.first.json', text: JSON.stringify({ extends: './tsconfig.json', include: [first.name] }) })
    expect(run('node_modules/.bin/tsc', '-p', 'tsconfig.first.json')).toMatchObject({ code: 0, out: '' })
    expect(run('node_modules/.bin/biome', 'check', '--error-on-warnings', first.name)).toMatchObject({ code: 0 })
    const { code, out } = run('node_modules/.bin/vitest', 'run', 'policies/contract.test.ts', '--reporter=verbose', '-t', id)
    expect(code, out).toBe(0)
    expect(out).toContain(`${id} prices`)
  })

  test('that lacks something is told what', () => {
    save({ name: 'policies/routing/half-an-idea.ts', text: 'export default { about: "Half an idea.", params: {} }\n' })
    const { code, err } = orrery('run', 'storm', '--policies', 'nearest,half-an-idea', '--replications', '2')
    rmSync(join(house, 'policies/routing/half-an-idea.ts'))
    expect(code).toBe(2)
    expect(err).toMatch(/✗ policies\/routing\/half-an-idea\.ts +price: found none; write the function/)
  })
})

describe('a policy that cannot be read', () => {
  test.each([
    ['cut off', 'export default {\n  about: "Cut off.",\n', /broken\.ts:2 .*Unexpected token/],
    ['leaning on what is not there', "import { x } from './nope.ts'\nexport default x\n", /broken\.ts .*Cannot find module/],
    ['in a language Node does not run', 'enum Choice { A }\nexport default Choice\n', /broken\.ts:\d+ .*enum is not supported/],
  ])('%s is told by file and line, and what would do', (_, text, expected) => {
    save({ name: 'policies/routing/broken.ts', text })
    const { code, err } = orrery('run', 'storm', '--policies', 'broken', '--replications', '2')
    rmSync(join(house, 'policies/routing/broken.ts'))
    expect(err).toMatch(expected)
    expect(err).toContain('take the file out of the folder')
    expect(code).toBe(2)
  })
})

describe('your first scenario', () => {
  const first = saved('yaml')
  save(first)

  test('is valid as it stands', () => {
    expect(orrery('validate-input', first.name)).toMatchObject({ code: 0, err: '' })
  })

  test('is run, alone and laid over another', () => {
    const { code, out } = orrery(
      'run',
      first.name,
      `${first.name}+storm`,
      '--policies',
      'nearest',
      '--replications',
      '2',
      '--json',
      '-',
    )
    expect(code).toBe(0)
    const { scenarios } = JSON.parse(out) as { scenarios: { about: string }[] }
    expect(scenarios).toHaveLength(2)
    expect(scenarios[1].about).toMatch(/flu.*storm/i)
  })
})

describe('what the README says', () => {
  const lines = [...readme.matchAll(/^npx orrery (.+)$/gm)].map(([, line]) => line)

  const told = new Map<string, Said>()
  const helpOf = (words: readonly string[]): Said => {
    const key = words.join(' ')
    const said = told.get(key) ?? orrery(...words, '--help')
    told.set(key, said)
    return said
  }

  test.each([...new Set(lines)])('orrery %s is a command with these options', (line) => {
    const words = line.split('#')[0].trim().split(/ +/)
    const isInner = ['import', 'list', 'fit', 'backtest', 'canary', 'rollout', 'demo', 'rules', 'impact'].includes(words[0])
    const { code, out } = helpOf(words.slice(0, isInner ? 2 : 1))
    expect(code).toBe(0)
    for (const flag of words.filter((word) => word.startsWith('--'))) expect(out).toContain(flag)
  })

  test('explains every column of the table', () => {
    for (const { label } of MEASURES) expect(readme).toContain(`\n| ${label} |`)
  })

  test('explains every field of an option', () => {
    const policySource = readFileSync(join(root, 'sim/policy.ts'), 'utf8')
    const option = /export type RoutingOption = \{([\s\S]*?)\n\}/.exec(policySource)?.[1] ?? ''
    const fields = [...option.matchAll(/readonly (\w+):/g)].map(([, field]) => field)
    expect(fields.length).toBeGreaterThan(15)
    for (const field of fields) expect(readme).toContain(`\`${field}\``)
  })

  test('is what the checks before a change run', () => {
    expect(readme).toContain('npm ci && npm test')
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('(npm ci && npm test)')
  })

  test('points to files that exist', () => {
    for (const [, path] of readme.matchAll(/\]\((?!http)([^)#]+)\)/g))
      expect(() => readFileSync(join(root, path)), path).not.toThrow(/ENOENT/)
  })
})

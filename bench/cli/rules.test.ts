import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { compileRules } from '../../policies/rules/compile.ts'
import { tableOf } from '../../scenarios/rules/decision-table.ts'
import { readRules } from '../../scenarios/rules/read-rules.ts'
import { openSmallRun, SHORT_SHELVES, SHORT_TROUBLE } from '../small-run.ts'
import { decisionText } from './decision-text.ts'
import { rulesText } from './rules-text.ts'

const launcher = fileURLToPath(new URL('orrery.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'rules-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))
const orrery = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], { encoding: 'utf8', timeout: 60_000 })
  return { status, stdout: stripVTControlCharacters(stdout), stderr: stripVTControlCharacters(stderr) }
}

describe('orrery rules', () => {
  test('lints a file a stranger wrote: every flaw on its line, and exit code 2', () => {
    const file = join(folder, 'mine.yaml')
    writeFileSync(file, 'name: mine\nabout: Mine.\nrules:\n  - name: south\n    nodes: { only: [curitba] }\n  - name: rest\n')
    const { status, stdout } = orrery('rules', 'lint', file)
    expect(status).toBe(2)
    expect(stdout).toContain('mine.yaml:5  rules[0].nodes.only[0]: found unknown warehouse `curitba`; did you mean `curitiba`?')
    const json = orrery('rules', 'lint', file, '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, findings: [{ severity: 'error', problem: { line: 5 } }] })
  })

  test('refuses a run by rules that are wrong before anything is run, in the same words', () => {
    const { status, stderr } = orrery('run', 'calm', '--policies', `nearest,rules:${join(folder, 'none.yaml')}`)
    expect(status).toBe(2)
    expect(stderr).toContain('none.yaml  file: found no such file')
  })

  test('shows a bundled set rule by rule, with what each place of a price is worth', () => {
    const { status, stdout } = orrery('rules', 'show', 'regional-first')
    expect(status).toBe(0)
    expect(stdout).toMatch(/1\. near and in time\n +takes +every order; 116 of 116 zones\n +nodes +maxKm 400, inTime;/)
    expect(stdout).toMatch(/tier × 2\^[\d.]+ .*of 53\.0 bits are used/)
  })
})

describe('the words of a table', () => {
  test('name every rule, what was refused, and that no transfer is carried out', async () => {
    const read = readRules('ship-from-store')
    const rules = compileRules(read.spec, SHORT_SHELVES)
    const opened = await openSmallRun({ spec: SHORT_SHELVES, scenario: SHORT_TROUBLE, policies: 'rules:ship-from-store' })
    const table = tableOf(opened, rules, SHORT_SHELVES)
    const said = stripVTControlCharacters(decisionText(table, 'EUR', 120))
    for (const { name } of read.spec.rules) expect(said).toMatch(new RegExp(`^${name} +\\d`, 'm'))
    expect(said).toMatch(/whole order from near by .* km [\d.]+ %/)
    expect(said).toMatch(/\d+ transfers? proposed, \d+ units; none is carried out/)
    expect(stripVTControlCharacters(rulesText(read.spec, rules, SHORT_SHELVES))).toContain(
      'proposes a transfer: above 1.2, below 0.3',
    )
  })
})

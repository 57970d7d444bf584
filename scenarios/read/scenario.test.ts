import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ScenarioSpec } from '../../sim/scenario-spec.ts'
import { InputError, type Problem } from './problem.ts'
import { listScenarios, loadScenario, overlay } from './scenario.ts'

const folder = mkdtempSync(join(tmpdir(), 'orrery-scenario-'))
const ids = listScenarios().map(({ id }) => id)

function problemsIn(text: string): readonly Problem[] {
  const file = join(folder, 'mine.yaml')
  writeFileSync(file, text)
  return problemsOf(() => loadScenario(file))
}

function problemsOf(act: () => unknown): readonly Problem[] {
  try {
    act()
  } catch (error) {
    if (error instanceof InputError) return error.problems
    throw error
  }
  return []
}

describe('scenarios laid over each other', () => {
  const any = fc.constantFrom(...ids).map((id) => loadScenario(id).spec)

  test('the bundled ones are what the manual promises', () => {
    expect(ids).toEqual(['blackout', 'calm', 'carrier-strike', 'peak-sale', 'storm', 'warehouse-outage'])
  })

  test('nothing that one of them does is lost or done twice', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const both = overlay([a, b])
        for (const list of ['demand', 'weather', 'warehouses', 'carriers', 'hubs', 'suppliers', 'stockErrors'] as const) {
          expect(both[list] ?? []).toEqual([...(a[list] ?? []), ...(b[list] ?? [])])
        }
      }),
    )
  })

  test('it does not matter how they are bracketed', () => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(overlay([overlay([a, b]), c])).toEqual(overlay([a, overlay([b, c])]))
      }),
    )
  })

  test('a scenario laid over nothing is itself', () => {
    fc.assert(
      fc.property(any, (a) => {
        expect(overlay([a])).toEqual(a)
      }),
    )
  })

  test('a calm day changes nothing that happens', () => {
    fc.assert(
      fc.property(any, (a) => {
        const { name: _name, about: _about, ...events } = a
        expect(overlay([loadScenario('calm').spec, a])).toMatchObject(events)
      }),
    )
  })

  test('the longest span of days holds, whichever comes first', () => {
    const short: ScenarioSpec = { name: 'short', about: '', days: 2 }
    const long: ScenarioSpec = { name: 'long', about: '', days: 9 }
    expect([overlay([short, long]).days, overlay([long, short]).days]).toEqual([9, 9])
  })

  test('"peak-sale+storm" is both, and remembers which file each part came from', () => {
    const both = loadScenario('peak-sale+storm')
    expect(both.id).toBe('peak-sale+storm')
    expect(both.spec.demand?.length).toBeGreaterThan(0)
    expect(both.spec.weather?.length).toBeGreaterThan(0)
    expect(both.parts.map(({ file }) => file.split('/').at(-1))).toEqual(['peak-sale.yaml', 'storm.yaml'])
  })
})

describe('a scenario that cannot be read', () => {
  const sound = 'name: Mine\nabout: A test.\n'

  test.each([
    ['peek-sale', /did you mean `peak-sale`/],
    ['peak-sale+strom', /did you mean `storm`/],
    ['peak-sale+', /calm, carrier-strike/],
    ['nowhere.yaml', /path of a YAML file/],
  ])('%s', (name, fix) => {
    expect(problemsOf(() => loadScenario(name))[0].fix).toMatch(fix)
  })

  test.each([
    ['an unknown key', 'wether: []\n', 3, 'wether', /unknown key `wether`/, /did you mean `weather`/],
    ['no days', 'days: 0\n', 3, 'days', /^0$/, /from 1 to 366/],
    ['a word where a number stands', 'days: five\n', 3, 'days', /"five"/, /whole number/],
    [
      'an hour that no day has',
      'hubs:\n  - { from: day 0 25:00, to: day 1 00:00, which: all, capacity: 1 }\n',
      4,
      'hubs[0].from',
      /25:00/,
      /day N HH:MM/,
    ],
    [
      'a shape that is none',
      'demand:\n  - from: day 0 00:00\n    to: day 1 00:00\n    factor: 2\n    shape: russh\n',
      7,
      'demand[0].shape',
      /russh/,
      /rush/,
    ],
    [
      'a factor left out',
      'demand:\n  - from: day 0 00:00\n    to: day 1 00:00\n',
      4,
      'demand[0].factor',
      /nothing/,
      /Demand is multiplied/,
    ],
    [
      'a negative factor',
      'demand:\n  - from: day 0 00:00\n    to: day 1 00:00\n    factor: -2\n',
      6,
      'demand[0].factor',
      /-2/,
      /at least 0/,
    ],
    [
      'a place half given',
      'weather:\n  - { from: day 0 00:00, to: day 1 00:00, radiusKm: 9, severity: 1, path: [{ east: 1 }] }\n',
      4,
      'weather[0].path[0].north',
      /nothing/,
      /0 to 1/,
    ],
    [
      'a word that selects nothing',
      'carriers:\n  - { from: day 0 00:00, to: day 1 00:00, which: al, capacity: 1 }\n',
      4,
      'carriers[0].which',
      /"al"/,
      /`all`/,
    ],
    [
      'an id outside a list',
      'hubs:\n  - { from: day 0 00:00, to: day 1 00:00, which: recife, capacity: 1 }\n',
      4,
      'hubs[0].which',
      /recife/,
      /list of ids/,
    ],
    [
      'not a number',
      'weather:\n  - { from: day 0 00:00, to: day 1 00:00, radiusKm: .nan, severity: 1, path: [{ east: 1, north: 0 }] }\n',
      4,
      'weather[0].radiusKm',
      /NaN/,
      /above 0/,
    ],
  ])('%s is told with its line, field, finding and what would do', (_, text, line, field, found, fix) => {
    const problems = problemsIn(sound + text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ line, field })
    expect(problems[0].found).toMatch(found)
    expect(problems[0].fix).toMatch(fix)
  })

  test('a mistyped key is told once, not as an unknown and a missing one', () => {
    const text = 'demand:\n  - from: day 0 00:00\n    to: day 1 00:00\n    factr: 2\n'
    expect(problemsIn(sound + text).map(({ found }) => found)).toEqual(['unknown key `factr`'])
  })

  test('an empty file and a list are not scenarios', () => {
    expect(problemsIn('')[0].found).toBe('nothing')
    expect(problemsIn('- a\n')[0].found).toMatch(/list/)
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { DOORS, doorless, ROOMS, type Source, untidy, withoutWords } from './tidy.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8')

function sources(): Source[] {
  return ROOMS.flatMap((room) => filesIn(room)).map((path) => ({ path, text: read(path) }))
}

function filesIn(folder: string): string[] {
  let entries: ReturnType<typeof entriesOf>
  try {
    entries = entriesOf(folder)
  } catch {
    return [] // A room that is not built yet.
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesIn(path)
    return /\.(ts|mjs)$/.test(entry.name) ? [path] : []
  })
}
const entriesOf = (folder: string) => readdirSync(`${root}${folder}`, { withFileTypes: true })

/** "## 12. The choice" in DECISIONS.md. */
const decisions = [...read('DECISIONS.md').matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number))

describe('the house is tidy', () => {
  test('every file keeps to the rules', () => {
    const known = new Set(decisions)
    expect(sources().flatMap((source) => untidy(source, known))).toEqual([])
  })

  test('every library has one door, and every door a library', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    expect(doorless(Object.keys(dependencies))).toEqual([])
    for (const [library, door] of Object.entries(DOORS)) expect(read(door), `${door} imports ${library}`).toContain(`'${library}`)
  })

  test('source lives in the rooms and nowhere else', () => {
    const strays = readdirSync(root).filter((name) => /\.(ts|mjs|js)$/.test(name) && name !== 'vitest.config.ts')
    expect(strays).toEqual([])
  })

  test('decisions are numbered from 1 without a gap, so that a number means one thing for ever', () => {
    expect(decisions).toEqual(decisions.map((_, i) => i + 1))
  })
})

describe('a rule that is broken names the line and what to do instead', () => {
  test.each<[string, string, string, RegExp]>([
    ['sim leaning on policies', 'sim/a.ts', `import { x } from '../policies/catalog.ts'`, /sim may lean on sim;/],
    [
      'policies leaning on scenarios',
      'policies/routing/a.ts',
      `import type { X } from '../../scenarios/plan.ts'`,
      /may lean on sim/,
    ],
    ['a policy leaning on another', 'policies/routing/a.ts', `import { x } from './nearest.ts'`, /is one of many/],
    ['scenarios leaning on viz', 'scenarios/a.ts', `import { x } from '../viz/report/report.ts'`, /scenarios imports viz/],
    ['scenarios leaning on bench', 'scenarios/a.ts', `const x = await import('../bench/small-run.ts')`, /nobody leans on it/],
    ['a test leaning on the command line', 'sim/a.test.ts', `import { x } from '../bench/cli/main.ts'`, /nobody leans on it/],
    ['a test leaning the wrong way', 'sim/a.test.ts', `import { x } from '../scenarios/clock.ts'`, /sim may lean on sim/],
    [
      'a policy picked by hand',
      'scenarios/a.ts',
      `import x from '../policies/routing/nearest.ts'`,
      /loaded by policies\/catalog/,
    ],
    ['viz knowing more than data', 'viz/a.ts', `import { loadNetwork } from '../scenarios/read/network.ts'`, /plain data only/],
    ['a library past its door', 'scenarios/a.ts', `import { parse } from 'yaml'`, /comes in through scenarios\/read\/yaml\.ts/],
    ['a part of a library past its door', 'bench/a.ts', `import { parse } from 'csv-parse/sync'`, /scenarios\/read\/csv/],
    ['a library without a door', 'scenarios/a.ts', `import lodash from 'lodash'`, /lodash has no door/],
    ['vitest outside of tests', 'sim/a.ts', `import { expect } from 'vitest'`, /for tests/],
    ['files in sim', 'sim/a.ts', `import { readFileSync } from 'node:fs'`, /not in a browser/],
    ['files in a policy', 'policies/routing/a.ts', `import 'node:fs'`, /not in a browser/],
    ['a clock in sim', 'sim/a.ts', 'const x = Date.now()', /clock; now is nowMs/],
    ['dice anywhere', 'scenarios/a.ts', 'const x = Math.random()', /cannot be repeated/],
    ['a timer in sim', 'sim/a.ts', 'setTimeout(() => {}, 1)', /schedule an event/],
    ['waiting in a policy', 'policies/routing/a.ts', 'const x = await y', /answer at once/],
    ['the machine in sim', 'sim/a.ts', 'const x = process.env.HOME', /world outside/],
    ['a write past the pen', 'sim/agents/a.ts', 'const f = ({ pen }) => { pen.onHand[3] -= 1 }', /only sim\/apply writes/],
    ['a register written past the pen', 'bench/a.ts', 'sim.pen.regs[0] = 1', /only sim\/apply writes/],
    ['the writable type', 'scenarios/a.ts', `import { type Parcel, type World } from '../sim/world.ts'`, /take a `WorldView`/],
    ['a default export', 'scenarios/a.ts', 'export default function f() {}', /name it/],
    ['a barrel', 'sim/a.ts', `export * from './world.ts'`, /import the file itself/],
    ['a barrel of names', 'sim/a.ts', `export { nowMs } from './world.ts'`, /import the file itself/],
    ['any', 'viz/a.ts', 'const f = (x: any) => x', /write `unknown`/],
    ['as any', 'viz/a.ts', 'const y = x as any', /write `unknown`/],
    ['work put off', 'sim/a.ts', 'const a = 1 // TODO: later', /without a decision/],
    ['a decision that is not there', 'sim/a.ts', 'const a = 1 // Guess; see DECISIONS 99.', /no decision 99/],
    ['nothing', 'sim/a.ts', '/** A file for later. */\n', /empty file/],
    ['a drawer for everything', 'sim/helpers.ts', 'export const a = 1', /named for an idea/],
    ['a loud name', 'sim/myThing.ts', 'export const a = 1', /kebab-case/],
  ])('%s', (_, path, text, expected) => {
    const said = untidy({ path, text: `\n\n${text}` }, new Set([1]))
    expect(said.join('\n')).toMatch(expected)
    expect(said[0]).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')}:[13] `))
  })

  test('a dependency nobody opens, and a door to nothing', () => {
    const [first, ...rest] = Object.keys(DOORS)
    expect(doorless([...rest, 'left-pad'])).toEqual([
      expect.stringMatching(/left-pad has no door/),
      expect.stringContaining(first),
    ])
  })
})

describe('what is allowed is let through', () => {
  test.each<[string, string, string]>([
    ['sim on sim', 'sim/agents/a.ts', `import { nowMs } from '../world.ts'`],
    ['handing the pen on', 'sim/agents/a.ts', 'schedule(sim.pen, p, 1, 2); setClock(pen, 3)'],
    [
      'the pen in sim/apply',
      'sim/apply/a.ts',
      `import type { World } from '../world.ts'\nexport const f = (pen: World) => { pen.regs[0] = 1 }`,
    ],
    ['a door', 'sim/random.ts', `import seedrandom from 'seedrandom'`],
    [
      'the catalogue reading folders',
      'policies/catalog.ts',
      `import { readdir } from 'node:fs/promises'\nconst x = await readdir('.')`,
    ],
    ['a test with a small world', 'sim/a.test.ts', `import { smallWorld } from '../bench/small-world.ts'`],
    ['viz reading the result', 'viz/a.ts', `import { MEASURES } from '../scenarios/result.ts'`],
    ['bench on everything', 'bench/a.ts', `import { x } from '../viz/report/report.ts'`],
    [
      'a policy as default',
      'policies/routing/a.ts',
      `import { policy } from '../../sim/policy.ts'\nexport default policy('routing', {})`,
    ],
    ['a policy leaning on the market', 'policies/routing/a.ts', `import { solveMarket } from '../market/solve.ts'`],
    [
      'words in comments and strings',
      'sim/a.ts',
      `// Date, process.env, any\nconst a = 'await Math.random() as any' + \`import('x') \${1}\``,
    ],
    ['a decision that is there', 'sim/a.ts', 'const a = 1 // Guess; see DECISIONS 1.'],
    ['any as a word of a name', 'sim/a.ts', 'const a = { company: 1, any: (x: number) => x }; a.any(2)'],
  ])('%s', (_, path, text) => {
    expect(untidy({ path, text }, new Set([1]))).toEqual([])
  })
})

describe('words are told from code', () => {
  test.each<[string, string]>([
    ["a = 'it''s' // b", "a = '  '' '     "],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text as data
    ['`a ${b + `c ${d}`} e` + f', '`  ${b + `  ${d}`}  ` + f'],
    ['a / b / c', 'a / b / c'],
    ['x = /\'[/]"/.test(y)', 'x = /     /.test(y)'],
    ['a /* b\nc */ d', 'a     \n     d'],
  ])('%s', (text, expected) => {
    expect(withoutWords(text)).toBe(expected)
  })

  test('every place stays where it was', () => {
    for (const { text } of sources()) expect(withoutWords(text).length).toBe(text.length)
  })
})

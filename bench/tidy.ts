import { posix } from 'node:path'

/**
 * The house rules as functions over source text. A rule that a compiler or Biome can hold is theirs; here is what neither knows:
 * which room may lean on which, through which door a library comes in, who may write to the world.
 */
export type Source = { readonly path: string; readonly text: string }

/** The one file that imports each library, so that it can be replaced. */
export const DOORS: Readonly<Record<string, string>> = {
  '@platformatic/kafka': 'twin/ingest/kafka.ts',
  ajv: 'scenarios/read/check.ts',
  'cli-table3': 'bench/cli/comparison-table.ts',
  commander: 'bench/cli/main.ts',
  'csv-parse': 'scenarios/read/csv.ts',
  'fastest-levenshtein': 'scenarios/read/suggest.ts',
  fastify: 'twin/server/http.ts',
  graphology: 'sim/reach.ts',
  highs: 'scenarios/highs.ts',
  hyparquet: 'scenarios/trace/parquet-read.ts',
  'hyparquet-writer': 'scenarios/trace/parquet-write.ts',
  picocolors: 'bench/cli/screen.ts',
  mqtt: 'twin/ingest/mqtt.ts',
  'prom-client': 'twin/server/metrics.ts',
  pg: 'twin/log/postgres.ts',
  piscina: 'scenarios/pool.ts',
  'read-excel-file': 'scenarios/read/xlsx.ts',
  rolldown: 'scenarios/bundle.ts',
  seedrandom: 'sim/random.ts',
  'socket.io': 'twin/live/sockets.ts',
  'socket.io-client': 'viz/console/live.ts',
  three: 'viz/console/gl.ts',
  typebox: 'scenarios/schema/type.ts',
  vite: 'twin/live/page.ts',
  yaml: 'scenarios/read/yaml.ts',
}
/** What tests and their configuration are made with; no door needed, and no place elsewhere. */
const FOR_TESTS = ['vitest', 'fast-check', 'playwright-core', 'aedes']

/** The straight line, from what leans on nothing to what leans on all. */
const LEANS_ON: Readonly<Record<string, readonly string[]>> = {
  sim: ['sim'],
  policies: ['sim', 'policies'],
  scenarios: ['sim', 'policies', 'scenarios'],
  twin: ['sim', 'policies', 'scenarios', 'twin'],
  viz: ['viz'],
  bench: ['sim', 'policies', 'scenarios', 'twin', 'viz', 'bench'],
}
export const ROOMS: readonly string[] = Object.keys(LEANS_ON)

/** What the console and the report may know of the other rooms: plain data that could have come over a wire, and how to read it. */
const SEEN_BY_VIZ = ['scenarios/result.ts', 'scenarios/compare.ts', 'twin/wire.ts']
/** What tests of every room may borrow from bench. */
const LENT_TO_TESTS = ['bench/small-world.ts', 'bench/small-run.ts']
/** Who may name the writable world: those who make it, and the record that hands it on. */
const HOLDS_THE_PEN = (path: string): boolean => path.startsWith('sim/apply/') || path === 'sim/world.ts' || path === 'sim/sim.ts'
/** A default export is how a folder becomes a register; never how a thread finds its task (see `scenarios/pool.ts`). */
const HAS_DEFAULT = (path: string): boolean =>
  /^policies\/[^/]+\/[^/]+\.ts$/.test(path) || isTest(path) || path === 'vitest.config.ts'

/** The market is no policy but a program that policies, plans and bounds share: unlike a policy it may be imported. */
const isShared = (path: string): boolean => path.startsWith('policies/market/')
const isTest = (path: string): boolean => /\.(test|fixture)\.(ts|mjs)$/.test(path)
const roomOf = (path: string): string => path.slice(0, Math.max(0, path.indexOf('/')))
/** Rooms without clock, dice or waiting; the catalogue is the door through which policies are loaded. */
const isPure = (path: string): boolean =>
  (roomOf(path) === 'sim' || roomOf(path) === 'policies') && path !== 'policies/catalog.ts' && !isTest(path)

type Import = { readonly at: number; readonly from: string; readonly typesOnly: boolean; readonly names: string }

/** Everything wrong with one file, as `path:line what; what to do instead`. `decisions` are the numbers in DECISIONS.md. */
export function untidy({ path, text }: Source, decisions: ReadonlySet<number> = new Set()): string[] {
  const code = withoutWords(text)
  const found: { at: number; says: string }[] = []
  const say = (at: number, says: string): void => {
    found.push({ at, says })
  }
  const each = (pattern: RegExp, says: (match: RegExpMatchArray) => string | null, where = code): void => {
    for (const match of where.matchAll(pattern)) {
      const said = says(match)
      if (said !== null) say(match.index, said)
    }
  }

  if (code.trim() === '') say(0, 'an empty file; write what it is for or remove it')
  if (!/^[a-z0-9.-]+$/.test(posix.basename(path))) say(0, 'a file name is kebab-case, named for the thing inside')
  if (/(^|\/)(index|types|helpers|utils|common|misc)\.ts$/.test(path))
    say(0, 'a file is named for an idea, not for a kind of code; split it by what it is about')
  for (const one of importsOf(text, code)) for (const says of wrongWith(path, one)) say(one.at, says)

  each(
    /\bexport\s*\*|\bexport\s+(?:type\s+)?\{[^}]*\}\s*from\b/g,
    () => 're-exports hide where things are; import the file itself',
  )
  if (!HAS_DEFAULT(path))
    each(/\bexport\s+default\b|\bas\s+default\b/g, () => 'a default export; name it: only policies have none')
  each(/(?:\bas|[:<|&])\s*any\b(?!\s*[:(.])|,\s*any\s*>/g, () => '`any` switches the compiler off; write `unknown` and narrow it')
  each(/\bMath\.random\b/g, () => '`Math.random` cannot be repeated; draw from sim/random.ts with a purpose of its own')
  if (isPure(path)) {
    each(/\b(?:Date|performance)\b(?!\s*:)/g, ([it]) => `\`${it}\` is a clock; now is nowMs(world), or option.nowMs in a policy`)
    each(/\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, ([it]) => `\`${it}\` is a timer; schedule an event`)
    each(/\b(?:await|async|Promise)\b/g, ([it]) => `\`${it}\` hands the order of events to the engine's loop; answer at once`)
    each(/\b(?:process|globalThis|window|console|fetch|crypto)\b\s*[.(]/g, ([it]) => {
      return `\`${it.replace(/[\s.(]/g, '')}\` is the world outside; hand in what is needed as plain data`
    })
    each(/\bimport\s*\(/g, () => 'an import at run time waits; load it in policies/catalog.ts and hand it in')
  }
  if (!HOLDS_THE_PEN(path) && !isTest(path)) {
    each(
      /\bpen\s*(?:\.|\[|\?\.)\s*[\w'"]/g,
      () => 'only sim/apply writes to the world: hand `pen` to a function there, read from `world`',
    )
  }
  each(
    /\b(?:TODO|FIXME|XXX|HACK)\b(?!.*DECISIONS \d)/g,
    ([it]) => `a ${it} without a decision; decide, write it into DECISIONS.md, and name its number`,
    path === 'bench/tidy.ts' || path === 'bench/tidy.test.ts' ? '' : text,
  )
  each(
    /\bDECISIONS(?:\.md)? (\d+)\b/g,
    ([, number]) => (decisions.has(Number(number)) ? null : `there is no decision ${number} in DECISIONS.md`),
    path === 'bench/tidy.test.ts' ? '' : text,
  )
  return found.sort((a, b) => a.at - b.at).map(({ at, says }) => `${path}:${lineAt(text, at)} ${says}`)
}

/** Libraries whose door is nowhere, or that nothing lists: the table of doors and package.json say the same. */
export function doorless(dependencies: readonly string[]): string[] {
  return [
    ...dependencies
      .filter((name) => !(name in DOORS))
      .map((name) => `package.json: ${name} has no door; add the one file that imports it to DOORS in bench/tidy.ts`),
    ...Object.keys(DOORS)
      .filter((name) => !dependencies.includes(name))
      .map((name) => `bench/tidy.ts: ${name} has a door but is no dependency; take it out of DOORS`),
  ]
}

function wrongWith(path: string, { from, typesOnly, names }: Import): string[] {
  if (from.startsWith('.')) return wrongLeaning(path, posix.join(posix.dirname(path), from), typesOnly, names)
  if (from.startsWith('node:')) {
    if (isTest(path) || !(isPure(path) || roomOf(path) === 'viz')) return []
    return [`${from} is not in a browser; ${roomOf(path)} gets what it needs as plain data`]
  }
  const library = from.startsWith('@') ? from.split('/').slice(0, 2).join('/') : from.split('/')[0]
  if (FOR_TESTS.includes(library))
    return isTest(path) || path === 'vitest.config.ts' ? [] : [`${library} is for tests; this is not one`]
  if (isTest(path) || DOORS[library] === path) return []
  const door = DOORS[library]
  return [
    door === undefined
      ? `${library} has no door; give it one file of its own and add that to DOORS in bench/tidy.ts`
      : `${library} comes in through ${door}; import that`,
  ]
}

function wrongLeaning(path: string, target: string, typesOnly: boolean, names: string): string[] {
  const [here, there] = [roomOf(path), roomOf(target)]
  // A test may lean on what lies nearer to sim, and on the small worlds.
  if (isTest(path) && (there === here || LENT_TO_TESTS.includes(target) || (there !== 'bench' && isNearer(there, here))))
    return []
  if (path === 'vitest.config.ts' || !(here in LEANS_ON)) return []
  const wrong: string[] = []
  if (here === 'viz' && there !== 'viz') {
    // Values of the result's own file are data too: the list of measures, with their words.
    if (!SEEN_BY_VIZ.includes(target) && !typesOnly) {
      wrong.push(`viz knows the other rooms by plain data only (${SEEN_BY_VIZ.join(', ')}); put the value into the result`)
    }
  } else if (!LEANS_ON[here].includes(there) && !(here === 'policies' && isShared(target))) {
    const why =
      there === 'bench'
        ? 'bench stands beside the line and nobody leans on it'
        : `${here} may lean on ${LEANS_ON[here].join(', ')}`
    wrong.push(`${here} imports ${target}: ${why}; move what is shared towards sim, or hand it in`)
  }
  if (here !== 'bench' && !isTest(path) && /^policies\/(routing|forecast|replenishment|promise)\//.test(target))
    wrong.push(`${target} is one of many; policies are named, and loaded by policies/catalog.ts`)
  if (target === 'sim/world.ts' && !HOLDS_THE_PEN(path) && !isTest(path) && /(^|[\s{,])World\s*([,}]|$)/.test(names))
    wrong.push('`World` is the pen; take a `WorldView` and hand the pen to sim/apply')
  return wrong
}

const isNearer = (there: string, here: string): boolean => ROOMS.indexOf(there) < ROOMS.indexOf(here)

function importsOf(text: string, code: string): Import[] {
  const found: Import[] = []
  const quoted = (at: number): string => text.slice(at + 1, text.indexOf(text[at], at + 1))
  for (const match of code.matchAll(/\b(?:import|export)\s+(type\s+)?([\w\s{},*]*?)\s*from\s*(?=['"])/g)) {
    const inside = match[2]
      .replace(/[{}]/g, '')
      .split(',')
      .filter((name) => name.trim() !== '')
    const typesOnly = match[1] !== undefined || (inside.length > 0 && inside.every((name) => name.trim().startsWith('type ')))
    found.push({
      at: match.index,
      from: quoted(match.index + match[0].length),
      typesOnly,
      names: match[2].replace(/\btype /g, ''),
    })
  }
  for (const match of code.matchAll(/\bimport\s*\(?\s*(?=['"])/g))
    found.push({ at: match.index, from: quoted(match.index + match[0].length), typesOnly: false, names: '' })
  return found
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** Can stand in front of a regular expression, but not of a division. */
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{};+\-*%<>~^\n]|\breturn|\btypeof|\bcase)\s*$/

/** The same text at the same places, with comments and everything between quotes blanked; what stands in `${}` is code. */
export function withoutWords(text: string): string {
  const out = text.split('')
  const blank = (from: number, to: number): void => {
    for (let i = from; i < to; i++) if (out[i] !== '\n') out[i] = ' '
  }
  // Depths of braces at which a template's `${` goes back to words.
  const templates: number[] = []
  let depth = 0
  let i = 0
  const words = (): void => {
    const from = i
    while (i < text.length && text[i] !== '`' && !(text[i] === '$' && text[i + 1] === '{')) i += text[i] === '\\' ? 2 : 1
    blank(from, Math.min(i, text.length))
    if (text[i] === '$') {
      templates.push(depth++)
      i += 2
    } else i++
  }
  while (i < text.length) {
    const [c, next] = [text[i], text[i + 1]]
    const from = i
    if (c === '/' && (next === '/' || next === '*')) {
      const end = next === '/' ? text.indexOf('\n', i) : text.indexOf('*/', i + 2) + 2
      i = end < 2 ? text.length : end
      blank(from, i)
    } else if (c === "'" || c === '"') {
      i++
      while (i < text.length && text[i] !== c) i += text[i] === '\\' ? 2 : 1
      blank(from + 1, Math.min(i, text.length))
      i++
    } else if (c === '`') {
      i++
      words()
    } else if (c === '/' && BEFORE_PATTERN.test(out.slice(Math.max(0, i - 40), i).join(''))) {
      i++
      for (let inClass = false; i < text.length && text[i] !== '\n' && (text[i] !== '/' || inClass); i++) {
        if (text[i] === '\\') i++
        else if (text[i] === '[') inClass = true
        else if (text[i] === ']') inClass = false
      }
      blank(from + 1, i)
      i++
    } else {
      if (c === '{') depth++
      if (c === '}') depth--
      i++
      if (c === '}' && templates.at(-1) === depth) {
        templates.pop()
        words()
      }
    }
  }
  return out.join('')
}

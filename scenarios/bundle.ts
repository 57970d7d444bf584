import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type PolicyId, policyFile } from '../policies/catalog.ts'

/** Left outside: it brings a file of its own, and is only loaded where somebody plans. */
const SOLVER = 'highs'

/** The text of a module, and what became of it. */
export type ThreadCode = {
  readonly code: string
  /** Why it could not be made one module and runs as it is, slower; null where it could. */
  readonly note: string | null
}

/**
 * The code of a thread, as one module with all that it imports: `open` is the export of `file` that is handed the policies by id and
 * returns the function to run tasks with. The one door to rolldown.
 *
 * Why one module: an imported number is a cell of memory to V8, read, checked and untagged at each use, and so is an imported function; in one
 * scope both are constants. It makes a run about a fifth faster (DECISIONS 37).
 */
export async function threadCode(file: URL, open: string, policies: readonly PolicyId[]): Promise<ThreadCode> {
  try {
    return { code: await inOne(entry(file, open, policies, fileURLToPath), null), note: null }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    return { code: plainCode(file, open, policies), note: `the simulator could not be bundled and runs slower: ${why}` }
  }
}

/** One place of the source, changed: for planting bugs on purpose. */
export type SourceChange = { readonly file: URL; readonly from: string; readonly to: string }

/** The same with one place of the source changed; the files stay as they are. Throws where the place is not there exactly once. */
export const changedCode = (file: URL, open: string, policies: readonly PolicyId[], change: SourceChange): Promise<string> =>
  inOne(entry(file, open, policies, fileURLToPath), change)

/**
 * A policy and all that it imports as one module, its default export the policy: what is kept so that it can be run when its file has long
 * been changed. The same source is the same text on every machine: places of files are not in it. With a `change`, as it
 * would be with one place of the source written otherwise.
 */
export async function policyCode(id: PolicyId, change: SourceChange | null = null): Promise<string> {
  const code = await inOne(`export { default } from ${JSON.stringify(fileURLToPath(policyFile(id)))}`, change)
  return code
    .split('\n')
    .filter((line) => !/^\/\/#(end)?region\b/.test(line))
    .join('\n')
}

/** The same, importing each file as it lies there: what is left where a machine has no bundler. */
export const plainCode = (file: URL, open: string, policies: readonly PolicyId[]): string =>
  entry(file, open, policies, ({ href }) => href)

function entry(file: URL, open: string, policies: readonly PolicyId[], spell: (file: URL) => string): string {
  const from = (one: URL): string => JSON.stringify(spell(one))
  const imports = policies.map((id, i) => `import p${i} from ${from(policyFile(id))}`)
  const library = policies.map((id, i) => `${JSON.stringify(id)}: p${i}`)
  return [
    `import { ${open} } from ${from(file)}`,
    `import { loadSolverFor } from ${from(new URL('./highs.ts', import.meta.url))}`,
    ...imports,
    `const library = { ${library.join(', ')} }`,
    'await loadSolverFor(library)',
    `export const runTask = ${open}(library)`,
  ].join('\n')
}

async function inOne(code: string, change: SourceChange | null): Promise<string> {
  // Loaded when it is needed: the command line starts without it.
  const { rolldown } = await import('rolldown')
  const name = 'thread-code'
  const build = await rolldown({
    input: name,
    platform: 'node',
    tsconfig: false,
    logLevel: 'silent',
    plugins: [
      {
        name,
        resolveId: (id) => {
          if (id === SOLVER) return { id: import.meta.resolve(SOLVER), external: 'absolute' }
          return id === name ? id : null
        },
        load: async (id) => {
          if (id === name) return { code, moduleType: 'js' }
          if (change === null || id !== fileURLToPath(change.file)) return null
          return { code: changed(await readFile(id, 'utf8'), change), moduleType: 'ts' }
        },
      },
    ],
  })
  try {
    const { output } = await build.generate({ format: 'esm', codeSplitting: false })
    return output[0].code
  } finally {
    await build.close()
  }
}

function changed(text: string, { file, from, to }: SourceChange): string {
  const places = text.split(from)
  if (places.length !== 2) throw new Error(`${file.pathname} has ${places.length - 1} places of: ${from}`)
  return places.join(to)
}

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml'
import { InputError } from './problem.ts'
import { GARBLED, readText } from './text-file.ts'

/** A YAML file as plain data that still knows where each value was written. */
export type YamlFile = {
  readonly value: unknown
  /** Line (first is 1) of the value at a path; for a path that is not in the file, the line of its nearest parent that is. */
  at(path: readonly (string | number)[]): number
}

/** Reads one YAML document; what cannot be read or parsed is an InputError with its line. */
export const readYaml = (file: string): YamlFile => yamlOf(file, textOf(file))

/** The same of a text that lies in no file; `file` is what its errors call it. */
export function yamlOf(file: string, text: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line)

  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error) => ({
        file,
        line: lineAt(error.pos[0]),
        field: 'YAML',
        ...wordsOf(error),
      })),
    )
  }

  return {
    value: toPlain(() => document.toJS(), file),
    at(path) {
      let node: unknown = document.contents
      let offset = document.contents?.range[0] ?? 0
      for (const key of path) {
        const step = stepInto(node, key, (alias) => (isAlias(alias) ? alias.resolve(document) : alias))
        if (step === null) break
        node = step.value
        offset = step.offset
      }
      return lineAt(offset)
    },
  }
}

function textOf(file: string): string {
  return readText(file, (found, cause) => {
    const fix = found === GARBLED ? 'save it as UTF-8' : 'give the path of a YAML file that can be read'
    return new InputError([{ file, line: null, field: 'file', found, fix }], { cause })
  })
}

/** A pair is placed where its key stands, so that a nested map is reported at its name and not at its first child. */
function stepInto(
  node: unknown,
  key: string | number,
  resolve: (node: unknown) => unknown,
): { value: unknown; offset: number } | null {
  const inside = resolve(node)
  if (isMap(inside)) {
    const pair = inside.items.find((item) => keyOf(item) === String(key))
    if (pair === undefined) return null
    return { value: pair.value, offset: offsetOf(pair.key) ?? offsetOf(pair.value) ?? 0 }
  }
  if (isSeq(inside)) {
    const item = inside.items[Number(key)]
    const offset = offsetOf(item)
    return offset === null ? null : { value: item, offset }
  }
  return null
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
}

function offsetOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[0] ?? null
}

/** An alias to nothing, or a bomb of aliases, only shows when the document is made plain. */
function toPlain(make: () => unknown, file: string): unknown {
  try {
    return make()
  } catch (cause) {
    const found = cause instanceof Error ? lowerFirst(cause.message) : String(cause)
    throw new InputError([{ file, line: null, field: 'YAML', found, fix: 'write the value out instead of using an alias' }], {
      cause,
    })
  }
}

function wordsOf({ code, message }: { code: string; message: string }): { found: string; fix: string } {
  if (code === 'MULTIPLE_DOCS')
    return { found: 'a second document', fix: 'keep one in this file, and take out the line "---" between them' }
  // The parser goes down a level for each bracket, and says that it cannot go on in the words of the engine.
  if (/call stack/i.test(message)) return { found: 'brackets in brackets without end', fix: 'write fewer levels' }
  return {
    found: lowerFirst(message),
    fix: FIXES[code] ?? 'put the YAML right here; a value with ": " or "#" in it needs quotes',
  }
}

const FIXES: { readonly [code: string]: string } = {
  TAB_AS_INDENT: 'indent with spaces',
  DUPLICATE_KEY: 'keep one of the two',
  BAD_INDENT: 'line it up with its neighbours',
  MISSING_CHAR: 'close the quote or bracket, or put a space after the colon',
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

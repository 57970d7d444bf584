import { readFileSync } from 'node:fs'
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml'
import { InputError } from './problem.ts'

/** A YAML file as plain data that still knows where each value was written. */
export type YamlFile = {
  readonly value: unknown
  /** Line (first is 1) of the value at a path; for a path that is not in the file, the line of its nearest parent that is. */
  at(path: readonly (string | number)[]): number
}

/** Reads one YAML document; what cannot be read or parsed is an InputError with its line. */
export function readYaml(file: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line)

  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error) => ({
        file,
        line: lineAt(error.pos[0]),
        field: 'YAML',
        found: error.code === 'MULTIPLE_DOCS' ? 'a second document' : lowerFirst(error.message),
        fix: fixOf(error.code),
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

function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (cause) {
    const problem = {
      file,
      line: null,
      field: 'file',
      found: readTrouble(cause),
      fix: isGarbled(cause) ? 'save it as UTF-8' : 'give the path of a YAML file that can be read',
    }
    throw new InputError([problem], { cause })
  }
}

const isGarbled = (cause: unknown): boolean =>
  cause instanceof TypeError && 'code' in cause && cause.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'

function readTrouble(cause: unknown): string {
  if (isGarbled(cause)) return 'bytes that are not UTF-8'
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EISDIR') return 'a folder'
  if (code === 'EACCES') return 'a file that may not be read'
  return String(cause)
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

function fixOf(code: string): string {
  if (code === 'TAB_AS_INDENT') return 'indent with spaces'
  if (code === 'DUPLICATE_KEY') return 'keep one of the two'
  if (code === 'BAD_INDENT') return 'line it up with its neighbours'
  if (code === 'MULTIPLE_DOCS') return 'keep one in this file, and take out the line "---" between them'
  if (code === 'MISSING_CHAR') return 'close the quote or bracket, or put a space after the colon'
  return 'put the YAML right here; a value with ": " or "#" in it needs quotes'
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

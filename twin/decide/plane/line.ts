import { bug } from '../../../sim/check.ts'
import type { Decision } from '../decision.ts'

/**
 * A decision as a line of the log: JSON, its first keys always `id`, `asked`, `key`, `order`, so that they can be found without reading it all.
 * `asked` is the digest of the body it was asked with: the same key with another body is refused, also after a restart.
 */
export function writeLine(decision: Decision, asked: string): string {
  const rest = JSON.stringify(decision)
  // `recordOf` writes id, key and order first; an index that could not find them again would lose the decision.
  if (!rest.startsWith(BEGINS)) bug('a decision does not begin with its id')
  // An id is made here, of letters and digits: it is written as it is.
  return `{"id":"${decision.id}","asked":"${asked}",${rest.slice(BEFORE_ID + decision.id.length + AFTER_ID)}\n`
}
const BEGINS = '{"id":"'
const BEFORE_ID = BEGINS.length
const AFTER_ID = '",'.length

export const readKept = (line: string): Decision => JSON.parse(line) as Decision

/** What the index of the log goes by, without parsing the line. */
export type LineHead = { readonly id: string; readonly asked: string; readonly key: string; readonly order: string }

const HEAD = /^\{"id":("(?:[^"\\]|\\.)*"),"asked":("(?:[^"\\]|\\.)*"),"key":("(?:[^"\\]|\\.)*"),"order":("(?:[^"\\]|\\.)*")/

export function headOf(line: string): LineHead {
  const found = HEAD.exec(line)
  if (found === null) throw new Error(`a line of the decision log does not begin as it should: ${line.slice(0, 60)}`)
  return { id: plain(found[1]), asked: plain(found[2]), key: plain(found[3]), order: plain(found[4]) }
}

/** The order of a line alone, which is asked for of every line there is. */
export function orderIn(line: string): string {
  // What stands in quotes has its own quotes escaped, so this can only be the key itself.
  const from = line.indexOf(ORDER) + ORDER.length
  const to = line.indexOf('"', from)
  const backslash = line.indexOf('\\', from)
  return from >= ORDER.length && (backslash < 0 || backslash > to) ? line.slice(from, to) : headOf(line).order
}
const ORDER = '","order":"'

/** Few texts have anything to be unescaped. */
const plain = (quoted: string): string => (quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1))

/** The one door to picocolors, and the only place that asks what is at the other end of the pipe. */
import { stripVTControlCharacters } from 'node:util'
import picocolors from 'picocolors'

/** Colours off when nobody looks, when NO_COLOR asks for it, or on a terminal that has none. */
const coloured = process.env.NO_COLOR ? false : process.stdout.isTTY === true && process.env.TERM !== 'dumb'

export const colour = picocolors.createColors(coloured)

/** Characters in a line of a terminal; without one there is no end to a line, unless COLUMNS sets it. */
export function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.columns || Number(process.env.COLUMNS) || Number.POSITIVE_INFINITY
}

/** Text broken between words; a word longer than a line stays whole. */
export function folded(text: string, columns: number): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && stripVTControlCharacters(longer).length > columns) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines.join('\n')
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** For people beside the result: progress, warnings, where things went. Standard output stays clean for what was asked for. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

/** As a shell must be given it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** The one door to picocolors, and the only place that asks what is at the other end of the pipe. */
import picocolors from 'picocolors'

/** Colours off when nobody looks, when NO_COLOR asks for it, or on a terminal that has none. */
const coloured = process.env.NO_COLOR ? false : process.stdout.isTTY === true && process.env.TERM !== 'dumb'

export const colour = picocolors.createColors(coloured)

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

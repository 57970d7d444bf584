import { readFileSync } from 'node:fs'
import { InputError } from '../read/problem.ts'
import type { Drawing } from './drawing.ts'

const FORMAT: Drawing['format'] = 'orrery-pareto/1'

/** A drawing that `orrery pareto --json FILE` wrote, or what is wrong with the file. */
export function readDrawing(file: string): Drawing {
  const refuse = (found: string, cause?: unknown): InputError =>
    new InputError([{ file, line: null, field: 'file', found, fix: 'name a file that `orrery pareto --json FILE` wrote' }], {
      cause,
    })
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw refuse(cause instanceof SyntaxError ? 'something that is no JSON' : 'nothing that can be read', cause)
  }
  const is = (key: string): boolean => typeof value === 'object' && value !== null && key in value
  if (!is('format') || (value as Drawing).format !== FORMAT || !is('points')) throw refuse(`no drawing of the form ${FORMAT}`)
  return value as Drawing
}

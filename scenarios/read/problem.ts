/** One thing that is wrong with a file somebody wrote, said so that they can put it right without reading our code. */
export type Problem = {
  readonly file: string
  /** First line is 1; null where the whole file is meant. */
  readonly line: number | null
  readonly field: string
  readonly found: string
  /** What would do instead. */
  readonly fix: string
}

/** Bad input that stops the work; it carries every problem found, not only the first. */
export class InputError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(formatProblem).join('\n'), options)
    this.name = 'InputError'
    this.problems = problems
  }
}

/** Bad input on the command line: one option, or one word of a command, named as it is typed. */
export const wrongOption = (field: string, found: string, fix: string): InputError =>
  new InputError([{ file: 'options', line: null, field, found, fix }])

/** One line for a terminal: `file:line  field: found …; fix`. */
export function formatProblem({ file, line, field, found, fix }: Problem): string {
  const name = file === '' ? '""' : file
  const place = line === null ? name : `${name}:${line}`
  return `${place}  ${field}: found ${found}; ${fix}`
}

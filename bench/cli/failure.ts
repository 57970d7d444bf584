import { relative } from 'node:path'
import { PolicyError } from '../../policies/catalog.ts'
import { formatProblem, InputError, type Problem } from '../../scenarios/read/problem.ts'
import { isMisbehaviour } from '../../sim/check.ts'
import { say } from './screen.ts'

export const EXIT = { ok: 0, failed: 1, badInput: 2, interrupted: 130 } as const

const PROBLEMS_MAX = 20

/** Bad input shows all that is wrong and what would do; anything else a short sentence, since a stack helps nobody who plans. */
export function reportFailure(error: unknown): number {
  if (error instanceof InputError) {
    sayProblems(error.problems)
    return EXIT.badInput
  }
  if (error instanceof PolicyError) {
    sayProblems([error])
    return EXIT.badInput
  }
  const message = error instanceof Error ? error.message : String(error)
  if (isMisbehaviour(message)) {
    say(`✗ ${message}`)
    say(
      'A policy does so by its own file or by a knob out of bounds: see policies/, and `orrery list policies` for knobs as shipped.',
    )
    return EXIT.failed
  }
  say(`orrery: something went wrong: ${message || 'no reason given'}`)
  if (process.env.ORRERY_DEBUG) say(error instanceof Error ? stackOf(error) : '')
  else say('This should not happen. ORRERY_DEBUG=1 in front of the same command shows where it came from.')
  return EXIT.failed
}

export function sayProblems(problems: readonly Problem[], mark = '✗'): void {
  for (const problem of problems.slice(0, PROBLEMS_MAX)) say(`${mark} ${shownProblem(problem)}`)
  if (problems.length > PROBLEMS_MAX) say(`… and ${problems.length - PROBLEMS_MAX} more`)
}

/** Paths are shown as they would be typed here. */
export function shownProblem(problem: Problem): string {
  if (!problem.file.startsWith('/')) return formatProblem(problem)
  const here = relative(process.cwd(), problem.file)
  return formatProblem({ ...problem, file: here !== '' && !here.startsWith('../..') ? here : problem.file })
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}

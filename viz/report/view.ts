import type { Cell, Result } from '../../scenarios/result.ts'
import { type Answer, answerOf } from './answer.ts'
import { type Formats, formatsOf } from './format.ts'

/** A contestant as the page shows it: `tone` names its colour and dash in the style sheet. */
export type Policy = {
  readonly id: string
  readonly about: string
  readonly index: number
  readonly isBaseline: boolean
  readonly tone: string
}

/** A cell beside the contestant it belongs to. */
export type Entry = { readonly policy: Policy; readonly cell: Cell }

/** One scenario with everything its part of the page needs; a policy that never finished it has no entry. */
export type Scene = {
  readonly id: string
  /** Safe as an element id, whatever the scenario is called. */
  readonly key: string
  readonly about: string
  readonly days: number
  readonly isFolded: boolean
  readonly entries: readonly Entry[]
  readonly answer: Answer
}

export type View = {
  readonly result: Result
  readonly formats: Formats
  readonly policies: readonly Policy[]
  readonly scenes: readonly Scene[]
}

const TONES = 9

export function viewOf(whole: Result): View {
  const result = withinMeasuredDays(whole)
  const baselineAt = result.contestants.findIndex(({ id }) => id === result.baseline)
  const policies = result.contestants.map(({ id, about }, index) => ({
    id,
    about,
    index,
    isBaseline: index === baselineAt,
    tone: index === baselineAt ? 'tone-base' : `tone-${(baselineAt >= 0 && index > baselineAt ? index - 1 : index) % TONES}`,
  }))
  const scenes = result.scenarios.map(({ id, about, days, foldedIntoWeek = false }, i) => {
    const entries = policies.flatMap((policy) => {
      const cell = result.cells.find(({ scenario, contestant }) => scenario === id && contestant === policy.id)
      return cell ? [{ policy, cell }] : []
    })
    return { id, key: `scenario-${i + 1}`, about, days, isFolded: foldedIntoWeek, entries, answer: answerOf(result, id) }
  })
  return { result, formats: formatsOf(result), policies, scenes }
}

/** By-hour rows end with the measured days: what is recorded after them is demand and its absence that nobody asked about. */
function withinMeasuredDays(result: Result): Result {
  const hoursOf = (id: string): number => {
    const scenario = result.scenarios.find((one) => one.id === id)
    return scenario === undefined || scenario.foldedIntoWeek ? Number.POSITIVE_INFINITY : 24 * scenario.days
  }
  const cells = result.cells.map((cell) => ({
    ...cell,
    onTimeByHour: cell.onTimeByHour.slice(0, hoursOf(cell.scenario)),
    backlogByHour: cell.backlogByHour.map((series) => series.slice(0, hoursOf(cell.scenario))),
  }))
  return { ...result, cells }
}

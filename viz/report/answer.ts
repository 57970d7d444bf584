import { differenceOf } from '../../scenarios/compare.ts'
import type { Cell, Result } from '../../scenarios/result.ts'

/**
 * What one scenario answers to "which policy keeps the promise best?":
 * - `shown`: `best` is shown to be better on time than the baseline; `rivals` are those it is not told apart from.
 * - `baseline`: every other policy is shown to be worse.
 * - `open`: nothing is shown to beat the baseline; `best` has the highest mean of the others.
 * - `alone`: one policy, nothing to compare. `unfinished`: no baseline to compare with.
 */
export type Answer =
  | {
      readonly is: 'shown'
      readonly best: Cell
      readonly baseline: Cell
      readonly rivals: readonly string[]
      readonly saver: Cell | null
    }
  | { readonly is: 'baseline'; readonly baseline: Cell; readonly saver: Cell | null }
  | {
      readonly is: 'open'
      readonly best: Cell
      readonly baseline: Cell
      readonly worse: readonly string[]
      readonly saver: Cell | null
    }
  | { readonly is: 'alone'; readonly only: Cell }
  | { readonly is: 'unfinished' }

export function answerOf(result: Result, scenario: string): Answer {
  const cells = result.cells.filter((cell) => cell.scenario === scenario)
  const baseline = cells.find(({ contestant }) => contestant === result.baseline)
  const [only] = cells
  if (only && result.contestants.length === 1) return { is: 'alone', only }
  const others = cells.filter((cell) => cell !== baseline)
  const [first] = others.toSorted(byOnTime)
  if (!baseline || !first) return { is: 'unfinished' }

  const [best] = others.filter((cell) => cell.versusBaseline.onTimeShare.verdict === 'better').toSorted(byOnTime)
  const saver = saverOf(others.filter((cell) => cell !== best))
  if (best) return { is: 'shown', best, baseline, rivals: rivalsOf(best, cells, result), saver }
  const worse = others.filter((cell) => cell.versusBaseline.onTimeShare.verdict === 'worse')
  if (worse.length === others.length) return { is: 'baseline', baseline, saver }
  return { is: 'open', best: first, baseline, worse: worse.map(({ contestant }) => contestant), saver }
}

/** How many scenarios each policy is the answer of, most first; a baseline that beats all others counts too. */
export function winsOf(answers: readonly Answer[]): { id: string; wins: number }[] {
  const winners = answers.flatMap((answer) =>
    answer.is === 'shown' ? [answer.best.contestant] : answer.is === 'baseline' ? [answer.baseline.contestant] : [],
  )
  return [...new Set(winners)]
    .map((id) => ({ id, wins: winners.filter((each) => each === id).length }))
    .toSorted((a, b) => b.wins - a.wins)
}

/**
 * Policies the best one is not told apart from, by paired differences on the same luck. The best is picked after looking, so every pair
 * in every scenario counts as looked at: Bonferroni over scenarios · k (k − 1) / 2.
 */
function rivalsOf(best: Cell, cells: readonly Cell[], { contestants, scenarios }: Result): string[] {
  const comparisons = (scenarios.length * contestants.length * (contestants.length - 1)) / 2
  const isBehind = (other: Cell) =>
    differenceOf(best.samples.onTimeShare, other.samples.onTimeShare, { better: 'higher', comparisons }).verdict === 'better'
  return cells
    .filter((cell) => cell !== best && cell.versusBaseline.onTimeShare.verdict !== 'baseline' && !isBehind(cell))
    .map(({ contestant }) => contestant)
}

/** The cheapest policy that is shown to cost less than the baseline. */
function saverOf(others: readonly Cell[]): Cell | null {
  const cheaper = others.filter((cell) => cell.versusBaseline.costPerOrder.verdict === 'better')
  return cheaper.toSorted((a, b) => a.measures.costPerOrder.mean - b.measures.costPerOrder.mean)[0] ?? null
}

function byOnTime(a: Cell, b: Cell): number {
  return b.measures.onTimeShare.mean - a.measures.onTimeShare.mean
}

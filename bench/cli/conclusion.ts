import { type Cell, MEASURES, type Measure, type MeasureId, type Result } from '../../scenarios/result.ts'
import { answerOf } from '../../viz/report/answer.ts'
import { formatDifference, formatInterval } from './figures.ts'

/**
 * What a table says, in a sentence or two: who keeps most promises, at what cost, who is not told apart from it, and who saves money
 * without being shown later. The best and its rivals are those of the report, so that the two never disagree.
 */
export function conclude(result: Result, scenario: string): string {
  const cells = result.cells.filter((cell) => cell.scenario === scenario)
  const baseline = cells.find((cell) => cell.contestant === result.baseline)
  const others = cells.filter((cell) => cell !== baseline)
  if (baseline === undefined)
    return `${result.baseline}, the baseline, has no finished replications here, so there is nothing to compare with.`
  if (cells.every(({ outcome }) => outcome.placed === 0))
    return 'Nothing was ordered in the measured days, so there is nothing to compare.'
  if (others.length === 0) return `Only ${result.baseline} was run, so there is nothing to compare it with.`

  const answer = answerOf(result, scenario)
  const punctual = answer.is === 'shown' ? answer.best : null
  const rivals = answer.is === 'shown' ? answer.rivals : []
  const thrifty = cheapest(others.filter((cell) => cell.versusBaseline.onTimeShare.verdict !== 'worse'))
  const sentences = [punctual === null ? nobodyMorePunctual(others, result) : morePunctual(punctual, baseline, rivals, result)]
  if (thrifty !== null && thrifty !== punctual) sentences.push(cheaper(thrifty, result))
  if (thrifty === null && punctual === null)
    sentences.push(`None is shown to cost less than ${result.baseline} without being late more often.`)
  return sentences.join(' ')
}

/** The cheapest of those that are shown to be cheaper at all. */
function cheapest(cells: readonly Cell[]): Cell | null {
  const cheaper = cells.filter((cell) => cell.versusBaseline.costPerOrder.verdict === 'better')
  return cheaper.sort((a, b) => a.versusBaseline.costPerOrder.mean - b.versusBaseline.costPerOrder.mean)[0] ?? null
}

function morePunctual(cell: Cell, baseline: Cell, rivals: readonly string[], result: Result): string {
  const measure = measureOf('onTimeShare')
  const onTime = `${formatInterval(cell.measures.onTimeShare, measure)} % against ${formatInterval(baseline.measures.onTimeShare, measure)} %`
  const money = measureOf('costPerOrder')
  const cost = cell.versusBaseline.costPerOrder
  const change = `${formatDifference(cost, money)} ${result.network.currency} an order`
  const price = {
    better: `and costs less: ${change}.`,
    worse: `and costs more: ${change}.`,
    baseline: '',
    'not enough evidence': `at a cost that cannot be told apart (${change}).`,
  }[cost.verdict]
  const claim = rivals.length === 0 ? 'keeps most promises' : `is shown to keep more promises than ${result.baseline}`
  const alike =
    rivals.length === 0
      ? ''
      : rivals.length === 1
        ? ` ${cell.contestant} and ${rivals[0]} are not told apart.`
        : ` ${listed(rivals)} are not told apart from it.`
  return `${cell.contestant} ${claim}: ${onTime}${rivals.length === 0 ? ` with ${result.baseline}` : ''}, ${price}${alike}`
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function nobodyMorePunctual(others: readonly Cell[], { baseline }: Result): string {
  const worse = others.filter((cell) => cell.versusBaseline.onTimeShare.verdict === 'worse').map(({ contestant }) => contestant)
  const undecided = others.length - worse.length
  if (undecided === 0) return `No policy keeps as many promises as ${baseline}.`
  if (worse.length === 0) return `No policy is shown to keep more or fewer promises than ${baseline}.`
  return `No policy is shown to keep more promises than ${baseline}; fewer are kept by ${worse.join(', ')}.`
}

function cheaper(cell: Cell, { network, baseline }: Result): string {
  const change = formatDifference(cell.versusBaseline.costPerOrder, measureOf('costPerOrder'))
  const punctuality =
    cell.versusBaseline.onTimeShare.verdict === 'better'
      ? 'and is late less often too'
      : 'without being shown to be late more often'
  return `${cell.contestant} saves most: ${change} ${network.currency} an order against ${baseline}, ${punctuality}.`
}

function measureOf<M extends MeasureId>(id: M): Measure {
  return MEASURES.find((measure) => measure.id === id) as Measure
}

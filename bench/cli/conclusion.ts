import { type Cell, MEASURES, type Measure, type MeasureId, type Result } from '../../scenarios/result.ts'
import { formatDifference, formatInterval } from './figures.ts'

/** What a table says, in a sentence or two: who keeps most promises, at what cost, and who saves money without being shown later. */
export function conclude(result: Result, scenario: string): string {
  const cells = result.cells.filter((cell) => cell.scenario === scenario)
  const baseline = cells.find((cell) => cell.contestant === result.baseline)
  const others = cells.filter((cell) => cell !== baseline)
  if (baseline === undefined)
    return `${result.baseline}, the baseline, has no finished replications here, so there is nothing to compare with.`
  if (others.length === 0) return `Only ${result.baseline} was run, so there is nothing to compare it with.`

  const punctual = best(others, 'onTimeShare')
  const thrifty = best(
    others.filter((cell) => cell.versusBaseline.onTimeShare.verdict !== 'worse'),
    'costPerOrder',
  )
  const sentences = [punctual === null ? nobodyMorePunctual(others, result) : morePunctual(punctual, baseline, result)]
  if (thrifty !== null && thrifty !== punctual) sentences.push(cheaper(thrifty, result))
  if (thrifty === null && punctual === null)
    sentences.push(`None is shown to cost less than ${result.baseline} without being late more often.`)
  return sentences.join(' ')
}

/** The best of those that are shown to be better at all. */
function best(cells: readonly Cell[], id: MeasureId): Cell | null {
  const sign = measureOf(id).better === 'higher' ? 1 : -1
  const better = cells.filter((cell) => cell.versusBaseline[id].verdict === 'better')
  return better.sort((a, b) => sign * (b.versusBaseline[id].mean - a.versusBaseline[id].mean))[0] ?? null
}

function morePunctual(cell: Cell, baseline: Cell, result: Result): string {
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
  return `${cell.contestant} keeps most promises: ${onTime} with ${result.baseline}; ${price}`
    .replace('; and', ', and')
    .replace('; at', ', at')
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

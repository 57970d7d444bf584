import { stripVTControlCharacters } from 'node:util'
import type { Drawing, Point } from '../../scenarios/pareto/drawing.ts'
import { AIMS, type Aim } from '../../scenarios/pareto/front.ts'
import { MEASURES, type Measure } from '../../scenarios/result.ts'
import { formatDifference, formatInterval, MARK } from './figures.ts'
import { formatDuration, grouped } from './progress.ts'
import { colour, folded } from './screen.ts'

const NEAR_KNEES = 3
const measureOf = (aim: Aim): Measure => MEASURES.find(({ id }) => id === aim) as Measure

/** The points a planner chooses from, cheapest first, and what is to be said of them. */
export function paretoText(drawing: Drawing, columns = Number.POSITIVE_INFINITY): string {
  const width = Math.min(columns, 140)
  const { points, scenario, network } = drawing
  const shown = points.filter((point) => point.isShipped || (point.isAllowed && point.standing !== 'beaten'))
  return [
    folded(
      `\n${colour.bold(scenario.id)}  ${colour.dim(`${scenario.about.trim()} ${scenario.days} ${scenario.days === 1 ? 'day' : 'days'} on ${network.name}.`)}`,
      columns,
    ),
    table(drawing, shown),
    '',
    ...[counts(drawing), knee(drawing), caps(drawing), ...hypervolumes(drawing)]
      .filter((text) => text !== '')
      .map((text) => folded(text, width)),
    folded(
      colour.dim(
        `Value ± half of its 95 % interval. ● on the front by its means  ○ another's means are better, but luck could have done it  ▽ beaten by more than noise, or outside a cap. Alike: points of the front that no measure tells it apart from; differences are paired and simultaneous over ${grouped(drawing.comparisons)} pairs.`,
      ),
      width,
    ),
    `\n${grouped(drawing.runs)} runs, ${grouped(drawing.orders)} orders in ${formatDuration(drawing.tookSeconds)}, seed ${drawing.seed}, digest ${drawing.digest}`,
    ...(drawing.stopped === null ? [] : [colour.yellow(`Not everything that was asked for was finished: ${drawing.stopped}`)]),
  ].join('\n')
}

function table(drawing: Drawing, shown: readonly Point[]): string {
  const { policies, network, knee: found } = drawing
  const many = policies.length > 1
  const names = [...new Set(policies.flatMap(({ knobs }) => knobs.map(({ name }) => name)))]
  const head = [
    '',
    '#',
    ...(many ? ['policy'] : names),
    ...AIMS.map((aim) => {
      const { label, unit } = measureOf(aim)
      return `${label}, ${unit === 'money' ? network.currency : unit}`
    }),
    'alike',
    '',
  ]
  const rows = shown.map((point) => [
    !point.isAllowed || point.standing === 'beaten' ? '▽' : point.standing === 'front' ? colour.green('●') : '○',
    String(point.number),
    ...(many ? [point.id] : names.map((name) => String(point.knobs[name]))),
    ...AIMS.map((aim) => formatInterval(point.measures[aim], measureOf(aim))),
    point.alike.length > 4 ? `${point.alike.slice(0, 3).join(' ')} +${point.alike.length - 3}` : point.alike.join(' '),
    remarkOn(point, found?.point ?? null),
  ])
  const all = [head, ...rows]
  const lengthOf = (text: string): number => stripVTControlCharacters(text).length
  const widths = head.map((_, c) => Math.max(...all.map((row) => lengthOf(row[c]))))
  const isText = (c: number): boolean => c === 0 || c >= head.length - 2 || head[c] === 'policy'
  const written = all.map((row) =>
    row
      .map((text, c) => {
        const gap = ' '.repeat(widths[c] - lengthOf(text))
        return isText(c) ? text + gap : gap + text
      })
      .join('  ')
      .trimEnd(),
  )
  return [colour.bold(written[0]), ...written.slice(1)].join('\n')
}

function remarkOn({ number, isShipped, isAllowed, kept, beatenBy }: Point, knee: number | null): string {
  const said = [
    ...(number === knee ? [colour.bold('knee')] : []),
    ...(isShipped ? ['as shipped'] : []),
    ...(beatenBy === null ? [] : [`beaten by ${beatenBy}`]),
    ...(isAllowed ? [] : ['outside a cap']),
    ...(isAllowed && kept === 'perhaps' ? ['cap inside its interval'] : []),
  ]
  return said.join(', ')
}

function counts({ points }: Drawing): string {
  const allowed = points.filter((point) => point.isAllowed)
  const of = (standing: Point['standing']): number => allowed.filter((point) => point.standing === standing).length
  const outside = points.length - allowed.length
  const said = [
    `${of('front')} of ${points.length} points are on the front`,
    ...(of('undecided') > 0 ? [`${of('undecided')} more could be`] : []),
    ...(of('beaten') > 0 ? [`${of('beaten')} are beaten by more than noise`] : []),
    ...(outside > 0 ? [`${outside} are outside a cap`] : []),
  ]
  return `${said.join('; ')}.`
}

function knee(drawing: Drawing): string {
  const found = drawing.knee
  if (found === null) return 'No knee: the front bends nowhere, or has fewer than three points.'
  const point = drawing.points[found.point - 1]
  const others = found.others.slice(0, NEAR_KNEES).map((other) => `${other.point} (${percent(other.share)})`)
  const rest = others.length === 0 ? '' : `, else mostly ${others.join(', ')}`
  const against = AIMS.map((aim) => {
    const { verdict } = point.versusShipped[aim]
    return `${measureOf(aim).label} ${MARK[verdict]} ${formatDifference(point.versusShipped[aim], measureOf(aim))}`
  })
  const { again } = drawing
  const other =
    again === null
      ? ''
      : ` Under other luck, which it was not picked by: ${AIMS.map((aim) => {
          const { verdict } = again.versusShipped[aim]
          return `${measureOf(aim).label} ${MARK[verdict]} ${formatDifference(again.versusShipped[aim], measureOf(aim))}`
        }).join(', ')}.`
  const shipped = point.isShipped ? '' : ` Against ${drawing.policies[0].id} as shipped: ${against.join(', ')}.`
  return `Knee: point ${colour.bold(String(found.point))}, ${point.id}; the knee in ${percent(found.share)} of resampled experiments${rest}.${shipped}${other}`
}

function caps({ caps, points }: Drawing): string {
  const asked = AIMS.some((aim) => caps[aim] !== null)
  if (!asked || points.some((point) => point.isAllowed)) return ''
  return colour.yellow('No point keeps the caps. Turn other knobs, or further (--over), or loosen a cap.')
}

function hypervolumes({ policies }: Drawing): string[] {
  const each = policies.map(
    ({ id, hypervolume: { low, mean, high } }) => `${id} ${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
  )
  return [`Hypervolume, the part of the box of outcomes that is reached, larger is better: ${each.join('; ')}.`]
}

const percent = (share: number): string => `${Math.round(100 * share)} %`

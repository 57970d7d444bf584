import type { Verdict } from '../../twin/judge/evidence.ts'
import type { RolloutPicture } from '../../twin/wire.ts'
import { EXIT } from './failure.ts'
import { colour } from './screen.ts'

/** How a rollout ended, for scripts. */
const ROLLOUT_EXIT = { promoted: EXIT.ok, held: 2, rolledBack: 3, inconclusive: 4 } as const

export const ROLLOUT_EXIT_WORDS = `Where it waits for the end, the exit code says how it ended: 0 promoted, 2 held until a person decides, 3 rolled back or
rejected, 4 ended without a conclusion.`

/** The exit code once nobody need wait any longer; null: it is still on its way by itself. */
export function endOf({ state, held, ended }: RolloutPicture): number | null {
  if (state === 'live' || state === 'settled') return held === null ? ROLLOUT_EXIT.promoted : ROLLOUT_EXIT.held
  if (state === 'rejected') return ROLLOUT_EXIT.rolledBack
  if (state === 'rolled-back') return ended?.code === 'expired' ? ROLLOUT_EXIT.inconclusive : ROLLOUT_EXIT.rolledBack
  return held !== null && !held.isPassing ? ROLLOUT_EXIT.held : null
}

/** The code of a single verdict. */
export const codeOfVerdict = ({ verdict }: Pick<Verdict, 'verdict'>): number =>
  ({
    promote: ROLLOUT_EXIT.promoted,
    hold: ROLLOUT_EXIT.held,
    'roll back': ROLLOUT_EXIT.rolledBack,
    inconclusive: ROLLOUT_EXIT.inconclusive,
  })[verdict]

/** A rollout for a terminal: the sentence first, then where it stands and by which numbers. */
export function rolloutText(picture: RolloutPicture): string {
  const { id, name, state, held, verdict, ladder, orders, harm, offPolicy, waitsFor, ended, asks, may } = picture
  const lines = [`${colour.bold(id)}  ${name}  ${colour.bold(state)}${picture.queued ? ' (queued)' : ''}`]
  if (ended !== null) lines.push(`${ended.code}: ${ended.because}`)
  if (held !== null) lines.push(colour.yellow(`Held by ${held.who} since ${moment(held.sinceMs)}: ${held.because}`))
  if (verdict !== null) lines.push(verdict.says)
  lines.push('')
  lines.push(`${picture.stable}  →  ${picture.candidate}   ${picture.unit} by ${picture.unit}, ${percent(picture.share)} now`)
  const rungs = ladder.map(({ step, isOver, sinceMs }) =>
    isOver ? colour.dim(`✓ ${step}`) : sinceMs === null ? step : colour.bold(`▸ ${step}`),
  )
  lines.push(rungs.join('   '))
  const differing = orders.differing === null ? '' : `, ${orders.differing} in which the two differ`
  lines.push(`${orders.candidate} orders of the candidate, ${orders.matured} of them certain; ${orders.all} in all${differing}`)
  lines.push(
    `harm so far at most ${Math.round(harm.orders)} of ${harm.ordersMax} orders, ${Math.round(harm.cents)} of ${harm.centsMax} cents`,
  )
  if (verdict !== null && verdict.metrics.length > 0) lines.push('', ...metricLines(verdict.metrics))
  for (const { id, orders: of, harm: said, lower, upper, isBeyond } of offPolicy) {
    const [mean, low, high] = [said, lower, upper].map((value) => Number(value.toPrecision(3)))
    lines.push(
      `off policy, of ${of} orders in the shadow: ${id} ${mean} [${low}, ${high}]${isBeyond ? ', beyond its margin' : ''}`,
    )
  }
  if (waitsFor.length > 0) lines.push('', 'Waits for:', ...waitsFor.map((one) => `  ${one}`))
  if (asks !== null) lines.push('', `A yes is asked for: ${asks}`)
  if (may.length > 0) lines.push(`You may: ${may.join(', ')}`)
  return lines.join('\n')
}

type Metric = NonNullable<RolloutPicture['verdict']>['metrics'][number]

function metricLines(metrics: readonly Metric[]): string[] {
  const rows = metrics.map(({ id, role, unit, margin, harm, lower, upper, isHarm, isNoWorse, units }) => [
    id,
    role,
    `${amount(harm, unit)} [${amount(lower, unit)}, ${amount(upper, unit)}]`,
    role === 'diagnostic' ? '' : `< ${amount(margin, unit)}`,
    isHarm ? colour.red('does harm') : isNoWorse ? colour.green('no worse') : 'not shown yet',
    `${units.candidate} / ${units.stable}`,
  ])
  const head = ['metric', 'role', 'harm [bounds]', 'margin', '', 'candidate / stable']
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)))
  return [head, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  )
}

/** Everything a verdict rests on, and who did what. */
export function explainedText(picture: RolloutPicture): string {
  const { verdict, trail } = picture
  const lines = [rolloutText(picture)]
  if (verdict !== null) {
    lines.push(
      '',
      'Because:',
      ...verdict.because.map((one) => `  ${one}`),
      `Evidence ${verdict.evidence}, as of ${moment(verdict.atMs)}`,
    )
    lines.push(`Recompute: orrery rollout evidence ${picture.id} --out bundle.json && orrery rollout replay bundle.json`)
  }
  lines.push(
    '',
    'What was done:',
    ...trail.map(({ seq, atMs, who, what, says }) => `  ${String(seq).padStart(4)}  ${moment(atMs)}  ${who}  ${what}  ${says}`),
  )
  return lines.join('\n')
}

/** A verdict computed from a bundle. */
export function verdictText({ says, because, evidence, ratio }: Verdict): string {
  return [
    says,
    ...because.map((one) => `  ${one}`),
    `  p of the arms' sizes: ${ratio.assigned.toPrecision(3)} assigned, ${ratio.exposed.toPrecision(3)} exposed, ${ratio.matured.toPrecision(3)} matured`,
    `Evidence ${evidence}`,
  ].join('\n')
}

export const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
const percent = (part: number): string => `${Math.round(part * 1000) / 10} %`

function amount(value: number, unit: Metric['unit']): string {
  if (Math.abs(value) >= 1e300) return value < 0 ? '−∞' : '∞'
  const sign = value > 0 ? '+' : ''
  if (unit === 'share') return `${sign}${(value * 100).toFixed(2)} pp`
  if (unit === 'cents') return `${sign}${value.toFixed(1)} ct`
  return `${sign}${value.toFixed(2)}${unit === 'hours' ? ' h' : ''}`
}

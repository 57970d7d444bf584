import { wrongOption } from '../../scenarios/read/problem.ts'
import { readMoment } from '../../twin/event/moment.ts'
import { amount as sized } from '../../twin/judge/says.ts'
import { plannedDoses } from '../../twin/rollout/doses.ts'
import { cardOf } from '../../twin/rollout/metrics.ts'
import type { Outlook } from '../../twin/rollout/outlook.ts'
import type { RolloutPlan } from '../../twin/rollout/plan.ts'
import { moment } from './rollout-text.ts'

const HOUR_MS = 3_600_000

/** The instant a rollout is to start at, ms since 1970. */
export function startOf(from: string | null): number {
  if (from === null) return Date.now()
  const ms = readMoment(from)
  if (!Number.isNaN(ms)) return ms
  const fix = 'write an instant with an offset, such as 2026-11-30T08:00:00-03:00'
  throw wrongOption('--from', `"${from}"`, fix)
}

/** What a rollout can find out, in a few lines. */
export function outlookText(plan: RolloutPlan, outlook: Outlook, startMs: number): string {
  const { planned, supposed, withoutShare, soonestHours, halfHours, mostHours } = outlook
  const at = (hours: number | null): string =>
    hours === null ? 'not before its end' : `${moment(startMs + hours * HOUR_MS)} (${days(hours)})`
  const lines = [
    `${plan.name}: ${plan.judge.unitsPerHour} ${plan.unit === 'order' ? 'orders' : 'units'} an hour, at most ${days(plan.maxDurationMs / HOUR_MS)}`,
    `promotion at the earliest      ${at(soonestHours)}`,
    `an equal policy, one in two    ${at(halfHours)}`,
    `an equal policy, nine in ten   ${at(mostHours)}`,
    `chance that an equal policy is promoted in time: at most ${percent(planned.power)}`,
    '',
  ]
  for (const { id, power, detects, detectsFirst } of planned.metrics) {
    const say = (harm: number): string => amount(id, plan, harm)
    lines.push(
      `${id}: shown to be no worse with ${percent(power)}; a harm of ${say(detects)} is caught with 80 % by the end, one of ${say(detectsFirst)} at ${percent(plan.steps[0].share)} alone`,
    )
  }
  for (const { id, doses, says } of plannedDoses(plan)) {
    const metric = plan.judge.metrics.find((one) => one.id === id) ?? { kind: 'mean' as const }
    const at = doses.map(({ share, everybody, seen }) => {
      const shown = share < 1 ? `, seen as ${sized(metric, seen)}` : ''
      return `${percent(share)} ${sized(metric, everybody)}${shown}`
    })
    lines.push(`${id}, as foreseen, to all orders at a share of: ${at.join('; ')}`)
    for (const one of says) lines.push(`! ${id}: ${one}`)
  }
  for (const warning of planned.warnings) lines.push(`! ${warning}`)
  if (supposed.length > 0)
    lines.push(`! supposed to be as elsewhere: ${supposed.join(', ')}; say \`usual\` in the plan for yours`)
  if (withoutShare.length > 0)
    lines.push(`! nothing can be foretold of ${withoutShare.join(', ')}: say mean and sd as \`usual\` in the plan`)
  return lines.join('\n')
}

const days = (hours: number): string => (hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 2.4) / 10} days`)
const percent = (part: number): string => `${Math.round(part * 1000) / 10} %`

function amount(id: string, plan: RolloutPlan, harm: number): string {
  if (harm >= 1e300) return 'any size at all'
  const isShare = plan.judge.metrics.some((metric) => metric.id === id && metric.kind === 'share')
  return isShare ? `${(100 * harm).toFixed(2)} pp` : `${harm.toPrecision(3)} ${cardOf(id)?.unit ?? ''}`.trim()
}

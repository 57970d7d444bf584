import type { UnitAdvice } from '../../twin/interference/advise.ts'
import type { Estimate } from '../../twin/interference/effects.ts'
import type { VirtualCanary, VirtualMetric } from '../../twin/interference/virtual-canary.ts'
import { colour } from './screen.ts'

const UNITS: Readonly<Record<VirtualMetric['metric'], readonly [factor: number, unit: string]>> = {
  late: [100, 'points late'],
  cost: [0.01, 'an order'],
  hours: [1, 'hours an order'],
}

/** The canary that was only tried: what is true, what each share would make one believe, and what to do about it. */
export function virtualText(canary: VirtualCanary, advice: UnitAdvice): string {
  const lines = [
    `${canary.candidate} beside ${canary.stable}: ${canary.replications} worlds, ${canary.orders.toLocaleString('en-GB')} orders in each of the runs. Harm is positive.`,
    '',
  ]
  for (const { metric, stable, whole, believed, shares, distortion } of canary.metrics) {
    const [factor, unit] = UNITS[metric]
    const shown = (of: Estimate): string =>
      `${signed(of.mean * factor)} [${signed(of.low * factor)}, ${signed(of.high * factor)}]`
    const tone = distortion === 'clean' ? colour.green : distortion === 'flips' ? colour.red : colour.yellow
    lines.push(`${colour.bold(metric)} (${unit}; stable ${(stable * factor).toFixed(2)})  ${tone(distortion)}`)
    lines.push(`  decides for all        ${shown(whole)}`)
    for (const { share, naive, corrected } of shares) {
      const name = percentOf(share)
      lines.push(`  ${`seen at ${name}`.padEnd(22)} ${shown(naive)}   less shared capacity ${shown(corrected)}`)
    }
    for (const { share, everybody, others } of shares)
      lines.push(`  ${`does at ${percentOf(share)}`.padEnd(22)} ${shown(everybody)} to all   ${shown(others)} to stable's own`)
    if (believed < 1) lines.push(`  of what prices of shared capacity charge ${Math.round(100 * believed)} % is borne out`)
    for (const { metric: of, blockHours, effect, daysToSee } of canary.switchbacks)
      if (of === metric)
        lines.push(
          `  ${`in blocks of ${blockHours} h`.padEnd(22)} ${shown(effect)}${daysToSee === null ? '' : `   about ${Math.max(1, Math.ceil(daysToSee))} days to see the margin`}`,
        )
    lines.push('')
  }
  if (canary.prices.length > 0)
    lines.push(
      `What one place or hand more would spare everybody: ${canary.prices.map(({ resource, metric, price }) => `${resource} ${(price * UNITS[metric][0]).toPrecision(2)} ${UNITS[metric][1].replace(' an order', '')}`).join(', ')}.`,
      '',
    )
  const unit = advice.unit === 'order' ? 'by order' : `by region and blocks of ${advice.blockHours} h`
  const upTo = advice.orderUpTo === null ? '' : `, or to see harm up to ${percentOf(advice.orderUpTo)}`
  lines.push(`${colour.bold('Advice')}: ${unit}${advice.safetyOnly ? `; by order only to roll back${upTo}` : ''}.`)
  for (const reason of advice.because) lines.push(`  ${reason}`)
  return lines.join('\n')
}

const percentOf = (share: number): string => `${Math.round(share * 1000) / 10} % of orders`

/** What a plan keeps of it, to be put under each metric: said before the first order, never changed after. */
export function foreseenText({ metrics }: VirtualCanary): string {
  return metrics
    .map(({ metric, whole, shares }) => {
      const { bias } = shares[0]
      const doses = shares.map(
        ({ share, everybody, naive }) =>
          `        - { share: ${share}, everybody: ${everybody.mean.toPrecision(4)}, seen: ${naive.mean.toPrecision(4)} }`,
      )
      return `  - id: ${metric}\n    foreseen:\n      effect: ${whole.mean.toPrecision(4)}\n      sd: ${whole.sd.toPrecision(3)}\n      bias: ${bias.mean.toPrecision(4)}\n      biasSd: ${bias.sd.toPrecision(3)}\n      doses:\n${doses.join('\n')}`
    })
    .join('\n')
}

const signed = (value: number): string => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`

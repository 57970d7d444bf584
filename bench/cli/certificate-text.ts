import type { Certificate, ConfirmedScenario, Effect, MeasuredId } from '../../scenarios/select/certificate.ts'
import { colour } from './screen.ts'

/** A certificate for people: the verdict first, then the race, then what fresh luck said, scenario by scenario. */
export function certificateText(certificate: Certificate): string {
  const { verdict, because, question, selection, confirmation, predicted, digest } = certificate
  const { currency } = question.network
  const isCertified = verdict === 'certified'
  const lines = [
    `${isCertified ? colour.green('✓') : colour.red('✗')} ${colour.bold(verdict.toUpperCase())}: ${because[0]}`,
    ...because.slice(1).map((text) => `  ${text}`),
    '',
    `${colour.bold('Race')} in ${question.scenario.id} by ${question.by}, differences from ${figure(question.by, question.delta, currency)} on: ${selection.runs} runs, ${selection.replications} replications at the end`,
    ...selection.means.map(({ policy, replications, mean }) => {
      const out = selection.dropped.find((one) => one.policy === policy)
      const end = out === undefined ? (policy === selection.winner ? 'best' : 'still in') : `out after ${out.at}, by ${out.by}`
      return `  ${policy.padEnd(widest(selection.means.map((one) => one.policy)))}  ${figure(question.by, mean, currency)} over ${replications}  ${end}`
    }),
  ]
  if (confirmation !== null) {
    lines.push(
      '',
      `${colour.bold('Fresh luck')}, ${confirmation.replications} replications: ${selection.winner} minus ${question.stable}, 95 %`,
    )
    for (const scenario of confirmation.scenarios) lines.push(...scenarioLines(scenario, currency))
  }
  if (predicted !== null) {
    const effects = (['onTimeShare', 'costPerOrder'] as const).map((id) => `${id} ${between(id, predicted[id], currency)}`)
    lines.push('', `A rollout may expect: ${effects.join(', ')}`)
  }
  lines.push('', colour.dim(`seed ${question.seed}, ${digest}`))
  return lines.join('\n')
}

function scenarioLines({ id, role, effects, checks }: ConfirmedScenario, currency: string): string[] {
  return [
    `  ${colour.bold(id)} (${role})`,
    ...checks.map(({ measure, says, upper, margin, holds }) => {
      const mark = holds ? colour.green('✓') : colour.red('✗')
      return `    ${mark} ${measure} ${says}: ${between(measure, effects[measure], currency)}; harm below ${figure(measure, upper, currency)}, wanted below ${figure(measure, margin, currency)}`
    }),
  ]
}

function figure(measure: MeasuredId, value: number, currency: string): string {
  return measure === 'onTimeShare' ? `${(100 * value).toFixed(2)} pp` : `${value.toFixed(3)} ${currency}`
}

function between(measure: MeasuredId, { mean, low, high }: Effect, currency: string): string {
  return `${figure(measure, mean, currency)} [${figure(measure, low, currency)}, ${figure(measure, high, currency)}]`
}

const widest = (words: readonly string[]): number => Math.max(...words.map((word) => word.length))

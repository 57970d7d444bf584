import { intervalOf } from '../../scenarios/compare.ts'
import { EPSILONS } from '../../scenarios/hindsight/accuracy.ts'
import { CAUSES } from '../../scenarios/hindsight/cause.ts'
import type { Hindsight, Measured } from '../../scenarios/hindsight/hindsight.ts'
import { halfWidthOf } from '../../scenarios/result.ts'

/** One replication looked back at, with what the baseline's cost differs by under other luck (a part of it). */
export type Look = Hindsight & { readonly noise: number }

/** What was found, for a terminal: the certificate, then three tables with a line for each policy; ± over replications where there are several. */
export function hindsightText(looks: readonly Look[], currency: string): string {
  const [{ policies, baseline }] = looks
  const names = policies.map(({ policy }) => policy)
  const of = (name: string, value: (one: Measured) => number): number[] =>
    looks.map(({ policies: those }) => value(those.find(({ policy }) => policy === name) ?? those[0]))
  const cell = (name: string, value: (one: Measured) => number, show: (value: number) => string): string =>
    within(of(name, value), show)
  const table = (head: readonly string[], columns: readonly ((name: string) => string)[]): string =>
    aligned([['policy', ...head], ...names.map((name) => [name, ...columns.map((column) => column(name))])])
  const pc = (value: (one: Measured) => number) => (name: string) => cell(name, value, percent)
  const cents = (value: (one: Measured) => number) => (name: string) => cell(name, value, money)
  return [
    certificateText(looks, currency),
    table(
      ['cost', 'shipping', 'late', 'undelivered', 'gap %', 'capture %', 'in time %', 'worst zones %', 'split %', 'kg CO2e'],
      [
        cents((one) => one.costCents),
        cents((one) => one.shippingCents),
        cents((one) => one.lateCents),
        cents((one) => one.undeliveredCents),
        pc((one) => one.gap),
        (name) => (name === baseline ? 'baseline' : cell(name, (one) => one.capture, percent)),
        pc((one) => one.onTime.all),
        pc((one) => one.onTime.worstDecile),
        pc((one) => one.splitShare),
        (name) =>
          cell(
            name,
            (one) => one.co2Grams / 1000,
            (kg) => kg.toFixed(3),
          ),
      ],
    ),
    `Share of choices within ε of the best at the prices of hindsight, all orders / contested ones (${within(
      looks.map(({ contested }) => contested),
      percent,
    )} % of them)`,
    table(
      EPSILONS.map((epsilon) => `ε ${100 * epsilon} %`),
      EPSILONS.map(
        (_, e) => (name: string) =>
          `${cell(name, (one) => one.accuracy.all[e], percent)} / ${cell(name, (one) => one.accuracy.contested[e], percent)}`,
      ),
    ),
    'Late, % of all orders: in time by another option alone; by the plan of hindsight; believed in time when chosen (pseudo-optimal), and of these in time by another option; hours these were late; what made orders late; regret',
    table(
      ['late', 'avoidable', 'system', 'believed', 'and avoidable', 'hours', ...CAUSES.map(({ id }) => id), 'regret'],
      [
        pc((one) => one.pseudoOptimal.late),
        pc((one) => one.pseudoOptimal.avoidable),
        pc((one) => one.pseudoOptimal.system),
        pc((one) => one.pseudoOptimal.believed),
        pc((one) => one.pseudoOptimal.believedAvoidable),
        (name) =>
          cell(
            name,
            (one) => one.pseudoOptimal.meanDelayHours,
            (hours) => hours.toFixed(1),
          ),
        ...CAUSES.map(({ id }) => pc((one) => one.pseudoOptimal.causes[id])),
        pc((one) => one.pseudoOptimal.regret),
      ],
    ),
  ].join('\n\n')
}

function certificateText(looks: readonly Look[], currency: string): string {
  const [{ baseline, holdsForAll }] = looks
  const all = (value: (look: Look) => number): number[] => looks.map(value)
  const orders = Math.round(all(({ orders }) => orders).reduce((sum, one) => sum + one, 0) / looks.length).toLocaleString('en-US')
  const scope = holdsForAll
    ? 'No routing of these orders could have cost less.'
    : 'Shelves were refilled, and other routing may send for other goods: the bound holds for the policies below.'
  const plan = Number.isNaN(looks[0].planCents)
    ? 'No plan of whole orders was made.'
    : `A plan of whole orders in the same hands, trucks and stock costs ${within(
        all(({ planCents }) => planCents),
        money,
      )}: width ${within(
        all(({ width }) => width),
        (share) => (100 * share).toFixed(3),
      )} %.`
  const bound = within(
    all(({ boundCents }) => boundCents),
    money,
  )
  const noise = within(
    all((look) => look.noise),
    (share) => (100 * share).toFixed(2),
  )
  return [
    `${orders} orders. Nothing below ${bound} ${currency} an order. ${plan} ${scope}`,
    `The bound knows the weather, the breakdowns and each parcel's luck beforehand, and leaves out queues at hubs and stations. ${baseline} under other luck differs by ${noise} % of its cost: less than that between two policies is noise.`,
  ].join('\n')
}

const percent = (share: number): string => (Number.isFinite(share) ? (100 * share).toFixed(1) : '–')
const money = (cents: number): string => (cents / 100).toFixed(2)

/** A mean, and half of its 95 % interval where there are several. */
function within(values: readonly number[], show: (value: number) => string): string {
  if (values.length === 1) return show(values[0])
  const known = values.filter(Number.isFinite)
  if (known.length === 0) return '–'
  const interval = intervalOf(known)
  const half = halfWidthOf(interval)
  return half === null ? show(interval.mean) : `${show(interval.mean)} ± ${show(half)}`
}

function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)))
  return lines
    .map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '))
    .join('\n')
}

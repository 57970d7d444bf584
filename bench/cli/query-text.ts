import { lawsInWords } from '../../twin/fidelity/laws.ts'
import type { StandsOn } from '../../twin/futures/stands-on.ts'
import type { Answer, Row } from '../../twin/state/answer.ts'
import { offsetMinutes } from './clock-offset.ts'
import { grouped } from './progress.ts'
import { colour } from './screen.ts'

/** An answer, with what it stands on where it looks ahead. */
export type Answered = Answer & { readonly standsOn: StandsOn | null }

/** An answer as a planner reads it: instants by the network's own clocks. */
export function answerText(answered: Answered, offset: string): string {
  const { rows, more, standsOn } = answered
  const table = rows.length === 0 ? 'None.' : standsOn === null ? known(rows) : foreseen(rows, offset)
  const parts = [lookedAt(answered, offset), table, ...(more ? ['There are more: raise the limit.'] : [])]
  return [...parts, ...(standsOn === null ? [] : footing(answered, standsOn, offset))].join('\n')
}

/** "2026-11-22 14:00", by clocks that are so far ahead of UTC. */
const localTime = (ms: number, offset: string): string =>
  new Date(ms + offsetMinutes(offset) * 60_000).toISOString().slice(0, 16).replace('T', ' ')

function lookedAt({ lookedAt: instants, standsOn }: Answered, offset: string): string {
  const [first, last] = [instants[0], instants[instants.length - 1]]
  if (instants.length === 1) return `At ${localTime(first, offset)} (${offset}):`
  const what = standsOn === null ? `looked at ${instants.length} times` : 'hour by hour'
  return `From ${localTime(first, offset)} to ${localTime(last, offset)} (${offset}), ${what}:`
}

const percent = (part: unknown): string => `${Math.round(Number(part) * 100)} %`

function foreseen(rows: readonly Row[], offset: string): string {
  const cells = rows.map(({ warehouse, zone, service, id, p, low, high, mostAtMs, pThen, sure }) => [
    String(warehouse ?? zone ?? service ?? id),
    percent(p),
    `${percent(low)} to ${percent(high)}`,
    mostAtMs === undefined ? '' : `${localTime(Number(mostAtMs), offset)} (${percent(pThen)})`,
    sure === true ? '' : 'not sure',
  ])
  return aligned([[subjectOf(rows[0]), 'odds', '90 % interval', 'most often at', ''], ...cells])
}

const subjectOf = (row: Row): string =>
  (['zone', 'service', 'id'] as const).find((name) => name in row)?.replace('id', 'order') ?? 'site'

function known(rows: readonly Row[]): string {
  // What is nowhere told, or nowhere more than 0, only takes room.
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((field) =>
    rows.some((row) => row[field] != null && row[field] !== 0),
  )
  const cell = (value: Row[string] | undefined): string =>
    value == null ? '–' : typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value)
  return aligned([fields, ...rows.map((row) => fields.map((field) => cell(row[field])))])
}

function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)))
  return lines
    .map((line, at) => {
      const text = line
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd()
      return at === 0 ? colour.dim(text) : text
    })
    .join('\n')
}

/** What the odds stand on, and what they cannot say. */
function footing({ rows, undecided }: Answered, on: StandsOn, offset: string): string[] {
  const told = Object.entries(on.told).map(([what, pieces]) => `${what} ${pieces}`)
  const lines = ['']
  if (undecided.length > 0)
    lines.push(
      `Not among them, but ${on.replications} futures cannot rule them out: ${undecided.slice(0, 12).join(', ')}` +
        `${undecided.length > 12 ? ` and ${undecided.length - 12} more` : ''}.`,
    )
  if (undecided.length > 0 || rows.some(({ sure }) => sure === false))
    lines.push(
      '"Not sure" and "cannot rule out": the interval lies on both sides of the odds that were asked for; more replications make it narrower.',
    )
  lines.push(
    `Stands on ${on.replications} futures of ${on.hours} h (seed ${on.seed}) of ${on.network} as it was known at ` +
      `${localTime(Date.parse(on.asOf), offset)}, decided by ${on.policies}` +
      `${on.scenario === null ? '' : `, with ${on.scenario} laid over it`}${told.length === 0 ? '' : `, told to hold now: ${told.join(', ')}`}.`,
    `By ${on.laws === null ? 'laws that nobody noted' : lawsInWords(on.laws)}${STANDING_SAYS[on.laws?.standing ?? 'new']}`,
  )
  for (const [what, times] of Object.entries(on.leftOut))
    lines.push(`${colour.yellow('!')} left out: ${what}, ${grouped(times)} times`)
  return lines
}

/** How far its forecasts may be believed, by how they stood. */
export const STANDING_SAYS: Readonly<Record<NonNullable<NonNullable<StandsOn['laws']>['standing']>, string>> = {
  new: '; no forecast of it has been held against what then happened yet (`orrery fidelity`).',
  trusted: '; its forecasts have held.',
  watched: `; ${colour.yellow('its last forecasts were poor')} (\`orrery fidelity\` says where).`,
  recalibrated: '; its forecasts since have not been judged yet.',
  quarantined: `; ${colour.red('its forecasts did not hold: do not rely on it')} (\`orrery fidelity\` says where).`,
}

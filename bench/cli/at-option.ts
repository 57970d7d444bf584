import { wrongOption } from '../../scenarios/read/problem.ts'
import { readMoment } from '../../twin/event/moment.ts'

/** The instant that `--at` names, ms since 1970; null where it names none. */
export function instantIn(at: string | null): number | null {
  const ms = at === null ? null : readMoment(at)
  if (Number.isNaN(ms)) throw wrongOption('--at', `\`${at}\``, 'write it as 2026-11-11T20:00:00-03:00')
  return ms
}

import { availableParallelism } from 'node:os'
import { threadCode } from '../scenarios/bundle.ts'
import { openPool } from '../scenarios/pool.ts'
import type { Played } from './canary/play.ts'
import { hourBy, percent, type Share, shareOf, shown } from './canary/tally.ts'
import type { CanaryTask } from './canary/thread.ts'
import { HORIZON, WORLDS } from './canary/world.ts'
import { atLeast, atMost, type Target } from './target.ts'

/** Canaries of a world, in full and with --quick. Dear worlds get fewer, and what is held to 10,000 gets them. */
const COUNTS: Readonly<Record<string, readonly [number, number]>> = {
  'at the margin': [10_000, 240],
  '1 pp worse': [10_000, 240],
  equal: [10_000, 240],
  'equal, three in ten differ': [2_000, 120],
  'eight guardrails': [10_000, 60],
  '2 % at 5 %': [2_000, 200],
  '1 pp at 5 %': [2_000, 100],
  '2 % at 1 %': [2_000, 100],
  'one in ten differs': [2_000, 100],
  cost: [400, 20],
  'cost with forecast': [400, 20],
  'no loss': [10_000, 1_000],
  'a fifth lost': [2_000, 200],
}
const OF_TRAPS: readonly [number, number] = [10_000, 150]
/** Canaries to a task of a thread. */
const CHUNK = 10
const SEED = 'canaries'

/**
 * Operating characteristics of the judge: how often it is wrong, and how soon right, over simulated canaries that are looked at every hour. Outcomes
 * take 48 h; shares rise by a day each; for 50 hours in the middle of the climb both arms are worse. What is counted is what a rollout would have done.
 */
export const benchmark = {
  name: 'canary',
  about: 'The judge over simulated canaries, looked at every hour: false promotions, false alarms, hours until harm is seen.',
  async run({ quick, onProgress }: { quick: boolean; onProgress: (text: string) => void }) {
    const { code, note } = await threadCode(new URL('./canary/thread.ts', import.meta.url), 'openCanaryThread', [])
    const { signal } = new AbortController()
    const workers = availableParallelism()
    const pool = openPool<CanaryTask, Played[]>({ code, workers, data: { seed: SEED }, signal, onRetry: onProgress })
    const played = new Map<string, readonly Played[]>()
    try {
      for (const { id } of WORLDS) {
        const count = (COUNTS[id] ?? OF_TRAPS)[quick ? 1 : 0]
        onProgress(`${count.toLocaleString('en-US')} canaries: ${id}`)
        const tasks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => {
          return { world: id, from: i * CHUNK, to: Math.min(count, (i + 1) * CHUNK) }
        })
        played.set(id, (await Promise.all(tasks.map((task) => pool.run(task)))).flat())
      }
    } finally {
      await pool.close()
    }
    const of = (id: string): readonly Played[] => played.get(id) ?? []
    const found = Object.fromEntries(WORLDS.map(({ id }) => [id, characteristicsOf(of(id))]))
    return {
      targets: targetsOf(of),
      notes: [...(note === null ? [] : [note]), ...notesOf(of)],
      found: { text: textOf(found), data: found },
    }
  },
}

type Characteristics = {
  readonly canaries: number
  readonly promoted: Share
  readonly rolledBack: Share
  readonly harm: Share
  readonly better: Share
  readonly ratioAlarm: Share
  readonly missingAlarm: Share
  readonly medianHours: Readonly<Record<'promoted' | 'harm' | 'ratioAlarm', number | null>>
}

function characteristicsOf(played: readonly Played[]): Characteristics {
  const share = (key: 'promoted' | 'rolledBack' | 'harm' | 'better' | 'ratioAlarm' | 'missingAlarm') =>
    shareOf(played, (one) => one[key] !== null)
  const median = (key: 'promoted' | 'harm' | 'ratioAlarm') => {
    const hours = hourBy(played, 0.5, (one) => one[key])
    return Number.isFinite(hours) ? hours : null
  }
  return {
    canaries: played.length,
    promoted: share('promoted'),
    rolledBack: share('rolledBack'),
    harm: share('harm'),
    better: share('better'),
    ratioAlarm: share('ratioAlarm'),
    missingAlarm: share('missingAlarm'),
    medianHours: { promoted: median('promoted'), harm: median('harm'), ratioAlarm: median('ratioAlarm') },
  }
}

/** Hours that count from the first matured order on. */
const matured = (hour: number | null): number | null => (hour === null ? null : hour - HORIZON)
const TEN_DAYS = 240

function targetsOf(of: (id: string) => readonly Played[]): Target[] {
  const share = (id: string, happened: (one: Played) => boolean): number => 100 * shareOf(of(id), happened).share
  const median = (id: string, hour: (one: Played) => number | null): number =>
    finite(hourBy(of(id), 0.5, (one) => matured(hour(one))))
  const promoted = (one: Played): boolean => one.promoted !== null
  const inTenDays = (one: Played): boolean => one.promoted !== null && one.promoted <= TEN_DAYS + HORIZON
  const harm = (one: Played): number | null => one.harm
  const targets = [
    atMost('promoted, though worse by just the margin (0.5 pp)', share('at the margin', promoted), '%', 5),
    atMost('promoted, though worse by 1 pp', share('1 pp worse', promoted), '%', 1),
    atLeast(
      'an equal policy promoted within ten days of matured orders, 833 an hour, through a peak',
      share('equal', inTenDays),
      '%',
      90,
    ),
    atLeast(
      'an equal policy that decides otherwise for three orders in ten, promoted within ten days of its start',
      share('equal, three in ten differ', (one) => one.promoted !== null && one.promoted <= TEN_DAYS),
      '%',
      90,
    ),
    atMost(
      'equal in eight guardrails, and rolled back',
      share('eight guardrails', (one) => one.rolledBack !== null),
      '%',
      5,
    ),
    atMost(
      'equal, and rolled back',
      share('equal', (one) => one.rolledBack !== null),
      '%',
      5,
    ),
    atMost(
      'alarms of arm sizes where nothing is lost',
      share('no loss', (one) => one.ratioAlarm !== null),
      '%',
      0.1,
    ),
    atMost('2 % fewer in time, 5 % share: median until harm is seen', median('2 % at 5 %', harm), 'h after maturity', 24),
    atMost('1 pp fewer in time, 5 % share: median', median('1 pp at 5 %', harm), 'h after maturity', 77),
    atMost('2 % fewer in time, 1 % share: median', median('2 % at 1 %', harm), 'h after maturity', 95),
    atMost(
      '0.5 pp fewer in time, one order in ten differs, 5 % share: median',
      median('one in ten differs', harm),
      'h after maturity',
      90,
    ),
    atMost('2 % dearer, 5 % share: median', median('cost', harm), 'h after maturity', 163),
    atMost(
      '2 % dearer, with a forecast of the cost (R² 0.75): median',
      median('cost with forecast', harm),
      'h after maturity',
      60,
    ),
    atMost(
      'a fifth of the outcomes lost silently, 5 % share: median',
      median('a fifth lost', (one) => one.ratioAlarm),
      'h after maturity',
      20,
    ),
  ]
  for (const { id } of WORLDS.filter(({ until }) => until === 'sides')) {
    targets.push(
      atMost(
        `${id} in time, equal, 1 % share: alarms that it is worse`,
        share(id, (one) => one.harm !== null),
        '%',
        5,
      ),
    )
    targets.push(
      atMost(
        `${id} in time, equal, 1 % share: alarms that it is better`,
        share(id, (one) => one.better !== null),
        '%',
        5,
      ),
    )
  }
  return targets
}

/** Never is shown as no measurement: a target that is not met. */
const finite = (hours: number): number => (Number.isFinite(hours) ? hours : Number.NaN)

function notesOf(of: (id: string) => readonly Played[]): string[] {
  const equal = of('equal')
  const start = shareOf(equal, (one) => one.promoted !== null && one.promoted <= TEN_DAYS)
  return [
    `an equal policy, counted from its first order: ${shown(start)} within ten days, median ${hourBy(equal, 0.5, (one) => one.promoted)} h, of which ${HORIZON} h are the horizon of an outcome`,
    `looks that could lead to nothing are told by a bound and not judged; bench/canary/canary.test.ts shows that the judge holds at each`,
  ]
}

function textOf(found: Readonly<Record<string, Characteristics>>): string {
  const lines = Object.entries(found).map(([id, one]) => {
    const parts = [
      `promoted ${shown(one.promoted)}`,
      `rolled back ${shown(one.rolledBack)}`,
      `harm seen ${percent(one.harm.share)}`,
    ]
    if (one.better.count > 0) parts.push(`called better ${shown(one.better)}`)
    if (one.ratioAlarm.count > 0) parts.push(`alarm of sizes ${shown(one.ratioAlarm)}`)
    return `${id}: ${parts.join(', ')}`
  })
  return lines.join('\n')
}

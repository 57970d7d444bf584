import { availableParallelism } from 'node:os'
import { threadCode } from '../scenarios/bundle.ts'
import { openPool } from '../scenarios/pool.ts'
import { InputError } from '../scenarios/read/problem.ts'
import { PEER_RULES, type PeerRule } from './canary/peers.ts'
import type { Played } from './canary/play.ts'
import { spilloverTargets, spilloverText, warnings } from './canary/spillover.ts'
import { hourBy, percent, type Share, shareOf, shown } from './canary/tally.ts'
import type { CanaryTask } from './canary/thread.ts'
import { HORIZON, WORLDS } from './canary/world.ts'
import { atLeast, atMost, type Target } from './target.ts'

/** Canaries of a world, in full and with --quick. Dear worlds get fewer, and what is held to 10,000 gets them. */
const COUNTS: Readonly<Record<string, readonly [number, number]>> = {
  'at the margin': [10_000, 240],
  '1 pp worse': [10_000, 240],
  equal: [10_000, 240],
  'at the margin, a tenth of the late ones missing': [2_000, 60],
  'at the margin, 100/h': [2_000, 100],
  '1 pp worse, 100/h': [2_000, 100],
  'equal, 100/h': [2_000, 60],
  'equal, three in ten differ': [2_000, 120],
  'eight guardrails': [3_000, 60],
  '2 % at 5 %': [2_000, 200],
  '1 pp at 5 %': [2_000, 100],
  '2 % at 1 %': [2_000, 100],
  '10 pp at 1 %': [2_000, 200],
  'one in ten differs': [2_000, 100],
  cost: [400, 20],
  'cost with forecast': [400, 20],
  'signs: equal, 1 %': [2_000, 40],
  'signs: equal, 5 %': [2_000, 40],
  'no loss': [10_000, 1_000],
  'a fifth lost': [2_000, 200],
}
const OF_TRAPS: readonly [number, number] = [10_000, 150]
const OF_SIGNS: readonly [number, number] = [400, 30]
const countOf = (id: string): readonly [number, number] => COUNTS[id] ?? (id.startsWith('signs: ') ? OF_SIGNS : OF_TRAPS)
/** Canaries to a task of a thread. */
const CHUNK = 10
const SEED = 'canaries'

type Asked = {
  readonly quick: boolean
  readonly only: readonly string[] | null
  /** At most so many canaries of each world. */
  readonly canaries: number | null
  readonly onProgress: (text: string) => void
}

/**
 * Operating characteristics of the judge: how often it is wrong, and how soon right, over simulated canaries that are looked at every hour. Outcomes
 * take 48 h; shares rise by a day each; for 50 hours in the middle of the climb both arms are worse. What is counted is what a rollout would have done.
 * And of the virtual canary: how often it warns where shared capacity spoils a comparison of orders, and where it does not.
 */
export const benchmark = {
  name: 'canary',
  about:
    'The judge over simulated canaries, looked at every hour: false promotions, false alarms, hours until harm is seen; and warnings of the virtual canary, right and wrong.',
  takes: ['only', 'canaries'],
  async run({ quick, only, canaries, onProgress }: Asked) {
    const parts = partsOf(only, quick)
    const judged = parts.includes('judge') ? await judgedCanaries(quick, canaries, onProgress) : null
    const warned = parts.includes('interference') ? await warnings(onProgress) : null
    return {
      targets: [...(judged?.targets ?? []), ...(warned === null ? [] : spilloverTargets(warned))],
      notes: judged?.notes ?? [],
      found: {
        text: [...(judged === null ? [] : [judged.text]), ...(warned === null ? [] : [spilloverText(warned)])].join('\n\n'),
        data: { ...judged?.data, ...(warned === null ? {} : { interference: warned }) },
      },
    }
  },
}

const PARTS: readonly string[] = ['judge', 'interference']

/** What is measured: what was named; else all, and in a hurry the judge. */
function partsOf(only: readonly string[] | null, quick: boolean): readonly string[] {
  const strange = only?.find((one) => !PARTS.includes(one))
  if (strange === undefined) return only ?? (quick ? ['judge'] : PARTS)
  const fix = `name ${PARTS.join(' or ')}, or leave it out`
  throw new InputError([{ file: 'bench canary', line: null, field: '--only', found: strange, fix }])
}

async function judgedCanaries(quick: boolean, most: number | null, onProgress: (text: string) => void) {
  const { code, note } = await threadCode(new URL('./canary/thread.ts', import.meta.url), 'openCanaryThread', [])
  const { signal } = new AbortController()
  const workers = availableParallelism()
  const pool = openPool<CanaryTask, Played[]>({ code, workers, data: { seed: SEED }, signal, onRetry: onProgress })
  const played = new Map<string, readonly Played[]>()
  try {
    for (const { id } of WORLDS) {
      const count = Math.min(most ?? Number.POSITIVE_INFINITY, countOf(id)[quick ? 1 : 0])
      const tell = progressOf(count, id, onProgress)
      const tasks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => {
        return { world: id, from: i * CHUNK, to: Math.min(count, (i + 1) * CHUNK) }
      })
      const runs = tasks.map(async (task) => {
        const some = await pool.run(task)
        tell(some.length)
        return some
      })
      played.set(id, (await Promise.all(runs)).flat())
    }
  } finally {
    await pool.close()
  }
  const of = (id: string): readonly Played[] => played.get(id) ?? []
  const found = Object.fromEntries(WORLDS.map(({ id }) => [id, characteristicsOf(of(id))]))
  return {
    // Fewer than what targets are held to say a share to some per cent only.
    targets: targetsOf(of, quick || most !== null),
    notes: [...(note === null ? [] : [note]), ...notesOf(of)],
    text: `${textOf(found)}\n\n${peersText(of)}`,
    data: { worlds: found, peers: peersOf(of) },
  }
}

/** Says what is begun, and how far it is: once every 20 s, so that nobody takes ten minutes of silence for a standstill. */
function progressOf(count: number, id: string, onProgress: (text: string) => void): (more: number) => void {
  const all = count.toLocaleString('en-US')
  onProgress(`${all} canaries: ${id}`)
  const startMs = performance.now()
  let [done, toldMs] = [0, startMs]
  return (more) => {
    done += more
    const nowMs = performance.now()
    if (nowMs - toldMs < TELL_EVERY_MS || done === count) return
    toldMs = nowMs
    const left = Math.ceil(((nowMs - startMs) / 1000 / done) * (count - done))
    onProgress(`  ${done.toLocaleString('en-US')} of ${all}, some ${left} s to go`)
  }
}
const TELL_EVERY_MS = 20_000

type Characteristics = {
  readonly canaries: number
  readonly promoted: Share
  readonly rolledBack: Share
  readonly harm: Share
  readonly better: Share
  readonly ratioAlarm: Share
  readonly missingAlarm: Share
  readonly sign: Share
  /** From the first order on. */
  readonly medianHours: Readonly<Record<'promoted' | 'rolledBack' | 'harm' | 'ratioAlarm' | 'sign', number | null>>
}

function characteristicsOf(played: readonly Played[]): Characteristics {
  const share = (key: 'promoted' | 'rolledBack' | 'harm' | 'better' | 'ratioAlarm' | 'missingAlarm' | 'sign') =>
    shareOf(played, (one) => one[key] !== null)
  const median = (key: keyof Characteristics['medianHours']) => {
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
    sign: share('sign'),
    medianHours: {
      promoted: median('promoted'),
      rolledBack: median('rolledBack'),
      harm: median('harm'),
      ratioAlarm: median('ratioAlarm'),
      sign: median('sign'),
    },
  }
}

/** Hours that count from the first matured order on. */
const matured = (hour: number | null): number | null => (hour === null ? null : hour - HORIZON)
const TEN_DAYS = 240

function targetsOf(of: (id: string) => readonly Played[], quick: boolean): Target[] {
  /** Few canaries know a share to some per cent only: with --quick a target is missed where its interval says so, in full where the share does. */
  const held = (name: string, one: Share, least: boolean, limit: number): Target => {
    const value = 100 * one.share
    const end = quick ? 100 * (least ? one.high : one.low) : value
    const between = `[${(100 * one.low).toFixed(2)}, ${(100 * one.high).toFixed(2)}] of ${one.of.toLocaleString('en-US')}`
    return { ...(least ? atLeast : atMost)(name, value, `% ${between}`, limit), met: least ? end >= limit : end <= limit }
  }
  const atMostShare = (name: string, id: string, happened: (one: Played) => boolean, most: number): Target =>
    held(name, shareOf(of(id), happened), false, most)
  const atLeastShare = (name: string, id: string, happened: (one: Played) => boolean, least: number): Target =>
    held(name, shareOf(of(id), happened), true, least)
  const medianAtMost = (name: string, id: string, hour: (one: Played) => number | null, most: number): Target => {
    const at = (p: number): number => finite(hourBy(of(id), p, (one) => matured(hour(one))))
    // The order statistic below which the median lies in one of forty samples.
    const low = at(0.5 - 0.98 / Math.sqrt(of(id).length))
    const target = atMost(
      `${name} (nine in ten ${Number.isNaN(at(0.9)) ? 'not in time' : `by ${at(0.9)}`})`,
      at(0.5),
      'h after maturity',
      most,
    )
    return { ...target, met: (quick ? low : at(0.5)) <= most }
  }
  const promoted = (one: Played): boolean => one.promoted !== null
  const inTenDays = (one: Played): boolean => one.promoted !== null && one.promoted <= TEN_DAYS + HORIZON
  const harm = (one: Played): number | null => one.harm
  const back = (one: Played): number | null => one.rolledBack
  const targets = [
    atMostShare('promoted, though worse by just the margin (0.5 pp)', 'at the margin', promoted, 5),
    atMostShare(
      'promoted, though worse by the margin, where a tenth of its late outcomes go missing',
      'at the margin, a tenth of the late ones missing',
      promoted,
      5,
    ),
    atMostShare('promoted, though worse by 1 pp', '1 pp worse', promoted, 1),
    atLeastShare(
      'an equal policy promoted within ten days of matured orders, 833 an hour, through a peak',
      'equal',
      inTenDays,
      90,
    ),
    atLeastShare(
      'an equal policy that decides otherwise for three orders in ten, promoted within ten days of its start',
      'equal, three in ten differ',
      (one) => one.promoted !== null && one.promoted <= TEN_DAYS,
      90,
    ),
    atMostShare('equal in eight guardrails, and rolled back', 'eight guardrails', (one) => one.rolledBack !== null, 5),
    atMostShare('equal, and rolled back', 'equal', (one) => one.rolledBack !== null, 5),
    atMostShare('alarms of arm sizes where nothing is lost', 'no loss', (one) => one.ratioAlarm !== null, 0.1),
    medianAtMost('2 % fewer in time, 5 % share: median until harm is seen', '2 % at 5 %', harm, 24),
    medianAtMost('1 pp fewer in time, 5 % share: median', '1 pp at 5 %', harm, 77),
    medianAtMost('2 % fewer in time, 1 % share: median', '2 % at 1 %', harm, 120),
    medianAtMost('10 pp fewer in time, a gross break, 1 % share: median', '10 pp at 1 %', harm, 6),
    medianAtMost('10 pp fewer in time, foretold by the answers themselves, 1 % share: median until rolled back', BREAK, back, 6),
    atMostShare('equal, 1 % share, and held by an early sign', 'signs: equal, 1 %', (one) => one.sign !== null, 1),
    atMostShare('equal, 1 % share, with early signs, and rolled back', 'signs: equal, 1 %', (one) => one.rolledBack !== null, 5),
    medianAtMost('0.5 pp fewer in time, one order in ten differs, 5 % share: median', 'one in ten differs', harm, 90),
    medianAtMost('2 % dearer, 5 % share: median', 'cost', harm, 163),
    medianAtMost('2 % dearer, with a forecast of the cost (R² 0.75): median', 'cost with forecast', harm, 60),
    medianAtMost('a fifth of the outcomes lost silently, 5 % share: median', 'a fifth lost', (one) => one.ratioAlarm, 24),
  ]
  for (const { id } of WORLDS.filter(({ until }) => until === 'sides')) {
    targets.push(atMostShare(`${id} in time, equal, 1 % share: alarms that it is worse`, id, (one) => one.harm !== null, 5))
    targets.push(atMostShare(`${id} in time, equal, 1 % share: alarms that it is better`, id, (one) => one.better !== null, 5))
  }
  return targets
}

const BREAK = 'signs: 10 pp at 1 %, foretold'

/** Never is shown as no measurement: a target that is not met. */
const finite = (hours: number): number => (Number.isFinite(hours) ? hours : Number.NaN)

function notesOf(of: (id: string) => readonly Played[]): string[] {
  const equal = of('equal')
  const start = shareOf(equal, (one) => one.promoted !== null && one.promoted <= TEN_DAYS)
  return [
    `an equal policy, counted from its first order: ${shown(start)} within ten days, median ${hourBy(equal, 0.5, (one) => one.promoted)} h, of which ${HORIZON} h are the horizon of an outcome`,
    `looks that could lead to nothing are told by a bound and not judged; bench/canary/canary.test.ts holds the judge to finding nothing there`,
  ]
}

/** Part of the canaries that each peer ships, beside the judge's promotions, world by world. */
function peersOf(of: (id: string) => readonly Played[]): Record<string, Record<string, Share>> {
  const worlds = WORLDS.filter(({ peers }) => peers)
  return Object.fromEntries(
    worlds.map(({ id }) => {
      const played = of(id)
      const ships = (rule: PeerRule): Share => shareOf(played, ({ peers }) => peers !== null && peers[rule] === null)
      const shipped = Object.fromEntries(PEER_RULES.map((rule) => [rule, ships(rule)]))
      return [id, { orrery: shareOf(played, (one) => one.promoted !== null), ...shipped }]
    }),
  )
}

function peersText(of: (id: string) => readonly Played[]): string {
  const worlds = Object.entries(peersOf(of))
  const rules = ['orrery', ...PEER_RULES]
  const head = ['shipped within a fortnight'.padEnd(28), ...worlds.map(([id]) => id.padStart(22))].join('')
  const rows = rules.map((rule) => [rule.padEnd(28), ...worlds.map(([, one]) => percent(one[rule].share).padStart(22))].join(''))
  return [head, ...rows].join('\n')
}

function textOf(found: Readonly<Record<string, Characteristics>>): string {
  const lines = Object.entries(found).map(([id, one]) => {
    const parts = [
      `promoted ${shown(one.promoted)}`,
      `rolled back ${shown(one.rolledBack)}`,
      `harm seen ${percent(one.harm.share)}`,
    ]
    if (one.better.count > 0) parts.push(`called better ${shown(one.better)}`)
    if (one.missingAlarm.count > 0) parts.push(`alarm of missing outcomes ${shown(one.missingAlarm)}`)
    if (id.startsWith('signs: ')) {
      const { sign, rolledBack } = one.medianHours
      parts.push(`held by a sign ${shown(one.sign)}`)
      parts.push(`median hours from its first order: held ${sign ?? 'never'}, rolled back ${rolledBack ?? 'never'}`)
    }
    if (one.ratioAlarm.count > 0) parts.push(`alarm of sizes ${shown(one.ratioAlarm)}`)
    return `${id}: ${parts.join(', ')}`
  })
  return lines.join('\n')
}

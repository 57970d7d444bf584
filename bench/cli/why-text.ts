import { type Blamed, blameByCause, type Life } from '../../scenarios/trace/life.ts'
import type { Lateness } from '../../scenarios/trace/lives.ts'
import { instant } from '../../scenarios/trace/row.ts'
import type { TraceHeader } from '../../scenarios/trace/trace-file.ts'
import { type CauseId, causeKind, causeSays } from '../../sim/trace/cause.ts'
import { STAGES } from '../../sim/trace/stage.ts'
import { grouped } from './progress.ts'
import { colour, folded } from './screen.ts'

const COLUMNS = 80
const BAR = 15

/** "3 d 04 h", "2 h 05 m", "14 m", "40 s": two units, at most eight characters below 100 days. */
export function span(ms: number): string {
  const sign = ms < 0 ? '-' : ''
  const seconds = Math.round(Math.abs(ms) / 1000)
  if (seconds < 60) return seconds === 0 ? '0' : `${sign}${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${sign}${minutes} m`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${sign}${hours} h ${String(minutes % 60).padStart(2, '0')} m`
  const wholeHours = Math.round(minutes / 60)
  return `${sign}${Math.floor(wholeHours / 24)} d ${String(wholeHours % 24).padStart(2, '0')} h`
}

/** Shares in whole percent that add up to 100, largest remainders first. */
export function percents(parts: readonly number[]): number[] {
  const total = parts.reduce((a, b) => a + b, 0)
  if (total <= 0) return parts.map(() => 0)
  const exact = parts.map((part) => (100 * part) / total)
  const whole = exact.map(Math.floor)
  const missing = 100 - whole.reduce((a, b) => a + b, 0)
  const order = [...exact.keys()].sort((a, b) => exact[b] - whole[b] - (exact[a] - whole[a]) || a - b)
  for (const i of order.slice(0, missing)) whole[i]++
  return whole
}

const clock = (ms: number, header: TraceHeader): string => instant(ms, header).slice(0, -3)
/** Promises end with a day: its 24:00 says which, better than the next one's 00:00. */
const promised = (ms: number, header: TraceHeader): string => {
  const text = clock(ms, header)
  return text.endsWith('00:00') ? `${clock(ms - 1, header).slice(0, -5)}24:00` : text
}

/** Work that is to blame took longer than it usually does. */
const AT_FAULT: Partial<Record<CauseId, string>> = {
  'payment check': 'slow payment check',
  preparation: 'slow preparation',
  'hands at work': 'slow picking or packing',
  'usual road': 'longer road or service',
  'next wave': 'hub wave missed',
  'on the round': 'late on the round',
}
const atFault = (cause: CauseId): string => AT_FAULT[cause] ?? cause

function runLine({ network, scenario, policies, seed, replication }: TraceHeader): string {
  return `${network}, ${scenario} under ${policies}, seed ${seed}, replication ${replication}`
}

/** One order, as a planner reads it in 80 columns. */
export function lifeText(life: Life, header: TraceHeader): string {
  return [
    folded(`${colour.bold(`Order ${life.order}`)}  ${colour.dim(runLine(header))}`, COLUMNS),
    '',
    ...summary(life, header),
    '',
    ...waterfall(life),
    ...(life.lateMs !== null && life.lateMs > 0 ? ['', ...blameLines(life, header)] : []),
    ...otherParcels(life, header),
  ].join('\n')
}

function summary(life: Life, header: TraceHeader): string[] {
  const { lateMs, ending, warehouse, service, zone, parcels, part } = life
  return [
    `placed     ${clock(life.placedMs, header)}`,
    `promised   ${promised(life.promisedMs, header)}`,
    `${VERBS[ending].padEnd(10)} ${clock(life.endMs, header)}   ${colour.bold(verdict(ending, lateMs))}`,
    `route      ${warehouse === null ? 'none yet' : `${warehouse} → ${zone} by ${service}`}`,
    ...(parcels > 1 ? [`parcel     ${part + 1} of ${parcels}, the last to end`] : []),
  ]
}
const VERBS = { delivered: 'delivered', lost: 'lost', cancelled: 'cancelled', open: 'last seen' } as const

function verdict(ending: Life['ending'], lateMs: number | null): string {
  if (ending === 'cancelled') return 'its customer lost patience'
  if (ending === 'lost') return 'lost on the road: no lateness to share out'
  if (ending === 'open' || lateMs === null) return 'still open when the run ended'
  return lateMs > 0 ? `${span(lateMs)} late` : `in time, with ${span(-lateMs)} to spare`
}

const line = (stage: string, cause: string, took: string, allowed: string, blame: string, bar: string): string =>
  `${stage.padEnd(19)}${cause.padEnd(24)}${took.padStart(9)}${allowed.padStart(10)}${blame.padStart(6)}  ${bar}`.trimEnd()

const FALL = 10
/** Where between the order's beginning and its end a stage lies, at least one cell wide. */
function fall(life: Life, fromMs: number, toMs: number): string {
  const cells = (ms: number) => (FALL * (ms - life.placedMs)) / Math.max(1, life.endMs - life.placedMs)
  const from = Math.min(FALL - 1, Math.floor(cells(fromMs)))
  const to = Math.max(from + 1, Math.round(cells(toMs)))
  return `${' '.repeat(from)}${'█'.repeat(to - from)}`
}

/** Stage by stage, each with what its time was spent on, and where in the order's life it lay. */
function waterfall(life: Life): string[] {
  const lines = [colour.dim(line('stage', 'spent on', 'took', 'allowed', 'blame', 'its life'))]
  const shares = sharesOf(life)
  for (const { stage, fromMs, toMs, spent } of life.stages) {
    const says = STAGES.find(({ id }) => id === stage)?.says ?? stage
    const shown = spent.filter(({ tookMs, allowedMs }) => span(tookMs) !== '0' || span(allowedMs) !== '0')
    shown.forEach((one, i) => {
      const bar = i === 0 ? fall(life, fromMs, toMs) : ''
      const text = line(
        i === 0 ? says : '',
        spentOn(one, life),
        span(one.tookMs),
        span(one.allowedMs),
        shares.get(one) ?? '',
        bar,
      )
      lines.push(one.blameMs > 0 ? colour.yellow(text) : text)
    })
  }
  const { reserve } = life
  lines.push(line("promise's reserve", '', '', span(reserve.allowedMs), shares.get(reserve) ?? '', ''))
  const tookMs = (life.stages.at(-1)?.toMs ?? life.placedMs) - life.placedMs
  const isLate = life.lateMs !== null && life.lateMs > 0
  lines.push(colour.bold(line('in all', '', span(tookMs), span(life.promisedMs - life.placedMs), isLate ? '100 %' : '', '')))
  return lines
}

function spentOn({ cause, tookMs }: Blamed, { rows, part }: Life): string {
  if (cause === 'slow on the road' && tookMs < 0) return 'quick on the road'
  if (cause !== 'next truck') return cause
  const left = rows.find(({ what, who }) => what.did === 'handedOver' && who.part === part)
  return left === undefined ? cause : `next truck, ${left.why.rule.slice(-5)}`
}

/** Percent of the lateness for each stretch that bears some. */
function sharesOf({ stages, reserve }: Life): Map<Blamed, string> {
  const all = [...stages.flatMap(({ spent }) => spent), reserve]
  const shares = percents(all.map(({ blameMs }) => blameMs))
  return new Map(all.flatMap((one, i) => (one.blameMs > 0 ? [[one, `${shares[i] || '<1'} %`] as const] : [])))
}

function blameLines(life: Life, header: TraceHeader): string[] {
  const causes = blameByCause(life)
  const shares = percents(causes.map(({ blameMs }) => blameMs))
  const lines = causes.map(({ cause, blameMs }, i) => {
    const bar = '█'.repeat(Math.round((BAR * shares[i]) / 100))
    return `${`${shares[i] || '<1'} %`.padStart(6)}  ${span(blameMs).padStart(9)}  ${bar.padEnd(BAR)}  ${detail(cause, life, header)}`
  })
  return [`What is to blame for ${span(life.lateMs ?? 0)}`, ...lines, ...missed(life)]
}

/** A cause with what the order's own rows know of it. */
function detail(cause: CauseId, life: Life, header: TraceHeader): string {
  const rows = life.rows
  if (cause === 'no stock') {
    const skus = new Set(rows.filter(({ what }) => what.did === 'waits').map(({ what }) => String(what.sku)))
    const [first, second, ...more] = skus
    return `no stock of ${[first, second].filter((sku) => sku !== undefined).join(', ')}${more.length > 0 ? ' …' : ''}`
  }
  if (cause === 'usual road') return 'a longer road or a slower service'
  if (cause === 'nobody home') {
    const tries = rows.filter(({ what, who }) => what.did === 'notAtHome' && who.part === life.part)
    return `nobody home ${tries.map(({ when }) => clock(when.ms, header).split(' ').slice(2).join(' ')).join(', ')}`
  }
  if (causeKind(cause) === 'work') return atFault(cause)
  return causeSays(cause)
}

/** Calendars that made a delay longer, and bear no blame themselves. */
function missed({ stages }: Life): string[] {
  const longer = stages
    .flatMap(({ spent }) => spent)
    .filter(
      ({ cause, tookMs, allowedMs, blameMs }) => causeKind(cause) === 'calendar' && tookMs - allowedMs > 60_000 && blameMs === 0,
    )
  if (longer.length === 0) return []
  const said = longer.map(({ cause, tookMs, allowedMs }) => `${cause} (${span(tookMs - allowedMs)})`)
  return [colour.dim(folded(`Longer than planned, and blamed on what came before: ${said.join(', ')}.`, COLUMNS))]
}

function otherParcels({ rows, part, parcels }: Life, header: TraceHeader): string[] {
  if (parcels === 1) return []
  const lines = Array.from({ length: parcels }, (_, one) => one)
    .filter((one) => one !== part)
    .map((one) => {
      const own = rows.filter(({ who }) => who.part === one)
      const last = own[own.length - 1]
      const told = `parcel ${one + 1}   ${last.what.did} ${clock(last.when.ms, header)}, from ${last.who.warehouse ?? 'nowhere'} by ${last.who.service ?? 'nothing'}`
      return folded(told, COLUMNS)
    })
  return ['', ...lines]
}

/** All late orders of a run, by cause, and the latest of them. */
export function latenessText({ delivered, late, lateMs, causes, latest }: Lateness, header: TraceHeader): string {
  const lines = [folded(`${colour.bold('Why late')}  ${colour.dim(runLine(header))}`, COLUMNS), '']
  if (late === 0) return [...lines, `All ${grouped(delivered)} measured orders that were delivered were in time.`].join('\n')
  const percent = ((100 * late) / delivered).toFixed(1)
  lines.push(
    `${grouped(late)} of ${grouped(delivered)} delivered orders were late (${percent} %), by ${span(lateMs / late)} on average.`,
    '',
  )
  const sorted = [...causes].sort((a, b) => b[1].blameMs - a[1].blameMs)
  const shares = percents(sorted.map(([, { blameMs }]) => blameMs))
  lines.push(colour.dim(`${'blame of all their lateness'.padEnd(33)}${'orders'.padStart(8)}${'mostly'.padStart(8)}`))
  sorted.forEach(([cause, { orders, mostly }], i) => {
    const bar = '█'.repeat(Math.round((BAR * shares[i]) / Math.max(1, shares[0])))
    lines.push(
      `${`${shares[i] || '<1'} %`.padStart(6)}  ${atFault(cause).padEnd(25)}${grouped(orders).padStart(8)}${grouped(mostly).padStart(8)}  ${bar}`.trimEnd(),
    )
  })
  lines.push('', colour.dim(`${'order'.padStart(8)}  ${'zone'.padEnd(16)}${'promised'.padEnd(18)}${'late'.padStart(9)}  mostly`))
  for (const life of latest) {
    const [most] = blameByCause(life)
    const share = Math.round((100 * most.blameMs) / Number(life.lateMs))
    lines.push(
      `${String(life.order).padStart(8)}  ${life.zone.slice(0, 15).padEnd(16)}${promised(life.promisedMs, header).padEnd(18)}${span(Number(life.lateMs)).padStart(9)}  ${atFault(most.cause)} ${share} %`,
    )
  }
  return lines.join('\n')
}

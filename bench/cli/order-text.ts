import { writeMoment } from '../../twin/event/moment.ts'
import type { Dossier } from '../../twin/order/dossier.ts'
import { type SpentId, spentSays } from '../../twin/order/stage.ts'
import { colour, folded } from './screen.ts'
import { percents, span } from './why-text.ts'

const COLUMNS = 100
const BAR = 24

/** A dossier as a planner reads it. What the role does not see is not there, so every part may be missing. */
export function dossierText(seen: Partial<Dossier>): string {
  return [head(seen), receiver(seen), expected(seen), lateness(seen), waterfall(seen), events(seen), touched(seen)]
    .filter((part) => part !== '')
    .join('\n\n')
}

const clock = (ms: number): string =>
  writeMoment(ms)
    .replace('T', ' ')
    .replace(/:\d\d\.\d{3}Z$/, 'Z')
/** To the ms, as events are told. */
const precise = (ms: number): string => writeMoment(ms).replace('T', ' ')
const percent = (part: number): string => `${Math.round(part * 100)} %`
const indented = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`)

function head({ order, status, asOfMs }: Partial<Dossier>): string {
  if (order === undefined || status === undefined) return ''
  const lines = [
    `${colour.bold(`Order ${order.id}`)}  ${status.state} for ${span(status.minutes * 60_000)}, as of ${clock(asOfMs ?? 0)}`,
  ]
  if (order.placedMs != null) lines.push(`placed     ${clock(order.placedMs)}`)
  if (order.promisedMs != null) lines.push(`promised   ${clock(order.promisedMs)}`)
  const route = (order.parts ?? []).map(({ part, state, warehouse, service }) => {
    const way =
      warehouse == null
        ? ''
        : `: ${[warehouse, order.zone].filter((one) => one != null).join(' → ')}${service == null ? '' : ` by ${service}`}`
    return `parcel ${part}   ${state}${way}`
  })
  const goods = (order.lines ?? []).map(({ sku, units }) => `${units} × ${sku}`).join(', ')
  return [...lines, ...route, ...(goods === '' ? [] : [`goods      ${goods}`])].join('\n')
}

function receiver({ receiver }: Partial<Dossier>): string {
  if (receiver == null) return ''
  return `for        ${Object.values(receiver).join(', ')}`
}

const WHY: Readonly<Record<string, string>> = {
  over: '',
  'never seen': 'Nothing like it was ever delivered: nothing is expected.',
  'longer than any': 'It has waited in this state longer than any of',
}

function expected({ expected, alternatives }: Partial<Dossier>): string {
  if (expected === undefined) return ''
  if ('why' in expected) {
    const said = WHY[expected.why]
    return expected.why === 'longer than any' ? `${said} ${expected.orders} past orders like it.` : said
  }
  const { next, deliveredMs, late, rests } = expected
  const lines: string[] = []
  if (next !== undefined)
    lines.push(`next       ${next.state} (${percent(next.share)} of such orders), likely ${clock(next.atMs.likelyMs)}`)
  if (deliveredMs !== undefined)
    lines.push(
      `delivered  likely ${clock(deliveredMs.likelyMs)}, 8 of 10 between ${clock(deliveredMs.earlyMs)} and ${clock(deliveredMs.lateMs)}`,
    )
  if (late != null) lines.push(`late       with ${late > 0.5 ? colour.red(percent(late)) : percent(late)}`)
  if (rests !== undefined) lines.push(colour.dim(`rests on ${rests.orders} past orders of the same ${rests.alike.join(', ')}`))
  for (const { warehouse, service, deliveredMs: then, late: odds, orders } of alternatives ?? [])
    lines.push(
      `instead    from ${warehouse} by ${service}: likely ${clock(then.likelyMs)}, late with ${percent(odds)} (${orders} orders)`,
    )
  return lines.join('\n')
}

function lateness({ lateness }: Partial<Dossier>): string {
  if (lateness?.lateMs == null) return ''
  const { lateMs, causes, rests } = lateness
  if (lateMs <= 0) return `${span(-lateMs)} before its promise`
  const basis = rests === 0 ? 'each wait is allowed its part of the promise' : `what is usual is learned from ${rests} orders`
  return [
    `${colour.bold(`${span(lateMs)} late`)}  ${colour.dim(basis)}`,
    ...causes.map(({ cause, blameMs, share }) => {
      const says = cause === 'promise' ? 'the promise was tighter than usual' : spentSays(cause as SpentId)
      return `  ${percent(share).padStart(5)}  ${span(blameMs).padEnd(10)} ${says}`
    }),
  ].join('\n')
}

function waterfall({ dwell, totalMs }: Partial<Dossier>): string {
  if (dwell === undefined || totalMs === undefined) return ''
  const shares = percents(dwell.map(({ tookMs }) => tookMs))
  return [
    `Where its ${span(totalMs)} went`,
    ...dwell.map(({ state, fromMs, tookMs, untold, blameMs }, i) => {
      const bar = '█'.repeat(Math.round((shares[i] / 100) * BAR)).padEnd(BAR)
      const notes = [
        blameMs > 0 ? colour.red(`${span(blameMs)} of the lateness`) : '',
        untold.length > 0 ? `not reported: ${untold.join(', ')}` : '',
      ].filter((note) => note !== '')
      return `  ${clock(fromMs)}  ${state.padEnd(18)}${span(tookMs).padStart(10)}  ${bar} ${notes.join('; ')}`.trimEnd()
    }),
  ].join('\n')
}

function events({ events }: Partial<Dossier>): string {
  if (events === undefined) return ''
  return [
    'What happened',
    ...events.map((event) => {
      const { kind, atMs, part, who, why, what, moved, refused } = event
      const parcel = part == null ? '' : `, parcel ${part}`
      const lines = [
        `  ${precise(atMs)}  ${colour.bold(kind)}${parcel}${refused ? colour.red('  refused: no step allows it here') : ''}`,
      ]
      const saw = Object.entries(why?.saw ?? {}).map(([name, value]) => `${name} ${value}`)
      const because = [
        why?.reason,
        why?.rule == null ? null : `rule ${why.rule}`,
        why?.cause == null ? null : `after ${why.cause}`,
        ...saw,
      ]
      const told = because.filter((one) => one != null).join(', ')
      const by = [who == null ? '' : `by ${who}`, told === '' ? '' : `because ${told}`].filter((one) => one !== '').join(', ')
      if (by !== '') lines.push(by)
      if (what !== undefined && what.length > 0)
        lines.push(what.map(({ field, from, to }) => `${field}: ${shown(field, from)} → ${shown(field, to)}`).join('; '))
      if (moved != null && Math.abs(moved.byMs) >= 60_000)
        lines.push(`expected ${span(Math.abs(moved.byMs))} ${moved.byMs > 0 ? 'later' : 'earlier'}: ${clock(moved.expectedMs)}`)
      return lines.map((line, i) => (i === 0 ? line : `      ${indented(folded(line, COLUMNS - 6), 6)}`)).join('\n')
    }),
  ].join('\n')
}

const shown = (field: string, value: unknown): string => {
  if (value === null) return '–'
  return typeof value === 'number' && field.endsWith('Ms')
    ? clock(value)
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)
}

function touched({ touched, asOfMs }: Partial<Dossier>): string {
  if (touched === undefined) return ''
  const lines: string[] = []
  for (const { station, heldMs, ordersBehind, orders, departures, promises } of touched.impacts ?? []) {
    const named = orders.slice(0, 3).map(({ order }) => order)
    const more = ordersBehind > named.length ? ` and ${ordersBehind - named.length} more` : ''
    const due = departures.map(({ service, orders: count }) => `${count} due for ${service}`).join(', ')
    lines.push(
      `  held the ${station} station ${span(heldMs)} longer than usual: ${named.join(', ')}${more} waited ${span(orders[0]?.movedMs ?? 0)} longer` +
        `${due === '' ? '' : `; ${due}`}${promises === 0 ? '' : `; ${promises} promises at risk`}`,
    )
  }
  const stands = touched.standsWith
  if (stands != null) {
    const place = stands.at === 'hub' ? stands.id : `the station of ${stands.id}`
    const others = stands.parcels - 1
    const stalled =
      asOfMs === undefined ? '' : `; nothing is known to have got on from there for ${span(asOfMs - stands.sinceMs)}`
    lines.push(`  stands at ${place} longer than usual, with ${others} ${others === 1 ? 'other' : 'others'}${stalled}`)
  }
  const truck = touched.departure
  if (truck != null) {
    const missed = truck.missedMs === null ? '' : `; missed the one of ${clock(truck.missedMs)}, ${span(truck.movedMs)} earlier`
    lines.push(`  went with the truck of ${clock(truck.departedMs)}${missed}`)
  }
  for (const { device, lowest, highest, readings } of touched.onTheWay?.temperatures ?? [])
    lines.push(`  ${device}: ${lowest} to ${highest} °C in ${readings} readings`)
  for (const { atMs, latitude, longitude } of touched.onTheWay?.positions ?? [])
    lines.push(`  last seen ${clock(atMs)} at ${latitude}, ${longitude}`)
  return lines.length === 0 ? '' : ['What else it touched', ...lines].join('\n')
}

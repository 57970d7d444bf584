import type { Arm } from '../../rollout/assignment.ts'
import type { Choice, DecidedBy, DecidedShipment, Decision, Seen } from '../decision.ts'
import { numeral, numeralOrNull, quoted, quotedList } from '../json-words.ts'

/**
 * A decision as a line of the log: JSON, its first keys always `id`, `asked`, `key`, `order`, so that they can be found without reading it all.
 * `asked` is the digest of the body it was asked with: the same key with another body is refused, also after a restart. Written by hand, because
 * it is written for each order; what a usual decision has not is left out, and is there again when the line is read.
 */
export function writeLine(decision: Decision, asked: string): string {
  const { customer, within, other, degraded, degradedBecause, explanation } = decision
  // An id is made here, of letters and digits: it is written as it is.
  let text = `{"id":"${decision.id}","asked":"${asked}","key":${quoted(decision.key)},"order":${quoted(decision.order)}`
  if (customer !== null) text += `,"customer":${quoted(customer)}`
  text += `,"zone":${quoted(decision.zone)},"placedMs":${numeral(decision.placedMs)},"promisedMs":${numeral(decision.promisedMs)},"lines":${linesOf(decision.lines)}`
  if (within !== undefined) text += `,"within":${JSON.stringify(within)}`
  text += `,"atMs":${numeral(decision.atMs)},${choiceOf(decision)},"by":${byOf(decision.by)}`
  if (other !== null)
    text += `,"other":{"version":${quoted(other.version)},"choice":{${choiceOf(other.choice)}},"differs":${other.differs}}`
  text += `,"seen":${seenOf(decision.seen)}`
  if (degraded !== null) text += `,"degraded":"${degraded}"`
  if (degradedBecause !== null) text += `,"degradedBecause":${quoted(degradedBecause)}`
  if (explanation !== null) text += `,"explanation":${quoted(explanation)}`
  return `${text},"tookUs":${numeral(decision.tookUs)}}\n`
}

function linesOf(lines: Decision['lines']): string {
  let text = '['
  for (let i = 0; i < lines.length; i++) {
    const { lineId, sku, units } = lines[i]
    text += `${i === 0 ? '' : ','}{"lineId":${quoted(lineId)},"sku":${quoted(sku)},"units":${numeral(units)}}`
  }
  return `${text}]`
}

/** Without its braces. */
function choiceOf({ status, reason, shipments, unfulfillable, priceCents, runnerUpCents, runnerUpWithout }: Choice): string {
  let text = `"status":"${status}"`
  if (reason !== null) text += `,"reason":${quoted(reason)}`
  text += ',"shipments":['
  for (let i = 0; i < shipments.length; i++) text += (i === 0 ? '' : ',') + shipmentOf(shipments[i])
  text += ']'
  if (unfulfillable.length > 0) text += `,"unfulfillable":${JSON.stringify(unfulfillable)}`
  if (priceCents !== null) text += `,"priceCents":${numeral(priceCents)}`
  if (runnerUpCents !== null) text += `,"runnerUpCents":${numeral(runnerUpCents)}`
  if (runnerUpWithout !== null) text += `,"runnerUpWithout":${quoted(runnerUpWithout)}`
  return text
}

function shipmentOf(shipment: DecidedShipment): string {
  const { eta, terms, congestion, reservation } = shipment
  let text = `{"warehouse":${quoted(shipment.warehouse)},"service":${quoted(shipment.service)},"lines":${linesOf(shipment.lines)},"departMs":${numeral(shipment.departMs)},"eta":{"p10":${numeral(eta.p10)},"p50":${numeral(eta.p50)},"p90":${numeral(eta.p90)},"onTimeShare":${numeral(eta.onTimeShare)}},"terms":{`
  let isFirst = true
  for (const name in terms) {
    text += `${isFirst ? '' : ','}${quoted(name)}:${numeral(terms[name])}`
    isFirst = false
  }
  text += `},"costCents":${numeral(shipment.costCents)},"priceCents":${numeral(shipment.priceCents)},"co2Grams":${numeral(shipment.co2Grams)}`
  const { work, room, stock } = congestion
  if (work !== 0 || room !== 0 || stock !== 0)
    text += `,"congestion":{"work":${numeral(work)},"room":${numeral(room)},"stock":${numeral(stock)}}`
  if (reservation !== null)
    text += `,"reservation":{"id":${quoted(reservation.id)},"expiresMs":${numeral(reservation.expiresMs)}}`
  return `${text}}`
}

/** What was last written of who decides, by arm: decisions of one arm hardly ever differ in it. */
const SAID: Record<Arm, { by: DecidedBy | null; text: string }> = {
  stable: { by: null, text: '' },
  control: { by: null, text: '' },
  candidate: { by: null, text: '' },
}

function byOf(by: DecidedBy): string {
  const said = SAID[by.arm]
  if (said.by !== null && isSameBy(said.by, by)) return said.text
  said.by = by
  said.text = JSON.stringify(by)
  return said.text
}

export const isSameBy = (a: DecidedBy, b: DecidedBy): boolean =>
  a.version === b.version &&
  a.digest === b.digest &&
  a.arm === b.arm &&
  a.propensity === b.propensity &&
  a.rollout === b.rollout &&
  a.generation === b.generation &&
  a.servedInstead === b.servedInstead

function seenOf({ world, asOfMs, ageMs, planAgeMs, staleFeeds, stock }: Seen): string {
  let text = `{"world":${numeral(world)},"asOfMs":${numeral(asOfMs)},"ageMs":${numeral(ageMs)},"planAgeMs":${numeralOrNull(planAgeMs)}`
  if (staleFeeds.length > 0) text += `,"staleFeeds":${quotedList(staleFeeds)}`
  text += ',"stock":['
  for (let i = 0; i < stock.length; i++) text += i === 0 ? `${stock[i]}` : `,${stock[i]}`
  return `${text}]}`
}

type Kept = Decision & { readonly asked: string }
type KeptChoice = { -readonly [Field in keyof Choice]: Choice[Field] }

/** What `writeLine` has written; a line of older times, which leaves nothing out, is read the same. */
export function readKept(line: string): Kept {
  const read = JSON.parse(line) as Kept
  const whole = { ...USUAL, ...read, seen: { ...read.seen, staleFeeds: read.seen.staleFeeds ?? [] } }
  fill(whole)
  if (whole.other !== null) fill(whole.other.choice)
  return whole
}

const USUAL = { customer: null, other: null, degraded: null, degradedBecause: null, explanation: null }

function fill(choice: KeptChoice): void {
  choice.reason ??= null
  choice.unfulfillable ??= []
  choice.priceCents ??= null
  choice.runnerUpCents ??= null
  choice.runnerUpWithout ??= null
  choice.shipments = choice.shipments.map((shipment) => ({
    ...shipment,
    congestion: shipment.congestion ?? { work: 0, room: 0, stock: 0 },
    reservation: shipment.reservation ?? null,
  }))
}

/** What the index of the log goes by, without parsing the line. */
export type LineHead = { readonly id: string; readonly asked: string; readonly key: string; readonly order: string }

const HEAD = /^\{"id":("(?:[^"\\]|\\.)*"),"asked":("(?:[^"\\]|\\.)*"),"key":("(?:[^"\\]|\\.)*"),"order":("(?:[^"\\]|\\.)*")/

export function headOf(line: string): LineHead {
  const found = HEAD.exec(line)
  if (found === null) throw new Error(`a line of the decision log does not begin as it should: ${line.slice(0, 60)}`)
  return { id: plain(found[1]), asked: plain(found[2]), key: plain(found[3]), order: plain(found[4]) }
}

/** The order of a line alone, which is asked for of every line there is. */
export function orderIn(line: string): string {
  // What stands in quotes has its own quotes escaped, so this can only be the key itself.
  const from = line.indexOf(ORDER) + ORDER.length
  const to = line.indexOf('"', from)
  const backslash = line.indexOf('\\', from)
  return from >= ORDER.length && (backslash < 0 || backslash > to) ? line.slice(from, to) : headOf(line).order
}
const ORDER = '","order":"'

/** Few texts have anything to be unescaped. */
const plain = (quotedText: string): string =>
  quotedText.includes('\\') ? (JSON.parse(quotedText) as string) : quotedText.slice(1, -1)

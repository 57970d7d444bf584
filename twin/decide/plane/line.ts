import type { Arm } from '../../rollout/assignment.ts'
import type { Choice, DecidedBy, DecidedShipment, Decision, Seen } from '../decision.ts'
import type { Pen } from '../json-pen.ts'
import { isSameBy } from '../same-by.ts'
import type { OrderIndex } from './order-index.ts'
import { NEWLINE } from './packed-lines.ts'

/**
 * A decision as a line of the log: JSON, its first keys always `id`, `asked`, `key`, `order`, so that they can be found without reading it all.
 * `asked` is the digest of the body it was asked with: the same key with another body is refused, also after a restart. Written by hand, because
 * it is written for each order; what a usual decision has not is left out, and is there again when the line is read.
 */
export function writeLine(out: Pen, decision: Decision, asked: string): void {
  const { customer, within, other, degraded, degradedBecause, explanation } = decision
  out.raw('{"id":')
  out.text(decision.id)
  out.raw(',"asked":')
  out.text(asked)
  out.raw(',"key":')
  out.text(decision.key)
  out.raw(',"order":')
  out.text(decision.order)
  if (customer !== null) {
    out.raw(',"customer":')
    out.text(customer)
  }
  out.raw(',"zone":')
  out.text(decision.zone)
  out.raw(',"placedMs":')
  out.number(decision.placedMs)
  out.raw(',"promisedMs":')
  out.number(decision.promisedMs)
  out.raw(',"lines":[')
  writeLines(out, decision.lines)
  if (within !== undefined) {
    out.raw('],"within":')
    out.json(JSON.stringify(within))
    out.raw(',"atMs":')
  } else out.raw('],"atMs":')
  out.number(decision.atMs)
  out.raw(',')
  writeChoice(out, decision)
  out.raw(',"by":')
  out.copy(bytesOf(decision.by))
  if (other !== null) {
    out.raw(',"other":{"version":')
    out.text(other.version)
    out.raw(',"choice":{')
    writeChoice(out, other.choice)
    out.raw(other.differs ? '},"differs":true}' : '},"differs":false}')
  }
  out.raw(',"seen":')
  writeSeen(out, decision.seen)
  if (degraded !== null) {
    out.raw(',"degraded":')
    out.text(degraded)
  }
  if (degradedBecause !== null) {
    out.raw(',"degradedBecause":')
    out.text(degradedBecause)
  }
  if (explanation !== null) {
    out.raw(',"explanation":')
    out.text(explanation)
  }
  out.raw(',"tookUs":')
  out.number(decision.tookUs)
  out.raw('}\n')
}

/** Without their brackets. */
function writeLines(out: Pen, lines: Decision['lines']): void {
  for (let i = 0; i < lines.length; i++) {
    const { lineId, sku, units } = lines[i]
    out.raw(i === 0 ? '{"lineId":' : ',{"lineId":')
    out.text(lineId)
    out.raw(',"sku":')
    out.text(sku)
    out.raw(',"units":')
    out.number(units)
    out.raw('}')
  }
}

/** Without its braces. */
function writeChoice(out: Pen, choice: Choice): void {
  const { reason, shipments, unfulfillable, priceCents, runnerUpCents, runnerUpWithout } = choice
  out.raw('"status":')
  out.text(choice.status)
  if (reason !== null) {
    out.raw(',"reason":')
    out.text(reason)
  }
  out.raw(',"shipments":[')
  for (let i = 0; i < shipments.length; i++) {
    if (i > 0) out.raw(',')
    writeShipment(out, shipments[i])
  }
  out.raw(']')
  if (unfulfillable.length > 0) {
    out.raw(',"unfulfillable":')
    out.json(JSON.stringify(unfulfillable))
  }
  if (priceCents !== null) {
    out.raw(',"priceCents":')
    out.number(priceCents)
  }
  if (runnerUpCents !== null) {
    out.raw(',"runnerUpCents":')
    out.number(runnerUpCents)
  }
  if (runnerUpWithout !== null) {
    out.raw(',"runnerUpWithout":')
    out.text(runnerUpWithout)
  }
}

function writeShipment(out: Pen, shipment: DecidedShipment): void {
  const { eta, terms, congestion, reservation } = shipment
  out.raw('{"warehouse":')
  out.text(shipment.warehouse)
  out.raw(',"service":')
  out.text(shipment.service)
  out.raw(',"lines":[')
  writeLines(out, shipment.lines)
  out.raw('],"departMs":')
  out.number(shipment.departMs)
  out.raw(',"eta":{"p10":')
  out.number(eta.p10)
  out.raw(',"p50":')
  out.number(eta.p50)
  out.raw(',"p90":')
  out.number(eta.p90)
  out.raw(',"onTimeShare":')
  out.number(eta.onTimeShare)
  out.raw('},"terms":{')
  let isFirst = true
  for (const name in terms) {
    if (!isFirst) out.raw(',')
    out.text(name)
    out.raw(':')
    out.number(terms[name])
    isFirst = false
  }
  out.raw('},"costCents":')
  out.number(shipment.costCents)
  out.raw(',"priceCents":')
  out.number(shipment.priceCents)
  out.raw(',"co2Grams":')
  out.number(shipment.co2Grams)
  const { work, room, stock } = congestion
  if (work !== 0 || room !== 0 || stock !== 0) {
    out.raw(',"congestion":{"work":')
    out.number(work)
    out.raw(',"room":')
    out.number(room)
    out.raw(',"stock":')
    out.number(stock)
    out.raw('}')
  }
  if (reservation !== null) {
    out.raw(',"reservation":{"id":')
    out.text(reservation.id)
    out.raw(',"expiresMs":')
    out.number(reservation.expiresMs)
    out.raw('}')
  }
  out.raw('}')
}

/** What was last written of who decides, by arm: decisions of one arm hardly ever differ in it. */
const SAID: Record<Arm, { by: DecidedBy | null; bytes: Uint8Array }> = {
  stable: { by: null, bytes: new Uint8Array(0) },
  control: { by: null, bytes: new Uint8Array(0) },
  candidate: { by: null, bytes: new Uint8Array(0) },
}

function bytesOf(by: DecidedBy): Uint8Array {
  const said = SAID[by.arm]
  if (said.by !== null && isSameBy(said.by, by)) return said.bytes
  said.by = by
  said.bytes = Buffer.from(JSON.stringify(by))
  return said.bytes
}

function writeSeen(out: Pen, { world, asOfMs, ageMs, planAgeMs, staleFeeds, stock }: Seen): void {
  out.raw('{"world":')
  out.number(world)
  out.raw(',"asOfMs":')
  out.number(asOfMs)
  out.raw(',"ageMs":')
  out.number(ageMs)
  out.raw(',"planAgeMs":')
  out.numberOrNull(planAgeMs)
  if (staleFeeds.length > 0) {
    out.raw(',"staleFeeds":')
    out.texts(staleFeeds)
  }
  out.raw(',"stock":')
  out.numbers(stock)
  out.raw('}')
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

/** The order alone of a line that begins there, which is asked for of every line there is. */
export function orderAt(lines: Buffer, begin: number): string {
  // What stands in quotes has its own quotes escaped, so this can only be the key itself.
  const from = lines.indexOf(ORDER, begin) + ORDER.length
  const to = lines.indexOf(QUOTE, from)
  const order = lines.toString('utf8', from, to)
  return order.includes('\\') ? headOf(lines.toString('utf8', begin, lines.indexOf(NEWLINE, begin))).order : order
}
/** Where each of these lines will be found by its order. */
export function indexOrders(index: OrderIndex, lines: Buffer, entry: number): void {
  for (let from = 0; from < lines.length; from = lines.indexOf(NEWLINE, from) + 1) index.add(orderAt(lines, from), entry)
}
const ORDER = Buffer.from('","order":"')
const QUOTE = 0x22

/** Few texts have anything to be unescaped. */
const plain = (quotedText: string): string =>
  quotedText.includes('\\') ? (JSON.parse(quotedText) as string) : quotedText.slice(1, -1)

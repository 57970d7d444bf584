import type { Arm } from '../../rollout/assignment.ts'
import type { Choice, DecidedBy, DecidedShipment, Decision, Seen } from '../decision.ts'
import type { Pen } from '../pen.ts'
import { isSameBy } from '../same-by.ts'
import type { OrderIndex } from './order-index.ts'
import { NEWLINE } from './packed-lines.ts'

/**
 * A decision as a line of the log: JSON, its first keys always `id`, `asked`, `key`, `order`, so that they can be found without reading it all.
 * `asked` is the digest of the body it was asked with: the same key with another body is refused, also after a restart. Written by hand, because
 * it is written for each order; what a usual decision has not is left out, and is there again when the line is read.
 */
export function writeLine(pen: Pen, decision: Decision, asked: string): void {
  const { customer, within, other, degraded, degradedBecause, explanation } = decision
  pen.raw('{"id":')
  pen.text(decision.id)
  pen.raw(',"asked":')
  pen.text(asked)
  pen.raw(',"key":')
  pen.text(decision.key)
  pen.raw(',"order":')
  pen.text(decision.order)
  if (customer !== null) {
    pen.raw(',"customer":')
    pen.text(customer)
  }
  pen.raw(',"zone":')
  pen.text(decision.zone)
  pen.raw(',"placedMs":')
  pen.number(decision.placedMs)
  pen.raw(',"promisedMs":')
  pen.number(decision.promisedMs)
  pen.raw(',"lines":[')
  writeLines(pen, decision.lines)
  if (within !== undefined) {
    pen.raw('],"within":')
    pen.json(JSON.stringify(within))
    pen.raw(',"atMs":')
  } else pen.raw('],"atMs":')
  pen.number(decision.atMs)
  pen.raw(',')
  writeChoice(pen, decision)
  pen.raw(',"by":')
  pen.copy(bytesOf(decision.by))
  if (other !== null) {
    pen.raw(',"other":{"version":')
    pen.text(other.version)
    pen.raw(',"choice":{')
    writeChoice(pen, other.choice)
    pen.raw(other.differs ? '},"differs":true}' : '},"differs":false}')
  }
  pen.raw(',"seen":')
  writeSeen(pen, decision.seen)
  if (degraded !== null) {
    pen.raw(',"degraded":')
    pen.text(degraded)
  }
  if (degradedBecause !== null) {
    pen.raw(',"degradedBecause":')
    pen.text(degradedBecause)
  }
  if (explanation !== null) {
    pen.raw(',"explanation":')
    pen.text(explanation)
  }
  pen.raw(',"tookUs":')
  pen.number(decision.tookUs)
  pen.raw('}\n')
}

/** Without their brackets. */
function writeLines(pen: Pen, lines: Decision['lines']): void {
  for (let i = 0; i < lines.length; i++) {
    const { lineId, sku, units } = lines[i]
    pen.raw(i === 0 ? '{"lineId":' : ',{"lineId":')
    pen.text(lineId)
    pen.raw(',"sku":')
    pen.text(sku)
    pen.raw(',"units":')
    pen.number(units)
    pen.raw('}')
  }
}

/** Without its braces. */
function writeChoice(pen: Pen, choice: Choice): void {
  const { reason, shipments, unfulfillable, priceCents, runnerUpCents, runnerUpWithout } = choice
  pen.raw('"status":')
  pen.text(choice.status)
  if (reason !== null) {
    pen.raw(',"reason":')
    pen.text(reason)
  }
  pen.raw(',"shipments":[')
  for (let i = 0; i < shipments.length; i++) {
    if (i > 0) pen.raw(',')
    writeShipment(pen, shipments[i])
  }
  pen.raw(']')
  if (unfulfillable.length > 0) {
    pen.raw(',"unfulfillable":')
    pen.json(JSON.stringify(unfulfillable))
  }
  if (priceCents !== null) {
    pen.raw(',"priceCents":')
    pen.number(priceCents)
  }
  if (runnerUpCents !== null) {
    pen.raw(',"runnerUpCents":')
    pen.number(runnerUpCents)
  }
  if (runnerUpWithout !== null) {
    pen.raw(',"runnerUpWithout":')
    pen.text(runnerUpWithout)
  }
}

function writeShipment(pen: Pen, shipment: DecidedShipment): void {
  const { eta, terms, congestion, reservation } = shipment
  pen.raw('{"warehouse":')
  pen.text(shipment.warehouse)
  pen.raw(',"service":')
  pen.text(shipment.service)
  pen.raw(',"lines":[')
  writeLines(pen, shipment.lines)
  pen.raw('],"departMs":')
  pen.number(shipment.departMs)
  pen.raw(',"eta":{"p10":')
  pen.number(eta.p10)
  pen.raw(',"p50":')
  pen.number(eta.p50)
  pen.raw(',"p90":')
  pen.number(eta.p90)
  pen.raw(',"onTimeShare":')
  pen.number(eta.onTimeShare)
  pen.raw('},"terms":{')
  let isFirst = true
  for (const name in terms) {
    if (!isFirst) pen.raw(',')
    pen.text(name)
    pen.raw(':')
    pen.number(terms[name])
    isFirst = false
  }
  pen.raw('},"costCents":')
  pen.number(shipment.costCents)
  pen.raw(',"priceCents":')
  pen.number(shipment.priceCents)
  pen.raw(',"co2Grams":')
  pen.number(shipment.co2Grams)
  const { work, room, stock } = congestion
  if (work !== 0 || room !== 0 || stock !== 0) {
    pen.raw(',"congestion":{"work":')
    pen.number(work)
    pen.raw(',"room":')
    pen.number(room)
    pen.raw(',"stock":')
    pen.number(stock)
    pen.raw('}')
  }
  if (reservation !== null) {
    pen.raw(',"reservation":{"id":')
    pen.text(reservation.id)
    pen.raw(',"expiresMs":')
    pen.number(reservation.expiresMs)
    pen.raw('}')
  }
  pen.raw('}')
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

function writeSeen(pen: Pen, { world, asOfMs, ageMs, planAgeMs, staleFeeds, stock }: Seen): void {
  pen.raw('{"world":')
  pen.number(world)
  pen.raw(',"asOfMs":')
  pen.number(asOfMs)
  pen.raw(',"ageMs":')
  pen.number(ageMs)
  pen.raw(',"planAgeMs":')
  pen.numberOrNull(planAgeMs)
  if (staleFeeds.length > 0) {
    pen.raw(',"staleFeeds":')
    pen.texts(staleFeeds)
  }
  pen.raw(',"stock":')
  pen.numbers(stock)
  pen.raw('}')
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

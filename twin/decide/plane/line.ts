import type { Choice, DecidedShipment, Decision, Seen } from '../decision.ts'
import type { Pen } from '../json-pen.ts'
import { SaidBy } from '../said-by.ts'
import { writeLines } from '../write-lines.ts'
import type { OrderIndex } from './order-index.ts'
import { NEWLINE } from './packed-lines.ts'
import { readSight, writeSight } from './sight.ts'

/**
 * A decision as a line of the log: JSON, its first keys always `id`, `asked`, `key`, `order`, so that they can be found without reading it all.
 * `asked` is the digest of the body it was asked with: the same key with another body is refused, also after a restart. Written by hand, because
 * it is written for each order; what a usual decision has not is left out, and is there again when the line is read.
 */
export function writeLine(out: Pen, decision: Decision, asked: string): void {
  const { customer, within, other, degraded, degradedBecause, explanation } = decision
  out.raw('{"id":').text(decision.id)
  out.raw(',"asked":').text(asked)
  out.raw(',"key":').text(decision.key)
  out.raw(',"order":').text(decision.order)
  if (customer !== null) {
    out.raw(',"customer":').text(customer)
  }
  out.raw(',"zone":').text(decision.zone)
  out.raw(',"placedMs":').number(decision.placedMs)
  out.raw(',"promisedMs":').number(decision.promisedMs)
  out.raw(',"lines":[')
  writeLines(out, decision.lines, UNITS)
  if (within !== undefined) out.raw('],"within":').json(JSON.stringify(within))
  out.raw(within === undefined ? '],"atMs":' : ',"atMs":').number(decision.atMs)
  out.raw(',')
  writeChoice(out, decision, decision.lines)
  out.raw(',"by":').copy(SAID.bytes(decision.by))
  if (other !== null) {
    out.raw(',"other":{"version":').text(other.version)
    out.raw(',"choice":{')
    writeChoice(out, other.choice, decision.lines)
    out.raw(other.differs ? '},"differs":true}' : '},"differs":false}')
  }
  out.raw(',"seen":')
  writeSeen(out, decision.seen)
  if (degraded !== null) {
    out.raw(',"degraded":').text(degraded)
  }
  if (degradedBecause !== null) {
    out.raw(',"degradedBecause":').text(degradedBecause)
  }
  if (explanation !== null) {
    out.raw(',"explanation":').text(explanation)
  }
  out.raw(',"tookUs":').number(decision.tookUs)
  out.raw('}\n')
}

/** Without its braces; `ordered` are the lines of the order. */
function writeChoice(out: Pen, choice: Choice, ordered: Decision['lines']): void {
  const { reason, shipments, unfulfillable, priceCents, runnerUpCents, runnerUpWithout } = choice
  out.raw('"status":').text(choice.status)
  if (reason !== null) {
    out.raw(',"reason":').text(reason)
  }
  out.raw(',"shipments":[')
  for (let i = 0; i < shipments.length; i++) {
    if (i > 0) out.raw(',')
    writeShipment(out, shipments[i], ordered)
  }
  out.raw(']')
  if (unfulfillable.length > 0) {
    out.raw(',"unfulfillable":').json(JSON.stringify(unfulfillable))
  }
  if (priceCents !== null) {
    out.raw(',"priceCents":').number(priceCents)
  }
  if (runnerUpCents !== null) {
    out.raw(',"runnerUpCents":').number(runnerUpCents)
  }
  if (runnerUpWithout !== null) {
    out.raw(',"runnerUpWithout":').text(runnerUpWithout)
  }
}

function writeShipment(out: Pen, shipment: DecidedShipment, ordered: Decision['lines']): void {
  const { lines, eta, terms, congestion, reservation } = shipment
  out.raw('{"warehouse":').text(shipment.warehouse)
  out.raw(',"service":').text(shipment.service)
  if (!areSame(lines, ordered)) {
    out.raw(',"lines":[')
    writeLines(out, lines, UNITS)
    out.raw(']')
  }
  out.raw(',"departMs":').number(shipment.departMs)
  out.raw(',"eta":{"p10":').number(eta.p10)
  out.raw(',"p50":').number(eta.p50)
  out.raw(',"p90":').number(eta.p90)
  out.raw(',"onTimeShare":').number(eta.onTimeShare)
  out.raw('},"terms":{')
  let isFirst = true
  for (const name in terms) {
    out.raw(isFirst ? '' : ',').text(name)
    out.raw(':').number(terms[name])
    isFirst = false
  }
  out.raw('},"costCents":').number(shipment.costCents)
  out.raw(',"priceCents":').number(shipment.priceCents)
  out.raw(',"co2Grams":').number(shipment.co2Grams)
  const { work, room, stock } = congestion
  if (work !== 0 || room !== 0 || stock !== 0) {
    out.raw(',"congestion":{"work":').number(work)
    out.raw(',"room":').number(room)
    out.raw(',"stock":').number(stock)
    out.raw('}')
  }
  if (reservation !== null) {
    out.raw(',"reservation":{"id":').text(reservation.id)
    out.raw(',"expiresMs":').number(reservation.expiresMs)
    out.raw('}')
  }
  out.raw('}')
}

/** Whether a shipment carries the whole order, as most do. */
function areSame(lines: Decision['lines'], ordered: Decision['lines']): boolean {
  if (lines.length !== ordered.length) return false
  for (let i = 0; i < lines.length; i++) {
    const { lineId, sku, units } = lines[i]
    if (lineId !== ordered[i].lineId || sku !== ordered[i].sku || units !== ordered[i].units) return false
  }
  return true
}

const UNITS = ',"units":'
const SAID = new SaidBy((by) => by)

function writeSeen(out: Pen, { world, asOfMs, ageMs, planAgeMs, staleFeeds, stock }: Seen): void {
  out.raw('{"world":').number(world)
  out.raw(',"asOfMs":').number(asOfMs)
  out.raw(',"ageMs":').number(ageMs)
  out.raw(',"planAgeMs":').numberOrNull(planAgeMs)
  if (staleFeeds.length > 0) {
    out.raw(',"staleFeeds":').texts(staleFeeds)
  }
  out.raw(',"stock":')
  writeSight(out, stock)
  out.raw('}')
}

type Kept = Decision & { readonly asked: string }
type KeptChoice = { -readonly [Field in keyof Choice]: Choice[Field] }

/** What `writeLine` has written; a line of older times, which leaves nothing out, is read the same. */
export function readKept(line: string): Kept {
  const read = JSON.parse(line) as Kept
  const { seen, lines } = read
  const whole = { ...USUAL, ...read, seen: { ...seen, staleFeeds: seen.staleFeeds ?? [], stock: readSight(seen.stock) } }
  fill(whole, lines)
  if (whole.other !== null) fill(whole.other.choice, lines)
  return whole
}

const USUAL = { customer: null, other: null, degraded: null, degradedBecause: null, explanation: null }

function fill(choice: KeptChoice, ordered: Decision['lines']): void {
  choice.reason ??= null
  choice.unfulfillable ??= []
  choice.priceCents ??= null
  choice.runnerUpCents ??= null
  choice.runnerUpWithout ??= null
  choice.shipments = choice.shipments.map((shipment) => ({
    ...shipment,
    lines: shipment.lines ?? ordered,
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
/** Whose lines these are: what their ids begin with, the number of the first, and how many. Where each lies is put into the index, if there is one. */
export function indexLines(
  lines: Buffer,
  entry: number,
  index: OrderIndex | null,
): { readonly begin: string; readonly first: number; readonly lines: number } {
  const { id } = headOf(lines.toString('utf8', 0, lines.indexOf(NEWLINE)))
  const end = id.lastIndexOf('-') + 1
  let count = 0
  for (let from = 0; from < lines.length; from = lines.indexOf(NEWLINE, from) + 1) {
    index?.add(orderAt(lines, from), entry)
    count++
  }
  return { begin: id.slice(0, end), first: Number.parseInt(id.slice(end), 36), lines: count }
}
const ORDER = Buffer.from('","order":"')
const QUOTE = 0x22

/** Few texts have anything to be unescaped. */
const plain = (quotedText: string): string =>
  quotedText.includes('\\') ? (JSON.parse(quotedText) as string) : quotedText.slice(1, -1)

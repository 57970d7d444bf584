import { list, numeral, orNull, quoted } from '../answer.ts'
import type { Choice, DecidedShipment, Decision } from '../decision.ts'

/**
 * A decision as a line of the log: JSON, its first keys always `id`, `asked`, `key`, `order`, so that they can be found without reading it all.
 * `asked` is the digest of the body it was asked with: the same key with another body is refused, also after a restart. Written by hand because it
 * is written for each order; a test holds it to JSON.stringify, byte for byte.
 */
export function writeLine(decision: Decision, asked: string): string {
  const { by, other, seen } = decision
  return (
    `{"id":${quoted(decision.id)},"asked":"${asked}","key":${quoted(decision.key)},"order":${quoted(decision.order)}` +
    `,"customer":${orNull(decision.customer)},"zone":${quoted(decision.zone)},"placedMs":${numeral(decision.placedMs)}` +
    `,"promisedMs":${numeral(decision.promisedMs)},"lines":${writeLines(decision.lines)},"atMs":${numeral(decision.atMs)},${writeChoice(decision)}` +
    `,"by":{"version":${quoted(by.version)},"digest":${quoted(by.digest)},"arm":"${by.arm}","propensity":${numeral(by.propensity)}` +
    `,"rollout":${orNull(by.rollout)},"generation":${numeral(by.generation)},"servedInstead":${orNull(by.servedInstead)}}` +
    `,"other":${other === null ? 'null' : `{"version":${quoted(other.version)},"choice":{${writeChoice(other.choice)}},"differs":${other.differs}}`}` +
    `,"seen":{"world":${numeral(seen.world)},"asOfMs":${numeral(seen.asOfMs)},"ageMs":${numeral(seen.ageMs)}` +
    `,"planAgeMs":${orNone(seen.planAgeMs)},"staleFeeds":${list(seen.staleFeeds)},"stock":[${seen.stock.join(',')}]}` +
    `,"degraded":${orNull(decision.degraded)},"degradedBecause":${orNull(decision.degradedBecause)},"tookUs":${numeral(decision.tookUs)}` +
    `,"explanation":${orNull(decision.explanation)}}\n`
  )
}

const orNone = (value: number | null): string => (value === null ? 'null' : numeral(value))

function writeChoice({ status, reason, shipments, unfulfillable, priceCents, runnerUpCents, runnerUpWithout }: Choice): string {
  let text = `"status":"${status}","reason":${orNull(reason)},"shipments":[`
  for (let i = 0; i < shipments.length; i++) text += (i === 0 ? '' : ',') + writeShipment(shipments[i])
  text += '],"unfulfillable":['
  for (let i = 0; i < unfulfillable.length; i++) {
    const { lineId, units, reason: why } = unfulfillable[i]
    text += `${i === 0 ? '' : ','}{"lineId":${quoted(lineId)},"units":${numeral(units)},"reason":${quoted(why)}}`
  }
  return `${text}],"priceCents":${orNone(priceCents)},"runnerUpCents":${orNone(runnerUpCents)},"runnerUpWithout":${orNull(runnerUpWithout)}`
}

function writeShipment(shipment: DecidedShipment): string {
  const { eta, terms, congestion, reservation } = shipment
  let text = `{"warehouse":${quoted(shipment.warehouse)},"service":${quoted(shipment.service)},"lines":${writeLines(shipment.lines)}`
  text += `,"departMs":${numeral(shipment.departMs)},"eta":{"p10":${numeral(eta.p10)},"p50":${numeral(eta.p50)},"p90":${numeral(eta.p90)}`
  text += `,"onTimeShare":${numeral(eta.onTimeShare)}},"terms":{`
  let isFirst = true
  for (const name in terms) {
    text += `${isFirst ? '' : ','}${quoted(name)}:${numeral(terms[name])}`
    isFirst = false
  }
  text += `},"costCents":${numeral(shipment.costCents)},"priceCents":${numeral(shipment.priceCents)},"co2Grams":${numeral(shipment.co2Grams)}`
  text += `,"congestion":{"work":${numeral(congestion.work)},"room":${numeral(congestion.room)},"stock":${numeral(congestion.stock)}}`
  return `${text},"reservation":${reservation === null ? 'null' : `{"id":${quoted(reservation.id)},"expiresMs":${numeral(reservation.expiresMs)}}`}}`
}

function writeLines(lines: Decision['lines']): string {
  let text = '['
  for (let i = 0; i < lines.length; i++) {
    const { lineId, sku, units } = lines[i]
    text += `${i === 0 ? '' : ','}{"lineId":${quoted(lineId)},"sku":${quoted(sku)},"units":${numeral(units)}}`
  }
  return `${text}]`
}

export const readKept = (line: string): Decision => JSON.parse(line) as Decision

/** What the index of the log goes by, without parsing the line. */
export type LineHead = { readonly id: string; readonly asked: string; readonly key: string; readonly order: string }

const HEAD = /^\{"id":("(?:[^"\\]|\\.)*"),"asked":("(?:[^"\\]|\\.)*"),"key":("(?:[^"\\]|\\.)*"),"order":("(?:[^"\\]|\\.)*")/

export function headOf(line: string): LineHead {
  const found = HEAD.exec(line)
  if (found === null) throw new Error(`a line of the decision log does not begin as it should: ${line.slice(0, 60)}`)
  return { id: plain(found[1]), asked: plain(found[2]), key: plain(found[3]), order: plain(found[4]) }
}

/** Few texts have anything to be unescaped. */
const plain = (quoted: string): string => (quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1))

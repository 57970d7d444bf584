import type { Arm } from '../rollout/assignment.ts'
import { AGAIN_MS, agrees, CENT, firstExpiryOf, hrefOf, policyOf, pricesOf, UNIT, type Wanted } from './answer.ts'
import type { DecidedShipment, Decision } from './decision.ts'
import type { Pen } from './pen.ts'
import { isSameBy } from './same-by.ts'
import { explainedIn, nextActionOf } from './say-decision.ts'

/** Writes the same as `JSON.stringify(answerOf(…))`, a few times as fast: it is done for each order. */
export function writeAnswer(pen: Pen, decision: Decision, wanted: Wanted, currency: string): void {
  const { by, seen, other, shipments, unfulfillable, status } = decision
  const isRouted = status === 'routed'
  const prices = pricesOf(decision, currency)
  pen.raw('{"decisionId":')
  pen.text(decision.id)
  pen.raw(',"requestId":')
  pen.textOrNull(wanted.requestId)
  pen.raw(',"orderId":')
  pen.text(decision.order)
  pen.raw(',"status":')
  pen.text(status)
  pen.raw(',"reason":')
  pen.textOrNull(decision.reason)
  pen.raw(',"nextAction":')
  pen.textOrNull(isRouted ? null : nextActionOf(decision.reason))
  pen.raw(',"decidedAt":')
  pen.moment(decision.atMs)
  pen.raw(',"policy":')
  pen.copy(policyBytes(by))
  pen.raw(',"snapshot":{"id":"w')
  pen.number(seen.world)
  pen.raw('","asOf":')
  pen.moment(seen.asOfMs)
  pen.raw(',"ageMs":')
  pen.number(Math.round(seen.ageMs))
  pen.raw(',"staleFeeds":')
  pen.texts(seen.staleFeeds)
  pen.raw(',"priceAgeMs":')
  pen.numberOrNull(seen.planAgeMs === null ? null : Math.round(seen.planAgeMs))
  pen.raw(',"degraded":')
  pen.textOrNull(decision.degraded)
  pen.raw(',"degradedBecause":')
  pen.textOrNull(decision.degradedBecause)
  pen.raw('},"shipments":[')
  for (let i = 0; i < shipments.length; i++) {
    if (i > 0) pen.raw(',')
    writeShipment(pen, shipments[i], prices === null ? 1 : prices.scale)
  }
  pen.raw('],"unfulfillable":[')
  for (let i = 0; i < unfulfillable.length; i++) {
    const { lineId, units, reason } = unfulfillable[i]
    pen.raw(i === 0 ? '{"lineId":' : ',{"lineId":')
    pen.text(lineId)
    pen.raw(',"qty":')
    pen.number(units)
    pen.raw(',"reason":')
    pen.text(reason)
    pen.raw(',"nextAction":')
    pen.text(nextActionOf(reason))
    pen.raw('}')
  }
  if (prices === null) pen.raw('],"score":null,"alternatives":[')
  else writeScore(pen, decision, prices, wanted)
  writeBaseline(pen, decision, wanted)
  if (other === null) pen.raw(',"other":null')
  else {
    pen.raw(',"other":{"version":')
    pen.text(other.version)
    pen.raw(',"differs":')
    pen.flag(other.differs)
    pen.raw('}')
  }
  writeExplanation(pen, decision, wanted, currency)
  pen.raw(',"notUsed":')
  pen.texts(wanted.notUsed)
  pen.raw(',"currency":')
  pen.text(currency)
  pen.raw(',"latencyUs":')
  pen.number(Math.round(decision.tookUs))
  pen.raw(',"expiresAt":')
  pen.moment(firstExpiryOf(decision))
  pen.raw(',"reEvaluateAfter":')
  pen.moment(isRouted ? Number.NaN : decision.atMs + AGAIN_MS)
  pen.raw('}')
}

function writeScore(pen: Pen, decision: Decision, prices: NonNullable<ReturnType<typeof pricesOf>>, wanted: Wanted): void {
  const { social, congestion, second, unit } = prices
  pen.raw('],"score":{"private":')
  pen.decimal(social - congestion)
  pen.raw(',"congestion":')
  pen.decimal(congestion)
  pen.raw(',"social":')
  pen.decimal(social)
  pen.raw(',"secondBest":')
  if (second === null) pen.raw('null,"margin":null')
  else {
    pen.decimal(second)
    pen.raw(',"margin":')
    pen.decimal(second - social)
  }
  pen.raw(',"unit":')
  pen.text(unit)
  pen.raw('},"alternatives":[')
  if (wanted.alternatives === 0 || second === null || decision.runnerUpWithout === null) return
  pen.raw('{"without":')
  pen.text(decision.runnerUpWithout)
  pen.raw(',"price":')
  pen.decimal(second)
  pen.raw(',"more":')
  pen.decimal(second - social)
  pen.raw('}')
}

/** How it stands to what the caller would have done. */
function writeBaseline(pen: Pen, decision: Decision, { baseline }: Wanted): void {
  if (baseline === null) {
    pen.raw('],"baseline":null')
    return
  }
  pen.raw('],"baseline":{"node":')
  pen.text(baseline.warehouse)
  pen.raw(',"service":')
  pen.textOrNull(baseline.service)
  pen.raw(',"agrees":')
  pen.flag(agrees(decision, baseline))
  pen.raw('}')
}

function writeExplanation(pen: Pen, decision: Decision, { explain }: Wanted, currency: string): void {
  if (explain === 'none') {
    pen.raw(',"explanation":null')
    return
  }
  pen.raw(',"explanation":{"zh":')
  pen.text(explainedIn('zh', decision, currency))
  pen.raw(',"en":')
  pen.text(explainedIn('en', decision, currency))
  pen.raw(',"href":')
  pen.textOrNull(explain === 'full' ? hrefOf(decision.id) : null)
  pen.raw('}')
}

function writeShipment(pen: Pen, shipment: DecidedShipment, scale: number): void {
  const { lines, eta, terms, congestion, reservation } = shipment
  pen.raw('{"node":')
  pen.text(shipment.warehouse)
  pen.raw(',"service":')
  pen.text(shipment.service)
  pen.raw(',"lines":[')
  for (let i = 0; i < lines.length; i++) {
    const { lineId, sku, units } = lines[i]
    pen.raw(i === 0 ? '{"lineId":' : ',{"lineId":')
    pen.text(lineId)
    pen.raw(',"sku":')
    pen.text(sku)
    pen.raw(',"qty":')
    pen.number(units)
    pen.raw('}')
  }
  pen.raw('],"departsAt":')
  pen.moment(shipment.departMs)
  pen.raw(',"eta":{"p10":')
  pen.moment(eta.p10)
  pen.raw(',"p50":')
  pen.moment(eta.p50)
  pen.raw(',"p90":')
  pen.moment(eta.p90)
  pen.raw(',"pOnTime":')
  pen.decimal(Math.round(eta.onTimeShare * UNIT))
  pen.raw('},"cost":{"booked":')
  pen.decimal(Math.round(shipment.costCents * CENT))
  pen.raw(',"terms":{')
  let sum = 0
  let isFirst = true
  for (const name in terms) {
    const whole = Math.round(terms[name] * scale)
    sum += whole
    if (!isFirst) pen.raw(',')
    pen.text(name)
    pen.raw(':')
    pen.decimal(whole)
    isFirst = false
  }
  pen.raw('},"price":')
  pen.decimal(sum)
  pen.raw('},"congestion":{"work":')
  pen.decimal(Math.round(congestion.work * scale))
  pen.raw(',"room":')
  pen.decimal(Math.round(congestion.room * scale))
  pen.raw(',"stock":')
  pen.decimal(Math.round(congestion.stock * scale))
  pen.raw('},"co2eKg":')
  pen.decimal(Math.round(shipment.co2Grams * 10))
  if (reservation === null) pen.raw(',"reservation":null}')
  else {
    pen.raw(',"reservation":{"id":')
    pen.text(reservation.id)
    pen.raw(',"expiresAt":')
    pen.moment(reservation.expiresMs)
    pen.raw('}}')
  }
}

/** What was last written of who decides, by arm: orders of one arm differ in the unit that was hashed only, which is not told. */
const POLICIES: Record<Arm, { by: Decision['by'] | null; bytes: Uint8Array }> = {
  stable: { by: null, bytes: new Uint8Array(0) },
  control: { by: null, bytes: new Uint8Array(0) },
  candidate: { by: null, bytes: new Uint8Array(0) },
}

function policyBytes(by: Decision['by']): Uint8Array {
  const last = POLICIES[by.arm]
  if (last.by !== null && isSameBy(last.by, by)) return last.bytes
  const { version, digest, arm, propensity, rollout, generation, servedInstead } = by
  last.by = by
  const said = { id: policyOf(version), version, hash: `sha256:${digest}`, arm, propensity, rollout, generation, servedInstead }
  last.bytes = Buffer.from(JSON.stringify(said))
  return last.bytes
}

import { AGAIN_MS, agrees, CENT, firstExpiryOf, hrefOf, policyOf, pricesOf, UNIT, type Wanted } from './answer.ts'
import type { DecidedShipment, Decision } from './decision.ts'
import type { Pen } from './json-pen.ts'
import { SaidBy } from './said-by.ts'
import { explainedIn, nextActionOf } from './say-decision.ts'
import { writeLines } from './write-lines.ts'

/** Writes the same as `JSON.stringify(answerOf(…))`, a few times as fast: it is done for each order. */
export function writeAnswer(out: Pen, decision: Decision, wanted: Wanted, currency: string): void {
  const { by, seen, other, shipments, unfulfillable, status } = decision
  const isRouted = status === 'routed'
  const prices = pricesOf(decision, currency)
  out.raw('{"decisionId":').text(decision.id)
  out.raw(',"requestId":').textOrNull(wanted.requestId)
  out.raw(',"orderId":').text(decision.order)
  out.raw(',"status":').text(status)
  out.raw(',"reason":').textOrNull(decision.reason)
  out.raw(',"nextAction":').textOrNull(isRouted ? null : nextActionOf(decision.reason))
  out.raw(',"decidedAt":').moment(decision.atMs)
  out.raw(',"policy":').copy(POLICIES.bytes(by))
  out.raw(',"snapshot":{"id":"w').number(seen.world)
  out.raw('","asOf":').moment(seen.asOfMs)
  out.raw(',"ageMs":').number(Math.round(seen.ageMs))
  out.raw(',"staleFeeds":').texts(seen.staleFeeds)
  out.raw(',"priceAgeMs":').numberOrNull(seen.planAgeMs === null ? null : Math.round(seen.planAgeMs))
  out.raw(',"degraded":').textOrNull(decision.degraded)
  out.raw(',"degradedBecause":').textOrNull(decision.degradedBecause)
  out.raw('},"shipments":[')
  for (let i = 0; i < shipments.length; i++) {
    if (i > 0) out.raw(',')
    writeShipment(out, shipments[i], prices === null ? 1 : prices.scale)
  }
  out.raw('],"unfulfillable":[')
  for (let i = 0; i < unfulfillable.length; i++) {
    const { lineId, units, reason } = unfulfillable[i]
    out.raw(i === 0 ? '{"lineId":' : ',{"lineId":').text(lineId)
    out.raw(',"qty":').number(units)
    out.raw(',"reason":').text(reason)
    out.raw(',"nextAction":').text(nextActionOf(reason))
    out.raw('}')
  }
  if (prices === null) out.raw('],"score":null,"alternatives":[')
  else writeScore(out, decision, prices, wanted)
  writeBaseline(out, decision, wanted)
  if (other === null) out.raw(',"other":null')
  else {
    out.raw(',"other":{"version":').text(other.version)
    out.raw(',"differs":').flag(other.differs)
    out.raw('}')
  }
  writeExplanation(out, decision, wanted, currency)
  out.raw(',"notUsed":').texts(wanted.notUsed)
  out.raw(',"currency":').text(currency)
  out.raw(',"latencyUs":').number(Math.round(decision.tookUs))
  out.raw(',"expiresAt":').moment(firstExpiryOf(decision))
  out.raw(',"reEvaluateAfter":').moment(isRouted ? Number.NaN : decision.atMs + AGAIN_MS)
  out.raw('}')
}

function writeScore(out: Pen, decision: Decision, prices: NonNullable<ReturnType<typeof pricesOf>>, wanted: Wanted): void {
  const { social, congestion, second, unit } = prices
  out.raw('],"score":{"private":').decimal(social - congestion)
  out.raw(',"congestion":').decimal(congestion)
  out.raw(',"social":').decimal(social)
  out.raw(',"secondBest":')
  if (second === null) out.raw('null,"margin":null')
  else {
    out.decimal(second)
    out.raw(',"margin":').decimal(second - social)
  }
  out.raw(',"unit":').text(unit)
  out.raw('},"alternatives":[')
  if (wanted.alternatives === 0 || second === null || decision.runnerUpWithout === null) return
  out.raw('{"without":').text(decision.runnerUpWithout)
  out.raw(',"price":').decimal(second)
  out.raw(',"more":').decimal(second - social)
  out.raw('}')
}

/** How it stands to what the caller would have done. */
function writeBaseline(out: Pen, decision: Decision, { baseline }: Wanted): void {
  if (baseline === null) {
    out.raw('],"baseline":null')
    return
  }
  out.raw('],"baseline":{"node":').text(baseline.warehouse)
  out.raw(',"service":').textOrNull(baseline.service)
  out.raw(',"agrees":').flag(agrees(decision, baseline))
  out.raw('}')
}

function writeExplanation(out: Pen, decision: Decision, { explain }: Wanted, currency: string): void {
  if (explain === 'none') {
    out.raw(',"explanation":null')
    return
  }
  out.raw(',"explanation":{"zh":').text(explainedIn('zh', decision, currency))
  out.raw(',"en":').text(explainedIn('en', decision, currency))
  out.raw(',"href":').textOrNull(explain === 'full' ? hrefOf(decision.id) : null)
  out.raw('}')
}

function writeShipment(out: Pen, shipment: DecidedShipment, scale: number): void {
  const { lines, eta, terms, congestion, reservation } = shipment
  out.raw('{"node":').text(shipment.warehouse)
  out.raw(',"service":').text(shipment.service)
  out.raw(',"lines":[')
  writeLines(out, lines, ',"qty":')
  out.raw('],"departsAt":').moment(shipment.departMs)
  out.raw(',"eta":{"p10":').moment(eta.p10)
  out.raw(',"p50":').moment(eta.p50)
  out.raw(',"p90":').moment(eta.p90)
  out.raw(',"pOnTime":').decimal(Math.round(eta.onTimeShare * UNIT))
  out.raw('},"cost":{"booked":').decimal(Math.round(shipment.costCents * CENT))
  out.raw(',"terms":{')
  let sum = 0
  let isFirst = true
  for (const name in terms) {
    const whole = Math.round(terms[name] * scale)
    sum += whole
    out.raw(isFirst ? '' : ',').text(name)
    out.raw(':').decimal(whole)
    isFirst = false
  }
  out.raw('},"price":').decimal(sum)
  out.raw('},"congestion":{"work":').decimal(Math.round(congestion.work * scale))
  out.raw(',"room":').decimal(Math.round(congestion.room * scale))
  out.raw(',"stock":').decimal(Math.round(congestion.stock * scale))
  out.raw('},"co2eKg":').decimal(Math.round(shipment.co2Grams * 10))
  if (reservation === null) out.raw(',"reservation":null}')
  else {
    out.raw(',"reservation":{"id":').text(reservation.id)
    out.raw(',"expiresAt":').moment(reservation.expiresMs)
    out.raw('}}')
  }
}

const POLICIES = new SaidBy(({ version, digest, arm, propensity, rollout, generation, servedInstead }) => ({
  id: policyOf(version),
  version,
  hash: `sha256:${digest}`,
  arm,
  propensity,
  rollout,
  generation,
  servedInstead,
}))

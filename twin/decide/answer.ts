import { TERMS, type TermName } from '../../sim/term.ts'
import type { Arm } from '../rollout/assignment.ts'
import type { DecidedShipment, Decision, DecisionStatus, Degrade } from './decision.ts'
import { numeral, quoted, quotedList, quotedOrNull } from './json-words.ts'
import type { AskedFor } from './question.ts'
import { explainedIn, nextActionOf } from './say-decision.ts'

/**
 * A decision as it is answered. `answerOf` says what is in it; `writeAnswer` writes the same as text, by hand, because it is written for each
 * order: a test holds the two to each other, byte for byte. Both are functions of what is kept and what was asked, so that whoever asks again is
 * answered the same.
 */
export type Answer = {
  readonly decisionId: string
  readonly requestId: string | null
  readonly orderId: string
  readonly status: DecisionStatus
  readonly reason: string | null
  readonly nextAction: string | null
  readonly decidedAt: string
  readonly policy: {
    readonly id: string
    readonly version: string
    readonly hash: string
    readonly arm: Arm
    readonly propensity: number
    readonly rollout: string | null
    readonly generation: number
    readonly servedInstead: string | null
  }
  readonly snapshot: {
    readonly id: string
    readonly asOf: string
    readonly ageMs: number
    readonly staleFeeds: readonly string[]
    readonly priceAgeMs: number | null
    readonly degraded: Degrade | null
    readonly degradedBecause: string | null
  }
  readonly shipments: readonly AnsweredShipment[]
  readonly unfulfillable: readonly {
    readonly lineId: string
    readonly qty: number
    readonly reason: string
    readonly nextAction: string
  }[]
  readonly score: {
    readonly private: number
    readonly congestion: number
    readonly social: number
    readonly secondBest: number | null
    readonly margin: number | null
    readonly unit: string
  } | null
  readonly alternatives: readonly { readonly without: string; readonly price: number; readonly more: number }[]
  readonly baseline: { readonly node: string; readonly service: string | null; readonly agrees: boolean } | null
  readonly other: { readonly version: string; readonly differs: boolean } | null
  readonly explanation: { readonly zh: string; readonly en: string; readonly href: string | null } | null
  readonly notUsed: readonly string[]
  readonly currency: string
  readonly latencyUs: number
  readonly expiresAt: string | null
  readonly reEvaluateAfter: string | null
}

export type AnsweredShipment = {
  readonly node: string
  readonly service: string
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly qty: number }[]
  readonly departsAt: string | null
  readonly eta: {
    readonly p10: string | null
    readonly p50: string | null
    readonly p90: string | null
    readonly pOnTime: number
  }
  readonly cost: { readonly booked: number; readonly terms: Readonly<Record<string, number>>; readonly price: number }
  readonly congestion: { readonly work: number; readonly room: number; readonly stock: number }
  readonly co2eKg: number
  readonly reservation: { readonly id: string; readonly expiresAt: string } | null
}

/** Of what was asked, what the answer depends on. */
export type Wanted = Pick<AskedFor, 'requestId' | 'explain' | 'alternatives' | 'baseline' | 'notUsed'>

/** What is wanted by who asks for a decision that was made before. */
export const WANTED_LATER: Wanted = { requestId: null, explain: 'full', alternatives: 1, baseline: null, notUsed: [] }

/** What is not routed may be asked for again after so long: goods come, queues move. */
const AGAIN_MS = 10 * 60_000

export function answerOf(decision: Decision, wanted: Wanted, currency: string): Answer {
  const { by, seen, other } = decision
  const prices = pricesOf(decision, currency)
  const isRouted = decision.status === 'routed'
  return {
    decisionId: decision.id,
    requestId: wanted.requestId,
    orderId: decision.order,
    status: decision.status,
    reason: decision.reason,
    nextAction: isRouted ? null : nextActionOf(decision.reason),
    decidedAt: new Date(decision.atMs).toISOString(),
    policy: {
      id: policyOf(by.version),
      version: by.version,
      hash: `sha256:${by.digest}`,
      arm: by.arm,
      propensity: by.propensity,
      rollout: by.rollout,
      generation: by.generation,
      servedInstead: by.servedInstead,
    },
    snapshot: {
      id: `w${seen.world}`,
      asOf: new Date(seen.asOfMs).toISOString(),
      ageMs: Math.round(seen.ageMs),
      staleFeeds: seen.staleFeeds,
      priceAgeMs: seen.planAgeMs === null ? null : Math.round(seen.planAgeMs),
      degraded: decision.degraded,
      degradedBecause: decision.degradedBecause,
    },
    shipments: decision.shipments.map((shipment) => shipmentOf(shipment, prices?.scale ?? 1)),
    unfulfillable: decision.unfulfillable.map(({ lineId, units, reason }) => ({
      lineId,
      qty: units,
      reason,
      nextAction: nextActionOf(reason),
    })),
    score:
      prices === null
        ? null
        : {
            private: (prices.social - prices.congestion) / UNIT,
            congestion: prices.congestion / UNIT,
            social: prices.social / UNIT,
            secondBest: prices.second === null ? null : prices.second / UNIT,
            margin: prices.second === null ? null : (prices.second - prices.social) / UNIT,
            unit: prices.unit,
          },
    alternatives:
      wanted.alternatives > 0 && prices !== null && prices.second !== null && decision.runnerUpWithout !== null
        ? [
            {
              without: decision.runnerUpWithout,
              price: prices.second / UNIT,
              more: (prices.second - prices.social) / UNIT,
            },
          ]
        : [],
    baseline:
      wanted.baseline === null
        ? null
        : { node: wanted.baseline.warehouse, service: wanted.baseline.service, agrees: agrees(decision, wanted.baseline) },
    other: other === null ? null : { version: other.version, differs: other.differs },
    explanation:
      wanted.explain === 'none'
        ? null
        : {
            zh: explainedIn('zh', decision, currency),
            en: explainedIn('en', decision, currency),
            href: wanted.explain === 'full' ? hrefOf(decision.id) : null,
          },
    notUsed: wanted.notUsed,
    currency,
    latencyUs: Math.round(decision.tookUs),
    expiresAt: momentOf(firstExpiryOf(decision)),
    reEvaluateAfter: isRouted ? null : new Date(decision.atMs + AGAIN_MS).toISOString(),
  }
}

function shipmentOf(shipment: DecidedShipment, scale: number): AnsweredShipment {
  const { eta, congestion, reservation } = shipment
  const terms: Record<string, number> = {}
  for (const name in shipment.terms) terms[name] = Math.round(shipment.terms[name] * scale) / UNIT
  return {
    node: shipment.warehouse,
    service: shipment.service,
    lines: shipment.lines.map(({ lineId, sku, units }) => ({ lineId, sku, qty: units })),
    departsAt: momentOf(shipment.departMs),
    eta: { p10: momentOf(eta.p10), p50: momentOf(eta.p50), p90: momentOf(eta.p90), pOnTime: partOf(eta.onTimeShare) },
    cost: { booked: Math.round(shipment.costCents * CENT) / UNIT, terms, price: sumOf(shipment, scale) / UNIT },
    congestion: {
      work: Math.round(congestion.work * scale) / UNIT,
      room: Math.round(congestion.room * scale) / UNIT,
      stock: Math.round(congestion.stock * scale) / UNIT,
    },
    co2eKg: Math.round(shipment.co2Grams * 10) / UNIT,
    reservation: reservation === null ? null : { id: reservation.id, expiresAt: new Date(reservation.expiresMs).toISOString() },
  }
}

/** The same as `JSON.stringify(answerOf(…))`. */
export function writeAnswer(decision: Decision, wanted: Wanted, currency: string): string {
  const { by, seen, other, shipments, unfulfillable, status } = decision
  const isRouted = status === 'routed'
  const prices = pricesOf(decision, currency)
  const scale = prices === null ? 1 : prices.scale
  let text = `{"decisionId":${quoted(decision.id)},"requestId":${quotedOrNull(wanted.requestId)},"orderId":${quoted(decision.order)},"status":"${status}","reason":${quotedOrNull(decision.reason)},"nextAction":${isRouted ? 'null' : quoted(nextActionOf(decision.reason))},"decidedAt":${moment(decision.atMs)},"policy":${policy(by)},"snapshot":{"id":"w${seen.world}","asOf":${moment(seen.asOfMs)},"ageMs":${numeral(Math.round(seen.ageMs))},"staleFeeds":${quotedList(seen.staleFeeds)},"priceAgeMs":${seen.planAgeMs === null ? 'null' : numeral(Math.round(seen.planAgeMs))},"degraded":${decision.degraded === null ? 'null' : `"${decision.degraded}"`},"degradedBecause":${quotedOrNull(decision.degradedBecause)}},"shipments":[`
  for (let i = 0; i < shipments.length; i++) text += (i === 0 ? '' : ',') + writeShipment(shipments[i], scale)
  text += '],"unfulfillable":['
  for (let i = 0; i < unfulfillable.length; i++) {
    const { lineId, units, reason } = unfulfillable[i]
    text += `${i === 0 ? '' : ','}{"lineId":${quoted(lineId)},"qty":${units},"reason":${quoted(reason)},"nextAction":${quoted(nextActionOf(reason))}}`
  }
  if (prices === null) text += '],"score":null,"alternatives":['
  else {
    const { social, congestion, second, unit } = prices
    text += `],"score":{"private":${decimal(social - congestion)},"congestion":${decimal(congestion)},"social":${decimal(social)},"secondBest":${second === null ? 'null,"margin":null' : `${decimal(second)},"margin":${decimal(second - social)}`},"unit":${quoted(unit)}},"alternatives":[`
    if (wanted.alternatives > 0 && second !== null && decision.runnerUpWithout !== null)
      text += `{"without":${quoted(decision.runnerUpWithout)},"price":${decimal(second)},"more":${decimal(second - social)}}`
  }
  const { baseline } = wanted
  text +=
    baseline === null
      ? '],"baseline":null'
      : `],"baseline":{"node":${quoted(baseline.warehouse)},"service":${quotedOrNull(baseline.service)},"agrees":${agrees(decision, baseline)}}`
  text += other === null ? ',"other":null' : `,"other":{"version":${quoted(other.version)},"differs":${other.differs}}`
  text +=
    wanted.explain === 'none'
      ? ',"explanation":null'
      : `,"explanation":{"zh":${quoted(explainedIn('zh', decision, currency))},"en":${quoted(explainedIn('en', decision, currency))},"href":${wanted.explain === 'full' ? quoted(hrefOf(decision.id)) : 'null'}}`
  return `${text},"notUsed":${quotedList(wanted.notUsed)},"currency":"${currency}","latencyUs":${numeral(Math.round(decision.tookUs))},"expiresAt":${moment(firstExpiryOf(decision))},"reEvaluateAfter":${isRouted ? 'null' : moment(decision.atMs + AGAIN_MS)}}`
}

/** What was last written of who decides, by arm: orders of one arm differ in the unit that was hashed only, which is not told. */
const POLICIES: Record<Arm, { by: Decision['by'] | null; text: string }> = {
  stable: { by: null, text: '' },
  control: { by: null, text: '' },
  candidate: { by: null, text: '' },
}

function policy(by: Decision['by']): string {
  const last = POLICIES[by.arm]
  const known = last.by
  if (
    known !== null &&
    known.version === by.version &&
    known.digest === by.digest &&
    known.propensity === by.propensity &&
    known.rollout === by.rollout &&
    known.generation === by.generation &&
    known.servedInstead === by.servedInstead
  )
    return last.text
  last.by = by
  last.text = `{"id":${quoted(policyOf(by.version))},"version":${quoted(by.version)},"hash":"sha256:${by.digest}","arm":"${by.arm}","propensity":${numeral(by.propensity)},"rollout":${quotedOrNull(by.rollout)},"generation":${by.generation},"servedInstead":${quotedOrNull(by.servedInstead)}}`
  return last.text
}

function writeShipment(shipment: DecidedShipment, scale: number): string {
  const { lines, eta, terms, congestion, reservation } = shipment
  let text = `{"node":${quoted(shipment.warehouse)},"service":${quoted(shipment.service)},"lines":[`
  for (let i = 0; i < lines.length; i++) {
    const { lineId, sku, units } = lines[i]
    text += `${i === 0 ? '' : ','}{"lineId":${quoted(lineId)},"sku":${quoted(sku)},"qty":${units}}`
  }
  text += `],"departsAt":${moment(shipment.departMs)},"eta":{"p10":${moment(eta.p10)},"p50":${moment(eta.p50)},"p90":${moment(eta.p90)},"pOnTime":${decimal(Math.round(eta.onTimeShare * UNIT))}},"cost":{"booked":${decimal(Math.round(shipment.costCents * CENT))},"terms":{`
  let sum = 0
  let isFirst = true
  for (const name in terms) {
    const whole = Math.round(terms[name] * scale)
    sum += whole
    text += `${isFirst ? '' : ','}${quoted(name)}:${decimal(whole)}`
    isFirst = false
  }
  return `${text}},"price":${decimal(sum)}},"congestion":{"work":${decimal(Math.round(congestion.work * scale))},"room":${decimal(Math.round(congestion.room * scale))},"stock":${decimal(Math.round(congestion.stock * scale))}},"co2eKg":${decimal(Math.round(shipment.co2Grams * 10))},"reservation":${reservation === null ? 'null' : `{"id":${quoted(reservation.id)},"expiresAt":${moment(reservation.expiresMs)}}`}}`
}

/** Amounts are added up as whole ten-thousandths, so that parts make the whole to the last digit. */
const UNIT = 10_000
const CENT = 100

/** Prices of the whole in ten-thousandths; null where nothing ships. */
function pricesOf(decision: Decision, currency: string) {
  const { shipments, runnerUpCents } = decision
  if (shipments.length === 0) return null
  const inMoney = isInMoney(shipments[0].terms)
  const scale = inMoney ? CENT : UNIT
  let social = 0
  let congestion = 0
  for (let i = 0; i < shipments.length; i++) {
    social += sumOf(shipments[i], scale)
    const { work, room, stock } = shipments[i].congestion
    congestion += Math.round(work * scale) + Math.round(room * scale) + Math.round(stock * scale)
  }
  const second = runnerUpCents === null ? null : Math.round(runnerUpCents * scale)
  return { scale, social, congestion, second, unit: inMoney ? currency : 'points' }
}

function sumOf({ terms }: DecidedShipment, scale: number): number {
  let sum = 0
  for (const name in terms) sum += Math.round(terms[name] * scale)
  return sum
}

function isInMoney(terms: DecidedShipment['terms']): boolean {
  for (const name in terms) if (TERMS[name as TermName] !== 'cents') return false
  return true
}

/** When the first of its reservations lapses; NaN without one. */
function firstExpiryOf({ shipments }: Decision): number {
  let first = Number.POSITIVE_INFINITY
  for (let i = 0; i < shipments.length; i++) {
    const { reservation } = shipments[i]
    if (reservation !== null && reservation.expiresMs < first) first = reservation.expiresMs
  }
  return first
}

const agrees = ({ status, shipments }: Decision, { warehouse, service }: NonNullable<Wanted['baseline']>): boolean =>
  status === 'routed' &&
  shipments.length === 1 &&
  shipments[0].warehouse === warehouse &&
  (service === null || shipments[0].service === service)

const hrefOf = (id: string): string => `/v1/decisions/${encodeURIComponent(id.toWellFormed())}:explain`

function policyOf(version: string): string {
  const end = version.indexOf('@')
  return end < 0 ? version : version.slice(0, end)
}

const partOf = (share: number): number => Math.round(share * UNIT) / UNIT

/** What a date can say; NaN and what never comes are none. */
const isInstant = (ms: number): boolean => Math.abs(ms) <= 8.64e15
const momentOf = (ms: number): string | null => (isInstant(ms) ? new Date(ms).toISOString() : null)

/** Ten-thousandths as a decimal, as JSON writes it. Most are of moderate size, and a table has their last four digits. */
function decimal(parts: number): string {
  // −0 is written as 0, and larger or broken ones are left to the engine.
  if (!(parts >= 0 && parts < 1e13)) return numeral(parts / UNIT)
  const whole = Math.floor(parts / UNIT)
  return `${whole}${FRACTIONS[parts - whole * UNIT]}`
}
/** .0001 … .9999 without zeros at the end. */
const FRACTIONS = Array.from({ length: UNIT }, (_, i) => (i === 0 ? '' : `.${String(i).padStart(4, '0').replace(/0+$/, '')}`))

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const MINUTES = Array.from({ length: 1440 }, (_, i) => `${two(Math.floor(i / 60))}:${two(i % 60)}:`)
const SECONDS = Array.from({ length: 60 }, (_, i) => `${two(i)}.`)
const LAST = Array.from({ length: 1000 }, (_, i) => `${String(i).padStart(3, '0')}Z"`)
function two(number: number): string {
  return String(number).padStart(2, '0')
}
/** Days as they are written: those of one answer are few, and of the next the same. */
const DAYS = new Map<number, string>()
const DAYS_KEPT = 512

/** An instant in quotes, in UTC to the ms; null for what never comes. */
function moment(ms: number): string {
  if (!isInstant(ms)) return 'null'
  const whole = Math.trunc(ms)
  const day = Math.floor(whole / DAY_MS)
  let said = DAYS.get(day)
  if (said === undefined) {
    if (DAYS.size >= DAYS_KEPT) DAYS.clear()
    said = `"${new Date(day * DAY_MS).toISOString().slice(0, -13)}`
    DAYS.set(day, said)
  }
  const rest = whole - day * DAY_MS
  const minute = Math.floor(rest / MINUTE_MS)
  const left = rest - minute * MINUTE_MS
  const second = Math.floor(left / 1000)
  return `${said}${MINUTES[minute]}${SECONDS[second]}${LAST[left - second * 1000]}`
}

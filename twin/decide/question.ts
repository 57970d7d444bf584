import { check, formatPath, quickCheck } from '../../scenarios/read/check.ts'
import { bug } from '../../sim/check.ts'
import { distanceKm } from '../../sim/geo.ts'
import type { NetworkSpec } from '../../sim/network-spec.ts'
import { MAX_LINES } from '../../sim/partition.ts'
import { readMoment } from '../event/moment.ts'
import { HttpProblem } from '../server/problem-json.ts'
import type { Question } from './decider.ts'
import { keptKey } from './plane/key-owner.ts'
import { BUDGET_MS, type DecisionRequest, DecisionRequestSchema } from './request-schema.ts'
import { momentsHold, type RequestFlaw, Wrongs } from './wrongs.ts'

/**
 * From a request, as it came over the wire, to a question in places of one network. What is sound is read in about a µs; what is not is looked at
 * again, slowly, for everything that is wrong with it at once.
 */

/** A request that can be decided on. */
export type AskedFor = {
  readonly question: Question
  readonly requestId: string | null
  /** Under which the same request is known again. */
  readonly key: string
  readonly mode: 'commit' | 'evaluate' | 'shadow'
  readonly explain: 'none' | 'brief' | 'full'
  readonly alternatives: number
  readonly baseline: { readonly warehouse: string; readonly service: string | null } | null
  /** Fields that were sent and decide nothing. */
  readonly notUsed: readonly string[]
}

const NONE: readonly string[] = []

const passes = quickCheck(DecisionRequestSchema)

/** Reads requests for one network; `nowMs` is the twin's clock. */
export class QuestionReader {
  private readonly spec: NetworkSpec
  private readonly wrongs: Wrongs
  private readonly zones: ReadonlyMap<string, number>
  private readonly skus: ReadonlyMap<string, number>
  private readonly warehouses: ReadonlyMap<string, number>
  private readonly services: ReadonlyMap<string, number>

  constructor(spec: NetworkSpec) {
    this.spec = spec
    this.wrongs = new Wrongs(spec)
    this.zones = numbered(spec.zones)
    this.skus = numbered(spec.skus)
    this.warehouses = numbered(spec.warehouses)
    this.services = numbered(spec.services)
  }

  /** What is asked, or all that is wrong with it. `dry`: asked where nothing is ever kept. `mark`: what keys of its sender begin with. */
  read(body: unknown, nowMs: number, dry = false, mark = ''): AskedFor | readonly RequestFlaw[] {
    const asked = passes(body) ? this.mapped(body as DecisionRequest, nowMs, dry, mark) : null
    return asked ?? this.lookAgain(body, nowMs, dry, mark)
  }

  /** The same for those who would rather throw. */
  readOrThrow(body: unknown, nowMs: number, dry = false): AskedFor {
    const read = this.read(body, nowMs, dry)
    if (isRefused(read)) throw refusal(read)
    return read
  }

  /** Null where something is wrong; `Wrongs` says what. */
  private mapped(body: DecisionRequest, nowMs: number, dry: boolean, mark: string): AskedFor | null {
    const { order, overrides, baselineDecision } = body
    const { lines, constraints } = order
    const zone = this.zoneOf(order.shipTo)
    if (zone < 0) return null
    const read = new Array<Question['lines'][number]>(lines.length)
    for (let i = 0; i < lines.length; i++) {
      const { sku, qty, lineId = PLACES[i] } = lines[i]
      const place = this.skus.get(sku)
      if (place === undefined) return null
      for (let j = 0; j < i; j++) if (read[j].sku === place || read[j].lineId === lineId) return null
      read[i] = { lineId, sku: place, units: qty }
    }
    const placedMs = order.createdAt === undefined ? nowMs : readMoment(order.createdAt)
    const promisedMs = readMoment(order.promise.deliverBy)
    if (!momentsHold(placedMs, promisedMs, nowMs)) return null
    const mode = body.mode ?? (dry ? 'evaluate' : 'commit')
    if (dry && mode !== 'evaluate') return null
    if (!isPlain(body) && this.wrongs.besides(body, nowMs)) return null
    const allowed = constraints === undefined ? null : this.allowedOf(constraints)
    if (allowed !== null && !allowed.includes(1)) return null
    const services = constraints?.services == null ? null : maskOf(constraints.services, this.services, this.spec.services.length)
    const whole = lines[0].group != null || isTooSmallToSplit(order)
    return {
      question: {
        order: order.orderId,
        customer: order.customerId ?? null,
        zone,
        lines: read,
        placedMs,
        promisedMs,
        allowed,
        services,
        maxShipments: whole ? 1 : (constraints?.maxShipments ?? MAX_LINES),
        co2GramsMax: constraints?.carbonCapKg == null ? Number.POSITIVE_INFINITY : constraints.carbonCapKg * 1000,
        mustBeInTime: order.promise.hard ?? false,
        shipComplete: constraints?.shipComplete ?? false,
        told: this.toldOf(overrides),
        budgetMs: body.budgetMs ?? BUDGET_MS.usual,
      },
      requestId: body.requestId ?? null,
      key: keptKey(mark, body.idempotencyKey ?? null, order.orderId),
      mode,
      explain: body.explain ?? 'none',
      alternatives: body.alternatives ?? 0,
      baseline: baselineDecision == null ? null : { warehouse: baselineDecision.node, service: baselineDecision.service ?? null },
      notUsed: notUsedIn(body),
    }
  }

  private zoneOf({ zone, lat, lon }: DecisionRequest['order']['shipTo']): number {
    if (zone !== undefined) return this.zones.get(zone) ?? -1
    if (lat === undefined || lon === undefined) return -1
    let nearest = -1
    let least = Number.POSITIVE_INFINITY
    this.spec.zones.forEach((one, z) => {
      const km = distanceKm(lat, lon, one.lat, one.lon)
      if (km < least) {
        least = km
        nearest = z
      }
    })
    return nearest
  }

  private allowedOf({ allowedNodes, blockedNodes }: NonNullable<DecisionRequest['order']['constraints']>): Uint8Array | null {
    if (allowedNodes == null && (blockedNodes == null || blockedNodes.length === 0)) return null
    const mask =
      allowedNodes == null
        ? new Uint8Array(this.warehouses.size).fill(1)
        : maskOf(allowedNodes, this.warehouses, this.warehouses.size)
    for (const id of blockedNodes ?? NONE) mask[this.warehouses.get(id) ?? mask.length] = 0
    return mask
  }

  private toldOf(overrides: DecisionRequest['overrides']): ReadonlyMap<number, number> | null {
    const inventory = overrides?.inventory
    if (inventory == null || inventory.length === 0) return null
    const told = new Map<number, number>()
    for (const { node, sku, atp } of inventory)
      told.set((this.skus.get(sku) ?? 0) * this.warehouses.size + (this.warehouses.get(node) ?? 0), atp)
    return told
  }

  private lookAgain(body: unknown, nowMs: number, dry: boolean, mark: string): AskedFor | readonly RequestFlaw[] {
    const checked = check(DecisionRequestSchema, body)
    const flaws = checked.ok
      ? []
      : checked.flaws.map(({ path, found, fix }) => ({ field: path.length === 0 ? 'body' : formatPath(path), found, fix }))
    const told = new Set(flaws.map(({ field }) => field))
    for (const flaw of this.wrongs.all(body, nowMs, dry)) {
      if (told.has(flaw.field)) continue
      told.add(flaw.field)
      flaws.push(flaw)
    }
    if (flaws.length > 0) return flaws
    // A text in a rare script may be as long as it may after all.
    return (
      (checked.ok ? this.mapped(checked.value, nowMs, dry, mark) : null) ??
      bug('a request is refused, and nothing is wrong with it')
    )
  }
}

export const isRefused = (read: AskedFor | readonly RequestFlaw[]): read is readonly RequestFlaw[] => Array.isArray(read)

/** All that is wrong as one answer: the first in words, all of them in `problems`. */
export function refusal(flaws: readonly RequestFlaw[]): HttpProblem {
  const [{ field, found, fix }] = flaws
  const more = flaws.length === 1 ? '' : ` And ${flaws.length - 1} more.`
  return new HttpProblem(422, `${field}: found ${found}; ${fix}${more}`, { field, problems: flaws })
}

/** Nothing is in it that only few send, and that has to be looked at on its own. */
const isPlain = ({ order, overrides, asOf, baselineDecision }: DecisionRequest): boolean =>
  asOf === undefined &&
  overrides === undefined &&
  baselineDecision == null &&
  order.constraints === undefined &&
  order.value === undefined &&
  order.promise.window == null &&
  !order.lines.some(({ group }) => group != null)

const isTooSmallToSplit = ({ value, constraints }: DecisionRequest['order']): boolean =>
  value !== undefined && constraints?.splitMinValue != null && value.amount < constraints.splitMinValue

/** Fields that decide nothing, where they say anything. */
function notUsedIn({ order }: DecisionRequest): readonly string[] {
  let found: string[] | null = null
  const say = (field: string): void => {
    found ??= []
    found.push(field)
  }
  const { shipTo, value, constraints } = order
  if (order.channel !== undefined) say('order.channel')
  if (order.type !== undefined) say('order.type')
  if (order.customerTier !== undefined) say('order.customerTier')
  if (value !== undefined && constraints?.splitMinValue == null) say('order.value')
  if (shipTo.geohash != null) say('order.shipTo.geohash')
  if (shipTo.zone !== undefined && (shipTo.lat !== undefined || shipTo.lon !== undefined)) say('order.shipTo.lat, lon')
  if (shipTo.country !== undefined) say('order.shipTo.country')
  if (order.latePenalty != null) say('order.latePenalty')
  if (order.cancelProbPerHour !== undefined) say('order.cancelProbPerHour')
  if (constraints?.tags != null) say('order.constraints.tags')
  for (const line of order.lines) {
    if (line.weightKg === undefined && line.volumeL === undefined && line.workUnits === undefined && line.substitutable !== true)
      continue
    say('order.lines: weightKg, volumeL, workUnits, substitutable')
    break
  }
  return found ?? NONE
}

const PLACES = Array.from({ length: MAX_LINES }, (_, i) => String(i + 1))

const numbered = (items: readonly { readonly id: string }[]): ReadonlyMap<string, number> =>
  new Map(items.map(({ id }, i) => [id, i]))

function maskOf(ids: readonly string[], places: ReadonlyMap<string, number>, size: number): Uint8Array {
  const mask = new Uint8Array(size)
  for (const id of ids) mask[places.get(id) ?? size] = 1
  return mask
}
